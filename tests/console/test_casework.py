"""A handler takes a request from the telephone to its answer, all in the console."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lofte.connectors.registry import address
from lofte.connectors.sql.back import open_back
from lofte.execution import book
from lofte.law.rights import Right
from lofte.mail.templates import TEMPLATES
from lofte.requests.erasure.approve import approve
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.shown import last_shown
from lofte.requests.erasure.undo import undo
from lofte.requests.models import ClockEvent, Request
from lofte.requests.worker.errands import do_ordered
from tests.console.conftest import RUNNING

CALL = {"right": "access", "channel": "phone", "language": "sv"}


@pytest.fixture
def call(work, world):
    number = world.rows["customers"][RUNNING - 1]["customer_no"]
    return CALL | {"received_on": work.house.today.isoformat(), "customer_no": number}


def latest():
    return Request.objects.latest("id")


def test_a_call_is_answered_with_a_package_without_leaving_the_console(call, staff, work):
    client = staff["handler"]
    assert "Ta emot en begäran" in client.get("/console/").text
    text = client.post("/console/requests/new", call, follow=True).text
    page = f"/console/requests/{latest().number}"
    assert f"Begäran {latest().number} är mottagen." in text and "Anteckna vem som frågar" in text
    client.post(f"{page}/identify", {"method": "Motringning till numret vi har.", "level": "2"})
    assert "Sök i systemen" in client.get(page).text
    client.post(f"{page}/search")
    assert "Sök i systemen" not in client.get(page).text
    assert do_ordered(work.house, work.connect) == 1
    assert latest().state == "ready" and "Ladda ned" in client.get(page).text
    assert b"".join(client.post(f"{page}/package")).startswith(b"PK")
    client.post(f"{page}/handed-over")
    assert latest().state == "delivered"
    assert "Sök i systemen" not in client.get(page).text


def test_a_call_is_on_record_with_who_took_it(call, staff):
    staff["officer"].post("/console/requests/new", call)
    assert latest().transitions.get().by == staff.ref("officer") and latest().channel == "phone"


def test_the_time_runs_from_the_day_it_came_and_not_from_when_it_is_typed_in(call, staff, work):
    came = work.house.today - timedelta(days=12)
    staff["handler"].post("/console/requests/new", call | {"received_on": came.isoformat()})
    assert latest().received_at.date() == came
    ahead = work.house.today + timedelta(days=2)
    text = staff["handler"].post("/console/requests/new", call | {"received_on": ahead.isoformat()}).text
    assert "kan inte ha kommit i morgon" in text and Request.objects.count() == 1


def test_the_same_wish_is_not_written_down_twice_unless_it_is_another(call, staff):
    staff["handler"].post("/console/requests/new", call)
    text = staff["handler"].post("/console/requests/new", call).text
    assert f"i begäran {latest().number}, som är öppen" in text and Request.objects.count() == 1
    staff["handler"].post("/console/requests/new", call | {"right": "portability"})
    staff["handler"].post("/console/requests/new", call | {"another": "on"})
    assert Request.objects.count() == 3


def test_what_was_typed_stays_when_something_is_wrong(call, staff):
    text = staff["handler"].post("/console/requests/new", call | {"customer_no": "", "right": "erasure"}).text
    assert "Ange minst en uppgift" in text and 'value="erasure" selected' in text


def test_too_little_proof_identifies_nobody(call, staff):
    staff["handler"].post("/console/requests/new", call)
    page = f"/console/requests/{latest().number}"
    text = staff["handler"].post(f"{page}/identify", {"method": "En kod.", "level": "1"}, follow=True).text
    assert latest().state == "received" and "nivå 2" in text


def test_a_refusal_tells_the_reasons_and_where_to_complain(call, staff):
    staff["handler"].post("/console/requests/new", call)
    page = f"/console/requests/{latest().number}"
    assert ">Avslå<" not in staff["handler"].get(page).text
    text = staff["officer"].post(f"{page}/refuse", {"ground": "excessive", "why": " "}).text
    assert "Skriv varför" in text and latest().state == "received"
    given = {"ground": "excessive", "why": "Samma begäran besvarades i går."}
    text = staff["officer"].post(f"{page}/refuse", given, follow=True).text
    assert latest().state == "refused" and "Samma begäran besvarades i går." in text
    assert "Integritetsskyddsmyndigheten" in text and "domstol" in text
    assert b"besvarades" not in bytes(latest().decisions.get().why)


def test_the_clock_is_stopped_and_goes_on_and_both_days_are_shown(call, staff, work):
    came = work.house.today - timedelta(days=1)
    staff["handler"].post("/console/requests/new", call | {"received_on": came.isoformat()})
    page = f"/console/requests/{latest().number}"
    staff["handler"].post(f"{page}/wait", {"waits": "scope", "why": "Vilken av webbplatserna?"})
    text = staff["handler"].get(page).text
    assert "Klockan står stilla sedan den" in text and "Personen har svarat" in text
    assert "Klockan står stilla" in staff["handler"].get("/console/").text
    ClockEvent.objects.update(on=came)  # a day has passed
    text = staff["handler"].post(f"{page}/go-on", follow=True).text
    assert "Den har stått stilla i 1 dag; annars vore sista dagen den" in text
    assert "Klockan stoppades" in text and "Klockan går igen" in text


def test_more_time_is_taken_with_a_letter_to_send(call, staff):
    staff["handler"].post("/console/requests/new", call)
    page = f"/console/requests/{latest().number}"
    given = {"months": "2", "because": "complex", "why": "Nio system ska gås igenom."}
    text = staff["handler"].post(f"{page}/extend", given, follow=True).text
    assert "Skicka brevet nedan till personen nu." in text and "Nio system ska gås igenom." in text
    assert "Tiden är förlängd med 2 månader (art. 12.3)." in staff["handler"].get(page).text
    again = staff["handler"].post(f"{page}/extend", given, follow=True).text
    assert "kan förlängas en gång" in again and ClockEvent.objects.count() == 1


def test_an_answered_request_offers_nothing(asks, staff):
    request = asks(RUNNING, Right.ACCESS)
    Request.objects.filter(pk=request.pk).update(state="delivered")
    assert "Vad du kan göra" not in staff["handler"].get(f"/console/requests/{request.number}").text


def test_whom_it_is_about_is_shown_to_who_asks_and_stands_in_the_ledger(call, staff):
    staff["handler"].post("/console/requests/new", call)
    page = f"/console/requests/{latest().number}"
    assert call["customer_no"] not in staff["handler"].get(page).text
    assert call["customer_no"] in staff["handler"].post(f"{page}/who").text
    last = list(book.entries())[-1]
    assert (last.kind, last.object) == ("identity.shown", latest().ref)
    assert staff["finance"].post(f"{page}/who").status_code == 403


def test_what_cannot_be_taken_keeps_what_was_typed(call, staff):
    given = call | {"customer_no": "", "phone": "070-174 06 05"}
    text = staff["handler"].post("/console/requests/new", given).text
    assert "070-174 06 05" in text and not Request.objects.exists()
    staff["handler"].post("/console/requests/new", call)
    weak = {"method": "En kod till adressen.", "level": "1"}
    text = staff["handler"].post(f"/console/requests/{latest().number}/identify", weak).text
    assert "En kod till adressen." in text and latest().state == "received"


def test_a_day_of_long_ago_is_a_slip(call, staff):
    text = staff["handler"].post("/console/requests/new", call | {"received_on": "1999-01-01"}).text
    assert "mer än ett år sedan" in text and not Request.objects.exists()


def test_an_erasure_that_was_taken_back_says_so(asks, staff, work, company):
    request = asks()

    def back(system):
        return open_back(system, address(system, company))

    staff["handler"].post(f"/console/requests/{request.number}/plan")
    approve(work.house, request, last_shown(request).preview, by=staff.ref("approver"))
    erase(work.house, [request], work.connect, by=staff.ref("handler"), approved_by=staff.ref("approver"))
    undo(work.house, request.number, back, by=staff.ref("officer"))
    text = staff["handler"].get(f"/console/requests/{request.number}").text
    assert "Tillbakatagen" in text and "Raderingen togs tillbaka som ett misstag." in text
    assert "Tillbakatagen" in staff["handler"].get("/console/?show=all").text
    assert undo(work.house, request.number, back, by=staff.ref("officer")).rows == {}


def test_a_letter_is_seen_before_it_is_sent_and_what_was_typed_can_be_changed(asks, staff):
    made = asks(RUNNING, right=Right.ACCESS)
    page, client = f"/console/requests/{made.number}", staff["handler"]
    given = {"months": "1", "because": "complex", "why": "Det är många system."}
    seen = client.post(f"{page}/extend", given | {"look": "1"}).text
    assert "Det är många system." in seen and "Det här skickas" in seen and "version 1" in seen
    assert not ClockEvent.objects.exists()
    assert "<textarea" in client.post(f"{page}/extend", given | {"change": "1"}).text
    client.post(f"{page}/extend", given)
    assert ClockEvent.objects.count() == 1


def test_what_the_person_is_asked_stands_as_a_letter_while_the_clock_stands_still(asks, staff):
    page = f"/console/requests/{asks(RUNNING, right=Right.ACCESS).number}"
    staff["handler"].post(f"{page}/wait", {"waits": "scope", "why": "Vilken av webbplatserna?"})
    assert "Vilken av webbplatserna?" in staff["handler"].get(page).text
    staff["handler"].post(f"{page}/go-on")
    assert "Vilken av webbplatserna?" not in staff["handler"].get(page).text


def test_every_letter_is_in_the_gallery_in_both_languages(staff, work):
    text = staff["officer"].get("/console/letters").text
    for name in (*TEMPLATES, "extension", "refusal-excessive", "asking-identity"):
        assert f'id="letter-{name}"' in text, name
    assert "Your code for case" in text and "Din kod för ärende" in text


def test_the_same_wish_made_twice_is_linked_for_those_who_work_here(asks, staff):
    one, other = asks(RUNNING, right=Right.ACCESS), asks(RUNNING, right=Right.ACCESS)
    text = staff["handler"].get(f"/console/requests/{other.number}").text
    assert f"{one.number}, samma begäran" in text


def test_what_is_asked_about_only_a_part_is_said_wherever_it_is_read(call, staff, work):
    client = staff["handler"]
    assert "Bara en del av uppgifterna" in client.get("/console/requests/new").text
    wish = call | {"right": "erasure", "kinds": ["usage"]}
    client.post("/console/requests/new", wish)
    made, page = latest(), f"/console/requests/{latest().number}"
    assert made.scope == ["usage"]
    shown = client.get(page).text
    assert "Personen ber bara om en del:" in shown and "en del" in client.get("/console/").text
    again = client.post("/console/requests/new", wish).text
    assert f"begäran {made.number}" in again and latest() == made
    client.post("/console/requests/new", call | {"right": "erasure"})
    assert latest() != made and latest().scope == []
    client.post(f"{page}/identify", {"method": "Legitimation vid disken.", "level": "3"})
    client.post(f"{page}/plan")
    approving = staff["approver"].get(f"{page}/approval").text
    assert "Du godkänner att den här delen går, och inget mer:" in approving
    staff["approver"].post(f"{page}/approval", {"shown": last_shown(made).id})
    assert made.approvals.count() == 1


def test_an_objection_is_not_asked_of_kinds_of_data(call, staff):
    answer = staff["handler"].post("/console/requests/new", call | {"right": "objection", "kinds": ["usage"]})
    assert "Lämna dem tomma" in answer.text and not Request.objects.exists()


def test_what_the_person_means_is_noted_once(call, staff):
    client = staff["handler"]
    client.post("/console/requests/new", call)
    page = f"/console/requests/{latest().number}"
    assert "Anteckna vad personen menar" not in client.get(page).text
    client.post(f"{page}/wait", {"waits": "scope", "why": "Vilka uppgifter menar du?"})
    assert "Anteckna vad personen menar" in client.get(page).text
    client.post(f"{page}/scope", {"kinds": ["usage", "payment"]})
    assert latest().scope == ["payment", "usage"]
    text = client.post(f"{page}/scope", {"kinds": ["usage"]}, follow=True).text
    assert "har redan sagt det" in text and latest().scope == ["payment", "usage"]
