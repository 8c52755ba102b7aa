"""A person sees what we have about them on a page, corrects there what does no harm, and has receipts."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

import pytest
import yaml
from django.test import Client

from lofte.errors import Conflict, LedgerClosed, NotIdentified, Refused
from lofte.execution import package_keys
from lofte.execution.book import recorded
from lofte.execution.models import LedgerEntry, LedgerRecord, Step
from lofte.ledger.entry import commit
from lofte.requests.answer import own_data, self_correct
from lofte.requests.answer.own_data import LOOK_UP, Standing
from lofte.requests.answer.self_correct import Wrong, judge
from lofte.requests.course.lock import alone, shown
from lofte.requests.door.code_by_hand import by_letter
from lofte.requests.door.identify import Level
from lofte.requests.door.protected import protect
from lofte.requests.door.proved import proved
from lofte.requests.models import Case, CorrectedRows, Request
from lofte.requests.worker import by_hand
from tests.door.company import ANNA, ANNAS_PHONE, ANNAS_PNR, EVA, SHARED
from tests.door.conftest import Door, email

BY = "b" * 32
NUMBER = ANNAS_PNR.replace("-", "")
WHAT: Any = {"category": "contact", "item": "nickname", "sv": "Nick", "en": "Nick", "values": ["Annika"]}


def inside(door: Door, level: Level, address: str = ANNA) -> Client:
    """A browser whose person has proven this much."""
    client = Client(headers={"accept-language": "sv"})
    client.post("/ask", {"rights": ["rectification"], "email": address})
    door.by_text = level is Level.TWO_WAYS
    door.answer()
    if level is Level.PROVEN:
        words = by_letter(door.house, Request.objects.latest("id"), door.work.connect, by=BY).body
        codes = re.findall(r"\d{4} \d{4} \d\d", words)
    else:
        codes = [door.codes()[each] for each in (address, ANNAS_PHONE)[: int(level)]]
    for code in codes:
        client.post("/mine/code", {"code": code})
    door.texts.clear()
    return client


def looked_up(door: Door, client: Client) -> None:
    client.post("/mine/data", {"act": "order"})
    assert own_data.look_up(door.house, door.work.connect) == 1


def opened(door: Door, client: Client) -> Any:
    looked_up(door, client)
    return client.post("/mine/data", {"act": "open"})


def kinds() -> list[str]:
    return list(LedgerEntry.objects.order_by("seq").values_list("kind", flat=True))


def test_it_is_looked_up_by_the_worker_and_shown_when_it_is_opened(door):
    client = inside(door, Level.PROVEN)
    assert "Slå upp det" in client.get("/mine/data").text
    client.post("/mine/data", {"act": "order"})
    assert "Vi letar" in client.get("/mine/data").text
    own_data.look_up(door.house, door.work.connect)
    page = client.get("/mine/data").text
    assert "Visa det" in page and "Annika" not in page and "own_data.shown" not in kinds()
    page = client.post("/mine/data", {"act": "open"}).text
    assert (
        "Annika" in page
        and NUMBER[2:8] in page
        and "Leverera tjänsten" in page
        and "Kontaktuppgifter" in page
    )
    assert EVA not in page and "Evis" not in page


def test_that_it_is_sought_is_noted_before_and_each_look_once(door):
    client = inside(door, Level.PROVEN)
    opened(door, client)
    client.post("/mine/data", {"act": "open"})
    noted = kinds()
    assert noted.count("own_data.sought") == 1 and noted.count("own_data.shown") == 2
    assert noted.index("own_data.sought") < noted.index("step.done") < noted.index("own_data.shown")


def test_its_key_goes_when_its_time_is_over_though_no_workspace_can_be_read(door):
    client = inside(door, Level.PROVEN)
    looked_up(door, client)
    assert own_data.destroy_due(door.house.folder, door.house.now) == 0
    assert own_data.destroy_due(door.house.folder, door.house.now + own_data.LIVES) == 1
    assert own_data.destroy_due(door.house.folder, door.house.now + own_data.LIVES) == 0
    assert "Slå upp det" in client.get("/mine/data").text


def test_a_closed_ledger_shows_nothing(door, monkeypatch):
    client = inside(door, Level.PROVEN)
    looked_up(door, client)

    def closed(*_: object) -> None:
        raise LedgerClosed("full")

    monkeypatch.setattr(own_data, "_note", closed)
    answer = client.post("/mine/data", {"act": "open"})
    assert answer.status_code == 503 and "Annika" not in answer.text


@pytest.mark.parametrize("level", [Level.CONTACT, Level.TWO_WAYS, Level.PROVEN])
def test_nothing_is_shown_below_its_level(door, level):
    client = inside(door, level)
    client.post("/mine/data", {"act": "order"})
    own_data.look_up(door.house, door.work.connect)
    text = client.get("/mine/data").text + client.post("/mine/data", {"act": "open"}).text
    assert ("Annika" in text) is (level >= Level.TWO_WAYS)  # as the newsletter calls her
    assert (NUMBER[2:8] in text) is (level is Level.PROVEN)
    assert ("Det finns mer" in text) is (level is Level.TWO_WAYS)
    assert Step.objects.filter(kind=LOOK_UP).exists() is (level >= Level.TWO_WAYS)


@pytest.mark.parametrize("level", [Level.TWO_WAYS, Level.PROVEN])
def test_what_is_delicate_is_offered_for_correction_to_the_surest_proof_alone(workspace, level, request):
    path = workspace / "policy.yaml"
    policy = yaml.safe_load(path.read_text(encoding="utf-8"))
    policy["categories"]["contact"]["items"] = [{"id": "nickname", "dpv": "pd:Salary"}]
    path.write_text(yaml.safe_dump(policy, allow_unicode=True), encoding="utf-8")
    door = request.getfixturevalue("door")
    client = inside(door, level)
    sure = level is Level.PROVEN
    assert ("Annika" in opened(door, client).text) is sure
    correct(client, "Annelie")
    assert Request.objects.count() == 1 + sure


def test_nobody_who_is_not_in_orders_opens_or_corrects(door):
    door.ask()
    stranger = Client()
    for act in ("order", "open", "correct"):
        assert stranger.post("/mine/data", {"act": act})["Location"] == "/mine"
    case = Case.objects.get()
    for level in (Level.NOTHING, Level.CONTACT):
        for ask in (own_data.order, own_data.look):
            with pytest.raises(NotIdentified):
                ask(door.house, case, level=level)
    with pytest.raises(Refused):
        own_data.order(door.house, case, level=Level.PROVEN)  # nothing is proven to be theirs


def test_it_is_destroyed_after_an_hour(door, clock):
    client = inside(door, Level.PROVEN)
    looked_up(door, client)
    (sealed,) = (door.house.folder / "packages").glob("*.sealed")
    assert b"Annika" not in sealed.read_bytes()
    clock.go(minutes=61)
    assert own_data.standing(door.house, Case.objects.get()) is Standing.NOTHING
    with pytest.raises(Conflict):
        own_data.look(door.house, Case.objects.get(), level=Level.PROVEN)
    assert own_data.due(door.house.now) and own_data.look_up(door.house, door.work.connect) == 0
    assert not sealed.exists() and not list(package_keys.ids(door.house.folder))
    assert not Step.objects.filter(kind=LOOK_UP).exists()


def test_who_cannot_be_told_from_another_sees_nothing(door):
    case = door.ask(address=SHARED)
    with recorded(door.house):
        proved(door.house, case, level=Level.PROVEN, method="besök", proven=[email(SHARED)])
    own_data.order(door.house, case, level=Level.PROVEN)
    assert own_data.look_up(door.house, door.work.connect) == 0
    assert own_data.standing(door.house, case) is Standing.NOT_HERE


def test_it_is_not_shown_of_a_protected_person(door):
    client = inside(door, Level.PROVEN)
    looked_up(door, client)
    protect(door.house, Case.objects.get(), BY)
    assert client.post("/mine/data", {"act": "open"})["Location"] == "/mine"


def correct(client: Client, now: str, line: str = "0-0") -> Any:
    return client.post("/mine/data", {"act": "correct", "line": line, "now": now}, follow=True)


def test_what_does_no_harm_is_corrected_in_every_dataset_without_a_handler(door, workspace):
    client = inside(door, Level.PROVEN)
    assert "Rätta något" in opened(door, client).text
    page = correct(client, "Anna-Lisa")
    request = Request.objects.latest("id")
    assert request.number in page.text and request.right == "rectification"
    assert self_correct.carry_out(door.house, door.work.connect) == 1
    with sqlite3.connect(workspace / "crm.sqlite3") as crm:
        assert crm.execute("SELECT nickname FROM customers WHERE id = 1").fetchone() == ("Anna-Lisa",)
        assert crm.execute("SELECT called FROM letters WHERE id = 2").fetchone() == ("Anna-Lisa",)
        assert crm.execute("SELECT nickname FROM customers WHERE id = 2").fetchone() == ("Evis",)
    request.refresh_from_db()
    assert request.state == "delivered" and CorrectedRows.objects.count() == 2
    noted = kinds()
    assert (
        noted.index("rectification.intended")
        < noted.index("rectification.done")
        < noted.index("request.granted")
    )


@pytest.mark.parametrize(
    ("now", "number"),
    [
        ("", Wrong.EMPTY),
        (" Annika ", Wrong.SAME),
        ("a" * 201, Wrong.LONG),
        ("a\nb", Wrong.LONG),
        (EVA, Wrong.REACHED),
        (NUMBER, Wrong.REACHED),
    ],
)
def test_a_value_with_a_fault_is_told_at_its_field(door, now, number):
    fault = judge(door.house, WHAT, "Annika", now)
    assert fault is not None and fault.number == number and fault.place.path == "contact.nickname"


def test_the_page_tells_it_and_nothing_is_asked(door):
    client = inside(door, Level.PROVEN)
    opened(door, client)
    answer = correct(client, "")
    assert answer.status_code == 422 and "Skriv det som är rätt." in answer.text
    assert 'aria-invalid="true"' in answer.text and Request.objects.count() == 1


def test_a_correction_waits_while_somebody_is_at_work_with_the_person(door):
    client = inside(door, Level.PROVEN)
    opened(door, client)
    correct(client, "Anna-Lisa")
    left: set[str] = set()
    with alone(door.house, "somebody", shown([Request.objects.latest("id")])):
        assert self_correct.carry_out(door.house, door.work.connect, left) == 0
    assert self_correct.carry_out(door.house, door.work.connect, left) == 1


def test_what_nobody_foresaw_leaves_it_to_a_handler_and_stops_nothing_else(door):
    def broken(system: Any) -> Any:
        raise OSError("a driver's own words")

    client = inside(door, Level.PROVEN)
    opened(door, client)
    correct(client, "Anna-Lisa")
    left: set[str] = set()
    assert by_hand.do(door.house, broken, left) == 0
    assert left == {Request.objects.latest("id").ref}
    assert not self_correct.due(left)


@pytest.mark.parametrize("older", [{"was": "Anki"}, {"item": "contact.language"}])
def test_a_page_from_before_another_look_corrects_nothing_else(door, older):
    client = inside(door, Level.PROVEN)
    assert 'name="was" value="Annika"' in opened(door, client).text
    seen = {"act": "correct", "line": "0-0", "now": "Anna-Lisa", "item": "contact.nickname", "was": "Annika"}
    client.post("/mine/data", seen | older)
    assert Request.objects.count() == 1
    client.post("/mine/data", seen)
    assert Request.objects.count() == 2


@pytest.mark.parametrize("line", ["1-0", "0-9", "x", "0", "-1-0", ""])
def test_what_is_not_offered_is_not_corrected(door, line):
    client = inside(door, Level.PROVEN)
    opened(door, client)
    correct(client, "Anna-Lisa", line)
    assert Request.objects.count() == 1


def test_what_the_map_does_not_offer_is_refused_whatever_the_page_says(door):
    inside(door, Level.PROVEN)
    what = WHAT | {"item": "email", "values": [ANNA]}
    with pytest.raises(Refused):
        self_correct.correct(door.house, Case.objects.get(), what, ANNA, "annan", level=Level.PROVEN)


def test_each_act_has_a_receipt_that_proves_itself_and_names_nobody(door):
    client = inside(door, Level.PROVEN)
    opened(door, client)
    request = Request.objects.get()
    client.post(f"/mine/{request.number}/take-back")
    page = client.get("/mine/receipts").text
    for words in (
        "Du begärde",
        "Du skrev in en kod",
        "Du tittade på det vi har om dig",
        "Du tog tillbaka det",
    ):
        assert words in page
    entries = re.findall(r"/mine/receipts/(\d+)", page)
    assert len(entries) == 4
    for entry in entries:
        answer = client.get(f"/mine/receipts/{entry}")
        assert request.number in answer["Content-Disposition"] and "anna" not in answer["Content-Disposition"]
        said = json.loads(answer.content)
        assert said["entry"]["number"] == int(entry) and said["policy_version"] == "2026-01-01"
        key, payload = bytes.fromhex(said["entry"]["key"]), said["entry"]["payload"].encode()
        assert commit(key, payload).hex() == said["entry"]["commitment"]
        assert ANNA not in answer.text and NUMBER not in answer.text


def test_a_receipt_is_read_by_whose_it_is_alone(door):
    client = inside(door, Level.CONTACT)
    entry = LedgerEntry.objects.get(kind="request.received").seq
    other = inside(door, Level.CONTACT, EVA)
    assert client.get(f"/mine/receipts/{entry}").status_code == 200
    assert other.get(f"/mine/receipts/{entry}").status_code == 404
    assert Client().get(f"/mine/receipts/{entry}")["Location"] == "/mine"


def test_what_has_been_erased_of_the_ledger_leaves_a_receipt_without_words(door):
    client = inside(door, Level.CONTACT)
    entry = LedgerEntry.objects.get(kind="request.received").seq
    LedgerRecord.objects.all().delete()
    assert "payload" not in json.loads(client.get(f"/mine/receipts/{entry}").content)["entry"]
