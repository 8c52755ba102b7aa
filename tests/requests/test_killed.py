"""Power may go at any moment: nothing is lost, nothing is done twice, nothing is left behind."""

from __future__ import annotations

import dataclasses
import os
import signal

import pytest
from django.db import connection, connections

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.execution import book
from lofte.law.rights import Right
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import PackageRecord, Request
from tests.requests.memory import Memory, datamap

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")


@pytest.fixture
def house(house, monkeypatch):
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")
    return dataclasses.replace(house, datamap=datamap("billing"))


def billing() -> Memory:
    return Memory("billing", customers=[{"id": 1, "email": ANNA.value, "name": "Anna"}])


def killed_at(number: int, act) -> bool:
    """Do it in a process of its own that is killed before its n-th statement. False = it was
    done before it came so far."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        seen = 0

        def count(execute, sql, parameters, many, context):
            nonlocal seen
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, parameters, many, context)

        try:
            with connection.execute_wrapper(count):
                act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_killed_before_any_statement_it_ends_with_one_delivery(store, house, tmp_path):
    at, met = 1, 0
    while True:
        out = tmp_path / f"out{at}"
        request = receive(house, right=Right.ACCESS, identities=[ANNA], channel="visit")
        request = identify(house, request, method="visit", level=Level.PROVEN, by="")
        killed = killed_at(at, lambda r=request, o=out: fulfil_access(house, r, lambda s: billing(), o))
        house.clock.go(minutes=10)
        answer = fulfil_access(house, Request.objects.get(pk=request.pk), lambda s: billing(), out)
        assert answer.state == "delivered" and os.listdir(out) == [f"{request.number}.zip"]
        kinds = [e.kind for e in book.entries() if e.object == request.ref]
        assert kinds.count("request.delivered") == kinds.count("package.sealed") == 1
        assert PackageRecord.objects.filter(request=request).count() == 1
        met += killed
        if not killed:
            break
        at += 3
    assert met > 10
    assert book.verify(house.keys.ledger) is None and book.waiting() == 0
    assert list((house.folder / "spool").iterdir()) == []
    lie = sorted(str(p) for p in (house.folder / "packages").iterdir())
    assert lie == sorted(PackageRecord.objects.values_list("path", flat=True))
