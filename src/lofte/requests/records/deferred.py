"""By what a person is known again while rows of theirs wait, and rows that no longer tell whose they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

LATER = "erase-later"
"""The kind of the steps that wait for the day of what is kept for a time."""


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


class Doubt(models.Model):
    """A row whose day has come, and that no longer tells whose it was: it may be the person's still, who
    has changed their address, or another's, who got its key. It stays until somebody says whose it is."""

    deferral = models.ForeignKey("requests.Deferral", models.CASCADE, related_name="doubts")
    at = models.DateTimeField()


class DoubtSettled(models.Model):
    """Whose the row is, who said it, and when. Never changed."""

    doubt = models.OneToOneField(Doubt, models.CASCADE, related_name="settled")
    whose = models.CharField(max_length=8)
    """A `doubted.Whose`."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField()
