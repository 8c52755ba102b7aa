"""A person with a protected identity: nothing goes to a contact that we have, whoever tries, and the portal
opens nothing. They are reached by a letter that the Tax Agency passes on, or in a visit."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import lofte
from lofte.datamap.document import Dataset, Kind
from lofte.datamap.identity import Identity
from lofte.datamap.protected import marked
from lofte.errors import Refused
from lofte.execution.book import recorded
from lofte.execution.models import LedgerEntry
from lofte.law.rights import Right
from lofte.mail.letters import letter
from lofte.mail.models import Outgoing
from lofte.mail.post import post
from lofte.mail.send import send_due
from lofte.mail.templates import TEMPLATES
from lofte.mail.way import Way
from lofte.requests.answer.fetch import fetch_own
from lofte.requests.answer.release import release
from lofte.requests.course.protected import HIDDEN, OnlyByLetter, seen_by_handler
from lofte.requests.course.tell import news
from lofte.requests.door.challenge import LIVES, challenged
from lofte.requests.door.code_by_hand import by_call, by_letter
from lofte.requests.door.identify import Level
from lofte.requests.door.protected import is_protected, protect
from lofte.requests.door.proved import proved
from lofte.requests.door.signed_in import cases_of, enter, may_be_chosen
from lofte.requests.door.withdraw_wish import withdraw_wish
from lofte.requests.models import Case, Challenge, Protected, Request
from lofte.requests.worker.at_once import obey
from tests.door.company import ANNA, PIA, PIAS_NUMBER
from tests.door.conftest import Door, email

BY = "b" * 32
SOURCE = Path(lofte.__file__).parent
WAY = Way(address="dataskydd@norrsken.example")


def left(door: Door) -> list[str]:
    """What goes to anybody: letters that have left or wait to, and text messages."""
    sent = Outgoing.objects.filter(given_up_at=None).exclude(template__startswith="deadline")
    return [each.template for each in sent] + [number for number, _ in door.texts]


def _wish(door: Door, case: Case) -> None:
    door.wish(case.items.all()[0].number, claim="d" * 32)
    door.answer()


def _let_go(door: Door, case: Case) -> None:
    _ready(door, case)
    release(door.house, case.items.all()[0], by=BY)


def _ready(door: Door, case: Case) -> None:
    with recorded(door.house):
        proved(door.house, case, level=Level.PROVEN, method="brev", proven=[email(ANNA)])
    door.work_on()


def _challenge(way: str) -> Callable[[Door, Case], None]:
    def send(door: Door, case: Case) -> None:
        with recorded(door.house):
            challenged(door.house, case, way=way, contact="c" * 64, claim="", lives=LIVES)

    return send


def _news(door: Door, case: Case) -> None:
    with recorded(door.house):
        assert news(door.house, list(case.items.all())) == 0


def _post(template: str) -> Callable[[Door, Case], None]:
    def send(door: Door, case: Case) -> None:
        facts = dict.fromkeys(TEMPLATES[template].places - HOUSE, "1")
        with recorded(door.house):
            written = letter(door.house, template, "sv", **facts)
            assert post(door.house, written, ANNA, about=case.items.all()[0]) is None

    return send


DATASET = {
    "name": {"sv": "Kunder"},
    "key": "id",
    "subject": [{"by": "own"}],
    "fields": {"id": {"technical": True}, "hidden": {"technical": True, "protected": True}},
}
HOUSE = {"company", "authority", "authority_url", "portal"}
WAYS: dict[str, Callable[[Door, Case], Any]] = {
    "a code is wished for": _wish,
    "a code in a call": lambda door, case: by_call(door.house, case.items.all()[0], door.work.connect, by=BY),
    "news of the case": _news,
    "an answer is let go": _let_go,
    "it is taken back": lambda door, case: withdraw_wish(door.house, case.items.all()[0]),
    **{f"a code by {way}": _challenge(way) for way in ("email", "sms", "call")},
    **{f"the letter {name}": _post(name) for name, each in TEMPLATES.items() if not each.staff},
}


@pytest.fixture
def quick(monkeypatch: Any) -> None:
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")


@pytest.fixture
def case(door: Door) -> Case:
    """Anna has shown by e-mail who she is; then it is said that she is protected."""
    door.by_text = True
    made = door.ask()
    door.answer()
    assert door.enter(door.codes()[ANNA]) is not None
    door.texts.clear()
    protect(door.house, made, BY)
    return made


@pytest.mark.parametrize("way", WAYS)
def test_nothing_goes_out_in_any_way(door, case, quick, way):
    before = left(door)
    with contextlib.suppress(OnlyByLetter):
        WAYS[way](door, case)
    assert left(door) == before == []
    assert send_due(door.house, WAY) == 0


def test_the_matrix_knows_every_place_that_posts_a_letter():
    """A new one is seen here, and gets a cell of its own. The two that write to whoever gave their address
    just then, outside any case, have none: they know nobody, and so no protected identity either."""
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"[^.\w]post\(\s*house,", path.read_text(encoding="utf-8"))
    }
    assert found - {"mail/post.py"} == {
        "requests/answer/release.py", "requests/course/tell.py", "requests/course/warn.py",
        "requests/door/at_the_door.py", "requests/door/challenge.py", "requests/door/withdraw_wish.py",
        "site/witness.py", "consent/newsletter.py", "notices/subscribe.py",
    }  # fmt: skip


def test_what_had_not_left_is_destroyed_and_codes_are_ended(door):
    door.by_text = True
    case = door.ask()
    door.answer()
    code = door.codes()[ANNA]
    assert left(door)
    protect(door.house, case, BY)
    door.texts.clear()
    assert left(door) == [] and not Outgoing.objects.exclude(sealed=b"").exists()
    assert door.enter(code) is None and not Challenge.objects.filter(until__gt=door.house.now).exists()


def test_a_letter_that_slipped_through_is_stopped_before_it_leaves(door):
    case = door.ask()
    Protected.objects.create(case=case, by=BY, at=door.house.now)
    assert send_due(door.house, WAY) == 0
    assert Outgoing.objects.get().given_up_at is not None


def test_what_a_handler_says_holds_for_every_case_of_the_person(door, quick):
    before, said = door.ask(claim="a" * 32), door.ask(claim="b" * 32)
    protect(door.house, said, BY)
    after = door.ask(claim="d" * 32)
    door.answer()
    assert is_protected(before) and is_protected(after)
    assert send_due(door.house, WAY) == 0 and not left(door)
    protect(door.house, after, BY, on=False)
    assert not any(is_protected(each) for each in (before, said, after))


def test_what_somebody_says_of_themselves_closes_no_case_of_another(door):
    case = door.ask(claim="a" * 32)
    other = door.ask(claim="b" * 32, protected=True)
    assert is_protected(other) and not is_protected(case)


def test_the_person_says_so_in_the_form_and_gets_neither_letter_nor_code(door, client):
    form = {"rights": ["access"], "email": ANNA, "protected": "1"}
    page = client.post("/ask", form, follow=True)
    number = Request.objects.get().number
    assert (
        number in page.text
        and "varken mejl eller sms" in page.text
        and "Jag har fått en kod" not in page.text
    )
    door.answer()
    assert left(door) == [] and is_protected(Case.objects.get())


def test_who_has_a_protected_identity_need_not_give_an_address(door, client):
    form = {"rights": ["access"], "protected": "on"}
    assert "Skriv din e-postadress" in client.post("/ask", form).text
    answer = client.post("/ask", {**form, "customer_no": PIAS_NUMBER}, follow=True)
    assert Request.objects.count() == 1 and "Skriv din e-postadress" not in answer.text
    assert left(door) == []
    assert (
        "Skriv din e-postadress"
        in client.post("/ask", {**form, "protected": "", "customer_no": PIAS_NUMBER}).text
    )


def test_whoever_is_in_is_let_out(door):
    browser = Client()
    browser.post("/ask", {"rights": ["access"], "email": ANNA})
    door.answer()
    browser.post("/mine/code", {"code": door.codes()[ANNA]})
    number = Request.objects.get().number
    assert number in browser.get("/mine").text
    protect(door.house, Case.objects.get(), BY)
    for path in ("/mine", "/mine/choices", f"/mine/{number}/fetch", f"/mine/{number}/take-back"):
        assert number not in browser.get(path, follow=True).text


def test_a_code_by_letter_proves_who_it_is_and_opens_nothing(door, client):
    client.post("/ask", {"rights": ["access"], "email": PIA, "customer_no": PIAS_NUMBER, "protected": "1"})
    request = Request.objects.get()
    words = by_letter(door.house, request, door.work.connect, by=BY).body
    found = re.search(r"\d{4} \d{4} \d\d", words)
    assert found
    client.post("/mine", {"number": request.number, "email": PIA})
    door.answer()
    page = client.post("/mine/code", {"code": found[0]})
    assert "Vi vet att det är du" in page.text and request.number not in page.text
    assert request.number not in client.get("/mine").text
    request.refresh_from_db()
    assert request.state == "identified"


def test_a_mark_in_a_system_is_heeded_before_a_code_is_sent(door):
    case = door.ask(address=PIA)
    Outgoing.objects.all().delete()
    door.by_text = True
    door.answer()
    assert is_protected(case) and left(door) == []
    assert LedgerEntry.objects.filter(kind="protection.begun").count() == 1


def test_a_mark_that_a_search_finds_keeps_the_answer_out_of_the_portal(door, quick):
    case = door.ask(address=PIA)
    with recorded(door.house):
        proved(door.house, case, level=Level.PROVEN, method="besök", proven=[email(PIA)])
    door.work_on()
    request = case.items.get()
    assert request.state == "ready" and is_protected(case)
    with pytest.raises(OnlyByLetter):
        release(door.house, request, by=BY)


def test_an_answer_that_was_let_go_before_is_not_given_in_the_portal(door, quick):
    case = door.ask()
    _let_go(door, case)
    protect(door.house, case, "")
    with pytest.raises(OnlyByLetter):
        fetch_own(door.house, case.items.get(), level=Level.PROVEN)


def test_no_list_of_cases_names_it(door, case):
    assert cases_of(door.house, [email(ANNA)]) == (case,) and not may_be_chosen(case)


def test_a_handler_reads_no_contact(door, case):
    request = case.items.get()
    assert seen_by_handler(request, email(ANNA)) == HIDDEN
    protect(door.house, case, BY, on=False)
    assert seen_by_handler(request, email(ANNA)) == ANNA


def test_only_a_handler_takes_it_back_and_each_word_stays(door, case):
    with pytest.raises(Refused):
        protect(door.house, case, "", on=False)
    assert protect(door.house, case, BY, on=False) and not protect(door.house, case, BY, on=False)
    assert [each.on for each in case.protections.all()] == [True, False]
    kinds = LedgerEntry.objects.filter(kind__startswith="protection").values_list("kind", flat=True)
    assert list(kinds) == ["protection.begun", "protection.ended"]


def test_a_no_is_obeyed_all_the_same(door):
    case = door.ask(rights=[Right.OBJECTION], protected=True)
    assert obey(door.house, door.work.connect) == 1
    assert case.items.get().state == "delivered" and left(door) == []


def test_an_e_id_opens_no_case_of_whom_a_system_marks(door, workspace):
    number = Identity(kind=Kind.PERSONNUMMER, value="199001012385")
    with sqlite3.connect(workspace / "crm.sqlite3") as crm:
        crm.execute("UPDATE customers SET hidden = '1' WHERE id = 1")
    for case in (door.ask(number), door.ask(number, address=ANNA, claim="d" * 32)):
        entered = enter(door.house, case, [number], door.work.connect)
        assert (entered.theirs, entered.opens) == (True, False) and is_protected(case)
        assert case.items.get().state == "identified"


@pytest.mark.parametrize("said", ["ja", "1", 1, True, "S", b"\x01", "okänt"])
def test_anything_but_empty_zero_or_no_is_a_mark(said):
    dataset = Dataset.model_validate(DATASET)
    assert marked(dataset, {"hidden": said})
    for nothing in (None, "", " ", 0, "0", False, "nej", "NO", b"", b"\x00"):
        assert not marked(dataset, {"hidden": nothing})
