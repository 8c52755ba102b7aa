"""The versions of the policy that have been published, and what was found of their promises."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PublishedPolicy(models.Model):
    """One version of the policy, as it was put in force. Never changed, never deleted: what was
    promised must be shown for as long as anything was done under it (art. 5.2)."""

    ref = models.CharField(max_length=32, unique=True)
    version = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    map_digest = models.CharField(max_length=64)
    text = models.TextField()
    """The YAML as it was written. `digest` is that of its meaning."""
    effective_from = models.DateField(db_index=True)
    published_at = models.DateTimeField()
    replaces = models.CharField(max_length=40, blank=True)
    """The version that held when this one was published; empty = none did."""
    reasons = models.JSONField(default=list)
    """Why the change is major, as `classified.Why` reads it; nothing = it is minor."""
    lead_time = models.CharField(max_length=16, blank=True)
    """How long before its force it is told (the promise of the version that held then)."""
    ways = models.JSONField(default=list)
    """How it is told."""

    def __str__(self) -> str:
        return self.version


class Draft(models.Model):
    """A version on its way into force, as it was handed in. Never changed: another text is another draft."""

    ref = models.CharField(max_length=32, unique=True)
    version = models.CharField(max_length=40, db_index=True)
    digest = models.CharField(max_length=64)
    map_digest = models.CharField(max_length=64)
    text = models.TextField()
    effective_from = models.DateField()
    faults = models.JSONField(default=list)
    """What was found when it was handed in: number, place, words; nothing of anybody."""
    waived = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(null=True)
    """How many addresses would be written to; None = nobody counted."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.version


class DraftStep(models.Model):
    """A step of a version on its way: into which state, by whom, when and why."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12)
    """`roads.State`."""
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when it was the clock, or nobody is added yet."""
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Announcement(models.Model):
    """That a new version is told to people before it takes force (art. 13.3)."""

    published = models.OneToOneField(PublishedPolicy, models.PROTECT, related_name="announcement")
    ref = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    everyone = models.BooleanField()
    """Everybody whom the change touches gets a letter; else those who subscribe alone."""
    systems = models.JSONField(default=list)
    """Whose addresses have all been taken in."""
    unreadable = models.PositiveIntegerField(default=0)
    """What stands where an address should and is none."""
    queued_at = models.DateTimeField(null=True)
    """All letters are written; None = they are being."""
    done_at = models.DateTimeField(null=True, db_index=True)
    """A server has taken all of them, or none will. The lead time runs from here."""

    class Meta:
        ordering: ClassVar = ["id"]


class Told(models.Model):
    """One person is told of one version. Who it is can be found again and not read; may be erased."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="told")
    person = models.CharField(max_length=64, db_index=True)
    """Keyed digest of the address (HMAC)."""
    letter = models.CharField(max_length=32, unique=True, null=True)
    """`mail.Outgoing.ref`: when it left, and whether it came back. None = the person has a protected
    identity and gets no e-mail, but a letter that the Tax Agency passes on."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "person"], name="told_once"),
        ]


class Posted(models.Model):
    """The letters to those who get no e-mail have been posted."""

    announcement = models.OneToOneField(Announcement, models.CASCADE, related_name="posted")
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Acknowledged(models.Model):
    """Somebody says that they have read of a version. It says nothing more, and is never a consent."""

    published = models.ForeignKey(PublishedPolicy, models.PROTECT, related_name="acknowledged")
    case = models.CharField(max_length=32, db_index=True)
    """`requests.Case.ref`."""
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["published", "case"], name="acknowledged_once"),
        ]


class Subscription(models.Model):
    """Somebody wants to be told of every new version. Deleted when they want it no more, and when they
    never say yes."""

    ref = models.CharField(max_length=32, unique=True)
    person = models.CharField(max_length=64, unique=True)
    """Keyed digest of the address (HMAC)."""
    key = models.BinaryField(max_length=80)
    """The subscription's own key, wrapped."""
    address = models.BinaryField()
    """Sealed."""
    language = models.CharField(max_length=2)
    asked_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    """Whoever reads the mail of this address said yes; None = not yet."""


class ProofRun(models.Model):
    """One judging of every promise, asked for by somebody or by the clock. Nothing in it is about anybody."""

    ref = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField()
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when it was the clock."""
    made_at = models.DateTimeField(null=True, db_index=True)
    """None = it is not made yet."""
    version = models.CharField(max_length=40, blank=True)
    """Of the policy."""
    lines = models.JSONField(default=list)
    """Each promise, with what was found, as `proofs.Said` reads it."""
    checkpoint = models.TextField(blank=True)
    """The signed ledger that the evidence stands in; empty = none was signed yet."""

    class Meta:
        ordering: ClassVar = ["id"]


class Presented(models.Model):
    """How many times a text was shown on a day, in one version and language. Nothing is about anybody."""

    digest = models.CharField(max_length=64)
    """Of the version of the policy."""
    form = models.CharField(max_length=64, blank=True)
    """The form that the text stands at; empty = the whole notice."""
    language = models.CharField(max_length=2)
    day = models.DateField()
    times = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["day", "form", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("digest", "form", "language", "day"), name="presented_counted_once"
            )
        ]
