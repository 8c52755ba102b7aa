"""A row that only mentions the person, and what a handler has decided of it (art. 15.4)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Mention(models.Model):
    """A row about somebody else first, as it would be given: what others are known by is dots in it already.
    It waits for somebody to look."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="mentions")
    ref = models.CharField(max_length=32, unique=True)
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    """Keyed, of all that the row says: a row that says something else is looked at anew."""
    row = models.BinaryField()
    """Its fields and values, sealed under the request's key."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "system", "dataset", "digest"], name="mention_once"),
        ]


class Weighed(models.Model):
    """Somebody has looked at a row: it is given, with these words taken out, or it is not, and why. The last
    one counts; none is changed."""

    mention = models.ForeignKey(Mention, models.CASCADE, related_name="weighed")
    verdict = models.CharField(max_length=10)
    """A `requests.weigh.Verdict`."""
    words = models.BinaryField(default=bytes, blank=True)
    """What is taken out, sealed under the request's key."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
