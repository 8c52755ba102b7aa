"""What is kept of other programs: the answers that they may ask for again, where they are told what
happens, and who may hand in messages. Nothing here says who a person is, but what lies sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a question that carried an Idempotency-Key; for a day the same key has the same
    answer."""

    ref = models.CharField(max_length=32, unique=True)
    token = models.ForeignKey("accounts.Token", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    """Keyed digest of the Idempotency-Key."""
    question = models.CharField(max_length=64)
    """Keyed digest of method, address and body."""
    answer = models.BinaryField(default=bytes, blank=True)
    """Status, headers and body, sealed; empty while it is being answered."""
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "key"], name="answered_once"),
        ]


class Webhook(models.Model):
    """An address that is told what happens. Only how far it has been read changes; that it is ended is a
    record beside it."""

    ref = models.CharField(max_length=32, unique=True)
    address = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    """`api.hooks.Event`."""
    secret = models.BinaryField()
    """What its calls are signed with, sealed."""
    seen_transition = models.PositiveBigIntegerField(default=0)
    seen_warned = models.PositiveBigIntegerField(default=0)
    """How far what happens has been read for it."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class WebhookEnded(models.Model):
    """Nothing more is told there."""

    webhook = models.OneToOneField(Webhook, models.CASCADE, related_name="ended")
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Call(models.Model):
    """Something that happened and is told to a webhook: ids only. The same call keeps its id however
    often it is tried."""

    ref = models.CharField(max_length=32, unique=True)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls")
    event = models.CharField(max_length=24)
    source = models.CharField(max_length=24)
    """What it tells of: `transition/17`, `warned/4`. Told once to each webhook."""
    body = models.JSONField()
    at = models.DateTimeField()
    not_before = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(default=0)
    """What was last answered; 0 = nothing was."""
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "source"], name="called_once"),
        ]


class Source(models.Model):
    """Another program that may hand in messages: a ticket system, a chat. Never changed; that it is ended
    is a record beside it."""

    ref = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=40, unique=True)
    """What stands in its address."""
    channel = models.CharField(max_length=10)
    secret = models.BinaryField()
    """What its messages are signed with, sealed."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class SourceEnded(models.Model):
    """It may hand in no more."""

    source = models.OneToOneField(Source, models.CASCADE, related_name="ended")
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
