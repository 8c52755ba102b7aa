"""Sweeps and what allows them, as records. Counts, ids and days; keys of rows only sealed, and only
until it is known what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Outcome(models.TextChoices):
    """How a sweep ended."""

    DONE = "done"
    STOPPED = "stopped"
    """Something was not done; its stops say what and why."""


class Sweep(models.Model):
    """One run over all rules, as of one day."""

    ref = models.CharField(max_length=32, unique=True)
    """The random id that stands in the ledger."""
    as_of = models.DateField()
    """Rows whose last day of keeping lies before this day are past their time."""
    at = models.DateTimeField()
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when the house began it by itself."""
    policy_version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    """Of the policy, the map and what was asked for: a sweep goes on only under the same."""
    wide = models.BinaryField(default=b"")
    """Why unusual counts were let through, sealed; empty = they were not."""


class SweepEnd(models.Model):
    """A sweep has ended."""

    sweep = models.OneToOneField(Sweep, models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    at = models.DateTimeField()


class Line(models.Model):
    """One dataset and one fate within a sweep: what was ahead, and what was done."""

    sweep = models.ForeignKey(Sweep, models.PROTECT, related_name="lines")
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    fate = models.CharField(max_length=10)
    rules = models.JSONField(default=list)
    rows = models.PositiveBigIntegerField(default=0)
    """Rows past their time when the sweep began."""
    waiting = models.PositiveBigIntegerField(default=0)
    unknown = models.PositiveBigIntegerField(default=0)
    wrong = models.PositiveBigIntegerField(default=0)
    oldest = models.DateField(null=True)
    newest = models.DateField(null=True)
    gone = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    held = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sweep", "system", "dataset", "fate"], name="line_once"),
        ]
        ordering: ClassVar = ["id"]


class Part(models.Model):
    """Some rows of a line, done in one transaction of the system. It is written before the rows are
    touched, with their keys; when it is known what became of them the keys go."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    keys = models.BinaryField(default=b"")
    told_at = models.DateTimeField(null=True)
    gone = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    unclear = models.PositiveIntegerField(default=0)
    """Rows that stay, of which the answer was lost: they may have been changed; they are looked at again."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "number"], name="part_once"),
        ]


class Stop(models.Model):
    """Something that a sweep did not do, and why."""

    sweep = models.ForeignKey(Sweep, models.PROTECT, null=True, related_name="stops")
    """None = no sweep was begun."""
    system = models.CharField(max_length=64, blank=True)
    dataset = models.CharField(max_length=64, blank=True)
    fate = models.CharField(max_length=10, blank=True)
    why = models.CharField(max_length=12)
    rows = models.PositiveBigIntegerField(default=0)
    usual = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()


class Approval(models.Model):
    """Somebody has seen what a rule would do to a dataset, and lets it."""

    ref = models.CharField(max_length=32, unique=True)
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    fate = models.CharField(max_length=10)
    digest = models.CharField(max_length=64, db_index=True)
    """Of the rules and of what the map says of the dataset: when one changes, it is approved anew."""
    rows = models.PositiveBigIntegerField()
    """What was ahead when it was approved."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField()


class ClockConfirmed(models.Model):
    """Somebody has looked at a clock that Löfte doubted, and says that it is right."""

    ref = models.CharField(max_length=32, unique=True)
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Pause(models.Model):
    """Somebody has stopped the sweeps for a while."""

    ref = models.CharField(max_length=32, unique=True)
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    why = models.BinaryField()
    """Sealed."""


class PauseEnded(models.Model):
    """They go on."""

    pause = models.OneToOneField(Pause, models.PROTECT, related_name="ended")
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Outlook(models.Model):
    """What a sweep had before it at one moment, and what will leave in the days to come: counts and days.
    Asked for by somebody or by the clock, and looked up by the server."""

    ref = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when it was the clock."""
    made_at = models.DateTimeField(null=True, db_index=True)
    """None = it is not made yet."""
    as_of = models.DateField(null=True)
    tasks = models.JSONField(default=list)
    """As `outlook.Prospect` reads them."""
    leaving = models.JSONField(default=list)
    """Day, system, dataset, rows; as `calendar.Leaving` has them."""

    class Meta:
        ordering: ClassVar = ["id"]


class Slot(models.Model):
    """A piece of work of the house's own that has been begun for this day; nobody begins it again."""

    name = models.CharField(max_length=20)
    slot = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "slot"], name="slot_once")]
