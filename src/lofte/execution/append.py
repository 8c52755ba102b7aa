"""Files that are only ever added to: what `append` has returned is on the disk.

A writer that was stopped leaves a torn end. It was never acknowledged; the next writer cuts it off.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from lofte.errors import Refused

_HEAD = struct.Struct(">4sI")
_FOOT = struct.Struct(">QI4s")
_MAGIC, _END = b"LFT1", b"1TFL"
_AROUND = _HEAD.size + _FOOT.size

Holds = Callable[[int, bytes], bool]
"""Whether a record, at this position in the file, is one that was written whole."""


def append(path: Path, make: Callable[[int], Iterable[bytes]], holds: Holds) -> None:
    """Add records; `make` is told the position of the first. Durable when it returns. Raises
    Refused when the disk does not take them; then nothing was added."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            count, end = _whole(file, holds)
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
            sync_folder(path.parent)
    except OSError as error:
        raise Refused(
            f"`{path.name}` cannot be written ({type(error).__name__}), so nothing is done; see to the disk"
        ) from error


def records(path: Path) -> Iterator[bytes]:
    """The records of a file, in order; a torn end is left out."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        while (record := _next(file)) is not None:
            yield record


def sync_folder(folder: Path) -> None:
    """Make a new or removed name in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _whole(file: BinaryIO, holds: Holds) -> tuple[int, int]:
    """How many records are whole, and where the last of them ends: by the foot of the last one, or,
    when the end is torn, from the start."""
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
    return _walked(file, holds)


def _walked(file: BinaryIO, holds: Holds) -> tuple[int, int]:
    count, end = 0, 0
    file.seek(0)
    while (record := _next(file)) is not None and holds(count, record):
        count, end = count + 1, file.tell()
    return count, end


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
