"""A handler proposes to refuse; somebody else decides, in the console."""

from __future__ import annotations

import pytest

from lofte.law.rights import Right
from lofte.requests.models import Proposal
from tests.console.conftest import RUNNING

WHY = "Samma begäran besvarades i går."


@pytest.fixture
def page(asks):
    return f"/console/requests/{asks(RUNNING, right=Right.ACCESS).number}"


def test_what_a_handler_proposes_another_does(page, staff):
    text = staff["handler"].post(f"{page}/refuse", {"ground": "excessive", "why": WHY}, follow=True).text
    assert "Det är föreslaget." in text and "Besluta om ett förslag" not in text
    assert "Besluta om ett förslag" in staff["officer"].get(page).text
    shown = staff["officer"].get(f"{page}/proposal").text
    assert WHY in shown and "Det här skickas" in shown and "Integritetsskyddsmyndigheten" in shown
    text = staff["officer"].post(f"{page}/proposal", {"answer": "yes"}, follow=True).text
    assert "Det är gjort som föreslaget." in text and WHY in text
    proposal = Proposal.objects.get()
    assert proposal.request.state == "refused" and proposal.by == staff.ref("handler")
    assert proposal.settled.by == staff.ref("officer")


def test_a_no_says_why_and_nothing_is_done(page, staff):
    staff["handler"].post(f"{page}/refuse", {"ground": "excessive", "why": WHY})
    assert "Skriv varför inte" in staff["approver"].post(f"{page}/proposal", {"answer": "no"}).text
    staff["approver"].post(f"{page}/proposal", {"answer": "no", "why": "Det var en annan fråga."})
    proposal = Proposal.objects.get()
    assert not proposal.settled.agreed and proposal.request.state == "identified"


def test_nothing_is_decided_where_nothing_is_proposed(page, staff):
    assert "Inget är föreslaget." in staff["officer"].get(f"{page}/proposal", follow=True).text
