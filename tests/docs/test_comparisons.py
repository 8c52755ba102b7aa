"""The table of what databases hold for equal, asked of the databases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import services

PAGE = Path(__file__).parents[2] / "docs/explanation/how-a-person-is-found.md"
COLUMNS = {"postgresql": 1, "mariadb": 2, "sqlite": 3}


def _told(database: str) -> dict[str, str]:
    """Comparison -> what the page says this database answers."""
    rows = [line.split("|")[1:-1] for line in PAGE.read_text(encoding="utf-8").splitlines()]
    rows = [[cell.strip() for cell in row] for row in rows if len(row) == 4 and row[0].startswith(" `")]
    return {row[0].strip("`"): row[COLUMNS[database]] for row in rows}


def _answers(db: sa.Connection, comparison: str) -> bool | None:
    """What the database says; None = it refuses."""
    try:
        with db.begin_nested():
            return bool(db.exec_driver_sql(f"select {comparison.replace('%', '%%')}").scalar())
    except sa.exc.DBAPIError:
        return None


def _asked(engine: sa.Engine, database: str) -> None:
    told = _told(database)
    assert len(told) == 7
    with engine.connect() as db:
        if database == "mariadb":
            db.exec_driver_sql("set names utf8mb4 collate utf8mb4_general_ci")
        for comparison, said in told.items():
            if said.startswith("depends"):
                continue
            asked = comparison
            if "char(n)" in said:
                asked = comparison.replace("'anna  '", "cast('anna  ' as char(8))")
            expected = None if said == "an error" else re.sub(r"\W.*", "", said.strip("*")) == "yes"
            assert _answers(db, asked) is expected, comparison
    engine.dispose()


def test_sqlite_compares_as_told():
    _asked(sa.create_engine("sqlite://"), "sqlite")


@pytest.mark.postgres
def test_postgresql_compares_as_told():
    with services.postgres_database() as url:
        _asked(sa.create_engine(url), "postgresql")


@pytest.mark.mariadb
def test_mariadb_compares_as_told():
    with services.mariadb_database() as url:
        _asked(sa.create_engine(url), "mariadb")
