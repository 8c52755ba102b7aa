"""What must be left in the database after an erasure, read from the objects of a world alone.

It shares no code with `lofte.plan` or `lofte.connectors`: whose a row is follows from the object
references, what becomes of it from the words of the map, the dates and the purposes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.engine.dressing import ANCHOR, Dressed, ForeignKey, Trigger, columns_of
from tests.engine.emptying import coarser, hollow, last_day, replaced, without
from tests.engine.expecting import Question
from tests.engine.links import Identity, Json, Mention, Polymorphic, Reference, Value
from tests.engine.worlds import Human, Key, Pair, Part, Row

CATEGORIES = {"deliver": {"contact"}, "books": {"payment"}, "letters": {"letters"},
              "support": {"letters", "contact"}, "news": {"contact"}}  # fmt: skip
MASK = "[…]"
NEUTRAL = {"int": 0, "json": {}, "date": date(1970, 1, 1), "text": "", "text_json": ""}


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Somebody has said that this person's data must stay; of these categories, or all."""

    categories: frozenset[str] = frozenset()


@dataclass(kw_only=True)
class Asked:
    """Who is to be erased, on what ground, and what holds it up."""

    questions: Sequence[Question]
    grounds: tuple[str, ...]
    holds: dict[int, Hold]
    on: date
    scope: frozenset[str] = frozenset()
    """Categories; none = everything."""


@dataclass(eq=False, kw_only=True)
class Fate:
    """What becomes of a row: it goes, or some values of it are others."""

    row: Row
    kind: str
    """goes, stays, minimised, unlinked, masked, held"""
    why: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def goes(self) -> bool:
        return self.kind == "goes"


@dataclass(kw_only=True)
class Remains:
    """All rows by table, what the triggers wrote; or that nothing may be done at all."""

    tables: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=dict)
    log: Counter[str] = field(default_factory=Counter)
    stops: set[str] = field(default_factory=set)
    """Numbers of faults, one of which must stop the plan."""
    may_stop: set[str] = field(default_factory=set)
    """Numbers of faults with which a careful planner may stop."""
    fates: dict[Row, Fate] = field(default_factory=dict)


def remaining(dressed: Dressed, asked: Asked) -> Remains:
    """Follow the object references, and judge."""
    return _Reckoning(dressed, asked).remains()


class _Reckoning:
    def __init__(self, dressed: Dressed, asked: Asked) -> None:
        self.dressed, self.asked = dressed, asked
        self.rows = [row for table in dressed.world.tables for row in table.rows if row.part]
        self.lineages = {row: row.lineage() for row in self.rows}
        shared = dressed.world.shared()
        self.humans: list[Human | None] = []
        self.mine: list[set[Pair]] = []
        self.told: list[set[Pair]] = []
        for question in asked.questions:
            human, pairs = question.human, set(question.shown)
            found = human is not None and bool((pairs - shared) & human.known)
            if human is not None and found:
                pairs |= human.known
            self.humans.append(human if found else None)
            self.told.append(pairs)
            self.mine.append({pair for pair in pairs - shared if pair[0] != "phone"})
        self.everybody = {human for human in self.humans if human}
        self.all_mine = set[Pair]().union(*self.mine)
        self.owned = {row: self._owned(row) for row in self.rows}
        self.others = {row: self._others(row) for row in self.rows if self.owned[row]}
        self.pointing: dict[Row, list[tuple[ForeignKey, Row]]] = {}
        for key in dressed.keys:
            for row, at in key.ends.items():
                self.pointing.setdefault(at, []).append((key, row))
        for row in self.rows if asked.scope else ():
            for link, end in row.ends.items():
                if isinstance(end, Row) and end.part:
                    self._way(row, link, end)

    def _way(self, row: Row, link: Any, end: Row) -> None:
        """Without what it points at, what nobody asked about would be lost to its person."""
        assert end.part
        keys = link.keys if isinstance(link, Reference) else end.table.key
        words = self.dressed.words[end.part]
        if not any(words[name].category in self.asked.scope for name in keys):
            columns = link.columns if isinstance(link, Reference) else (link.column,)
            way = ForeignKey(table=row.table, columns=columns, to=end.table, keys=keys)
            self.pointing.setdefault(end, []).append((way, row))

    # -- whose ----------------------------------------------------------------------------------

    def _owned(self, row: Row) -> frozenset[int]:
        return frozenset(
            n
            for n, mine in enumerate(self.mine)
            if any(self.humans[n] in one.own or one.carries & mine for one in self.lineages[row])
        )

    def _others(self, row: Row) -> bool:
        return any(
            one.own - self.everybody or one.carries - self.all_mine or one in self.dressed.strangers
            for one in self.lineages[row]
        )

    def _links(self, row: Row) -> Iterator[tuple[Any, bool, bool]]:
        """Each link that leads anywhere: whether to these persons, and whether to others."""
        for link, end in row.ends.items():
            if isinstance(end, Row):
                yield link, bool(self._owned_at(end)), self._others(end) if end.part else False
            else:
                yield link, end in self.all_mine, end not in self.all_mine
        for link in self.dressed.strangers.get(row, ()):
            yield link, False, True

    def _owned_at(self, row: Row) -> frozenset[int]:
        return self.owned.get(row, frozenset())

    # -- when -----------------------------------------------------------------------------------

    def _day(self, row: Row, anchor: str) -> date | None:
        assert row.part
        link = self.dressed.inherits.get(row.part)
        if link is not None:
            end = row.ends[link]
            assert isinstance(end, Row)
            return self._day(end, anchor)
        day: date | None = row.values[self.dressed.days[row.table][anchor]]
        return day

    def _living(self, row: Row) -> dict[str, date | None]:
        """The purposes that still need the row, each with its last day."""
        assert row.part
        found: dict[str, date | None] = {}
        grounds = set(self.asked.grounds)
        for purpose in self.dressed.purposes[row.part]:
            day = self._day(row, ANCHOR[purpose])
            until = last_day(purpose, day)
            if until is not None and until < self.asked.on:
                continue
            runs = purpose == "deliver" and (day is None or day > self.asked.on)
            ended = bool(grounds & {"17.1.d", "17.1.e"})
            ended |= purpose == "deliver" and "17.1.a" in grounds
            ended |= purpose in ("letters", "news") and bool(grounds & {"17.1.b", "17.1.f"})
            ended |= purpose in ("support", "news") and "17.1.c" in grounds
            if purpose == "books" or runs or not ended:
                found[purpose] = until
        return found

    # -- each row by itself ---------------------------------------------------------------------

    def _alone(self, row: Row) -> Fate | None:
        fate = self._by_itself(row)
        return self._as_asked(row, fate) if fate and self.asked.scope else fate

    def _as_asked(self, row: Row, fate: Fate) -> Fate:
        """The same, of what was asked about only."""
        assert row.part
        words, scope = self.dressed.words[row.part], self.asked.scope
        held = {word.category for word in words.values() if word.category}
        if held and held <= scope:
            return fate
        if not held & scope:
            return Fate(row=row, kind="stays", why="not asked")
        bound = {name for key in self.dressed.keys if key.table is row.table for name in key.columns}
        bound |= {name for key in self.dressed.keys if key.to is row.table for name in key.keys}
        mine = {n for n, word in words.items() if word.category in scope and n not in row.table.key} - bound
        match fate.kind:
            case "goes":
                values = {name: self._emptier(row, name) for name in mine}
                return Fate(row=row, kind="thinned" if mine else "stays", why="not asked", values=values)
            case "unlinked":
                return Fate(row=row, kind="stays", why="shared")
            case "masked" | "minimised":
                values = {name: value for name, value in fate.values.items() if name in mine}
                done = fate.kind == "minimised" and not mine - values.keys()
                why = "not asked" if done or (fate.kind == "masked" and not values) else fate.why
                return Fate(row=row, kind=fate.kind if values else "stays", why=why, values=values)
        return fate

    def _by_itself(self, row: Row) -> Fate | None:
        assert row.part
        part = row.part
        owners = self._owned_at(row)
        perhaps = {n for n, mine in enumerate(self.mine) if row.mentions & mine}
        if not owners and not perhaps:
            return None
        if any(self._held_up(part, n) for n in owners or perhaps):
            return Fate(row=row, kind="stays", why="hold")
        if not owners:
            values = self._masked(row, perhaps)
            return Fate(row=row, kind="masked" if values else "stays", why="mention", values=values)
        living = self._living(row)
        if self.others[row]:
            mode = self.dressed.shared[part]
            if living or mode == "keep":
                return Fate(row=row, kind="stays", why="shared")
            return Fate(row=row, kind="goes" if mode == "delete" else "unlinked", why="shared")
        if not living:
            return Fate(row=row, kind="goes")
        values = self._minimised(row, living)
        return Fate(row=row, kind="minimised" if values else "stays", why="law", values=values)

    def _held_up(self, part: Part, n: int) -> bool:
        hold = self.asked.holds.get(n)
        held = {word.category for word in self.dressed.words[part].values() if word.category}
        return hold is not None and (not hold.categories or bool(hold.categories & held))

    def _minimised(self, row: Row, living: Collection[str]) -> dict[str, Any]:
        assert row.part
        words = self.dressed.words[row.part]
        if "books" in living and not any(word.erase == "keep" for word in words.values()):
            return {}  # the map does not say how little the law needs
        others = set(living) - {"books"}
        needed = set[str]().union(*(CATEGORIES[purpose] for purpose in others))
        used = set[str]().union(*(CATEGORIES[purpose] for purpose in self.dressed.purposes[row.part]))
        away = [
            name
            for name, word in words.items()
            if not others or (word.category in used and word.category not in needed)
        ]
        return self._emptied(row, away)

    def _emptied(self, row: Row, names: Collection[str], spare: Collection[str] = ()) -> dict[str, Any]:
        assert row.part
        words = self.dressed.words[row.part]
        return {
            name: self._emptier(row, name)
            for name in names
            if name not in row.table.key
            and name not in spare
            and words[name].erase != "keep"
            and words[name].category is not None
        }

    def _emptier(self, row: Row, name: str) -> Any:
        """The value without what it says of anybody."""
        assert row.part
        word, old = self.dressed.words[row.part][name], row.values[name]
        if word.erase == "generalise":
            return coarser(word, old)
        if word.erase == "replace" and word.replace_with is not None:
            return replaced(word, row)
        if (row.table, name) not in self.dressed.stiff:
            return None
        return replaced(word, row) if word.replace_with is not None else NEUTRAL[row.table.columns[name]]

    def _masked(self, row: Row, who: Collection[int]) -> dict[str, Any]:
        assert row.part
        pairs = set[Pair]().union(*(self.told[n] for n in who))
        values: dict[str, Any] = {}
        for link in row.table.links:
            for name in link.columns if isinstance(link, Mention) else ():
                word = self.dressed.words[row.part][name]
                if word.erase == "replace":
                    values[name] = without(str(row.values[name]), pairs, str(word.replace_with or MASK))
        return values

    # -- what hangs together --------------------------------------------------------------------

    def _cut(self, fate: Fate, fates: dict[Row, Fate]) -> dict[str, Any]:
        """What ties an unlinked row to these persons, and to rows that go, emptied."""
        row = fate.row
        assert row.part
        values: dict[str, Any] = {}
        links = list(self._links(row))
        needed = {name for link, _, others in links if others for name in (*columns_of(link), *link.when)}
        needed |= set(row.table.key)
        for link, mine, _ in links:
            if mine:
                self._cut_link(row, link, needed, values)
        for name, value in self._masked(row, self._owned_at(row)).items():
            values.setdefault(name, value)
        for link, end in row.ends.items():
            if isinstance(end, Row) and end in fates and fates[end].goes:
                self._cut_end(row, link, values)
        return values

    def _cut_link(self, row: Row, link: Any, needed: Collection[str], values: dict[str, Any]) -> None:
        to: Part | None = (
            link.to[row.values[link.type]] if isinstance(link, Polymorphic) else getattr(link, "to", None)
        )
        if to is row.part:
            return
        if to is None or to.table.person:
            match link:
                case Json() if link.column not in needed:
                    values[link.column] = hollow(row.values[link.column], link.at)
                case Identity() | Value() if link.column not in needed:
                    values[link.column] = self._emptier(row, link.column)
                case Reference() | Polymorphic():
                    for name in link.columns if isinstance(link, Reference) else (link.column,):
                        if (row.table, name) not in self.dressed.stiff and name not in needed:
                            values[name] = None
        beside = self.dressed.beside.get(link)
        if beside and beside not in needed:
            values[beside] = self._emptier(row, beside)

    def _cut_end(self, row: Row, link: Any, values: dict[str, Any]) -> None:
        if isinstance(link, Json):
            values.setdefault(link.column, hollow(row.values[link.column], link.at))
            return
        for name in link.columns if isinstance(link, Reference) else (link.column,):
            if (row.table, name) not in self.dressed.stiff:
                values.setdefault(name, None)

    def _stays(self, key: ForeignKey, row: Row, fates: dict[Row, Fate]) -> bool:
        """Whether the row will still point there when all is done."""
        fate = fates.get(row)
        if fate is None:
            return True
        return not fate.goes and not any(n in fate.values and fate.values[n] is None for n in key.columns)

    def _whys(self, row: Row, fates: dict[Row, Fate], seen: set[Row]) -> set[str]:
        """Why a row is held: why those stay that point at it."""
        seen.add(row)
        found: set[str] = set()
        for key, child in self.pointing.get(row, ()):
            if child in fates and child not in seen and self._stays(key, child, fates):
                fate = fates[child]
                if fate.kind == "held":
                    found |= self._whys(child, fates, seen)
                elif fate.kind != "masked":
                    found.add(fate.why)
        return found

    def remains(self) -> Remains:
        out = Remains()
        fates = {row: fate for row in self.rows if (fate := self._alone(row)) is not None}
        changed = True
        while changed:
            changed = False
            for fate in fates.values():
                if fate.kind == "unlinked":
                    fate.values = self._cut(fate, fates)
            for row, fate in fates.items():
                if not fate.goes:
                    continue
                holding = [(k, r) for k, r in self.pointing.get(row, ()) if self._stays(k, r, fates)]
                if any(not k.acts or r in fates for k, r in holding):
                    fate.kind, changed = "held", True
        for row, fate in fates.items():
            holding = [(k, r) for k, r in self.pointing.get(row, ()) if self._stays(k, r, fates)]
            if fate.goes and holding:
                out.stops.add("X101")
            if fate.kind == "held":
                spare = {name for key in self.dressed.keys if key.table is row.table for name in key.columns}
                spare |= {name for key, _ in holding for name in key.keys}
                assert row.part
                words = self.dressed.words[row.part]
                fate.values = self._emptied(row, words, spare)
                if self._whys(row, fates, set()) == {"not asked"}:
                    more = (n for n, word in words.items() if word.category and n not in row.table.key)
                    fate.values |= {name: self._emptier(row, name) for name in more if name not in spare}
        self._apply(out, fates)
        return out

    def _apply(self, out: Remains, fates: dict[Row, Fate]) -> None:
        out.fates = fates
        for table in self.dressed.world.tables:
            rows = out.tables.setdefault(table.name, {})
            for row in table.rows:
                fate = fates.get(row)
                values = {name: row.values.get(name) for name in table.columns}
                if fate is None or not fate.goes:
                    rows[row.key()] = values | (fate.values if fate else {})
        for n, trigger in enumerate(self.dressed.triggers):
            self._fire(out, n, trigger)

    def _fire(self, out: Remains, n: int, trigger: Trigger) -> None:
        touched = [fate for row, fate in out.fates.items() if row.table is trigger.table]
        going = [fate for fate in touched if fate.goes]
        changing = [fate for fate in touched if fate.values and not fate.goes]
        if trigger.event == "delete":
            out.log[str(n)] += len(going)
            if any(fate.row.part not in trigger.accepted for fate in going):
                out.stops.add("X102")
        elif trigger.event == "update":
            if any(fate.row.values.get(k) != v for fate in changing for k, v in fate.values.items()):
                out.stops.add("X102")
            # Links between rows that go may have to be emptied first.
            tied = any(key.table is trigger.table for key in self.dressed.keys)
            out.may_stop |= {"X102"} if changing or (tied and going) else set()
