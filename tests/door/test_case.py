"""What a person sees of their own case in every state, and how it is taken back."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from lofte.datamap.document import Kind
from lofte.errors import Conflict, Refused
from lofte.execution.models import LedgerEntry
from lofte.law.clock import Because, Waits
from lofte.law.rights import Right
from lofte.plan import scope
from lofte.policy.document import Text
from lofte.portal import far
from lofte.requests.course import ticking
from lofte.requests.course.reached import proven_contacts
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.course.roads import State
from lofte.requests.course.take import said
from lofte.requests.door.at_the_door import agent_of
from lofte.requests.door.knock import LIMITS, TooOften, What
from lofte.requests.door.withdraw_wish import withdraw_wish
from lofte.requests.models import Case, Knock, Message, PackageRecord, Request
from tests.door.company import ANNA, ANNAS_PHONE, TWO, UNKNOWN
from tests.door.conftest import email, identity

BY = "b" * 32


def let_in(door, rights, language="sv", address=ANNA):
    """A browser whose person is in, at level 1."""
    client = Client(headers={"accept-language": language})
    client.post("/ask", {"rights": [each.value for each in rights], "email": address})
    door.answer()
    assert client.post("/mine/code", {"code": door.codes()[address]}).status_code == 302
    return client


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("state", State)
def test_each_right_in_each_state_is_told_in_plain_words(door, state, language):
    client = let_in(door, list(Right)[:6], language)
    Request.objects.update(state=state)
    page = client.get("/mine")
    assert page.status_code == 200 and page["Cache-Control"] == "no-store"
    for request in Request.objects.all():
        assert request.number in page.text and Right(request.right).name_in(language) in page.text
    waits = "Du får svar senast" if language == "sv" else "You get an answer by"
    assert (waits in page.text) is state.open


def test_the_letters_that_were_sent_stand_in_the_case(door):
    client = let_in(door, [Right.ACCESS, Right.ERASURE])
    access, erasure = Request.objects.order_by("id")
    ticking.extend(door.house, access, months=2, because=Because.MANY, why="Det är sommar.", by=BY)
    refuse(door.house, erasure, ground=Ground.UNFOUNDED, why="Ni har inget konto.", by=BY)
    page = client.get("/mine").text
    assert "Det är sommar." in page and "Ni har inget konto." in page and "IMY" in page
    assert "Vi tog längre tid på oss" in page


def test_what_is_waited_for_is_told(door):
    client = let_in(door, [Right.ACCESS])
    ticking.wait(door.house, Request.objects.get(), Waits.IDENTITY, why="Skicka kundnumret.", by=BY)
    page = client.get("/mine").text
    assert "Skicka kundnumret." in page and "Tiden står still" in page


def test_when_the_key_is_destroyed_the_case_tells_its_dates_and_no_words(door):
    client = let_in(door, [Right.ERASURE])
    refuse(door.house, Request.objects.get(), ground=Ground.UNFOUNDED, why="Hemliga skäl.", by=BY)
    Request.objects.update(key=b"")
    page = client.get("/mine")
    assert page.status_code == 200 and "Hemliga skäl." not in page.text


def test_what_was_said_and_on_whose_behalf_is_sealed(door):
    case = door.ask(words="Jag bytte namn 2020.", agent="Bertil, hennes bror")
    words = [said(door.house, message) for message in Message.objects.all()]
    assert words == ["Jag bytte namn 2020.", "Frågar åt någon annan:\nBertil, hennes bror"]
    assert agent_of(door.house, case) == "Bertil, hennes bror"
    assert b"Bertil" not in bytes(case.agent.words)


def test_the_same_form_sent_twice_by_a_slip_is_one_wish(door, client):
    form = {"rights": ["access"], "email": ANNA}
    client.post("/ask", form)
    assert client.post("/ask", form).headers["Location"] == "/ask/received"
    assert Request.objects.count() == 1
    client.post("/ask", form | {"words": "Och en sak till."})
    assert Request.objects.count() == 2


@pytest.mark.parametrize("right", [Right.ACCESS, Right.ERASURE])
def test_a_wish_that_is_taken_back_goes_no_further(any_door, right):
    case = any_door.ask(address=TWO[0], rights=[right])
    any_door.answer()
    for code in list(any_door.codes().values()):
        any_door.enter(code)
    request = case.items.get()
    assert request.state == "identified"
    withdraw_wish(any_door.house, request)
    any_door.work_on()
    request.refresh_from_db()
    assert request.state == "withdrawn" and not PackageRecord.objects.exists()
    assert LedgerEntry.objects.filter(kind="request.withdrawn", object=request.ref).count() == 1
    assert sorted(each["to"] for each in any_door.letters("withdrawn")) == sorted(TWO)
    with pytest.raises(Conflict):
        withdraw_wish(any_door.house, request)


def test_a_package_that_nobody_wants_any_more_is_let_go(door, clock):
    case = door.ask(address=TWO[0])
    door.answer()
    for code in list(door.codes().values()):
        door.enter(code)
    door.work_on()
    request = case.items.get()
    assert request.state == "ready"
    withdraw_wish(door.house, request)
    assert PackageRecord.objects.get().until <= clock.now


@pytest.mark.parametrize("state", [State.DELIVERED, State.REFUSED, State.SEARCHING])
def test_what_is_answered_or_being_done_is_not_taken_back(door, state):
    client = let_in(door, [Right.ERASURE])
    request = Request.objects.get()
    Request.objects.update(state=state)
    with pytest.raises(Conflict):
        withdraw_wish(door.house, request)
    assert "take-back" not in client.get("/mine").text
    page = client.post(f"/mine/{request.number}/take-back", follow=True)
    assert "kan inte tas tillbaka nu" in page.text and Request.objects.get().state == state


def test_the_proven_contacts_are_those_a_code_was_passed_for(door):
    door.by_text = True
    case = door.ask()
    door.answer()
    door.enter(door.codes()[ANNAS_PHONE])
    assert proven_contacts(door.house, case) == (identity(Kind.PHONE, ANNAS_PHONE),)
    Request.objects.update(key=b"")
    with pytest.raises(Refused):
        proven_contacts(door.house, Case.objects.get())


def test_a_system_that_does_not_answer_is_asked_again_until_it_is_no_use(door, clock, workspace):
    door.ask()
    away = (workspace / "crm.sqlite3").rename(workspace / "away")
    door.answer()
    assert not door.codes() and Knock.objects.filter(what="code", answered_at=None).exists()
    away.rename(workspace / "crm.sqlite3")
    door.answer()
    assert not door.codes()  # it is not asked again at once
    clock.go(seconds=5)
    door.answer()
    assert list(door.codes()) == [ANNA]
    door.wish(Request.objects.get().number, claim="d" * 32)
    (workspace / "crm.sqlite3").rename(workspace / "away")
    clock.go(minutes=11)
    door.answer()
    assert not Knock.objects.filter(what="code", answered_at=None).exists()


def test_a_code_is_not_sent_when_it_is_of_no_use_any_more(door):
    from lofte.mail.models import Outgoing

    door.ask()
    door.answer()
    letter = Outgoing.objects.get(template="code")
    assert letter.until - letter.queued_at == timedelta(minutes=10)


def test_many_who_knock_at_once_are_counted_together(any_door, monkeypatch):
    limit = LIMITS[What.CODE]
    monkeypatch.setitem(LIMITS, What.CODE, type(limit)(within=limit.within, address=100, network=100, all=4))
    turned: list[bool] = []

    def knock(number: int) -> None:
        try:
            any_door.wish("2026-000001", address=UNKNOWN, network=f"10.0.{number}.0/24")
        except TooOften:
            turned.append(True)
        connections.close_all()

    threads = [threading.Thread(target=knock, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Knock.objects.count() == 4 and len(turned) == 8


def test_faults_of_the_workspace_shut_the_door_and_say_so(door, settings):
    def broken():
        raise Refused("the policy has faults")

    settings.LOFTE_AT_WORK = broken
    for path in ("/ask", "/mine"):
        page = Client(headers={"accept-language": "sv"}).get(path)
        assert page.status_code == 503 and "Det går inte just nu" in page.text
        assert "policy has faults" not in page.text


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({}, "rights", "Välj minst en sak"),
        ({"rights": ["access"]}, "id_email", "Skriv din e-postadress"),
        ({"rights": ["access"], "email": "anna"}, "id_email", "ingen e-postadress"),
        ({"rights": ["access"], "email": ANNA, "personnummer": "1"}, "id_personnummer", "inget personnummer"),
        ({"rights": ["access"], "email": ANNA, "agent": "Bertil"}, "id_authority", "Skriv både vem du är"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_where_it_is_and_leads_there(door, client, form, field, words):
    page = client.post("/ask", form)
    assert page.status_code == 200 and not Request.objects.exists()
    assert f'<a href="#{field}">' in page.text and words in page.text
    assert f'id="{field}"' in page.text


def test_an_address_of_the_company_itself_is_nobody(door, client, monkeypatch):
    from lofte.errors import NotIdentified
    from lofte.portal import ask as page

    def house_address(*_given, **_more):
        raise NotIdentified("an address of the company's own")

    monkeypatch.setattr(page, "ask", house_address)
    answer = client.post("/ask", {"rights": ["access"], "email": ANNA})
    assert answer.status_code == 200 and "en av våra egna adresser" in answer.text


def test_only_what_finds_somebody_here_is_asked_for(door, client):
    page = client.get("/ask").text
    assert 'name="customer_no"' in page and 'name="personnummer"' in page and 'name="phone"' in page
    assert 'name="user_name"' not in page and 'name="ip"' not in page
    assert email(ANNA).value not in page


@pytest.fixture
def kinds(monkeypatch):
    """A company that holds more than one kind of data."""
    held = {"contact": Text(sv="kontaktuppgifter", en="contact data"), "notes": Text(sv="noter", en="notes")}
    for room in (scope, far):
        monkeypatch.setattr(room, "choices", lambda _policy, _map: held)


def test_a_part_is_asked_for_in_the_form_and_seen_in_the_case_and_the_letter(door, kinds):
    client = Client(headers={"accept-language": "sv"})
    form = client.get("/ask").text
    named = re.findall(r'name="part_erasure" value="(\w+)"', form)
    assert (
        named == ["contact", "notes"]
        and "Allt, eller bara en del" in form
        and 'name="part_objection"' not in form
    )
    wish = {"rights": ["erasure", "access"], "email": ANNA, "part_erasure": named[:1]}
    assert client.post("/ask", wish).status_code == 302
    erasure, access = Request.objects.get(right="erasure"), Request.objects.get(right="access")
    assert (erasure.scope, access.scope) == (named[:1], [])
    (letter,) = door.letters("received")
    assert "Bara en del: " in letter["body"]
    door.answer()
    client.post("/mine/code", {"code": door.codes()[ANNA]})
    assert "Du bad bara om en del:" in client.get("/mine").text


def test_kinds_of_data_under_what_is_not_ticked_are_asked_about(door, kinds):
    client = Client(headers={"accept-language": "en"})
    page = client.post("/ask", {"rights": ["access"], "email": ANNA, "part_erasure": ["contact"]})
    assert page.status_code == 200 and "tick also what you want" in page.text and not Request.objects.exists()


def test_who_is_asked_what_is_meant_says_it_in_the_case_once(door, kinds):
    client = let_in(door, [Right.ACCESS])
    request = Request.objects.get()
    assert "Vad vill du veta något om?" not in client.get("/mine").text
    ticking.wait(door.house, request, Waits.SCOPE, why="Vilka uppgifter menar du?", by=BY)
    page = client.get("/mine").text
    assert "Vad vill du veta något om?" in page
    kind = re.search(r'name="kinds" value="(\w+)"', page)[1]
    client.post(f"/mine/{request.number}/scope", {})
    assert Request.objects.get().scope == [] and ticking.clock_of(request).stopped
    client.post(f"/mine/{request.number}/scope", {"kinds": [kind]})
    assert Request.objects.get().scope == [kind]
    client.post(f"/mine/{request.number}/scope", {"all": "1"})
    assert Request.objects.get().scope == [kind]
    assert Client().post(f"/mine/{request.number}/scope", {"all": "1"})["Location"] == "/mine"
