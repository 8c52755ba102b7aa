"""A company whose answers are fetched: one system, one customer, and a case that they have come with."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.course.reached import first_of
from lofte.requests.course.receive import receive
from lofte.requests.door.challenge import challenged
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Case, Challenge, Passed, Request
from tests.requests.memory import Memory, datamap

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
BERTIL = "b" * 32


@pytest.fixture
def house(house: House, monkeypatch: Any) -> House:
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")
    return dataclasses.replace(house, datamap=datamap("billing"), url="https://portal.example")


def billing() -> Memory:
    return Memory(
        "billing",
        customers=[{"id": 1, "email": ANNA.value, "name": "Anna Åkesson"}],
        invoices=[{"id": 10, "customer": 1, "text": "Webbhotell Tallkotten"}],
    )


def passed(house: House, case: Case, contact: Identity = ANNA) -> None:
    """A code went to this contact, and was entered."""
    with recorded(house):
        challenged(
            house, case, way="email", contact="c" * 64, claim="", lives=timedelta(hours=1), identity=contact
        )
        Passed.objects.create(challenge=Challenge.objects.latest("id"), at=house.now)
    assert first_of(case)


@pytest.fixture
def ready(request: pytest.FixtureRequest, house: House) -> Callable[..., Request]:
    """A request whose answer is ready, of somebody whom the portal knows."""
    request.getfixturevalue("any_store" if "any_store" in request.fixturenames else "store")

    def make(*, by: str = "", contact: bool = True, level: Level = Level.PROVEN) -> Request:
        request = receive(house, right=Right.ACCESS, identities=[ANNA], channel="portal")
        if contact and request.case is not None:
            passed(house, request.case)
        request = identify(house, request, method="kod", level=level, by=by)
        fulfil_access(house, request, lambda system: billing(), by=BERTIL)
        request.refresh_from_db()
        return request

    return make
