"""In which order rows go: who points before who is pointed at.

- Links that are emptied anyway are emptied first.
- Where rows that go point at each other in a ring, the link that may be empty is emptied first.
- A dataset whose rows point at each other and may not stop goes in layers, leaves first.
- What cannot be ordered is a fault; nothing is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lofte.datamap.tracing import Key
from lofte.fault import Fault, Place
from lofte.plan.facts import Facts, RowFact
from lofte.plan.living import faces_of
from lofte.plan.records import DatasetRef, Verb
from lofte.plan.verdict import NULL, Act, Changes, How, Verdict

Edge = tuple[int, str, str]
"""A tie, the dataset that points, and the one that is pointed at."""


def order(facts: Facts, verdicts: Sequence[Verdict]) -> tuple[Act, ...] | Fault:
    """The acts that carry out the verdicts, in an order that the database accepts."""
    tied = {name for tie in facts.ties if tie.declared for name in tie.columns}
    early = [(v, {n: c for n, c in v.changes.items() if c.how is How.NULL and n in tied}) for v in verdicts]
    late = [
        (v, {n: c for n, c in v.changes.items() if c.how is not How.NULL or n not in tied}) for v in verdicts
    ]
    going = [v.fact for v in verdicts if v.verb is Verb.DELETE]
    deleting = _deletes(facts, going)
    if isinstance(deleting, Fault):
        return deleting
    return (*_changes(early), *deleting, *_changes(late))


def _changes(parts: Sequence[tuple[Verdict, Changes]]) -> list[Act]:
    """The same changes to the rows of a dataset in one act."""
    found: dict[tuple[DatasetRef, Verb, tuple[tuple[str, object], ...]], list[tuple[RowFact, Changes]]] = {}
    for verdict, changes in parts:
        if changes:
            at = (verdict.fact.at, verdict.verb, tuple(sorted(changes.items(), key=lambda c: c[0])))
            found.setdefault(at, []).append((verdict.fact, changes))
    return [
        Act(at=at, verb=verb, rows=tuple(fact for fact, _ in rows), changes=rows[0][1])
        for (at, verb, _), rows in found.items()
    ]


def _deletes(facts: Facts, going: Sequence[RowFact]) -> list[Act] | Fault:
    by_dataset: dict[str, list[RowFact]] = {}
    for row in going:
        by_dataset.setdefault(row.at.dataset, []).append(row)
    linked = _linked(facts, by_dataset)
    cut, layered = _break_rings(facts, by_dataset, linked)
    if isinstance(cut, Fault):
        return cut
    left = {edge: pairs for edge, pairs in linked.items() if edge[0] not in cut and edge[1] != edge[2]}
    acts = [act for number in sorted(cut) for act in _cuts(facts, number, linked)]
    for name in _children_first(by_dataset, left):
        rows = by_dataset[name]
        layers = (
            _layers(rows, [p for e, p in linked.items() if e[1] == e[2] == name])
            if name in layered
            else [rows]
        )
        acts += [Act(at=rows[0].at, verb=Verb.DELETE, rows=tuple(layer)) for layer in layers if layer]
    return acts


Pairs = list[tuple[RowFact, RowFact]]


def _linked(facts: Facts, by_dataset: Mapping[str, Sequence[RowFact]]) -> dict[Edge, Pairs]:
    """The declared links between rows that go: (who points, who is pointed at)."""
    going = {(row.at.dataset, row.key) for rows in by_dataset.values() for row in rows}
    faces = faces_of(facts)
    declared = {tie.number: tie.nullable for tie in facts.ties if tie.declared}
    found: dict[Edge, Pairs] = {}
    for rows in by_dataset.values():
        for row in rows:
            for number, key in row.links.items():
                parent = faces.get((number, key)) if key is not None and number in declared else None
                if parent is None or (parent.at.dataset, parent.key) not in going:
                    continue
                # MariaDB lets no row go that points at itself; where it may, it stops pointing first.
                if parent is not row or declared[number]:
                    found.setdefault((number, row.at.dataset, parent.at.dataset), []).append((row, parent))
    return found


def _break_rings(
    facts: Facts, by_dataset: Mapping[str, Sequence[RowFact]], linked: Mapping[Edge, Pairs]
) -> tuple[set[int] | Fault, set[str]]:
    """Which ties to empty first so that no ring is left, and which datasets go in layers."""
    nullable = {tie.number for tie in facts.ties if tie.nullable}
    layered = {child for number, child, parent in linked if child == parent and number not in nullable}
    cut = {number for number, child, parent in linked if child == parent and number in nullable}
    while True:
        left = [e for e in linked if e[0] not in cut and e[1] != e[2]]
        ring = _ring(by_dataset, left)
        if not ring:
            return cut, layered
        weak = [e[0] for e in left if e[1] in ring and e[2] in ring and e[0] in nullable]
        if not weak:
            return _unordered(facts.system, ring), layered
        cut.add(min(weak))


def _ring(names: Mapping[str, object], edges: Sequence[Edge]) -> set[str]:
    """Datasets that are left when all that nothing points at are taken away, from both ends."""
    left = set(names)
    changed = True
    while changed:
        inside = [e for e in edges if e[1] in left and e[2] in left]
        keep = {e[1] for e in inside} & {e[2] for e in inside}
        changed, left = keep != left, keep
    return left


def _children_first(names: Mapping[str, object], edges: Mapping[Edge, Pairs]) -> list[str]:
    done: list[str] = []
    left = list(names)
    while left:
        free = [n for n in left if not any(e[2] == n and e[1] in left for e in edges)]
        done += free
        left = [n for n in left if n not in free]
    return done


def _cuts(facts: Facts, number: int, linked: Mapping[Edge, Pairs]) -> list[Act]:
    tie = next(t for t in facts.ties if t.number == number)
    acts = []
    for (n, child, _), pairs in linked.items():
        if n == number:
            ground = facts.grounds[child]
            changes = {name: NULL for name in tie.columns if ground.columns[name].nullable}
            rows = tuple({row.key: row for row, _ in pairs}.values())
            acts.append(Act(at=rows[0].at, verb=Verb.UNLINK, rows=rows, changes=changes))
    return acts


def _layers(rows: Sequence[RowFact], links: Sequence[Pairs]) -> list[list[RowFact]]:
    """Rows that nothing points at, then those that nothing points at any more, and so on. A ring
    of rows goes in one layer: the database must judge it."""
    above: dict[Key, set[Key]] = {}
    for pairs in links:
        for child, parent in pairs:
            above.setdefault(child.key, set()).add(parent.key)
    pointers = {row.key: 0 for row in rows}
    for parents in above.values():
        for key in parents:
            pointers[key] += 1
    by_key = {row.key: row for row in rows}
    layers: list[list[RowFact]] = []
    ready = [key for key, n in pointers.items() if n == 0]
    while ready:
        layers.append([by_key.pop(key) for key in ready])
        freed = []
        for key in ready:
            for parent_key in above.get(key, ()):
                pointers[parent_key] -= 1
                if pointers[parent_key] == 0:
                    freed.append(parent_key)
        ready = freed
    return [*layers, list(by_key.values())]


def _unordered(system: str, ring: set[str]) -> Fault:
    return Fault(
        number="X103",
        place=Place(path=f"{system}.datasets"),
        what=f"rows of {', '.join(sorted(ring))} point at each other in a ring, and no link may be empty",
        mend="make one of the foreign keys nullable",
    )
