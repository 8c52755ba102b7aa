"""Reading a document: text in; the document, or faults with line and column, out.

- A value is taken as it was written and never turned into another kind: `yes` is not true,
  `20261201` is not a date, `0` in quotes is not a number. Only a version may be written bare.
- Every fault found is told at once, the first line first.
- Paths are written as in `policy.keypath`: `purposes.invoice.law[0]`, `fields["E-post, hem"]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from lofte.fault import Fault, Place, errors
from lofte.policy import keypath, tree
from lofte.policy.complaints import complain
from lofte.policy.keypath import Segment
from lofte.policy.tree import Node

M = TypeVar("M", bound=BaseModel)

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seam:
    """Where a document that stands in two files goes on in the second."""

    after: int
    """The last line of the first file."""
    file: str


@dataclass(frozen=True, kw_only=True)
class Reading(Generic[M]):
    """What came of reading a file: the document when it has no fault, and the faults."""

    file: str
    document: M | None
    faults: tuple[Fault, ...]
    root: Node | None = None
    seam: Seam | None = None

    def place(self, path: str) -> Place:
        """Where the key of this path stands; if there is none, where the nearest key above it does."""
        return _beyond(self.seam, tree.placed(self.root, path, self.file))

    def value_place(self, path: str) -> Place:
        """Where the value of this path begins (the key's own line for the nearest that is there)."""
        if self.root is None:
            return Place(file=self.file, path=path)
        node, _ = tree.find(self.root, path)
        return _beyond(self.seam, Place(file=self.file, line=node.line, column=node.column, path=path))


def read(text: str | bytes, file: str, model: type[M]) -> Reading[M]:
    """Read a YAML document of the given model. Never raises for what stands in the text."""
    grown = tree.grow(text, file)
    if grown.root is None:
        return Reading(file=file, document=None, faults=grown.faults)
    root = grown.root
    if not isinstance(root.value, dict):
        place = Place(file=file, line=root.line, column=root.column)
        fault = Fault(
            number="P009",
            place=place,
            what="the document is no mapping",
            mend="begin with keys, `key: value`",
        )
        return Reading(file=file, document=None, faults=(*grown.faults, fault), root=root)
    try:
        document = model.model_validate(root.plain())
    except ValidationError as error:
        found = complain(error, root, model, file)
        return Reading(file=file, document=None, faults=_sorted(grown.faults + found), root=root)
    turned = tuple(_turned(root, document.model_dump(by_alias=True), (), file))
    faults = _sorted(grown.faults + turned)
    return Reading(file=file, document=None if errors(faults) else document, faults=faults, root=root)


def read_on(
    text: str, more: str, file: str, more_file: str, model: type[M], *, only: str
) -> tuple[str, Reading[M]]:
    """Read a document whose key `only` stands in a second file, and nothing else there; both as one text."""
    first = text if text.endswith("\n") else f"{text}\n"
    seam = Seam(after=first.count("\n"), file=more_file)
    reading = read(first + more, file, model)
    strangers = tuple(
        Fault(
            number="P007",
            place=Place(file=file, line=line, column=column, path=key),
            what=f"`{key}` has no place in {more_file}",
            mend=f"write it in {file}; here stands only `{only}:`",
        )
        for key, (line, column) in (reading.root.keys.items() if reading.root else ())
        if line > seam.after and key != only
    )
    faults = tuple(f.at(_beyond(seam, f.place)) for f in _sorted((*reading.faults, *strangers)))
    document = None if errors(faults) else reading.document
    return first + more, Reading(file=file, document=document, faults=faults, root=reading.root, seam=seam)


def _beyond(seam: Seam | None, place: Place) -> Place:
    """The place in the file where a person finds it."""
    if seam is None or place.line <= seam.after:
        return place
    return replace(place, file=seam.file, line=place.line - seam.after)


def _sorted(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda f: (f.place.line, f.place.column, f.number, f.place.path)))


def _turned(node: Node, read_as: Any, path: tuple[Segment, ...], file: str) -> list[Fault]:
    """Values that the model would have turned into another kind than was written."""
    written = node.value
    if isinstance(written, dict) and isinstance(read_as, dict):
        known = [k for k in written if k in read_as]
        found = [fault for k in known for fault in _turned(written[k], read_as[k], (*path, k), file)]
        return found + [_inner_name(node, k, path, file) for k in written if k not in read_as]
    if isinstance(written, list) and isinstance(read_as, list | tuple):
        pairs = enumerate(zip(written, read_as, strict=False))
        return [fault for i, (n, value) in pairs for fault in _turned(n, value, (*path, i), file)]
    if isinstance(written, dict | list) or _same_kind(written, read_as):
        return []
    place = Place(file=file, line=node.line, column=node.column, path=keypath.join(path))
    what, mend = _another_kind(written, read_as)
    return [Fault(number="P009", place=place, what=what, mend=mend)]


def _inner_name(node: Node, key: str, path: tuple[Segment, ...], file: str) -> Fault:
    """A key by the name it has inside the program (`as_`), which the model would let pass."""
    line, column = node.keys[key]
    place = Place(file=file, line=line, column=column, path=keypath.join((*path, key)))
    mend = f"did you mean `{key.rstrip('_')}`?"
    return Fault(number="P007", place=place, what=f"`{key}` is no key here", mend=mend)


def _same_kind(written: Any, read_as: Any) -> bool:
    if isinstance(read_as, dict | list | tuple) or read_as is None:
        return True
    if isinstance(read_as, bool) or isinstance(written, bool):
        return isinstance(read_as, bool) and isinstance(written, bool)
    if isinstance(read_as, date) and not isinstance(read_as, datetime):
        return isinstance(written, str) and bool(_ISO_DATE.fullmatch(written))
    if isinstance(read_as, int | float):
        return isinstance(written, int | float) and not (
            isinstance(read_as, int) and isinstance(written, float)
        )
    return True


def _another_kind(written: Any, read_as: Any) -> tuple[str, str]:
    if isinstance(read_as, bool):
        return f"`{written}` is neither true nor false", "write `true` or `false`"
    if isinstance(read_as, date):
        return f"`{written}` is no date", "write it as year-month-day: `2026-12-01`"
    return f"`{written}` is no number of the kind asked for", "write the number without quotes or decimals"
