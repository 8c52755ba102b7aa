"""What the plan leaves because somebody still needs it."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.consent.object import Outcome, decide, object_to
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.errors import Unreachable
from lofte.execution.house import House
from lofte.plan.records import Verb
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.preview import preview
from lofte.requests.worker.again import do_due
from tests.conftest import Clock
from tests.erase.conftest import BERTIL, asks
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

ANNA = Identity(kind=Kind.EMAIL, value="a@x.example")


def test_what_a_law_wants_stays_whole_while_a_contract_runs_too(tmp_path: Path) -> None:
    metadata = sa.MetaData()
    persons(metadata)
    columns = [sa.Column("amount", sa.Integer), sa.Column("fy", sa.Date), sa.Column("ended", sa.Date)]
    sa.Table("invoices", metadata, number(), number("person_id", sa.ForeignKey("persons.id")), *columns)
    map_ = system(
        persons=PERSONS,
        invoices=dataset(
            [reference(["person_id"], "persons")],
            {"person_id": TECHNICAL, "amount": field("books"), "fy": TECHNICAL, "ended": TECHNICAL},
            purposes=["keep_books", "sell"],
            anchors={"fiscal_year.end": {"column": "fy"}, "contract.end": {"column": "ended"}},
        ),
    )
    small = Small(f"sqlite:///{tmp_path}/books.db", metadata, map_)
    small.put("persons", {"id": 1, "email": "a@x.example"})
    small.put("invoices", {"id": 1, "person_id": 1, "amount": 500, "fy": date(2025, 12, 31), "ended": None})
    small.carry_out(small.plan("a@x.example"))
    assert small.rows("invoices") == [(1, 1, 500, date(2025, 12, 31), None)]


class Two:
    """A register of contracts, and a desk that keeps what the contract needs."""

    def __init__(self, tmp_path: Path, ended: date | None) -> None:
        fields = PERSONS["fields"] | {"ended": TECHNICAL}
        told = {"fields": fields, "anchors": {"contract.end": {"column": "ended"}}}
        self.crm = self._made(tmp_path, "crm", told, sa.Column("ended", sa.Date))
        self.desk = self._made(tmp_path, "desk", {})
        self.crm.put("persons", {"id": 1, "email": "a@x.example", "ended": ended})
        self.desk.put("persons", {"id": 7, "email": "a@x.example"})
        self.down: set[str] = set()

    def _made(self, tmp_path: Path, name: str, more: dict[str, Any], *columns: sa.Column[Any]) -> Small:
        metadata = sa.MetaData()
        persons(metadata, *columns)
        entry = PERSONS | {"purposes": ["sell"]} | more
        map_ = System.model_validate(
            {
                "system": 1,
                "id": name,
                "name": {"en": name},
                "url": "sqlite://",
                "datasets": {"persons": entry},
            }
        )
        return Small(f"sqlite:///{tmp_path}/{name}.db", metadata, map_)

    def house(self, house: House) -> House:
        return dataclasses.replace(
            house, policy=POLICY, datamap=DataMap(systems=(self.desk.map, self.crm.map))
        )

    def connect(self, system_: System) -> Any:
        if system_.id in self.down:
            raise Unreachable("down")
        return {"crm": self.crm, "desk": self.desk}[system_.id].connector()


def test_a_contract_that_one_system_knows_to_run_keeps_rows_of_all(
    fjordhem: House, store: None, tmp_path: Path
) -> None:
    two = Two(tmp_path, None)
    house = two.house(fjordhem)
    request = asks(house, ANNA)
    assert {line.verb for line in preview(house, request, two.connect).lines} == {Verb.KEEP}
    erase(house, [request], two.connect)
    assert two.desk.rows("persons") == [(7, "a@x.example")]


def test_a_contract_that_has_ended_keeps_nothing_elsewhere(
    fjordhem: House, store: None, tmp_path: Path
) -> None:
    two = Two(tmp_path, date(2026, 1, 1))
    house = two.house(fjordhem)
    erase(house, [asks(house, ANNA)], two.connect)
    assert two.desk.rows("persons") == []


@pytest.mark.parametrize("ended", [None, date(2026, 1, 1)])
def test_nothing_is_taken_while_the_system_that_knows_of_contracts_is_silent(
    fjordhem: House, store: None, tmp_path: Path, clock: Clock, ended: date | None
) -> None:
    two = Two(tmp_path, ended)
    house = two.house(fjordhem)
    request = asks(house, ANNA)
    two.down = {"crm"}
    with pytest.raises(Unreachable):
        erase(house, [request], two.connect)
    assert two.desk.rows("persons") == [(7, "a@x.example")]
    two.down = set()
    clock.go(minutes=10)
    assert do_due(house, two.connect) == 1
    assert bool(two.desk.rows("persons")) == (ended is None)


def test_a_contract_is_remembered_when_the_system_that_told_it_is_done(
    fjordhem: House, store: None, tmp_path: Path, clock: Clock
) -> None:
    two = Two(tmp_path, None)
    house = two.house(fjordhem)
    request = asks(house, ANNA)
    two.down = {"desk"}
    with pytest.raises(Unreachable):
        erase(house, [request], two.connect)
    two.down = {"crm"}
    clock.go(minutes=10)
    with pytest.raises(Unreachable):  # the second scanner still needs it
        erase(house, [request], two.connect)
    assert two.desk.rows("persons") == [(7, "a@x.example")]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_objection_that_was_weighed_and_lost_erases_nothing(
    fjordhem: House, store: None, tmp_path: Path, outcome: Outcome
) -> None:
    metadata = sa.MetaData()
    persons(metadata)
    small = Small(f"sqlite:///{tmp_path}/g.db", metadata, system(persons=PERSONS))
    small.put("persons", {"id": 1, "email": "a@x.example"})
    house = dataclasses.replace(fjordhem, policy=POLICY, datamap=DataMap(systems=(small.map,)))
    (objection,) = object_to(house, [ANNA], ["serve"]).objections
    decide(house, objection, outcome, by=BERTIL, words="a fraud is looked into")
    request = asks(house, ANNA)
    stays = outcome is Outcome.GROUNDS_SHOWN
    (line,) = preview(house, request, lambda _: small.connector()).lines
    assert (line.verb is Verb.KEEP) == stays
    erase(house, [request], lambda _: small.connector())
    assert bool(small.rows("persons")) == stays
