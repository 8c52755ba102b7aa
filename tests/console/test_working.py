"""Who takes care of a request, what is noted in it, and what was said; many at once."""

from __future__ import annotations

import re

import pytest

from lofte.accounts.models import Handler
from lofte.errors import Conflict, Refused
from lofte.execution.models import LedgerRecord
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.requests.course.assign import assign, assigned_to
from lofte.requests.course.remark import remark
from lofte.requests.course.take import say
from lofte.requests.models import Assigned, ClockEvent, Order, Remark, Request

SECRET = "Anna ringde och var arg."


@pytest.fixture
def request_(asks):
    return asks(right=Right.ACCESS, known=False)


def noted(kind: Kind) -> list[bytes]:
    from lofte.execution import book

    return [str(payload).encode() for entry, payload in book.opened(0) if entry.kind == kind]


def page(staff, request, role="handler") -> str:
    return staff[role].get(f"/console/requests/{request.number}").text


# --- given to somebody ---


def test_a_request_is_taken_on_given_and_let_go(request_, staff):
    place = f"/console/requests/{request_.number}"
    staff["handler"].post(f"{place}/take")
    assert assigned_to([request_]) == {request_.pk: staff.ref("handler")}
    staff["handler"].post(f"{place}/give", {"to": staff.ref("approver")})
    assert assigned_to([request_]) == {request_.pk: staff.ref("approver")}
    staff["approver"].post(f"{place}/let-go")
    assert assigned_to([request_]) == {} and Assigned.objects.count() == 3
    assert len(noted(Kind.REQUEST_ASSIGNED)) == 3
    told = page(staff, request_)
    assert told.count("Gavs till någon") == 2 and "Släpptes" in told


def test_taking_twice_is_noted_once(request_, staff):
    for _ in range(2):
        staff["handler"].post(f"/console/requests/{request_.number}/take")
    assert Assigned.objects.count() == 1


@pytest.mark.parametrize("role", ["finance", "auditor", "administrator"])
def test_who_does_not_work_on_requests_is_given_none(request_, staff, work, role):
    with pytest.raises(Refused):
        assign(work.house, request_, to=staff.ref(role), by="")
    answer = staff["handler"].post(f"/console/requests/{request_.number}/give", {"to": staff.ref(role)})
    assert answer.status_code == 200 and not Assigned.objects.exists()


def test_who_has_left_is_given_none(request_, staff, work):
    ref = staff.ref("approver")
    Handler.objects.filter(ref=ref).update(is_active=False)
    with pytest.raises(Refused):
        assign(work.house, request_, to=ref, by="")


def test_what_is_answered_is_given_to_nobody(request_, staff, work):
    Request.objects.update(state="delivered")
    with pytest.raises(Conflict):
        assign(work.house, request_, to=staff.ref("handler"), by="")


# --- remarks and messages ---


def test_a_remark_lies_sealed_is_counted_and_read_by_post_alone(request_, staff):
    place = f"/console/requests/{request_.number}"
    staff["handler"].post(f"{place}/remark", {"words": SECRET})
    assert SECRET.encode() not in bytes(Remark.objects.get().words)
    assert "1 anteckning, förseglad" in page(staff, request_) and SECRET not in page(staff, request_)
    assert staff["handler"].get(f"{place}/remarks").status_code == 405
    read = staff["approver"].post(f"{place}/remarks")
    assert SECRET in read.text
    assert len(noted(Kind.REMARK_WRITTEN)) == 1 and len(noted(Kind.WORDS_SHOWN)) == 1
    assert not any(b"Anna" in bytes(each.payload) for each in LedgerRecord.objects.all())


def test_markup_in_a_remark_is_words(request_, staff, work):
    remark(work.house, request_, "<script>alert(1)</script>", by="")
    read = staff["handler"].post(f"/console/requests/{request_.number}/remarks")
    assert "&lt;script&gt;" in read.text and "<script>alert" not in read.text


def test_nothing_is_no_remark(request_, staff, work):
    with pytest.raises(Refused):
        remark(work.house, request_, "  ", by="")
    answer = staff["handler"].post(f"/console/requests/{request_.number}/remark", {"words": " "})
    assert answer.status_code == 200 and not Remark.objects.exists()


def test_what_the_person_said_is_listed_and_opened_by_post(request_, staff, work):
    say(work.house, request_, "Jag vill ha allt sedan 2019.", channel="portal")
    told = page(staff, request_)
    assert "Från personen: Portalen" in told and "2019" not in told and "Personen skrev" in told
    read = staff["handler"].post(f"/console/requests/{request_.number}/messages")
    assert "Jag vill ha allt sedan 2019." in read.text and len(noted(Kind.WORDS_SHOWN)) == 1


def test_what_is_forgotten_opens_no_more(request_, staff, work):
    remark(work.house, request_, SECRET, by="")
    Request.objects.update(key=b"")
    read = staff["handler"].post(f"/console/requests/{request_.number}/remarks", follow=True)
    assert SECRET not in read.text and "är förstörd" in read.text


# --- many at once ---


@pytest.fixture
def three(asks):
    return [asks(number, right=Right.ACCESS) for number in (20, 21, 22)]


def chosen(requests) -> list[str]:
    return [each.number for each in requests]


def sure(text: str) -> str:
    found = re.search(r'name="sure" value="([0-9a-f]{64})"', text)
    assert found
    return found[1]


def test_many_are_given_only_after_they_were_seen(three, staff):
    client, to = staff["handler"], staff.ref("approver")
    asked = {"do": "assign", "n": chosen(three)}
    assert "Vem som har hand om den" in client.get("/console/many", asked).text
    seen = client.post("/console/many", asked | {"to": to})
    assert "Det här händer med 3" in seen.text and not Assigned.objects.exists()
    answer = client.post("/console/many", asked | {"to": to, "sure": sure(seen.text)}, follow=True)
    assert "Ge till någon: 3 begäranden." in answer.text
    assert set(assigned_to(three).values()) == {to}


def test_what_is_left_out_is_said_with_why(three, staff):
    Request.objects.filter(pk=three[0].pk).update(state="delivered")
    seen = staff["handler"].post(
        "/console/many", {"do": "assign", "n": chosen(three), "to": staff.ref("handler")}
    )
    assert "1 lämnas utanför" in seen.text and "besvarad" in seen.text


def test_what_has_changed_since_it_was_seen_is_seen_again(three, staff):
    client = staff["handler"]
    asked = {"do": "extend", "n": chosen(three), "months": "2", "because": "many", "why": "Många på en gång."}
    seen = sure(client.post("/console/many", asked).text)
    Request.objects.filter(pk=three[0].pk).update(state="refused")
    answer = client.post("/console/many", asked | {"sure": seen})
    assert "Något har ändrats" in answer.text and not ClockEvent.objects.exists()
    other = sure(answer.text)
    client.post("/console/many", asked | {"sure": other, "why": "Ett annat skäl."})
    assert not ClockEvent.objects.exists(), "the reason was not the one that was seen"
    client.post("/console/many", asked | {"sure": other})
    assert ClockEvent.objects.filter(what="extend").count() == 2


def test_many_are_searched_for_by_one_order(three, asks, staff):
    erasure = asks(23)
    asked = {"do": "search", "n": [*chosen(three), erasure.number]}
    seen = staff["handler"].get("/console/many", asked)
    assert "Det här händer med 3" in seen.text and not Order.objects.exists()
    staff["handler"].post("/console/many", asked | {"sure": sure(seen.text)})
    assert Order.objects.get().requests.count() == 3


@pytest.mark.parametrize("do", ["extend", "search"])
def test_who_does_not_carry_out_does_not_do_so_to_many(three, staff, do):
    assert staff["approver"].get("/console/many", {"do": do, "n": chosen(three)}).status_code == 403
    assert f'value="{do}"' not in staff["approver"].get("/console/").text


@pytest.mark.parametrize(
    "given", [{}, {"do": "assign"}, {"do": "erase", "n": "2026-000001"}, {"do": "assign", "n": "x"}]
)
def test_nothing_chosen_is_told(company, staff, given):
    answer = staff["handler"].get("/console/many", given, follow=True)
    assert "Välj vad som ska göras" in answer.text


def test_the_way_back_leads_nowhere_else(three, staff):
    answer = staff["handler"].get("/console/many", {"back": "https://elsewhere.example/?show=all"})
    assert answer["Location"] == "/console/"
    answer = staff["handler"].get("/console/many", {"back": "show=all&right=access&x=//elsewhere"})
    assert answer["Location"] == "/console/?show=all&right=access"
