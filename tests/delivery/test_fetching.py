"""The page where an answer is fetched: reading it uses nothing up, and only its own person gets bytes."""

from __future__ import annotations

import io
import logging
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lofte.execution.book import recorded
from lofte.law.rights import Right
from lofte.requests.answer import expired
from lofte.requests.answer.release import release
from lofte.requests.door.challenge import answer_knocks
from lofte.requests.door.identify import Level
from lofte.requests.door.proved import proved
from lofte.requests.models import Case, Fetched, PackageRecord, Request
from lofte.site.logs import NothingPersonal, Plain
from tests.delivery.conftest import BERTIL
from tests.door.company import ANNA, UNKNOWN
from tests.door.conftest import _workspace as _workspace
from tests.door.conftest import door as door
from tests.door.conftest import email
from tests.door.conftest import work as work
from tests.door.conftest import workspace as workspace

GIVEN = (200, "application/zip")


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch: Any) -> None:
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")


@pytest.fixture
def released(door: Any) -> Request:
    """Anna's answer, let go."""
    return answered(door)


def answered(door: Any, right: Right = Right.ACCESS) -> Request:
    case = door.ask(rights=(right,))
    with recorded(door.house):
        proved(door.house, case, level=Level.PROVEN, method="e-legitimation", proven=[email(ANNA)])
    door.work_on()
    request = case.items.get()
    release(door.house, request, by=BERTIL)
    return request


def inside(case: Case, level: Level = Level.PROVEN, **headers: str) -> Client:
    """A browser that is in to this case."""
    client = Client(headers={"accept-language": "sv", **headers})
    session = client.session
    now = timezone.now().timestamp()
    session["visitor"] = {"case": case.ref, "level": int(level), "since": now, "seen": now}
    session.save()
    return client


def place(request: Request) -> str:
    return f"/mine/{request.number}/fetch"


def given(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else b""


def test_fifty_scanners_use_nothing_up(released, door):
    client, stranger = inside(released.case), Client()
    for number in range(50):
        look = client if number % 2 else stranger
        answer = (look.get if number % 3 else look.head)(place(released))
        assert not answer.streaming and not answer.content.startswith(b"PK")
    assert not Fetched.objects.exists() and "3 av 3" in client.get(place(released)).text


def test_a_link_without_a_session_gives_no_byte(released):
    stranger = Client()
    for method in ("get", "head", "post", "put", "options"):
        answer = getattr(stranger, method)(place(released))
        assert answer.status_code in (302, 405) and not answer.streaming and b"PK" not in answer.content
    assert not Fetched.objects.exists()


def test_a_form_from_elsewhere_gives_no_byte(released):
    client = Client(enforce_csrf_checks=True)
    client.cookies = inside(released.case).cookies
    assert client.post(place(released)).status_code == 403 and not Fetched.objects.exists()


def test_the_answer_is_given_as_a_file_that_no_browser_runs_or_keeps(released):
    answer = inside(released.case).post(place(released))
    body = given(answer)
    assert (answer.status_code, answer["Content-Type"]) == GIVEN
    name = f'attachment; filename="registerutdrag-{released.number}.zip"'
    assert answer["Content-Disposition"] == name and answer["Content-Length"] == str(len(body))
    assert answer["Cache-Control"] == "no-store" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        assert package.testzip() is None


def test_the_portable_answer_has_a_name_of_its_own(door):
    request = answered(door, Right.PORTABILITY)
    answer = inside(request.case).post(place(request))
    assert f"mina-uppgifter-{request.number}.zip" in answer["Content-Disposition"]
    assert given(answer).startswith(b"PK")


@pytest.mark.parametrize("level", [Level.NOTHING, Level.CONTACT, Level.TWO_WAYS])
def test_below_the_level_the_page_says_what_is_missing_and_gives_nothing(released, level):
    """The answer holds a personnummer."""
    client = inside(released.case, level)
    text = client.get(place(released)).text
    assert "visa säkrare vem du är" in text and "personnummer" in text and "Hämta svaret" not in text
    answer = client.post(place(released))
    assert answer.status_code == 403 and not answer.streaming and not Fetched.objects.exists()


def test_another_case_gives_nothing(released, door):
    other = door.ask(address=UNKNOWN)
    client = inside(other)
    assert client.get(place(released))["Location"] == client.post(place(released))["Location"] == "/mine"
    assert not Fetched.objects.exists()


@pytest.mark.parametrize(
    "number", ["2026-999999", "x", "..%2f..%2fetc%2fpasswd", "2026-000001%0d%0aX:y", "2026-000001%00", "%22"]
)
def test_a_hostile_number_leads_where_no_number_leads(released, number):
    client = inside(released.case)
    for method in (client.get, client.post):
        answer = method(f"/mine/{number}/fetch")
        assert answer.status_code in (302, 404) and not answer.streaming
        assert "X" not in answer.headers


def test_after_three_times_the_page_says_so_and_makes_it_anew(released, door):
    client = inside(released.case)
    for _ in range(3):
        assert given(client.post(place(released))).startswith(b"PK")
    answer = client.post(place(released))
    assert answer.status_code == 409 and "så många gånger" in answer.text
    assert client.post(f"/mine/{released.number}/anew")["Location"] == "/mine"
    assert client.post(f"/mine/{released.number}/anew")["Location"] == "/mine"
    again = Request.objects.latest("id")
    assert again.case == released.case and Request.objects.count() == 2
    door.work_on()
    again.refresh_from_db()
    assert again.state == "ready"


def test_after_its_days_the_page_says_so_and_nothing_opens_it(released, door, clock):
    clock.go(days=7, seconds=1)
    expired.destroy_due(door.house.folder, clock.now)
    expired.note_gone(door.house)
    client = inside(released.case)
    assert "kopian är förstörd" in client.get(place(released)).text
    answer = client.post(place(released))
    assert answer.status_code == 409 and not answer.streaming
    PackageRecord.objects.update(until=clock.now + timedelta(days=9), gone_at=None)  # a restored database
    answer = client.post(place(released))
    assert answer.status_code == 409 and not answer.streaming and not Fetched.objects.exists()
    assert "Hämta svaret" not in answer.text


def test_nothing_is_made_anew_below_the_level_of_the_right(released, clock):
    clock.go(days=8)
    client = inside(released.case, Level.CONTACT)
    assert client.post(f"/mine/{released.number}/anew").status_code == 403
    assert Request.objects.count() == 1


def test_before_it_is_let_go_there_is_nothing_to_fetch(door):
    case = door.ask()
    with recorded(door.house):
        proved(door.house, case, level=Level.PROVEN, method="e-legitimation", proven=[email(ANNA)])
    door.work_on()
    client, request = inside(case), case.items.get()
    assert request.state == "ready"
    assert "inget att hämta än" in client.get(place(request)).text
    assert client.post(place(request)).status_code == 409


def test_a_broken_package_is_not_given_and_uses_nothing_up(released):
    path = Path(released.packages.get().path)
    path.write_bytes(path.read_bytes()[:-1])
    answer = inside(released.case).post(place(released))
    assert answer.status_code == 503 and not answer.streaming and not Fetched.objects.exists()
    assert "inget av det har lämnats ut" in answer.text


def test_no_log_names_the_number_or_the_session(released):
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(Plain())
    handler.addFilter(NothingPersonal())
    root = logging.getLogger("lofte")
    root.addHandler(handler)
    try:
        client = inside(released.case)
        client.get(place(released))
        given(client.post(place(released)))
    finally:
        root.removeHandler(handler)
    assert "/mine/<str:number>/fetch" in log.getvalue()
    for word in (released.number, client.session.session_key, ANNA, released.ref):
        assert word not in log.getvalue()


def test_the_worker_has_told_nobody_but_anna(released, door):
    answer_knocks(door.house, door.work.connect)
    assert {said["to"] for said in door.letters("fetch")} <= {ANNA}
