"""Statements that go out together fail as one of them would alone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from psycopg import errors

from lofte.connectors.sql.wire import together
from lofte.connectors.sql.writing import Statement, run_each

PUT = "insert into t values (%s)"


@pytest.fixture
def engine(postgres_url):
    engine = sa.create_engine(postgres_url)
    with engine.begin() as db:
        db.exec_driver_sql("create table t (n integer primary key)")
    yield engine
    engine.dispose()


def _puts(*numbers):
    return [Statement(PUT, (n,), 1) for n in numbers]


def test_each_says_how_many_rows_it_changed(engine):
    with engine.begin() as db:
        statements = [*_puts(1, 2), Statement("delete from t where n > %s", (0,), 2)]
        assert [ran.rows for ran in run_each(db, statements)] == [1, 1, 2]


@pytest.mark.parametrize("rows", [(1, 1), (1, 1, 2), (1, 2, 3, 4, 5, 6, 6)])
def test_the_first_that_fails_is_told_and_nothing_is_done(engine, rows, caplog):
    with pytest.raises(errors.UniqueViolation), engine.begin() as db:
        run_each(db, _puts(*rows))
    with engine.begin() as db:
        assert db.exec_driver_sql("select count(*) from t").scalar() == 0
    # A driver quotes the values that it failed on.
    assert caplog.text == ""


def test_a_session_goes_on_after_statements_that_went_out_together(engine):
    with engine.begin() as db:
        with together(db):
            db.connection.cursor().execute(PUT, (7,))
        assert db.exec_driver_sql("select n from t").scalar() == 7
