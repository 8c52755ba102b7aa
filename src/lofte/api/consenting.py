"""Yeses from other programs, and the gate that asks by keyed digests (art. 6.1 a, 7; 19 §
marknadsföringslagen)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Schema, Status
from pydantic import Field

from lofte.accounts.scopes import Scope
from lofte.api import shapes
from lofte.api.acting import identities
from lofte.api.asking import AnswerOut, said
from lofte.api.door import by, house
from lofte.api.machine import route
from lofte.consent import given, newsletter, unsubscribe
from lofte.consent.given import How
from lofte.consent.join import join
from lofte.consent.may import may, subject
from lofte.datamap.document import Kind as IdentityKind
from lofte.errors import Refused
from lofte.plan.coverage import Said, covered

Purpose = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$", description="Id of the policy.")]


class Way(StrEnum):
    """How the person said yes."""

    FORM = "form"
    PORTAL = "portal"
    API = "api"
    SALE = "sale"
    DOUBLE_OPT_IN = "double_opt_in"


class SaleIn(shapes.In):
    """The conditions of 19 § marknadsföringslagen, as they were when the address was taken."""

    sale: date
    own_similar: Literal[True]
    opt_out_at_collection: Literal[True]


class ConsentIn(shapes.In):
    """A yes."""

    identities: shapes.Identities
    purposes: Annotated[list[Purpose], Field(min_length=1, max_length=20)]
    words: Annotated[str, Field(min_length=3, max_length=4000, description="What the person read.")]
    language: Literal["sv", "en"] = "sv"
    how: Way = Way.FORM
    form: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,64}$")] = ""
    ticked_by_person: Literal[True]
    """The box was empty until the person ticked it (Planet49, C-673/17)."""
    sale: SaleIn | None = None


class ConsentOut(Schema):
    """What was recorded."""

    ref: str | None
    """None while the person has not answered the letter."""
    covers: list[str]
    text: str | None
    at: datetime


class BrowserIn(shapes.In):
    """A browser whose choices are to be the person's."""

    browser: Annotated[str, Field(min_length=43, max_length=43, description="The id in the cookie.")]
    identities: shapes.Identities
    agreed_by_person: Literal[True]


class BrowserOut(Schema):
    """What was recorded."""

    ref: str


class SubjectsIn(shapes.In):
    """Whom to ask about later."""

    identities: shapes.Identities


class SubjectsOut(Schema):
    """What to keep beside the row, in the order that they were asked in."""

    subjects: list[str]


class HeadersIn(shapes.In):
    """A letter of advertising to this address."""

    identities: shapes.Identities


class HeadersOut(Schema):
    """The headers that the letter must have (RFC 8058)."""

    headers: dict[str, str]


@route("POST", "/consents", Scope.REQUESTS_WORK, gives={201: ConsentOut}, tag="consent")
def record_consent(request: HttpRequest, given_in: ConsentIn) -> Status[ConsentOut]:
    """Record that a person says yes

    `double_opt_in` sends a letter first, and records the yes when its link is used; the answer is the same
    whether or not the address is known. `sale` notes an address got at a sale (19 § marknadsföringslagen)."""
    at = house()
    persons = identities(at, given_in.identities)
    if given_in.how is Way.DOUBLE_OPT_IN:
        to = next((each for each in persons if each.kind is IdentityKind.EMAIL), None)
        if to is None:
            raise Refused("a letter goes to an e-mail address; give one among the identities")
        newsletter.ask(
            at, to, given_in.purposes, words=given_in.words, language=given_in.language, form=given_in.form
        )
        return Status(201, ConsentOut(ref=None, covers=[], text=None, at=at.now))
    terms = given_in.sale.model_dump(mode="json") if given_in.sale else {}
    made = given.give(
        at,
        persons,
        given_in.purposes,
        how=How(given_in.how.value),
        words=given_in.words,
        language=given_in.language,
        form=given_in.form,
        terms=terms,
        by=by(request),
    )
    covers = covered(Said(covers=made.covers, terms=made.terms), at.policy)
    text = made.text.sha if made.text else None
    return Status(201, ConsentOut(ref=made.ref, covers=sorted(covers), text=text, at=made.at))


@route("POST", "/consents/browser", Scope.REQUESTS_WORK, gives={201: BrowserOut}, tag="consent")
def join_browser(request: HttpRequest, given: BrowserIn) -> Status[BrowserOut]:
    """Join what was chosen in a browser to a person, when both have said so

    The browser says so by a choice in force with a yes in it, the person on a page where they are known."""
    at = house()
    made = join(at, given.browser, identities(at, given.identities), agreed=given.agreed_by_person)
    return Status(201, BrowserOut(ref=made.ref))


@route("POST", "/gate/subjects", Scope.GATE_ASK, gives={200: SubjectsOut}, tag="gate")
def ask_for_subjects(request: HttpRequest, given: SubjectsIn) -> SubjectsOut:
    """The keyed digests to ask about these with

    Keep them beside the row: GET /may takes them, and an address need not stand in any URL."""
    at = house()
    return SubjectsOut(subjects=[subject(at, each) for each in identities(at, given.identities)])


@route("GET", "/may", Scope.GATE_ASK, gives={200: AnswerOut}, tag="gate")
def ask_whether(
    request: HttpRequest,
    subject: Annotated[list[str], Query(max_length=20)],
    purpose: Annotated[str, Query(pattern=r"^[a-z][a-z0-9_-]{0,63}$")],
    channel: Annotated[Literal["", "email", "sms", "phone"], Query()] = "",
) -> AnswerOut:
    """May this person be used for this purpose now?

    A no says why: no consent, withdrawal, objection, restriction, suppression or channel. A no is noted, by
    count and never by person."""
    return said(may(house(), subject, purpose, channel=channel))


@route("POST", "/gate/headers", Scope.GATE_ASK, gives={200: HeadersOut}, tag="gate")
def headers_of_letter(request: HttpRequest, given: HeadersIn) -> HeadersOut:
    """The headers with which a letter of advertising lets its reader stop it with one click (RFC 8058)"""
    at = house()
    return HeadersOut(headers=dict(unsubscribe.headers(at, identities(at, given.identities)[0])))
