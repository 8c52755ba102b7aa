"""What a step is about to make lasting in a system, until it is told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Foretold(models.Model):
    """The fate of each row of one person in one system, written down before it is made lasting. Rows
    that are gone cannot be planned again: who goes on after a power cut tells their fate from here.
    Deleted when it is told."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="foretold")
    step = models.CharField(max_length=40)
    system = models.CharField(max_length=64)
    fates = models.BinaryField()
    """Keys, what becomes of the rows, why and until when; sealed under the request's key."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "step", "system"], name="foretold_once"),
        ]
