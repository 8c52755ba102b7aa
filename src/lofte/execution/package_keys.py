"""The keys that packages are sealed with: a file for each, until its day and no longer.

Hard rules:
- They lie in a folder of their own, `package-keys/`, that is never part of a backup and in no database:
  a key that is gone here is gone, and the package is noise wherever a copy of it lies.
- A key lies wrapped under the house's wrapping key and bound to its request: neither opens anything alone.
- What has returned is on the disk. Shredding overwrites the file where it lies, and then removes it.

A file for each, and not rows of `vault`: nobody waits for anybody, and no page of a database or of its
journal keeps an older copy.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lofte.errors import Broken, Refused
from lofte.execution.append import sync_folder
from lofte.execution.house import House

FOLDER = "package-keys"
_NONCE = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageKey:
    """A key, and whose package it opens."""

    id: str
    request: str
    value: bytes = field(repr=False)

    @property
    def bound(self) -> bytes:
        """What the package is bound to beside the key."""
        return f"lofte/1/package/{self.id}/{self.request}".encode()


def new(house: House, request_ref: str) -> PackageKey:
    """A new key, durable. Raises Refused when it cannot be kept."""
    key = PackageKey(id=secrets.token_hex(16), request=request_ref, value=AESGCM.generate_key(bit_length=256))
    nonce = secrets.token_bytes(_NONCE)
    wrapped = nonce + AESGCM(house.keys.wrapping).encrypt(nonce, key.value, key.bound)
    try:
        folder = _folder(house.folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / key.id, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(wrapped)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(folder)
    except OSError as error:
        raise Refused(
            f"the key of a package cannot be kept ({type(error).__name__}); see to the disk"
        ) from error
    return key


def find(house: House, id_: str, request_ref: str) -> PackageKey | None:
    """A key by its id; None when it has been shredded. Raises Broken when it does not open."""
    try:
        wrapped = (_folder(house.folder) / id_).read_bytes()
    except FileNotFoundError:
        return None
    key = PackageKey(id=id_, request=request_ref, value=b"")
    try:
        value = AESGCM(house.keys.wrapping).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], key.bound)
    except (InvalidTag, ValueError) as error:
        raise Broken("the key of a package does not open; put the house's own keys back") from error
    return PackageKey(id=id_, request=request_ref, value=value)


def shred(folder: Path, id_: str) -> bool:
    """Destroy a key: what it sealed never opens again. True if it was there."""
    path = _folder(folder) / id_
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return False
    path.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def ids(folder: Path) -> Iterator[str]:
    """The keys that are there."""
    there = _folder(folder)
    if there.is_dir():
        yield from sorted(path.name for path in there.iterdir())


def _folder(folder: Path) -> Path:
    return folder.absolute() / FOLDER
