"""Messages that came in, and what was answered. Nothing here says who wrote, but what lies sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Mailbox(models.Model):
    """How far a mailbox has been read. Its row is locked while a message of it is taken in."""

    name = models.CharField(max_length=64, unique=True)
    """Keyed digest of server, account and folder; or of the program that hands in."""
    validity = models.PositiveBigIntegerField(default=0)
    """The folder's UIDVALIDITY (RFC 3501 section 2.3.1.1); with another one, uids mean other messages."""
    last_uid = models.PositiveBigIntegerField(default=0)
    """Every message up to this one has been judged, and is with us if it is to be."""


class Mail(models.Model):
    """A message that is kept: as evidence of what was asked, or for a handler to look at."""

    ref = models.CharField(max_length=32, unique=True)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="mails")
    validity = models.PositiveBigIntegerField()
    uid = models.PositiveBigIntegerField()
    channel = models.CharField(max_length=10, default="email")
    """How it came: by mail, or handed in by another program."""
    known_by = models.CharField(max_length=64, null=True, unique=True)
    """Keyed digest of its Message-ID, by which it is known again; none for one whose id was taken."""
    says = models.CharField(max_length=64)
    """Keyed digest of sender, subject and words."""
    sender = models.CharField(max_length=64, blank=True, db_index=True)
    """Keyed digest of the address in From; it proves nothing of who wrote."""
    outcome = models.CharField(max_length=10)
    """An `intake.judge.Outcome`."""
    why = models.CharField(max_length=20, blank=True)
    rights = models.JSONField(default=list)
    perhaps = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    """Numbers."""
    spf = models.CharField(max_length=10, blank=True)
    dkim = models.CharField(max_length=10, blank=True)
    dmarc = models.CharField(max_length=10, blank=True)
    received_at = models.DateTimeField()
    taken_at = models.DateTimeField(db_index=True)
    key = models.BinaryField(max_length=80)
    """The message's own key, wrapped."""
    raw = models.BinaryField()
    """The message as it came, sealed."""
    put_away_at = models.DateTimeField(null=True)
    """When it was marked or moved in the mailbox; that comes after it is durably here."""

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "validity", "uid"], name="mail_once"),
        ]


class Settled(models.Model):
    """A handler has looked at a message and decided what it is."""

    mail = models.OneToOneField(Mail, models.CASCADE, related_name="settled")
    rights = models.JSONField(default=list)
    """What was opened for it; none = nothing."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class MailOfRequest(models.Model):
    """A message belongs to a request: it opened it, asks the same again, or says more."""

    mail = models.ForeignKey(Mail, models.CASCADE, related_name="links")
    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="mails")
    opened = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mail", "request"], name="mail_of_request_once"),
        ]


class Acknowledgement(models.Model):
    """The letter that says that a wish has come in, and when it is answered (EDPB 01/2022). It waits
    here until a server has taken it."""

    ref = models.CharField(max_length=32, unique=True)
    """Random; its Message-ID is made of it, and an answer that names it belongs to the case."""
    mail = models.OneToOneField(Mail, models.CASCADE, related_name="acknowledgement")
    recipient = models.CharField(max_length=64, db_index=True)
    """Keyed digest of the address."""
    address = models.BinaryField(blank=True)
    """The address, sealed under the message's key; emptied when it is sent."""
    queued_at = models.DateTimeField(db_index=True)
    not_before = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
