"""An object literal of JavaScript, read as data. Nothing is ever run.

Strings, numbers, true, false, null, arrays, objects and regular expressions are values. Whatever else
stands there (a function, a variable, a sum) is a `Gap` with its line: it is told, not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

DEEPEST = 60
_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`", re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/[a-z]*")
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL
)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": ""}
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None}
_CLOSES = {"{": "}", "[": "]", "(": ")"}
_START = re.compile(r"(?:\.run\s*\(|=|export\s+default|module\.exports\s*=)\s*(?=\{)|^\s*(?=\{)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Something that is not data."""

    line: int
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """A regular expression."""

    text: str


class Unreadable(ValueError):
    """There is no object literal here, or it is not whole."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def literal(source: str) -> dict[str, Any]:
    """The configuration in a file: all of it as JSON, or the literal that is assigned, exported, or handed to
    `run`. Raises Unreadable."""
    reader = _Reader(source)
    widest: tuple[int, dict[str, Any]] | None = None
    for found in _START.finditer(source):
        reader.at = found.end()
        try:
            value = reader.value(0)
        except Unreadable:
            if widest is None and found.start() == 0:
                raise
            continue
        if isinstance(value, dict) and (widest is None or reader.at - found.end() > widest[0]):
            widest = (reader.at - found.end(), value)
    if widest is None:
        raise Unreadable(1)
    return widest[1]


class _Reader:
    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0

    def value(self, depth: int) -> Any:
        """The value that begins here, or a gap up to where it ends."""
        self.blank()
        start = self.at
        if depth > DEEPEST:
            raise Unreadable(self.line(start))
        found = self._plain(depth)
        self.blank()
        if found is not self and (
            self.at >= len(self.source) or self.source[self.at] in ",}]);" or not depth
        ):
            return found
        self.at = start
        return self._gap()

    def _plain(self, depth: int) -> Any:
        """A value, or this reader itself if there is none here."""
        here = self.source[self.at : self.at + 1]
        if here == "{":
            return self._object(depth)
        if here == "[":
            return self._array(depth)
        if found := _STRING.match(self.source, self.at):
            self.at = found.end()
            text = found[0][1:-1]
            return self if here == "`" and "${" in text else _text(text)
        if found := _NUMBER.match(self.source, self.at):
            self.at = found.end()
            number = float(found[0])
            return int(number) if number.is_integer() else number
        if here == "/" and (found := _REGEX.match(self.source, self.at)):
            self.at = found.end()
            return Pattern(text=found[1])
        if (found := _WORD.match(self.source, self.at)) and found[0] in _CONSTANTS:
            self.at = found.end()
            return _CONSTANTS[found[0]]
        return self

    def _object(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        self.at += 1
        while not self._ends("}"):
            line, start = self.line(self.at), self.at
            key = self._key()
            self.blank()
            if key is None or self.source[self.at : self.at + 1] != ":":
                # A method, a spread, a name that stands for itself.
                self.at = start
                made[key or f"...{line}"] = self._gap()
            else:
                self.at += 1
                made[key] = self.value(depth + 1)
            self._comma("}")
        return made

    def _array(self, depth: int) -> list[Any]:
        made = []
        self.at += 1
        while not self._ends("]"):
            made.append(self.value(depth + 1))
            self._comma("]")
        return made

    def _key(self) -> str | None:
        if found := _STRING.match(self.source, self.at):
            self.at = found.end()
            return _text(found[0][1:-1])
        if found := _WORD.match(self.source, self.at) or _NUMBER.match(self.source, self.at):
            self.at = found.end()
            return found[0]
        return None

    def _ends(self, bracket: str) -> bool:
        self.blank()
        if self.at >= len(self.source):
            raise Unreadable(self.line(self.at))
        if self.source[self.at] == bracket:
            self.at += 1
            return True
        return False

    def _comma(self, bracket: str) -> None:
        self.blank()
        here = self.source[self.at : self.at + 1]
        if here == ",":
            self.at += 1
        elif here != bracket:
            raise Unreadable(self.line(self.at))

    def _gap(self) -> Gap:
        """Step over what is no data, to the comma or bracket that ends it."""
        start = self.at
        waits: list[str] = []
        while self.at < len(self.source):
            self.blank()
            here = self.source[self.at : self.at + 1]
            if not waits and here in {",", "}", "]", ")", ";", ""}:
                break
            if here in _CLOSES:
                waits.append(_CLOSES[here])
            elif waits and here == waits[-1]:
                waits.pop()
            elif here in {"}", "]", ")"}:
                raise Unreadable(self.line(self.at))
            found = _STRING.match(self.source, self.at)
            self.at = found.end() if found else self.at + 1
        return Gap(line=self.line(start), source=self.source[start : self.at].strip()[:60])

    def blank(self) -> None:
        """Past blanks and comments."""
        found = _BLANK.match(self.source, self.at)
        self.at = found.end() if found else self.at

    def line(self, at: int) -> int:
        """The line of this place, from 1."""
        return self.source.count("\n", 0, at) + 1


def _text(written: str) -> str:
    """A string without its escapes; two halves of one sign become it."""
    plain = _ESCAPE.sub(_unescaped, written)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return "" if found[4] else _ESCAPED.get(found[5], found[5])
