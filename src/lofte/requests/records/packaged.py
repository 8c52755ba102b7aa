"""A package that was made for a request, and when it was fetched (art. 15.3, 20)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PackageRecord(models.Model):
    """A package as it was sealed."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="packages")
    sha256 = models.CharField(max_length=64)
    """Of the package as the person gets it."""
    path = models.CharField(max_length=500)
    """Absolute, in a folder that only the program can open."""
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    """When the person was told that they may fetch it themselves."""
    key = models.CharField(max_length=32, blank=True)
    """Id of its own key in the vault, outside every database that is backed up; empty = it lies unlocked."""
    until = models.DateTimeField(null=True)
    """Until when it can be fetched; then its key is shredded."""
    level = models.PositiveSmallIntegerField(default=3)
    """What must be proven to open it (`requests.identify.Level`), by what it holds."""
    gone_at = models.DateTimeField(null=True)
    """When its key was shredded and its file removed."""


class Fetched(models.Model):
    """The person has fetched a package, behind this level of proof."""

    package = models.ForeignKey(PackageRecord, models.CASCADE, related_name="fetches")
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
