"""What a model says about a document, said to the person who wrote it.

Turns pydantic's errors into faults: where in the text, what is wrong in plain words, and how
to mend it, with the nearest known name when a word is misspelt.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from lofte.fault import Fault, Place
from lofte.policy import keypath, tree
from lofte.policy.keypath import Segment
from lofte.policy.tree import Node

MOST_FAULTS = 500
"""So many of a document's wrong values are told at once."""


def complain(error: ValidationError, root: Node, model: type[BaseModel], file: str) -> tuple[Fault, ...]:
    """The faults behind a validation error, each at its place in the text, none twice."""
    faults: dict[tuple[str, str, int], Fault] = {}
    for detail in _without_other_shapes(error.errors(include_url=False)[:MOST_FAULTS], root):
        fault = _fault(dict(detail), root, model, file)
        faults.setdefault((fault.number, fault.place.path, fault.place.line), fault)
    return tuple(faults.values())


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name most like the word, if any is like it."""
    close = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return close[0] if close else None


def one_of(names: Iterable[str]) -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]


def _fault(detail: dict[str, Any], root: Node, model: type[BaseModel], file: str) -> Fault:
    kind, written = str(detail["type"]), detail["input"]
    path, leaf = _path(tuple(detail["loc"]), root, missing=kind == "missing")
    text = keypath.join(path)
    if kind == "missing":
        place = tree.placed(root, text, file)
        mend = f"add `{path[-1]}:`" + _allowed_after(_models_at(model, path))
        return Fault(number="P008", place=place, what=f"`{path[-1]}` is missing", mend=mend)
    if kind == "extra_forbidden":
        place = tree.placed(root, text, file)
        known = _keys(_models_at(model, path[:-1], _value_of(root, path[:-1])))
        return Fault(
            number="P007", place=place, what=f"`{path[-1]}` is no key here", mend=_known(path[-1], known)
        )
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _tag_fault(detail, root, path, file)
    spot = (
        tree.placed(root, text, file) if detail["loc"][-1:] == ("[key]",) else _value_spot(leaf, text, file)
    )
    what, mend = _wrong(kind, written, dict(detail.get("ctx") or {}), _models_at(model, path))
    return Fault(number="P009", place=spot, what=what, mend=mend)


def _tag_fault(detail: dict[str, Any], root: Node, path: tuple[Segment, ...], file: str) -> Fault:
    key = str(detail["ctx"]["discriminator"]).strip("'")
    allowed = _quoted(str(detail["ctx"].get("expected_tags", "")))
    inside = keypath.join((*path, key))
    place = tree.placed(root, inside, file)
    if detail["type"] == "union_tag_not_found":
        return Fault(number="P008", place=place, what=f"`{key}` is missing", mend=f"add `{key}:`")
    word = str(detail["ctx"]["tag"])
    return Fault(number="P009", place=place, what=f"`{word}` is not allowed here", mend=_known(word, allowed))


def _value_spot(node: Node, path: str, file: str) -> Place:
    return Place(file=file, line=node.line, column=node.column, path=path)


def _path(loc: tuple[Segment, ...], root: Node, *, missing: bool) -> tuple[tuple[Segment, ...], Node]:
    """The keys of a location that stand in the text; pydantic's own labels (the name of a shape
    tried, `[key]`) are left out. The last key of what is missing stands nowhere and is kept."""
    node, path = root, list[Segment]()
    for index, segment in enumerate(loc):
        inner = node.child(segment)
        if inner is not None:
            node = inner
        elif not (missing and index == len(loc) - 1):
            continue
        path.append(segment)
    return tuple(path), node


def _without_other_shapes(details: Iterable[Any], root: Node) -> Iterator[Any]:
    """Where a value may have several shapes, pydantic complains once per shape; keep the
    complaints about the shape that was meant (words for a word, a list for a list)."""
    listed = [(d, *_path(tuple(d["loc"]), root, missing=d["type"] == "missing")) for d in details]
    for detail, path, node in listed:
        is_list = isinstance(node.value, list | dict)
        wrong_shape = (detail["type"] in _WANTS_MANY and not is_list) or (
            detail["type"] in ("literal_error", "string_type") and is_list
        )
        if wrong_shape and any(d["loc"] != detail["loc"] and p[: len(path)] == path for d, p, _ in listed):
            continue
        yield detail


_WANTS_MANY = ("tuple_type", "list_type", "dict_type", "model_type", "model_attributes_type")


def _wrong(kind: str, written: Any, ctx: dict[str, Any], shapes: tuple[Any, ...]) -> tuple[str, str]:
    """What is wrong with a value, and how to mend it."""
    shown = _shown(written)
    if kind in ("literal_error", "enum"):
        allowed = _quoted(str(ctx.get("expected", "")))
        if not isinstance(written, str) and str(written) in allowed:
            return f"{shown} is a number, not text", f'put it in quotes: "{written}"'
        return f"{shown} is not allowed here", _known(str(written), allowed)
    if kind == "string_pattern_mismatch":
        return f"{shown} is not written as it must be", _pattern_mend(str(ctx["pattern"]), str(written))
    if kind == "string_type":
        if isinstance(written, bool | int | float):
            return f"{shown} is not text", f'put it in quotes: "{written}"'
        return f"{shown} stands where text should", "write text, or take the key away"
    plain = {
        "bool_parsing": ("is neither true nor false", "write `true` or `false`"),
        "bool_type": ("is neither true nor false", "write `true` or `false`"),
        "int_parsing": ("is no whole number", "write a whole number"),
        "int_type": ("is no whole number", "write a whole number"),
        "int_from_float": ("is no whole number", "write a whole number"),
        "tuple_type": ("stands where a list should", "write a list: `[a, b]`"),
        "dict_type": ("stands where keys should", "write `key: value` under it"),
        "model_type": ("stands where keys should", "write `key: value` under it"),
        "model_attributes_type": ("stands where keys should", "write `key: value` under it"),
        "string_too_long": (f"is longer than {ctx.get('max_length')}", "shorten it"),
        "string_too_short": ("is empty", "write something"),
        "greater_than_equal": (f"is less than {ctx.get('ge')}", f"write {ctx.get('ge')} or more"),
        "less_than_equal": (f"is more than {ctx.get('le')}", f"write {ctx.get('le')} or less"),
    }
    if kind in plain:
        return f"{shown} {plain[kind][0]}", plain[kind][1] + _allowed_after(shapes)
    if kind.startswith("date"):
        return f"{shown} is no date", "write it as year-month-day: `2026-12-01`"
    return f"{shown} will not do here", "see the reference of the document for this key"


def _shown(written: Any) -> str:
    if isinstance(written, str | int | float):
        text = str(written)
        return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}...`"
    if written is None:
        return "nothing"
    return "a list" if isinstance(written, list | tuple) else "a mapping"


def _pattern_mend(pattern: str, written: str) -> str:
    if "[a-z][a-z0-9_-]" in pattern:
        suggestion = re.sub(r"[^a-z0-9_-]+", "-", written.lower().translate(_ASCII)).strip("-_0123456789")
        return "use a-z, 0-9, `_` and `-`, beginning with a letter" + (
            f": `{suggestion[:64]}`" if suggestion else ""
        )
    if "[A-Z]{2" in pattern:
        return "write the country's two capital letters: `SE`"
    return "write it as in `12-31`" if "\\d\\d-\\d\\d" in pattern else f"it must match {pattern}"


_ASCII = str.maketrans("åäöéü", "aaoeu")


def _known(word: Any, known: Iterable[str]) -> str:
    names = sorted(known)
    if not names:
        return "take it away"
    close = nearest(str(word), names)
    if close:
        return f"did you mean `{close}`?" + (f" Allowed: {one_of(names)}" if len(names) <= 12 else "")
    return f"write {one_of(names)}" if len(names) <= 40 else "see the reference for the names allowed"


def _quoted(listed: str) -> list[str]:
    return re.findall(r"'([^']*)'", listed) or ([listed] if listed else [])


def _allowed_after(shapes: tuple[Any, ...]) -> str:
    allowed = [str(v) for shape in shapes for v in _choices(shape)]
    return f" ({one_of(allowed)})" if allowed else ""


def _choices(shape: Any) -> tuple[Any, ...]:
    if get_origin(shape) is Literal:
        return get_args(shape)
    return tuple(shape) if isinstance(shape, type) and issubclass(shape, StrEnum) else ()


def _value_of(root: Node, path: tuple[Segment, ...]) -> Any:
    return tree.find(root, keypath.join(path))[0].plain()


def _keys(shapes: tuple[Any, ...]) -> set[str]:
    models = [s for s in shapes if isinstance(s, type) and issubclass(s, BaseModel)]
    return {field.alias or name for model in models for name, field in model.model_fields.items()}


def _models_at(model: type[BaseModel], path: tuple[Segment, ...], value: Any = None) -> tuple[Any, ...]:
    """The types that may stand at a path; with several models, those whose discriminating
    word agrees with the value found there."""
    shapes: tuple[Any, ...] = (model,)
    for segment in path:
        shapes = tuple(inner for shape in shapes for inner in _step(shape, segment))
    models = [s for s in shapes if isinstance(s, type) and issubclass(s, BaseModel)]
    if len(models) > 1 and isinstance(value, dict):
        agreeing = [m for m in models if _agrees(m, value)]
        return tuple(agreeing) or shapes
    return shapes


def _agrees(model: type[BaseModel], value: dict[str, Any]) -> bool:
    fixed = {
        n: get_args(f.annotation)
        for n, f in model.model_fields.items()
        if get_origin(f.annotation) is Literal
    }
    return any(value.get(name) in allowed for name, allowed in fixed.items())


def _step(shape: Any, segment: Segment) -> Iterator[Any]:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        for name, field in shape.model_fields.items():
            if segment == (field.alias or name):
                yield from _bare(field.annotation)
    elif get_origin(shape) is dict:
        yield from _bare(get_args(shape)[1])
    elif get_origin(shape) is tuple:
        yield from _bare(get_args(shape)[0])


def _bare(shape: Any) -> Iterator[Any]:
    """The shape without Annotated and None, a union as its members."""
    if get_origin(shape) is Annotated:
        yield from _bare(get_args(shape)[0])
    elif get_origin(shape) in (Union, UnionType):
        for inner in get_args(shape):
            yield from _bare(inner)
    elif shape is not type(None):
        yield shape
