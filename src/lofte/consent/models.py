"""What a person has said no to, as records with who, when and why (art. 7.3, 18, 21).

A record is never changed and never taken away; what ends it is a record of its own. No record
says who the person is: persons and addresses are keyed HMACs, which answer only to somebody who
has the identity and the key of the house.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Act(models.Model):
    """Who did it, when, for which request, under which policy."""

    ref = models.CharField(max_length=32, unique=True)
    """The random id that stands in the ledger."""
    at = models.DateTimeField()
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when the person or the house did it."""
    request = models.CharField(max_length=32, blank=True, db_index=True)
    """The random id of the request it was done for."""
    policy_version = models.CharField(max_length=40)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.ref


class Mark(models.Model):
    """An identity of the person that an act is about, as a keyed HMAC."""

    act = models.CharField(max_length=32, db_index=True)
    person = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["act", "person"], name="mark_once")]


class Suppression(Act):
    """Nothing of this class is sent to this address on this channel (art. 21.3)."""

    address = models.CharField(max_length=64)
    """Keyed HMAC of the canonical address and the channel."""
    channel = models.CharField(max_length=10)
    message_class = models.CharField(max_length=20)
    turn = models.PositiveIntegerField(default=1)
    """The how-manieth of this address: two that place one at once cannot both."""
    why = models.CharField(max_length=20)
    article = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address", "message_class", "turn"], name="suppressed_once"),
        ]


class SuppressionLifted(Act):
    """Sending is allowed again, because the person said so."""

    suppression = models.OneToOneField(Suppression, models.PROTECT, related_name="lifted")
    why = models.CharField(max_length=20)


class Objection(Act):
    """The person objects to these purposes (art. 21)."""

    purposes = models.JSONField()
    absolute = models.BooleanField()
    """Direct marketing: nothing is weighed (art. 21.3)."""
    key = models.BinaryField(max_length=80)
    words = models.BinaryField()
    """What the person said of their situation, sealed."""


class ObjectionDecided(Act):
    """How the objection was weighed (art. 21.1)."""

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="decided")
    outcome = models.CharField(max_length=20)
    words = models.BinaryField()
    """The grounds that the company has shown, sealed under the objection's key."""


class Withdrawal(Act):
    """The person takes back their consent to these purposes (art. 7.3)."""

    purposes = models.JSONField()


class WithdrawalEnded(Act):
    """The person has given their consent anew."""

    withdrawal = models.OneToOneField(Withdrawal, models.PROTECT, related_name="ended")


class Restriction(Act):
    """The person's data are stored and not used (art. 18.1)."""

    ground = models.CharField(max_length=20)
    purposes = models.JSONField()
    """Empty = all."""


class RestrictionLifted(Act):
    """The restriction has ended, and how (art. 18.1, 18.3)."""

    restriction = models.OneToOneField(Restriction, models.PROTECT, related_name="lifted")
    outcome = models.CharField(max_length=20)


class StatusSet(Act):
    """Rows of one dataset that we let say that they are restricted, and what they said before."""

    restriction = models.ForeignKey(Restriction, models.PROTECT, related_name="statuses")
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    key = models.BinaryField(max_length=80)
    rows = models.BinaryField()
    """Keys of the rows and what stood in the column, sealed."""


class StatusPutBack(Act):
    """They say again what they said before."""

    status = models.OneToOneField(StatusSet, models.PROTECT, related_name="put_back")
    rows = models.PositiveBigIntegerField()
    """How many; the others had been changed by somebody else, and were left."""


class Notice(Act):
    """Something the person is to be told before it happens (art. 18.3)."""

    about = models.CharField(max_length=32, db_index=True)
    """The act it is about."""
    what = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["about", "what"], name="notice_once")]


class NoticeTold(Act):
    """The person has been told."""

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="told")
    channel = models.CharField(max_length=10)
