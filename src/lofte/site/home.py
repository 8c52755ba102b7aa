"""The folder of an installation: its store, its keys, its packages. Closed to everybody else."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from lofte.errors import Refused
from lofte.execution.house import Keys

KEY_BYTES = 32
_KEYS = "keys"
_HOUSE = ("ledger", "requests", "lookup")
"""Keys without which what the store holds can no longer be read or verified."""


def home() -> Path:
    """The folder, from LOFTE_HOME; `.lofte` where one stands otherwise."""
    from django.conf import settings

    return Path(settings.LOFTE_HOME)


def prepare_folders(folder: Path) -> None:
    """Make what is missing; nobody but the owner may look in. A folder that was there already
    keeps its own mode: it may be somebody's home."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (folder / _KEYS, folder / "packages", folder / "spool"):
            path.mkdir(mode=0o700, exist_ok=True)
            path.chmod(0o700)
    except OSError as error:
        raise Refused(
            f"{folder} cannot be the home: it is no folder, or cannot be written; choose another with --home"
        ) from error


def key(name: str, folder: Path | None = None) -> bytes:
    """The key with this name: 32 random bytes, made the first time it is asked for."""
    folder = folder or home()
    prepare_folders(folder)
    path = folder / _KEYS / name
    if not path.exists():
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    """Written aside and linked whole: of two that start at once, neither reads half a key."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def keys(folder: Path | None = None) -> Keys:
    """The keys that operations need. They are made for an empty store only: raises Refused when one
    is missing and the store already holds what was made with it."""
    from lofte.site.store import in_use

    folder = folder or home()
    if not all((folder / _KEYS / name).exists() for name in _HOUSE) and in_use():
        raise Refused(
            "the store holds what was made with the keys, and not all of `ledger`, `requests` and `lookup` "
            "are in LOFTE_HOME/keys; put the keys back from the backup, or see that LOFTE_HOME is right"
        )
    if not (folder / _KEYS / "checkpoint").exists() and (folder / "checkpoints" / "log").exists():
        raise Refused(
            "the ledger was signed with a key that is not in LOFTE_HOME/keys any more; put `checkpoint` back "
            "from the backup"
        )
    return Keys(
        ledger=key("ledger", folder),
        wrapping=key("requests", folder),
        lookup=key("lookup", folder),
        checkpoint=key("checkpoint", folder),
    )


def secret_key() -> str:
    """What Django signs with."""
    return key("django").hex()


def _read(path: Path) -> bytes:
    value = path.read_bytes()
    if len(value) != KEY_BYTES:
        from lofte.errors import Broken

        raise Broken(f"the key file {path.name} does not hold {KEY_BYTES} bytes; put the right one back")
    return value
