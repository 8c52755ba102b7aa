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
