"""Holds, restrictions, recipients and reviews in the console."""

from __future__ import annotations

import dataclasses
import secrets
from datetime import timedelta

import pytest
from django.utils.translation import override

from lofte.consent import restrict
from lofte.consent.models import Notice, NoticeTold, Restriction, RestrictionLifted
from lofte.console import noted
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.execution import book
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind as Noted
from lofte.plan.holds import HoldKind
from lofte.plan.restriction import Ground
from lofte.requests import sealing
from lofte.requests.erasure import holds
from lofte.requests.models import (
    HoldLifting,
    HoldRecord,
    RecipientNotice,
    RecipientTold,
    Review,
    ReviewDecided,
)


def identity(world, number: int) -> Identity:
    return Identity(kind=Kind.CUSTOMER_NO, value=world.rows["customers"][number - 1]["customer_no"])


def kinds() -> list[str]:
    return [entry.kind for entry in book.entries()]


# --- holds ---

HOLD = {"kind": "legal_claim", "case": "T 118-26", "why": "En tvist om en faktura."}


@pytest.fixture
def placed(work, world, staff):
    """A hold whose review was due, and one whose review lies ahead."""
    earlier = dataclasses.replace(work.house, clock=lambda: work.house.now - timedelta(days=100))
    for number, case, days in ((10, "T 900-26", 400), (11, "T 1-26", 30)):
        holds.place(
            earlier, kind=HoldKind.LEGAL_CLAIM, identities=[identity(world, number)], case=case,
            # Counted from today: a hundred times 24 hours may be a day more or less on the calendar.
            review_on=work.house.today + timedelta(days=days - 100), why="En tvist.", by=staff.ref("officer"),
        )  # fmt: skip


def test_the_hold_whose_review_is_overdue_stands_first(placed, staff):
    text = staff["finance"].get("/console/holds").text
    assert text.index("T 1-26") < text.index("T 900-26") and "70 dagar för sent" in text
    assert "1 ska ses över" in staff["handler"].get("/console/watch").text


def test_a_hold_is_placed_with_who_and_why(work, staff, world):
    ahead = (work.house.today + timedelta(days=90)).isoformat()
    form = {**HOLD, "review_on": ahead, "customer_no": identity(world, 5).value, "categories": ["payment"]}
    text = staff["finance"].post("/console/holds/new", form, follow=True).text
    assert "Gallringsstoppet är lagt." in text and "T 118-26" in text
    record = HoldRecord.objects.get()
    assert record.by == staff.ref("finance") and record.categories == ["payment"]
    assert "hold.placed" in kinds() and b"tvist" not in bytes(record.why)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"customer_no": ""}, "Ange minst en uppgift att känna igen personen på."),
        ({"email": "nobody"}, "R001"),
        ({"review_on": "2020-01-01"}, "Dagen måste ligga framåt i tiden."),
        ({"why": ""}, "Detta fält måste fyllas i."),
    ],
)
def test_a_hold_that_cannot_be_placed_says_why_and_keeps_what_was_typed(work, staff, wrong, words):
    ahead = (work.house.today + timedelta(days=90)).isoformat()
    form = {**HOLD, "review_on": ahead, "customer_no": "K-5", **wrong}
    text = staff["handler"].post("/console/holds/new", form).text
    assert words in text and "T 118-26" in text and not HoldRecord.objects.exists()


def test_a_case_that_is_a_sentence_is_refused_in_words(work, staff):
    ahead = (work.house.today + timedelta(days=90)).isoformat()
    form = {**HOLD, "review_on": ahead, "customer_no": "K-5", "case": "Anna, om fakturan"}
    text = staff["handler"].post("/console/holds/new", form, follow=True).text
    assert "Skriv ärendets nummer, inte vad det gäller" in text and not HoldRecord.objects.exists()


def test_a_hold_is_lifted_by_a_record_and_stays_on_record(placed, staff):
    record = HoldRecord.objects.get(case="T 1-26")
    assert staff["handler"].post(f"/console/holds/{record.ref}/lift", {"why": ""}).status_code == 200
    staff["handler"].post(f"/console/holds/{record.ref}/lift", {"why": "Domen har vunnit laga kraft."})
    assert HoldLifting.objects.get().by == staff.ref("handler") and HoldRecord.objects.count() == 2
    assert "T 1-26" not in staff["handler"].get("/console/holds").text
    assert staff["handler"].get(f"/console/holds/{record.ref}/lift").status_code == 404


# --- restrictions ---


@pytest.fixture
def restricted(asks, work, world, staff):
    request = asks(20, Right.RESTRICTION)
    restrict.restrict(work.house, [identity(world, 20)], Ground.ACCURACY, by="", request=request.ref)
    return request


def test_a_restriction_goes_its_way_from_telling_to_lifting(restricted, staff):
    page = f"/console/restrictions/{restricted.number}"
    assert "Att tjänsten stoppas" in staff["officer"].get("/console/restrictions").text
    refused = staff["handler"].post(f"{page}/lift", {"outcome": "corrected"}, follow=True).text
    assert "Personen får veta innan en begränsning hävs" in refused
    staff["handler"].post(f"{page}/told/stop", {"channel": "email"})
    staff["handler"].post(f"{page}/announce")
    assert "Att begränsningen ska hävas" in staff["handler"].get(page).text
    staff["handler"].post(f"{page}/told/release", {"channel": "phone"})
    assert [t.channel for t in NoticeTold.objects.order_by("id")] == ["email", "phone"]
    assert {t.by for t in NoticeTold.objects.all()} == {staff.ref("handler")}
    text = staff["handler"].post(f"{page}/lift", {"outcome": "corrected"}, follow=True).text
    assert "Begränsningen är hävd." in text
    assert RestrictionLifted.objects.get().by == staff.ref("handler")
    restricted.refresh_from_db()
    assert restricted.state == "delivered" and not Restriction.objects.filter(lifted=None).exists()


def test_what_is_not_to_be_told_is_not_noted_as_told(restricted, staff):
    page = f"/console/restrictions/{restricted.number}"
    assert staff["handler"].post(f"{page}/told/release", {"channel": "email"}).status_code == 404
    staff["handler"].post(f"{page}/told/stop", {"channel": "pigeon"})
    assert Notice.objects.exists() and not NoticeTold.objects.exists()


def test_telling_twice_is_noted_once(restricted, staff):
    page = f"/console/restrictions/{restricted.number}"
    staff["handler"].post(f"{page}/told/stop", {"channel": "email"})
    again = staff["handler"].post(f"{page}/told/stop", {"channel": "email"}, follow=True).text
    assert "redan meddelat" in again and NoticeTold.objects.count() == 1


# --- recipients ---


@pytest.fixture
def told_of(asks, work):
    request = asks(21)
    return RecipientNotice.objects.create(
        ref=secrets.token_hex(16), request=request, recipient=next(iter(work.house.policy.recipients)),
        right="erasure", datasets=[["hosting", "invoices", 3]], at=work.house.now,
    )  # fmt: skip


def test_a_recipient_is_told_and_no_longer_waits(told_of, staff):
    page = f"/console/recipients/{told_of.ref}"
    assert told_of.request.number in staff["officer"].get("/console/recipients").text
    staff["handler"].post(f"{page}/told", {"channel": "email"})
    assert RecipientTold.objects.get().channel == "email" and kinds()[-1] == "recipient.told"
    assert told_of.request.number not in staff["handler"].get("/console/recipients").text
    assert staff["handler"].post(f"{page}/told", {"channel": "email"}).status_code == 404


def test_why_a_recipient_cannot_be_told_is_asked_for(told_of, staff):
    page = f"/console/recipients/{told_of.ref}"
    staff["handler"].post(f"{page}/cannot", {"why": ""})
    assert not RecipientTold.objects.exists()
    staff["handler"].post(f"{page}/cannot", {"why": "Bolaget är upplöst."})
    assert not RecipientTold.objects.get().channel and kinds()[-1] == "recipient.impossible"


def test_the_letter_to_a_recipient_is_made_when_it_is_asked_for(told_of, staff):
    page = f"/console/recipients/{told_of.ref}"
    assert 'class="letter"' not in staff["handler"].get(page).text
    text = staff["handler"].post(f"{page}/letter").text
    assert 'class="letter" lang="sv"' in text and 'class="letter" lang="en"' in text
    assert told_of.request.number in text
    assert staff["officer"].post(f"{page}/letter").status_code == 403


# --- reviews ---


@pytest.fixture
def review(asks, work):
    request = asks(22, Right.HUMAN_REVIEW)
    key = sealing.unwrap(work.house.keys.wrapping, request.key, request.ref)
    view = sealing.seal_text(key, "Jag hade bara glömt lösenordet.", "view", request.ref)
    return Review.objects.create(
        ref=secrets.token_hex(16), request=request, decision="abuse_lock", case="K-311", view=view,
        at=work.house.now,
    )  # fmt: skip


def test_a_human_being_decides_and_the_request_is_answered(review, staff):
    page = f"/console/reviews/{review.request.number}"
    assert "Ingen" in staff["officer"].get("/console/reviews").text
    staff["handler"].post(f"{page}/take")
    assert "Jag hade bara glömt lösenordet." in staff["handler"].get(page).text
    taken = staff["approver"].post(page, {"outcome": "annulled", "why": "Fel."}, follow=True).text
    assert "Någon annan har hand om omprövningen" in taken and not ReviewDecided.objects.exists()
    text = staff["handler"].post(page, {"outcome": "annulled", "why": "Ingen fara."}, follow=True).text
    assert "Det är avgjort." in text and ReviewDecided.objects.get().by == staff.ref("handler")
    review.request.refresh_from_db()
    assert review.request.state == "delivered"


def test_a_decision_without_reasons_is_none(review, staff):
    page = f"/console/reviews/{review.request.number}"
    assert staff["handler"].post(page, {"outcome": "upheld", "why": " "}).status_code == 200
    assert not ReviewDecided.objects.exists()


# --- the list of requests ---


def test_requests_are_filtered_by_right(asks, staff, review):
    erasure = asks(23)
    text = staff["handler"].get("/console/?right=erasure").text
    assert erasure.number in text and review.request.number not in text
    both = staff["handler"].get("/console/").text
    assert erasure.number in both and review.request.number in both
    assert '<option value="human_review">Mänsklig omprövning (1)</option>' in both
    assert staff["handler"].get("/console/?right=nothing").status_code == 200


def test_a_request_that_is_answered_by_an_act_speaks_of_no_package(review, staff):
    text = staff["handler"].get(f"/console/requests/{review.request.number}").text
    assert "Genom att det som begärdes görs" in text and "Registerutdraget" not in text
    assert f"/console/reviews/{review.request.number}" in text


# --- what is over ---


def test_what_leaves_a_list_stands_among_the_ended(placed, told_of, review, staff, work):
    record = HoldRecord.objects.get(case="T 1-26")
    staff["handler"].post(f"/console/holds/{record.ref}/lift", {"why": "Domen har vunnit laga kraft."})
    staff["handler"].post(f"/console/recipients/{told_of.ref}/cannot", {"why": "Bolaget är upplöst."})
    page = f"/console/reviews/{review.request.number}"
    staff["handler"].post(f"{page}/take")
    staff["handler"].post(page, {"outcome": "annulled", "why": "Ingen fara."})
    shown = {
        kind: staff["officer"].get(f"/console/{kind}/ended").text
        for kind in ("holds", "recipients", "reviews", "restrictions")
    }
    assert "T 1-26" in shown["holds"] and "T 900-26" not in shown["holds"]
    assert told_of.request.number in shown["recipients"] and "Kunde inte meddelas" in shown["recipients"]
    assert review.request.number in shown["reviews"] and "Det upphävs" in shown["reviews"]
    assert "Ingen är avslutad" in shown["restrictions"]


def test_an_ended_restriction_says_how_it_ended(restricted, staff):
    page = f"/console/restrictions/{restricted.number}"
    staff["handler"].post(f"{page}/told/stop", {"channel": "email"})
    staff["handler"].post(f"{page}/announce")
    staff["handler"].post(f"{page}/told/release", {"channel": "phone"})
    staff["handler"].post(f"{page}/lift", {"outcome": "corrected"})
    text = staff["officer"].get("/console/restrictions/ended").text
    assert restricted.number in text and "Uppgifterna är rättade" in text


def test_every_entry_of_the_ledger_has_words_in_both_languages():
    said = {code: [] for code in ("sv", "en")}
    for code, words in said.items():
        with override(code):
            words.extend(noted.called(kind) for kind in Noted)
    assert all(sv != en for sv, en in zip(said["sv"], said["en"], strict=True))
    assert noted.called("written.later") == "written.later"
