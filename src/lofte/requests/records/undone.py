"""That an erasure was taken back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Undone(models.Model):
    """What was given back in one system because the erasure was a mistake: who, when, how much. From
    then on nothing of the request goes by itself there. Never changed; counts only."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="undone")
    system = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    """Rows that are back as they were."""
    deferred = models.PositiveBigIntegerField(default=0)
    """Rows that waited for their day, and do not go any more."""
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when nobody has said who they are."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
