"""How a restriction shows: in a column, or by a locked copy that the rows are moved to (art. 18)."""

from __future__ import annotations

from collections.abc import Iterator

from lofte.datamap.catalogue import LiveTable
from lofte.datamap.checks.case import At, Case, Check, Way, columns_said, nearest
from lofte.datamap.copies import copy_id, refers_to_itself
from lofte.datamap.document import ByJson
from lofte.datamap.paths import table_of, target_of
from lofte.fault import Fault

_WAY: Way = ("restrict",)
_COLUMN_INSTEAD = "Let a column say it instead, with `column` and `value` under `restrict`."


def m023_a_restriction_shows_in_a_column_there_is(case: Case) -> Iterator[Fault]:
    """The column in which a restriction shows is a field of the dataset, and no part of its key
    (art. 18)."""
    for at in case.datasets():
        column = at.dataset.restrict.column if at.dataset.restrict else None
        if column is None:
            continue
        if column not in at.dataset.fields:
            mend = nearest(column, at.dataset.fields, f"Add `{column}` under `fields`, with a decision.")
            what = f"the column `{column}` is not among the fields"
            yield case.fault("M023", at, (*_WAY, "column"), what, mend)
        elif column in at.dataset.key:
            mend = "Name another column; a row is known again by its key."
            what = f"the column `{column}` is part of the key"
            yield case.fault("M023", at, (*_WAY, "column"), what, mend)


def m024_a_restriction_shows_in_one_way(case: Case) -> Iterator[Fault]:
    """A restriction shows in a column with a value, or by a copy that rows are moved to; one of the two
    (art. 18)."""
    for at in case.datasets():
        restrict = at.dataset.restrict
        if restrict is None:
            continue
        if (restrict.column is None) == (restrict.copy_ is None):
            mend = "Say `column` and `value`, or `copy`."
            yield case.fault("M024", at, _WAY, "the way a restriction shows is not one", mend)
        elif restrict.copy_ and restrict.value is not None:
            mend = "Take `value` out; a row in the copy says nothing else than before."
            yield case.fault("M024", at, _WAY, "a copy has no value", mend)


def m025_a_copy_can_take_the_rows(case: Case) -> Iterator[Fault]:
    """The copy is a table of its own, and the rows are somebody's by paths that can lead there too
    (art. 18)."""
    for at in case.datasets():
        copy = at.dataset.restrict.copy_ if at.dataset.restrict else None
        for what, mend in _unfit(at, copy) if copy else ():
            yield case.fault("M025", at, (*_WAY, "copy"), what, mend)


def m214_a_copy_has_the_columns(case: Case) -> Iterator[Fault]:
    """The copy that restricted rows are moved to exists, with the columns of the table, its key unique,
    and no trigger (art. 18)."""
    for at, catalogue, table in case.live():
        copy = at.dataset.restrict.copy_ if at.dataset.restrict else None
        if copy is None:
            continue
        live = catalogue.table(copy, at.dataset.schema_)
        for what, mend in _unlike(at, table, copy, live, catalogue.dialect):
            yield case.fault("M214", at, (*_WAY, "copy"), what, mend)


def _unfit(at: At, copy: str) -> Iterator[tuple[str, str]]:
    tables = {(d.schema_, table_of(id_, d)) for id_, d in at.system.datasets.items() if id_ != copy_id(at.id)}
    tables |= {(ignored.schema_, ignored.table) for ignored in at.system.ignored}
    if (at.dataset.schema_, copy) in tables:
        yield (
            f"the table `{copy}` has a decision already",
            "Name a table that is nowhere else in the map.",
        )
    twin = at.system.datasets.get(copy_id(at.id))
    if twin is None or twin.table != copy or twin.restrict is not None:
        yield f"the id `{copy_id(at.id)}`, which the copy has, is taken", "Give that dataset another id."
    if at.dataset.role == "processor" or not at.dataset.subject:
        yield f"the rows of `{at.id}` are nobody's that we answer for", "Take `restrict` out."
    if refers_to_itself(at.id, at.dataset):
        yield f"rows of `{at.id}` are somebody's over other rows of it", _COLUMN_INSTEAD
    for id_, dataset in at.system.datasets.items():
        if any(isinstance(path, ByJson) and target_of(path) == at.id for path in dataset.subject):
            yield f"`{id_}` refers to `{at.id}` from inside a JSON column", _COLUMN_INSTEAD


def _unlike(
    at: At, table: LiveTable, copy: str, live: LiveTable | None, dialect: str
) -> Iterator[tuple[str, str]]:
    if live is None:
        yield f"there is no table `{copy}`", f"Its owner may run: {_make(dialect, table.name, copy)}"
        return
    there, wanted = {c.name: c.type for c in live.columns}, {c.name: c.type for c in table.columns}
    differ = sorted(name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name))
    if differ:
        what = f"{columns_said(differ)} of `{copy}` and `{table.name}` are not the same"
        yield what, f"Make `{copy}` anew, as: {_make(dialect, table.name, copy)}"
    if not any(unique and set(unique) <= set(at.dataset.key) for unique in (live.key, *live.unique)):
        what = f"nothing makes the key {columns_said(at.dataset.key)} of `{copy}` unique"
        yield what, "Make it unique there too."
    if live.triggers:
        yield f"the copy `{copy}` has a trigger", "Drop it; nothing else may act on what is restricted."


def _make(dialect: str, table: str, copy: str) -> str:
    if dialect == "postgresql":
        return f'create table "{copy}" (like "{table}" including all)'
    if dialect in ("mysql", "mariadb"):
        return f"create table `{copy}` like `{table}`"
    return f'create table "{copy}" with the columns and the key of "{table}"'


CHECKS: tuple[Check, ...] = (
    m023_a_restriction_shows_in_a_column_there_is,
    m024_a_restriction_shows_in_one_way,
    m025_a_copy_can_take_the_rows,
)
LIVE: tuple[Check, ...] = (m214_a_copy_has_the_columns,)
