"""Why somebody has looked at what is hidden until it is needed, where the policy asks for the reason."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Look(models.Model):
    """One look at personal data of a request, and the reason that was given (art. 5.2, 32.4)."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="looks")
    what = models.CharField(max_length=20)
    """As the ledger's `words.shown` has it."""
    reason = models.BinaryField()
    """In the handler's words, sealed under the request's key: they may name the person."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
