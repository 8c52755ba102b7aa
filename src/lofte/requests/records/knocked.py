"""Somebody has knocked at the door of the portal: counted, so that nobody knocks without end, and answered
by the worker. Nothing here tells who they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Knock(models.Model):
    """A try at the door. The same stands here whether the person is known or not; what comes of it is
    found out by the worker, never in the time of the page. Kept for two days."""

    what = models.CharField(max_length=10)
    """`ask`, `code` (a code is wished for) or `try` (a code was entered)."""
    claim = models.CharField(max_length=32, db_index=True)
    """Random, known to one browser's session alone: a code passes only where it was asked for."""
    number = models.CharField(max_length=11, blank=True)
    """Of the request that the code is wished for, as it was typed."""
    address = models.CharField(max_length=64, blank=True)
    """Keyed digest of the address that was typed (`sealing.lookup`)."""
    network = models.CharField(max_length=64)
    """Keyed digest of the network that it came from."""
    case = models.ForeignKey("requests.Case", models.CASCADE, null=True, related_name="knocks")
    """What number and address fit; None = nothing, or not looked yet."""
    at = models.DateTimeField(db_index=True)
    not_before = models.DateTimeField(null=True)
    """A system did not answer: when it is asked again; None = at once."""
    answered_at = models.DateTimeField(null=True)
    """When the worker had looked; None = it waits."""

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["what", "network", "at"], name="knock_network"),
            models.Index(fields=["what", "address", "at"], name="knock_address"),
        ]
