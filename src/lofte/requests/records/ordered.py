"""What was shown of a plan, what came in together, and what somebody has said shall be carried out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

EVERYWHERE = "systems"
"""The target of a step that is of all systems."""


class ShownPlan(models.Model):
    """What an erasure would come to, as somebody was shown it: counts, names of datasets, laws, days.
    Never changed; looked at again, there is a new one."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="shown_plans")
    content = models.JSONField()
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Round(models.Model):
    """Requests that came in together, from a list."""

    ref = models.CharField(max_length=32, unique=True)
    requests = models.ManyToManyField("requests.Request", related_name="rounds")
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]


class Order(models.Model):
    """Somebody has said that what these requests ask shall be carried out now, in one pass."""

    ref = models.CharField(max_length=32, unique=True)
    requests = models.ManyToManyField("requests.Request", related_name="orders")
    grounds = models.JSONField(default=list)
    """Why the data shall go (art. 17.1)."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
