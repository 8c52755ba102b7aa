"""What is done to the values of a row that stays: field by field, as the map says (art. 5.1 c)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from lofte.datamap.catalogue import LiveColumn, TypeClass
from lofte.datamap.document import (
    ByIdentity,
    ByJson,
    ByMention,
    ByOwn,
    ByPolymorphic,
    ByReference,
    ByValue,
    Dataset,
    Erase,
    FieldMap,
    Path,
)
from lofte.datamap.paths import columns_of
from lofte.plan.facts import Ground, Tie
from lofte.plan.verdict import NULL, Change, How

NO_DATE = "1970-01-01"
_NEUTRAL: dict[TypeClass, str | int | bool] = {
    TypeClass.INTEGER: 0,
    TypeClass.NUMBER: 0,
    TypeClass.BOOLEAN: False,
    TypeClass.DATE: NO_DATE,
    TypeClass.TIME: NO_DATE,
    TypeClass.JSON: "{}",
    TypeClass.UUID: "00000000-0000-0000-0000-000000000000",
}
UNIQUE = "erased-{key}"
MASKED = "[…]"


def emptied(
    dataset: Dataset, ground: Ground, fields: Collection[str], *, spare: Collection[str] = ()
) -> dict[str, Change]:
    """The changes that empty these fields; keys and `spare` stay as they are."""
    changes = {}
    for name in fields:
        field = dataset.fields[name]
        if name in dataset.key or name in spare or (field.technical and field.erase is None):
            continue
        if field.erase is not Erase.KEEP:
            changes[name] = change(field, ground.columns[name], unique=name in ground.unique)
    return changes


def change(field: FieldMap, column: LiveColumn, *, unique: bool = False) -> Change:
    """What is done to one value that may not stay. Without a word in the map it is emptied; a
    column that cannot be empty gets a value that says nothing."""
    if field.erase is Erase.GENERALISE and field.coarse is not None:
        return Change(how=How.COARSE, coarse=field.coarse)
    if field.erase is Erase.REPLACE and field.replace_with is not None:
        return _value(field.replace_with)
    if column.nullable:
        return NULL
    return _value(field.replace_with if field.replace_with is not None else neutral(column, unique=unique))


def neutral(column: LiveColumn, *, unique: bool) -> str | int | bool:
    """A value that says nothing, for a column that must hold one."""
    if column.type in _NEUTRAL:
        return _NEUTRAL[column.type]
    return UNIQUE if unique else ""


def _value(value: str | int | float | bool) -> Change:
    template = isinstance(value, str) and "{key}" in value
    return Change(how=How.TEMPLATE if template else How.VALUE, value=value)


def cut_loose(
    dataset: Dataset,
    ground: Ground,
    paths: Collection[int],
    others: Collection[int],
    persons: Collection[str],
) -> dict[str, Change]:
    """What ties a row to a person, by these paths, emptied: the columns of the path and those
    beside it; what also ties the row to others stays. A path over a row that is no person is cut
    where that row is (or must be, when that row goes)."""
    kept = [dataset.subject[number] for number in others if number >= 0]
    needed = set(dataset.key)
    for path in kept:
        names = columns_of(path)
        needed |= set(names if not isinstance(path, ByJson) else path.when)
    places = {(path.column, path.at) for path in kept if isinstance(path, ByJson)}
    changes: dict[str, Change] = {}
    for number in sorted(paths):
        if number < 0:
            continue
        for name, each in _cut(dataset, ground, dataset.subject[number], persons):
            inside = {(name, at) for at in each.at}
            # Of a JSON column that others need only their own place stays.
            spared = inside & places if inside else any(name == column for column, _ in places)
            if name not in needed and not spared:
                changes = together(changes, {name: each})
    return changes


def together(first: Mapping[str, Change], then: Mapping[str, Change]) -> dict[str, Change]:
    """Changes of both; where both are places in one JSON document, all of them are emptied, else what
    came first stays."""
    changes = dict(first)
    for name, each in then.items():
        before = changes.get(name)
        if before is None:
            changes[name] = each
        elif before.how is How.JSON and each.how is How.JSON:
            changes[name] = replace(before, at=tuple(dict.fromkeys((*before.at, *each.at))))
    return changes


def _cut(
    dataset: Dataset, ground: Ground, path: Path, persons: Collection[str]
) -> Iterator[tuple[str, Change]]:
    match path:
        case ByOwn() | ByMention():
            return
        case ByJson():
            if path.to is None or path.to in persons:
                yield path.column, Change(how=How.JSON, at=(path.at,))
        case ByIdentity() | ByValue(kind=None) | ByValue():
            if not isinstance(path, ByValue) or path.to is None or path.to in persons:
                yield path.column, _freed(dataset.fields[path.column], ground, path.column)
        case ByReference() | ByPolymorphic():
            if path.to in persons:
                for name in path.columns:
                    field = dataset.fields[name]
                    if ground.columns[name].nullable:
                        yield name, NULL
                    elif field.replace_with is not None:
                        yield name, _value(field.replace_with)
    for name in path.beside:
        yield name, _freed(dataset.fields[name], ground, name)


def _freed(field: FieldMap, ground: Ground, name: str) -> Change:
    return change(field, ground.columns[name], unique=name in ground.unique)


def let_go(dataset: Dataset, ground: Ground, ties: Iterable[Tie]) -> dict[str, Change]:
    """What points at rows that go, by these ties, emptied where it can be; what points at other
    rows of the same dataset stays."""
    changes: dict[str, Change] = {}
    for tie in ties:
        for name in tie.columns:
            if tie.inside:
                changes = together(changes, {name: Change(how=How.JSON, at=(tie.inside,))})
            elif ground.columns[name].nullable and name not in dataset.key:
                changes[name] = NULL
    return changes


def masked(dataset: Dataset) -> dict[str, Change]:
    """The free texts in which a mention of the person is replaced, by decision of the map."""
    names = [n for path in dataset.subject if isinstance(path, ByMention) for n in path.columns]
    return {
        name: Change(how=How.MASK, value=dataset.fields[name].replace_with or MASKED)
        for name in names
        if dataset.fields[name].erase is Erase.REPLACE
    }
