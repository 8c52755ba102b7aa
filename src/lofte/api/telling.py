"""Who is told what happens, and who may hand in messages, for those who manage that."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Schema, Status
from pydantic import Field

from lofte.accounts.scopes import Scope
from lofte.api import hooks, shapes
from lofte.api.door import by, house
from lofte.api.hooks import Event
from lofte.api.machine import route
from lofte.api.models import Source, Webhook
from lofte.api.problem import NOT_THERE, Problem

MANAGE = Scope.WEBHOOKS_MANAGE


class WebhookIn(shapes.In):
    """Where something is told, and what."""

    address: Annotated[shapes.Words, Field(min_length=1, max_length=500, description="https://...")]
    events: Annotated[list[Event], Field(min_length=1, max_length=6)]


class WebhookOut(Schema):
    """A webhook that holds."""

    ref: str
    address: str
    events: list[str]
    since: datetime
    waiting: int
    """Calls that have not been taken yet."""
    given_up: int
    """Calls of the last 30 days that nobody took."""


class NewWebhookOut(WebhookOut):
    """A webhook that was added."""

    secret: str
    """What its calls are signed with; shown now and never again."""


class WebhooksOut(Schema):
    """The webhooks that hold."""

    items: list[WebhookOut]


class SourceIn(shapes.In):
    """Another program that hands in messages."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", description="It stands in its address.")]
    channel: shapes.WayIn


class SourceOut(Schema):
    """A source that holds."""

    ref: str
    name: str
    channel: str
    since: datetime


class NewSourceOut(SourceOut):
    """A source that was added."""

    secret: str
    """What its messages are signed with; shown now and never again."""


class SourcesOut(Schema):
    """The sources that hold."""

    items: list[SourceOut]


@route("GET", "/webhooks", MANAGE, gives={200: WebhooksOut}, tag="webhooks")
def list_webhooks(request: HttpRequest) -> WebhooksOut:
    """List the webhooks that hold"""
    return WebhooksOut(items=[_webhook(each) for each in Webhook.objects.filter(ended=None)])


@route("POST", "/webhooks", MANAGE, gives={201: NewWebhookOut}, tag="webhooks")
def add_webhook(request: HttpRequest, given: WebhookIn) -> Status[NewWebhookOut]:
    """Tell an address what happens from now on

    Calls hold ids only, and are signed as Standard Webhooks (`webhook-id`, `webhook-timestamp`,
    `webhook-signature`). They are tried for three days; status 410 ends the webhook."""
    webhook, secret = hooks.add(house(), address=given.address, events=given.events, by=by(request))
    return Status(201, NewWebhookOut(**_webhook(webhook).model_dump(), secret=secret))


@route("DELETE", "/webhooks/{ref}", MANAGE, gives={204: None}, tag="webhooks")
def end_webhook(request: HttpRequest, ref: Path[shapes.Ref]) -> HttpResponse:
    """End a webhook: nothing more is told there"""
    found = Webhook.objects.filter(ref=ref, ended=None).first()
    if found is None:
        raise Problem(NOT_THERE, "There is no webhook with this id.", mend="Look at GET /webhooks.")
    hooks.end(house(), found, by=by(request))
    return HttpResponse(status=204)


@route("GET", "/sources", MANAGE, gives={200: SourcesOut}, tag="sources")
def list_sources(request: HttpRequest) -> SourcesOut:
    """List the programs that may hand in messages"""
    return SourcesOut(items=[_source(each) for each in Source.objects.filter(ended=None)])


@route("POST", "/sources", MANAGE, gives={201: NewSourceOut}, tag="sources")
def add_source(request: HttpRequest, given: SourceIn) -> Status[NewSourceOut]:
    """Let another program hand in messages at /inbound/{source}"""
    source, secret = hooks.add_source(house(), name=given.name, channel=given.channel.value, by=by(request))
    return Status(201, NewSourceOut(**_source(source).model_dump(), secret=secret))


@route("DELETE", "/sources/{ref}", MANAGE, gives={204: None}, tag="sources")
def end_source(request: HttpRequest, ref: Path[shapes.Ref]) -> HttpResponse:
    """End a source: nothing more is taken from it"""
    found = Source.objects.filter(ref=ref, ended=None).first()
    if found is None:
        raise Problem(NOT_THERE, "There is no source with this id.", mend="Look at GET /sources.")
    hooks.end_source(house(), found, by=by(request))
    return HttpResponse(status=204)


def _webhook(webhook: Webhook) -> WebhookOut:
    return WebhookOut(
        ref=webhook.ref,
        address=webhook.address,
        events=webhook.events,
        since=webhook.at,
        waiting=webhook.calls.filter(done_at=None, given_up_at=None).count(),
        given_up=webhook.calls.exclude(given_up_at=None).count(),
    )


def _source(source: Source) -> SourceOut:
    return SourceOut(ref=source.ref, name=source.name, channel=source.channel, since=source.at)
