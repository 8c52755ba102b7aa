"""One consistent look at one database: who the subjects are, and their rows."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from lofte.connectors.protocol import Acted, Counted, Found, Keep, Left, Rows
from lofte.connectors.sql import park, sizes, status, telling
from lofte.connectors.sql import rectify as rectifying
from lofte.connectors.sql import watch as watching
from lofte.connectors.sql.act import Hand
from lofte.connectors.sql.crowd import crowds
from lofte.connectors.sql.due import SqlDue
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.facts import FactReader
from lofte.connectors.sql.left import left_in
from lofte.connectors.sql.park import KeepKeys, MovedBack
from lofte.connectors.sql.persons import PersonShape
from lofte.connectors.sql.remains import Seen, remains
from lofte.connectors.sql.shapes import Shape, Slot
from lofte.connectors.sql.status import KeepStatus
from lofte.connectors.sql.tables import Tables
from lofte.connectors.sql.verify import NOBODY, Index, Subjects, judge, key_text, slot_values
from lofte.connectors.sql.watch import Looked, Mac
from lofte.connectors.sql.wire import Wire
from lofte.datamap.document import ByOwn, Kind, System
from lofte.datamap.identity import Identity, canonical, spellings
from lofte.datamap.tracing import Key, People, Person, PersonRow, Trace
from lofte.errors import Broken
from lofte.plan.anonymity import Crowd, Look
from lofte.plan.facts import Facts, RowFact
from lofte.plan.records import DatasetRef, Subject
from lofte.plan.rectify import Correction, Place
from lofte.plan.verdict import ErasePlan

SMALL = 5_000
"""Up to so many rows are taken at once; more are streamed."""
MAX_ROUNDS = 12
_FRAGMENT = re.compile(r"[a-z0-9]+")


class SqlSession:
    """Reads one system inside one read-only transaction."""

    def __init__(
        self,
        db: Connection,
        system: System,
        shapes: Callable[[str, bool], Shape | None],
        person_shapes: Mapping[str, PersonShape],
        values: Any,
        fact_shapes: Callable[[], FactShapes],
    ) -> None:
        self._db = db
        self.wire = Wire(db)
        self._system = system
        self._shapes = shapes
        self._person_shapes = person_shapes
        self._dialect = values
        self._fact_shapes = fact_shapes
        self._known: People | None = None
        self._seen: dict[tuple[str, Key], tuple[Any, ...]] = {}
        self._on = date.min
        self._tables = Tables(db)
        self._seen_left: Seen = {}

    # -- who ------------------------------------------------------------------------------------

    def people(self, subjects: Sequence[Subject], on: date) -> People:
        """Who the subjects are here: a statement per person dataset and round, whatever their number."""
        self._on = on
        trace = Trace([s.identities for s in subjects])
        statements = alike = 0
        for _ in range(MAX_ROUNDS):
            wanted = trace.wanted()
            by_kind: dict[Kind, set[str]] = {}
            for identity in wanted:
                by_kind.setdefault(identity.kind, set()).add(identity.value)
            asked = [s for s in self._person_shapes.values() if s.kinds & by_kind.keys()]
            if not asked:
                return trace.people(statements=statements, alike=alike)
            for shape in asked:
                rows, looked_alike = self._person_rows(shape, by_kind)
                trace.add(rows)
                alike += looked_alike
                statements += 1
        raise Broken("identities lead on and on; look for a column mapped as an identity that is none")

    def _person_rows(
        self, shape: PersonShape, wanted: Mapping[Kind, set[str]]
    ) -> tuple[list[PersonRow], int]:
        values: dict[str, Any] = {}
        for slot in shape.slots:
            values |= self._bind_identity(slot, wanted.get(slot.kind, set()) if slot.kind else set())
        found: list[PersonRow] = []
        alike = 0
        for row in self.wire.all(shape.statement, values):
            identities = set()
            right = False
            for at, kind in shape.identities:
                value = canonical(kind, row[at], self._on)
                if value is not None:
                    identities.add(Identity(kind=kind, value=value))
                    right = right or value in wanted.get(kind, ())
            if not right:
                alike += 1
                continue
            key = tuple(key_text(row[at]) for at in shape.key)
            self._seen[shape.dataset, key] = row
            found.append(PersonRow(dataset=shape.dataset, key=key, identities=frozenset(identities)))
        return found, alike

    # -- what an erasure must know ----------------------------------------------------------------

    def facts(self, subjects: Sequence[Subject], on: date, *, together: bool = False) -> Facts:
        """Keys and structure of the subjects' rows, and whose else they are; see `Judging.facts`."""
        self._known = self.people(subjects, on)
        return FactReader(self, self._fact_shapes(), self._known, on, together=together).facts()

    @property
    def known(self) -> People:
        """Who the subjects were, when facts were asked for."""
        return self._known or People(persons=())

    def facts_of(self, keys: Mapping[str, Collection[Key]], on: date) -> Facts:
        """The same of rows that are known by key: what an erasure has kept for a time."""
        self._on = on
        known = {name: frozenset(keys[name]) for name in keys if name in self._person_shapes}
        self._known = People(persons=(Person(subject=0, keys=known),))
        return FactReader(self, self._fact_shapes(), self._known, on).facts_of(keys)

    def tells(
        self, rows: Sequence[tuple[RowFact, Sequence[str]]], mac: Mac, *, lock: bool = False
    ) -> Mapping[tuple[str, Key], Mapping[str, str]]:
        """What these columns of rows say by now, as keyed digests, by dataset and key; `lock` holds the
        rows so until the transaction ends."""
        shapes, seen = self._fact_shapes(), {} if lock else self._seen_left
        return telling.tell(self._db, self._tables, shapes, rows, mac, lock=lock, seen=seen)

    def sizes(self, at_most: Mapping[str, int]) -> Mapping[str, int]:
        """How many rows the tables of these datasets have, each counted only as far as is said."""
        shaper = self._fact_shapes().shaper
        return sizes.read(self._db, {id_: (shaper.live(id_), most) for id_, most in at_most.items()})

    def remains(
        self, rows: Sequence[tuple[RowFact, Collection[str]]], known: Mapping[int, Collection[Identity]]
    ) -> Mapping[int, Mapping[tuple[str, str], int]]:
        """In how many of these rows somebody whose they are stands, with what this session has changed."""
        self._seen_left.clear()
        return remains(self._db, self._tables, self._fact_shapes(), rows, known, seen=self._seen_left)

    def act(self, plan: ErasePlan, keep: Keep, kept: Callable[[], None] | None = None) -> Acted:
        """Do what a plan says; only in a session that may write (`SqlConnector.acting`)."""
        if self._known is None:
            self._known = self.people(plan.subjects, plan.made_on)
        self._seen_left.clear()
        hand = Hand(self._db, self._fact_shapes(), plan.made_on, self._known, self._tables)
        return hand.act(plan, keep, kept)

    # -- whether it still tells who it was ----------------------------------------------------------

    def left(self, known: Iterable[Identity], allowed: Mapping[tuple[str, str], int]) -> tuple[Left, ...]:
        """As `Erasing.left`, with what this session has changed and not made lasting yet."""
        return left_in(self._system, self._db, known, allowed)

    def crowds(self, looks: Sequence[Look], k: int) -> tuple[Crowd, ...]:
        """Among how many persons these rows are; `facts` is asked before."""
        return crowds(self.wire, self._fact_shapes(), looks, self.known, self._on, k)

    def due(self, fiscal: str) -> SqlDue:
        """The rows whose time is out, for a sweep."""
        return SqlDue(self.wire, self._fact_shapes(), fiscal)

    # -- what a restriction shows -----------------------------------------------------------------

    def hold(
        self,
        subjects: Sequence[Subject],
        on: date,
        keep: KeepStatus,
        datasets: Collection[str] | None = None,
    ) -> dict[DatasetRef, int]:
        """Let the subjects' own rows say that they are restricted, where the map has a column for
        it; only in a session that may write. Returns how many were changed."""
        return status.hold(self._db, self._fact_shapes(), self.facts(subjects, on), keep, datasets)

    def put_back(self, dataset: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        """Let rows that `hold` changed say what they said before; one that says something else by
        now is left. Returns how many were put back."""
        return status.put_back(self._db, self._fact_shapes(), dataset, names, rows)

    def park(
        self,
        subjects: Sequence[Subject],
        on: date,
        keep: KeepKeys,
        datasets: Collection[str] | None = None,
    ) -> dict[DatasetRef, int]:
        """Move the subjects' own rows to the locked copies, where the map has some; only in a session
        that may write. Returns how many were moved."""
        facts = self.facts(subjects, on)
        return park.park(self._db, self._fact_shapes(), facts, self.known, subjects, on, keep, datasets)

    def bring_back(self, keys: Mapping[str, Collection[tuple[Any, ...]]]) -> dict[str, MovedBack]:
        """Move rows that `park` moved back to where they stood, by dataset and key."""
        return park.bring_back(self._db, self._fact_shapes(), keys)

    def look(
        self,
        subjects: Sequence[Subject],
        on: date,
        mac: Mac,
        datasets: Collection[str],
        columns: Mapping[str, Sequence[str]],
    ) -> dict[str, Looked]:
        """What the subjects' own rows say, as keyed digests: no value leaves the session."""
        shapes = self._fact_shapes()
        return watching.look(self._db, shapes, self.facts(subjects, on), mac, datasets, columns)

    def rectify(
        self,
        subjects: Sequence[Subject],
        on: date,
        places: Sequence[Place],
        correction: Correction,
        keep: rectifying.KeepBefore,
    ) -> tuple[rectifying.Rectified, ...]:
        """Write the right value where the wrong one stands in the subjects' own rows; only in a
        session that may write."""
        facts = self.facts(subjects, on)
        return rectifying.rectify(self._db, self._fact_shapes(), facts, places, correction, on, keep)

    # -- rows -----------------------------------------------------------------------------------

    def rows(self, dataset: str, people: People) -> Rows:
        """All rows of the dataset that belong to the subjects."""
        at = DatasetRef(system=self._system.id, dataset=dataset)
        entry = self._system.datasets[dataset]
        person_shape = self._person_shapes.get(dataset)
        if person_shape is not None and all(isinstance(p, ByOwn) for p in entry.subject):
            found = self._seen_rows(person_shape, people)
            return Rows(at=at, columns=person_shape.columns, found=found)
        shape = self._shapes(dataset, False)
        if shape is None:
            return Rows(at=at, columns=(), found=iter(()))
        rows = Rows(at=at, columns=shape.columns, found=iter(()))
        rows.found = self._found(shape, people, rows)
        return rows

    def count(self, dataset: str, people: People) -> Mapping[int, Counted]:
        """How many rows each subject has, certain or perhaps; only keys leave the database."""
        shape = self._shapes(dataset, True)
        if shape is None:
            return {}
        certain, waiting = Counter[int](), Counter[int]()
        rows = Rows(
            at=DatasetRef(system=self._system.id, dataset=dataset), columns=shape.columns, found=iter(())
        )
        for found in self._found(shape, people, rows):
            (certain if found.certain else waiting).update(found.subjects)
        return {
            subject: Counted(
                certain=certain[subject], waiting=waiting[subject], shared=rows.shared.get(subject, 0)
            )
            for subject in certain.keys() | waiting.keys() | rows.shared.keys()
        }

    def _seen_rows(self, shape: PersonShape, people: People) -> Iterator[Found]:
        owners: dict[Key, Subjects] = {}
        for person in people.persons:
            for key in person.keys.get(shape.dataset, ()):
                owners[key] = owners.get(key, NOBODY) | {person.subject}
        width = len(shape.columns)
        for key in sorted(owners):
            row = self._seen[shape.dataset, key]
            yield Found(subjects=tuple(sorted(owners[key])), row=tuple(row[:width]), by="own")

    def _found(self, shape: Shape, people: People, rows: Rows) -> Iterator[Found]:
        values = self.bound(shape.slots, people)
        if values is None:
            return
        index = Index(people, self._on)
        width = len(shape.columns)
        for same in self._grouped(shape, values, rows):
            certain: set[int] = set()
            perhaps: set[int] = set()
            shared: set[int] = set()
            by = ""
            first: Sequence[Any] = ()
            for row, branch, match in judge(shape, index, same):
                if not match:
                    rows.alike += 1
                    continue
                first = first or row
                by = by or branch.by if match.certain or not by else by
                certain |= match.certain
                perhaps |= match.perhaps
                shared |= match.shared
            row_out = tuple(first[:width])
            if certain:
                yield Found(subjects=tuple(sorted(certain)), row=row_out, by=by)
            if perhaps - certain:
                waiting = tuple(sorted(perhaps - certain))
                yield Found(subjects=waiting, row=row_out, by="mention", certain=False)
            for subject in shared - certain - perhaps:
                rows.shared[subject] = rows.shared.get(subject, 0) + 1

    def _grouped(self, shape: Shape, values: dict[str, Any], rows: Rows) -> Iterator[Sequence[Sequence[Any]]]:
        """Fetched rows, those of the same key together. Few are taken at once, many are streamed."""
        rows.statements += 1
        fetched = self.wire.all(shape.small, {**values, "at_most": SMALL + 1})
        if len(fetched) <= SMALL:
            if not shape.several:
                yield from ((row,) for row in fetched)
                return
            groups: dict[tuple[Any, ...], list[Sequence[Any]]] = {}
            for row in fetched:
                groups.setdefault(tuple(row[at] for at in shape.key), []).append(row)
            yield from groups.values()
            return
        del fetched
        rows.statements += 1
        stream = self.wire.stream(shape.stream, values)
        if not shape.several:
            yield from ((row,) for row in stream)
            return
        for _, same in itertools.groupby(stream, key=lambda row: tuple(row[at] for at in shape.key)):
            yield list(same)

    # -- binding ----------------------------------------------------------------------------------

    def bound(self, slots: Sequence[Slot], people: People) -> dict[str, Any] | None:
        """All parameters; None when nothing could be found with them."""
        identities = slot_values(people)
        values: dict[str, Any] = {}
        anything = False
        for slot in slots:
            if slot.what == "keys":
                bound, some = self._bind_keys(slot, people)
            else:
                known = identities.get(slot.kind, frozenset()) if slot.kind else frozenset()
                some = bool(known)
                bound = self._bind_identity(slot, known)
                if slot.what == "fragments" and slot.of:
                    keys = {k[0] for p in people.persons for k in p.keys.get(slot.of, ())}
                    some, bound = bool(keys), self._dialect.bind_needles(slot.name, _fragments(keys))
            values |= bound
            anything = anything or some
        return values if anything else None

    def _bind_keys(self, slot: Slot, people: People) -> tuple[dict[str, Any], bool]:
        bound = []
        for key in sorted({k for p in people.persons for k in p.keys.get(slot.of, ())}):
            parts = [self._dialect.value(text, live) for text, live in zip(key, slot.live, strict=True)]
            bound += list(itertools.product(*parts))
        return self._dialect.bind(slot.name, bound, len(slot.live)), bool(bound)

    def _bind_identity(self, slot: Slot, known: set[str] | frozenset[str]) -> dict[str, Any]:
        kind = slot.kind or Kind.EMAIL
        words = {s for value in sorted(known) for s in spellings(kind, value, self._on)}
        if slot.what == "needles":
            return dict(self._dialect.bind_needles(slot.name, sorted({w.lower() for w in words} | words)))
        if slot.what == "fragments":
            return dict(self._dialect.bind_needles(slot.name, _fragments(words)))
        bound = [v for w in sorted(words) for v in itertools.product(self._dialect.value(w, slot.live[0]))]
        return dict(self._dialect.bind(slot.name, bound, 1))


def _fragments(words: Iterable[str]) -> list[str]:
    """A part of each word that no program writes as an escape; nothing = found in every text."""
    return sorted({max(_FRAGMENT.findall(word.lower()), key=len, default="") for word in words})
