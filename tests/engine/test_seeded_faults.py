"""The random worlds find what they are for: a fault put into the engine is caught.

An oracle that has never failed has shown nothing. Each fault here is one that engines like ours
have had; a world that does not hold the construct cannot show it, so what the worlds hold is
counted first.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.connectors.sql import dialects, shapes, verify, writer
from lofte.datamap import chains, identity, tracing
from lofte.datamap.document import ByPolymorphic, Kind, System
from tests.engine.asking import settle, trial
from tests.engine.connecting import depth
from tests.engine.expecting import ask
from tests.engine.worlds import World, make
from tests.services import mariadb_database

MOST = 120
"""A fault must be caught within so many worlds."""

Patch = pytest.MonkeyPatch
Seed = Callable[[Patch], None]


# -- what the worlds hold -------------------------------------------------------------------------

CONSTRUCTS = (
    "composite reference",
    "condition on a path",
    "cross-type reference",
    "identity customer_no",
    "identity email",
    "identity inside JSON",
    "identity in a value column",
    "identity personnummer",
    "identity user_name",
    "key in a value column",
    "key inside JSON",
    "key is identity",
    "mention",
    "near miss of a key",
    "near miss of an address",
    "person who is also another's",
    "polymorphic with the same id elsewhere",
    "reference to another unique column",
    "second account",
    "self reference",
    "where leaves rows out",
    # and, seen from outside:
    "address shared by a family",
    "four tables deep",
    "guest",
    "replies to replies",
    "row of two people",
    "wildcard in a key",
)


def _seen(world: World) -> Iterator[str]:
    yield from (name for name, count in world.reached.items() if count)
    if world.shared():
        yield "address shared by a family"
    if any(human.guest for human in world.humans):
        yield "guest"
    for table in world.tables:
        if depth(table.parts[0]) >= 4:
            yield "four tables deep"
        for row in table.rows:
            people = {human for one in row.lineage() for human in one.own}
            if len(people) > 1:
                yield "row of two people"
            if any("%" in str(part) or "_" in str(part) for part in row.key()):
                yield "wildcard in a key"
            replied = {parent for parent in row.parents if parent.table is table and parent is not row}
            if any(
                above.table is table and above is not parent for parent in replied for above in parent.parents
            ):
                yield "replies to replies"


def test_the_worlds_hold_every_construct():
    held: Counter[str] = Counter()
    for seed in range(300):
        held.update(set(_seen(make(seed))))
    assert {name: held[name] for name in CONSTRUCTS if held[name] < 15} == {}


# -- faults ---------------------------------------------------------------------------------------


def _equal(compare: Callable[[Any, Any], Any]) -> Seed:
    """Text columns are joined by something looser than their bytes."""

    def seed(patch: Patch) -> None:
        def equal(self: Any, a: Any, live_a: Any, b: Any, live_b: Any) -> Any:
            return compare(self.as_text(a, live_a), self.as_text(b, live_b))

        patch.setattr(dialects.Dialect, "equal", equal)

    return seed


def _half_a_key(patch: Patch) -> None:
    right = writer.Writer._linked

    def half(self: Any, here: str, source: Any, link: Any, target: Any) -> Any:
        return right(
            self,
            here,
            source,
            dataclasses.replace(link, columns=link.columns[:1], keys=link.keys[:1]),
            target,
        )

    patch.setattr(writer.Writer, "_linked", half)


def _keys_joined_by_or(patch: Patch) -> None:
    right = writer.Writer._linked

    def either(self: Any, here: str, source: Any, link: Any, target: Any) -> Any:
        halves = [
            dataclasses.replace(link, columns=(column,), keys=(key,))
            for column, key in zip(link.columns, link.keys, strict=True)
        ]
        return sa.or_(*(right(self, here, source, half, target) for half in halves))

    patch.setattr(writer.Writer, "_linked", either)


def _no_deeper_than(hops: int) -> Seed:
    def seed(patch: Patch) -> None:
        def short(system: System, dataset: str) -> Any:
            return tuple(way for way in chains.chains(system, dataset) if len(way.links) <= hops)

        patch.setattr(writer, "chains", short)

    return seed


def _first_path_only(patch: Patch) -> None:
    def first(system: System, dataset: str) -> Any:
        entry = system.datasets[dataset]
        one = entry.model_copy(update={"subject": entry.subject[:1]})
        return chains.chains(
            system.model_copy(update={"datasets": {**system.datasets, dataset: one}}), dataset
        )

    patch.setattr(writer, "chains", first)


def _type_ignored(patch: Patch) -> None:
    right = chains._link

    def blind(system: System, path: Any) -> Any:
        link = right(system, path)
        return dataclasses.replace(link, when=path.when) if link and isinstance(path, ByPolymorphic) else link

    patch.setattr(chains, "_link", blind)


def _self_reference_missed(patch: Patch) -> None:
    patch.setattr(chains, "loops", lambda _system, _dataset: ())
    patch.setattr(writer, "loops", lambda _system, _dataset: ())


def _or_precedence(patch: Patch) -> None:
    """`a AND b OR c` for `a AND (b OR c)`."""

    def conditions(self: Any, dataset: str, source: Any, when: Any) -> Iterator[Any]:
        for name, value in when.items():
            live = self.column(dataset, name)
            loose = isinstance(value, tuple)
            yield sa.true() if loose else self.dialect.holds(source.c[name], live, value)

    patch.setattr(shapes.Shaper, "conditions", conditions)


def _condition_ignores_case(patch: Patch) -> None:
    right = dialects.Dialect.holds

    def holds(self: Any, column: Any, live: Any, value: Any) -> Any:
        if isinstance(value, str) and value != "not null":
            return sa.func.lower(column) == value.lower()
        return right(self, column, live, value)

    patch.setattr(dialects.Dialect, "holds", holds)


def _where_forgotten(patch: Patch) -> None:
    patch.setattr(writer.Writer, "_where", lambda _self, _dataset, _source: iter(()))


def _mention_is_certain(patch: Patch) -> None:
    right = verify.Index._by_mention

    def certain(self: Any, branch: Any, texts: Any) -> Any:
        match = right(self, branch, texts)
        return verify.Match(certain=match.certain | match.perhaps, shared=match.shared)

    patch.setattr(verify.Index, "_by_mention", certain)


def _mention_inside_a_word(patch: Patch) -> None:
    right = verify.mentioned

    def inside(kind: Kind, text: str, on: Any) -> set[str]:
        whole = right(kind, text, on)
        return whole | {value[n:] for value in whole for n in range(len(value)) if kind is Kind.EMAIL}

    patch.setattr(verify, "mentioned", inside)


def _trimmed_identity(patch: Patch) -> None:
    right = verify.canonical
    patch.setattr(
        verify, "canonical", lambda kind, raw, on: right(kind, str(raw).strip() if raw else raw, on)
    )
    patch.setattr(
        dialects.Dialect,
        "in_spellings",
        lambda self, column, live, slot, _how: self._in(sa.func.trim(sa.func.lower(column)), live, slot),
    )


def _shared_address_merges(patch: Patch) -> None:
    patch.setitem(identity.STRENGTH, Kind.EMAIL, identity.Strength.UNIQUE)


def _shared_address_gives(patch: Patch) -> None:
    right = verify.Index._by_identity

    def generous(self: Any, kind: Kind, raw: Any) -> Any:
        match = right(self, kind, raw)
        return verify.Match(certain=match.certain | match.shared, perhaps=match.perhaps)

    patch.setattr(verify.Index, "_by_identity", generous)


def _only_what_was_shown(patch: Patch) -> None:
    """A second account, found by the number of the first, is never looked for."""

    def wanted(self: Any) -> Any:
        first = frozenset(i for shown in self._shown for i in shown) - self._asked
        self._asked |= first
        return first

    patch.setattr(tracing.Trace, "wanted", wanted)


FAULTS: dict[str, Seed] = {
    "keys compared whatever their case": _equal(lambda a, b: sa.func.lower(a) == sa.func.lower(b)),
    "LIKE for =": _equal(lambda a, b: a.like(b)),
    "keys trimmed": _equal(lambda a, b: sa.func.trim(a) == sa.func.trim(b)),
    "a key that begins the same": _equal(lambda a, b: sa.func.substr(a, 1, sa.func.length(b)) == b),
    "numbers and text compared as numbers": _equal(
        lambda a, b: sa.cast(a, sa.Integer) == sa.cast(b, sa.Integer)
    ),
    "half a composite key": _half_a_key,
    "halves of a key joined by OR": _keys_joined_by_or,
    "a missing hop": _no_deeper_than(0),
    "depth stops at 2": _no_deeper_than(1),
    "the second path ignored": _first_path_only,
    "the polymorphic type ignored": _type_ignored,
    "self reference missed": _self_reference_missed,
    "OR precedence": _or_precedence,
    "a condition whatever its case": _condition_ignores_case,
    "rows outside the dataset followed": _where_forgotten,
    "a mention counted as certain": _mention_is_certain,
    "a mention inside a longer word": _mention_inside_a_word,
    "addresses trimmed": _trimmed_identity,
    "a shared address merges two": _shared_address_merges,
    "a shared address gives rows": _shared_address_gives,
    "the second account missed": _only_what_was_shown,
}


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], tuple[World, System, str]]:
    """Worlds in their databases, each made once."""
    folder: Path = tmp_path_factory.mktemp("worlds")
    made: dict[int, tuple[World, System, str]] = {}

    def get(seed: int) -> tuple[World, System, str]:
        if seed not in made:
            world, url = make(seed), f"sqlite:///{folder / str(seed)}.sqlite3"
            made[seed] = (world, settle(world, url), url)
        return made[seed]

    return get


def test_without_a_fault_nothing_is_caught(settled, monkeypatch):
    """Also with the joins written anew, as the faults write them: else these catch nothing."""
    assert _first_caught(settled, 25) is None
    _equal(lambda a, b: a == b)(monkeypatch)
    assert _first_caught(settled, 25) is None


@pytest.mark.parametrize("fault", FAULTS)
def test_the_oracle_catches(fault, settled, monkeypatch):
    FAULTS[fault](monkeypatch)
    assert _first_caught(settled) is not None, f"{MOST} worlds do not show the fault"


def _first_caught(settled: Callable[[int], tuple[World, System, str]], most: int = MOST) -> int | None:
    for seed in range(most):
        world, map_, url = settled(seed)
        try:
            wrong = trial(world, map_, url, ask(world, random.Random(seed)))
        except AssertionError:
            wrong = "given twice"
        if wrong:
            return seed
    return None


@pytest.mark.mariadb
def test_the_oracle_catches_a_comparison_left_to_the_collation(monkeypatch):
    """The second look taken away where the database itself takes Anna, anna and änna for one."""
    monkeypatch.setattr(dialects.Dialect, "exact", lambda _self, text: text)
    monkeypatch.setattr(dialects.Dialect, "as_text", lambda _self, column, _live: column)
    for seed in range(1000, 1000 + MOST):
        world = make(seed)
        with mariadb_database("utf8mb4_general_ci") as url:
            if trial(world, settle(world, url), url, ask(world, random.Random(seed))):
                return
    pytest.fail(f"{MOST} worlds do not show the fault")
