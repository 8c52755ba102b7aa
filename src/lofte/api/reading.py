"""Looking at requests: where each stands, by when it is answered, what was found and noted."""

from __future__ import annotations

import base64
import binascii
from datetime import date

from django.db.models import Q
from django.http import HttpRequest
from ninja import Path, Query

from lofte.accounts.scopes import Scope
from lofte.api import shapes
from lofte.api.door import house
from lofte.api.machine import route
from lofte.api.problem import INVALID, NOT_THERE, Problem, Where
from lofte.api.showing import asked_as, case_out, every_request, request_out, whole_out
from lofte.consent import restrict as restrictions
from lofte.consent import suppress as suppressions
from lofte.consent.person import CHANNELS
from lofte.datamap.identity import Identity
from lofte.execution.book import opened_about
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.notices.publish import in_force
from lofte.requests.answer import recipients
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.erasure import holds
from lofte.requests.models import Case, Request

READ = Scope.REQUESTS_READ


@route("GET", "/requests", READ, gives={200: shapes.RequestsOut}, tag="requests")
def list_requests(request: HttpRequest, given: Query[shapes.ListIn]) -> shapes.RequestsOut:
    """List requests, the most urgent first

    In the order of the last day to answer, then of the number."""
    at, asked = house(), every_request()
    if given.state is not None:
        asked = asked.filter(state=given.state)
    if given.right is not None:
        asked = asked.filter(right=given.right)
    if given.open is not None:
        is_open = Q(state__in=[each for each in State if each.open])
        asked = asked.filter(is_open if given.open else ~is_open)
    if given.due_by is not None:
        asked = asked.filter(due_on__lte=given.due_by)
    if given.cursor:
        day, number = _read_cursor(given.cursor)
        asked = asked.filter(Q(due_on__gt=day) | Q(due_on=day, number__gt=number))
    found = list(asked.order_by("due_on", "number")[: given.limit + 1])
    page = found[: given.limit]
    return shapes.RequestsOut(
        items=[request_out(each, at) for each in page],
        next=_cursor(page[-1]) if len(found) > given.limit else None,
    )


@route("GET", "/requests/{number}", READ, gives={200: shapes.WholeOut}, tag="requests")
def read_request(request: HttpRequest, number: Path[shapes.Number]) -> shapes.WholeOut:
    """Read a request

    Its state, its clock, what was decided. Never who asks."""
    return whole_out(asked_as(number), house())


@route("GET", "/cases/{ref}", READ, gives={200: shapes.CaseOut}, tag="requests")
def read_case(request: HttpRequest, ref: Path[shapes.Ref]) -> shapes.CaseOut:
    """Read a case: the requests that came in one message"""
    found = Case.objects.filter(ref=ref).first()
    if found is None:
        raise Problem(NOT_THERE, "There is no case with this id.", mend="It stands in each request.")
    return case_out(found, house())


@route("GET", "/requests/{number}/findings", READ, gives={200: shapes.FindingsOut}, tag="requests")
def list_findings(request: HttpRequest, number: Path[shapes.Number]) -> shapes.FindingsOut:
    """Read how much was found, by system and dataset

    Counts only."""
    found = asked_as(number).findings.order_by("system", "dataset")
    names = ("system", "dataset", "verb", "rows", "waiting", "shared")
    return shapes.FindingsOut(items=[shapes.FindingOut(**each) for each in found.values(*names)])


@route("GET", "/requests/{number}/ledger", READ, gives={200: shapes.EntriesOut}, tag="requests")
def list_entries(request: HttpRequest, number: Path[shapes.Number]) -> shapes.EntriesOut:
    """Read what the ledger has of a request

    Ids, counts, codes and days."""
    entries = opened_about(asked_as(number).ref, list(Kind))
    return shapes.EntriesOut(
        items=[
            shapes.EntryOut(
                seq=each.seq, at=each.at, kind=each.kind, policy_version=each.policy_version, values=values
            )
            for each, values in entries
        ]
    )


@route("GET", "/requests/{number}/standing", READ, gives={200: shapes.StandingOut}, tag="requests")
def read_standing(request: HttpRequest, number: Path[shapes.Number]) -> shapes.StandingOut:
    """Read the holds, restrictions and blocks that stand for the person of a request"""
    at, found = house(), asked_as(number)
    shown = identities_of(at, found) if found.key else ()
    return shapes.StandingOut(
        holds=[
            shapes.HoldOut(ref=each.ref, kind=str(each.kind), review_on=each.review_on)
            for each in holds.standing(at, {0: shown}).get(0, ())
        ],
        restrictions=[
            shapes.RestrictionOut(
                ref=each.restriction.ref,
                ground=each.restriction.ground,
                since=each.restriction.at,
                purposes=sorted(each.purposes),
            )
            for each in restrictions.standing(at, shown)
        ],
        suppressions=[block for identity in shown for block in _blocks(at, identity)],
    )


@route("GET", "/requests/{number}/recipients", READ, gives={200: shapes.RecipientsOut}, tag="recipients")
def list_recipients(request: HttpRequest, number: Path[shapes.Number]) -> shapes.RecipientsOut:
    """Read who got the data of a request, and whether they have been told (art. 19)"""
    heard = recipients.recipients_of(house(), asked_as(number))
    return shapes.RecipientsOut(
        items=[
            shapes.RecipientOut(
                recipient=each.recipient, sure=each.sure, told_on=each.told_on, impossible=each.impossible
            )
            for each in heard
        ]
    )


@route("GET", "/recipients", READ, gives={200: shapes.WaitingsOut}, tag="recipients")
def list_waiting(request: HttpRequest) -> shapes.WaitingsOut:
    """List the recipients who are still to be told (art. 19)"""
    return shapes.WaitingsOut(
        items=[
            shapes.WaitingOut(
                ref=each.ref,
                number=each.number,
                recipient=each.recipient,
                right=str(each.right),
                since=each.since,
                rows=sum(rows for _system, _dataset, rows in each.datasets),
            )
            for each in recipients.waiting(house())
        ]
    )


@route("GET", "/policy", READ, gives={200: shapes.PolicyOut}, tag="policy")
def read_policy(request: HttpRequest) -> shapes.PolicyOut:
    """Read which version of the policy holds, and which one is worked by

    They differ while a new version is written and not in force yet."""
    at = house()
    policy, holds_now = at.policy, in_force(at.today)
    return shapes.PolicyOut(
        in_force=holds_now.version if holds_now else None,
        effective_from=holds_now.effective_from if holds_now else None,
        digest=holds_now.digest if holds_now else None,
        worked_by=policy.meta.version,
        languages=list(policy.meta.languages),
        purposes=sorted(policy.purposes),
    )


def _blocks(at: House, identity: Identity) -> list[shapes.SuppressionOut]:
    found = (
        suppressions.standing(at, identity, channel, suppressions.MARKETING)
        for channel in CHANNELS.get(identity.kind, ())
    )
    return [
        shapes.SuppressionOut(ref=each.ref, channel=each.channel, since=each.at) for each in found if each
    ]


def _cursor(last: Request) -> str:
    return base64.urlsafe_b64encode(f"{last.due_on.isoformat()}/{last.number}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[date, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        day, _, number = (
            base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").partition("/")
        )
        return date.fromisoformat(day), number
    except (ValueError, binascii.Error) as error:
        where = Where(at="query.cursor", what="This is no cursor of ours.", mend="Send `next` as it came.")
        raise Problem(INVALID, "The page cannot be found.", where=[where]) from error
