"""A code that was sent to a contact we had before the person asked (art. 12.6)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Challenge(models.Model):
    """A code to one contact of one person. Whoever enters it reads what comes there. That it was passed is
    a record beside it; nothing here says where it was sent."""

    ref = models.CharField(max_length=32, unique=True)
    case = models.ForeignKey("requests.Case", models.CASCADE, related_name="challenges")
    way = models.CharField(max_length=10)
    """`email`, `sms`, `letter`, `call`."""
    contact = models.CharField(max_length=64, db_index=True)
    """Keyed digest of the address or number (`sealing.lookup`)."""
    identity = models.BinaryField(default=bytes, blank=True)
    """The contact as an identity, sealed under the key of the case's first request: once passed, it is
    proven to be theirs."""
    told = models.BinaryField(default=bytes, blank=True)
    """What else was shown in the case that our systems know the same person by, sealed in the same way:
    proven with it. What was shown and is not among it is proven by nothing."""
    aged = models.BooleanField(default=False)
    """Whether the contact is known to have been as it is for thirty days; one that is not is no second of
    two proofs."""
    claim = models.CharField(max_length=32, blank=True, db_index=True)
    """In which browser's session it passes (`Knock.claim`); empty = in any that fits the case."""
    code = models.CharField(max_length=64)
    """Keyed digest of the code, this challenge's `ref` within."""
    tries = models.PositiveSmallIntegerField(default=0)
    """How often a code was entered; after the last there is no more, right or wrong."""
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Passed(models.Model):
    """The code was entered."""

    challenge = models.OneToOneField(Challenge, models.CASCADE, related_name="passed")
    at = models.DateTimeField()
