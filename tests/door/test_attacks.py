"""Somebody tries to be Anna. Whatever they do, nothing is let out below its level, and no code leaves for
anywhere but where she was known before."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone

from lofte.accounts.models import Handler
from lofte.datamap.document import Kind
from lofte.errors import NotIdentified
from lofte.execution.models import LedgerEntry
from lofte.law.rights import Right
from lofte.mail.models import Outgoing
from lofte.requests.answer import own_data, self_correct
from lofte.requests.course.receive import identities_of
from lofte.requests.course.take import take
from lofte.requests.door.challenge import MOST_IN_ALL, TRIES
from lofte.requests.door.identify import Level
from lofte.requests.door.protected import is_protected, protect
from lofte.requests.models import Case, Challenge, Identification, PackageRecord, Passed, Request
from tests.door.company import (
    ANNA,
    ANNAS_NUMBER,
    ANNAS_PHONE,
    ANNAS_PNR,
    EVA,
    EVAS_NUMBER,
    LISTED,
    MENTIONED,
    NEW,
    SHARED,
    UNKNOWN,
)  # fmt: skip
from tests.door.conftest import Door, email, identity

THIEF = "tjuv@annan.example"
PLACES = {ANNA, ANNAS_PHONE, EVA, LISTED, "+46701740606"}
"""Where the company knew anybody at all."""


@dataclass
class Scene:
    """Anna has asked, in her own browser; a thief has another."""

    door: Door
    clock: Any
    anna: Client = field(default_factory=lambda: Client(REMOTE_ADDR="10.1.0.1"))
    thief: Client = field(default_factory=lambda: Client(REMOTE_ADDR="10.2.0.1"))

    def __post_init__(self) -> None:
        self.ask(self.anna, ANNA, rights=["access", "rectification"])
        self.door.answer()
        self.code = self.door.codes()[ANNA]
        self.case = Case.objects.get()
        self.numbers = list(self.case.items.values_list("number", flat=True))

    def ask(self, client: Client, address: str, rights: Any = ("access",), **more: str) -> Any:
        return client.post("/ask", {"rights": list(rights), "email": address, **more})

    def knock(self, client: Client, number: str = "", address: str = ANNA) -> Any:
        answer = client.post("/mine", {"number": number or self.numbers[0], "email": address})
        self.door.answer()
        return answer

    def enter(self, client: Client, code: str) -> bool:
        before = Passed.objects.count()
        client.post("/mine/code", {"code": code})
        return Passed.objects.count() > before

    def asked_by_thief(self, address: str = THIEF, **more: str) -> None:
        self.ask(self.thief, address, **more)
        self.door.answer()
        for code in self.door.codes().values():  # those that they could come by
            self.enter(self.thief, "0000 0000")
            assert code


ATTACKS: dict[str, Callable[[Scene], None]] = {}


def attack(do: Callable[[Scene], None]) -> Callable[[Scene], None]:
    ATTACKS[do.__name__] = do
    return do


# -- other senders, other numbers -------------------------------------------------------------------


@attack
def an_address_of_their_own_with_her_customer_number(s: Scene) -> None:
    s.asked_by_thief(customer_no=ANNAS_NUMBER)


@attack
def an_address_of_their_own_with_her_personnummer(s: Scene) -> None:
    s.asked_by_thief(personnummer=ANNAS_PNR)


@attack
def an_address_of_their_own_with_her_telephone(s: Scene) -> None:
    s.asked_by_thief(phone=ANNAS_PHONE)


@attack
def all_that_is_hers_and_one_address_of_theirs(s: Scene) -> None:
    s.asked_by_thief(customer_no=ANNAS_NUMBER, personnummer=ANNAS_PNR, phone=ANNAS_PHONE)


@attack
def her_address_and_a_number_of_their_own(s: Scene) -> None:
    s.asked_by_thief(ANNA, customer_no=EVAS_NUMBER)
    assert {said["to"] for said in s.door.letters("code")} == {ANNA}


@attack
def an_address_on_a_list_with_her_number(s: Scene) -> None:
    s.asked_by_thief(LISTED, customer_no=ANNAS_NUMBER)
    assert s.enter(s.thief, s.door.codes()[LISTED])  # an address of theirs proves that address
    case = Case.objects.latest("id")
    held = {each.value for item in case.items.all() for each in identities_of(s.door.house, item)}
    assert held == {LISTED}


@attack
def an_address_that_was_changed_last_week(s: Scene) -> None:
    s.asked_by_thief(NEW)
    assert NEW not in s.door.codes()


@attack
def an_address_whose_change_nobody_can_read(s: Scene) -> None:
    with sqlite3.connect(settings.LOFTE_WORKSPACE / "crm.sqlite3") as crm:
        crm.execute("UPDATE customers SET email = ?, email_changed = 'i går' WHERE id = 2", [THIEF])
    crm.close()
    s.asked_by_thief()
    assert THIEF not in s.door.codes()


@attack
def an_address_put_on_her_account_today(s: Scene) -> None:
    with sqlite3.connect(settings.LOFTE_WORKSPACE / "crm.sqlite3") as crm:
        crm.execute("UPDATE customers SET email = ?, email_changed = '2026-03-05' WHERE id = 1", [THIEF])
    crm.close()
    s.asked_by_thief(customer_no=ANNAS_NUMBER)
    assert THIEF not in s.door.codes()


@attack
def an_address_that_two_customers_have(s: Scene) -> None:
    s.asked_by_thief(SHARED)
    assert SHARED not in s.door.codes()


@attack
def an_address_that_is_kept_for_another_company(s: Scene) -> None:
    s.asked_by_thief(MENTIONED)
    assert MENTIONED not in s.door.codes()


@attack
def an_address_that_only_looks_like_hers(s: Scene) -> None:
    s.asked_by_thief("аnna@kund.example")  # the first letter is Cyrillic


@attack
def two_addresses_in_one_field(s: Scene) -> None:
    assert s.ask(s.thief, f"{ANNA},{THIEF}").status_code == 200


@attack
def a_name_before_the_address(s: Scene) -> None:
    assert s.ask(s.thief, f"Anna <{THIEF}>").status_code == 200


@attack
def a_header_in_the_address(s: Scene) -> None:
    assert s.ask(s.thief, f"{ANNA}\r\nBcc: {THIEF}").status_code == 200


@attack
def a_header_in_every_other_field(s: Scene) -> None:
    evil = f"x\r\nBcc: {THIEF}\r\n\r\n"
    s.ask(s.thief, ANNA, words=evil, customer_no=evil, phone=evil, agent=evil, authority=evil)
    s.knock(s.thief, number=f"{s.numbers[0]}\r\nBcc: {THIEF}")


@attack
def in_her_name_with_words_that_ask_for_it_elsewhere(s: Scene) -> None:
    s.asked_by_thief(ANNA, words=f"Skicka svaret till {THIEF}, jag har bytt adress.")


@attack
def on_her_behalf(s: Scene) -> None:
    s.asked_by_thief(ANNA, agent=f"Hennes bror, {THIEF}", authority="Fullmakt")


@attack
def one_who_works_here_has_typed_their_address_into_her_case(s: Scene) -> None:
    shown = [identity(Kind.CUSTOMER_NO, ANNAS_NUMBER), email(THIEF)]
    case = take(s.door.house, rights=[Right.ERASURE], identities=shown, channel="phone", by="b" * 32)
    s.knock(s.thief, number=case.items.get().number, address=THIEF)
    assert THIEF not in s.door.codes()
    assert not s.enter(s.thief, "0000 0000")


# -- codes ------------------------------------------------------------------------------------------


@attack
def every_code_until_one_fits(s: Scene) -> None:
    s.knock(s.thief)
    right = s.door.codes()[ANNA]
    for guess in range(TRIES):
        assert not s.enter(s.thief, f"{guess:08}")
    assert not s.enter(s.thief, right)  # by then even the right one is dead


@attack
def guesses_from_many_browsers(s: Scene) -> None:
    for number in range(6):
        other = Client(REMOTE_ADDR=f"10.3.{number}.1")
        s.knock(other)
        assert not s.enter(other, f"{number:08}")
    assert Challenge.objects.filter(case=s.case).count() <= MOST_IN_ALL


@attack
def the_code_that_she_read_to_them_over_the_telephone(s: Scene) -> None:
    s.ask(s.thief, UNKNOWN)
    assert not s.enter(s.thief, s.code)  # it passes in her browser alone


@attack
def her_code_in_their_session_for_her_case(s: Scene) -> None:
    code = s.code
    s.knock(s.thief)
    assert not s.enter(s.thief, code)


@attack
def a_code_whose_time_is_out(s: Scene) -> None:
    s.clock.go(minutes=10, seconds=1)
    assert not s.enter(s.anna, s.code)


@attack
def a_code_that_a_later_one_has_ended(s: Scene) -> None:
    s.knock(s.anna)
    assert not s.enter(s.anna, s.code)


@attack
def a_code_a_second_time(s: Scene) -> None:
    assert s.enter(s.anna, s.code)
    assert not s.enter(s.anna, s.code) and not s.enter(s.thief, s.code)
    Request.objects.filter(case=s.case).update(state="received")


@attack
def the_code_of_one_case_in_another(s: Scene) -> None:
    s.ask(s.thief, EVA)
    s.door.answer()
    evas = s.door.codes()[EVA]
    assert not s.enter(s.anna, evas)


@attack
def no_code_at_all(s: Scene) -> None:
    s.knock(s.thief)
    for code in ("", " ", "0", "' OR 1=1 --", "\x00", "٠" * 8, "9" * 40, "9" * 400, "-1", "1e9"):
        assert not s.enter(s.thief, code)


@attack
def a_code_in_the_address_line(s: Scene) -> None:
    digits = s.code.replace(" ", "")
    s.anna.get(f"/mine/code?code={digits}")
    s.anna.head(f"/mine/code?code={digits}")
    s.thief.get(f"/mine?code={digits}&case={s.case.ref}&level=3")


@attack
def a_mail_scanner_that_opens_all_it_finds(s: Scene) -> None:
    for path in ("/ask", "/ask/received", "/mine", "/mine/code", "/mine/leave") * 10:
        s.thief.get(path)
        s.thief.head(path)
        s.anna.head(path)
    assert Challenge.objects.get().tries == 0
    assert s.enter(s.anna, s.code)
    Request.objects.filter(case=s.case).update(state="received")


@attack
def two_codes_to_one_contact(s: Scene) -> None:
    assert s.enter(s.anna, s.code)
    s.knock(s.anna)
    assert s.enter(s.anna, s.door.codes()[ANNA])
    assert s.anna.session["visitor"]["level"] == Level.CONTACT
    assert Request.objects.get(case=s.case, right="access").state == "received"
    Request.objects.filter(case=s.case).update(state="received")


@attack
def two_entries_of_one_code_at_once(s: Scene) -> None:
    results: list[bool] = []
    cookies = s.anna.cookies

    def enter() -> None:
        client = Client(REMOTE_ADDR="10.1.0.1")
        client.cookies = cookies
        results.append(client.post("/mine/code", {"code": s.code}).status_code == 302)
        connections.close_all()

    threads = [threading.Thread(target=enter) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, True] and Passed.objects.count() == 1
    Request.objects.filter(case=s.case).update(state="received")


# -- sessions, cookies, forms -----------------------------------------------------------------------


@attack
def the_session_that_they_planted_before_she_entered_the_code(s: Scene) -> None:
    s.thief.cookies = s.anna.cookies.copy()
    assert s.enter(s.anna, s.code)
    assert s.anna.cookies[settings.SESSION_COOKIE_NAME].value != (
        s.thief.cookies[settings.SESSION_COOKIE_NAME].value
    )
    Request.objects.filter(case=s.case).update(state="received")


@attack
def the_session_that_they_planted_before_she_asked(s: Scene) -> None:
    s.ask(s.thief, UNKNOWN)
    planted = s.thief.cookies.copy()
    victim = Client(REMOTE_ADDR="10.4.0.1")
    victim.cookies = planted.copy()
    s.ask(victim, ANNA, rights=["erasure"])
    s.thief.cookies = planted
    assert s.thief.get("/ask/received").status_code == 302


@attack
def the_session_of_another_case(s: Scene) -> None:
    s.ask(s.thief, EVA, rights=["rectification"])
    s.door.answer()
    assert s.enter(s.thief, s.door.codes()[EVA])
    for number in s.numbers:
        for path in (f"/mine/{number}/take-back",):
            assert s.thief.get(path).status_code == 404
            assert s.thief.post(path).status_code == 404


@attack
def a_form_on_another_site(s: Scene) -> None:
    assert s.enter(s.anna, s.code)
    Request.objects.filter(case=s.case).update(state="received")
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = s.anna.cookies
    posts = ["/ask", "/mine", "/mine/code", "/mine/leave", f"/mine/{s.numbers[0]}/take-back"]
    assert [browser.post(path, {"code": "1"}).status_code for path in posts] == [403] * len(posts)


@attack
def fields_that_the_form_does_not_have(s: Scene) -> None:
    more = {"level": "3", "claim": "c" * 32, "case": s.case.ref, "visitor": "1", "by": "b" * 32}
    s.ask(s.thief, UNKNOWN, **more)
    s.thief.post("/mine/code", {"code": s.code, **more})


@attack
def a_right_that_there_is_not(s: Scene) -> None:
    assert s.ask(s.thief, ANNA, rights=["access", "admin"]).status_code == 200


@attack
def a_session_id_that_is_made_up(s: Scene) -> None:
    s.thief.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    s.thief.post("/mine/code", {"code": s.code})


@attack
def her_browser_left_open(s: Scene) -> None:
    assert s.enter(s.anna, s.code)
    session = s.anna.session
    session["visitor"] = session["visitor"] | {"seen": (timezone.now() - timedelta(minutes=16)).timestamp()}
    session.save()
    s.thief.cookies = s.anna.cookies
    Request.objects.filter(case=s.case).update(state="received")


@attack
def her_browser_kept_awake_for_more_than_an_hour(s: Scene) -> None:
    assert s.enter(s.anna, s.code)
    session = s.anna.session
    session["visitor"] = session["visitor"] | {"since": (timezone.now() - timedelta(minutes=61)).timestamp()}
    session.save()
    s.thief.cookies = s.anna.cookies
    Request.objects.filter(case=s.case).update(state="received")


@attack
def her_browser_after_she_has_left(s: Scene) -> None:
    assert s.enter(s.anna, s.code)
    s.thief.cookies = s.anna.cookies.copy()
    s.anna.post("/mine/leave")
    Request.objects.filter(case=s.case).update(state="received")


@attack
def one_who_works_here_in_her_session(s: Scene) -> None:
    assert s.enter(s.anna, s.code)
    Request.objects.filter(case=s.case).update(state="received")
    s.thief.cookies = s.anna.cookies
    s.thief.force_login(Handler.objects.create_user("h@norrsken.example", "x" * 20, role="handler"))


@attack
def a_visitor_in_the_console(s: Scene) -> None:
    assert s.enter(s.anna, s.code)
    Request.objects.filter(case=s.case).update(state="received")
    for path in ("/console/", f"/console/requests/{s.numbers[0]}", "/console/ledger"):
        assert s.anna.get(path).status_code in (302, 403)


@attack
def one_who_works_here_proves_to_be_somebody(s: Scene) -> None:
    handler = Handler.objects.create_user("h@norrsken.example", "x" * 20, role="handler")
    s.anna.force_login(handler)
    s.ask(s.anna, ANNA, rights=["rectification"])
    s.door.answer()
    assert s.enter(s.anna, s.door.codes()[ANNA])
    assert s.anna.get("/console/").status_code == 302  # signed out: the two never share a session
    Request.objects.update(state="received")


# -- numbers, floods, hosts -------------------------------------------------------------------------


@attack
def numbers_one_after_the_other(s: Scene) -> None:
    before = len(s.door.letters("code"))
    for number in range(1, 6):
        s.knock(s.thief, number=f"2026-{number:06}", address=THIEF)
    assert len(s.door.letters("code")) == before


@attack
def so_many_wishes_that_her_box_is_full(s: Scene) -> None:
    for number in range(12):
        s.knock(Client(REMOTE_ADDR=f"10.5.{number}.1"))
    assert len(s.door.letters("code")) <= MOST_IN_ALL
    for number in range(12):
        s.ask(Client(REMOTE_ADDR=f"10.6.{number}.1"), ANNA)
    assert len(s.door.letters("received")) <= 3


@attack
def a_host_of_their_own_in_the_letter(s: Scene) -> None:
    answer = s.thief.post("/ask", {"rights": ["access"], "email": ANNA}, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert not any("evil" in said["body"] for said in s.door.letters())


@attack
def words_without_end(s: Scene) -> None:
    assert s.ask(s.thief, ANNA, words="x" * 5_000).status_code == 200


@attack
def a_case_that_is_taken_back_and_proven_again(s: Scene) -> None:
    assert s.enter(s.anna, s.code)
    for number in s.numbers:
        s.anna.post(f"/mine/{number}/take-back")
    s.knock(s.anna)
    s.enter(s.anna, s.door.codes()[ANNA])
    assert set(s.case.items.values_list("state", flat=True)) == {"withdrawn"}
    Request.objects.filter(case=s.case).update(state="received")


@attack
def her_telephone_beside_their_own_address(s: Scene) -> None:
    s.ask(s.thief, EVA, rights=["rectification"], phone=ANNAS_PHONE)
    s.door.answer()
    assert s.enter(s.thief, s.door.codes()[EVA])
    mine = Request.objects.exclude(case=s.case).get()
    assert identity(Kind.PHONE, ANNAS_PHONE) not in identities_of(s.door.house, mine)


@attack
def a_letter_that_is_a_template(s: Scene) -> None:
    s.ask(s.thief, UNKNOWN, words="{code} {portal} {{ 7*7 }} %(code)s", agent="{company}", authority="{x}")
    assert not any("49" in said["subject"] for said in s.door.letters())


# -- one's own data, receipts, a protected identity --------------------------------------------------


def _look(s: Scene, client: Client) -> str:
    """All that the page of one's own data gives to whoever tries each of its acts."""
    seen = [client.get("/mine/data", follow=True).text]
    for act in ("order", "open", "correct", "look", ""):
        more = {"act": act, "line": "0-0", "now": "Annelie"}
        seen.append(client.post("/mine/data", more, follow=True).text)
        own_data.look_up(s.door.house, s.door.work.connect)
    return "".join(seen)


@attack
def her_data_without_any_proof(s: Scene) -> None:
    s.ask(s.thief, ANNA)
    assert "Annika" not in _look(s, s.thief) and ANNAS_PNR not in _look(s, s.thief)


@attack
def her_data_beside_a_proof_of_their_own(s: Scene) -> None:
    s.ask(s.thief, EVA, rights=["rectification"], customer_no=ANNAS_NUMBER, personnummer=ANNAS_PNR)
    s.door.answer()
    assert s.enter(s.thief, s.door.codes()[EVA])
    assert "Annika" not in _look(s, s.thief)
    assert not LedgerEntry.objects.filter(kind__startswith="own_data").exists()


@attack
def her_data_by_two_proofs_of_their_own(s: Scene) -> None:
    s.door.by_text = True
    s.ask(s.thief, EVA, rights=["rectification"], customer_no=ANNAS_NUMBER)
    s.door.answer()
    for contact in (EVA, "+46701740606"):
        assert s.enter(s.thief, s.door.codes()[contact])
    assert "Annika" not in _look(s, s.thief)
    assert LedgerEntry.objects.filter(kind="own_data.sought").exists()  # it was looked for, as Eva's


@attack
def a_correction_of_what_is_hers(s: Scene) -> None:
    s.ask(s.thief, EVA, rights=["rectification"])
    s.door.answer()
    s.enter(s.thief, s.door.codes()[EVA])
    case = Case.objects.latest("id")
    what: Any = {"category": "contact", "item": "nickname", "sv": "", "en": "", "values": ["Annika"]}
    with pytest.raises(NotIdentified):
        self_correct.correct(s.door.house, case, what, "Annika", "Annelie", level=Level.CONTACT)
    self_correct.correct(s.door.house, case, what, "Annika", "Annelie", level=Level.PROVEN)
    self_correct.carry_out(s.door.house, s.door.work.connect)
    with sqlite3.connect(settings.LOFTE_WORKSPACE / "crm.sqlite3") as crm:
        assert crm.execute("SELECT nickname FROM customers WHERE id = 1").fetchone() == ("Annika",)


@attack
def her_receipts_by_number(s: Scene) -> None:
    s.ask(s.thief, EVA, rights=["rectification"])
    s.door.answer()
    s.enter(s.thief, s.door.codes()[EVA])
    for entry in range(1, LedgerEntry.objects.count() + 3):
        answer = s.thief.get(f"/mine/receipts/{entry}")
        assert answer.status_code == 404 or not any(each in answer.text for each in s.numbers)


@attack
def a_protected_identity_said_in_her_name(s: Scene) -> None:
    """Whoever says so of somebody else shuts their own case, and not hers."""
    s.ask(s.thief, ANNA, protected="1")
    s.knock(s.thief, Request.objects.latest("id").number)
    assert not is_protected(s.case)
    assert s.enter(s.anna, s.code) and s.numbers[0] in s.anna.get("/mine").text
    Request.objects.filter(case=s.case).update(state="received")


@attack
def a_case_that_is_protected(s: Scene) -> None:
    """With her code in hand, which was sent before it was noted."""
    protect(s.door.house, s.case, "b" * 32)
    assert not s.enter(s.anna, s.code)
    s.knock(s.thief)
    s.enter(s.thief, s.code)
    assert "Annika" not in _look(s, s.thief)


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_is_let_out(door, clock, name):
    scene = Scene(door=door, clock=clock)
    ATTACKS[name](scene)
    page = scene.thief.get("/mine")
    assert not any(number in page.content.decode() for number in scene.numbers)
    assert {state for (state,) in scene.case.items.values_list("state")} == {"received"}
    assert not PackageRecord.objects.exists()
    reached = {said["to"] for said in door.letters("code")} | {number for number, _ in door.texts}
    assert reached <= PLACES
    for each in Identification.objects.all():
        assert each.level >= Level.CONTACT
    assert all(THIEF not in said["body"] + said["subject"] for said in door.letters())
    assert {said["to"] for said in door.letters()} <= PLACES | {
        THIEF, NEW, SHARED, MENTIONED, UNKNOWN, "аnna@kund.example", "аnna@kund.example".lower(),
    }  # fmt: skip


def test_there_are_forty_of_them():
    assert len(ATTACKS) >= 40


def test_without_an_attack_the_person_is_let_in(door, clock):
    scene = Scene(door=door, clock=clock)
    assert scene.enter(scene.anna, scene.code)
    page = scene.anna.get("/mine").content.decode()
    assert all(number in page for number in scene.numbers)
    assert Request.objects.get(right="rectification").state == "identified"


def test_nothing_of_it_stands_in_ledger_or_queue(door, clock, caplog):
    with caplog.at_level("DEBUG"):
        scene = Scene(door=door, clock=clock)
        scene.enter(scene.anna, scene.code)
    digits = scene.code.replace(" ", "")
    for word in (ANNA, digits, scene.code):
        assert word not in caplog.text
        assert not any(word in str(vars(each)) for each in Outgoing.objects.all())
    assert LedgerEntry.objects.filter(kind="code.passed").count() == 1
