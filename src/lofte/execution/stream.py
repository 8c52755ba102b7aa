"""A file sealed piece by piece, that opens piece by piece: nobody holds it whole in memory.

The shape is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as `age` has it: AES-256-GCM over
pieces of 64 KiB, the nonce of each being its number and whether it is the last. `cryptography` has
the cipher and not the shape; Tink has both, for the weight of a second library of ciphers.

Hard rules:
- A key seals one file, once: its nonces are numbers, and would come again.
- A piece that was changed, moved, left out, doubled or put in from elsewhere does not open; nor does
  a file that ends before its last piece, or goes on after it.
- No byte of a piece is given before all of that piece is known to be what was sealed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lofte.errors import Broken

MARK = b"lofte/1/stream\n"
CHUNK = 64 * 1024
_TAG = 16


def lock(source: BinaryIO, target: BinaryIO, key: bytes, bound: bytes) -> None:
    """Seal what `source` holds into `target`; `bound` must be said again to open it."""
    cipher = AESGCM(key)
    target.write(MARK)
    for number, piece, last in _pieces(source, CHUNK):
        target.write(cipher.encrypt(_nonce(number, last=last), piece, MARK + bound))


def unlock(source: BinaryIO, key: bytes, bound: bytes) -> Iterator[bytes]:
    """What was sealed, piece by piece. Raises Broken at the first that is not what was sealed."""
    cipher = AESGCM(key)
    if source.read(len(MARK)) != MARK:
        raise Broken("this file was not sealed by us, or in a form that this version does not know")
    for number, piece, last in _pieces(source, CHUNK + _TAG):
        try:
            yield cipher.decrypt(_nonce(number, last=last), piece, MARK + bound)
        except InvalidTag as error:
            raise Broken("a sealed file is not what was sealed, or its key is not the right one") from error


class Unlocked(io.RawIOBase):
    """A sealed file, open for reading as if it lay in clear; closing it closes the file beneath."""

    def __init__(self, source: BinaryIO, key: bytes, bound: bytes) -> None:
        self._source = source
        self._pieces = unlock(source, key, bound)
        self._rest = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """As many bytes as are at hand; 0 = the end. Raises Broken."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        """Give the file back."""
        self._source.close()
        super().close()


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """(number, piece, whether it is the last). There is always one, be it empty."""
    number, piece = 0, source.read(size)
    while following := source.read(size):
        yield number, piece, False
        number, piece = number + 1, following
    yield number, piece, True


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
