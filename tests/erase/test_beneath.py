"""What databases tell of how large they are and what lies beneath their rows."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import Backups, System
from lofte.plan.layers import Below, Storage, layers

ON = date(2026, 11, 20)


@pytest.fixture
def three(any_empty: str):
    """A table of 130 rows, and one of none, in a database of each kind."""
    metadata = sa.MetaData()
    many = sa.Table("Many Rows", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("none", metadata, sa.Column("id", sa.Integer, primary_key=True))
    engine = sa.create_engine(any_empty)
    metadata.create_all(engine)
    with engine.begin() as db:
        db.execute(sa.insert(many), [{"id": n} for n in range(1, 131)])
    engine.dispose()
    nobody = {"name": {"en": "x"}, "key": "id", "nobody": {"en": "x"}, "fields": {"id": {"technical": True}}}
    system = System.model_validate(
        {
            "system": 1, "id": "three", "name": {"en": "x"}, "url": "sqlite://",
            "datasets": {"many": {"table": "Many Rows", **nobody}, "none": nobody},
        }
    )  # fmt: skip
    connector = open_sql(system, any_empty)
    yield connector
    connector.close()


def test_tables_are_counted_no_further_than_is_asked(three):
    with three.session() as session:
        assert session.sizes({"many": 1_000, "none": 5}) == {"many": 130, "none": 0}
        assert session.sizes({"many": 101}) == {"many": 101}
        assert session.sizes({}) == {}


def test_each_database_says_what_it_is(three, any_empty):
    told = three.storage()
    assert any_empty.startswith(told.name) or (told.name, any_empty[:7]) == ("mysql", "mariadb")
    assert told.overwrites is (told.name == "sqlite")


def system(**backups: str) -> System:
    said = {"system": 1, "id": "s", "name": {"en": "S"}, "url": "sqlite://", "datasets": {}}
    return System.model_validate(said | ({"backups": backups} if backups else {}))


def days(found) -> dict[Below, int | None]:
    return {layer.below: layer.days for layer in found}


def test_what_is_declared_has_a_day_and_the_rest_has_none():
    found = layers([system(keep="P30D", log="P1W")], ["s"], ON, {"s": Storage(name="postgresql")})
    assert days(found) == {
        Below.FREE_PAGES: None, Below.LOG: 7, Below.REPLICAS: None, Below.BACKUPS: 30, Below.RESTORE_LOG: 14,
    }  # fmt: skip


def test_what_there_is_none_of_is_not_told():
    found = layers(
        [system(keep="P0D", replicas="P0D")], ["s"], ON, {"s": Storage(log=False, overwrites=True)}
    )
    assert days(found) == {Below.RESTORE_LOG: 14}


def test_the_longer_of_what_the_map_and_the_database_say_of_the_log_counts():
    asked = Storage(name="mysql", log_days=10)
    for declared, most in (("P7D", 10), ("P30D", 30)):
        assert days(layers([system(log=declared)], ["s"], ON, {"s": asked}))[Below.LOG] == most


def test_nothing_remains_of_what_was_not_touched():
    assert layers([system()], [], ON) == ()


@pytest.mark.parametrize("wrong", ["30", "P", "P1Y2M", "PT5H", "forever"])
def test_a_span_that_is_no_period_of_one_unit_is_refused(wrong):
    with pytest.raises(ValidationError):
        Backups(keep=wrong)
