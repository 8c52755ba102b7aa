"""The random worlds find what they are for: a fault put into the erasure is caught.

An oracle that has never failed has shown nothing. Besides the faults in finding rows, which the
access tests know too, each fault here is one that erasing engines have had.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lofte.connectors.sql import act, changed, fact_rows, fact_shapes, facts, setwise, ties, verify
from lofte.connectors.sql.tables import quoted
from lofte.datamap.document import Erase, Kind
from lofte.plan import erase, living, minimise, scope
from lofte.plan.records import Verb
from lofte.plan.verdict import Verdict
from tests.engine.dressing import dress
from tests.engine.erasing import request, request_of_some, trial, world_of
from tests.engine.furnishing import settle
from tests.engine.test_seeded_faults import FAULTS as FINDING

MOST = 300
"""A fault must be caught within so many worlds."""

Patch = pytest.MonkeyPatch
Seed = Callable[[Patch], None]


def _put(where: Any, name: str, made: Callable[[Any], Any]) -> Seed:
    """Something of the engine's in the place of which a careless version stands, made from it."""

    def seed(patch: Patch) -> None:
        patch.setattr(where, name, made(getattr(where, name)))

    return seed


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda _right: lambda *_args, **_more: value


def _second_owner(right: Any) -> Any:
    def whose(self: Any, *args: Any) -> Any:
        return right(self, *args)[0], False

    return whose


def _mention_counts(right: Any) -> Any:
    return lambda self, row: right(self, dataclasses.replace(row, certain=True))


def _shared_goes(_right: Any) -> Any:
    return lambda self, row, _dataset, _living: Verdict(fact=row, verb=Verb.DELETE, article="17.1")


def _shared_stays(_right: Any) -> Any:
    return lambda self, row, _dataset, _living: Verdict(fact=row, verb=Verb.KEEP, article="15.4")


def _cuts_of_others(right: Any) -> Any:
    return lambda dataset, ground, paths, _others, persons: right(dataset, ground, paths, (), persons)


def _whole_dataset_let_go(right: Any) -> Any:
    """Every reference to a dataset of which a row goes."""

    def let_go(dataset: Any, ground: Any, ties: Any) -> Any:
        to = {parent for tie in ties for parent in tie.parents}
        changes = right(dataset, ground, ties)
        for path in dataset.subject:
            if getattr(path, "to", None) in to:
                names = [n for n in getattr(path, "columns", ()) if n not in dataset.key]
                changes |= {n: minimise.NULL for n in names if ground.columns[n].nullable}
        return changes

    return let_go


def _cascade_unnoticed(patch: Patch) -> None:
    """Nobody looks at what hangs on a row, neither when planning nor when acting."""
    patch.setattr(erase._Judged, "_is_held", lambda _self, _at: False)
    patch.setattr(act.Hand, "_nobody_hangs_on", lambda _self, _act: None)
    patch.setattr(act.Hand, "_recount", lambda _self, _plan, _before: None)


def _unplanned_is_held(patch: Patch) -> None:
    """What the database would take by itself does not stop the plan."""
    patch.setattr(erase._Judged, "_stop", lambda _self, _tie, _row: None)


def _nothing_lives(_right: Any) -> Any:
    return lambda _self, _row: living.Living(law={}, others={})


def _no_law(right: Any) -> Any:
    return lambda self, row: dataclasses.replace(right(self, row), law={})


def _only_law(right: Any) -> Any:
    return lambda self, row: dataclasses.replace(right(self, row), others={})


def _day(days: int) -> Callable[[Any], Any]:
    def made(right: Any) -> Any:
        def init(self: Any, policy: Any, system: Any, told: Any, on: Any, grounds: Any) -> None:
            right(self, policy, system, told, on + timedelta(days=days), grounds)

        return init

    return made


def _ground_ignored(right: Any) -> Any:
    return lambda self, policy, system, told, on, _grounds: right(
        self, policy, system, told, on, living.USUAL
    )


def _keep_forgotten(right: Any) -> Any:
    def emptied(dataset: Any, ground: Any, fields: Any, *, spare: Any = ()) -> Any:
        loose = {n: f.model_copy(update={"erase": None}) if f.erase is Erase.KEEP else f
                 for n, f in dataset.fields.items()}  # fmt: skip
        return right(dataset.model_copy(update={"fields": loose}), ground, fields, spare=spare)

    return emptied


def _always_null(right: Any) -> Any:
    def change(field: Any, column: Any, *, unique: bool = False) -> Any:
        return minimise.NULL if column.nullable else right(field, column, unique=unique)

    return change


def _links_of_held_rows(right: Any) -> Any:
    return lambda dataset, ground, fields, *, spare=(): right(dataset, ground, fields)


def _without_beside(right: Any) -> Any:
    def cut(dataset: Any, ground: Any, path: Any, persons: Any) -> Iterator[Any]:
        beside = getattr(path, "beside", ())
        yield from (
            (name, each) for name, each in right(dataset, ground, path, persons) if name not in beside
        )

    return cut


def _polymorphic_type_ignored(right: Any) -> Any:
    """A tie holds whatever the type column says."""
    return lambda self, values: right(dataclasses.replace(self, when={}), values)


def _only_removed_rows(right: Any) -> Any:
    def hand_over(self: Any, plan: Any, acts: Any, keep: Any) -> None:
        right(self, plan, [a for a in acts if a.verb is Verb.DELETE], keep)

    return hand_over


def _any_case(patch: Patch) -> None:
    """Rows that go or change are named by keys compared whatever their case, and nobody counts them."""

    def joined(db: Any, named: Any) -> str:
        parts = [f"lower(t.{quoted(db, part.name)}) = lower(v.k{n})" for n, part in enumerate(named.parts)]
        return " and ".join(parts)

    def carry_out(self: Any, _id: str, statements: Any) -> None:
        for statement in statements:
            statement.run(self._db)

    patch.setattr(setwise, "joined", joined)
    patch.setattr(act.Hand, "_carry_out", carry_out)
    patch.setattr(act.Hand, "_recount", lambda _self, _plan, _before: None)


def _first_mention_only(right: Any) -> Any:
    return lambda places: right(places)[:1]


def _inside_a_word(patch: Patch) -> None:
    """anna@x.example is found, and masked, in hej.anna@x.example."""
    mentioned, spans = verify.mentioned, changed.spans

    def looser(kind: Kind, text: str, on: Any) -> set[str]:
        whole = mentioned(kind, text, on)
        return whole | {value[n:] for value in whole for n in range(len(value)) if kind is Kind.EMAIL}

    def places(kind: Kind, text: str, on: Any) -> Iterator[tuple[str, int, int]]:
        for value, start, end in spans(kind, text, on):
            yield from ((value[n:], start + n, end) for n in range(len(value) if kind is Kind.EMAIL else 1))

    patch.setattr(verify, "mentioned", looser)
    patch.setattr(changed, "spans", places)


def _empty_document(_right: Any) -> Any:
    return lambda _old, _places: json.dumps({})


def _no_inheriting(_right: Any) -> Any:
    return lambda _told: ()


def _dangling_is_somebody(_right: Any) -> Any:
    return lambda *_args: iter(())


def _climbs_from_asked_rows_only(right: Any) -> Any:
    """Where a climb goes on over another dataset is looked at only from the asked rows."""

    def onto(self: Any, dataset: str) -> Any:
        ways = list(right(self, dataset))
        return iter([each for each in ways if each[0] is None] or ways)

    return onto


def _links_of_the_first(_right: Any) -> Any:
    """Rows are taken to point where the first of their dataset points."""

    def linked(self: Any, row: Any, texts: Any) -> Any:
        known = {number: fact_rows.named(texts, places) for number, places in self._plain}
        if self._links:
            values = dict(zip(self._columns, row, strict=False))
            known |= {told.tie.number: told.key(values) for told in self._links}
        return self._known.setdefault((), known)

    return linked


def _triggers_unseen(_right: Any) -> Any:
    return lambda *_args: iter(())


FAULTS: Mapping[str, Seed] = {
    "second owner ignored": _put(facts.FactReader, "_whose", _second_owner),
    "shared row deleted": _put(erase._Judged, "_shared", _shared_goes),
    "shared row left as it is": _put(erase._Judged, "_shared", _shared_stays),
    "mention deletes row": _put(erase._Judged, "_alone", _mention_counts),
    "mention not masked": _put(erase, "masked", _always({})),
    "only the first mention masked": _put(changed, "_apart", _first_mention_only),
    "a mention masked inside a longer word": _inside_a_word,
    "link to the person not cut": _put(erase, "cut_loose", _always({})),
    "link to a row that goes not cut": _put(erase, "let_go", _always({})),
    "links of others cut too": _put(erase, "cut_loose", _cuts_of_others),
    "all links to a dataset cut": _put(erase, "let_go", _whole_dataset_let_go),
    "what stands beside left": _put(minimise, "_cut", _without_beside),
    "polymorphic type ignored when cutting": _put(ties.Told, "key", _polymorphic_type_ignored),
    "JSON document emptied": _put(changed, "without", _empty_document),
    "cascade unnoticed": _cascade_unnoticed,
    "cascade does not stop the plan": _unplanned_is_held,
    "trigger unnoticed": _put(erase, "unnamed_triggers", _triggers_unseen),
    "kept row deleted": _put(living.Judge, "living", _nothing_lives),
    "law ignored": _put(living.Judge, "living", _no_law),
    "running contract ignored": _put(living.Judge, "living", _only_law),
    "ground ignored": _put(living.Judge, "__init__", _ground_ignored),
    "last day taken for over": _put(living.Judge, "__init__", _day(1)),
    "day after the last taken for living": _put(living.Judge, "__init__", _day(-1)),
    "time of the row above forgotten": _put(living, "parents_of", _no_inheriting),
    "rows of a dataset judged once for all": _put(
        living, "kin_of", lambda _right: lambda row: (row.at.dataset, 0, 0)
    ),
    "rows take the links of the first": _put(fact_rows.Maker, "_linked", _links_of_the_first),
    "minimise forgotten": _put(erase, "emptied", _always({})),
    "replace and generalise forgotten": _put(minimise, "change", _always_null),
    "links of held rows emptied": _put(erase, "emptied", _links_of_held_rows),
    "fields to keep emptied": _put(erase, "emptied", _keep_forgotten),
    "row that others point at deleted": _put(erase._Judged, "_is_held", _always(False)),
    "hold ignored": _put(erase._Judged, "_hold", _always(None)),
    "hold of one category holds all": _put(
        erase, "holding", lambda _right: lambda holds, _dataset: next(iter(holds), None)
    ),
    "keys of rows compared whatever their case": _any_case,
    "changed rows not handed over": _put(act.Hand, "_hand_over", _only_removed_rows),
    "second climb begun from the asked rows only": _put(
        fact_shapes.OwnersWriter, "_onto", _climbs_from_asked_rows_only
    ),
    "key of nobody taken for somebody": _put(fact_shapes.OwnersWriter, "_somebody", _dangling_is_somebody),
}


FOUND_IN_FINDING = (
    "keys compared whatever their case",
    "LIKE for =",
    "keys trimmed",
    "a key that begins the same",
    "half a composite key",
    "halves of a key joined by OR",
    "depth stops at 2",
    "the second path ignored",
    "the polymorphic type ignored",
    "self reference missed",
    "OR precedence",
    "rows outside the dataset followed",
    "a shared address gives rows",
    "the second account missed",
)
"""Faults that the access tests seed too: here they take rows, or leave them."""

ALL = {**FAULTS, **{f"finding: {name}": FINDING[name] for name in FOUND_IN_FINDING}}

FIRST: Mapping[str, int] = {
    "kept row deleted": 1,
    "running contract ignored": 1,
    "ground ignored": 1,
    "finding: rows outside the dataset followed": 1,
    "second owner ignored": 2,
    "shared row deleted": 2,
    "shared row left as it is": 2,
    "cascade unnoticed": 2,
    "minimise forgotten": 2,
    "replace and generalise forgotten": 2,
    "fields to keep emptied": 2,
    "row that others point at deleted": 2,
    "keys of rows compared whatever their case": 2,
    "changed rows not handed over": 2,
    "finding: LIKE for =": 2,
    "finding: keys trimmed": 2,
    "finding: a key that begins the same": 2,
    "finding: halves of a key joined by OR": 2,
    "finding: the second path ignored": 2,
    "hold ignored": 4,
    "hold of one category holds all": 4,
    "mention deletes row": 7,
    "link to the person not cut": 7,
    "links of others cut too": 7,
    "law ignored": 9,
    "finding: half a composite key": 9,
    "finding: the second account missed": 9,
    "mention not masked": 10,
    "last day taken for over": 11,
    "day after the last taken for living": 11,
    "finding: self reference missed": 14,
    "cascade does not stop the plan": 18,
    "what stands beside left": 19,
    "finding: the polymorphic type ignored": 19,
    "key of nobody taken for somebody": 26,
    "finding: depth stops at 2": 26,
    "finding: OR precedence": 38,
    "trigger unnoticed": 39,
    "only the first mention masked": 44,
    "JSON document emptied": 58,
    "link to a row that goes not cut": 67,
    "polymorphic type ignored when cutting": 67,
    "finding: a shared address gives rows": 71,
    "links of held rows emptied": 86,
    "all links to a dataset cut": 95,
    "finding: keys compared whatever their case": 207,
    "second climb begun from the asked rows only": 422,
    "time of the row above forgotten": 259,
    "a mention masked inside a longer word": 7,
}
"""Where to look first: the world that shows the fault, when this was written."""


def _keeps_stay(right: Any) -> Any:
    def change(field: Any, column: Any, *, unique: bool = False) -> Any:
        stays = minimise.Change(how=minimise.How.COARSE, coarse="start")
        return stays if field.erase is Erase.KEEP else right(field, column, unique=unique)

    return change


def _whole_rows(right: Any) -> Any:
    """A row that holds anything that was asked about goes whole."""

    def limited(verdict: Any, dataset: Any, ground: Any, asked: Any, spare: Any = ()) -> Any:
        return verdict if scope.partly(dataset, asked) else right(verdict, dataset, ground, asked, spare)

    return limited


SCOPE_FAULTS: Mapping[str, Seed] = {
    "scope ignored": _put(erase, "limited", lambda _right: lambda verdict, *_: verdict),
    "a row that holds something else too goes": _put(erase, "limited", _whole_rows),
    "what was not asked about loses its way": _put(
        erase, "holds_back", lambda _right: lambda tie, *_: tie.declared
    ),
    "what a law might need stays though no law needs it": _put(scope, "change", _keeps_stay),
    "a bare row keeps what was asked about": _put(erase, "asked_emptied", _always({})),
}
"""Faults in what is left because nobody asked about it."""


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Any]:
    """Worlds in their databases, each made once and copied for each erasure."""
    folder: Path = tmp_path_factory.mktemp("dressed")

    @functools.cache
    def made(seed: int) -> Any:
        dressed, path = dress(world_of(seed)), folder / f"{seed}.sqlite3"
        return dressed, settle(dressed, f"sqlite:///{path}"), path

    def get(seed: int) -> Any:
        dressed, map_, path = made(seed)
        copy = folder / "copy.sqlite3"
        shutil.copyfile(path, copy)
        return dressed, map_, f"sqlite:///{copy}"

    return get


def first_caught(once: Callable[[int], Any], seeds: Iterable[int], asks: Any = request) -> int | None:
    for seed in seeds:
        dressed, map_, url = once(seed)
        if trial(dressed, map_, url, asks(dressed, random.Random(seed))):
            return seed
    return None


def test_without_a_fault_nothing_is_caught(once):
    assert first_caught(once, sorted(set(FIRST.values()))[:20]) is None


@pytest.mark.parametrize("fault", ALL)
def test_the_oracle_catches(fault, once, monkeypatch):
    ALL[fault](monkeypatch)
    seeds = dict.fromkeys((FIRST.get(fault, 0), *range(MOST)))
    assert first_caught(once, seeds) is not None, f"{MOST} worlds do not show the fault"


@pytest.mark.parametrize("fault", SCOPE_FAULTS)
def test_the_oracle_catches_what_was_not_asked(fault, once, monkeypatch):
    SCOPE_FAULTS[fault](monkeypatch)
    assert first_caught(once, range(MOST), request_of_some) is not None, (
        f"{MOST} worlds do not show the fault"
    )
