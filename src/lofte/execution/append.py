"""Files that are only ever added to: what `append` has returned is on the disk.

A writer that was stopped leaves a torn end: bytes after the last whole record that hold no whole
record and do not end as one. It was never acknowledged; the next writer cuts it off. Anything else
that is not as it was written is damage: it is told, and nothing is cut off.
"""

from __future__ import annotations

import fcntl
import io
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from lofte.errors import Broken, Refused

_HEAD = struct.Struct(">4sI")
_FOOT = struct.Struct(">QI4s")
_MAGIC, _END = b"LFT1", b"1TFL"
_AROUND = _HEAD.size + _FOOT.size

_NAMED: set[Path] = set()
"""Files whose names this process has seen to be durable."""
Holds = Callable[[int, bytes], bool]
"""Whether a record, at this position in the file, is one that was written whole."""


def append(path: Path, make: Callable[[int], Iterable[bytes]], holds: Holds) -> None:
    """Add records; `make` is told the position of the first. Durable when it returns. Raises
    Refused when the disk does not take them, Broken when what stands there does not hold (it was
    damaged, or written under another key); then nothing was added and nothing cut off."""
    try:
        make_folder(path.parent)
        new = path not in _NAMED or not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            count, end = _whole(file, holds, path.name)
            file.truncate(end)
            file.seek(end)
            try:
                for position, record in enumerate(make(count), count):
                    file.write(_HEAD.pack(_MAGIC, len(record)))
                    file.write(record)
                    file.write(_FOOT.pack(position, len(record), _END))
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), end)
                raise
        if new:
            # Also when the file was there: who made it may have died before its name was durable.
            sync_folder(path.parent)
            _NAMED.add(path)
    except OSError as error:
        raise Refused(
            f"`{path.name}` cannot be written ({type(error).__name__}), so nothing is done; see to the disk"
        ) from error


def records(path: Path) -> Iterator[bytes]:
    """The records of a file, in order; a torn end is left out. Raises Broken where it is damaged."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        end = 0
        while (record := _next(file)) is not None:
            yield record
            end = file.tell()
        _insist_torn(file, end, path.name)


def last(path: Path, holds: Holds) -> tuple[int, bytes] | None:
    """How many records a file has, and the last of them; None = it has none. Raises Broken where it is
    damaged."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        fcntl.flock(file, fcntl.LOCK_SH)
        count, end = _whole(file, holds, path.name)
        if not count:
            return None
        file.seek(end - _FOOT.size)
        length = _FOOT.unpack(file.read(_FOOT.size))[1]
        file.seek(end - _FOOT.size - length)
        return count, file.read(length)


def sync_folder(folder: Path) -> None:
    """Make a new or removed name in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """A folder with a durable name."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def _whole(file: BinaryIO, holds: Holds, name: str) -> tuple[int, int]:
    """How many records are whole, and where the last of them ends: by the foot of the last one, or,
    when the end is torn, from the start. Raises Broken when the file is damaged."""
    size = os.fstat(file.fileno()).st_size
    if size >= _AROUND:
        file.seek(size - _FOOT.size)
        position, length, magic = _FOOT.unpack(file.read(_FOOT.size))
        start = size - _AROUND - length
        if magic == _END and start >= 0:
            file.seek(start)
            record = _next(file)
            if record is not None and holds(position, record):
                return position + 1, size
    return _walked(file, holds, name)


def _walked(file: BinaryIO, holds: Holds, name: str) -> tuple[int, int]:
    count, end = 0, 0
    file.seek(0)
    while (record := _next(file)) is not None:
        if not holds(count, record):
            raise _damaged(name)
        count, end = count + 1, file.tell()
    _insist_torn(file, end, name)
    return count, end


def _insist_torn(file: BinaryIO, end: int, name: str) -> None:
    """Raises Broken when what follows the whole records is no end of a writer that was stopped: when
    a whole record lies in it, or it ends as a record does."""
    file.seek(end)
    rest = file.read()
    if len(rest) < _AROUND:
        return
    if rest.endswith(_END):
        raise _damaged(name)
    inner = io.BytesIO(rest)
    at = rest.find(_MAGIC)
    while at >= 0:
        inner.seek(at)
        if _next(inner) is not None:
            raise _damaged(name)
        at = rest.find(_MAGIC, at + 1)


def _damaged(name: str) -> Broken:
    return Broken(
        f"`{name}` has been changed, or was written under another key; nothing was added and nothing cut "
        "off: put the right file, or the right key, back"
    )


def _next(file: BinaryIO) -> bytes | None:
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    magic, length = _HEAD.unpack(head)
    if magic != _MAGIC:
        return None
    record = file.read(length)
    foot = file.read(_FOOT.size)
    if len(foot) < _FOOT.size or _FOOT.unpack(foot)[1:] != (length, _END):
        return None
    return record
