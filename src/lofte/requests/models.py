"""A request and the records that it gathers on its way. Nothing here says who the person is
except what lies sealed in `Identifier`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from lofte.requests.course.roads import State
from lofte.requests.records.cased import Agent as Agent
from lofte.requests.records.cased import Assigned as Assigned
from lofte.requests.records.cased import Case as Case
from lofte.requests.records.cased import Message as Message
from lofte.requests.records.cased import NumberSeries as NumberSeries
from lofte.requests.records.cased import Protected as Protected
from lofte.requests.records.cased import Remark as Remark
from lofte.requests.records.cased import Warned as Warned
from lofte.requests.records.challenged import Challenge as Challenge
from lofte.requests.records.challenged import Passed as Passed
from lofte.requests.records.clocked import ClockEvent as ClockEvent
from lofte.requests.records.deferred import DeferredIdentity as DeferredIdentity
from lofte.requests.records.foretold import Foretold as Foretold
from lofte.requests.records.forwarded import Forwarded as Forwarded
from lofte.requests.records.forwarded import ForwardedTold as ForwardedTold
from lofte.requests.records.knocked import Knock as Knock
from lofte.requests.records.looked import Look as Look
from lofte.requests.records.mentioned import Mention as Mention
from lofte.requests.records.mentioned import Weighed as Weighed
from lofte.requests.records.ordered import Order as Order
from lofte.requests.records.ordered import Round as Round
from lofte.requests.records.ordered import ShownPlan as ShownPlan
from lofte.requests.records.packaged import Fetched as Fetched
from lofte.requests.records.packaged import PackageRecord as PackageRecord
from lofte.requests.records.proposed import Proposal as Proposal
from lofte.requests.records.proposed import ProposalSettled as ProposalSettled
from lofte.requests.records.reviewed import Review as Review
from lofte.requests.records.reviewed import ReviewAssigned as ReviewAssigned
from lofte.requests.records.reviewed import ReviewDecided as ReviewDecided
from lofte.requests.records.undone import Undone as Undone
from lofte.requests.records.worded import TextTemplate as TextTemplate


class StateChoice(models.TextChoices):
    """The states, as people read them."""

    RECEIVED = State.RECEIVED.value, _("Received")
    IDENTIFIED = State.IDENTIFIED.value, _("Identified")
    SEARCHING = State.SEARCHING.value, _("Searching")
    READY = State.READY.value, _("Ready")
    DELIVERED = State.DELIVERED.value, _("Delivered")
    REFUSED = State.REFUSED.value, _("Refused")
    WITHDRAWN = State.WITHDRAWN.value, _("Withdrawn")


class Request(models.Model):
    """What one person has asked (art. 12.3)."""

    ref = models.CharField(max_length=32, unique=True)
    """The random id that stands in the ledger."""
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="items")
    """What it came in with; None = it was taken in before cases were kept."""
    number = models.CharField(max_length=11, unique=True)
    """What people call it: 2026-000123."""
    right = models.CharField(max_length=20)
    """A `law.rights.Right`."""
    scope = models.JSONField(default=list, blank=True)
    """Ids of the policy's data categories that are asked about; empty = everything."""
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    received_at = models.DateTimeField()
    due_on = models.DateField(db_index=True)
    policy_version = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=StateChoice.choices, db_index=True)
    key = models.BinaryField(max_length=80)
    """The request's own key, wrapped."""

    class Meta:
        ordering: ClassVar = ["due_on", "number"]

    def __str__(self) -> str:
        return self.number


class Identifier(models.Model):
    """An identity that the person gave, sealed."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=20)
    value = models.BinaryField()
    lookup = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "lookup"], name="identifier_once"),
        ]


class Identification(models.Model):
    """How we came to know who is asking (art. 12.6)."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="identifications")
    method = models.BinaryField()
    """What the handler did, in their words; sealed, for they may name the person."""
    level = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=32)
    at = models.DateTimeField()


class Transition(models.Model):
    """A step along the roads: from where to where, who, when, why."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="transitions")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    why = models.CharField(max_length=20, blank=True)
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; empty when the house did it by itself."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class Decision(models.Model):
    """What was decided, and on what ground (art. 12.3-12.5)."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=20)
    ground = models.CharField(max_length=20, blank=True)
    article = models.CharField(max_length=10, blank=True)
    why = models.BinaryField(default=bytes, blank=True)
    """The reasons that the person is told, in the handler's words; sealed under the request's key."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Finding(models.Model):
    """How much was found in a dataset. Counts only."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="findings")
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    verb = models.CharField(max_length=10)
    rows = models.PositiveBigIntegerField(default=0)
    waiting = models.PositiveBigIntegerField(default=0)
    """Rows that only mention the person; somebody looks at them before they are given (art. 15.4)."""
    shared = models.PositiveBigIntegerField(default=0)
    """Rows held back, because another person answers to the same identity (art. 15.4)."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "system", "dataset"], name="finding_once"),
        ]


class HoldRecord(models.Model):
    """Data of one person that must stay although they would go (art. 17.3 e, 18.1 c). Never changed;
    a lifting is a record of its own."""

    ref = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=20)
    """A `plan.holds.HoldKind`."""
    case = models.CharField(max_length=40)
    """As the company numbers it."""
    review_on = models.DateField(null=True)
    categories = models.JSONField(default=list)
    """Ids of the policy; none = all data."""
    why = models.BinaryField()
    """In the handler's words; sealed, for they may name the person."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class HeldIdentity(models.Model):
    """By what a held person is known again; nothing here can be read."""

    hold = models.ForeignKey(HoldRecord, models.CASCADE, related_name="identities")
    lookup = models.CharField(max_length=64, db_index=True)


class HoldLifting(models.Model):
    """The end of a hold: who, when, why."""

    hold = models.ForeignKey(HoldRecord, models.CASCADE, related_name="liftings")
    why = models.BinaryField()
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Erasure(models.Model):
    """What an erasure was to do with a dataset, and did. Counts only."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="erasures")
    step = models.CharField(max_length=40)
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    verb = models.CharField(max_length=10)
    ground = models.CharField(max_length=200, blank=True)
    """The statute, the hold or the purposes that keep it; empty for what goes."""
    until = models.DateField(null=True)
    law_until = models.DateField(null=True)  # a law's own end, where something else keeps it for longer
    rows = models.PositiveBigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]


class Deferral(models.Model):
    """A row that is kept for a time and goes by itself when it is out, in the same case."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="deferrals")
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    key = models.BinaryField()
    """The row's key, sealed."""
    lookup = models.CharField(max_length=64)
    due_on = models.DateField(db_index=True)
    stamp = models.BinaryField(default=bytes, blank=True)
    """What tells the row, as it was left (`whose`): keyed digests, sealed. A row that says otherwise on
    its day is somebody else's by then."""
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "system", "dataset", "lookup"], name="deferral_once"),
        ]


class CorrectedRows(models.Model):
    """Rows of a dataset that were rectified, before and after (art. 16)."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="corrections")
    system = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64)
    rows = models.BinaryField()
    """Keys, what stood there and what was written, sealed under the request's key."""
    at = models.DateTimeField()


class Statement(models.Model):
    """What the person wants to stand with their data (art. 16, second sentence)."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="statements")
    words = models.BinaryField()
    """Sealed under the request's key."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Approval(models.Model):
    """Who has seen a plan and let it be carried out, and how wide it was then. Never changed: a plan
    that has grown is approved anew."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="approvals")
    digests = models.JSONField(default=dict)
    """System -> digest of the plan that was seen."""
    counts = models.JSONField(default=list)
    """[system, dataset, verb, rows] as they were seen."""
    grounds = models.JSONField(default=list)
    """The grounds of art. 17.1 on which it was seen."""
    policy_digest = models.CharField(max_length=64, blank=True)
    map_digest = models.CharField(max_length=64, blank=True)
    identities = models.CharField(max_length=64, blank=True)
    """Digest of the keyed identities that were looked for."""
    identified = models.PositiveIntegerField(default=0)
    """How many times the person had been identified by then: who was sent back is approved anew."""
    wide = models.BinaryField(default=bytes, blank=True)
    """Why a plan that passes a cap is let through, in the approver's words; sealed under the request's
    key. Empty = the cap holds."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class RecipientNotice(models.Model):
    """A recipient who got the data is to be told what became of them (art. 19). Counts and names of
    datasets only; a telling, or that it cannot be done, is a record beside it."""

    ref = models.CharField(max_length=32, unique=True)
    request = models.ForeignKey(Request, models.CASCADE, related_name="recipient_notices")
    recipient = models.CharField(max_length=64)
    """Id of a recipient of the policy."""
    right = models.CharField(max_length=20)
    """Rectification, erasure or restriction."""
    datasets = models.JSONField(default=list)
    """[system, dataset, rows] that the recipient got rows of. What is touched after it was told is in
    a notice of its own."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]


class RecipientTold(models.Model):
    """How a recipient was told, or why it could not be done (art. 19)."""

    notice = models.OneToOneField(RecipientNotice, models.CASCADE, related_name="told")
    channel = models.CharField(max_length=10, blank=True)
    """Empty = it was impossible, or would have taken disproportionate effort."""
    why = models.BinaryField(default=bytes, blank=True)
    """Why not, in the handler's words; sealed under the request's key."""
    by = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()


class Asked(models.Model):
    """What exactly a request asks, so that it can be gone on with by whoever comes later: the grounds of
    an erasure, what is wrong and what is right, the purposes that are objected to."""

    request = models.OneToOneField(Request, models.CASCADE, related_name="asked")
    terms = models.BinaryField()
    """Sealed under the request's key."""
    by = models.CharField(max_length=32, blank=True)
    """The handler's random id; it follows into every later step."""
    at = models.DateTimeField()


class Discovered(models.Model):
    """What a system told that the person is known by, while the request is carried out: once their
    rows are gone, the system cannot tell it again. Deleted when the request is answered."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="discovered")
    system = models.CharField(max_length=64)
    found = models.BinaryField()
    """Identities, and which of them somebody else has too; sealed under the request's key."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "system"], name="discovered_once"),
        ]


class Beneath(models.Model):
    """What may remain beneath the rows of a system after an erasure, and until when. Never changed."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="beneath")
    system = models.CharField(max_length=64)
    below = models.CharField(max_length=16)
    """A `plan.layers.Below`."""
    engine = models.CharField(max_length=16, blank=True)
    until = models.DateField(null=True)
    """The last day; None = nobody has declared it, or only the database knows."""
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "system", "below"], name="beneath_once"),
        ]


class Letter(models.Model):
    """The letter that says what was done, as it was made when all was done (art. 12.3). Never changed."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="letters")
    language = models.CharField(max_length=2)
    words = models.BinaryField()
    """Sealed under the request's key."""
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "language"], name="letter_once"),
        ]
