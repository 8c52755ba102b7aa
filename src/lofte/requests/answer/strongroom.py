"""Where packages lie until they are fetched: each sealed under a key of its own.

Hard rules:
- A package is sealed before it is recorded. In clear it lies nowhere: while it is made it is in a scratch
  file, whose key is in memory alone.
- Before a byte is given, all of it has been opened once and has the digest that the ledger tells; while it
  is given, each piece is opened again: what is changed in between ends it.
- Key first, file after: whoever copies the file in time keeps noise.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from lofte.errors import Broken, Conflict
from lofte.execution import package_keys
from lofte.execution.append import sync_folder
from lofte.execution.house import House
from lofte.execution.package_keys import PackageKey
from lofte.execution.scratch import Scratch
from lofte.execution.stream import CHUNK, Unlocked, lock, unlock
from lofte.requests.models import PackageRecord

SUFFIX = ".sealed"
FORGOTTEN = timedelta(days=1)
"""A sealed file or key of this age that no package is recorded for was left by a process that was killed."""


def package_folder(folder: Path) -> Path:
    """Where packages lie in a house."""
    packages = folder.absolute() / "packages"
    packages.mkdir(mode=0o700, parents=True, exist_ok=True)
    return packages


def put_in(house: House, request_ref: str, plain: Scratch) -> tuple[Path, str]:
    """Seal a package under a new key; returns where it lies, and the key's id. Durable. The scratch file is
    the caller's to close."""
    key = package_keys.new(house, request_ref)
    target = package_folder(house.folder) / f"{request_ref}.{key.id}{SUFFIX}"
    part = target.with_name(f".{target.name}.part")
    try:
        plain.seek(0)
        source = io.BufferedReader(plain, CHUNK)
        with _new(part) as out:
            lock(cast(BinaryIO, source), out, key.value, key.bound)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, target)
        sync_folder(target.parent)
        source.detach()
    except BaseException:
        part.unlink(missing_ok=True)
        destroy(house.folder, target, key.id)
        raise
    return target, key.id


def take_out(house: House, package: PackageRecord) -> BinaryIO:
    """The package, open for reading, in clear. Raises Conflict if its time is out or it is gone, Broken if
    it is not what was sealed; then no byte of it has been given."""
    try:
        file = Path(package.path).open("rb")  # noqa: SIM115
    except FileNotFoundError as error:
        raise _gone(package) from error
    try:
        key = _key(house, package)
        pieces = iter(lambda: file.read(CHUNK), b"") if key is None else unlock(file, key.value, key.bound)
        if _digest(pieces) != package.sha256:
            raise Broken("the package is not the one that was sealed; it is not handed out")
        file.seek(0)
    except BaseException:
        file.close()
        raise
    if key is None:
        return file
    return cast(BinaryIO, io.BufferedReader(Unlocked(file, key.value, key.bound), CHUNK))


def destroy(folder: Path, path: Path, key_id: str) -> None:
    """Shred the key of a package, then remove its file."""
    if key_id:
        package_keys.shred(folder, key_id)
    path.unlink(missing_ok=True)


def forget_left(folder: Path, request_ref: str) -> None:
    """Do away with what a killed process has left of a request. Nobody else is at work with it."""
    packages = package_folder(folder)
    for part in packages.glob(f".{request_ref}.*"):
        part.unlink(missing_ok=True)
    for path in _unrecorded(packages.glob(f"{request_ref}.*{SUFFIX}")):
        destroy(folder, path, _key_id(path))


def forget_all_left(folder: Path, now: datetime) -> None:
    """The same of all requests, once it is too old to be still in the making."""
    before = (now - FORGOTTEN).timestamp()
    old = [p for p in package_folder(folder).glob(f"*{SUFFIX}") if _older(p, before)]
    for path in _unrecorded(old):
        destroy(folder, path, _key_id(path))
    known = set(PackageRecord.objects.exclude(key="").values_list("key", flat=True))
    for id_ in package_keys.ids(folder):
        if id_ not in known and _older(folder.absolute() / package_keys.FOLDER / id_, before):
            package_keys.shred(folder, id_)


def _key(house: House, package: PackageRecord) -> PackageKey | None:
    """What opens it; None = it is from before packages were sealed, and lies in clear."""
    if not package.key:
        return None
    key = package_keys.find(house, package.key, package.request.ref)
    if key is None:
        raise _gone(package)
    return key


def _digest(pieces: Iterable[bytes]) -> str:
    seen = hashlib.sha256()
    for piece in pieces:
        seen.update(piece)
    return seen.hexdigest()


def _gone(package: PackageRecord) -> Conflict:
    if package.gone_at is not None:
        return Conflict("the time of this package is out, and it is destroyed; make it again")
    return Conflict("the package is gone from the house; fulfil the request again")


def _unrecorded(paths: Iterable[Path]) -> Iterator[Path]:
    for path in sorted(paths):
        if not PackageRecord.objects.filter(key=_key_id(path)).exists():
            yield path


def _key_id(path: Path) -> str:
    return path.name.removesuffix(SUFFIX).rpartition(".")[2]


def _older(path: Path, than: float) -> bool:
    try:
        return path.stat().st_mtime < than
    except FileNotFoundError:
        return False


def _new(path: Path) -> BinaryIO:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
