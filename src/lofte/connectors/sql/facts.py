"""Reading facts: keys and structure of the subjects' rows, two statements per dataset at most.

The first statement finds the rows, as for access. The second follows the same chains from these
rows without the net, and so tells everybody they belong to. A third, one for the whole system,
counts the rows that point at them, mapped or not.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa

from lofte.connectors.sql.dialects import json_at
from lofte.connectors.sql.fact_rows import Maker
from lofte.connectors.sql.fact_shapes import FOUND, DatasetShape, FactShapes
from lofte.connectors.sql.pointing import pointing
from lofte.connectors.sql.shapes import Branch, Shape, Shaper, Slot
from lofte.connectors.sql.ties import Told
from lofte.connectors.sql.verify import Index, judge, key_text
from lofte.connectors.sql.wire import Wire
from lofte.datamap.catalogue import LiveColumn
from lofte.datamap.document import Author, ByIdentity, Dataset
from lofte.datamap.identity import STRENGTH, Strength, canonical
from lofte.datamap.tracing import Key, People
from lofte.plan.facts import NOBODY, Facts, RowFact


class Asking(Protocol):
    """The part of a session that facts are read through."""

    wire: Wire

    def bound(self, slots: Sequence[Slot], people: People) -> dict[str, Any] | None:
        """The parameters of these slots."""
        ...


@dataclass(kw_only=True, slots=True)
class _Read:
    """What has been read so far."""

    rows: list[RowFact]
    shared: dict[str, int]
    statements: int = 0
    alike: int = 0


class FactReader:
    """Reads the facts about some persons through one session."""

    def __init__(
        self, asking: Asking, shapes: FactShapes, people: People, on: date, *, together: bool = False
    ) -> None:
        self._asking = asking
        self._together = together
        self._shapes = shapes
        self._people = people
        self._on = on
        self._index = Index(people, on)
        self._read = _Read(rows=[], shared={})
        self._makers: dict[str, Maker] = {}

    def facts(self) -> Facts:
        """The rows of all datasets that the company itself answers for."""
        asked = {
            id_: values
            for id_, shape in self._shapes.datasets.items()
            if (values := self._asking.bound(shape.find.slots, self._people)) is not None
        }
        shapes = {id_: self._shapes.datasets[id_] for id_ in asked}
        rows = self._asking.wire.each([(shapes[id_].find.stream, asked[id_]) for id_ in asked])
        self._read.statements += len(asked)
        found = {
            id_: self._found(id_, shapes[id_], fetched) for id_, fetched in zip(asked, rows, strict=True)
        }
        self._owned(found)
        return self._told()

    def facts_of(self, keys: Mapping[str, Collection[Key]]) -> Facts:
        """The rows with these keys, by dataset, as far as they are still there."""
        for id_, shape in self._shapes.datasets.items():
            if wanted := sorted(keys.get(id_, ())):
                self._owned({id_: self._named(id_, shape, wanted)})
        return self._told()

    def _told(self) -> Facts:
        pointed = self._pointed()
        return Facts(
            system=self._shapes.system.id,
            rows=tuple(self._read.rows),
            ties=self._shapes.ties,
            grounds=self._shapes.grounds,
            pointed=pointed,
            shared=self._read.shared,
            ambiguous=max((a.persons for a in self._people.ambiguous), default=0),
            persons=sum(bool(p.keys) for p in self._people.persons),
            statements=self._read.statements + self._people.statements,
        )

    def _named(self, id_: str, shape: DatasetShape, keys: Sequence[Key]) -> list[RowFact]:
        shaper = self._shapes.shaper
        source = shaper.source(id_, "t1")
        columns = [source.c[name] for name in self._shapes.system.datasets[id_].key]
        where = shaper.dialect.in_keys(columns, shape.key_columns, FOUND)
        statement = shaper.compile(sa.select(*(source.c[name] for name in shape.columns)).where(where))
        values = bind_keys(shaper, FOUND, [(key, key) for key in keys], shape.key_columns)
        self._read.statements += 1
        rows = self._asking.wire.all(statement, values)
        facts = (self._fact(id_, shape, row, frozenset((0,)), certain=True) for row in rows)
        wanted = set(keys)
        return [fact for fact in facts if fact.key in wanted]

    def _found(self, id_: str, shape: DatasetShape, rows: Iterable[Sequence[Any]]) -> list[RowFact]:
        """The facts of the rows that were fetched, as far as they are really the subjects'."""
        if shape.owners is None and not shape.find.several:
            return self._each(id_, shape, rows)
        groups: dict[tuple[Any, ...], list[Sequence[Any]]] = {}
        at = shape.find.key
        for fetched in rows:
            groups.setdefault(tuple([fetched[n] for n in at]), []).append(fetched)
        found = []
        for same in groups.values():
            certain, perhaps, shared = NOBODY, NOBODY, NOBODY
            first: Sequence[Any] = ()
            for row, _branch, match in judge(shape.find, self._index, same):
                if match:
                    first = first or row
                    certain |= match.certain
                    perhaps |= match.perhaps
                    shared |= match.shared
            if certain or perhaps:
                found.append(self._fact(id_, shape, first, certain or perhaps, certain=bool(certain)))
            elif shared:
                self._read.shared[id_] = self._read.shared.get(id_, 0) + 1
        return found

    def _each(self, id_: str, shape: DatasetShape, rows: Iterable[Sequence[Any]]) -> list[RowFact]:
        """As `_found`, where one way leads to each row, and it is found once."""
        found: list[RowFact] = []
        maker = self._maker(id_, shape)
        if self._together and maker.alike:
            for groups, match in maker.groups(shape.find, self._index, rows):
                if match.certain:
                    found += maker.as_one(groups, match.certain)
                elif match.shared:
                    self._read.shared[id_] = self._read.shared.get(id_, 0) + len(groups)
            return found
        for row, _, match in judge(shape.find, self._index, rows):
            if match.certain or match.perhaps:
                whose = match.certain or match.perhaps
                found.append(self._fact(id_, shape, row, whose, certain=bool(match.certain)))
            elif match.shared:
                self._read.shared[id_] = self._read.shared.get(id_, 0) + 1
        return found

    def _fact(
        self, id_: str, shape: DatasetShape, row: Sequence[Any], subjects: frozenset[int], *, certain: bool
    ) -> RowFact:
        return self._maker(id_, shape).fact(row, subjects, certain=certain)

    def _maker(self, id_: str, shape: DatasetShape) -> Maker:
        maker = self._makers.get(id_)
        if maker is None:
            maker = self._makers[id_] = Maker.of(self._shapes, id_, shape)
        return maker

    # -- whose else ---------------------------------------------------------------------------

    def _owned(self, found: Mapping[str, list[RowFact]]) -> None:
        """Add the rows of some datasets, with everybody they lead to."""
        asked: dict[str, tuple[Shape, dict[str, Any]]] = {}
        for id_, rows in found.items():
            shape = self._shapes.datasets[id_]
            certain = [(r.key, r.raw_key) for r in rows if r.certain] if shape.owners else []
            if certain and shape.owners:
                values = bind_keys(self._shapes.shaper, FOUND, certain, shape.key_columns)
                asked[id_] = shape.owners, values
        answers = self._asking.wire.each([(owners.stream, values) for owners, values in asked.values()])
        self._read.statements += len(asked)
        told = {id_: (asked[id_][0], heads) for id_, heads in zip(asked, answers, strict=True)}
        for id_, rows in found.items():
            self._read.rows += self._led(id_, rows, *told[id_]) if id_ in told else rows

    def _led(
        self, id_: str, found: list[RowFact], owners: Shape, heads: Iterable[Sequence[Any]]
    ) -> list[RowFact]:
        """The rows of a dataset, with whom they lead to."""
        paths: dict[Key, set[int]] = {}
        others: dict[Key, set[int]] = {}
        dataset = self._shapes.system.datasets[id_]
        only = next(iter(owners.branches.values()))
        for row in heads:
            branch = owners.branches[row[owners.branch_at]] if owners.branch_at >= 0 else only
            key = tuple([key_text(row[at]) for at in owners.key])
            mine, others_too = self._whose(branch, row, dataset, dataset.author)
            if mine:
                paths.setdefault(key, set()).add(branch.path)
            if others_too:
                others.setdefault(key, set()).add(branch.path)
        return [
            replace(
                row,
                others=bool(others.get(row.key)),
                paths=frozenset(paths.get(row.key, ())),
                others_paths=frozenset(others.get(row.key, ())),
            )
            if row.certain
            else row
            for row in found
        ]

    def _whose(
        self, branch: Branch, row: Sequence[Any], dataset: Dataset, author: Author | None
    ) -> tuple[bool, bool]:
        """Whether a head is the subjects', and whether it is somebody else's."""
        heads = [row[at] for at in branch.heads[: len(branch.end.columns)]]
        if branch.end.json is not None:
            heads = [json_at(heads[0], branch.end.json)]
        if any(head is None for head in heads):
            return False, False
        if branch.end.how == "keys":
            mine = (branch.end.of, tuple(key_text(head) for head in heads)) in self._index.keys
            return mine, not mine
        kind = branch.end.kinds[0]
        value = canonical(kind, heads[0], self._on)
        if value is None or STRENGTH[kind] is Strength.WEAK:
            return False, False
        if author is not None and branch.path >= 0 and not branch.end.json:
            path = dataset.subject[branch.path]
            if (
                isinstance(path, ByIdentity)
                and path.column == author.column
                and of_the_house(author, heads[0])
            ):
                return False, False
        known = bool(self._index.known.get((kind, value)))
        return known, not known

    # -- what points at them ------------------------------------------------------------------

    def _pointed(self) -> Mapping[int, Mapping[Key, int]]:
        """How many live rows point at each found row, by foreign key: one statement."""
        faces: dict[int, dict[Key, None]] = {}
        for told in self._shapes.told:
            if told.tie.declared:
                keys = self._faces(told)
                if keys:
                    faces[told.tie.number] = keys
        if not faces:
            return {}
        self._read.statements += 1 + (not self._shapes.looked)
        found = pointing(self._asking.wire.db, self._shapes, {n: list(keys) for n, keys in faces.items()})
        if found.spelled:
            self._read.rows = [self._spelled(row, found.spelled) for row in self._read.rows]
        return found.counts

    def _faces(self, told: Told) -> dict[Key, None]:
        """What may be pointed at by a tie: the found rows of its parents, each once."""
        parents, keys = told.tie.parents, told.tie.keys
        return dict.fromkeys(
            row.faces[keys] for row in self._read.rows if row.certain and row.at.dataset in parents
        )

    def _spelled(self, row: RowFact, spelled: Mapping[tuple[int, Key], Key]) -> RowFact:
        """The row, pointing at what the database takes its keys for."""
        found = {
            number: spelled[number, key]
            for number, key in row.links.items()
            if key is not None and (number, key) in spelled
        }
        return replace(row, links={**row.links, **found}) if found else row


def bind_keys(
    shaper: Shaper, slot: str, keys: Sequence[tuple[Key, tuple[Any, ...]]], live: Sequence[LiveColumn]
) -> dict[str, Any]:
    """The parameters that name these rows by key."""
    bound: list[tuple[Any, ...]] = []
    for text, raw in keys:
        if shaper.dialect.name == "postgresql" or raw is text:
            parts = [shaper.dialect.value(t, at) for t, at in zip(text, live, strict=True)]
            bound += list(itertools.product(*parts))
        else:
            bound.append(tuple(_plain(part) for part in raw))
    return dict(shaper.dialect.bind(slot, bound, len(live)))


def _plain(part: Any) -> Any:
    return part if isinstance(part, int | float | str) else key_text(part)


def of_the_house(author: Author, value: Any) -> bool:
    """The company's own people write too; they are no others."""
    said = str(value).casefold()
    return any(
        said == str(one).casefold() or (str(one).startswith("@") and said.endswith(str(one).casefold()))
        for one in author.house
    )
