"""Where our own store is, and how it is opened so that nothing that was acknowledged is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's entry for the store: PostgreSQL by its URL, else the SQLite file in the folder."""
    return _postgres(url) if url else sqlite(folder / "store.sqlite3")


def sqlite(path: Path) -> dict[str, Any]:
    """An SQLite file. WAL with NORMAL would lose acknowledged commits when power goes; FULL does not."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("LOFTE_DATABASE_URL is postgresql://name:password@host:port/database")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            **dict(parse_qsl(parts.query)),
            "options": "-c synchronous_commit=on",
            "pool": {"min_size": 1, "max_size": 16},
        },
    }
