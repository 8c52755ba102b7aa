"""What other programs hand in: messages from tickets and chats, signed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Schema
from pydantic import Field

from lofte.api import shapes
from lofte.api.door import house
from lofte.api.machine import route
from lofte.api.models import Source
from lofte.intake.hand_in import Handed, hand_in
from lofte.intake.judge import Outcome
from lofte.requests.models import Request


class MessageIn(shapes.In):
    """A message of a person, as your program has it. Its id is the header `webhook-id`."""

    words: Annotated[shapes.Words, Field(min_length=1, max_length=20_000)]
    subject: Annotated[shapes.Words, Field(max_length=400)] = ""
    sender: Annotated[
        shapes.Words, Field(max_length=320, description="An e-mail address, where there is one.")
    ] = ""
    answers: Annotated[
        shapes.Words,
        Field(max_length=255, description="The `webhook-id` of an earlier message of the conversation."),
    ] = ""
    received_at: Annotated[
        shapes.Moment | None, Field(description="When it reached you: the time runs from then.")
    ] = None


class NumberOut(Schema):
    """A request, and when it is answered at the latest."""

    number: str
    due_on: date


class HandedOut(Schema):
    """What became of a message."""

    outcome: Outcome
    requests: list[NumberOut]
    """That it opened, or belongs to. Tell the person their numbers and last days."""


@route(
    "POST",
    "/inbound/{source}",
    None,
    gives={200: HandedOut},
    tag="sources",
    extra={
        "parameters": [
            {"in": "header", "name": name, "required": True, "schema": {"type": "string"}}
            for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        ]
    },
)
def hand_in_message(
    request: HttpRequest,
    source: Path[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]],
    given: MessageIn,
) -> HandedOut:
    """Hand in a message: it becomes a case, joins one, waits for a handler, or is nothing of ours

    Signed as Standard Webhooks. Send every message: what asks for no right is not kept. The same id again
    changes nothing."""
    signed_by: Source = request.source  # type: ignore[attr-defined]
    handed = Handed(
        id=request.headers["webhook-id"],
        words=given.words,
        subject=given.subject,
        sender=given.sender,
        answers=given.answers,
        at=given.received_at,
    )
    taken = hand_in(house(), signed_by.ref, signed_by.channel, handed)
    numbers = Request.objects.filter(number__in=(*taken.opened, *taken.joined)).order_by("number")
    return HandedOut(
        outcome=taken.outcome,
        requests=[NumberOut(number=each.number, due_on=each.due_on) for each in numbers],
    )
