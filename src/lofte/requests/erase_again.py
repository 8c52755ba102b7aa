"""Erasing again whom a restored backup has brought back: a plan made anew, carried out at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lofte.connectors.protocol import Acting, Erasing
from lofte.datamap.document import System
from lofte.execution import restore_log, tombstones
from lofte.execution.house import House
from lofte.plan import erase
from lofte.plan.living import USUAL
from lofte.plan.records import DatasetRef, Subject, Verb
from lofte.plan.verdict import ErasePlan
from lofte.requests import holds
from lofte.requests.restored import Erase, Returned

STEP = "replay"


def erasing(house: House, connect: Callable[[System], Erasing]) -> Erase:
    """What erases returned persons in a system; a hold that stands keeps them."""

    def again(system: str, persons: Sequence[Returned]) -> Iterator[tuple[str, tuple[str, ...]]]:
        connector = connect(house.datamap.system(system))
        try:
            for person in persons:
                with connector.acting() as session:
                    plan = _plan(house, session, person)
                    _entomb(house, person, plan)
                    session.act(plan, _keeping(house, person.request))
                for verdict in plan.verdicts:
                    if verdict.verb is not Verb.DELETE:
                        yield verdict.fact.at.dataset, verdict.fact.key
        finally:
            connector.close()

    return again


def _plan(house: House, session: Acting, person: Returned) -> ErasePlan:
    subject = Subject(ref=person.request, identities=tuple(sorted(person.identities)))
    facts = session.facts([subject], house.today)
    held = holds.standing(house, {p.subject: p.identities for p in session.known.persons})
    grounds = tuple(sorted(person.grounds)) or USUAL
    return erase.plan(house.policy, house.datamap, facts, [subject], house.today, grounds=grounds, holds=held)


def _entomb(house: House, person: Returned, plan: ErasePlan) -> None:
    """Rows that the person got between the backup and now, and that go with the others."""
    keys: dict[tuple[str, Verb], list[tuple[str, ...]]] = {}
    for verdict in plan.verdicts:
        if verdict.verb is not Verb.KEEP:
            keys.setdefault((verdict.fact.at.dataset, verdict.verb), []).append(verdict.fact.key)
    for (dataset, verb), listed in keys.items():
        identities = tuple(person.identities)
        tombstones.note(
            house, person.request, plan.system, dataset, listed, identities, verb=verb, grounds=plan.grounds
        )


def _keeping(house: House, request: str) -> Callable[..., None]:
    def keep(
        at: DatasetRef, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], changes: Sequence[str]
    ) -> None:
        restore_log.keep(house, request, STEP, at.system, at.dataset, columns, rows, changes=changes)

    return keep
