"""Whoever is in to their case sees what their data may be used for, and says no by a button."""

from __future__ import annotations

import dataclasses
import re

import pytest

from lofte.consent.gate import may_send
from lofte.consent.object import object_to
from lofte.datamap.document import Kind
from lofte.requests.door.preferences import history, preferences
from lofte.requests.models import Request
from lofte.requests.worker.at_once import obey
from lofte.site.at_work import AtWork
from tests.consent.conftest import policy
from tests.door.company import ANNA, EVA
from tests.door.conftest import email
from tests.door.test_pages import send


@pytest.fixture
def work(work, settings):
    """The same company, which sends advertising too."""
    house = dataclasses.replace(work.house, policy=policy())
    opened = AtWork(house=house, connect=work.connect)
    settings.LOFTE_AT_WORK = lambda: opened
    return opened


@pytest.fixture
def inside(door, client):
    """Anna's browser, in to her case."""
    send(client, rights=["access"])
    door.answer()
    client.post("/mine/code", {"code": door.codes()[ANNA]})
    return client


def _offered(text):
    return set(re.findall(r'name="purpose" value="(\w+)"', text))


def test_nobody_who_is_not_in_sees_or_changes_any_of_it(work, client):
    for answer in (client.get("/mine/choices"), client.post("/mine/choices", {"purpose": "newsletter"})):
        assert answer.status_code == 302 and answer["Location"] == "/mine"
    assert not Request.objects.exists()


def test_what_one_may_say_no_to_is_offered_and_what_law_and_contract_ask_is_not(inside):
    assert _offered(inside.get("/mine/choices").text) == {"newsletter", "signup", "photos", "support"}


def test_advertising_that_is_stopped_is_stopped_at_once_and_it_shows(inside, door):
    text = inside.post("/mine/choices", {"purpose": "newsletter"}, follow=True).text
    assert "följer det nu" in text and "Stoppas just nu" in text
    assert obey(door.house, door.work.connect) == 1
    text = inside.get("/mine/choices").text
    assert "newsletter" not in _offered(text) and "Stoppat" in text and "Du sa nej" in text
    assert not may_send(door.house, Kind.EMAIL, ANNA) and may_send(door.house, Kind.EMAIL, EVA)


def test_a_yes_is_taken_back_as_easily(inside, door):
    inside.post("/mine/choices", {"purpose": "photos"})
    obey(door.house, door.work.connect)
    text = inside.get("/mine/choices").text
    assert "photos" not in _offered(text) and "Du tog tillbaka ditt ja" in text


def test_what_is_weighed_says_so_and_stays_open(inside, door):
    inside.post("/mine/choices", {"purpose": "support"})
    obey(door.house, door.work.connect)
    assert "Någon av oss väger det" in inside.get("/mine/choices").text


@pytest.mark.parametrize("purpose", ["books", "deliver", "", "nothing", "newsletter' or 1=1"])
def test_what_nobody_may_say_no_to_changes_nothing(inside, purpose):
    before = Request.objects.count()
    assert "Inget ändrades." in inside.post("/mine/choices", {"purpose": purpose}, follow=True).text
    assert Request.objects.count() == before


def test_pressing_twice_asks_once(inside):
    for _ in range(2):
        inside.post("/mine/choices", {"purpose": "photos"})
    assert Request.objects.filter(right="withdrawal").count() == 1


def test_the_no_is_part_of_the_case_and_can_be_followed(inside):
    inside.post("/mine/choices", {"purpose": "photos"})
    number = Request.objects.get(right="withdrawal").number
    assert number in inside.get("/mine").text


def test_what_was_only_typed_tells_nothing_of_whose_it_is(inside, door, client, browsers):
    """Eva has said no. Anna types Eva's address beside her own number, and proves her own."""
    object_to(door.house, (email(EVA),), ["newsletter"])
    other = browsers()
    send(other, address=EVA, rights=["objection"])
    case = Request.objects.latest("id").case
    assert all(each.since is None for each in preferences(door.house, case)) and not history(door.house, case)
