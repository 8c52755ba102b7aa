"""The map against the live systems: is everything named there, and everything there named?"""

from __future__ import annotations

from collections.abc import Iterator

from lofte.datamap.catalogue import Catalogue, LiveTable, TypeClass
from lofte.datamap.checks.case import At, Case, Check, Way, columns_said, nearest, severity_of
from lofte.datamap.document import Kind, System
from lofte.datamap.paths import columns_of, joined_columns, keys_of, table_of, target_of
from lofte.fault import Fault, Severity

_NUMBERS = frozenset({TypeClass.INTEGER, TypeClass.NUMBER})
_COMPARABLE = _NUMBERS | {TypeClass.TEXT, TypeClass.UUID, TypeClass.DATE, TypeClass.TIME, TypeClass.BINARY}


def m201_a_table_is_there(case: Case) -> Iterator[Fault]:
    """The table of a dataset exists, spelled exactly so."""
    for at in case.datasets():
        catalogue = case.catalogues.get(at.system.id)
        if catalogue and catalogue.table(at.table, at.dataset.schema_) is None:
            mend = nearest(
                at.table, _names(catalogue, at.dataset.schema_), "Write its name as the database has it."
            )
            yield case.fault("M201", at, ("table",), f"there is no table `{_said(at)}`", mend)


def m202_a_column_is_there(case: Case) -> Iterator[Fault]:
    """Every field, key and column that a path reads exists, spelled exactly so."""
    for at, _, table in case.live():
        names = {column.name for column in table.columns}
        named: list[tuple[Way, str]] = [(("fields", name), name) for name in at.dataset.fields]
        named += [(("key",), name) for name in at.dataset.key if name not in at.dataset.fields]
        named += [
            (("subject", index), name)
            for index, path in enumerate(at.dataset.subject)
            for name in columns_of(path)
            if name not in at.dataset.fields
        ]
        for way, name in named:
            if name not in names:
                mend = nearest(name, names, "Write its name as the database has it, or take the field out.")
                yield case.fault("M202", at, way, f"the table `{_said(at)}` has no column `{name}`", mend)


def m203_a_column_has_a_decision(case: Case) -> Iterator[Fault]:
    """Every column of a mapped table has a field in every dataset of that table."""
    for at, _, table in case.live():
        for column in table.columns:
            if column.name not in at.dataset.fields:
                mend = f"Add `{column.name}` under `fields`: its category, or `technical: true`."
                what = f"the column `{_said(at)}.{column.name}` has no decision"
                yield case.fault("M203", at, ("fields",), what, mend)


def m204_a_table_has_a_decision(case: Case) -> Iterator[Fault]:
    """Every table of the system's schemas is mapped, or ignored with a reason."""
    for system in case.datamap.systems:
        catalogue = case.catalogues.get(system.id)
        decided = {(d.schema_, table_of(id_, d)) for id_, d in system.datasets.items()}
        decided |= {(table.schema_, table.table) for table in system.ignored}
        for live in catalogue.tables if catalogue else ():
            if (live.schema, live.name) not in decided:
                name = f"{live.schema}.{live.name}" if live.schema else live.name
                yield Fault(
                    number="M204",
                    place=case.place(system, ("datasets",)),
                    what=f"the table `{name}` has no decision",
                    mend="Map it as a dataset, or list it under `ignored` and say why.",
                )


def m205_a_key_names_one_row(case: Case) -> Iterator[Fault]:
    """The key of a dataset is the table's own key, or unique in the database."""
    for at, _, table in case.live():
        if set(at.dataset.key) - {column.name for column in table.columns}:
            continue
        uniques = [set(unique) for unique in (table.key, *table.unique) if unique]
        if not any(unique <= set(at.dataset.key) for unique in uniques):
            said = columns_said(at.dataset.key)
            what = f"nothing in the database makes the key {said} of `{_said(at)}` unique"
            mend = (
                f"Use the table's own key {columns_said(table.key)}."
                if table.key
                else "Make it unique, or name columns that are."
            )
            # A view has no keys to show; there the person who wrote the map must know.
            severity = Severity.ERROR if uniques else Severity.WARNING
            yield case.fault("M205", at, ("key",), what, mend, severity)


def m206_an_ignored_table_is_there(case: Case) -> Iterator[Fault]:
    """A table that is ignored exists; else the line hides nothing and may hide something later."""
    for system in case.datamap.systems:
        catalogue = case.catalogues.get(system.id)
        for index, ignored in enumerate(system.ignored if catalogue else ()):
            if catalogue and catalogue.table(ignored.table, ignored.schema_) is None:
                yield Fault(
                    number="M206",
                    place=case.place(system, ("ignored", index)),
                    what=f"the ignored table `{ignored.table}` does not exist",
                    mend=nearest(ignored.table, _names(catalogue, ignored.schema_), "Take the line out."),
                    severity=severity_of("M206"),
                )


def m207_a_reference_compares_like_with_like(case: Case) -> Iterator[Fault]:
    """The two sides of a reference have the same type of column."""
    for at, catalogue, table in case.live():
        for index, path in enumerate(at.dataset.subject):
            target = at.system.datasets.get(target_of(path) or "")
            other = _live_target(at.system, catalogue, target_of(path))
            if target is None or other is None or path.by in ("json", "value"):
                continue
            pairs = zip(joined_columns(path), keys_of(path, target), strict=False)
            for one, key in pairs:
                left, right = table.column(one), other.column(key)
                if left and right and not _alike(left.type, right.type):
                    what = f"`{one}` is {left.type} and `{target_of(path)}.{key}` is {right.type}"
                    mend = "See that the right columns are named; they are compared as text."
                    yield case.fault("M207", at, ("subject", index), what, mend)


def _live_target(system: System, catalogue: Catalogue, id_: str | None) -> LiveTable | None:
    target = system.datasets.get(id_ or "")
    return catalogue.table(table_of(id_ or "", target), target.schema_) if target else None


def _alike(one: TypeClass, other: TypeClass) -> bool:
    if not {one, other} <= _COMPARABLE:
        return True
    return one is other or {one, other} <= _NUMBERS


def m208_a_declared_reference_is_followed(case: Case) -> Iterator[Fault]:
    """A foreign key that the database declares to a mapped table is a path of the map too."""
    for at, _, table in case.live():
        mapped = {(d.schema_, table_of(id_, d)) for id_, d in at.system.datasets.items() if d.nobody is None}
        followed = {frozenset(joined_columns(path)) for path in at.dataset.subject}
        for reference in table.references:
            known = (reference.to_schema, reference.to_table) in mapped
            if known and frozenset(reference.columns) not in followed and at.dataset.nobody is None:
                said = columns_said(reference.columns)
                what = f"the database ties {said} to `{reference.to_table}`; the map does not"
                mend = "Add a path `by: reference` if the row is that person's too."
                yield case.fault("M208", at, ("subject",), what, mend)


def m209_an_identity_stands_in_a_readable_column(case: Case) -> Iterator[Fault]:
    """An e-mail or user name stands in a column of text, a personnummer in one of text or numbers."""
    for at, _, table in case.live():
        for name, decided in at.fields():
            column = table.column(name)
            if not decided.identity or not column or column.type in (TypeClass.TEXT, TypeClass.OTHER):
                continue
            numbered = decided.identity not in (Kind.EMAIL, Kind.USER_NAME, Kind.IP)
            if column.type in (TypeClass.DATE, TypeClass.TIME, TypeClass.BOOLEAN) or (
                column.type in _NUMBERS and not numbered
            ):
                what = f"`{name}` is {column.type} and cannot hold an identity of kind {decided.identity}"
                mend = "Take `identity` out, or name the right column."
                yield case.fault("M209", at, ("fields", name), what, mend)


def _said(at: At) -> str:
    return f"{at.dataset.schema_}.{at.table}" if at.dataset.schema_ else at.table


def _names(catalogue: Catalogue, schema: str | None) -> list[str]:
    return [table.name for table in catalogue.tables if table.schema == schema]


CHECKS: tuple[Check, ...] = (
    m201_a_table_is_there,
    m202_a_column_is_there,
    m203_a_column_has_a_decision,
    m204_a_table_has_a_decision,
    m205_a_key_names_one_row,
    m206_an_ignored_table_is_there,
    m207_a_reference_compares_like_with_like,
    m208_a_declared_reference_is_followed,
    m209_an_identity_stands_in_a_readable_column,
)
