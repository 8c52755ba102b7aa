"""Who may see what in the console, and what it shows."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone, translation

from lofte.accounts.models import Handler
from lofte.console.deadline import Tone, seen_from
from lofte.console.drawing import share_bar, time_bar
from lofte.execution.book import note, sequence
from lofte.execution.models import LedgerEntry, LedgerOutbox
from lofte.ledger.kinds import Kind
from lofte.requests.models import Finding, PackageRecord, Request, Transition
from lofte.site.home import keys

NUMBER = "2026-000118"
SHA256 = sha256(b"PK and more").hexdigest()
TODAY = date(2026, 6, 15)
WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"


@pytest.fixture
def request_118(store, tmp_path, settings):
    settings.LOFTE_WORKSPACE = WEBHOST
    settings.LOFTE_HOME = tmp_path / "lofte"
    keys()
    received = timezone.now() - timedelta(days=3)
    made = Request.objects.create(
        ref="a" * 32,
        number=NUMBER,
        right="access",
        channel="phone",
        language="sv",
        received_at=received,
        due_on=timezone.localdate(received) + timedelta(days=30),
        policy_version="2026.1",
        state="ready",
        key=b"",
    )
    Transition.objects.create(request=made, to_state="received", at=received, by="x" * 32)
    Finding.objects.create(request=made, system="shop", dataset="web_orders", verb="give", rows=3, shared=2)
    path = tmp_path / "package.zip"
    path.write_bytes(b"PK and more")
    PackageRecord.objects.create(request=made, sha256=SHA256, path=str(path), size=11, made_at=timezone.now())
    return made


def signed_in(role: str) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(
        Handler.objects.create_user(f"{role}@norrsken.example", "en lång och god mening", role=role)
    )
    return client


PLACES = ["/console/", f"/console/requests/{NUMBER}"]


@pytest.mark.parametrize("place", PLACES)
def test_signed_out_is_shown_the_sign_in(request_118, place):
    answer = Client().get(place)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("role", "status"),
    [("handler", 200), ("officer", 200), ("approver", 200), ("finance", 200), ("auditor", 403)],
)
def test_only_those_who_may_see_requests_see_them(request_118, place, role, status):
    answer = signed_in(role).get(place)
    assert answer.status_code == status
    assert answer["Cache-Control"] == "no-store"
    assert ("Registerutdrag" in answer.text) == (status == 200)


@pytest.mark.parametrize(
    ("role", "status"), [("handler", 200), ("officer", 403), ("finance", 403), ("auditor", 403)]
)
def test_only_those_who_may_fetch_the_package_get_it(request_118, role, status):
    answer = signed_in(role).post(f"/console/requests/{NUMBER}/package")
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == b"PK and more"
        assert answer["Cache-Control"] == "no-store"
        assert list(LedgerEntry.objects.values_list("kind", "object")) == [("package.fetched", "a" * 32)]
        assert f"registerutdrag-{NUMBER}.zip" in answer["Content-Disposition"]


def test_what_the_ledger_cannot_note_is_not_handed_out(request_118):
    client = signed_in("handler")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {LedgerOutbox._meta.db_table}")
    answer = client.post(f"/console/requests/{NUMBER}/package")
    assert answer.status_code == 503 and "Registerutdraget lämnas inte ut" in answer.text


def test_a_package_that_was_changed_is_not_handed_out(request_118):
    Path(request_118.packages.get().path).write_bytes(b"PK and less")
    answer = signed_in("handler").post(f"/console/requests/{NUMBER}/package")
    assert answer.status_code == 503 and not LedgerEntry.objects.exists()


def test_a_link_alone_opens_no_package(request_118):
    assert signed_in("handler").get(f"/console/requests/{NUMBER}/package").status_code == 405


def test_a_package_that_is_gone_is_not_found(request_118):
    PackageRecord.objects.update(path="/nowhere/package.zip")
    assert signed_in("handler").post(f"/console/requests/{NUMBER}/package").status_code == 404


def test_the_page_tells_counts_reasons_and_digest(request_118):
    text = signed_in("handler").get(f"/console/requests/{NUMBER}").text
    assert "Web orders: 2 rader" in text and "En annan person har samma identitetsuppgift." in text
    assert SHA256 in text and "Någon som inte längre arbetar här" in text


def test_the_list_shows_the_open_ones_first_due_first(request_118):
    for number, state, days in (("2026-000001", "delivered", 0), ("2026-000002", "received", 1)):
        Request.objects.create(
            ref=number.rjust(32, "0"),
            number=number,
            right="access",
            channel="email",
            language="en",
            received_at=timezone.now(),
            due_on=timezone.localdate() + timedelta(days=days),
            policy_version="2026.1",
            state=state,
            key=b"",
        )
    client = signed_in("handler")
    open_ = client.get("/console/").text
    assert "2026-000001" not in open_ and open_.index("2026-000002") < open_.index(NUMBER)
    every = client.get("/console/?show=all&order=-due").text
    assert every.index(NUMBER) < every.index("2026-000002") < every.index("2026-000001")


def test_when_none_waits_the_answered_ones_are_shown(request_118):
    Request.objects.update(state="delivered")
    client = signed_in("handler")
    assert NUMBER in client.get("/console/").text
    assert "Alla har fått svar" in client.get("/console/?show=open").text


def test_what_was_searched_in_vain_is_named(request_118):
    Finding.objects.create(request=request_118, system="shop", dataset="returns", verb="give", rows=0)
    text = signed_in("handler").get(f"/console/requests/{NUMBER}").text
    assert "Genomsökt utan träff: Returns." in text


def test_what_waits_for_review_is_told_and_the_request_is_not_called_done(request_118):
    request_118.findings.update(waiting=4)
    Request.objects.update(state="delivered")
    shown = signed_in("handler").get(f"/console/requests/{NUMBER}").text
    assert "4 rader väntar på granskning" in shown
    assert "2 rader lämnas inte ut" in shown
    assert "Inget återstår" not in shown
    request_118.findings.update(waiting=0)
    assert "Inget återstår" in signed_in("officer").get(f"/console/requests/{NUMBER}").text


# --- the ledger ---


@pytest.fixture
def noted(store):
    def entry(number: int) -> None:
        note(Kind.REQUEST_DELIVERED, f"{number:032x}", {"digest": SHA256}, at=timezone.now())

    key = settings.LOFTE_KEYS().ledger
    with transaction.atomic():
        for number in range(101):
            entry(number)
    sequence(key)


@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("officer", 200), ("handler", 403)])
def test_those_who_may_read_the_ledger_and_whether_it_holds(noted, role, status):
    answer = signed_in(role).get("/console/ledger")
    assert answer.status_code == status
    assert ("101 poster, obrutna." in answer.text) == (status == 200)


def test_the_ledger_is_shown_newest_first_in_pages(noted):
    auditor = signed_in("auditor")
    first, second = auditor.get("/console/ledger").text, auditor.get("/console/ledger?page=2").text
    assert f"{100:032x}" in first and f"{0:032x}" not in first
    assert f"{0:032x}" in second and f"{1:032x}" not in second
    for odd in ("0", "-1", "99", "x", "9" * 40):
        assert auditor.get("/console/ledger", {"page": odd}).status_code == 200


def test_a_ledger_that_does_not_hold_is_told(noted):
    LedgerEntry.objects.filter(seq=7).update(kind="changed")
    assert "Bruten vid post 7" in signed_in("auditor").get("/console/ledger").text
    LedgerEntry.objects.filter(seq=101).update(kind="changed")
    assert Client().get("/health").json()["ledger"] == "failing"


def test_who_may_not_see_a_page_can_go_elsewhere_and_sign_out(store):
    for role, way in (("auditor", "/console/ledger"), ("handler", "/console/")):
        place = "/console/" if role == "auditor" else "/console/ledger"
        refused = signed_in(role).get(place)
        assert refused.status_code == 403
        assert f'href="{way}"' in refused.text and 'href="/accounts/logout/"' in refused.text


def test_an_auditor_who_signs_in_comes_to_the_ledger(store):
    client = Client()
    Handler.objects.create_user("gudrun@norrsken.example", "en lång och god mening", role="auditor")
    form = {"login": "gudrun@norrsken.example", "password": "en lång och god mening"}
    assert client.post("/accounts/login/", form)["Location"] == "/console/ledger"


@pytest.mark.parametrize(
    "place", ["email/", "confirm-email/", "confirm-email/x/", "password/reset/", "password/reset/key/1-x/",
              "password/reset/done/", "password/set/", "login/code/confirm/", "signup/"]
)  # fmt: skip
def test_no_letter_is_sent_and_nobody_changes_their_own_address(store, place):
    assert signed_in("handler").get(f"/accounts/{place}").status_code == 404
    assert f"/accounts/{place}" not in Client().get("/accounts/login/").text


def test_an_empty_list_says_what_will_stand_there(store):
    assert "Inga begäranden än" in signed_in("handler").get("/console/").text


@pytest.mark.parametrize(
    ("due", "tone", "words"),
    [
        (-40, Tone.LATE, "40 days late"),
        (-1, Tone.LATE, "1 day late"),
        (0, Tone.SOON, "Due today"),
        (1, Tone.SOON, "1 day left"),
        (7, Tone.SOON, "7 days left"),
        (8, Tone.CALM, "8 days left"),
    ],
)
def test_a_deadline_is_said_in_words_and_not_by_colour_alone(due, tone, words):
    with translation.override("en"):
        seen = seen_from(TODAY, TODAY + timedelta(days=due), done=False)
    assert (seen.tone, seen.words, seen.days) == (tone, words, due)


def test_what_is_finished_is_never_late():
    with translation.override("sv"):
        seen = seen_from(TODAY, TODAY - timedelta(days=9), done=True)
    assert (seen.tone, seen.words) == (Tone.QUIET, "Klar")


@pytest.mark.parametrize("gone", [-5, 0, 12, 30, 99])
def test_the_time_bar_stays_inside_its_box_and_escapes_its_label(gone):
    bar = time_bar(
        start=TODAY,
        due=TODAY + timedelta(days=30),
        at=TODAY + timedelta(days=gone),
        tone="calm",
        label='"><script>',
    )
    widths = [int(part.split('"')[0]) for part in bar.split(' width="')[1:]]
    assert all(0 < width <= 600 for width in widths)
    assert "<script>" not in bar and "style=" not in bar


@pytest.mark.parametrize(
    ("part", "whole", "width"), [(0, 0, "0"), (0, 9, "0"), (1, 999, "1.5"), (9, 9, "100.0")]
)
def test_a_share_is_seen_if_it_is_there_at_all(part, whole, width):
    assert f'<rect class="bar" width="{width}"' in share_bar(part, whole)
