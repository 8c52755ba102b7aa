"""What goes in and out, as the document tells it. Nothing that goes out says who a person is."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, StrictInt

from lofte.datamap.document import Kind as IdentityKind
from lofte.law.clock import Because, Waits
from lofte.law.rights import Right
from lofte.requests.course.refuse import Ground
from lofte.requests.course.roads import State

NUMBER = r"^20[0-9]{2}-[0-9]{6}$"
REF = r"^[0-9a-f]{32}$"


def _plain(text: str) -> str:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("This holds characters that no text has.")
    return text


def _written(given: Any) -> Any:
    if not isinstance(given, str):
        raise ValueError("Write it as text, as 2026-03-05T09:30:00+01:00.")
    return given


def _day(given: Any) -> Any:
    if isinstance(given, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise ValueError("Write the day as 2026-03-05.")
    return given


Words = Annotated[str, AfterValidator(_plain)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
Day = Annotated[date, BeforeValidator(_day)]
Number = Annotated[str, Field(pattern=NUMBER, description="The number of a request, as 2026-000123.")]
Ref = Annotated[str, Field(pattern=REF, description="A random id.")]
Language = Literal["sv", "en"]


class In(Schema):
    """What is sent. A key that is not known is refused: it might be a misspelling."""

    model_config = ConfigDict(extra="forbid")


class WayIn(StrEnum):
    """How a message came to whoever hands it on."""

    CHAT = "chat"
    TICKET = "ticket"
    API = "api"


class ToldBy(StrEnum):
    """How a recipient was told."""

    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    TICKET = "ticket"
    API = "api"


class IdentityIn(In):
    """Something that a person is known by. It is kept sealed."""

    kind: IdentityKind
    value: Annotated[Words, Field(min_length=1, max_length=320)]


Identities = Annotated[list[IdentityIn], Field(min_length=1, max_length=20)]


Category = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$", description="Its id in the policy.")]
Categories = Annotated[list[Category], Field(max_length=200, description="None = everything.")]


class ItemIn(In):
    """A right, and how far it is asked: of these categories of data only."""

    right: Right
    scope: Categories


class ScopeIn(In):
    """What the person answered when they were asked what they mean (recital 63)."""

    scope: Categories


class CaseIn(In):
    """What somebody asks in one message."""

    rights: Annotated[
        list[Right | ItemIn],
        Field(min_length=1, max_length=20, description="A right of everything, or of some categories."),
    ]
    identities: Identities
    channel: WayIn = WayIn.API
    language: Language = "sv"
    words: Annotated[Words, Field(max_length=20_000, description="The person's own; kept sealed.")] = ""
    received_at: Annotated[
        Moment | None, Field(description="When it reached any of you: the time runs from then.")
    ] = None


class IdentifyIn(In):
    """How the person showed who they are (art. 12.6)."""

    method: Annotated[Words, Field(min_length=1, max_length=2_000, description="Kept sealed.")]
    level: Literal[1, 2, 3]
    identities: Annotated[
        list[IdentityIn],
        Field(max_length=20, description="What more was proven to be theirs.", default_factory=list),
    ]


class WaitIn(In):
    """What the person was asked for; the clock stands still until they answer."""

    waits: Waits
    why: Annotated[Words, Field(min_length=1, max_length=2_000, description="Kept sealed.")]


class ExtendIn(In):
    """One or two months more (art. 12.3)."""

    months: Annotated[StrictInt, Field(ge=1, le=2)]
    because: Because
    why: Annotated[Words, Field(min_length=1, max_length=2_000, description="The person reads it.")]


class RefuseIn(In):
    """Why a request is refused (art. 12.2, 12.5)."""

    ground: Ground
    why: Annotated[Words, Field(max_length=4_000, description="The person reads it.")] = ""


class ToldIn(In):
    """How a recipient was told (art. 19)."""

    channel: ToldBy


class ListIn(In):
    """Which requests."""

    state: State | None = None
    right: Right | None = None
    open: Annotated[bool | None, Field(description="Not answered yet.")] = None
    due_by: Annotated[Day | None, Field(description="The last day to answer is this one or before.")] = None
    cursor: Annotated[str, Field(max_length=80, description="`next` of the page before.")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ClockOut(Schema):
    """The time to answer (art. 12.3)."""

    received_on: date
    due_on: date
    first_due_on: date
    """The last day of the first month, by which an extension is told."""
    extended_months: int
    stood_still_days: int
    waits_for: Waits | None
    waits_since: date | None


class RequestOut(Schema):
    """A request, and nothing of who asks."""

    number: str
    ref: str
    case: str
    right: Right
    article: str
    scope: list[str]
    """The categories that are asked about; none = everything."""
    state: State
    channel: str
    language: str
    received_at: datetime
    policy_version: str
    clock: ClockOut


class RequestsOut(Schema):
    """Some requests, the most urgent first."""

    items: list[RequestOut]
    next: str | None
    """The cursor of the next page; null = this is the last."""


class CaseOut(Schema):
    """What came in one message."""

    ref: str
    channel: str
    language: str
    received_at: datetime
    requests: list[RequestOut]


class TakenOut(CaseOut):
    """What was taken in. A wish that was open already is linked, not doubled."""

    linked: list[str]
    """Numbers of requests that the same person had asked before, and that go on."""


class DecisionOut(Schema):
    """What was decided, and on what ground."""

    outcome: str
    ground: str
    article: str
    at: datetime


class PackageOut(Schema):
    """The answer that is made."""

    bytes: int
    sha256: str
    made_at: datetime


class WholeOut(RequestOut):
    """A request, and how far it has come."""

    identified_level: int | None
    ordered: bool
    """The worker has been told to go on, and has not begun."""
    approved: bool
    """An erasure has been let through by somebody who may."""
    decisions: list[DecisionOut]
    package: PackageOut | None


class FindingOut(Schema):
    """How much was found in a dataset. Counts only."""

    system: str
    dataset: str
    verb: str
    rows: int
    waiting: int
    """Rows that only mention the person; somebody looks at them first (art. 15.4)."""
    shared: int
    """Rows held back, because another person answers to the same identity."""


class FindingsOut(Schema):
    """What was found for a request."""

    items: list[FindingOut]


class EntryOut(Schema):
    """An entry of the ledger: ids, counts, codes and days."""

    seq: int
    at: datetime
    kind: str
    policy_version: str
    values: dict[str, int | str] | None
    """null = they have been forgotten."""


class EntriesOut(Schema):
    """The entries about a request."""

    items: list[EntryOut]


class HoldOut(Schema):
    """Something that keeps data of the person (art. 17.3 e, 18.1 c)."""

    ref: str
    kind: str
    review_on: date | None


class RestrictionOut(Schema):
    """A restriction that holds (art. 18)."""

    ref: str
    ground: str
    since: datetime
    purposes: list[str]
    """What it stops now."""


class SuppressionOut(Schema):
    """An address that no advertising goes to (art. 21.3)."""

    ref: str
    channel: str
    since: datetime


class StandingOut(Schema):
    """What holds for the person of a request now."""

    holds: list[HoldOut]
    restrictions: list[RestrictionOut]
    suppressions: list[SuppressionOut]


class RecipientOut(Schema):
    """A recipient who got the data, and whether they have been told (art. 19)."""

    recipient: str
    sure: bool
    told_on: date | None
    impossible: bool


class RecipientsOut(Schema):
    """The recipients of a request."""

    items: list[RecipientOut]


class WaitingOut(Schema):
    """A recipient who is still to be told."""

    ref: str
    number: str
    recipient: str
    right: str
    since: datetime
    rows: int


class WaitingsOut(Schema):
    """The recipients who are still to be told, the oldest first."""

    items: list[WaitingOut]


class PolicyOut(Schema):
    """The policy: what is promised now."""

    in_force: str | None
    """The version that has been put in force; null = none has."""
    effective_from: date | None
    digest: str | None
    worked_by: str
    """The version that what is done now is noted under."""
    languages: list[str]
    purposes: list[str]
