"""Mail that waits, rows in doubt, the figures, and where each comes when they sign in."""

from __future__ import annotations

import pytest
from django.test import Client

from lofte.accounts.models import Handler
from lofte.accounts.roles import Role
from lofte.execution import book
from lofte.intake.models import Mail
from lofte.intake.take_in import take_in
from lofte.ledger.kinds import Kind
from lofte.requests.models import Deferral, Request
from lofte.requests.records.deferred import Doubt, DoubtSettled
from tests.console.conftest import PASSWORD
from tests.intake.letters import SETTINGS, fetched, message

WORDS = "Vidarebefordrar detta: kan ni radera det ni har?"


def noted(kind: Kind) -> list[dict]:
    return [payload for entry, payload in book.opened(0) if entry.kind == kind]


@pytest.fixture
def mail(work):
    raw = message(WORDS, subject="VB: Radering")
    take_in(work.house, "b" * 64, 7, fetched(raw, arrived=work.house.now), SETTINGS)
    found = Mail.objects.get()
    Mail.objects.update(outcome="suggested", why="forwarded", rights=["erasure"])
    return found


def test_mail_is_listed_without_a_word_of_it_and_opened_by_post(mail, staff):
    listed = staff["handler"].get("/console/mail").text
    assert "det är vidarebefordrat" in listed and "Radering" in listed and "radera det" not in listed
    assert staff["handler"].get(f"/console/mail/{mail.ref}").status_code == 405
    read = staff["handler"].post(f"/console/mail/{mail.ref}").text
    assert "kan ni radera det ni har" in read and "anna@kund.example" in read
    assert noted(Kind.WORDS_SHOWN) == [{"what": "mail", "items": 1, "by": staff.ref("handler")}]


def test_mail_is_settled_into_requests_once(mail, staff):
    Request.objects.all().delete()
    place = f"/console/mail/{mail.ref}/settle"
    answer = staff["handler"].post(place, {"rights": ["access", "erasure"]}, follow=True)
    assert "är öppnade" in answer.text and set(Request.objects.values_list("right", flat=True)) == {
        "access",
        "erasure",
    }
    assert len(set(Request.objects.values_list("case", flat=True))) == 1
    again = staff["handler"].post(place, {"rights": ["access"]}, follow=True)
    assert "redan avgjort" in again.text and Request.objects.count() == 2
    assert "Inget mejl väntar" in staff["handler"].get("/console/mail").text


@pytest.mark.parametrize("rights", [["everything"], ["access", "x' OR 1"]])
def test_what_is_no_right_opens_nothing(mail, staff, rights):
    before = Request.objects.count()
    staff["handler"].post(f"/console/mail/{mail.ref}/settle", {"rights": rights})
    assert Request.objects.count() == before and not hasattr(Mail.objects.get(), "settled")


def test_markup_in_a_mail_is_words(work, staff):
    raw = message("<img src=x onerror=alert(1)> radera allt om mig", subject="<b>Hej</b>")
    take_in(work.house, "b" * 64, 7, fetched(raw, arrived=work.house.now), SETTINGS)
    read = staff["handler"].post(f"/console/mail/{Mail.objects.get().ref}").text
    assert "<img src=x" not in read and "<b>Hej</b>" not in read and "&lt;img" in read


@pytest.fixture
def doubted(asks, work, staff):
    """Rows of an erasure that wait for their day, and tell no more whose they are."""
    from lofte.requests.erasure.erase import erase

    request = asks()
    erase(work.house, [request], work.connect, by=staff.ref("handler"), approved_by=staff.ref("approver"))
    kept = list(Deferral.objects.filter(request=request, done_at=None).order_by("id"))
    assert kept
    Doubt.objects.bulk_create(Doubt(deferral=each, at=work.house.now) for each in kept)
    return request


def test_rows_in_doubt_are_counted_and_shown_by_post(doubted, staff):
    listed = staff["handler"].get("/console/doubts").text
    assert doubted.number in listed and "Visa vilka" in listed
    assert "Visa vilka" not in staff["approver"].get("/console/doubts").text
    assert staff["handler"].post(f"/console/doubts/{doubted.number}").status_code == 200
    assert noted(Kind.WORDS_SHOWN)[0]["what"] == "doubt"
    assert "Ovissa rader" in staff["handler"].get("/console/watch").text


def test_somebody_says_whose_they_are(doubted, staff):
    answer = staff["handler"].post(
        f"/console/doubts/{doubted.number}/settle", {"whose": "anothers", "dataset": ""}, follow=True
    )
    assert "Det är noterat vems" in answer.text and "Ingen rad är oviss" in answer.text
    assert DoubtSettled.objects.count() == Doubt.objects.count()


def test_what_is_not_in_doubt_has_no_page(company, staff):
    assert staff["handler"].post("/console/doubts/2026-999999").status_code == 404
    assert staff["handler"].get("/console/doubts/2026-999999/settle").status_code == 404


# --- figures ---


@pytest.mark.parametrize(
    "query",
    ["", "?since=2026-01-01&until=2026-12-31", "?since=x&until=%27", "?since=2030-01-01&until=2020-01-01"],
)
def test_the_figures_are_shown_for_any_period_that_is_typed(asks, staff, query):
    asks()
    answer = staff["handler"].get(f"/console/statistics{query}")
    assert answer.status_code == 200 and "Besvarade i tid" in answer.text
    assert staff["handler"].get(f"/console/statistics.csv{query}").status_code == 200


@pytest.mark.parametrize("role", ["auditor", "system_owner"])
def test_who_sees_figures_alone_sees_no_number_of_a_request(asks, staff, role):
    request = asks()
    answer = staff[role].get("/console/statistics")
    assert answer.status_code == 200 and request.number not in answer.text
    assert staff[role].get("/console/requests.csv").status_code == 403


# --- signing in ---

FIRST = {
    "officer": "/console/", "handler": "/console/", "approver": "/console/", "finance": "/console/",
    "auditor": "/console/ledger", "system_owner": "/console/statistics", "administrator": "/console/handlers",
}  # fmt: skip


@pytest.mark.parametrize("asked", ["", "/console/", "/console/requests/2026-000001?x=1"])
@pytest.mark.parametrize("role", [role.value for role in Role])
def test_who_signs_in_comes_to_a_page_they_may_open(store, role, asked):
    Handler.objects.create_user("gudrun@norrsken.example", PASSWORD, role=role)
    client, form = Client(), {"login": "gudrun@norrsken.example", "password": PASSWORD}
    came = client.post("/accounts/login/" + (f"?next={asked}" if asked else ""), form | {"next": asked})
    sees = FIRST[role] == "/console/"
    assert came["Location"] == (asked if asked and sees else FIRST[role])
    assert client.get(came["Location"]).status_code in ((200, 404) if sees else (200,))


def test_signing_in_leads_to_no_other_site(store):
    Handler.objects.create_user("gudrun@norrsken.example", PASSWORD, role="auditor")
    form = {"login": "gudrun@norrsken.example", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post("/accounts/login/", form)["Location"] == "/console/ledger"
