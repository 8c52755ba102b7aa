"""Masking rows: other people's data go out of a row, never the row out of the answer (art. 15.4).

- MASK shows dots and the last four characters.
- MASK_OTHERS shows dots for a value that is not the subject's own identity; in free text, for
  every e-mail address, personal number and phone number that is not the subject's.
- So does a name, or whatever stands beside such an identity, when the row is another person's:
  it says who it is about, and none of that is the subject's.
- A row that another person wrote has its free text, its identities and its writer's name shown
  as dots; the company's own words and addresses stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from lofte.datamap.document import Author, Dataset, FieldMap, Give
from lofte.datamap.identity import Identity, canonical
from lofte.detect.text import DOTS, redact

NAME = "name"
"""The item of a category that is a person's name."""

Row = tuple[Any, ...]
Mask = Callable[[Row], Row]
_Cell = Callable[[Any], Any]


def masker(
    dataset: Dataset,
    columns: Sequence[str],
    identities: Collection[Identity],
    keys: Collection[Any] = (),
    *,
    on: date,
    weighed: bool = False,
) -> Mask | None:
    """What turns a row of this dataset into the row its subject may see; None when nothing is masked.

    `columns` is the order of the values in a row, and `keys` are the keys by which rows point
    at the subject, for an author that is a reference. A row that somebody looks at by itself (`weighed`)
    keeps the words another wrote: what they may have of them is for that person to say.
    """
    own = frozenset(identities)
    house = tuple(str(h) for h in dataset.author.house) if dataset.author else ()
    cells = {
        at: cell
        for at, name in enumerate(columns)
        if (field := dataset.fields.get(name)) and (cell := _cell(field, own, house, on))
    }
    about = _about_another(dataset, columns, own, on)
    beside = tuple(at for at, name in enumerate(columns) if _tells_beside(dataset.fields.get(name)))
    theirs = None
    if dataset.author and not weighed:
        theirs = _another_wrote(dataset.author, columns, own, frozenset(keys), on)
    if dataset.author:
        _show_house(dataset.author, columns, cells)
    written = tuple(at for at, name in enumerate(columns) if _says_who_or_what(dataset.fields.get(name)))
    mask = _by_cells(cells) if cells else None
    if about is not None and beside:
        mask = _by_row(mask, about, beside)
    if theirs is not None and written:
        mask = _by_row(mask, theirs, written)
    return mask


def text_columns(dataset: Dataset, columns: Sequence[str]) -> tuple[int, ...]:
    """Where free text stands that is given: names of others may be in it, which no mask finds."""
    return tuple(
        at
        for at, name in enumerate(columns)
        if (field := dataset.fields.get(name)) and field.text and field.give is not Give.WITHHOLD
    )


def name_columns(dataset: Dataset, columns: Sequence[str]) -> tuple[int, ...]:
    """Where the person's own name stands, in the rows that are about them and nobody else."""
    if not any(path.by == "own" for path in dataset.subject):
        return ()
    return tuple(
        at
        for at, name in enumerate(columns)
        if (field := dataset.fields.get(name)) and field.item and _is_name(field.item)
    )


def _is_name(item: str) -> bool:
    return item == NAME or item.endswith(f"_{NAME}")


def last_four(value: Any) -> Any:
    """Dots and the last four characters; a value of up to eight shows none of them."""
    if value is None:
        return None
    text = str(value)
    return DOTS + text[-4:] if len(text) > 8 else DOTS


def _by_cells(cells: dict[int, _Cell]) -> Mask:
    masked = tuple(cells.items())

    def mask(row: Row) -> Row:
        values = list(row)
        for at, cell in masked:
            values[at] = cell(values[at])
        return tuple(values)

    return mask


def _by_row(inner: Mask | None, theirs: Callable[[Row], bool], told: Sequence[int]) -> Mask:
    """What is told of another person is dots, in the rows that are another person's."""

    def mask(row: Row) -> Row:
        masked = inner(row) if inner is not None else row
        if not theirs(row):
            return masked
        values = list(masked)
        for at in told:
            if values[at] is not None and values[at] != "":
                values[at] = DOTS
        return tuple(values)

    return mask


def _cell(field: FieldMap, own: frozenset[Identity], house: tuple[str, ...], on: date) -> _Cell | None:
    if field.give is Give.MASK:
        return last_four
    if field.give is not Give.MASK_OTHERS:
        return None
    if field.identity is None or field.text:
        return lambda value: value if value is None else redact(_as_text(value), own, on, house)
    kind = field.identity
    values = frozenset(i.value for i in own if i.kind is kind)

    def others(value: Any) -> Any:
        if value is None or value == "" or canonical(kind, str(value), on) in values:
            return value
        return DOTS

    return others


def _about_another(
    dataset: Dataset, columns: Sequence[str], own: frozenset[Identity], on: date
) -> Callable[[Row], bool] | None:
    """Whether a row names somebody, and none of the identities it gives them is the subject's.

    A person's own row is about that person whatever stands in it.
    """
    if any(path.by == "own" for path in dataset.subject):
        return None
    says = tuple(
        (at, field.identity)
        for at, name in enumerate(columns)
        if (field := dataset.fields.get(name)) and field.identity and field.give is Give.MASK_OTHERS
    )
    if not says:
        return None
    known = frozenset((i.kind, i.value) for i in own)

    def theirs(row: Row) -> bool:
        there = [(kind, str(row[at])) for at, kind in says if row[at] is not None and row[at] != ""]
        return bool(there) and not any((kind, canonical(kind, value, on)) in known for kind, value in there)

    return theirs


def _tells_beside(field: FieldMap | None) -> bool:
    """Neither an identity nor a text, but given only when it is the subject's."""
    return field is not None and field.give is Give.MASK_OTHERS and not field.text and field.identity is None


def _another_wrote(
    author: Author, columns: Sequence[str], own: frozenset[Identity], keys: frozenset[Any], on: date
) -> Callable[[Row], bool] | None:
    """Whether a row was written by somebody who is neither the subject nor of the house."""
    if author.column not in columns:
        return lambda row: True
    at = tuple(columns).index(author.column)
    of_house = _house(author)
    values = frozenset(i.value for i in own if i.kind is author.kind)
    plain_keys = frozenset(str(k[0] if isinstance(k, tuple) and len(k) == 1 else k) for k in keys)

    def theirs(row: Row) -> bool:
        value = row[at]
        if value is None:
            return False
        if of_house(value):
            return False
        text = str(value).strip()
        if author.kind is not None:
            return canonical(author.kind, text, on) not in values
        return text not in plain_keys

    return theirs


def _show_house(author: Author, columns: Sequence[str], cells: dict[int, _Cell]) -> None:
    """Who of the company wrote is shown, though it is another person."""
    at = tuple(columns).index(author.column) if author.column in columns else -1
    if at not in cells:
        return
    of_house, hide = _house(author), cells[at]
    cells[at] = lambda value: value if of_house(value) else hide(value)


def _house(author: Author) -> Callable[[Any], bool]:
    whole = frozenset(str(h).casefold() for h in author.house if not str(h).startswith("@"))
    domains = tuple(str(h).casefold() for h in author.house if str(h).startswith("@"))

    def of_house(value: Any) -> bool:
        folded = str(value).strip().casefold()
        return folded in whole or (bool(domains) and folded.endswith(domains))

    return of_house


def _says_who_or_what(field: FieldMap | None) -> bool:
    """What a row of another person's tells of them: their words, their identities, their name."""
    if field is None or field.technical:
        return False
    told = field.text or field.give is Give.MASK_OTHERS or field.identity is not None
    return told or field.item == NAME


def _as_text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return value if isinstance(value, str) else str(value)
