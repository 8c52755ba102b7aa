"""The versions of the policy that have been published."""

from __future__ import annotations

from django.db import models


class PublishedPolicy(models.Model):
    """One version of the policy, as it was put in force. Never changed, never deleted: what was
    promised must be shown for as long as anything was done under it (art. 5.2)."""

    ref = models.CharField(max_length=32, unique=True)
    version = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    map_digest = models.CharField(max_length=64)
    text = models.TextField()
    """The YAML as it was written. `digest` is that of its meaning."""
    effective_from = models.DateField(db_index=True)
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.version
