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
    weak = models.BooleanField(default=False)
    """Several may have it, as a telephone: it stops what is sent there, and makes nobody the same person."""

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


class RowsMoved(Act):
    """Rows of one dataset that we moved to the locked copy, by key."""

    restriction = models.ForeignKey(Restriction, models.PROTECT, related_name="moves")
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    count = models.PositiveBigIntegerField()
    key = models.BinaryField(max_length=80)
    rows = models.BinaryField()
    """Keys of the rows, sealed."""


class RowsMovedBack(Act):
    """They stand where they stood before; those that could not, because something else stands there
    now, stay in the copy and are tried again."""

    moved = models.ForeignKey(RowsMoved, models.PROTECT, related_name="back")
    rows = models.PositiveBigIntegerField()
    left = models.PositiveBigIntegerField()
    """How many stay in the copy. 0 = done."""


class Watched(models.Model):
    """What we know restricted rows of one system by, for as long as they are watched: it is deleted
    when the restriction ends. It says nothing to anybody without the keys of the house."""

    restriction = models.ForeignKey(Restriction, models.PROTECT, related_name="watched")
    system = models.CharField(max_length=64)
    since = models.DateTimeField()
    key = models.BinaryField(max_length=80)
    seen = models.BinaryField()
    """The identities that find the rows, and keyed digests of these, sealed."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["restriction", "system"], name="watched_once")
        ]

    def __str__(self) -> str:
        return f"{self.restriction.ref} {self.system}"


class RestrictionBreach(Act):
    """Somebody else wrote to restricted rows, in counts (art. 18.1)."""

    restriction = models.ForeignKey(Restriction, models.PROTECT, related_name="breaches")
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    since = models.DateTimeField()
    """When it was first seen; a breach that has grown is a record of its own."""
    changed = models.PositiveBigIntegerField()
    gone = models.PositiveBigIntegerField()
    overwritten = models.PositiveBigIntegerField()
    """Rows whose status column says something else than what we wrote."""
    added = models.PositiveBigIntegerField()


class BreachEnded(Act):
    """The breach is over, and how."""

    breach = models.OneToOneField(RestrictionBreach, models.PROTECT, related_name="ended")
    how = models.CharField(max_length=20)
    key = models.BinaryField(max_length=80, default=b"")
    words = models.BinaryField(default=b"")
    """Why it may stand as it is, sealed."""


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


class Shown(models.Model):
    """What a visitor was shown when they chose: texts, purposes, vendors, buttons. Found by its digest,
    so that it cannot become something else afterwards."""

    sha = models.CharField(max_length=64, unique=True)
    """SHA-256 of `content`, hexadecimal."""
    version = models.CharField(max_length=40)
    content = models.TextField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha


class Stream(models.Model):
    """Choices that one process recorded, one after the other, each linked to the one before it."""

    ref = models.CharField(max_length=32, unique=True)
    begun = models.DateTimeField()
    sealed = models.PositiveBigIntegerField(default=0)
    """The number of the last choice that the ledger has the head of."""
    gone = models.PositiveBigIntegerField(default=0)
    """The number of the last choice whose time was over; it and all before it are deleted."""

    def __str__(self) -> str:
        return self.ref


class Choice(models.Model):
    """What somebody chose in a browser (art. 7.1). Never changed. Nobody is named in it: `person` is a
    random id that the browser keeps."""

    receipt = models.CharField(max_length=32, unique=True)
    """What the visitor finds it by: keyed from the id of the event, so that the same one is one."""
    person = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    """The browser's own count: the highest is what holds, in whatever order they come."""
    site = models.CharField(max_length=64)
    version = models.CharField(max_length=40)
    shown = models.CharField(max_length=64)
    yes = models.PositiveSmallIntegerField()
    """How many purposes and vendors it is a yes to."""
    at = models.DateTimeField(db_index=True)
    """When we had it, by our clock."""
    body = models.TextField()
    """The rest, as canonical JSON (`ingest.wire`)."""
    stream = models.ForeignKey(Stream, models.PROTECT, related_name="choices", db_index=False)
    number = models.PositiveBigIntegerField()
    link = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "seq"], name="choice_of_person")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "number"], name="choice_in_stream"),
        ]

    def __str__(self) -> str:
        return self.receipt


class ConsentText(models.Model):
    """The words that somebody said yes to, found by their digest."""

    sha = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2)
    words = models.TextField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha


class Given(Act):
    """Somebody has said yes (art. 4.11, 7.1), or has given their address at a sale (19 §
    marknadsföringslagen). Never changed: what it covers is computed."""

    covers = models.JSONField()
    """Purpose -> what it was when they said yes (`plan.coverage.Meaning`)."""
    how = models.CharField(max_length=20)
    """`consent.given.How`."""
    form = models.CharField(max_length=64, blank=True)
    text = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+")
    terms = models.JSONField(default=dict)
    """The conditions of 19 §, each as it was noted; empty for a consent."""


class Asking(Act):
    """Somebody is asked by mail whether it was they who said yes. Deleted when they answer, or too late."""

    token = models.CharField(max_length=64, unique=True)
    """Keyed digest of what stands in the link."""
    until = models.DateTimeField(db_index=True)
    key = models.BinaryField(max_length=80)
    sealed = models.BinaryField()
    """Whom, to what and by which words, sealed."""


class BrowserLink(Act):
    """A browser is a person's, because both said so: the browser chose it, and the person signed in."""

    browser = models.CharField(max_length=32, unique=True)
    """`Choice.person`."""
