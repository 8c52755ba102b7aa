"""What happened to the clock of a request."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ClockEvent(models.Model):
    """The clock was stopped, went on, or was extended: on which day, by whom, why. Never changed."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="clock_events")
    what = models.CharField(max_length=8)
    """`stop`, `go_on` or `extend`."""
    on = models.DateField()
    """The day in Sweden from which it counts."""
    waits = models.CharField(max_length=10, blank=True)
    """Of a stop: a `law.clock.Waits`."""
    months = models.PositiveSmallIntegerField(default=0)
    """Of an extension: how many more."""
    because = models.CharField(max_length=10, blank=True)
    """Of an extension: a `law.clock.Because`."""
    why = models.BinaryField(default=bytes, blank=True)
    """What the person is asked for, or why it takes longer, as they are told; sealed under the request's
    key."""
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when the house did it by itself."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
