"""A decision by machine that somebody is to look at, and what they decided instead (art. 22.3)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Review(models.Model):
    """A person wants somebody to look at what a machine decided about them (art. 22.3)."""

    ref = models.CharField(max_length=32, unique=True)
    request = models.OneToOneField("requests.Request", models.CASCADE, related_name="review")
    decision = models.CharField(max_length=64)
    """Id of the automated decision in the policy."""
    case = models.CharField(max_length=40, blank=True)
    """Which of its decisions, as the company numbers them; never a name."""
    made_by = models.CharField(max_length=32, blank=True)
    """The handler who stood behind that decision, where known: they do not review it."""
    view = models.BinaryField(default=bytes, blank=True)
    """The person's own view, sealed under the request's key."""
    at = models.DateTimeField()


class ReviewAssigned(models.Model):
    """Who is to look at a decision, given by whom. The last one counts; none is changed."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="assignments")
    to = models.CharField(max_length=32)
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class ReviewDecided(models.Model):
    """What a human decided instead, and why."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="decided")
    outcome = models.CharField(max_length=10)
    """`upheld`, `changed` or `annulled`."""
    why = models.BinaryField()
    """The reasons told to the person, sealed under the request's key."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField()
