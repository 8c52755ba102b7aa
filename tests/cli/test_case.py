"""A request at the terminal before anything is searched: received, waited for, extended, refused."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_stuck_cases import Shop

PASSWORD = "en-lykta-i-hamnen-42"
BY = ("--by", "bertil@lanternan.example")
K1 = ("--identity", "customer_no=K1")


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Shop:
    made = Shop(tmp_path_factory.mktemp("case"))
    for name, role in (("bertil", "handler"), ("cecilia", "approver")):
        address = ("--email", f"{name}@lanternan.example", "--role", role)
        done = made.lofte("handler", "add", *address, "--password-stdin", given=f"{PASSWORD}\n")
        assert done.returncode == 0, done.stderr
    return made


def received(shop: Shop, right: str = "access") -> str:
    made = shop.lofte("request", "receive", right, *K1, "--channel", "phone", *BY, "--json")
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)["number"]


def test_the_clock_is_stopped_and_goes_on_by_who_asks(shop, tmp_path):
    number = received(shop)
    stopped = shop.lofte("request", "wait", number, "--why", "En kod till adressen vi har.", *BY, "--json")
    assert json.loads(stopped.stdout)["unstopped"] <= json.loads(stopped.stdout)["due_on"]
    twice = shop.lofte("request", "wait", number, "--for", "scope", "--why", "Vad?", *BY)
    assert twice.returncode == 1 and "one wait at a time" in twice.stderr
    assert "är" in shop.lofte("request", "go-on", number, *BY, "--language", "sv").stdout
    assert shop.lofte("request", "go-on", number, *BY).returncode == 1
    # What was received goes on by its number, as any other.
    out = ("--out", str(tmp_path), "--number", number, "--identified-by", "koden kom tillbaka")
    assert shop.lofte("request", "access", *out, *BY).returncode == 0


def test_an_extension_and_a_refusal_write_the_letter(shop):
    number = received(shop, "portability")
    longer = shop.lofte(
        "request", "extend", number, "--because", "complex", "--why", "Nio system.", *BY, "--json"
    )
    assert "Nio system." in json.loads(longer.stdout)["letter"]
    ground = ("--ground", "excessive", "--why", "Besvarad i går.")
    handler = shop.lofte("request", "refuse", number, *ground, *BY)
    assert handler.returncode == 1 and "may do this" in handler.stderr
    bare = shop.lofte("request", "refuse", number, *ground[:2], "--by", "cecilia@lanternan.example")
    assert bare.returncode == 1 and "shows that it is so" in bare.stderr
    done = shop.lofte("request", "refuse", number, *ground, "--by", "cecilia@lanternan.example")
    assert done.returncode == 0 and "Besvarad i går." in done.stdout and "domstol" in done.stdout


def test_how_far_somebody_asks_is_written_down_and_seen_before_it_is_done(shop):
    known = json.loads(shop.lofte("plan", "erase", *K1, "--json").stdout)["rows"]
    one = shop.lofte("request", "receive", "erasure", *K1, "--scope", "contact", *BY, "--json")
    assert one.returncode == 0, one.stderr
    part = json.loads(shop.lofte("plan", "erase", *K1, "--scope", "contact", "--json").stdout)["rows"]
    assert sum(part.values()) == sum(known.values())
    wrong = shop.lofte("plan", "erase", *K1, "--scope", "skor", "--language", "sv")
    assert wrong.returncode == 1 and "ingen kategori av uppgifter som vi har" in wrong.stderr


def test_a_protected_identity_is_noted_with_how_a_letter_reaches_the_person(shop):
    number = received(shop)
    done = shop.lofte("request", "protect", number, *BY, "--language", "sv")
    assert done.returncode == 0 and "noterad som skyddad" in done.stdout and "Skatteverket" in done.stdout
    called = shop.lofte("request", "code", number, "--way", "call", *BY)
    assert called.returncode == 1 and "protected identity" in called.stderr
    off = shop.lofte("request", "protect", number, "--off", *BY, "--json")
    assert json.loads(off.stdout) == {"number": number, "protected": False}
