"""The list of requests: what it shows, how it is searched, and that it holds for many."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lofte.accounts.models import Handler
from lofte.console import sheets
from lofte.console.worklist import wanted, worklist
from lofte.execution import book
from lofte.law.clock import Waits
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.requests.course import ticking
from lofte.requests.course.assign import assign
from lofte.requests.course.statistics import statistics
from lofte.requests.course.take import take
from lofte.requests.models import Assigned, Case, ClockEvent, Request, Transition
from tests.console.conftest import CLOSED


def put(n: int, days: int = 5, **more: Any) -> Request:
    received = timezone.now() - timedelta(days=days)
    told = {"right": "access", "channel": "phone", "state": "received"} | more
    return Request.objects.create(
        ref=f"{n:032x}",
        number=f"2026-{n:06}",
        language="sv",
        received_at=received,
        due_on=timezone.localdate(received) + timedelta(days=30),
        policy_version="2026.1",
        key=b"",
        **told,
    )


@pytest.fixture
def several(work):
    """Late, soon, far off and over."""
    return [put(1, 40), put(2, 25, right="erasure"), put(3, 1, channel="email"), put(4, 3, state="delivered")]


def shown(client: Any, query: str) -> set[str]:
    text = client.get(f"/console/{query}").text
    return {f"2026-{n:06}" for n in range(1, 10) if f'value="2026-{n:06}"' in text}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "1 2 3"),
        ("?show=over", "4"),
        ("?show=all", "1 2 3 4"),
        ("?time=late", "1"),
        ("?time=soon", "2"),
        ("?right=erasure", "2"),
        ("?channel=email", "3"),
        ("?show=all&state=delivered", "4"),
        ("?whose=nobody", "1 2 3"),
        ("?whose=mine", ""),
        ("?whose=nobody&time=late&right=access", "1"),
        ("?show=x&whose=y&time=z&right=%27&state=-&channel=%00&page=-1&order=no", "1 2 3"),
        ("?page=99", "1 2 3"),
    ],
)
def test_the_list_shows_what_is_asked_for(several, staff, query, numbers):
    assert shown(staff["handler"], query) == {f"2026-{int(n):06}" for n in numbers.split()}


def test_the_views_say_how_many_there_are(several, staff, work):
    assign(work.house, several[0], to=staff.ref("handler"), by="")
    text = staff["handler"].get("/console/").text
    for name, count in (("Öppna", 3), ("Mina", 1), ("Ingens", 2), ("Försenade", 1), ("Avslutade", 1)):
        assert f'{name} <span class="numeral">{count}</span>' in text, name
    assert '<option value="erasure">Radering (1)</option>' in text


def test_a_clock_that_stands_still_makes_nothing_late(work, asks, staff):
    request = asks(right=Right.ACCESS, known=False)
    ticking.wait(work.house, request, Waits.IDENTITY, why="Ett intyg.", by="")
    Request.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    assert request.number not in staff["handler"].get("/console/?time=late").text
    assert "Klockan står still" in staff["handler"].get("/console/").text


def test_what_came_in_one_message_is_shown_together(work, world, staff):
    from lofte.datamap.document import Kind
    from lofte.datamap.identity import Identity

    who = Identity(kind=Kind.CUSTOMER_NO, value=world.rows["customers"][CLOSED - 1]["customer_no"])
    case = take(work.house, rights=[Right.ACCESS, Right.ERASURE], identities=[who], channel="portal")
    one, other = case.items.order_by("id")
    text = staff["handler"].get("/console/").text
    assert "Kom med" in text and text.count(one.number) > 2
    page = staff["handler"].get(f"/console/requests/{one.number}").text
    assert f'<a href="/console/requests/{other.number}">{other.number}, som kom samtidigt</a>' in page


def asked_of(client: Any, place: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(place).status_code == 200
    return len(asked)


def test_ten_thousand_are_shown_with_as_many_questions_as_fifty(several, staff):
    client, now = staff["handler"], timezone.now()
    client.get("/console/")
    places = (
        "/console/",
        "/console/?whose=me",
        "/console/?time=late&right=access",
        "/console/?show=all&page=3",
    )
    for n in range(5, 80):
        put(
            n,
            n % 50,
            case=Case.objects.create(ref=f"{n:032x}", channel="phone", language="sv", received_at=now),
        )
    few = [asked_of(client, place) for place in places]
    Request.objects.bulk_create(
        Request(
            ref=f"{n:032x}", number=f"2026-{n:06}", right=("access", "erasure")[n % 2], channel="email",
            language="sv", received_at=now - timedelta(days=n % 60),
                due_on=now.date() + timedelta(days=n % 60 - 29),
            policy_version="2026.1", state=("received", "identified", "delivered")[n % 3], key=b"",
        )
        for n in range(1000, 11_000)
    )  # fmt: skip
    many = [asked_of(client, place) for place in places]
    assert all(now <= before for now, before in zip(many, few, strict=True)), (few, many)
    assert max(few) < 40
    text = client.get("/console/?show=all&page=3").text
    assert "101–150 av" in text and "Sida 3 av" in text


@pytest.mark.parametrize("role", ["handler", "approver"])
def test_either_database_gives_the_same_list(any_store, role):
    who = Handler.objects.create_user("who@norrsken.example", "x", role=role)
    made = [put(1, 40), put(2, 25, right="erasure", state="identified"), put(3, 1), put(4, state="delivered")]
    Assigned.objects.create(request=made[0], to=who.ref, at=timezone.now())
    Assigned.objects.create(request=made[2], to=who.ref, at=timezone.now())
    Assigned.objects.create(request=made[2], to="", at=timezone.now())
    ClockEvent.objects.create(
        request=made[1], what="stop", on=timezone.localdate(), waits="scope", at=timezone.now()
    )
    todo = {"handler": "123", "approver": ""}[role]
    for query, numbers in (
        ({}, "123"), ({"show": "all", "order": "-due"}, "3421"), ({"whose": "mine"}, "1"),
        ({"whose": "nobody"}, "23"), ({"time": "late"}, "1"), ({"time": "soon"}, ""),
        ({"whose": "me"}, todo), ({"right": "erasure", "state": "identified"}, "2"),
    ):  # fmt: skip
        page = worklist(wanted(query), who, timezone.localdate())
        assert "".join(line.number[-1] for line in page.lines) == numbers, query
        assert page.found == len(numbers)
    assert (
        len(
            statistics(
                timezone.localdate() - timedelta(days=99), timezone.localdate(), timezone.localdate()
            ).by_right
        )
        == 2
    )


# --- search ---


def looked_for() -> list[str]:
    return [str(payload) for entry, payload in book.opened(0) if entry.kind == Kind.PERSON_LOOKED_FOR]


def test_a_request_is_found_by_its_number_as_people_write_it(several, staff):
    for typed in ("2026-000003", "2026-3", "2026 000003", "2026000003", "3", "000003"):
        answer = staff["approver"].post("/console/find", {"words": typed})
        assert answer["Location"] == "/console/requests/2026-000003", typed
    assert not looked_for()


def test_a_person_is_found_by_what_they_gave_and_the_look_is_noted(asks, world, staff):
    request = asks()
    number = world.rows["customers"][CLOSED - 1]["customer_no"]
    answer = staff["handler"].post("/console/find", {"words": f" {number} "})
    assert answer.status_code == 200 and request.number in answer.text
    assert number not in answer.text, "what was typed stands nowhere"
    assert len(looked_for()) == 1 and number not in looked_for()[0]
    staff["handler"].post("/console/find", {"words": "2001012384"})
    assert len(looked_for()) == 2, "ten digits may be a personnummer"
    assert (
        "Sökt, inte funnen" in staff["handler"].post("/console/find", {"words": "nobody@kund.example"}).text
    )


def test_who_may_not_know_a_person_looks_for_none(asks, world, staff):
    asks()
    number = world.rows["customers"][CLOSED - 1]["customer_no"]
    for role in ("approver", "finance"):
        answer = staff[role].post("/console/find", {"words": number}, follow=True)
        assert "Din roll söker inte efter personer" in answer.text
    assert not looked_for()


@pytest.mark.parametrize("typed", ["", "2026-999999", "'; DROP TABLE", "\x00", "x" * 5000, "%_%"])
def test_whatever_is_typed_is_searched_for_or_told_to_be_nothing(several, staff, typed):
    answer = staff["handler"].post("/console/find", {"words": typed}, follow=True)
    assert answer.status_code == 200
    assert not any(f"/console/requests/{each.number}" in answer.redirect_chain for each in several)


# --- files ---


def read(answer: Any) -> list[list[str]]:
    content = b"".join(answer.streaming_content).decode("utf-8")
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:]), delimiter=";"))


def test_the_list_is_saved_with_numbers_and_days_and_nobodys_data(several, staff, work):
    assign(work.house, several[0], to=staff.ref("handler"), by="")
    Transition.objects.create(request=several[3], to_state="delivered", at=timezone.now())
    answer = staff["handler"].get("/console/requests.csv?show=all", headers={"accept-language": "en"})
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    head, *rows = read(answer)
    assert head[:3] == ["Nummer", "Rättighet", "Artikel"]
    assert [row[0][-1] for row in rows] == ["1", "2", "4", "3"], "by the last day"
    assert rows[2][7:] == [timezone.localdate().isoformat(), "3"]
    assert "norrsken.example" not in str(rows)


@pytest.mark.parametrize("cell", ["=1+1", "+46", "-2", "@SUM", "\t=1", "\r=1", "\uff1dcmd"])
def test_no_cell_is_a_formula(cell):
    assert sheets.harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["2026-000001", 12, "Radering", ""])
def test_what_is_no_formula_stands_as_it_is(cell):
    assert sheets.harmless(cell) == cell
