"""Rectifying and completing (art. 16).

Hard rules:
- Intent before act. What stood there and what was written is recorded, sealed under the request's
  own key, before a system makes the change lasting.
- One transaction per system. Done again after a failure it does the rest: what is right already is
  not found wrong a second time.
- A restriction is obeyed. A value that is somebody else's identity is refused.
- A supplementary statement stands with the person's data from then on: every later answer to a
  request for access holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lofte.consent.restrict import obeyed
from lofte.datamap.document import System
from lofte.datamap.identity import STRENGTH, Identity, Strength, canonical
from lofte.errors import Conflict, Refused, Unreachable
from lofte.execution import exactly
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan.records import DatasetRef, Kept, Subject
from lofte.plan.rectify import Correction, RectifyPlan
from lofte.plan.rectify import plan as planned
from lofte.requests import sealing
from lofte.requests.grant import grant
from lofte.requests.models import CorrectedRows, Request, Statement
from lofte.requests.receive import identities_of
from lofte.requests.roads import State

_ARTICLE = "16"
_ROWS, _WORDS = "before_and_after", "statement"

Reach = Callable[[System], Any]
"""Opens a system for reading and writing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """How it went, in counts."""

    number: str
    state: str
    rows: Mapping[tuple[str, str, str], int]
    """(system, dataset, column) -> rows changed."""
    left: int
    """Rows that say the same and are somebody else's too."""
    kept: tuple[Kept, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A supplementary statement, opened."""

    number: str
    on: date
    text: str


def rectify(house: House, request: Request, correction: Correction, reach: Reach, *, by: str = "") -> Done:
    """Write the right value wherever the wrong one stands, in every system.

    Raises Refused (nothing to rectify, restricted, another's identity), Unreachable after the
    systems that answered are done: the request stays open, and done again it does the rest."""
    _open(request)
    plan = planned(house.policy, house.datamap, correction)
    identities = identities_of(house, request)
    obeyed(house, identities, Right.RECTIFICATION)
    systems = sorted({place.at.system for place in plan.places})
    payload: dict[str, Value] = {"article": _ARTICLE, "systems": len(systems), "kept": len(plan.kept)}
    payload["fields"] = len(plan.places)
    with recorded(house):
        _note(house, Kind.RECTIFICATION_INTENDED, request, payload | ({"by": by} if by else {}))
    rows: dict[tuple[str, str, str], int] = {}
    left, silent = 0, None
    for id_ in systems:
        try:
            left += _in_system(house, request, plan, identities, house.datamap.system(id_), reach, rows)
        except Unreachable as error:
            silent = error
    if silent is not None:
        raise silent
    if any(rows.values()):
        request = grant(house, request, by=by)
    return Done(number=request.number, state=request.state, rows=rows, left=left, kept=plan.kept)


def state(house: House, request: Request, words: str, *, by: str = "") -> Statement:
    """Keep a supplementary statement with the person's data (art. 16, second sentence)."""
    if not words.strip():
        raise Refused("the statement is empty; write what the person wants to add")
    if request.right != Right.RECTIFICATION:
        raise Refused(f"this is a request for {request.right}; a statement belongs to a rectification")
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    with recorded(house):
        statement = Statement.objects.create(
            request=request,
            words=sealing.seal_text(key, words.strip(), _WORDS, request.ref),
            by=by,
            at=house.now,
        )
        _note(house, Kind.STATEMENT_KEPT, request, {"article": _ARTICLE, **({"by": by} if by else {})})
    return statement


def statements_of(house: House, identities: Sequence[Identity]) -> tuple[Said, ...]:
    """The statements of whoever has one of these identities, oldest first. A weak identity is
    nobody's alone, and finds none."""
    lookups = [
        sealing.lookup(house.keys.lookup, i) for i in identities if STRENGTH[i.kind] is not Strength.WEAK
    ]
    found = Statement.objects.filter(request__identifiers__lookup__in=lookups).distinct().order_by("id")
    said = []
    for statement in found.select_related("request"):
        request = statement.request
        key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
        text = sealing.unseal_text(key, statement.words, _WORDS, request.ref)
        said.append(Said(number=request.number, on=civil_date(statement.at), text=text))
    return tuple(said)


def before_and_after(house: House, request: Request) -> list[tuple[DatasetRef, tuple[str, ...], list[Any]]]:
    """What was changed for a request: dataset, names (key, column, column after), rows."""
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    told = []
    for record in CorrectedRows.objects.filter(request=request).order_by("id"):
        packed = sealing.unseal_text(key, record.rows, _ROWS, request.ref)
        names, rows = exactly.unpack(packed.encode("ascii"))
        told.append((DatasetRef(system=record.system, dataset=record.dataset), names, list(rows)))
    return told


def _open(request: Request) -> None:
    request.refresh_from_db()
    if request.right != Right.RECTIFICATION:
        raise Refused(f"this is a request for {request.right}; it is not fulfilled as rectification")
    if request.state == State.RECEIVED:
        raise Refused("the person is not identified yet; identify them first (art. 12.6)")
    if request.state == State.REFUSED:
        raise Conflict("this request is refused; read it again")


def _in_system(
    house: House,
    request: Request,
    plan: RectifyPlan,
    identities: Sequence[Identity],
    system: System,
    reach: Reach,
    rows: dict[tuple[str, str, str], int],
) -> int:
    """One system in one transaction; returns how many rows were left to a handler."""
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    now = plan.correction.now

    def keep(at: DatasetRef, names: Sequence[str], before: Sequence[tuple[Any, ...]]) -> None:
        packed = exactly.pack((*names, "after"), [(*row, now) for row in before]).decode("ascii")
        with recorded(house):
            CorrectedRows.objects.create(
                request=request,
                system=at.system,
                dataset=at.dataset,
                rows=sealing.seal_text(key, packed, _ROWS, request.ref),
                at=house.now,
            )
            payload: dict[str, Value] = {"system": at.system, "dataset": at.dataset, "rows": len(before)}
            _note(house, Kind.RECTIFICATION_RECORDED, request, payload)

    subject = Subject(ref=request.ref, identities=tuple(identities))
    places = [place for place in plan.places if place.at.system == system.id]
    connector = reach(system)
    try:
        with connector.acting() as session:
            _nobody_elses(house, session, subject, plan)
            done = session.rectify([subject], house.today, places, plan.correction, keep)
    finally:
        connector.close()
    left = sum(int(each.left) for each in done)
    for each in done:
        rows[system.id, each.place.at.dataset, each.place.column] = each.rows
    total = sum(each.rows for each in done)
    with recorded(house):
        payload: dict[str, Value] = {"system": system.id, "rows": total, "left": left}
        _note(house, Kind.RECTIFICATION_DONE, request, payload)
    return left


def _nobody_elses(house: House, session: Any, subject: Subject, plan: RectifyPlan) -> None:
    """The right value may not be another person's identity: from then on the two would be one."""
    kinds = {place.kind for place in plan.places} - {None}
    now = plan.correction.now
    for kind in kinds:
        if kind is None or now is None or STRENGTH[kind] is Strength.WEAK:
            continue
        value = canonical(kind, now.strip(), house.today)
        if value is None:
            raise Refused(f"the right value is no {kind}; write it as one")
        them = Subject(ref="another", identities=(Identity(kind=kind, value=value),))
        other, own = session.people([them, subject], house.today).persons
        theirs = {(d, k) for d, keys in other.keys.items() for k in keys}
        if theirs - {(d, k) for d, keys in own.keys.items() for k in keys}:
            raise Refused("another person has this identity already; look at both before going on")


def _note(house: House, kind: Kind, request: Request, payload: dict[str, Value]) -> None:
    note(kind, request.ref, payload, at=house.now, policy_version=house.policy_version)
