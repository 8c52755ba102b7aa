"""The installation's folder: closed to others, its keys made once, its store quick to start."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from lofte.errors import Broken, Refused
from lofte.notices.publish import publish
from lofte.site import home
from lofte.site import store as site_store
from lofte.site.database import database


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_may_look_in(store, tmp_path):
    home.keys(tmp_path / "h")
    assert {mode(tmp_path / "h" / d) for d in (".", "keys", "packages", "spool")} == {0o700}
    assert {mode(f) for f in (tmp_path / "h" / "keys").iterdir()} == {0o600}


def test_a_folder_that_was_there_keeps_its_mode(store, tmp_path):
    tmp_path.chmod(0o755)
    home.keys(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_key_is_made_once(tmp_path):
    assert home.key("ledger", tmp_path) == home.key("ledger", tmp_path)
    assert len({home.key(n, tmp_path) for n in ("ledger", "requests", "lookup", "django")}) == 4


def test_two_that_start_at_once_get_the_same_key(tmp_path):
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(home.key("ledger", tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8 and len(set(seen)) == 1


def test_a_key_file_that_was_cut_is_not_used(tmp_path):
    home.key("ledger", tmp_path)
    (tmp_path / "keys" / "ledger").write_bytes(b"short")
    with pytest.raises(Broken):
        home.key("ledger", tmp_path)


@pytest.mark.parametrize("name", ["ledger", "requests", "lookup"])
def test_a_key_that_the_store_needs_is_not_made_anew(any_store, house, tmp_path, name):
    first = home.keys(tmp_path / "h")
    publish(house, "policy: 1")
    lost = tmp_path / "h" / "keys" / name
    value = lost.read_bytes()
    lost.unlink()
    with pytest.raises(Refused, match="put the keys back from the backup"):
        home.keys(tmp_path / "h")
    assert not lost.exists()
    lost.write_bytes(value)
    assert home.keys(tmp_path / "h") == first


def test_another_folder_does_not_open_a_store_in_use(store, house, tmp_path):
    publish(house, "policy: 1")
    with pytest.raises(Refused, match="LOFTE_HOME"):
        home.keys(tmp_path / "elsewhere")


def test_keys_are_made_while_the_store_is_empty(store, tmp_path):
    assert not site_store.in_use()
    made = home.keys(tmp_path / "h")
    (tmp_path / "h" / "keys" / "ledger").unlink()
    assert home.keys(tmp_path / "h").ledger != made.ledger


def test_keys_are_never_printed(house):
    assert "wwww" not in repr(house.keys) and "llll" not in repr(house)


def test_a_store_that_is_up_to_date_is_left_alone(store, monkeypatch):
    monkeypatch.setattr(site_store, "_migrate", lambda: pytest.fail("migrated again"))
    site_store.prepare()


def test_a_store_of_an_older_release_is_brought_up_to_date(store):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_version SET digest = 'old'")
    site_store.prepare()
    assert site_store._up_to_date()


def test_sqlite_keeps_what_it_has_acknowledged(store):
    with connection.cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {p}").fetchone()[0] for p in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]
    assert mode(store) & 0o077 == 0 or mode(store) == 0o644  # the file lies in a closed folder


def test_migrations_are_complete(store):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_postgresql_is_found_by_its_address():
    entry = database("postgresql://löfte:p%40ss@db.example:5433/l%C3%B6fte?sslmode=verify-full", Path())
    assert (entry["USER"], entry["PASSWORD"], entry["NAME"]) == ("löfte", "p@ss", "löfte")
    assert entry["OPTIONS"]["sslmode"] == "verify-full"
    assert "synchronous_commit=on" in entry["OPTIONS"]["options"]


def test_another_database_is_refused():
    with pytest.raises(ImproperlyConfigured):
        database("mysql://db.example/x", Path())
