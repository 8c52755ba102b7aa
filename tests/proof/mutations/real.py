"""What is broken for real: in the company's database, in its workspace, in our own store. How to add
one stands in `breaks`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True)
class Real:
    """One thing broken in a copy of the world."""

    what: str
    turns: str
    act: Callable[[Path], None]


def _sql(*statements: str) -> Callable[[Path], None]:
    """As somebody would at the company's database."""

    def act(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "workspace" / "data" / "hosting.sqlite3")) as db, db:
            for statement in statements:
                assert db.execute(statement).rowcount != 0, statement

    return act


def _written(file: str, old: str, new: str) -> Callable[[Path], None]:
    """As somebody would in the workspace."""

    def act(folder: Path) -> None:
        path = folder / "workspace" / file
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return act


def _old_row(table: str, column: str, day: str = "2001-01-01") -> Callable[[Path], None]:
    return _sql(f"update {table} set {column} = '{day}' where id = (select min(id) from {table})")


def _house(folder: Path, days_ago: int = 0) -> object:
    from lofte.site.workspace import load, open_house

    house = open_house(load(folder / "workspace"))
    then = house.now - timedelta(days=days_ago)
    return replace(house, clock=lambda: then)


def _unanswered(right: str) -> Callable[[Path], None]:
    """Somebody asked three months ago, and nobody answered."""

    def act(folder: Path) -> None:
        from lofte.datamap.document import Kind
        from lofte.datamap.identity import Identity
        from lofte.law.rights import Right
        from lofte.requests.course.receive import receive

        who = Identity(kind=Kind.EMAIL, value="nobody@kund.example")
        receive(_house(folder, 95), right=Right(right), identities=[who], channel="email")  # type: ignore[arg-type]

    return act


def _hold_forgotten(folder: Path) -> None:
    from lofte.requests.models import HoldRecord

    day = _house(folder).today - timedelta(days=1)  # type: ignore[attr-defined]
    assert HoldRecord.objects.filter(liftings=None).update(review_on=day)


def _kept_without_end(folder: Path) -> None:
    from lofte.requests.models import Erasure

    assert Erasure.objects.filter(ground="BFL-7-2").update(until=None)


def _given_out(folder: Path) -> None:
    """A row of which the company is only the processor."""
    from lofte.requests.models import Finding

    assert Finding.objects.filter(verb="forward").update(verb="give")


def _unapproved_way_in(folder: Path) -> None:
    from lofte.accounts.models import Handler

    assert Handler.objects.all().update(role="nobody")


REAL: tuple[Real, ...] = (
    Real("a row of the sign-ins past its time", "P027 P033 P047 P134 P137", _old_row("login_history", "at")),
    Real("an application past its time", "P134 P135 P137 P153", _old_row("job_applications", "decided_on")),
    Real("a participant past the event", "P134 P137", _old_row("event_registrations", "held_on")),
    Real(
        "a new column",
        "P003 P009 P011 P013 P014 P016 P017 P022 P024 P031 P032",
        _sql("alter table customers add column favourite_colour text"),
    ),
    Real(
        "a new table",
        "P003 P009 P011 P013 P014 P016 P017",
        _sql("create table survey (id integer primary key, email text, answer text)"),
    ),
    Real(
        "an unlisted recipient in the map",
        "P003 P009 P011 P013 P014 P016 P017 P064 P065 P077",
        _written(
            "systems/hosting.yaml",
            "recipients: [datacentre, mail_provider]",
            "recipients: [datacentre, strangers]",
        ),
    ),
    Real(
        "a column of an item that is not told",
        "P003 P009 P011 P013 P014 P016 P017 P024",
        _written(
            "systems/hosting.yaml",
            "phone: {category: contact, item: phone, identity: phone",
            "phone: {category: contact, item: fax, identity: phone",
        ),
    ),
    Real(
        "an agreement in the register that has ended",
        "P070 P084",
        _written("processors.yaml", "signed: 2025-02-03, ends: null", "signed: 2025-02-03, ends: 2026-01-01"),
    ),
    Real(
        "an agreement that lacks a clause", "P084", _written("processors.yaml", "28.3.g, 28.3.h]", "28.3.g]")
    ),
    Real("a processor abroad", "P083 P087", _written("processors.yaml", "country: SE", "country: US")),
    Real("a request for access that nobody answered", "P097 P101", _unanswered("access")),
    Real("a request for erasure that nobody answered", "P101", _unanswered("erasure")),
    Real("a hold that nobody looked at again", "P119 P139", _hold_forgotten),
    Real("what an erasure keeps for a law has no end", "P118", _kept_without_end),
    Real("rows of a customer's customers given out", "P034", _given_out),
    Real("everybody has lost their role", "P010 P091", _unapproved_way_in),
)
