"""Letters on their way. Nothing here says to whom or what, but what lies sealed until it has left."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Outgoing(models.Model):
    """A letter by e-mail. It waits here until a server has taken it; then what it says is destroyed with
    its key, and that it was sent stays."""

    ref = models.CharField(max_length=32, unique=True)
    """Random; its Message-ID is made of it, by which an answer or a bounce is known."""
    request = models.ForeignKey("requests.Request", models.CASCADE, null=True, related_name="outgoing")
    template = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2)
    recipient = models.CharField(max_length=64, db_index=True)
    """Keyed digest of the address, as that of the identity."""
    sha256 = models.CharField(max_length=64)
    """Of subject and words, keyed: what was sent can be shown to be what was written."""
    key = models.BinaryField(max_length=80)
    """The letter's own key, wrapped; empty when it has left."""
    sealed = models.BinaryField()
    """Address, subject, words and headers, sealed; empty when it has left."""
    queued_at = models.DateTimeField(db_index=True)
    not_before = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True)
    """After this it is no use and is not sent: a code that is dead."""
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]


class Bounced(models.Model):
    """A letter came back: it has not arrived."""

    outgoing = models.OneToOneField(Outgoing, models.CASCADE, related_name="bounced")
    status = models.CharField(max_length=11, blank=True)
    """The code of RFC 3463, as 5.1.1; empty when the server gave none."""
    at = models.DateTimeField()
