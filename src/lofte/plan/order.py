"""In which order rows go: who points before who is pointed at.

- Links that are emptied anyway are emptied first.
- Where rows that go point at each other in a ring, the link that may be empty is emptied first.
- A dataset whose rows point at each other and may not stop goes in layers, leaves first. So do
  datasets that point at each other in a ring, when their rows do not.
- What cannot be ordered is a fault; nothing is done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lofte.fault import Fault, Place
from lofte.plan.facts import Facts, RowFact
from lofte.plan.living import Faces, Row, faces_of
from lofte.plan.records import DatasetRef, Verb
from lofte.plan.verdict import NULL, Act, Changes, How, Verdict

Edge = tuple[int, str, str]
"""A tie, the dataset that points, and the one that is pointed at."""


def order(facts: Facts, verdicts: Sequence[Verdict], faces: Faces | None = None) -> tuple[Act, ...] | Fault:
    """The acts that carry out the verdicts, in an order that the database accepts. `faces` are those of
    the facts, when somebody has looked for them already."""
    early, late = _parted(facts, verdicts)
    going = [v.fact for v in verdicts if v.verb is Verb.DELETE]
    deleting = _deletes(facts, going, faces_of(facts) if faces is None else faces)
    if isinstance(deleting, Fault):
        return deleting
    return (*_changes(early), *deleting, *_changes(late))


def _parted(
    facts: Facts, verdicts: Sequence[Verdict]
) -> tuple[list[tuple[Verdict, Changes]], list[tuple[Verdict, Changes]]]:
    """What is changed before rows go, for they may be pointed at; and what after, for rows that go may
    point there. A dataset with links to be emptied is changed before as a whole where it can be."""
    declared = [tie for tie in facts.ties if tie.declared]
    tied = {name for tie in declared for name in tie.columns}
    changing = [verdict for verdict in verdicts if verdict.changes]
    nulled: dict[int, Changes] = {}  # many rows share the same changes
    for verdict in changing:
        if id(verdict.changes) not in nulled:
            said = verdict.changes.items()
            nulled[id(verdict.changes)] = {n: c for n, c in said if c.how is How.NULL and n in tied}
    first = [nulled[id(verdict.changes)] for verdict in changing]
    before = {v.fact.at.dataset for v, changes in zip(changing, first, strict=True) if changes}
    for verdict, changes in zip(changing, first, strict=True):
        at = verdict.fact.at.dataset
        if at not in before:
            continue
        others = verdict.changes.keys() - changes.keys()
        if any(at in tie.parents and others & set(tie.keys) for tie in declared):
            before.discard(at)
    early: list[tuple[Verdict, Changes]] = []
    late: list[tuple[Verdict, Changes]] = []
    for verdict, changes in zip(changing, first, strict=True):
        if verdict.fact.at.dataset in before:
            early.append((verdict, verdict.changes))
            continue
        early.append((verdict, changes))
        left = {n: c for n, c in verdict.changes.items() if n not in changes} if changes else verdict.changes
        late.append((verdict, left))
    return early, late


def _changes(parts: Sequence[tuple[Verdict, Changes]]) -> list[Act]:
    """The same changes to the rows of a dataset in one act."""
    found: dict[tuple[DatasetRef, Verb, int], list[tuple[RowFact, Changes]]] = {}
    numbers: dict[int, int] = {}  # many rows share the same changes
    alike: dict[tuple[tuple[str, object], ...], int] = {}
    for verdict, changes in parts:
        if changes:
            if id(changes) not in numbers:
                said = tuple(sorted(changes.items(), key=lambda c: c[0]))
                numbers[id(changes)] = alike.setdefault(said, len(alike))
            at = (verdict.fact.at, verdict.verb, numbers[id(changes)])
            found.setdefault(at, []).append((verdict.fact, changes))
    return [
        Act(at=at, verb=verb, rows=tuple(fact for fact, _ in rows), changes=rows[0][1])
        for (at, verb, _), rows in found.items()
    ]


def _deletes(facts: Facts, going: Sequence[RowFact], faces: Faces) -> list[Act] | Fault:
    by_dataset: dict[str, list[RowFact]] = {}
    for row in going:
        by_dataset.setdefault(row.at.dataset, []).append(row)
    linked = _linked(facts, by_dataset, faces)
    cut, layered, ring = _break_rings(facts, by_dataset, linked)
    left = {edge: pairs for edge, pairs in linked.items() if edge[0] not in cut}
    acts = [act for number in sorted(cut) for act in _cuts(facts, number, linked)]
    for names in _children_first(by_dataset, left, ring):
        inside = [pairs for edge, pairs in left.items() if edge[1] in names and edge[2] in names]
        rows = [row for name in names for row in by_dataset[name]]
        layers = _layers(rows, inside) if len(names) > 1 or names[0] in layered else [rows]
        if len(names) > 1 and layers[-1]:
            return _unordered(facts.system, {row.at.dataset for row in layers[-1]})
        for layer in layers:
            acts += _taken(layer)
    return acts


def _taken(layer: Sequence[RowFact]) -> list[Act]:
    """The rows of a layer, each dataset by itself."""
    found: dict[DatasetRef, list[RowFact]] = {}
    for row in layer:
        found.setdefault(row.at, []).append(row)
    return [Act(at=at, verb=Verb.DELETE, rows=tuple(rows)) for at, rows in found.items()]


Pairs = list[tuple[RowFact, RowFact]]


def _linked(
    facts: Facts,
    by_dataset: Mapping[str, Sequence[RowFact]],
    faces: Faces,
) -> dict[Edge, Pairs]:
    """The declared links between rows that go: (who points, who is pointed at)."""
    going = {(row.at.dataset, row.key) for rows in by_dataset.values() for row in rows}
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
) -> tuple[set[int], set[str], set[str]]:
    """Which ties to empty first so that no ring is left, which datasets go in layers, and which are in
    a ring that no tie can be taken out of: their rows go one after the other, if they can."""
    nullable = {tie.number for tie in facts.ties if tie.nullable}
    layered = {child for number, child, parent in linked if child == parent and number not in nullable}
    cut = {number for number, child, parent in linked if child == parent and number in nullable}
    while True:
        left = [e for e in linked if e[0] not in cut and e[1] != e[2]]
        ring = _ring(by_dataset, left)
        weak = [e[0] for e in left if e[1] in ring and e[2] in ring and e[0] in nullable]
        if not weak:
            return cut, layered, ring
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


def _children_first(
    names: Mapping[str, object], edges: Mapping[Edge, Pairs], ring: Collection[str]
) -> list[list[str]]:
    """The datasets in the order in which their rows can go; those of a ring together."""
    done: list[list[str]] = []
    left = [[name] for name in names if name not in ring]
    left += [[name for name in names if name in ring]] if ring else []
    while left:
        there = {name for group in left for name in group}
        free = [
            group
            for group in left
            if not any(e[2] in group and e[1] in there and e[1] not in group for e in edges)
        ]
        done += free
        left = [group for group in left if group not in free]
    return done


def _cuts(facts: Facts, number: int, linked: Mapping[Edge, Pairs]) -> list[Act]:
    tie = next(t for t in facts.ties if t.number == number)
    acts = []
    for (n, child, _), pairs in linked.items():
        if n == number:
            ground = facts.grounds[child]
            open_ = (n for n in tie.columns if ground.columns[n].nullable and n not in ground.key)
            changes = dict.fromkeys(open_, NULL)
            rows = tuple({row.key: row for pair in pairs for row in pair[0].apart()}.values())
            acts.append(Act(at=rows[0].at, verb=Verb.UNLINK, rows=rows, changes=changes))
    return acts


def _layers(rows: Sequence[RowFact], links: Sequence[Pairs]) -> list[list[RowFact]]:
    """Rows that nothing points at, then those that nothing points at any more, and so on. Last a ring
    of rows, if there is one: of rows of one dataset the database must judge it."""
    above: dict[Row, set[Row]] = {}
    for pairs in links:
        for child, parent in pairs:
            if child is not parent:
                above.setdefault(_row(child), set()).add(_row(parent))
    pointers = {_row(row): 0 for row in rows}
    for parents in above.values():
        for at in parents:
            pointers[at] += 1
    by_row = {_row(row): row for row in rows}
    layers: list[list[RowFact]] = []
    ready = [row for row, n in pointers.items() if n == 0]
    while ready:
        layers.append([by_row.pop(row) for row in ready])
        freed: list[Row] = []
        for gone in ready:
            for at in above.get(gone, ()):
                pointers[at] -= 1
                if pointers[at] == 0:
                    freed.append(at)
        ready = freed
    return [*layers, list(by_row.values())]


def _row(row: RowFact) -> Row:
    return row.at.dataset, row.key


def _unordered(system: str, ring: set[str]) -> Fault:
    return Fault(
        number="X103",
        place=Place(path=f"{system}.datasets"),
        what=f"rows of {', '.join(sorted(ring))} point at each other in a ring, and no link may be empty",
        mend="make one of the foreign keys nullable",
    )
