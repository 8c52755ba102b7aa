"""Values that do not look as the map thinks, and errors that nobody foresaw."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.changed import coarser, without
from lofte.datamap.document import Coarse, DataMap, Kind
from lofte.datamap.identity import Identity
from lofte.errors import Broken
from lofte.execution.house import House
from lofte.execution.models import Step
from lofte.requests.erasure.erase import erase
from lofte.requests.worker.again import do_due
from tests.conftest import Clock
from tests.erase.conftest import asks
from tests.erase.small import (
    PERSONS,
    POLICY,
    TECHNICAL,
    Small,
    dataset,
    field,
    number,
    persons,
    reference,
    system,
)


def identity(number_: int) -> Identity:
    return Identity(kind=Kind.EMAIL, value=f"p{number_}@x.example")


@pytest.fixture
def orders(tmp_path: Path) -> Small:
    metadata = sa.MetaData()
    persons(metadata)
    fiscal = sa.Column("fy", sa.Date)
    amount = sa.Column("amount", sa.String(20))
    sa.Table("orders", metadata, number(), number("person_id", sa.ForeignKey("persons.id")), amount, fiscal)
    fields = {
        "person_id": TECHNICAL,
        "amount": field(erase="generalise", coarse="hundreds"),
        "fy": {"technical": True, "erase": "keep"},
    }
    map_ = system(
        persons=PERSONS,
        orders=dataset(
            [reference(["person_id"], "persons")],
            fields,
            purposes=["keep_books"],
            anchors={"fiscal_year.end": {"column": "fy"}},
        ),
    )
    small = Small(f"sqlite:///{tmp_path}/orders.db", metadata, map_)
    for n, said in ((1, "1 200 kr"), (2, "1250")):
        small.put("persons", {"id": n, "email": f"p{n}@x.example"})
        small.put("orders", {"id": n, "person_id": n, "amount": said, "fy": date(2025, 12, 31)})
    return small


def of(house: House, small: Small) -> House:
    return dataclasses.replace(house, policy=POLICY, datamap=DataMap(systems=(small.map,)))


@pytest.mark.parametrize(
    ("how", "old", "now"),
    [
        (Coarse.HUNDREDS, "1 200 kr", ""),
        (Coarse.HUNDREDS, float("nan"), 0),
        (Coarse.HUNDREDS, "-Infinity", 0),
        (Coarse.MONTH, "infinity", "infinity"),
        (Coarse.MONTH, "850312-1234", ""),
        (Coarse.YEAR, "12/03/1985", ""),
        (Coarse.YEAR, "2026-13-45", ""),
        (Coarse.MONTH, "2026-11-20 10:11:12", "2026-11-01 00:00:00"),
        (Coarse.YEAR, date(1985, 3, 12), "1985-01-01"),
    ],
)
def test_a_value_that_cannot_be_made_coarser_says_nothing(how: Coarse, old: Any, now: Any) -> None:
    assert coarser(how, old) == now


def test_a_text_that_is_no_json_says_nothing_afterwards() -> None:
    assert without("not json of anna@x.example", [["a"]]) == "{}"


def test_one_value_that_nobody_can_read_stops_no_erasure(fjordhem: House, store: None, orders: Small) -> None:
    house = of(fjordhem, orders)
    done = erase(house, [asks(house, identity(n)) for n in (1, 2)], lambda _: orders.connector())
    assert [each.state for each in done] == ["delivered", "delivered"]
    assert [row[2] for row in orders.rows("orders")] == ["", "1200"]


def test_an_error_that_nobody_foresaw_fails_its_step_and_tells_only_its_kind(
    fjordhem: House, store: None, orders: Small, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = of(fjordhem, orders)
    one, other = (asks(house, identity(n)) for n in (1, 2))

    def trips(how: Coarse | None, old: Any) -> Any:
        if old == "1 200 kr":
            raise ZeroDivisionError("p1@x.example")
        return coarser(how, old)

    monkeypatch.setattr("lofte.connectors.sql.changed.coarser", trips)
    with pytest.raises(Broken, match="ZeroDivisionError") as told:
        erase(house, [one, other], lambda _: orders.connector())
    assert "p1@" not in str(told.value)
    assert set(Step.objects.filter(kind="erase").values_list("failure", flat=True)) == {"broken"}
    clock.go(minutes=6)
    assert do_due(house, lambda _: orders.connector()) == 1
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state) == ("searching", "delivered")
