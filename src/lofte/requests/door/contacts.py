"""By what the person of a case can be reached as they were known before they asked (art. 12.6).

Hard rules:
- A contact is what a system of the company's own held of the one person that was found. What somebody
  typed is a contact only when it is there too.
- A person is found by what will prove them: an e-mail address by itself, for a code goes there, or the
  number of an e-ID. What else was shown is theirs or is dropped, and neither can be seen from outside:
  nobody finds out by an address of their own whether somebody else's number is known.
- What leads to two persons leads to none. An address that two persons have on file reaches neither: whoever
  reads it may be the other. A number beside it still leads to its person, by what else is on file. Who else
  has a telephone is not looked for: it is one contact, and never more than that by itself.
- A contact that was changed in the last thirty days, or whose change cannot be read, is none: whoever
  changed it may be the one who asks. One of unknown age is reached, and is never the second of two proofs.
- What the company holds for others (art. 28) is not theirs to write to; nor is an address of the house.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from typing import Any

from lofte.connectors.protocol import Rows, Session
from lofte.datamap import asking
from lofte.datamap.document import ByIdentity, ByOwn, Dataset, Kind, System
from lofte.datamap.identity import STRENGTH, Identity, Strength, canonical
from lofte.datamap.protected import marked
from lofte.execution.house import House
from lofte.law.calendar import STOCKHOLM
from lofte.plan.records import Subject
from lofte.requests.course.search import Connect

UNCHANGED = timedelta(days=30)
"""How long a contact must have been as it is."""
REACHED = (Kind.EMAIL, Kind.PHONE)
_MOST = 4
"""Contacts that are written to in one case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OnFile:
    """What our own systems know of whom was shown."""

    contacts: tuple[Identity, ...] = ()
    """E-mail addresses and telephone numbers, the shown ones first."""
    aged: frozenset[Identity] = frozenset()
    """Those of the contacts that are known to have been as they are for thirty days."""
    told: tuple[Identity, ...] = ()
    """What was shown and is the same person's."""
    protected: bool = False
    """A row of the person says that their identity is protected; then there is no contact."""


@dataclass(kw_only=True, slots=True)
class _Known:
    """One person, as one or several systems know them."""

    identities: set[Identity] = field(default_factory=set)
    reached: set[Identity] = field(default_factory=set)
    """Contacts that are not new, in a row at least."""
    aged: set[Identity] = field(default_factory=set)
    """Those that are known not to be."""
    shared: set[Identity] = field(default_factory=set)
    """What somebody else has too."""
    protected: bool = False
    """A row of theirs says that their identity is protected."""

    def contact(self, identity: Identity, age: _Age) -> None:
        """Note a contact, as old as this row says."""
        if age is not _Age.NEW:
            self.reached.add(identity)
        if age is _Age.OLD:
            self.aged.add(identity)


class _Age(Enum):
    """How long a contact has been as it is."""

    NEW = auto()
    OLD = auto()
    UNKNOWN = auto()


def on_file(
    house: House, shown: Sequence[Identity], connect: Connect, *, by: Sequence[Identity] = ()
) -> OnFile:
    """The contacts of the person whom `by` points at: what an e-ID vouched for. Without it, whom the first
    shown address that finds somebody points at; else all the numbers together. Raises Unreachable when a
    system does not answer: it may hold what makes two of one."""
    for seed in [by] if by else _seeds(shown):
        person = _person(house, seed, connect)
        told = [each for each in _unique(shown) if person and each in person.identities]
        if person is not None and set(told) - set(seed):
            # Another system may know them by a number of theirs alone.
            person = _person(house, tuple(dict.fromkeys((*seed, *told))), connect)
        if person is not None:
            return _of(house, person, shown)
    return OnFile()


def _seeds(shown: Sequence[Identity]) -> Iterator[Sequence[Identity]]:
    """What a person is looked for by, one after the other."""
    for each in shown:
        if each.kind is Kind.EMAIL:
            yield (each,)
    yield shown


def _of(house: House, person: _Known, shown: Sequence[Identity]) -> OnFile:
    own = person.reached - person.shared
    fit = [i for i in own if not asking.faults(house.datamap, [i, *_strong(shown)])]
    fit.sort(key=lambda each: (each not in shown, each.kind is not Kind.EMAIL, each.value))
    told = tuple(identity for identity in shown if identity in person.identities)
    if person.protected:
        return OnFile(told=told, protected=True)
    contacts = tuple(fit[:_MOST])
    return OnFile(contacts=contacts, aged=frozenset(contacts) & person.aged, told=told)


def _person(house: House, shown: Sequence[Identity], connect: Connect) -> _Known | None:
    """The one person whom all of this points at, as our systems know them."""
    if not _strong(shown):
        return None
    known: list[_Known] = []
    for system in house.datamap.systems:
        if not any(_tells(dataset) for dataset in system.datasets.values()):
            continue
        connector = connect(system)
        try:
            with connector.session() as session:
                found = _in_system(system, session, shown, house.today)
        finally:
            connector.close()
        if found is None:
            return None
        known += found
    return _one_of(_merged(known), shown)


def _tells(dataset: Dataset) -> bool:
    """Whether its rows may hold a contact of somebody whom the company knows for itself."""
    if dataset.role != "controller":
        return False
    if any(isinstance(path, ByOwn) for path in dataset.subject):
        return any(each.identity for each in dataset.fields.values())
    return any(isinstance(path, ByIdentity) and path.kind is Kind.EMAIL for path in dataset.subject)


def _in_system(system: System, session: Session, shown: Sequence[Identity], on: date) -> list[_Known] | None:
    """Those whom this system knows by what was shown; None when more than one answers to it."""
    people = session.people([Subject(ref="", identities=tuple(shown))], on)
    if people.ambiguous:
        return None
    person, listed = _Known(), []
    for name, dataset in system.datasets.items():
        if not _tells(dataset):
            continue
        if any(isinstance(path, ByOwn) for path in dataset.subject):
            for values in _values(session.rows(name, people), "own"):
                _take(person, dataset, values, on)
        else:
            listed.append((name, dataset))
    person.shared |= people.persons[0].shared
    found = [person] if person.identities else []
    # An address that only stands in a list is somebody whom we know by nothing else.
    alone = [i for i in shown if i.kind is Kind.EMAIL and i not in person.identities]
    for identity in alone:
        lists = [_look(session.rows(name, people), dataset, identity, on) for name, dataset in listed]
        if any(each.identities for each in lists):
            found.append(_together(lists))
    return found


def _look(rows: Rows, dataset: Dataset, identity: Identity, on: date) -> _Known:
    """The address as it stands in the rows of a list."""
    seen = _Known()
    columns = [p.column for p in dataset.subject if isinstance(p, ByIdentity) and p.kind is identity.kind]
    for values in _values(rows):
        for column in columns:
            if canonical(identity.kind, values.get(column), on) == identity.value:
                seen.identities.add(identity)
                seen.contact(identity, _age(values, dataset, column, on))
    return seen


def _values(rows: Rows, by: str = "") -> Iterator[dict[str, Any]]:
    for found in rows.found:
        if found.certain and (not by or found.by == by):
            yield dict(zip(rows.columns, found.row, strict=True))


def _take(person: _Known, dataset: Dataset, values: dict[str, Any], on: date) -> None:
    """What a row of the person tells."""
    person.protected |= marked(dataset, values)
    for name, decided in dataset.fields.items():
        value = canonical(decided.identity, values.get(name), on) if decided.identity else None
        if decided.identity is None or value is None:
            continue
        identity = Identity(kind=decided.identity, value=value)
        person.identities.add(identity)
        if identity.kind in REACHED:
            person.contact(identity, _age(values, dataset, name, on))


def _age(values: dict[str, Any], dataset: Dataset, column: str, on: date) -> _Age:
    """By the latest of the columns that say it. One that cannot be read may say today; are all empty, or is
    none named, nobody knows: the row itself may be of yesterday."""
    decided = dataset.fields.get(column)
    named = decided.changed if decided else ()
    if any(each not in values for each in named):
        return _Age.NEW
    said = [values[each] for each in named if values[each] is not None and values[each] != ""]
    days = [_day(each) for each in said]
    if not days:
        return _Age.UNKNOWN
    return _Age.OLD if all(day is not None and day <= on - UNCHANGED for day in days) else _Age.NEW


def _day(said: object) -> date | None:
    if isinstance(said, str):
        try:
            said = datetime.fromisoformat(said.strip())
        except ValueError:
            return None
    if isinstance(said, datetime):
        moment = said if said.tzinfo else said.replace(tzinfo=UTC)
        try:
            return moment.astimezone(STOCKHOLM).date()
        except OverflowError:  # 9999-12-31 for "never": in Stockholm it is the year 10000
            return None
    return datetime.combine(said, time()).date() if isinstance(said, date) else None


def _merged(known: Iterable[_Known]) -> list[_Known]:
    """Those whom two systems know by something in common are one."""
    merged: list[_Known] = []
    for each in known:
        same = [other for other in merged if _in_common(each, other)]
        merged = [other for other in merged if other not in same]
        merged.append(_together([each, *same]))
    return merged


def _together(known: Sequence[_Known]) -> _Known:
    return _Known(
        identities={i for each in known for i in each.identities},
        reached={i for each in known for i in each.reached},
        aged={i for each in known for i in each.aged},
        shared={i for each in known for i in each.shared},
        protected=any(each.protected for each in known),
    )


def _in_common(one: _Known, other: _Known) -> bool:
    """A telephone number may be a household's: it makes no two persons one."""
    return any(STRENGTH[i.kind] is not Strength.WEAK for i in one.identities & other.identities)


def _one_of(known: Sequence[_Known], shown: Sequence[Identity]) -> _Known | None:
    """The one person; where an address leads elsewhere than a number that is one person's own, whom the
    number names."""
    if len(known) == 1:
        return known[0]
    unique = _unique(shown)
    named = [each for each in known if not each.identities.isdisjoint(unique)]
    return named[0] if len(named) == 1 else None


def _unique(shown: Sequence[Identity]) -> tuple[Identity, ...]:
    return tuple(i for i in shown if STRENGTH[i.kind] is Strength.UNIQUE)


def _strong(shown: Sequence[Identity]) -> tuple[Identity, ...]:
    """A telephone number is judged beside what finds a person."""
    return tuple(i for i in shown if STRENGTH[i.kind] is not Strength.WEAK)
