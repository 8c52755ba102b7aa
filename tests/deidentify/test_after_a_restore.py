"""A restored backup does not bring back whom rows were of."""

from __future__ import annotations

import shutil

import pytest

from lofte.connectors.sql.back import open_back
from lofte.connectors.sql.connector import open_sql
from lofte.requests.erasure.deidentify import deidentify
from lofte.requests.erasure.erase_again import erasing
from lofte.requests.erasure.restored import replay
from tests.deidentify.conftest import asks, connecting, dump


@pytest.fixture
def again(club, url):
    """The erasures of the gym, done again."""
    return lambda: replay(
        club,
        "gym",
        lambda system: open_back(system, url),
        erasing(club, lambda system: open_sql(system, url)),
    )


def test_rows_that_were_deidentified_are_erased_when_a_backup_brings_the_person_back(
    club, store, url, tmp_path, again, clock
):
    path = url.removeprefix("sqlite:///")
    shutil.copy(path, tmp_path / "backup.db")
    before = dump(url)
    deidentify(club, asks(club), connecting(url))
    clock.go(days=1)
    shutil.copy(tmp_path / "backup.db", path)
    assert dump(url) == before
    again()
    after = dump(url)
    hers = {"members": {1}, "visits": {10, 11, 12, 13}, "lessons": {10, 11, 12, 13}, "lockers": {1}}
    for table, keys in hers.items():
        assert not keys & {row[0] for row in after[table]}
        assert after[table] == [row for row in before[table] if row[0] not in keys]


def test_without_a_restore_the_rows_stay_as_they_are(club, store, url, again, clock):
    deidentify(club, asks(club), connecting(url))
    after = dump(url)
    clock.go(days=1)
    again()
    assert dump(url) == after
