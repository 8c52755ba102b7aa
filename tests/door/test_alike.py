"""Known and unknown get the same answer, made by the same work, against the same limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lofte.portal.doorway import is_number
from lofte.requests.door.knock import LIMITS, What
from lofte.requests.models import Knock, Request
from tests.door.company import ANNA, LISTED, NEW, SHARED, UNKNOWN

MASKS = (
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'), b"TOKEN"),
    (re.compile(rb"20\d\d-\d{6}"), b"NUMBER"),
    (re.compile(rb'value="[^"]*@[^"]*"'), b"ADDRESS"),
)
PEOPLE = {"known": ANNA, "listed": LISTED, "new": NEW, "shared": SHARED}


class Seen:
    """An answer as somebody sees it who compares, and the statements that it took."""

    def __init__(self, answer: HttpResponse, statements: list[str]) -> None:
        body = answer.content
        for pattern, mask in MASKS:
            body = pattern.sub(mask, body)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        headers.pop("content-length", None)
        cookies = {
            name: {key: each[key] for key in ("path", "samesite", "httponly", "max-age", "secure")}
            for name, each in answer.cookies.items()
        }
        self.all = (answer.status_code, headers, body, cookies)
        self.statements = [re.sub(r"'[^']*'|\b\d+\b", "?", each) for each in statements]


def seen(do: Callable[[], HttpResponse]) -> Seen:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        answer = do()
    return Seen(answer, [each["sql"] for each in caught.captured_queries])


def came(number: int) -> Client:
    return Client(headers={"accept-language": "sv"}, REMOTE_ADDR=f"10.{number}.0.1")


def ask(client: Client, address: str) -> HttpResponse:
    return client.post("/ask", {"rights": ["access", "erasure"], "email": address, "words": "Hej"})


STEPS: dict[str, Callable[[Client, str, str], HttpResponse]] = {
    "ask": lambda client, address, _: ask(client, address),
    "asked": lambda client, *_: client.get("/ask/received"),
    "code-page": lambda client, *_: client.get("/mine/code"),
    "wrong-code": lambda client, *_: client.post("/mine/code", {"code": "0000 0000"}),
    "knock": lambda client, address, number: client.post("/mine", {"number": number, "email": address}),
    "code-again": lambda client, *_: client.get("/mine/code"),
    "wrong-again": lambda client, *_: client.post("/mine/code", {"code": "1111 1111"}),
    "fetch": lambda client, _, number: client.get(f"/mine/{number}/take-back"),
    "mine": lambda client, *_: client.get("/mine"),
}


def journey(door, client: Client, address: str) -> dict[str, Seen]:
    found = {}
    for name, step in STEPS.items():
        number = Request.objects.order_by("-id").values_list("number", flat=True).first() or ""
        found[name] = seen(lambda: step(client, address, number))  # noqa: B023
        door.answer()  # what is known comes out in the background alone
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_each_page_is_the_same_for_known_and_unknown(any_door, who):
    ask(came(9), "forst@okand.example")  # the year's first number costs a statement more
    unknown = journey(any_door, came(1), UNKNOWN)
    known = journey(any_door, came(2), PEOPLE[who])
    for step in STEPS:
        assert known[step].all == unknown[step].all, step
        assert known[step].statements == unknown[step].statements, step


def test_who_has_asked_before_gets_a_new_number_as_anybody_does(door):
    ask(came(1), ANNA)
    door.answer()
    once, again = seen(lambda: ask(came(2), UNKNOWN)), seen(lambda: ask(came(3), ANNA))
    assert again.all == once.all and again.statements == once.statements
    assert Request.objects.count() == 6


@pytest.mark.parametrize("fits", ["both", "number", "address", "neither"])
def test_number_and_address_that_fit_nothing_look_as_if_they_did(door, fits):
    ask(came(9), ANNA)
    number = Request.objects.first().number
    right = {"number": number, "email": ANNA}
    wrong = {
        "both": {},
        "number": {"email": UNKNOWN},
        "address": {"number": "2026-999999"},
        "neither": {"number": "2026-999999", "email": UNKNOWN},
    }[fits]
    door.answer()
    had = len(door.letters("code"))
    one = seen(lambda: came(1).post("/mine", right))
    other = seen(lambda: came(2).post("/mine", right | wrong))
    assert one.all == other.all and one.statements == other.statements
    door.answer()
    assert len(door.letters("code")) - had == (2 if fits == "both" else 1)


def test_a_difference_would_be_seen():
    same = HttpResponse("a", headers={"X": "1"})
    for other in (HttpResponse("b", headers={"X": "1"}), HttpResponse("a", headers={"X": "2"})):
        assert Seen(other, []).all != Seen(same, []).all


def test_the_letter_says_the_same_to_both(door):
    for number, address in enumerate((ANNA, UNKNOWN), start=1):
        ask(came(number), address)
    one, other = (re.sub(r"20\d\d-\d{6}", "", said["body"]) for said in door.letters("received"))
    assert one == other


@pytest.mark.parametrize("address", [ANNA, UNKNOWN])
def test_an_address_comes_up_against_its_limit_whether_known_or_not(door, address):
    answers = [ask(came(1), address).status_code for _ in range(1, 8)]
    assert answers == [302] * LIMITS[What.ASK].address + [429] * 2
    assert ask(came(2), address).status_code == 302  # what a stranger did shuts the door for nobody


def test_an_address_has_a_limit_wherever_it_is_asked_from(door, monkeypatch):
    limit = LIMITS[What.ASK]
    monkeypatch.setitem(LIMITS, What.ASK, replace(limit, anywhere=3))
    assert [ask(came(n), ANNA).status_code for n in range(1, 6)] == [302, 302, 302, 429, 429]


def test_a_network_comes_up_against_its_limit_and_another_gets_in(any_door, monkeypatch):
    monkeypatch.setitem(LIMITS, What.CODE, type(LIMITS[What.CODE])(
        within=LIMITS[What.CODE].within, address=100, network=3, all=100))  # fmt: skip

    def knock(host: str) -> int:
        form = {"number": "2026-000001", "email": f"nagon{host.replace('.', '')}@okand.example"}
        return Client(REMOTE_ADDR=host).post("/mine", form).status_code

    assert [knock(f"10.0.0.{n}") for n in range(5)] == [302, 302, 302, 429, 429]
    assert knock("10.0.1.1") == 302


def test_a_header_that_anybody_writes_is_no_network(door, settings):
    client = Client(REMOTE_ADDR="10.0.0.1")
    form = {"number": "2026-000001", "email": UNKNOWN}
    client.post("/mine", form, headers={"x-forwarded-for": "192.0.2.1"})
    client.post("/mine", form, headers={"x-forwarded-for": "192.0.2.200, 198.51.100.1"})
    assert Knock.objects.values("network").distinct().count() == 1
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client.post("/mine", form, headers={"x-forwarded-for": "192.0.2.1, 203.0.113.7"})
    client.post("/mine", form, headers={"x-forwarded-for": "192.0.2.99, 203.0.113.8"})
    assert Knock.objects.values("network").distinct().count() == 2


def test_a_flood_that_is_turned_away_leaves_nothing(door, monkeypatch):
    for _ in range(40):
        came(1).post("/mine", {"number": "2026-000001", "email": UNKNOWN})
    assert Knock.objects.count() == LIMITS[What.CODE].address


def test_what_was_counted_is_forgotten(door, clock):
    ask(came(1), ANNA)
    door.answer()
    clock.go(days=3)
    door.answer()
    assert not Knock.objects.exists()


@pytest.mark.parametrize(
    "said", ["\x00", "2026-00001", "2026-0000001", "2026-000001 ", "' or 1=1", "２０２６-000001", ""]
)
def test_what_is_no_number_is_asked_of_no_store(said):
    assert not is_number(said) and is_number("2026-000001")
