"""The gate: other programs ask here before they send or use (art. 7.3, 18.2, 21.3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from lofte.accounts.scopes import Scope
from lofte.api import shapes
from lofte.api.acting import identities
from lofte.api.door import house
from lofte.api.machine import route
from lofte.consent.gate import MessageClass, Permission, may_process, may_send
from lofte.datamap.document import Kind as IdentityKind


class AddressKind(StrEnum):
    """What something can be sent to."""

    EMAIL = "email"
    PHONE = "phone"


class SendIn(shapes.In):
    """May this be sent?"""

    kind: AddressKind = AddressKind.EMAIL
    address: Annotated[shapes.Words, Field(min_length=1, max_length=320)]
    message: MessageClass = MessageClass.MARKETING
    purpose: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_-]{0,63})?$", description="Id of the policy.")] = (
        ""
    )


class ProcessIn(shapes.In):
    """May this be used?"""

    identities: shapes.Identities
    purpose: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$", description="Id of the policy.")]


class AnswerOut(Schema):
    """Yes; or no, and which record says so."""

    allowed: bool
    why: str | None
    article: str | None
    since: datetime | None
    ref: str | None


@route("POST", "/gate/send", Scope.GATE_ASK, gives={200: AnswerOut}, tag="gate")
def ask_to_send(request: HttpRequest, given: SendIn) -> AnswerOut:
    """May a message of this class go to this address now?

    A no is noted, by count and never by person. By POST: an address does not belong in a URL."""
    kind = IdentityKind(given.kind.value)
    return said(may_send(house(), kind, given.address, given.message, purpose=given.purpose))


@route("POST", "/gate/process", Scope.GATE_ASK, gives={200: AnswerOut}, tag="gate")
def ask_to_process(request: HttpRequest, given: ProcessIn) -> AnswerOut:
    """May this person's data be used for this purpose now?"""
    at = house()
    return said(may_process(at, identities(at, given.identities), given.purpose))


def said(answer: Permission) -> AnswerOut:
    """The answer of the gate, for a machine."""
    return AnswerOut(
        allowed=bool(answer),
        why=answer.why.value if answer.why else None,
        article=answer.article or None,
        since=answer.since,
        ref=answer.ref or None,
    )
