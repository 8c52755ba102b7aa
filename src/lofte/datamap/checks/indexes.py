"""Which indexes the live systems lack for finding a person's rows quickly; never an error.

Löfte adds nothing to a foreign system. It prints the line that its owner may run.
"""

from __future__ import annotations

from collections.abc import Iterator

from lofte.datamap.catalogue import Catalogue, LiveTable, TypeClass
from lofte.datamap.checks.case import At, Case, Check, columns_said
from lofte.datamap.document import ByIdentity, ByOwn, ByPolymorphic, ByReference, Kind
from lofte.datamap.identity import COMPARED, STRENGTH, Compared, Strength
from lofte.fault import Fault

_LONGEST_NAME = 60


def m210_an_index_serves_an_identity(case: Case) -> Iterator[Fault]:
    """A column by which persons are found has an index in the form it is compared in."""
    for at, catalogue, table in case.live():
        for way, name, kind in _looked_up(at):
            column = table.column(name)
            if column is None or column.type is TypeClass.JSON or STRENGTH[kind] is Strength.WEAK:
                continue
            lowered = COMPARED[kind] is Compared.LOWERED and catalogue.dialect not in ("mysql", "mariadb")
            wanted = f"lower:{name}" if lowered else name
            if not any(index[:1] == (wanted,) for index in (table.key, *table.indexes, *table.unique)):
                what = f"no index serves looking for {kind} in `{at.table}.{name}`"
                line = _create(catalogue, table, (name,), lowered=lowered)
                yield case.fault("M210", at, way, what, f"Its owner may run: {line}")


def _looked_up(at: At) -> Iterator[tuple[tuple[str | int, ...], str, Kind]]:
    for index, path in enumerate(at.dataset.subject):
        if isinstance(path, ByIdentity):
            yield ("subject", index), path.column, path.kind
        elif isinstance(path, ByOwn):
            for name, decided in at.fields():
                if decided.identity:
                    yield ("fields", name), name, decided.identity


def m211_an_index_serves_a_reference(case: Case) -> Iterator[Fault]:
    """The columns of a reference are the first of some index."""
    for at, catalogue, table in case.live():
        seen: set[frozenset[str]] = set()
        for index, path in enumerate(at.dataset.subject):
            if not isinstance(path, ByReference | ByPolymorphic):
                continue
            wanted = frozenset(path.columns)
            known = all(table.column(name) for name in wanted)
            if not known or wanted in seen or _served(table, wanted):
                continue
            seen.add(wanted)
            what = f"no index serves following {columns_said(path.columns)} of `{at.table}`"
            line = _create(catalogue, table, path.columns, lowered=False)
            yield case.fault("M211", at, ("subject", index), what, f"Its owner may run: {line}")


def _served(table: LiveTable, wanted: frozenset[str]) -> bool:
    """An index that begins with one of the columns already narrows the search."""
    return any(index and index[0] in wanted for index in (table.key, *table.indexes, *table.unique))


def _create(catalogue: Catalogue, table: LiveTable, columns: tuple[str, ...], *, lowered: bool) -> str:
    quote = "`" if catalogue.dialect in ("mysql", "mariadb") else '"'

    def quoted(name: str) -> str:
        return quote + name.replace(quote, quote * 2) + quote

    parts = ", ".join(f"lower({quoted(name)})" if lowered else quoted(name) for name in columns)
    name = quoted(f"lofte_{table.name}_{'_'.join(columns)}"[:_LONGEST_NAME])
    at = f"{quoted(table.schema)}.{quoted(table.name)}" if table.schema else quoted(table.name)
    return f"CREATE INDEX {name} ON {at} ({parts});"


CHECKS: tuple[Check, ...] = (m210_an_index_serves_an_identity, m211_an_index_serves_a_reference)
