"""Rows of the ledger, of its outbox, and of the journal of steps.

An entry and its record are apart on purpose: entries are never changed; records (the key and
the payload that an entry committed to) are erasable, and without them an entry says nothing.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LedgerRecord(models.Model):
    """What an entry committed to, and the random key that proves it. Erasable."""

    commitment = models.CharField(primary_key=True, max_length=64)
    object = models.CharField(max_length=32, db_index=True)
    key = models.BinaryField(max_length=32)
    payload = models.BinaryField()


class LedgerOutbox(models.Model):
    """An entry that waits for its number. Written inside the transaction of what it tells about."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    object = models.CharField(max_length=32)
    policy_version = models.CharField(max_length=40, blank=True)
    commitment = models.BinaryField(max_length=32)


class LedgerEntry(models.Model):
    """An entry of the ledger. Rows are added by the sequencer and never changed."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40, db_index=True)
    object = models.CharField(max_length=32, db_index=True)
    policy_version = models.CharField(max_length=40, blank=True)
    commitment = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)


class StepState(models.TextChoices):
    """Where a step stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Step(models.Model):
    """One act on one target for one request, and how far it has come. Plans are data: a new
    release of the program strands nothing that runs."""

    request = models.CharField(max_length=32, db_index=True)
    kind = models.CharField(max_length=40)
    target = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=StepState.choices, default=StepState.WAITING)
    attempt = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    epoch = models.PositiveBigIntegerField(default=0)
    """Goes up with each claim; who holds an older one cannot complete the step."""
    result = models.JSONField(default=dict)
    """Counts only."""
    failure = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "kind", "target"], name="step_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "not_before"], name="step_due")]


class PersonLock(models.Model):
    """Somebody is at work with the person who has this identity; nobody else is, until it is given
    back or the time is out."""

    lookup = models.CharField(primary_key=True, max_length=64)
    """The identity as a keyed HMAC: here it cannot be read."""
    owner = models.CharField(max_length=80, db_index=True)
    """Who is at work. Each piece of work has an owner name of its own, never used again."""
    about = models.CharField(max_length=32)
    """The random id of the request, or of the act."""
    until = models.DateTimeField()
    closed = models.BooleanField(default=False)
    """Rows are about to be gone: a hold that comes now would come too late."""


class TombstoneHead(models.Model):
    """How far the tombstones of a system reach: their file stands outside, and may lose its end."""

    system = models.CharField(primary_key=True, max_length=64)
    records = models.PositiveBigIntegerField()
    mac = models.BinaryField(max_length=32)
    """Of the last of them."""
