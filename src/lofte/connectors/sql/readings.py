"""Every way a value may be read: as it stands, and with the wrappings taken off that programs put on.

Mail is quoted-printable or base64, JSON and HTML have their escapes, addresses on the web theirs,
blobs are packed, and Windows writes two bytes a letter. A wrapping may hold another.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

DEEPEST = 4
"""So many wrappings around each other are taken off."""
MOST = 64_000_000
"""So much is unpacked from one value; a bomb of zeros ends here."""
STEP, OVERLAP = 1_000_000, 4_000
"""What is unpacked is read in steps, which overlap so that nothing falls between them."""

_QUOTED = re.compile(rb"=(?:[0-9A-Fa-f]{2}|[ \t]*\r?\n)")
_ENCODED_WORD = re.compile(r"=\?([\w.:-]+)(?:\*[\w-]+)?\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN_WORDS = re.compile(r"\?=\s+=\?")
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|([nrtbf/\"'\\]))")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z]\w+);?")
_RUN = re.compile(r"(?:[A-Za-z0-9+/_-]{40,}[ \t]*\r?\n[ \t>]*)+[A-Za-z0-9+/_-]*|[A-Za-z0-9+/_-]{8,}")
_MIXED = re.compile(r"(?=.*[A-Z])(?=.*[a-z0-9])", re.DOTALL)
_SPACE = re.compile(r"[\s>]+")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_GZIP = b"\x1f\x8b\x08"
_TEXT = re.compile(rb"[ -~]{4}|[ -~]\x00[ -~]\x00")
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def readings(value: str | bytes) -> Iterator[str]:
    """The value as text, in every way it may be read. The same text comes once."""
    seen: set[str] = set()
    for text in _read(value, DEEPEST, [MOST]):
        if len(text) > OVERLAP or text not in seen:
            if len(text) <= OVERLAP:
                seen.add(text)
            yield text


def long_readings(pieces: Iterator[bytes]) -> Iterator[str]:
    """As `readings`, for a value that comes in pieces. What is packed as a whole is unpacked as it
    comes; pieces overlap, so that nothing falls between them."""
    engine: Any = None
    tail = out = b""
    left = MOST
    for number, piece in enumerate(pieces):
        if number == 0 and piece.startswith((_GZIP, *_ZLIB)):
            engine = zlib.decompressobj(zlib.MAX_WBITS if piece.startswith(_ZLIB) else 16 + zlib.MAX_WBITS)
        yield from readings(tail + piece)
        tail = piece[-OVERLAP:]
        data = piece
        while engine is not None and left > 0:
            try:
                unpacked = engine.decompress(data, STEP)
            except zlib.error:
                engine = None
                break
            if not unpacked:
                break
            left -= len(unpacked)
            yield from readings(out + unpacked)
            out, data = unpacked[-OVERLAP:], engine.unconsumed_tail


def _read(value: str | bytes, depth: int, left: list[int]) -> Iterator[str]:
    if isinstance(value, bytes):
        yield from _of_bytes(value, depth, left)
    else:
        yield value
        if depth:
            for unwrap in _WRAPPINGS:
                for inner in unwrap(value):
                    yield from _read(inner, depth - 1, left)


def _of_bytes(value: bytes, depth: int, left: list[int]) -> Iterator[str]:
    if b"\x00" in value:
        for text in _wide(value):
            yield from _read(text, depth - 1 if depth else 0, left)
    if depth:
        for part in _unpacked(value, left):
            yield from _of_bytes(part, depth - 1, left)
    for text in _decoded(value):
        yield from _read(text, depth, left)


def _decoded(value: bytes) -> Iterator[str]:
    """As UTF-8; as Latin-1 too when it is not that."""
    try:
        yield value.decode("utf-8")
    except UnicodeDecodeError:
        yield value.decode("utf-8", "replace")
        yield value.decode("latin-1")


def _wide(value: bytes) -> Iterator[str]:
    """Two bytes a letter, either way round, beginning at either byte."""
    for code in ("utf-16-le", "utf-16-be"):
        for start in (0, 1):
            yield value[start:].decode(code, "replace")


def _unpacked(value: bytes, left: list[int]) -> Iterator[bytes]:
    """gzip and zlib, where they begin the value; gzip also where it stands inside."""
    if value.startswith(_ZLIB):
        yield from _inflated(value, zlib.MAX_WBITS, left)
    at = value.find(_GZIP)
    tries = 0
    while at >= 0 and tries < 16:
        yield from _inflated(value[at:], 16 + zlib.MAX_WBITS, left)
        at, tries = value.find(_GZIP, at + 3), tries + 1


def _inflated(value: bytes, bits: int, left: list[int]) -> Iterator[bytes]:
    """What is packed, step by step. What is torn or only looks packed ends where it makes no sense."""
    engine = zlib.decompressobj(bits)
    tail, data = b"", value
    while left[0] > 0 and not engine.eof:
        try:
            piece = engine.decompress(data, STEP)
        except zlib.error:
            return
        if not piece:
            return
        left[0] -= len(piece)
        yield tail + piece
        tail, data = piece[-OVERLAP:], engine.unconsumed_tail


def _quoted(text: str) -> Iterator[bytes]:
    if "=" in text:
        raw = text.encode("utf-8", "replace")
        if _QUOTED.search(raw):
            yield quopri.decodestring(raw)
            if "_" in text:
                yield quopri.decodestring(raw, header=True)


def _encoded_words(text: str) -> Iterator[str]:
    """`=?utf-8?B?…?=` in the heads of mail."""
    if "=?" not in text:
        return

    def plain(found: re.Match[str]) -> str:
        charset, how, body = found.groups()
        try:
            raw = _padded(body) if how in "bB" else quopri.decodestring(body, header=True)
            return raw.decode(charset, "replace")
        except (LookupError, ValueError):
            return found.group()

    yield _ENCODED_WORD.sub(plain, _BETWEEN_WORDS.sub("?==?", text))


def _escaped(text: str) -> Iterator[str]:
    """The escapes of JSON and JavaScript."""
    if "\\" not in text or not _ESCAPED.search(text):
        return

    def plain(found: re.Match[str]) -> str:
        code = found.group(1) or found.group(2) or found.group(3)
        if code:
            return chr(min(int(code, 16), 0x10FFFF))
        return _LETTERS.get(found.group(4), found.group(4))

    out = _ESCAPED.sub(plain, text)
    # Two escapes may be the halves of one letter.
    yield out.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _percent(text: str) -> Iterator[bytes]:
    if "%" in text and _PERCENT.search(text):
        yield unquote_to_bytes(text)
        if "+" in text:
            yield unquote_to_bytes(text.replace("+", " "))


def _entities(text: str) -> Iterator[str]:
    if "&" in text and _ENTITY.search(text):
        yield html.unescape(text)


def _base64(text: str) -> Iterator[bytes]:
    """Runs that may be base64 of either alphabet, from each of four beginnings: what
    stands before it without a sign between shifts it."""
    for found in _RUN.finditer(text):
        run = found.group()
        if not _MIXED.match(run):
            continue
        run = _SPACE.sub("", run).replace("-", "+").replace("_", "/")
        for start in range(4):
            decoded = _padded(run[start:])
            if _says_something(decoded):
                yield decoded


def _says_something(decoded: bytes) -> bool:
    """Whether this is text or something packed, rather than what any letters give as base64."""
    if decoded.startswith((_GZIP, *_ZLIB)):
        return True
    return _TEXT.search(decoded) is not None


def _padded(run: str) -> bytes:
    """What base64 says, whole groups of four and what the last ones still say."""
    run = run.rstrip("=").replace("-", "+").replace("_", "/")
    if len(run) % 4 == 1:
        run = run[:-1]
    try:
        return base64.b64decode(run + "=" * (-len(run) % 4))
    except (binascii.Error, ValueError):
        return b""


_WRAPPINGS: tuple[Callable[[str], Iterator[str | bytes]], ...] = (
    _quoted,
    _encoded_words,
    _escaped,
    _percent,
    _entities,
    _base64,
)
