"""The files that tombstones stand in: one for each system, only added to, each record with a MAC.

Hard rules:
- A record that is not as it was written is told (Broken); it is never read as nothing.
- A file that has lost its end (`heads`) is added to no more: what it has lost would be forgotten.
- An undoing says that it lifts a request's tombstones before the rows come back, and how it went when
  that is known.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lofte.errors import Broken
from lofte.execution.append import Holds, append, records
from lofte.execution.house import House
from lofte.execution.models import TombstoneHead

FOLDER = "tombstones"
MAC = 32
"""Bytes at the end of a record."""
_JSON = json.JSONEncoder(separators=(",", ":"))
_LIFTING, _LIFT, _STANDS = "lifting", "lift", "stands"


def lifting(house: House, request_ref: str, system: str) -> bool:
    """The erasure is about to be undone; until `lift` or `stand` tells how it went, nothing is replayed.
    Durable. False = that was said before, and nobody has told how it went."""
    if request_ref in told(house, system)[1]:
        return False
    _say(house, system, _LIFTING, request_ref)
    return True


def lift(house: House, request_ref: str, system: str) -> None:
    """The erasure is undone: what has been noted for this request holds no more. Durable."""
    _say(house, system, _LIFT, request_ref)


def stand(house: House, request_ref: str, system: str) -> None:
    """The erasure was not undone after all: what has been noted holds. Durable."""
    _say(house, system, _STANDS, request_ref)


def _say(house: House, system: str, what: str, request_ref: str) -> None:
    add(house, system, [{"at": house.now.astimezone(UTC).isoformat(), what: request_ref}])


def told(house: House, system: str) -> tuple[list[dict[str, Any]], dict[str, datetime]]:
    """What was noted and not lifted; and the requests that are about to be lifted, since when. Raises
    Broken."""
    standing: list[dict[str, Any]] = []
    open_: dict[str, datetime] = {}
    holds = holding(house, system)
    for position, record in enumerate(records(file_of(house, system))):
        if not holds(position, record):
            raise Broken(f"the tombstones of `{system}` have been changed; put the right file back")
        said = json.loads(record[:-MAC])
        if _LIFTING in said:
            open_[said[_LIFTING]] = datetime.fromisoformat(said["at"])
        elif _STANDS in said:
            open_.pop(said[_STANDS], None)
        elif _LIFT in said:
            open_.pop(said[_LIFT], None)
            standing = [each for each in standing if each["request"] != said[_LIFT]]
        else:
            standing.append(said)
    return standing, open_


def add(house: House, system: str, said: Sequence[dict[str, Any]]) -> None:
    """Add what is said of a system. Durable. Raises Refused, Broken."""
    if not said:
        return
    known = TombstoneHead.objects.filter(system=system).values_list("records", flat=True).first() or 0
    contents = [_JSON.encode(each).encode() for each in said]
    secret = secret_of(house)

    def make(first: int) -> Iterator[bytes]:
        if first < known:
            raise lost(system)
        for position, content in enumerate(contents, first):
            yield content + _mac(secret, system, position, content)

    append(file_of(house, system), make, holding(house, system))


def holding(house: House, system: str) -> Holds:
    """Whether a record of this system's file is as it was written."""
    return holding_under(house.keys.lookup, system)


def holding_under(lookup: bytes, system: str) -> Holds:
    """The same, for who has no more than the key."""
    secret = _secret(lookup)

    def holds(position: int, record: bytes) -> bool:
        return hmac.compare_digest(record[-MAC:], _mac(secret, system, position, record[:-MAC]))

    return holds


def _mac(secret: bytes, system: str, position: int, content: bytes) -> bytes:
    return hmac.digest(secret, f"record\0{system}\0{position}\0".encode() + content, "sha256")


def secret_of(house: House) -> bytes:
    """What keys and identities are hashed under here."""
    return _secret(house.keys.lookup)


def _secret(lookup: bytes) -> bytes:
    return hmac.digest(lookup, b"lofte/1/tombstones", "sha256")


def file_of(house: House, system: str) -> Path:
    """Where the tombstones of a system stand."""
    return path_of(house.folder, system)


def none_of(house: House, system: str) -> bool:
    """Whether nothing has been noted of a system yet, or all of it is lost."""
    path = file_of(house, system)
    return not path.exists() or not path.stat().st_size


def path_of(folder: Path, system: str) -> Path:
    """The same, for who has no more than the folder."""
    return folder / FOLDER / f"{system}.log"


def lost(system: str) -> Broken:
    """What is said when tombstones are not there that were."""
    return Broken(
        f"tombstones of `{system}` are gone, and erased persons could come back unseen; put the newest copy "
        f"of `tombstones/{system}.log` back into LOFTE_HOME. If there is none, run "
        f"`lofte restored {system} --lost`"
    )
