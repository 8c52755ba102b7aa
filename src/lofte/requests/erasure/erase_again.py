"""Erasing again whom a restored backup has brought back: a plan made anew, carried out at once.

Hard rules:
- Nobody else is at work with the person meanwhile; a hold or a restriction that stands keeps the rows,
  and is looked for once more before anything is made lasting.
- The person is looked for by who they are. A row that no longer tells anybody (what was kept for a
  time) is known by its key; where it was written down what it told then, it must tell it still.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lofte.connectors.protocol import Acting, Changes, Erasing
from lofte.consent import watch
from lofte.consent.object import prevailed
from lofte.consent.person import person_mark
from lofte.consent.restrict import as_holds_by
from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import Key
from lofte.errors import Conflict
from lofte.execution import restore_log, runner, tombstones
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind, Value
from lofte.plan import erase
from lofte.plan.facts import Facts
from lofte.plan.holds import Holds
from lofte.plan.living import USUAL, Elsewhere
from lofte.plan.records import DatasetRef, Subject, Verb
from lofte.plan.scope import Scope, stone_marks, together, unmarked
from lofte.plan.verdict import ErasePlan
from lofte.requests import sealing
from lofte.requests.course import known
from lofte.requests.course.lock import Alone, alone, lookups, reopen, shown, telling
from lofte.requests.erasure import elsewhere, holds, whose
from lofte.requests.erasure.evidence import Row
from lofte.requests.erasure.restored import Erase, Returned
from lofte.requests.erasure.whose import Stamp
from lofte.requests.models import Deferral, Request

STEP = "replay"


def erasing(house: House, connect: Callable[[System], Erasing]) -> Erase:
    """What erases returned persons in a system; a hold or a restriction that stands keeps them."""

    def again(system: str, persons: Sequence[Returned]) -> Iterator[Row]:
        connector = connect(house.datamap.system(system))
        try:
            for person in persons:
                yield from _One(house, connect, connector, system, person).erase()
        finally:
            connector.close()

    return again


@dataclass(frozen=True, slots=True)
class _One:
    """One person who is back in one system."""

    house: House
    connect: Callable[[System], Erasing]
    connector: Erasing
    system: str
    person: Returned

    def erase(self) -> Iterator[Row]:
        """Erase them; gives the rows that stay, and may."""
        house, person = self.house, self.person
        place = house.datamap.system(self.system)
        request = Request.objects.filter(ref=person.request).first()
        wanted = lookups(house, person.identities)
        if request:
            wanted |= shown([request])[request.ref] | known.kept_for_later(request).keys()
        contracts = elsewhere.contracts(house, place, [_subject(person)], self.connect)
        with alone(house, runner.owner(STEP), {person.request: wanted}) as held:
            with (
                watch.ours(house, person.identities, place, self.connect),
                self.connector.acting() as session,
            ):
                facts = session.facts([_subject(person)], house.today)
                for one in session.known.persons:
                    held.widen(person.request, telling(one))
                known_ = {p.subject: p.identities for p in session.known.persons}
                plan = self._carried_out(session, facts, known_, contracts, request, held)
            yield from self._told(plan, held.owner)
            seen = {(verdict.fact.at.dataset, verdict.fact.key) for verdict in plan.verdicts}
            if nameless := self._nameless(seen):
                with self.connector.acting() as session:
                    facts, lost = self._by_key(session, nameless, request)
                    plan = self._carried_out(session, facts, {}, contracts, request, held)
                yield from self._told(plan, held.owner)
                yield from lost

    def _nameless(self, seen: set[Row]) -> set[Row]:
        """Rows that had gone, are surely those that went, and belong to nobody who can be looked for."""
        rows = {(r.dataset, r.key) for r in self.person.rows if r.back and r.sure}
        return rows - seen

    def _by_key(self, session: Acting, nameless: set[Row], request: Request | None) -> tuple[Facts, set[Row]]:
        """The facts of these rows, and those of them that have come to tell of somebody else. What was
        kept beside them tells whose they are."""
        stamps = _stamps(self.house, request, self.system)
        facts = session.facts_of(_by_dataset(nameless | stamps.keys()), self.house.today)
        still = whose.still(self.house, session, facts, stamps, {}) if stamps else set()
        lost = {row for row in nameless if stamps.get(row) and row not in still}
        there = {(row.at.dataset, row.key) for row in facts.rows}
        if lost:
            facts = session.facts_of(_by_dataset((nameless | stamps.keys()) - lost), self.house.today)
        place = self.house.datamap.system(self.system)
        return whose.as_told(place, facts, stamps, nameless - lost), lost & there

    def _carried_out(
        self,
        session: Acting,
        facts: Facts,
        known_: Mapping[int, Iterable[Identity]],
        contracts: frozenset[int],
        request: Request | None,
        held: Alone,
    ) -> ErasePlan:
        """Plan and do it, in the transaction that the session is. Raises Conflict when a hold came in
        between, or somebody else has begun with the person."""
        house, person = self.house, self.person
        keeps = _held(house, person, request, known_)
        grounds, scope = _asked(person)
        plan = erase.plan(
            house.policy,
            house.datamap,
            facts,
            [_subject(person)],
            house.today,
            grounds=grounds or USUAL,
            holds=keeps,
            elsewhere=Elsewhere(contracts=contracts, going_on=prevailed(house, known_)),
            scope=scope,
        )
        rows = _rows(plan)
        if rows:
            said: dict[str, Value] = {"target": self.system, "rows": rows, "plan_digest": plan.digest}
            with recorded(house):
                self._note(Kind.ERASURE_REPLAY_INTENDED, said)
        _entomb(house, person, plan, scope)
        session.act(plan, _keeping(house, person.request))
        if rows:
            with writing():
                held.close()
        held.insist()
        if _held(house, person, request, known_) != keeps:
            raise Conflict("a hold was placed while the rows were on their way; nothing was erased")
        return plan

    def _told(self, plan: ErasePlan, owner: str) -> Iterator[Row]:
        """Tell what was done; gives the rows that stay."""
        if rows := _rows(plan):
            with recorded(self.house):
                self._note(Kind.ERASURE_REPLAYED, {"target": self.system, "rows": rows})
                reopen(owner)
        for verdict in plan.verdicts:
            if verdict.verb is not Verb.DELETE:
                yield verdict.fact.at.dataset, verdict.fact.key

    def _note(self, kind: Kind, said: dict[str, Value]) -> None:
        house = self.house
        note(kind, self.person.request, said, at=house.now, policy_version=house.policy_version)


def _rows(plan: ErasePlan) -> int:
    return len({(a.at.dataset, row.key) for a in plan.acts for row in a.rows})


def _subject(person: Returned) -> Subject:
    return Subject(ref=person.request, identities=tuple(sorted(person.identities)))


def _held(
    house: House, person: Returned, request: Request | None, known_: Mapping[int, Iterable[Identity]]
) -> Holds:
    """What keeps the rows now, by any identity that is known of the person. Nobody has asked for this
    erasure today: a restriction that has come since keeps them too."""
    told = known.kept_for_later(request) if request else {}
    identities = {*person.identities, *(i for each in known_.values() for i in each)}
    stone_marks = {person_mark(house, each) for each in identities} | {mark for mark in told.values() if mark}
    found = {sealing.lookup(house.keys.lookup, each) for each in identities} | set(told)
    if request:
        found |= shown([request])[request.ref]
    keeps = (*holds.standing_by(house, {0: found}).get(0, ()), *as_holds_by(house, stone_marks))
    return {0: keeps} if keeps else {}


def _stamps(house: House, request: Request | None, system: str) -> dict[Row, Stamp]:
    """The rows that were kept for a time, gone since or not, and what they told then."""
    if request is None or not request.key:
        return {}  # The key goes when no row waits any more.
    found: dict[Row, Stamp] = {}
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    for each in Deferral.objects.filter(request=request, system=system).order_by("id"):
        named = tuple(json.loads(sealing.unseal_text(key, each.key, "deferral", request.ref)))
        told = sealing.unseal_text(key, each.stamp, "stamp", request.ref) if each.stamp else "{}"
        found[each.dataset, named] = json.loads(told)
    return found


def _by_dataset(rows: Iterable[Row]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = {}
    for dataset, key in sorted(rows):
        found.setdefault(dataset, []).append(key)
    return found


def _asked(person: Returned) -> tuple[tuple[str, ...], Scope]:
    """On what grounds, and how far, by all the requests that their rows were erased for: as the house has
    it, else as it stands with the tombstones."""
    grounds, marked = unmarked(sorted(person.grounds))
    refs = {ref for row in person.rows for ref in row.requests}
    known_ = dict(Request.objects.filter(ref__in=refs).values_list("ref", "scope"))
    return grounds, together(known_.get(ref, marked) for ref in refs)


def _entomb(house: House, person: Returned, plan: ErasePlan, scope: Scope) -> None:
    """Rows that the person got between the backup and now, and that go with the others."""
    keys: dict[tuple[str, Verb], list[tuple[str, ...]]] = {}
    for verdict in plan.verdicts:
        if verdict.verb is not Verb.KEEP:
            keys.setdefault((verdict.fact.at.dataset, verdict.verb), []).append(verdict.fact.key)
    for (dataset, verb), listed in keys.items():
        identities = tuple(person.identities)
        why = (*plan.grounds, *stone_marks(scope))
        tombstones.note(
            house, person.request, plan.system, dataset, listed, identities, verb=verb, grounds=why
        )


def _keeping(house: House, request: str) -> Callable[..., None]:
    def keep(
        at: DatasetRef, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], changes: Changes
    ) -> None:
        restore_log.keep(house, request, STEP, at.system, at.dataset, columns, rows, changes=changes)

    return keep
