"""A scratch file for what must not lie in clear: its bytes are sealed on their way to the disk, page by page.

Hard rules:
- The key is made with the file, lives in memory alone, and goes with it: what a killed process leaves on the
  disk is noise, and has no name.
- Each page is sealed anew whenever it is written, under a nonce of chance, bound to its number: a page that
  was changed, or put elsewhere, does not open (AES-256-GCM, NIST SP 800-38D).
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lofte.errors import Broken

PAGE = 64 * 1024
_NONCE, _TAG = 12, 16
_SLOT = _NONCE + PAGE + _TAG


class Scratch(io.RawIOBase):
    """A file that is written and read at any place, as if it lay in clear. One page is held in memory."""

    def __init__(self, directory: Path) -> None:
        self._file = _nameless(directory)
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._at = self.size = 0
        """`size` is how many bytes have been written."""
        self._page, self._held, self._changed = 0, bytearray(), False

    def readable(self) -> bool:
        """It is."""
        return True

    def writable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is, within what is written."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place. Raises ValueError beyond what is written: nothing has holes here."""
        at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        if not 0 <= at <= self.size:
            raise ValueError("a scratch file has no such place")
        self._at = at
        return at

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        """All of it, at the place."""
        view = memoryview(data).cast("B")
        whole = len(view)
        while view:
            number, inside = divmod(self._at, PAGE)
            self._turn_to(number)
            count = min(len(view), PAGE - inside)
            self._held[inside : inside + count] = view[:count]
            self._changed = True
            self._at += count
            self.size = max(self.size, self._at)
            view = view[count:]
        return whole

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """What is left of the page; 0 = the end. Raises Broken when it is not what was written."""
        if self._at >= self.size:
            return 0
        number, inside = divmod(self._at, PAGE)
        self._turn_to(number)
        piece = self._held[inside : inside + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def piece(self, at: int, length: int) -> bytes:
        """So many bytes from a place. Raises Broken when they are not what was written, ValueError when there
        are not so many."""
        self.seek(at)
        found = bytearray()
        while len(found) < length and (part := self.read(length - len(found))):
            found += part
        if len(found) != length:
            raise ValueError("a scratch file has not so many bytes there")
        return bytes(found)

    def close(self) -> None:
        """What it held is gone."""
        if not self.closed:
            os.close(self._file)
            self._held = bytearray()
        super().close()

    def _turn_to(self, number: int) -> None:
        if number == self._page:
            return
        self._put_back()
        self._page, self._held = number, bytearray()
        if number * PAGE < self.size:
            slot = os.pread(self._file, _SLOT, number * _SLOT)
            try:
                opened = self._cipher.decrypt(slot[:_NONCE], slot[_NONCE:], number.to_bytes(8, "big"))
            except (InvalidTag, ValueError) as error:
                raise Broken("a scratch file is not what was written there") from error
            self._held = bytearray(opened)

    def _put_back(self) -> None:
        if not self._changed:
            return
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, bytes(self._held), self._page.to_bytes(8, "big"))
        view, at = memoryview(sealed), self._page * _SLOT
        while view:
            count = os.pwrite(self._file, view, at)
            view, at = view[count:], at + count
        self._changed = False


def _nameless(directory: Path) -> int:
    """A file that only we can read and that nobody finds: its name is gone at once."""
    path = directory / f".scratch-{os.getpid()}-{os.urandom(8).hex()}"
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    path.unlink()
    return file
