"""The spool: takes rows as they come, for any number of persons, in bounded memory.

- Rows wait in memory until they weigh too much together; then all of them go to one file of
  ours, already written as the JSON and CSV they will be, and are never held again.
- Only the columns the map gives leave a row. A column without a decision is not given.
- A row that only mentions a person is counted and held back, until somebody has said of it that it
  is given; so is a row of their own whose free text names somebody else. A row that we hold for
  somebody else is counted and never kept.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from lofte.connectors.protocol import Found, Rows
from lofte.datamap.copies import copy_id
from lofte.datamap.document import DataMap, Dataset
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import People
from lofte.detect.names import propose, take_out
from lofte.detect.text import DOTS
from lofte.execution.scratch import Scratch
from lofte.plan.masking import Mask, masker, name_columns, text_columns
from lofte.plan.records import DatasetRef, Subject, Tally
from lofte.policy.document import Policy
from lofte.requests.package.data import FORMAT, VERSION, Head, head
from lofte.requests.package.encode import Row, csv_rows, json_rows, to_json
from lofte.requests.package.sheet import Chunk, Looked, Shape, Sheet

HOLD_BYTES = 16 * 1024 * 1024
"""How much rows may weigh in memory, about, before they go to the file."""
HOLD_ROWS = 30_000
SAMPLE = 16
"""Every so many rows one is weighed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What somebody has said of a row that they have looked at by itself."""

    give: bool | None
    """None = nobody has looked at it yet."""
    words: tuple[str, ...] = ()
    """What is taken out of it."""


class Weigh(Protocol):
    """What says of a row whether it is given."""

    def __call__(
        self, at: DatasetRef, given: Mapping[str, Any], names: Sequence[str], *, certain: bool
    ) -> Said:
        """What is said of a row that would be given so: the names in it that are proposed to be taken out,
        and whether it is the person's own row (`certain`) or only mentions them."""
        ...


class Spool:
    """What was found for some subjects, on its way into their packages."""

    def __init__(
        self,
        directory: Path,
        *,
        policy: Policy,
        datamap: DataMap,
        subjects: Sequence[Subject],
        on: date,
        weigh: Weigh | None = None,
    ) -> None:
        self._weigh_mention = weigh
        self.policy, self.datamap, self.subjects, self.on = policy, datamap, tuple(subjects), on
        self._directory = directory
        self._file: Scratch | None = None
        self._end = 0
        self._shapes: dict[DatasetRef, Shape] = {}
        self._sheets: dict[DatasetRef, dict[int, Sheet]] = {}
        self._waiting: dict[DatasetRef, dict[int, int]] = {}
        self._shared: dict[DatasetRef, dict[int, int]] = {}
        self._back: dict[DatasetRef, dict[int, int]] = {}
        self._counted: dict[DatasetRef, dict[int, int]] = {}
        self._people: dict[str, People] = {}
        self._looking: dict[tuple[DatasetRef, int, bool], Mask | None] = {}
        self._called: dict[int, set[str]] = defaultdict(set)
        self._held_rows = 0
        self._held_bytes = 0
        self._heads: dict[DatasetRef, Head] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what it held is gone."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def know(self, system_id: str, people: People) -> None:
        """Who the subjects are in a system: further identities that are theirs, keys of their rows.

        Without it only the identities they showed count as their own.
        """
        self._people[system_id] = people

    def take(self, system_id: str, rows: Rows) -> None:
        """All rows of one dataset, for all subjects, in one pass."""
        at = DatasetRef(system=system_id, dataset=rows.at.dataset)
        dataset = self.datamap.system(system_id).datasets[at.dataset]
        if dataset.role == "processor":
            self._count(at, rows)
        else:
            self._keep(at, dataset, rows)
        self._shared[at] = {s: n for s, n in rows.shared.items() if n}

    def _count(self, at: DatasetRef, rows: Rows) -> None:
        counted: dict[int, int] = defaultdict(int)
        for found in rows.found:
            for subject in found.subjects:
                counted[subject] += 1
        self._counted[at] = dict(counted)

    def _keep(self, at: DatasetRef, dataset: Dataset, rows: Rows) -> None:
        shape = self._shapes[at] = Shape.of(at, dataset, rows.columns)
        sheets: dict[int, Sheet] = self._sheets.setdefault(at, {})
        waiting: dict[int, int] = defaultdict(int)
        back: dict[int, int] = defaultdict(int)
        held: dict[int, list[Row]] = {}
        texts, called = text_columns(dataset, rows.columns), name_columns(dataset, rows.columns)
        countdown = 1
        for found in rows.found:
            row, subjects = found.row, found.subjects
            if found.certain and called:
                self._learn(found, called)
            if not found.certain or (texts and propose(_text(row, texts))):
                row, subjects = self._weighed(shape, sheets, found, waiting, back, texts)
            for subject in subjects:
                kept = held.get(subject)
                if kept is None:
                    sheet = sheets[subject] = sheets.get(subject) or self._sheet(shape, subject)
                    kept = held[subject] = sheet.held
                kept.append(row)
            countdown -= 1
            if countdown <= 0:
                countdown = SAMPLE
                if self._weigh(row):
                    self._spill()
        self._waiting[at], self._back[at] = dict(waiting), dict(back)

    def _learn(self, found: Found, called: Sequence[int]) -> None:
        """What the person is called in a row that is about them."""
        for subject in found.subjects:
            self._called[subject].update(str(found.row[at]) for at in called if found.row[at])

    def own_names(self, subject: int) -> frozenset[str]:
        """What the subject is called, as far as rows of theirs have said until now."""
        return frozenset(self._called.get(subject, ()))

    def identities(self, subject: int) -> frozenset[Identity]:
        """What the subject is known by, in all systems that were read."""
        return frozenset().union(*(people.persons[subject].identities for people in self._people.values()))

    def _weighed(
        self,
        shape: Shape,
        sheets: dict[int, Sheet],
        found: Found,
        waiting: dict[int, int],
        back: dict[int, int],
        texts: Sequence[int],
    ) -> tuple[Row, tuple[int, ...]]:
        """A row that is looked at by itself, and to whom it is given; the others wait, or do not get it."""
        row, given = found.row, []
        for subject in found.subjects:
            if self._weigh_mention is None:
                # Of many people at once nobody looks: what is theirs is given as its mask leaves it.
                if found.certain:
                    given.append(subject)
                else:
                    waiting[subject] += 1
                continue
            looked = Looked(self._looked(shape, subject, found.row, weighed=not found.certain))
            names = propose(_text(looked, texts if found.certain else None), own=self.own_names(subject))
            if found.certain and not names:
                given.append(subject)
                continue
            said = self._weigh_mention(shape.at, shape.named(looked), names, certain=found.certain)
            if said.give is None:
                waiting[subject] += 1
            elif not said.give:
                back[subject] += 1
            else:
                given.append(subject)
                sheet = sheets[subject] = sheets.get(subject) or self._sheet(shape, subject)
                row = _without(shape, sheet, looked, said.words)
        return row, tuple(given)

    def _sheet(self, shape: Shape, subject: int) -> Sheet:
        return Sheet(shape=shape, mask=self._mask(shape, subject))

    def _looked(self, shape: Shape, subject: int, row: Row, *, weighed: bool) -> Row:
        """A row as somebody looks at it by itself."""
        place = (shape.at, subject, weighed)
        if place not in self._looking:
            self._looking[place] = self._mask(shape, subject, weighed=weighed)
        mask = self._looking[place]
        return row if mask is None else mask(row)

    def _mask(self, shape: Shape, subject: int, *, weighed: bool = False) -> Mask | None:
        if not shape.masks:
            return None
        identities, keys = self._who(shape, subject)
        return masker(shape.dataset, shape.columns, identities, keys, on=self.on, weighed=weighed)

    def _who(self, shape: Shape, subject: int) -> tuple[frozenset[Identity], frozenset[Any]]:
        identities = frozenset(self.subjects[subject].identities)
        people = self._people.get(shape.at.system)
        if people is None:
            return identities, frozenset()
        person = people.persons[subject]
        author = shape.dataset.author
        keys: frozenset[Any] = frozenset()
        if author and author.to:
            # A restricted person's own row may stand in the copy.
            keys = frozenset().union(*(person.keys.get(at, ()) for at in (author.to, copy_id(author.to))))
        return identities | person.identities, keys

    def _weigh(self, row: Row) -> bool:
        """Whether the rows in memory weigh too much by now."""
        self._held_rows += SAMPLE
        weight = 64 + sum(len(v) + 56 if isinstance(v, str | bytes) else 32 for v in row)
        self._held_bytes += SAMPLE * weight
        return self._held_rows >= HOLD_ROWS or self._held_bytes >= HOLD_BYTES

    def _spill(self) -> None:
        if self._file is None:
            self._file = Scratch(self._directory)
        self._file.seek(self._end)
        parts: list[bytes] = []
        weight = 0
        for sheets in self._sheets.values():
            for sheet in sheets.values():
                for objects, csv in sheet.take_out() if sheet.held else ():
                    sheet.chunks.append(Chunk(at=self._end, json=len(objects), csv=len(csv)))
                    self._end += len(objects) + len(csv)
                    weight += len(objects) + len(csv)
                    parts += (objects, csv)
                    if weight >= 1 << 20:
                        self._file.write(b"".join(parts))
                        parts, weight = [], 0
        self._file.write(b"".join(parts))
        self._held_rows = self._held_bytes = 0

    def sheets(self, subject: int) -> Iterator[Sheet]:
        """The datasets in which the subject has rows to be given, in the order they came."""
        for sheets in self._sheets.values():
            sheet = sheets.get(subject)
            if sheet is not None:
                yield sheet

    def json_rows(self, sheet: Sheet) -> Iterator[bytes]:
        """The rows of a sheet as JSON objects with commas between, some at a time."""
        for chunk in sheet.chunks:
            yield self._read(chunk.at, chunk.json)
        for rows in sheet.given():
            yield json_rows(sheet.shape.names, rows)

    def csv_pieces(self, sheet: Sheet) -> Iterator[bytes]:
        """One CSV file, some bytes at a time."""
        yield self.head(sheet).csv
        for chunk in sheet.chunks:
            yield self._read(chunk.at + chunk.json, chunk.csv)
        for rows in sheet.given():
            yield csv_rows(rows)

    def _read(self, at: int, length: int) -> bytes:
        assert self._file is not None
        return self._file.piece(at, length)

    def tallies(self, subject: int) -> tuple[Tally, ...]:
        """What was found for the subject, in figures, for every dataset we looked in."""
        return tuple(self._tally(at, subject) for at in self._shared)

    def _tally(self, at: DatasetRef, subject: int) -> Tally:
        shared = self._shared[at].get(subject, 0)
        if at not in self._sheets:
            return Tally(at=at, rows=self._counted[at].get(subject, 0), shared=shared)
        waiting, back = self._waiting[at].get(subject, 0), self._back[at].get(subject, 0)
        sheet = self._sheets[at].get(subject)
        if sheet is None:
            return Tally(at=at, waiting=waiting, shared=shared, kept_back=back)
        return sheet.tally(waiting=waiting, shared=shared, kept_back=back)

    def not_given(self, at: DatasetRef) -> tuple[int, int]:
        """How many rows wait for somebody to look, and how many are kept back for others' sake."""
        return sum(self._waiting.get(at, {}).values()), sum(self._back.get(at, {}).values())

    def head(self, sheet: Sheet) -> Head:
        """What stands before the rows of a dataset; the same for every subject."""
        at = sheet.shape.at
        known = self._heads.get(at)
        if known is None:
            known = self._heads[at] = head(self.policy, self.datamap, sheet.shape)
        return known

    def write_data(self, subject: int, folder: Path) -> None:
        """Only the data: `data.json` and a CSV file for each dataset, in an empty folder."""
        begin = {
            "format": FORMAT,
            "version": VERSION,
            "subject": self.subjects[subject].ref,
            "made_on": self.on.isoformat(),
        }
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _save(folder / "data.json", self.json_pieces(subject, begin))
        (folder / "csv").mkdir(mode=0o700, exist_ok=True)
        for sheet in self.sheets(subject):
            _save(folder / "csv" / f"{self.head(sheet).file}.csv", self.csv_pieces(sheet))

    def json_pieces(self, subject: int, begin: Mapping[str, Any]) -> Iterator[bytes]:
        """`data.json`, some bytes at a time; `begin` comes before the datasets."""
        yield to_json(begin)[:-1].encode() + b',\n"datasets":['
        comma = b"\n"
        for sheet in self.sheets(subject):
            yield b'%s%s,"count":%d,"rows":[' % (comma, self.head(sheet).json, sheet.count)
            between = b"\n"
            for rows in self.json_rows(sheet):
                yield between + rows
                between = b",\n"
            yield b"\n]}"
            comma = b",\n"
        yield b"\n]}\n"


def _text(row: Row, at: Sequence[int] | None) -> str:
    """What the row says in these columns, or in all of them, as one text."""
    values = row if at is None else [row[each] for each in at]
    return "\n".join(
        json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value
        for value in values
        if isinstance(value, str | dict | list)
    )


def _without(shape: Shape, sheet: Sheet, row: Row, words: Sequence[str]) -> Looked:
    """The row with dots for these words, counted in the fields that hold dots."""
    values = list(row)
    for at, (name, value) in enumerate(zip(shape.columns, row, strict=True)):
        text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value
        if not isinstance(text, str):
            continue
        less = take_out(text, words, DOTS)
        if less != text:
            values[at] = less
        if DOTS in less and name in shape.names:
            sheet.masked[name] = sheet.masked.get(name, 0) + 1
    return Looked(values)


def _save(path: Path, pieces: Iterator[bytes]) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(file, "wb") as out:
        out.writelines(pieces)
