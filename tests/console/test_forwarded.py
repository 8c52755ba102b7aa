"""A customer who is to answer is told by a handler, in the console (art. 28.3 e)."""

from __future__ import annotations

import pytest

from lofte.execution.book import recorded
from lofte.law.rights import Right
from lofte.plan.records import DatasetRef
from lofte.requests.answer.forward import queue
from lofte.requests.models import Forwarded
from tests.console.conftest import RUNNING


@pytest.fixture
def waiting(asks, work):
    request = asks(RUNNING, right=Right.ACCESS)
    system = work.house.datamap.systems[0]
    dataset = next(name for name, each in system.datasets.items() if each.role == "processor")
    with recorded(work.house):
        queue(work.house, request, {DatasetRef(system=system.id, dataset=dataset): {"K-100717": 3}})
    return Forwarded.objects.get()


def test_who_it_is_stands_in_the_letter_alone_and_only_when_it_is_asked_for(waiting, staff):
    page = f"/console/forwarded/{waiting.ref}"
    client = staff["handler"]
    for address in (
        "/console/forwarded",
        page,
        "/console/watch",
        f"/console/requests/{waiting.request.number}",
    ):
        text = client.get(address).text
        assert "Kunder som svarar" in text and "K-100717" not in text, address
    assert "K-100717" in client.post(f"{page}/letter").text


def test_when_they_are_told_nothing_waits(waiting, staff):
    page = f"/console/forwarded/{waiting.ref}"
    text = staff["handler"].post(f"{page}/told", {"channel": "email"}, follow=True).text
    assert "Det är noterat" in text and "Alla har fått veta" in text
    assert waiting.told.by == staff.ref("handler")
    assert staff["handler"].get(page).status_code == 404
