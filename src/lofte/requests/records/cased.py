"""A case: what came in one message from one person, and what belongs to it beside its requests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Case(models.Model):
    """One or several requests that came together (art. 12.2); each goes its own way to its answer."""

    ref = models.CharField(max_length=32, unique=True)
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    received_at = models.DateTimeField()
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when nobody here typed it in."""

    class Meta:
        ordering: ClassVar = ["id"]


class NumberSeries(models.Model):
    """The last number given in a year."""

    year = models.PositiveIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Agent(models.Model):
    """Somebody asks on the person's behalf, and how they showed that they may (art. 12.2, 12.6)."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="agent")
    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="+")
    """Whose key seals the words."""
    words = models.BinaryField()
    """Who it is and what they showed, sealed."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Protected(models.Model):
    """The person of a case has a protected identity (offentlighets- och sekretesslagen 22 kap. 1 §,
    folkbokföringslagen 16 §): nothing goes to a contact that we have, and the portal opens nothing. The
    last one counts; none is changed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="protections")
    on = models.BooleanField(default=True)
    """False = somebody has found that it is not so, or no longer."""
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when the person said it themselves."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Message(models.Model):
    """What was said in a request, by the person or to them. Never changed."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="messages")
    outgoing = models.BooleanField(default=False)
    channel = models.CharField(max_length=10)
    words = models.BinaryField()
    """Sealed under the request's key."""
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when it was the person, or the house by itself."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Remark(models.Model):
    """A handler's note to those who work here. The person may ask to see it, as all that is held of them."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="remarks")
    words = models.BinaryField()
    """Sealed under the request's key."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Assigned(models.Model):
    """Who takes care of a request, given by whom. The last one counts; none is changed."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="assignments")
    to = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty = nobody any more."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Warned(models.Model):
    """That the time of a request runs out has been told, at this mark."""

    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="warnings")
    mark = models.CharField(max_length=10)
    """A mark of `law.clock`."""
    due_on = models.DateField()
    """The last day as it was then: a later one is warned about anew."""
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "mark", "due_on"], name="warned_once"),
        ]
