"""What the company only processes for a customer: the customer is to answer the person (art. 28.3 e)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Forwarded(models.Model):
    """A customer in whose data the person was found. Who it is lies sealed; counts and names of datasets
    only."""

    ref = models.CharField(max_length=32, unique=True)
    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="forwarded")
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    lookup = models.CharField(max_length=64)
    """Keyed, of the customer."""
    whose = models.BinaryField()
    """What the map's column says of them, sealed under the request's key."""
    rows = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "system", "dataset", "lookup"], name="forwarded_once"),
        ]


class ForwardedTold(models.Model):
    """The customer has been told what somebody asks of them."""

    forwarded = models.OneToOneField(Forwarded, models.CASCADE, related_name="told")
    channel = models.CharField(max_length=10)
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
