"""An erasure in the console: seen before it is approved, approved by another, carried out, followed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict
from lofte.execution import book, journal
from lofte.execution.models import Step
from lofte.ledger.kinds import Kind
from lofte.plan.holds import HoldKind
from lofte.requests.course.order import hurry, order
from lofte.requests.erasure import holds, shown
from lofte.requests.models import Approval, Order, Request, ShownPlan
from lofte.requests.worker.errands import do_ordered, due_orders
from tests.console.conftest import CLOSED


def place(request: Request, more: str = "") -> str:
    return f"/console/requests/{request.number}{more}"


def noted(request: Request) -> list[str]:
    return [entry.kind for entry in book.entries() if entry.object == request.ref]


def seen(staff, request: Request) -> str:
    return staff["handler"].post(place(request, "/plan"), follow=True).text


def approved(staff, request: Request, **more: str) -> str:
    form = {"shown": shown.last_shown(request).id, **more}
    return staff["approver"].post(place(request, "/approval"), form, follow=True).text


def logins(company) -> int:
    engine = sa.create_engine(f"sqlite:///{company / 'data' / 'hosting.sqlite3'}")
    with engine.connect() as db:
        count = db.scalar(sa.text("select count(*) from login_history"))
    engine.dispose()
    return count


def test_opening_a_request_looks_into_no_system(asks, staff, company):
    request = asks()
    (company / "data" / "hosting.sqlite3").unlink()
    text = staff["handler"].get(place(request)).text
    assert "Visa vad som skulle hända" in text and not ShownPlan.objects.exists()


def test_the_preview_tells_rows_laws_days_and_the_letter_and_changes_nothing(asks, staff, company):
    request, before = asks(), logins(company)
    said = noted(request)
    text = seen(staff, request)
    assert re.search(r"Raderas <strong>\d+</strong>", text) and re.search(
        r"Behålls <strong>\d+</strong>", text
    )
    assert "7\u00a0kap.\u00a02\u00a0§ bokföringslagen" in text and "artikel 17.3 b" in text
    assert "till och med 31 december 20" in text
    assert "Vad som kan ligga kvar under raderna" in text and "Säkerhetskopior" in text
    assert 'lang="sv"' in text and "Brevet som går ut" in text and "You have asked us to erase" in text
    assert logins(company) == before and noted(request) == said


def test_the_preview_keeps_nobodys_data(asks, staff, work, world):
    request = asks()
    seen(staff, request)
    kept = str(ShownPlan.objects.get().content)
    row = world.rows["customers"][CLOSED - 1]
    assert row["customer_no"] not in kept and not any(
        str(value) in kept for key, value in row.items() if key in ("name", "email", "personnummer") and value
    )


def test_a_system_that_does_not_answer_is_told_and_nothing_of_it_approved(asks, staff, company):
    request = asks()
    (company / "data" / "hosting.sqlite3").unlink()
    text = seen(staff, request)
    assert "Svarade inte" in text
    assert "inget system svarade" in approved(staff, request).lower()
    assert not Approval.objects.exists()


def test_two_persons_who_answer_are_told_and_nobody_approves(asks, staff):
    request = asks()
    seen(staff, request)
    record = ShownPlan.objects.get()
    record.content["ambiguous"] = 2
    record.save()
    assert "2 personer motsvarar det som visats" in staff["approver"].get(place(request)).text
    assert "Fler än en person" in approved(staff, request) and not Approval.objects.exists()


def test_the_approver_sees_the_same_and_the_handler_may_not_approve(asks, staff):
    request = asks()
    seen(staff, request)
    handlers, approvers = (staff[role].get(place(request)).text for role in ("handler", "approver"))
    assert f'href="{place(request, "/approval")}"' in approvers
    assert f'href="{place(request, "/approval")}"' not in handlers
    assert "Godkänn raderingen" in staff["approver"].get(place(request, "/approval")).text


def test_what_was_seen_is_what_is_approved(asks, staff):
    request = asks()
    seen(staff, request)
    old = shown.last_shown(request).id
    seen(staff, request)
    answer = staff["approver"].post(place(request, "/approval"), {"shown": old}, follow=True)
    assert "Någon har sett efter igen" in answer.text and not Approval.objects.exists()
    approved(staff, request)
    assert Approval.objects.get().by == staff.ref("approver")
    assert "erasure.approved" in noted(request)


def test_nothing_is_carried_out_that_nobody_approved(asks, staff, work, company):
    request, before = asks(), logins(company)
    seen(staff, request)
    text = staff["handler"].post(place(request, "/carry-out"), follow=True).text
    assert "Ingen har godkänt det här" in text and not Order.objects.exists()
    assert not due_orders(work.house.now) and logins(company) == before


def test_an_order_is_carried_out_by_the_worker_and_the_page_tells_how_it_went(asks, staff, work, company):
    request, before = asks(), logins(company)
    seen(staff, request)
    approved(staff, request)
    assert "Radera nu" in staff["handler"].get(place(request, "/carry-out")).text
    text = staff["handler"].post(place(request, "/carry-out"), follow=True).text
    assert "Det är beställt och börjar strax." in text and logins(company) == before
    assert due_orders(work.house.now) and do_ordered(work.house, work.connect) == 1
    text = staff["handler"].get(place(request)).text
    assert "Verkställd" in text and "Vad som gjordes" in text and "Kontrollen av alla system" in text
    assert "Brevet" in text and "Du har bett" in text and "Deras språk" in text
    assert f"lofte undo {request.number}" in text and "Vad som kan ligga kvar under raderna" in text
    for gone in ("/carry-out", "/approval"):
        client = staff["handler" if gone == "/carry-out" else "approver"]
        assert client.get(place(request, gone)).status_code == 302, "what is done is not asked for again"
    assert logins(company) < before and "request.granted" in noted(request)
    said = {entry.kind: payload for entry, payload in book.opened() if entry.object == request.ref}
    assert said["erasure.intended"]["by"] == staff.ref("handler")
    assert said["erasure.intended"]["approved_by"] == staff.ref("approver")
    ordered = next(payload for entry, payload in book.opened() if entry.kind == Kind.ERASURE_ORDERED)
    assert ordered == {"article": "17.1", "requests": 1, "by": staff.ref("handler")}


def test_the_tag_and_the_filter_tell_whose_turn_it_is(asks, staff):
    request = asks()
    assert request.number in staff["handler"].get("/console/?whose=me").text
    assert "Väntar på godkännande" in seen(staff, request)
    assert request.number in staff["approver"].get("/console/?whose=me").text
    assert request.number not in staff["handler"].get("/console/?whose=me").text
    approved(staff, request)
    text = staff["handler"].get("/console/?whose=me").text
    assert request.number in text and "Godkänd" in text


def test_pressing_twice_carries_out_once(asks, staff, work):
    request = asks()
    seen(staff, request)
    approved(staff, request)
    staff["handler"].post(place(request, "/carry-out"))
    again = staff["handler"].post(place(request, "/carry-out"), follow=True).text
    assert "verkställs redan" in again and Order.objects.count() == 1


def test_a_hold_placed_after_approval_wins(asks, staff, work, world, company):
    request, before = asks(), logins(company)
    seen(staff, request)
    approved(staff, request)
    identity = Identity(
        kind=IdentityKind.CUSTOMER_NO, value=world.rows["customers"][CLOSED - 1]["customer_no"]
    )
    holds.place(
        work.house, kind=HoldKind.LEGAL_CLAIM, identities=[identity], case="T 1-26",
        review_on=work.house.today + timedelta(days=90), why="En tvist.", by=staff.ref("officer"),
    )  # fmt: skip
    staff["handler"].post(place(request, "/carry-out"))
    do_ordered(work.house, work.connect)
    assert logins(company) == before
    text = seen(staff, request) if Request.objects.get(pk=request.pk).state == "searching" else ""
    assert not text or "tills det hävs; ses över den" in text


def test_a_system_that_waits_is_told_since_when_and_is_tried_again_on_a_press(asks, staff, work, company):
    request = asks()
    seen(staff, request)
    approved(staff, request)
    base, away = company / "data" / "hosting.sqlite3", company / "data" / "away"
    base.rename(away)
    staff["handler"].post(place(request, "/carry-out"))
    do_ordered(work.house, work.connect)
    text = staff["handler"].get(place(request)).text
    assert "systemet svarar inte" in text and "Nästa försök" in text and "Försök igen nu" in text
    assert "Försök igen nu" not in staff["approver"].get(place(request)).text
    away.rename(base)
    later = Step.objects.filter(request=request.ref, kind="erase").get().not_before
    assert later > work.house.now
    staff["handler"].post(place(request, "/again"))
    assert Step.objects.filter(request=request.ref, kind="erase").get().not_before <= work.house.now


def test_a_workspace_with_faults_is_told_and_the_page_is_still_there(asks, staff, company):
    request = asks()
    (company / "policy.yaml").write_text("policy: 1\n", encoding="utf-8")
    text = staff["handler"].get(place(request)).text
    assert "har fel" in text and request.number in text
    assert "har fel" in seen(staff, request)


def test_a_request_for_something_else_has_no_plan(asks, staff):
    from lofte.law.rights import Right

    request = asks(right=Right.ACCESS)
    assert staff["handler"].post(place(request, "/plan")).status_code == 404


def test_who_asks_is_identified_before_anybody_looks(asks, staff):
    request = asks(known=False)
    assert "Bara en begäran som är identifierad" in seen(staff, request)
    assert "Visa vad som skulle hända" not in staff["handler"].get(place(request)).text


# --- the order ---


def test_an_order_that_a_worker_left_is_begun_by_the_next(asks, staff, work):
    request = asks()
    seen(staff, request)
    approved(staff, request)
    order(work.house, [request], by=staff.ref("handler"))
    assert journal.claim("dead", work.house.now, kinds=["carry-out"]) is not None
    assert not due_orders(work.house.now) and do_ordered(work.house, work.connect) == 0
    assert due_orders(work.house.now + journal.LEASE + timedelta(seconds=1))


def test_who_has_asked_already_is_not_approved_in_a_second_case(asks, staff):
    first, second = asks(), asks()
    seen(staff, second)
    text = approved(staff, second)
    assert f"har redan begärt det, i begäran {first.number}" in text and not Approval.objects.exists()
    seen(staff, first)
    approved(staff, first)
    assert Approval.objects.get().request == first


def test_one_that_must_wait_holds_up_no_other(asks, staff, work):
    from lofte.execution.models import PersonLock

    free, busy = asks(CLOSED), asks(40)
    for request in (free, busy):
        seen(staff, request)
        approved(staff, request)
    order(work.house, [free, busy], by=staff.ref("handler"))
    lookup = busy.identifiers.get().lookup
    lock = PersonLock.objects.create(
        lookup=lookup, owner="other", about="", until=work.house.now + timedelta(minutes=4)
    )
    assert do_ordered(work.house, work.connect) == 0
    free.refresh_from_db()
    busy.refresh_from_db()
    assert (free.state, busy.state) == ("delivered", "identified")
    text = staff["handler"].get(place(busy)).text
    assert "Starten" in text and "någon annan höll på" in text
    lock.delete()
    hurry(work.house, busy)
    do_ordered(work.house, work.connect)
    busy.refresh_from_db()
    assert busy.state == "delivered"


def test_the_page_of_a_request_whose_key_is_destroyed_still_tells_what_happened(asks, staff, work):
    request = asks()
    seen(staff, request)
    approved(staff, request)
    order(work.house, [request], by="")
    do_ordered(work.house, work.connect)
    Request.objects.filter(pk=request.pk).update(key=b"")
    page = staff["handler"].get(place(request))
    assert page.status_code == 200 and request.number in page.text


def test_what_is_answered_is_not_ordered_again(asks, staff, work):
    request = asks()
    seen(staff, request)
    approved(staff, request)
    order(work.house, [request], by="")
    do_ordered(work.house, work.connect)
    with pytest.raises(Conflict):
        order(work.house, [request], by="")
