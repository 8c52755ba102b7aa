"""Many persons in a list: a CSV text whose first line names kinds of identity, then a line for each.

All faults are found at once, each with its line; what was written is never repeated.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lofte.datamap.asking import faults as faults_of_asking
from lofte.datamap.document import DataMap, Kind
from lofte.datamap.identity import Identity, read
from lofte.fault import Fault, Place

MOST = 1_000
"""Persons in one list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A person of the list, and the line they stand on."""

    line: int
    identities: tuple[Identity, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a list said. With a fault in it nothing of it is used: who wrote it mends it."""

    persons: tuple[Listed, ...] = ()
    faults: tuple[Fault, ...] = field(default=())


def read_list(text: str, datamap: DataMap, on: date) -> Reading:
    """The persons of a list, or all that is wrong with it. R010: a column that is no kind of identity.
    R011: a person who stands there twice. R012: nobody. R013: too many. R014: a line that is no line of
    CSV, or that has more values than there are columns."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    head = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=";" if ";" in head else ",", skipinitialspace=True, strict=True)
    try:
        columns = [each.strip().lower() for each in next(reader, [])]
        strange = tuple(_strange(columns))
        if strange:
            return Reading(faults=strange)
        rows = [(reader.line_num, row) for row in reader if any(value.strip() for value in row)]
    except csv.Error:
        return Reading(faults=(_broken(reader.line_num),))
    if len(rows) > MOST:
        return Reading(faults=(_too_many(rows[MOST][0]),))
    persons: list[Listed] = []
    faults: list[Fault] = []
    for line, row in rows:
        found, wrong = _person(line, columns, row, datamap, on)
        faults += wrong
        if not wrong:
            persons.append(Listed(line=line, identities=found))
    faults += _twice(persons)
    if not rows:
        faults.append(_nobody())
    return (
        Reading(faults=tuple(sorted(faults, key=lambda each: each.place.line)))
        if faults
        else Reading(persons=tuple(persons))
    )


def _person(
    line: int, columns: Sequence[str], row: Sequence[str], datamap: DataMap, on: date
) -> tuple[tuple[Identity, ...], list[Fault]]:
    if len(row) > len(columns):
        return (), [_broken(line)]
    found: list[Identity] = []
    wrong: list[Fault] = []
    for column, value in zip(columns, row, strict=False):
        if value.strip():
            identity = read(Kind(column), value, on, Place(line=line, path=column))
            (wrong if isinstance(identity, Fault) else found).append(identity)  # type: ignore[arg-type]
    if not wrong:
        wrong += [f.at(Place(line=line, path=f.place.path)) for f in faults_of_asking(datamap, found)]
    return tuple(dict.fromkeys(found)), wrong


def _twice(persons: Sequence[Listed]) -> Iterator[Fault]:
    seen: dict[Identity, int] = {}
    for person in persons:
        before = {seen[each] for each in person.identities if each in seen}
        if before:
            yield Fault(
                number="R011",
                place=Place(line=person.line, path=str(min(before))),
                what=f"this person stands on line {min(before)} too",
                mend="take one of the lines away, or put all that is known of the person on one line",
            )
        seen |= dict.fromkeys(person.identities, person.line) | seen


def _strange(columns: Sequence[str]) -> Iterator[Fault]:
    known: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
    for column in columns:
        if column not in known or columns.count(column) > 1:
            yield Fault(
                number="R010",
                place=Place(line=1),
                what="the first line has a column that is no kind of identity, or that stands there twice",
                mend=f"use each of these once at most: {', '.join(known)}",
            )
            return


def _nobody() -> Fault:
    mend = "put the names of the columns on the first line, and a person on each line after it"
    return Fault(number="R012", place=Place(), what="there is nobody in the list", mend=mend)


def _too_many(line: int) -> Fault:
    what = f"there are more than {MOST:,} persons in the list"
    return Fault(number="R013", place=Place(line=line), what=what, mend="part it into several lists")


def _broken(line: int) -> Fault:
    what = "this line cannot be read, or has more values than there are columns"
    mend = 'put a value that holds a comma or a quotation mark between quotation marks ("), doubled inside'
    return Fault(number="R014", place=Place(line=line), what=what, mend=mend)
