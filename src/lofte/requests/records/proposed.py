"""What needs a second person (`rights.defaults.second_person`): proposed by one, settled by another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Proposal(models.Model):
    """A handler proposes to refuse a request, or to take more time for it. Never changed."""

    ref = models.CharField(max_length=32, unique=True)
    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="proposals")
    what = models.CharField(max_length=10)
    """A `requests.propose.What`."""
    terms = models.BinaryField()
    """Ground, reasons, months; sealed under the request's key."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class ProposalSettled(models.Model):
    """Another person has done as proposed, or has said no, and why."""

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="settled")
    agreed = models.BooleanField()
    why = models.BinaryField(default=bytes, blank=True)
    """Why not, sealed under the request's key."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField()
