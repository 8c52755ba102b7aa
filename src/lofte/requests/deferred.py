"""By what a person is known again while rows of theirs are kept for a time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DeferredIdentity(models.Model):
    """An identity that was shown, or that a system told, as keyed digests alone: the rows that told it
    may be gone. A hold or a restriction placed by any of them keeps what was to go. Deleted with the
    last row that is kept for the request."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="deferred_identities")
    lookup = models.CharField(max_length=64)
    """As holds know it."""
    mark = models.CharField(max_length=64, blank=True)
    """As restrictions know it; empty = somebody else has it too, and it tells nobody."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "lookup"], name="deferred_identity_once"),
        ]
