"""Promises of detect.text: what is found in a text, and that others' identifiers never leave."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lofte.datamap.identity import Identity, Kind, canonical
from lofte.detect.text import DOTS, redact, scan_text

ON = date(2026, 11, 20)
ANNA = frozenset(
    {
        Identity(kind=Kind.EMAIL, value="anna.lind@norr.example"),
        Identity(kind=Kind.PERSONNUMMER, value="198507099805"),
        Identity(kind=Kind.PHONE, value="+46701740605"),
    }
)


@pytest.mark.parametrize(
    ("written", "identity"),
    [
        ("anna.lind@norr.example", Identity(kind=Kind.EMAIL, value="anna.lind@norr.example")),
        ("Anna.Lind@NORR.example.", Identity(kind=Kind.EMAIL, value="anna.lind@norr.example")),
        ("<anna.lind@norr.example>,", Identity(kind=Kind.EMAIL, value="anna.lind@norr.example")),
        ("mailto:anna.lind@norr.example", Identity(kind=Kind.EMAIL, value="anna.lind@norr.example")),
        ("?mail=anna.lind%40norr.example&x=1", Identity(kind=Kind.EMAIL, value="anna.lind@norr.example")),
        ("'anna.lind@norr.example'", Identity(kind=Kind.EMAIL, value="anna.lind@norr.example")),
        ("850709-9805", Identity(kind=Kind.PERSONNUMMER, value="198507099805")),
        ("19850709-9805", Identity(kind=Kind.PERSONNUMMER, value="198507099805")),
        ("198507099805", Identity(kind=Kind.PERSONNUMMER, value="198507099805")),
        ("850709 – 9805", Identity(kind=Kind.PERSONNUMMER, value="198507099805")),
        ("070-174 06 05", Identity(kind=Kind.PHONE, value="+46701740605")),
        ("+46 (0)70 174 06 05", Identity(kind=Kind.PHONE, value="+46701740605")),
        ("0046701740605", Identity(kind=Kind.PHONE, value="+46701740605")),
    ],
)
def test_every_way_to_write_an_identity_is_found(written: str, identity: Identity) -> None:
    found = scan_text(f"Hej! Skriv till {written} så svarar vi.", ON)
    assert identity in [span.identity for span in found]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-01-11 03:22:05.000000",
        "203.0.113.121",
        "2026-08-21T09:20:06.000000+01:00",
        "Faktura 2026-11-20 på 1 250,00 kr",
        "order 850709-9806",
        "F1001",
    ],
)
def test_what_is_no_identity_stays(text: str) -> None:
    assert redact(text, ANNA, ON) == text


def test_a_persons_own_identifiers_stay_in_every_spelling() -> None:
    text = "Anna.Lind@norr.example, 850709-9805, 19850709-9805, 070-174 06 05 och +46 70 174 06 05"
    assert redact(text, ANNA, ON) == text


@pytest.mark.parametrize("own", ["anna%ek@norr.example", "a\u0308nna.ek@norr.example", "o'hara@norr.example"])
def test_an_uncommon_address_of_the_persons_own_stays_whole(own: str) -> None:
    value = canonical(Kind.EMAIL, own, ON)
    assert value is not None
    text = f"Svara till {own}."
    assert redact(text, {Identity(kind=Kind.EMAIL, value=value)}, ON) == text
    assert redact(text, ANNA, ON) == f"Svara till {DOTS}."


def test_an_address_that_only_begins_like_the_persons_own_is_masked() -> None:
    assert redact("anna.lind@norr.example.org", ANNA, ON) == DOTS
    assert redact("xanna.lind@norr.example", ANNA, ON) == DOTS


def _person(rng: random.Random, number: int) -> tuple[str, str, str]:
    letters = "".join(rng.choice("abcdefghijklmnopqrstuvwxyzåäö") for _ in range(6))
    serial = f"{rng.randint(50, 99):02d}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}98{rng.randint(0, 9)}"
    doubled = (int(d) * (2 - i % 2) for i, d in enumerate(serial))
    check = -sum(d // 10 + d % 10 for d in doubled) % 10
    return (
        f"{letters}{number}@{rng.choice(('norr', 'soder', 'vast'))}.example",
        f"{serial[:6]}-{serial[6:]}{check}",
        f"070-17406{rng.randint(0, 99):02d}",
    )


def _written(rng: random.Random, person: tuple[str, str, str]) -> str:
    email, number, phone = person
    return rng.choice(
        (
            email,
            email.upper() if email.isascii() else email,
            f"<{email}>",
            f'"{email}"',
            f"({email}),",
            number,
            number.replace("-", ""),
            f"19{number}",
            f"19{number.replace('-', '')}",
            phone,
            phone.replace("-", ""),
            f"+46{phone.replace('-', '')[1:]}",
            f"+46 {phone[1:3]} {phone[4:]}",
        )
    )


def _bare(text: str) -> str:
    return re.sub(r"[^\wåäö@.]", "", text).casefold()


def test_of_five_hundred_threads_with_three_persons_nothing_of_the_others_goes_out() -> None:
    rng = random.Random(20261120)
    leaks = 0
    for thread in range(500):
        own, *others = (_person(rng, 3 * thread + i) for i in range(3))
        keep = frozenset(i.identity for part in own for i in scan_text(part, ON))
        assert len(keep) == 3
        said = []
        for _ in range(rng.randint(3, 9)):
            said.append(rng.choice(("Hej,", "ring", "skriv till", "mitt nummer är", "\n> ", "CC:", "ang.")))
            said.append(_written(rng, rng.choice([own, *others])))
            said.append(rng.choice((".", ", tack!", "\n", "?", "", " /M")))
        out = _bare(redact(" ".join(said), keep, ON))
        for other in others:
            email, number, phone = other
            digits = number.replace("-", "")
            tail = phone.replace("-", "")[1:]
            leaks += email.casefold() in out or digits in out
            leaks += tail in out and tail != own[2].replace("-", "")[1:]
    assert leaks == 0


@given(st.text(alphabet="a0@.-+% \n'é\u200b", max_size=400))
def test_redacting_twice_is_redacting_once(text: str) -> None:
    once = redact(text, ANNA, ON)
    assert redact(once, ANNA, ON) == once


@pytest.mark.parametrize(
    "piece", ["a", "0", "@", "a@", "0 ", "+0 ", "19850709", "850709-", "-", "%40", "a@a."]
)
def test_a_long_hostile_text_is_read_in_linear_steps(piece: str) -> None:
    """Not a timed test: a quadratic pattern would not come back from two hundred thousand letters."""
    assert isinstance(redact(piece * (200_000 // len(piece)), ANNA, ON), str)
