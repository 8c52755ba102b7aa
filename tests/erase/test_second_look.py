"""What the second scanner looks for, and what it lets be."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.connector import SqlConnector
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.errors import Ambiguous, Unreachable
from lofte.execution.house import House
from lofte.requests.door.identify import Level, identify
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.erase_verify import Residue
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


def identity(value: str) -> Identity:
    return Identity(kind=Kind.EMAIL, value=value)


def test_what_a_system_told_is_looked_for_after_the_request_was_sent_back(
    fjordhem: House, store: None, tmp_path: Path, clock: Clock
) -> None:
    by: dict[str, Small] = {}
    fields = PERSONS["fields"] | {"alt": field(identity="email")}
    for name in ("a", "b"):
        metadata = sa.MetaData()
        persons(metadata, sa.Column("alt", sa.String(100)))
        sa.Table("log", metadata, number(), sa.Column("t", sa.String(100)))
        map_ = System.model_validate(
            {
                "system": 1,
                "id": name,
                "name": {"en": name},
                "url": "sqlite://",
                "datasets": {"persons": PERSONS | {"fields": fields}},
            }
        )
        by[name] = Small(f"sqlite:///{tmp_path}/{name}.db", metadata, map_)
    by["a"].put("persons", {"id": 1, "email": "a@x.example", "alt": "secret@y.example"})
    by["a"].put("log", {"id": 1, "t": "secret@y.example logged in"})
    by["b"].put("persons", *({"id": n, "email": "a@x.example", "alt": None} for n in (1, 2)))
    house = dataclasses.replace(
        fjordhem, policy=POLICY, datamap=DataMap(systems=tuple(each.map for each in by.values()))
    )
    down = {"b"}

    def connect(system_: System) -> SqlConnector:
        if system_.id in down:
            raise Unreachable("down")
        return by[system_.id].connector()

    request = asks(house, identity("a@x.example"))
    with pytest.raises(Unreachable):
        erase(house, [request], connect)
    down.clear()
    clock.go(minutes=10)
    with pytest.raises(Ambiguous):
        erase(house, [request], connect)
    by["b"].run("delete from persons where id = 2")
    identify(house, request, method="call", level=Level.PROVEN, by=BERTIL)
    with pytest.raises(Residue, match=r"a\.log\.t"):
        erase(house, [request], connect)


@pytest.mark.parametrize("note", ["domain", "paid by {}"])
def test_a_row_that_is_kept_makes_room_for_no_other(
    fjordhem: House, store: None, tmp_path: Path, note: str
) -> None:
    metadata = sa.MetaData()
    persons(metadata)
    columns = [sa.Column("note", sa.String(80)), sa.Column("fy", sa.Date)]
    sa.Table("invoices", metadata, number(), number("person_id", sa.ForeignKey("persons.id")), *columns)
    map_ = system(
        persons=PERSONS,
        invoices=dataset(
            [reference(["person_id"], "persons")],
            {"person_id": TECHNICAL, "note": field("books"), "fy": TECHNICAL},
            purposes=["keep_books"],
            anchors={"fiscal_year.end": {"column": "fy"}},
        ),
    )
    small = Small(f"sqlite:///{tmp_path}/books.db", metadata, map_)
    house = dataclasses.replace(fjordhem, policy=POLICY, datamap=DataMap(systems=(map_,)))
    ended = date(2025, 12, 31)
    for n in (1, 2):
        small.put("persons", {"id": n, "email": f"p{n}@x.example"})
        small.put("invoices", {"id": n, "person_id": n, "note": note.format(f"p{n}@x.example"), "fy": ended})
    erase(house, [asks(house, identity("p2@x.example"))], lambda _: small.connector())
    small.put("persons", {"id": 3, "email": "p3@x.example"})
    small.put("invoices", {"id": 3, "person_id": 3, "note": "paid by p1@x.example", "fy": ended})
    with pytest.raises(Residue, match=r"invoices\.note"):
        erase(house, [asks(house, identity("p1@x.example"))], lambda _: small.connector())
