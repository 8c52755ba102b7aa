"""Which tables and columns the second scanner looks through."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.needles import Needles
from lofte.connectors.sql.scanner import Residual, scan
from lofte.errors import Broken
from tests import services

EMAIL = "anna@kund.example"
ANNA = Needles(emails=(EMAIL,))


def run(url: str, *said: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as db:
        for sql in said:
            db.exec_driver_sql(sql)
    engine.dispose()


@pytest.mark.mariadb
def test_the_other_databases_of_the_map_are_looked_through_too():
    with services.mariadb_database() as url, services.mariadb_database() as other:
        name = sa.make_url(other).database
        run(other, "create table letters (body text)", f"insert into letters values ('{EMAIL}')")
        run(url, "create table empty (body text)")
        assert scan(url, ANNA, (), [name]) == (Residual(schema=name, table="letters", column="body", rows=1),)
        assert scan(url, ANNA, {(name, "letters", "body"): 1}, [name]) == ()


@pytest.mark.postgres
def test_a_table_that_may_not_be_read_stops_the_scan():
    with services.postgres_database() as url:
        role = f"reader_{sa.make_url(url).database}"
        run(
            url,
            "create table letters (body text)",
            "create schema far",
            "create table far.letters (body text)",
            f"create role {role} login password 'reader'",
            f"grant usage on schema public to {role}",
        )
        reader = sa.make_url(url).set(username=role, password="reader").render_as_string(hide_password=False)
        try:
            with pytest.raises(Broken, match=r"public\.letters"):
                scan(reader, ANNA)
            run(url, f"grant select on letters to {role}")
            assert scan(reader, ANNA) == ()
            with pytest.raises(Broken, match=r"far\.letters"):
                scan(reader, ANNA, (), ["far"])
        finally:
            run(url, f"drop owned by {role}", f"drop role {role}")


@pytest.mark.postgres
def test_a_domain_is_read_by_what_it_stands_on_and_not_by_its_name():
    with services.postgres_database() as url:
        run(
            url,
            "create domain time_note as text",
            "create domain date_blob as bytea",
            "create domain later_note as time_note",
            "create table letters (a time_note, b date_blob, c later_note, d timestamp)",
            f"insert into letters values ('{EMAIL}', '{EMAIL}', '{EMAIL}', now())",
        )
        assert [each.column for each in scan(url, ANNA)] == ["a", "b", "c"]
