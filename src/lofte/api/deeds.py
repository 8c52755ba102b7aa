"""What goes in and out of deciding and carrying out, as the document tells it. Nothing that goes out says
who a person is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StrictBool

from lofte.api import shapes
from lofte.consent.object import Outcome as Weighed
from lofte.law.clock import Because
from lofte.plan.restriction import Ground as RestrictedFor
from lofte.plan.restriction import Outcome as Ends
from lofte.plan.restriction import Told
from lofte.requests.course.refuse import Ground
from lofte.requests.course.seconded import What

ID = r"^[a-z][a-z0-9_-]{0,63}$"
Id = Annotated[str, Field(pattern=ID, description="An id of the policy.")]
Purposes = Annotated[list[Id], Field(max_length=50, default_factory=list)]
Reasons = Annotated[shapes.Words, Field(min_length=1, max_length=4_000, description="Kept sealed.")]
Handler = Annotated[str, Field(pattern=shapes.REF, description="The random id of a handler.")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ProposeIn(shapes.In):
    """What another person is to decide: a refusal with its ground, or one or two months more."""

    what: What
    ground: Annotated[Ground | None, Field(description="Of a refusal.")] = None
    months: Annotated[Literal[1, 2] | None, Field(description="Of an extension.")] = None
    because: Annotated[Because | None, Field(description="Of an extension.")] = None
    why: Annotated[shapes.Words, Field(max_length=4_000, description="The person reads it.")] = ""


class SettleIn(shapes.In):
    """Yes; or no, and why."""

    agree: StrictBool
    why: Annotated[shapes.Words, Field(max_length=2_000, description="Why not; kept sealed.")] = ""


class ProposalOut(Schema):
    """What somebody has proposed. Its words are read in the console."""

    ref: str
    what: What
    ground: str
    """Of a refusal."""
    months: int
    """Of an extension; 0 = it is none."""
    because: str
    """Of an extension."""
    at: datetime
    settled: bool
    agreed: bool | None
    """null = nobody has decided."""


class ProposalsOut(Schema):
    """What has been proposed for a request, the first first."""

    items: list[ProposalOut]


class PlanLineOut(Schema):
    """What would become of some rows of a dataset."""

    system: str
    dataset: str
    verb: str
    ground: str
    """Why they stay; empty = they do not."""
    until: date | None
    rows: int


class PlanOut(Schema):
    """What an erasure would come to, in counts; nothing has been changed."""

    digest: str
    """Of all systems together: what is approved is this."""
    lines: list[PlanLineOut]
    silent: list[str]
    """Systems that did not answer: nothing is known of what is in them."""
    wide: bool
    """It passes the cap for one person; who lets it through says why."""
    ambiguous: bool
    """More than one person answers; it cannot be approved."""


class ApproveIn(shapes.In):
    """What was seen is let through."""

    digest: Annotated[Digest, Field(description="Of the plan that was seen.")]
    wide: Annotated[
        shapes.Words, Field(max_length=2_000, description="Why, when it passes the cap; kept sealed.")
    ] = ""


class ObjectIn(shapes.In):
    """To what the person objects: purposes of the policy; none = all direct marketing (art. 21)."""

    purposes: Purposes
    words: Annotated[
        shapes.Words, Field(max_length=20_000, description="Of their situation (art. 21.1); kept sealed.")
    ] = ""


class WithdrawIn(shapes.In):
    """Consent to which purposes is taken back; none = to all of them (art. 7.3)."""

    purposes: Purposes


class WeighIn(shapes.In):
    """How an objection is decided (art. 21.1)."""

    outcome: Weighed
    words: Annotated[
        shapes.Words, Field(max_length=4_000, description="The compelling grounds; kept sealed.")
    ] = ""


class RectifyIn(shapes.In):
    """What is wrong or missing, and what is right. null = nothing stands there."""

    category: Id
    item: Id
    was: Annotated[shapes.Words | None, Field(max_length=2_000)] = None
    now: Annotated[shapes.Words | None, Field(max_length=2_000)] = None


class StateIn(shapes.In):
    """What the person wants to stand with their data (art. 16, second sentence)."""

    words: Reasons


class RestrictIn(shapes.In):
    """Why processing is restricted, and for which purposes; none = all (art. 18)."""

    ground: RestrictedFor
    purposes: Purposes


class PersonToldIn(shapes.In):
    """That the person has been told that the service stops, or that it will be released (art. 18.3)."""

    what: Told
    channel: shapes.ToldBy


class LiftIn(shapes.In):
    """How a restriction ends (art. 18.3)."""

    outcome: Ends


class ReviewIn(shapes.In):
    """Which decision of a machine a human being is to review (art. 22.3)."""

    decision: Id
    view: Annotated[
        shapes.Words, Field(max_length=20_000, description="What the person says of it; kept sealed.")
    ] = ""
    case: Annotated[shapes.Words, Field(max_length=40, description="Your own number of it.")] = ""


class WhyIn(shapes.In):
    """Why."""

    why: Reasons


class AssignIn(shapes.In):
    """Who is to take care of it; null = nobody."""

    to: Handler | None


class RemarkIn(shapes.In):
    """A note to those who work here."""

    words: Annotated[shapes.Words, Field(min_length=1, max_length=4_000, description="Kept sealed.")]


class HandlerOut(Schema):
    """Somebody who may be given requests."""

    ref: str
    name: str


class HandlersOut(Schema):
    """Those who may be given requests."""

    items: list[HandlerOut]


class ReleasedOut(Schema):
    """The person may fetch the answer in the portal."""

    until: datetime
    level: int
    """How surely they must show who they are."""
    told: int
    """Letters that tell them; 0 = tell them yourself."""


class HoldIn(shapes.In):
    """What must stay although it would go (art. 17.3 e, 18.1 c)."""

    kind: Literal["legal_claim", "incident"]
    identities: shapes.Identities
    case: Annotated[
        shapes.Words, Field(min_length=1, max_length=40, description="The case's number; never a name.")
    ]
    review_on: shapes.Day
    why: Reasons
    categories: Annotated[
        list[Id], Field(max_length=50, description="None = all data.", default_factory=list)
    ]


class HoldsOut(Schema):
    """The holds in force, by the day when each is looked at again."""

    items: list[shapes.HoldOut]


class ForwardedOut(Schema):
    """A customer who answers for what was found, and is to be told (art. 28.3 e)."""

    ref: str
    number: str
    right: str
    system: str
    dataset: str
    rows: int
    since: datetime


class ForwardedsOut(Schema):
    """The customers who are still to be told, the oldest first."""

    items: list[ForwardedOut]
