"""The versions of the policy that have been published, and what was found of their promises."""

from __future__ import annotations

from typing import ClassVar

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


class ProofRun(models.Model):
    """One judging of every promise, asked for by somebody or by the clock. Nothing in it is about anybody."""

    ref = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when it was the clock."""
    made_at = models.DateTimeField(null=True, db_index=True)
    """None = it is not made yet."""
    version = models.CharField(max_length=40, blank=True)
    """Of the policy."""
    lines = models.JSONField(default=list)
    """Each promise, with what was found, as `proofs.Said` reads it."""
    checkpoint = models.TextField(blank=True)
    """The signed ledger that the evidence stands in; empty = none was signed yet."""

    class Meta:
        ordering: ClassVar = ["id"]
