"""A handler lets an answer go in the console, and issues it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lofte.accounts.models import Handler
from lofte.execution.book import recorded
from lofte.mail.models import Outgoing
from lofte.requests.course.order import order
from lofte.requests.door.identify import Level, identify
from lofte.requests.door.proved import proved
from lofte.requests.models import Request
from tests.door.company import ANNA
from tests.door.conftest import _workspace as _workspace
from tests.door.conftest import door as door
from tests.door.conftest import email
from tests.door.conftest import work as work
from tests.door.conftest import workspace as workspace


@pytest.fixture
def handler(work: Any, monkeypatch: Any) -> Client:
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")
    client = Client(headers={"accept-language": "sv"})
    client.force_login(
        Handler.objects.create_user("h@norrsken.example", "en lång och god mening", role="handler")
    )
    return client


def ready(door: Any, *, by_code: bool = True) -> Request:
    case = door.ask()
    if by_code:
        door.answer()
        door.enter(door.codes()[ANNA])
        with recorded(door.house):
            proved(door.house, case, level=Level.PROVEN, method="e-legitimation", proven=[email(ANNA)])
    else:
        identify(door.house, case.items.get(), method="besök", level=Level.PROVEN, by="b" * 32)
        order(door.house, [case.items.get()], by="b" * 32)
    door.work_on()
    return case.items.get()


def test_the_answer_is_let_go_and_the_person_told(handler, door):
    request = ready(door)
    page = f"/console/requests/{request.number}"
    assert "Låt personen hämta det" in handler.get(page).text
    asked = handler.get(f"{page}/release").text
    assert "Det här öppnar det:" in asked and "e-legitimation" in asked
    text = handler.post(f"{page}/release", follow=True).text
    assert "ett brev berättar det" in text and "Låt personen hämta det" not in text
    assert Outgoing.objects.filter(template="fetch").count() == 1
    request.refresh_from_db()
    assert request.state == "delivered"


def test_a_second_press_lets_nothing_go_twice(handler, door):
    request = ready(door)
    for _ in range(2):
        handler.post(f"/console/requests/{request.number}/release")
    assert Outgoing.objects.filter(template="fetch").count() == 1


def test_who_was_identified_at_the_counter_is_answered_there(handler, door):
    request = ready(door, by_code=False)
    page = f"/console/requests/{request.number}"
    text = handler.get(page).text
    assert "Låt personen hämta det" not in text and "Personen har fått det" in text
    handler.post(f"{page}/release")
    request.refresh_from_db()
    assert request.state == "ready" and not Outgoing.objects.filter(template="fetch").exists()


def test_what_was_not_fetched_is_issued_again_by_the_handler(handler, door, clock):
    request = ready(door)
    page = f"/console/requests/{request.number}"
    handler.post(f"{page}/release")
    request.packages.update(until=timezone.now() + timedelta(days=1))
    assert "Gör svaret på nytt" not in handler.get(page).text
    request.packages.update(until=clock.now)
    assert "Gör svaret på nytt" in handler.get(page).text
    text = handler.post(f"{page}/reissue", follow=True).text
    again = Request.objects.latest("id")
    assert f"begäran {again.number}" in text and again.case == request.case
    assert again.identifications.get().by == ""  # it was the portal that knew them, and still does
