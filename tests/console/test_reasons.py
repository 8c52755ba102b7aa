"""Where the policy asks, whoever looks at what is hidden says why first."""

from __future__ import annotations

import pytest

from lofte.execution import book
from lofte.law.rights import Right
from lofte.requests.course import look
from lofte.requests.models import Look
from tests.console.conftest import RUNNING


@pytest.fixture
def page(asks):
    return f"/console/requests/{asks(RUNNING, right=Right.ACCESS).number}"


@pytest.fixture
def asking(monkeypatch):
    """A policy that asks for the reason."""
    before = look.asks

    def asks(house, request, what, *, by):
        defaults = house.policy.rights.defaults.model_copy(update={"reason_for_look": True})
        rights = house.policy.rights.model_copy(update={"defaults": defaults})
        policy = house.policy.model_copy(update={"rights": rights})
        return before(type(house)(**{**vars_of(house), "policy": policy}), request, what, by=by)

    monkeypatch.setattr(look, "asks", asks)


def vars_of(house):
    return {name: getattr(house, name) for name in house.__dataclass_fields__}


def shown():
    return [entry.kind for entry in book.entries()].count("identity.shown")


def test_without_the_key_nobody_is_asked(page, staff):
    assert "Varför tittar du?" not in staff["handler"].post(f"{page}/who").text
    assert shown() == 1 and not Look.objects.exists()


def test_nothing_is_shown_before_the_reason_is_kept(page, staff, asking, work):
    client = staff["handler"]
    text = client.post(f"{page}/who").text
    assert "Varför tittar du?" in text and shown() == 0
    given = {"asked_why": "1", "why_look": "other", "more_look": ""}
    assert "Skriv varför." in client.post(f"{page}/who", given).text and shown() == 0
    client.post(f"{page}/who", given | {"more_look": "Hon ringde om fakturan."})
    kept = Look.objects.get()
    assert shown() == 1 and kept.by == staff.ref("handler") and kept.what == "identity"
    assert b"fakturan" not in bytes(kept.reason)
    assert look.reason_of(work.house, kept) == "other: Hon ringde om fakturan."


def test_a_reason_holds_for_one_person_and_one_kind_of_thing(page, staff, asking):
    staff["handler"].post(f"{page}/who", {"asked_why": "1", "why_look": "answer", "more_look": ""})
    assert "Varför tittar du?" not in staff["handler"].post(f"{page}/who").text
    assert "Varför tittar du?" in staff["handler"].post(f"{page}/remarks").text
    assert "Varför tittar du?" in staff["officer"].post(f"{page}/who").text
