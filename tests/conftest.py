"""What many tests need: a store of their own, a clock they turn, a house."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import services


def pytest_configure(config: pytest.Config) -> None:
    """No test reads or makes the installation of whoever runs them."""
    from django.conf import settings

    settings.LOFTE_HOME = Path(tempfile.mkdtemp(prefix="lofte-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(settings.LOFTE_HOME, ignore_errors=True))
    # Signing in shall be slow for a thief, not for a test.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go(self, **delta: float) -> None:
        """Move on (or back)."""
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 5, 9, 30, 15, 123456, tzinfo=UTC))


@contextmanager
def _store(entry: dict[str, Any]) -> Iterator[None]:
    """Let Django's default connection be this one, in every thread that opens one from now on."""
    from django.db import connections

    before = connections["default"]
    connections.databases["default"] = connections.configure_settings({"default": entry})["default"]
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections.close_all()
        connections.databases["default"] = before.settings_dict
        connections["default"] = before


def _migrate() -> None:
    from lofte.site.store import prepare

    prepare()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    from lofte.site.database import sqlite

    path = tmp_path_factory.mktemp("store") / "template.sqlite3"
    with django_db_blocker.unblock(), _store(sqlite(path)):
        _migrate()
    return path


@pytest.fixture(scope="session")
def _postgres_template(django_db_blocker: Any) -> Iterator[str]:
    with services.postgres_database() as url:
        with django_db_blocker.unblock(), _store(_on_postgres(url)):
            _migrate()
        yield url.rpartition("/")[2]


def _on_postgres(url: str) -> dict[str, Any]:
    from lofte.site.database import database

    entry = database(url.replace("+psycopg", ""), Path())
    # A pool would keep connections open when the database is to be dropped.
    del entry["OPTIONS"]["pool"]
    return entry


@pytest.fixture
def store(_sqlite_template: Path, tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    """A store of this test's own: a file, with real transactions."""
    from lofte.site.database import sqlite

    path = tmp_path / "store.sqlite3"
    shutil.copy(_sqlite_template, path)
    with django_db_blocker.unblock(), _store(sqlite(path)):
        yield path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[str]:
    """A store of this test's own, on each database that we keep one on."""
    if request.param == "sqlite":
        request.getfixturevalue("store")
        yield "sqlite"
        return
    template = request.getfixturevalue("_postgres_template")
    with (
        services.postgres_database(template=template) as url,
        django_db_blocker.unblock(),
        _store(_on_postgres(url)),
    ):
        yield "postgres"


POLICY: dict[str, Any] = {
    "policy": 1,
    "meta": {
        "id": "norrsken",
        "title": {"sv": "Integritetspolicy", "en": "Privacy policy"},
        "version": "2026-01-01",
        "effective_from": "2026-01-01",
        "languages": ["sv", "en"],
    },
    "controller": {
        "legal_name": "Norrskens Webb AB",
        "org_no": "556000-0000",
        "contact": {"channels": ["email"], "email": "dataskydd@norrsken.example"},
    },
    "authority": {"id": "imy", "name": {"sv": "IMY", "en": "IMY"}, "url": "https://imy.example"},
    "subjects": {"customers": {"name": {"sv": "Kunder", "en": "Customers"}}},
    "categories": {"contact": {"name": {"sv": "Kontaktuppgifter", "en": "Contact details"}}},
    "purposes": {
        "deliver": {
            "name": {"sv": "Leverera tjänsten", "en": "Deliver the service"},
            "subjects": ["customers"],
            "categories": ["contact"],
            "legal_basis": "6.1.b",
            "retention": ["contract"],
        }
    },
    "retention": {"contract": {"keep_until": "contract.end + P12M", "action": "delete"}},
    "rights": {"access": {"channels": ["portal", "email"], "formats": ["html", "pdf", "json", "csv"]}},
}


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Any:
    """A house with a small policy and no systems."""
    from lofte.datamap.document import DataMap
    from lofte.execution.house import House, Keys
    from lofte.policy.document import Policy

    folder = tmp_path / "house"
    folder.mkdir(mode=0o700)
    keys = Keys(ledger=b"l" * 32, wrapping=b"w" * 32, lookup=b"o" * 32, checkpoint=b"c" * 32)
    return House(
        policy=Policy.model_validate(POLICY), datamap=DataMap(), keys=keys, folder=folder, clock=clock
    )
