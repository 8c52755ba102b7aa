"""The rights part of the policy: what is promised for each right (art. 12, 15-22)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lofte.policy.parts import Channel, Country, Id, LegalBasis, Part


class Fee(Part):
    """What an answer costs: nothing (art. 12.5)."""

    amount: Annotated[int, Field(ge=0)] = 0
    currency: str = "SEK"


class RightsDefaults(Part):
    """Deadline, identification and price of every right (art. 12)."""

    deadline: str = "P1M"
    extension: str = "P2M"
    calendar: Country = "SE"
    identification: tuple[Id, ...] = ()
    fee: Fee = Fee()
    second_person: tuple[Literal["refusal", "extension"], ...] = ()
    """What one handler proposes and another decides. An erasure has its own: `erasure.approval`."""
    reason_for_look: bool = False
    """Whoever looks at what is hidden of a request (who it is about, what was said, rows that mention the
    person) says why first; the reason is kept sealed with the request (art. 32.4)."""


class Cap(Part):
    """How much one person's erasure may take in one system before somebody who may approve lets it
    through by name."""

    rows: Annotated[int, Field(ge=1)] = 10_000
    """Rows of one person that may go or change in one system."""
    percent: Annotated[int, Field(ge=1, le=100)] = 20
    """How much of a table one person's rows may be, in per cent."""
    of_at_least: Annotated[int, Field(ge=1)] = 100
    """Tables with fewer rows than this are not judged by per cent."""


class RightTerms(Part):
    """What is promised for one right. Fields that do not belong to a right are faults of it."""

    channels: tuple[Channel, ...] = ()
    formats: tuple[Literal["html", "pdf", "json", "csv", "vcard", "icalendar", "mbox"], ...] = ()
    self_view: Literal["portal"] | None = None
    notify_recipients: bool | None = None
    statement: bool | None = None
    mode: Literal["storage_only"] | None = None
    effect: Literal["stops_service", "none"] | None = None
    release: tuple[Literal["corrected", "established"], ...] = ()
    tell_before: tuple[Literal["stop", "release"], ...] = ()
    bases: tuple[LegalBasis, ...] = ()
    grounds: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    deidentify: bool | None = None
    approval: Literal["required", "second_person"] | None = None
    """With erasure: nothing is erased before somebody has seen the plan and approved it; with
    `second_person` that is not the one who received or identified the request."""
    cap: Cap | None = None
    """With erasure: how wide a plan may be before somebody must let it through by name."""
    direct_marketing: Literal["absolute"] | None = None
    as_easy_as: Literal["given"] | None = None
    for_: Annotated[tuple[Id, ...], Field(alias="for")] = ()


class Rights(Part):
    """The rights of art. 15-22 and how they are exercised here."""

    defaults: RightsDefaults = RightsDefaults()
    access: RightTerms | None = None
    rectification: RightTerms | None = None
    erasure: RightTerms | None = None
    restriction: RightTerms | None = None
    portability: RightTerms | None = None
    objection: RightTerms | None = None
    withdraw_consent: RightTerms | None = None
    human_review: RightTerms | None = None
