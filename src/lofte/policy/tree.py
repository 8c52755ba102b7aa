"""YAML from a stranger, read safely: a tree of nodes with their places, or faults.

- Text in, values out; only the parser's events are used, never its object constructors.
- No aliases, anchors or tags: 324 bytes of aliases can stand for millions of nodes.
- At most 1 MiB, 32 levels, 50,000 nodes; the first one too many ends the reading.
- Plain scalars follow the core schema of YAML 1.2: `yes`, `no`, `NO` and dates are text.
- Keys are always text; the same key twice is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml_events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from lofte.fault import Fault, Place
from lofte.policy import keypath
from lofte.policy.keypath import Segment

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 50_000

_NULL = re.compile(r"(?:~|null|Null|NULL|)")
_TRUE = re.compile(r"(?:true|True|TRUE)")
_FALSE = re.compile(r"(?:false|False|FALSE)")
_INT = re.compile(r"[-+]?[0-9]{1,100}")
_OCTAL = re.compile(r"0o[0-7]{1,100}")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,100}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NAN = re.compile(r"\.(?:nan|NaN|NAN)")


class WrittenInt(int):
    """A whole number that says itself as it was written (`007`)."""

    text: str

    def __str__(self) -> str:
        return self.text


class WrittenFloat(float):
    """A decimal number that says itself as it was written (`2026.10`)."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(kw_only=True, slots=True)
class Node:
    """A piece of the document and where it begins; `value` is a scalar, a dict or a list of nodes."""

    line: int
    column: int
    value: Any
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Where each key of a mapping stands."""

    def child(self, segment: Segment) -> Node | None:
        """The node of this key or list number, if there is one."""
        if isinstance(self.value, dict):
            return self.value.get(str(segment)) if isinstance(segment, str) else None
        if isinstance(self.value, list) and isinstance(segment, int) and segment < len(self.value):
            inner: Node = self.value[segment]
            return inner
        return None

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """What was read: the root, or nothing, and the faults."""

    root: Node | None
    faults: tuple[Fault, ...]


class _Stop(Exception):
    """The reading ends here, with this fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def grow(text: str | bytes, file: str = "") -> Tree:
    """Read the text into a tree."""
    grower = _Grower(file)
    try:
        root = grower.grow(text)
    except _Stop as stop:
        return Tree(root=None, faults=(*grower.faults, stop.fault))
    return Tree(root=root, faults=tuple(grower.faults))


def scalar(text: str) -> Any:
    """What a plain scalar means in the core schema of YAML 1.2."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INT.fullmatch(text):
        return _written(WrittenInt(text), text)
    if _OCTAL.fullmatch(text):
        return _written(WrittenInt(text[2:], 8), text)
    if _HEX.fullmatch(text):
        return _written(WrittenInt(text[2:], 16), text)
    if _FLOAT.fullmatch(text):
        return _written(WrittenFloat(text), text)
    if _INFINITE.fullmatch(text):
        return float("-inf" if text[0] == "-" else "inf")
    return float("nan") if _NAN.fullmatch(text) else text


def _written(number: WrittenInt | WrittenFloat, text: str) -> int | float:
    bare = int(number) if isinstance(number, int) else float(number)
    if repr(bare) == text:
        return bare
    number.text = text
    return number


class _Grower:
    """Builds the tree from the parser's events, one node at a time."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.nodes = 0
        self.path: list[Segment] = []

    def grow(self, text: str | bytes) -> Node:
        events = self._events(self._decoded(text))
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml_events.DocumentStartEvent) and root is not None:
                raise self._stop("P001", event, "there is a second document after `---`", "keep one per file")
            if isinstance(event, yaml_events.NodeEvent):
                root = self._node(event, events, depth=1)
        if root is None:
            raise _Stop(self._fault("P001", 1, 1, "the document is empty", "write the document"))
        return root

    def _decoded(self, text: str | bytes) -> str:
        size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
        if size > MAX_BYTES:
            what = f"the document is {size:,} bytes; at most {MAX_BYTES:,} are read"
            raise _Stop(self._fault("P002", 1, 1, what, "split it, or take out what is not policy"))
        if isinstance(text, str):
            return text.removeprefix("\ufeff")
        try:
            return text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = text[: error.start]
            line = before.count(b"\n") + 1
            column = error.start - (before.rfind(b"\n") + 1) + 1
            what = f"byte {text[error.start]:#04x} is not UTF-8"
            raise _Stop(self._fault("P001", line, column, what, "save the file as UTF-8")) from None

    def _events(self, text: str) -> Iterator[Any]:
        try:
            yield from YAML(typ="safe", pure=True).parse(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            what = str(error.problem or error.context or "the YAML cannot be read").strip().replace("\n", " ")
            raise _Stop(self._fault("P001", line, column, f"not YAML: {what}", _SYNTAX_MEND)) from None
        except (YAMLError, ValueError, OverflowError, LookupError, TypeError, AttributeError) as error:
            # The parser lets a few bad escapes and directives out as bare Python errors.
            line, column = _position(text, getattr(error, "position", 0))
            first = str(error).strip().split("\n")[0]
            raise _Stop(self._fault("P001", line, column, f"not YAML: {first}", _SYNTAX_MEND)) from None

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._stop(
                "P004", event, f"more than {MAX_NODES:,} values", "split the document, or shorten its lists"
            )
        if depth > MAX_DEPTH:
            raise self._stop("P003", event, f"more than {MAX_DEPTH} levels deep", "flatten the document")
        self._refuse_sharing(event)
        node = Node(line=event.start_mark.line + 1, column=event.start_mark.column + 1, value=None)
        if isinstance(event, yaml_events.MappingStartEvent):
            node.value = self._mapping(node, events, depth)
        elif isinstance(event, yaml_events.SequenceStartEvent):
            node.value = self._sequence(events, depth)
        else:
            node.value = self._scalar(event)
        return node

    def _refuse_sharing(self, event: Any) -> None:
        if isinstance(event, yaml_events.AliasEvent):
            raise self._stop("P005", event, f"`*{event.anchor}` is an alias", "write the value out again")
        if event.anchor is not None:
            raise self._stop(
                "P005", event, f"`&{event.anchor}` is an anchor", "take it away; nothing is shared"
            )
        if event.tag is not None:
            raise self._stop("P005", event, "a tag (`!`) stands here", "take it away; values have no tags")

    def _scalar(self, event: Any) -> Any:
        try:
            event.value.encode("utf-8")
        except UnicodeEncodeError:
            raise self._stop(
                "P001", event, "half a character stands here", "write the whole character"
            ) from None
        return scalar(event.value) if event.implicit[0] else event.value

    def _sequence(self, events: Iterator[Any], depth: int) -> list[Node]:
        items: list[Node] = []
        for event in events:
            if isinstance(event, yaml_events.SequenceEndEvent):
                break
            self.path.append(len(items))
            items.append(self._node(event, events, depth + 1))
            self.path.pop()
        return items

    def _mapping(self, node: Node, events: Iterator[Any], depth: int) -> dict[str, Node]:
        values: dict[str, Node] = {}
        for event in events:
            if isinstance(event, yaml_events.MappingEndEvent):
                break
            key = self._key(event)
            self.path.append(key)
            value = self._node(next(events), events, depth + 1)
            if key in values:
                line = node.keys[key][0]
                mend = f"keep one of them; the other is on line {line}"
                self.faults.append(self._stop("P006", event, f"the key `{key}` stands twice", mend).fault)
            else:
                values[key] = value
                node.keys[key] = (event.start_mark.line + 1, event.start_mark.column + 1)
            self.path.pop()
        return values

    def _key(self, event: Any) -> str:
        self.nodes += 1
        self._refuse_sharing(event)
        if not isinstance(event, yaml_events.ScalarEvent):
            raise self._stop("P001", event, "a list or mapping stands as a key", "write the key as a word")
        self._scalar(event)
        return str(event.value)

    def _stop(self, number: str, event: Any, what: str, mend: str) -> _Stop:
        mark = event.start_mark
        return _Stop(self._fault(number, mark.line + 1, mark.column + 1, what, mend))

    def _fault(self, number: str, line: int, column: int, what: str, mend: str) -> Fault:
        place = Place(file=self.file, line=line, column=column, path=keypath.join(self.path))
        return Fault(number=number, place=place, what=what, mend=mend)


_SYNTAX_MEND = "mend the line; text with `:` or `#` in it needs quotes, and indents are blanks"


def _position(text: str, position: Any) -> tuple[int, int]:
    offset = position if isinstance(position, int) else 0
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def find(root: Node, path: str) -> tuple[Node, tuple[int, int]]:
    """The node at a path, or its nearest ancestor, and where its key (or item) stands."""
    node, spot = root, (root.line, root.column)
    for segment in keypath.split(path):
        inner = node.child(segment)
        if inner is None:
            break
        spot = node.keys.get(str(segment), (inner.line, inner.column))
        node = inner
    return node, spot


def placed(root: Node | None, path: str, file: str) -> Place:
    """The place of a path: where its key stands, or that of the nearest key above it."""
    if root is None:
        return Place(file=file, path=path)
    line, column = find(root, path)[1]
    return Place(file=file, line=line, column=column, path=path)
