"""Tombstones: what was erased, told so that only a row that comes back can be known by it.

Hard rules:
- `LOFTE_HOME/tombstones/<system>.log` is only added to, and what `note` has returned is on the disk.
- A key or an identity stands there as HMAC under a key of the house, never in clear, never hashed
  without a key: who finds the file without the house's keys learns nothing from it.
- The folder is kept apart from the backups of the systems: they are what it guards against.
- A system that is marked restored stays marked until its erasures have been replayed; nothing is
  served meanwhile.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from lofte.connectors.sql.verify import key_text
from lofte.datamap.document import ByIdentity, Dataset, Kind, System
from lofte.datamap.identity import STRENGTH, Identity, Strength, canonical
from lofte.datamap.tracing import Key
from lofte.errors import Refused
from lofte.execution.append import make_folder, sync_folder
from lofte.execution.house import House
from lofte.execution.stones import FOLDER, add, secret_of, told
from lofte.execution.vault import WINDOW

_SIZE = 16
"""Bytes of an HMAC that are kept: enough that no two rows ever meet by chance."""
UNDER_WAY = timedelta(hours=1)
"""A tombstone is noted before its rows go, and a backup that is taken meanwhile still has them: the
longest that an erasing transaction is thought to take. What was erased so shortly before counts too."""
_RESTORED = ".restored"


@dataclass(frozen=True, kw_only=True, slots=True)
class Again:
    """A row that was erased and is there again."""

    dataset: str
    key: Key
    raw_key: tuple[Any, ...]
    by: str
    """`key`, `identity` or `both`: what it was known by."""
    requests: tuple[str, ...]
    """The requests that it was erased for."""
    verbs: frozenset[str]
    """What was done with it then; empty when only an identity in it is known."""
    grounds: frozenset[str] = frozenset()
    """On what grounds (art. 17.1)."""
    identities: frozenset[Identity] = field(default=frozenset(), repr=False)
    """Who it says it is, in clear: to plan the erasure anew, never to be written down."""

    @property
    def back(self) -> bool:
        """True when the row had gone: it must not be there."""
        return "delete" in self.verbs

    @property
    def sure(self) -> bool:
        """False when it may be somebody else's: a key given anew, or a person who has come back by
        themselves. The moment of the backup tells them apart."""
        return self.by == "both" or (self.by == "key" and not self.identities)


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """What was looked at, and what must be erased again."""

    system: str
    looked: int
    found: tuple[Again, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """Rows of one dataset that are erased alike."""

    dataset: str
    verb: str
    by_request: Mapping[str, tuple[Sequence[Key], Sequence[Identity]]]
    """Request -> keys of the rows, and identities of whom they belong to."""


class Whole(Protocol):
    """A system that can be read through from end to end."""

    def whole(self, dataset: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """These columns of every row of a dataset, streamed."""
        ...

    def close(self) -> None:
        """Give back all connections."""
        ...


_Stone = tuple[str, str, tuple[str, ...]]


@dataclass(slots=True)
class _Stones:
    """Tombstones of one system that still hold: HMAC -> (request, verb, grounds) of who was erased."""

    keys: dict[bytes, set[_Stone]] = field(default_factory=dict)
    identities: dict[bytes, set[_Stone]] = field(default_factory=dict)


def note(
    house: House,
    request_ref: str,
    system: str,
    dataset: str,
    keys: Sequence[Key],
    identities: Sequence[Identity] = (),
    *,
    verb: str = "delete",
    grounds: Sequence[str] = (),
) -> None:
    """Note rows that are erased, and whose they were. Durable when it returns; noting twice is
    noting once. `verb` is what is done with the rows (delete, change, unlink), `grounds` why
    (17.1.a). A weak identity (a telephone number that a household shares) tells nobody apart and is
    not noted."""
    about = {request_ref: (keys, identities)}
    note_all(house, system, dataset, about, verb=verb, grounds=grounds)


def note_all(
    house: House,
    system: str,
    dataset: str,
    erased: Mapping[str, tuple[Sequence[Key], Sequence[Identity]]],
    *,
    verb: str = "delete",
    grounds: Sequence[str] = (),
) -> None:
    """As `note`, for many requests at once (request -> keys and identities)."""
    note_many(house, system, [Erased(dataset=dataset, verb=str(verb), by_request=erased)], grounds=grounds)


def note_many(house: House, system: str, erased: Sequence[Erased], *, grounds: Sequence[str] = ()) -> None:
    """As `note_all`, for many datasets at once: one wait for the disk."""
    secret, at = secret_of(house), house.now.astimezone(UTC).isoformat()
    known: dict[tuple[Identity, ...], str] = {}
    said = []
    for each in erased:
        of_key = _of_keys(secret, system, each.dataset)
        for request, (keys, identities) in each.by_request.items():
            hashed = sorted(set(map(of_key, keys)))
            shown = tuple(identities)
            if shown not in known:
                telling = (i for i in shown if STRENGTH[i.kind] is not Strength.WEAK)
                known[shown] = b"".join(sorted({_of_identity(secret, i) for i in telling})).hex()
            if hashed or known[shown]:
                said.append(
                    {
                        "at": at,
                        "request": request,
                        "dataset": each.dataset,
                        "verb": each.verb,
                        "grounds": list(grounds),
                        "keys": b"".join(hashed).hex(),
                        "identities": known[shown],
                    }
                )
    add(house, system, said)


def replay(
    house: House,
    system: str,
    connect: Callable[[System], Whole],
    *,
    taken_at: datetime | None = None,
) -> Replay:
    """Look through every mapped dataset for rows that were erased, one statement each. Returns what
    must be erased again; erasing is the executor's. With `taken_at`, the moment of the backup, what
    was erased well before it (`UNDER_WAY`) does not count: a key that was given anew since is somebody
    else's."""
    entry = house.datamap.system(system)
    stones = _standing(house, system, taken_at)
    found: list[Again] = []
    looked = 0
    if not stones.keys and not stones.identities:
        return Replay(system=system, looked=0, found=())
    secret = secret_of(house)
    source = connect(entry)
    try:
        for name, dataset in entry.datasets.items():
            if dataset.role == "processor":
                continue
            columns = _identity_columns(dataset)
            width = len(dataset.key)
            of_key = _of_keys(secret, system, name)
            for row in source.whole(name, (*dataset.key, *(c for c, _ in columns))):
                looked += 1
                key = tuple(key_text(part) for part in row[:width])
                by_key = stones.keys.get(of_key(key), set())
                own = tuple(_identities(house, columns, row[width:])) if columns else ()
                by_identity = _known(stones, secret, own)
                if not (by_key and any(path.by == "own" for path in dataset.subject)):
                    # Who else stands in the row was never erased, and is not to be.
                    own = tuple(i for i in own if _known(stones, secret, (i,)))
                if by_key or by_identity:
                    found.append(_again(name, key, row[:width], by_key, by_identity, own))
    finally:
        source.close()
    return Replay(system=system, looked=looked, found=tuple(found))


def mark_restored(house: House, system: str) -> None:
    """Say that a system was restored from a backup: nothing is served until it is replayed."""
    house.datamap.system(system)
    path = _marker(house.folder, system)
    with _disk():
        make_folder(path.parent)
        with path.open("w", encoding="utf-8") as file:
            file.write(house.now.astimezone(UTC).isoformat())
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)


def replayed(house: House, system: str) -> None:
    """The erasures of a restored system have been done again: the mark goes."""
    path = _marker(house.folder, system)
    with _disk():
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)


@contextmanager
def _disk() -> Iterator[None]:
    """Raises Refused when the disk does not do what it is told."""
    try:
        yield
    except OSError as error:
        raise Refused(
            f"the mark of a restored system cannot be written ({type(error).__name__}); see to the disk, "
            "then run `lofte restored` again"
        ) from error


def restored(folder: Path) -> tuple[str, ...]:
    """The systems that are marked restored and not replayed yet."""
    return tuple(sorted(p.name.removesuffix(_RESTORED) for p in (folder / FOLDER).glob(f"*{_RESTORED}")))


def insist_replayed(folder: Path) -> None:
    """Raises Refused while a system is marked restored and not replayed."""
    if waiting := restored(folder):
        names = ", ".join(f"`{name}`" for name in waiting)
        raise Refused(
            f"restored from a backup and not replayed: {names}; erased persons may be back. "
            f"Run `lofte restored {waiting[0]}` first"
        )


def _standing(house: House, system: str, taken_at: datetime | None) -> _Stones:
    """The tombstones that hold: neither lifted nor older than the backup. Raises Refused while nobody
    knows whether some are lifted; when the window is over they hold."""
    noted, open_ = told(house, system)
    if any(house.now < since + WINDOW for since in open_.values()):
        raise Refused(
            f"an undoing in `{system}` was begun and did not end; run `lofte undo` for that request again, "
            "then this"
        )
    stones = _Stones()
    for each in noted:
        if taken_at is not None and datetime.fromisoformat(each["at"]) <= taken_at - UNDER_WAY:
            continue
        stone = (each["request"], each["verb"], tuple(each["grounds"]))
        for hashed in _split(each["keys"]):
            stones.keys.setdefault(hashed, set()).add(stone)
        for hashed in _split(each["identities"]):
            stones.identities.setdefault(hashed, set()).add(stone)
    return stones


def _again(
    dataset: str,
    key: Key,
    raw: tuple[Any, ...],
    by_key: set[_Stone],
    by_identity: set[_Stone],
    identities: Sequence[Identity],
) -> Again:
    stones = by_key | by_identity
    return Again(
        dataset=dataset,
        key=key,
        raw_key=raw,
        by="both" if by_key and by_identity else "key" if by_key else "identity",
        requests=tuple(sorted({request for request, _, _ in stones})),
        verbs=frozenset(verb for _, verb, _ in by_key),
        grounds=frozenset(ground for _, _, grounds in stones for ground in grounds),
        identities=frozenset(identities),
    )


def _identity_columns(dataset: Dataset) -> tuple[tuple[str, Kind], ...]:
    """Columns that hold an identity of whoever the row belongs to."""
    found = {(p.column, p.kind) for p in dataset.subject if isinstance(p, ByIdentity)}
    if any(p.by == "own" for p in dataset.subject):
        found |= {(name, f.identity) for name, f in dataset.fields.items() if f.identity is not None}
    return tuple(sorted(found))


def _identities(
    house: House, columns: Sequence[tuple[str, Kind]], values: Sequence[Any]
) -> Iterator[Identity]:
    """The identities that stand in a row."""
    for (_, kind), raw in zip(columns, values, strict=True):
        value = None if raw is None else canonical(kind, raw, house.today)
        if value is not None:
            yield Identity(kind=kind, value=value)


def _known(stones: _Stones, secret: bytes, identities: Sequence[Identity]) -> set[_Stone]:
    """The tombstones of those whose identity stands in the row."""
    if not stones.identities:
        return set()
    hashed = (_of_identity(secret, identity) for identity in identities)
    return {stone for each in hashed for stone in stones.identities.get(each, ())}


def _of_keys(secret: bytes, system: str, dataset: str) -> Callable[[Key], bytes]:
    """What the keys of a dataset are hashed by. All at once: an HMAC that has read already what they begin
    with would have to be copied for each, and that takes longer."""
    begun = f"key\0{system}\0{dataset}\0".encode()

    def of_key(key: Key) -> bytes:
        said = begun
        for part in key:
            own = part.encode("utf-8", "surrogatepass")
            said += len(own).to_bytes(4, "big") + own
        return hmac.digest(secret, said, "sha256")[:_SIZE]

    return of_key


def _of_identity(secret: bytes, identity: Identity) -> bytes:
    said = f"identity\0{identity.kind}\0{identity.value}".encode("utf-8", "surrogatepass")
    return hmac.digest(secret, said, "sha256")[:_SIZE]


def _split(hashed: str) -> Iterator[bytes]:
    every = bytes.fromhex(hashed)
    return (every[at : at + _SIZE] for at in range(0, len(every), _SIZE))


def _marker(folder: Path, system: str) -> Path:
    return folder / FOLDER / f"{system}{_RESTORED}"
