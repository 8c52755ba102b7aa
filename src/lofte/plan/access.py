"""The access plan: what a person is given, what is forwarded, what is withheld and why (art. 15).

Every dataset that can hold somebody's rows gets one step, also when nothing will be found in it:
"we looked there and have nothing" is part of the answer. The company's own data come before
what it only processes for others, and a person's own row before the rows that point at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Generic, TypeVar

from lofte.datamap.digest import digest as map_digest
from lofte.datamap.document import DataMap, Dataset, Give, System
from lofte.plan.records import DatasetRef, Kept, Plan, Step, Subject, Verb
from lofte.plan.scope import EVERYTHING, Scope, limited_reading
from lofte.policy.digest import digest
from lofte.policy.document import Policy

T = TypeVar("T")
NO_REASON = "15.4"
"""Ground of a withheld field that says no reason of its own: the rights of others (art. 15.4)."""


def plan(
    policy: Policy, datamap: DataMap, subjects: Sequence[Subject], on: date, *, scope: Scope = EVERYTHING
) -> Plan:
    """What shall be done to answer these subjects' requests for access, as far as they ask."""
    everything = _for_anybody(_Same(policy), _Same(datamap))
    return replace(limited_reading(everything, datamap, scope), subjects=tuple(subjects), made_on=on)


class _Same(Generic[T]):
    """A frozen document, equal to itself only: documents hold mappings and have no hash."""

    def __init__(self, document: T) -> None:
        self.document = document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.document is self.document

    def __hash__(self) -> int:
        return id(self.document)


@lru_cache(maxsize=8)
def _for_anybody(policy: _Same[Policy], datamap: _Same[DataMap]) -> Plan:
    """The plan without its subjects: the same for everybody under these two documents."""
    placed = list(_in_order(datamap.document))
    language = policy.document.meta.record_language
    return Plan(
        right="access",
        subjects=(),
        steps=tuple(_step(at, dataset) for at, dataset in placed),
        kept=tuple(k for at, dataset in placed for k in _kept(at, dataset, language)),
        policy_digest=digest(policy.document),
        map_digest=map_digest(datamap.document),
        made_on=date.min,
    )


def _step(at: DatasetRef, dataset: Dataset) -> Step:
    if dataset.role == "processor":
        return Step(verb=Verb.FORWARD, at=at, article="28.3.e")
    by_give: dict[Give, list[str]] = {give: [] for give in Give}
    for name, field in dataset.fields.items():
        by_give[field.give].append(name)
    return Step(
        verb=Verb.GIVE,
        at=at,
        article="15.3",
        given=tuple(by_give[Give.GIVE]),
        masked=tuple(by_give[Give.MASK] + by_give[Give.MASK_OTHERS]),
        withheld=tuple(by_give[Give.WITHHOLD]),
    )


def _kept(at: DatasetRef, dataset: Dataset, language: str) -> Iterator[Kept]:
    """The withheld fields, one entry for each reason."""
    if dataset.role == "processor":
        return
    by_reason: dict[str, list[str]] = {}
    for name, field in dataset.fields.items():
        if field.give is Give.WITHHOLD:
            reason = field.why.say(language) if field.why else NO_REASON
            by_reason.setdefault(reason, []).append(name)
    for reason, names in by_reason.items():
        yield Kept(at=at, fields=tuple(names), ground=reason)


def _in_order(datamap: DataMap) -> Iterator[tuple[DatasetRef, Dataset]]:
    """Datasets that can be somebody's: own data first, then those held for others."""
    for role in ("controller", "processor"):
        for system in datamap.systems:
            depth = _depths(system)
            somebodys = [(id_, d) for id_, d in system.datasets.items() if d.subject and d.role == role]
            somebodys.sort(key=lambda pair: depth[pair[0]])
            for id_, dataset in somebodys:
                yield DatasetRef(system=system.id, dataset=id_), dataset


def _depths(system: System) -> dict[str, int]:
    """How many references lie between a dataset and the person, at least; far = not by reference."""
    far = len(system.datasets) + 1
    depth = {id_: 0 if any(p.by == "own" for p in d.subject) else far for id_, d in system.datasets.items()}
    changed = True
    while changed:
        changed = False
        for id_, dataset in system.datasets.items():
            targets = (getattr(p, "to", None) for p in dataset.subject)
            nearest = min((depth[t] + 1 for t in targets if t in depth), default=far)
            if nearest < depth[id_]:
                depth[id_], changed = nearest, True
    return depth
