"""A visitor reads the receipt of what they chose."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from lofte.consent import chain
from tests.consent.visitors import ask, choice, way_in
from tests.console.conftest import _company, company, work, world

__all__ = ["_company", "company", "work", "world"]
LATER = {"seq": 2, "action": "withdraw", "surface": "dialog"}


@pytest.fixture
def receipts(work):
    with way_in(work.house) as way:
        (first,) = ask(way, choice(work.house, ["statistics"]))
        (second,) = ask(way, choice(work.house, id=first.said["id"], **LATER))
    chain.seal(work.house)
    return [first.said["receipt"], second.said["receipt"]]


def read(path, language="sv"):
    return Client(headers={"accept-language": language}).get(path)


def test_a_visitor_reads_what_they_were_shown_and_chose(receipts):
    page = read(f"/privacy/receipt/{receipts[0]}").content.decode()
    assert "Kvittens på ditt val" in page and "Neka alla" in page and "Statistik" in page
    assert "gäller inte längre" in page and f"/privacy/receipt/{receipts[1]}" in page


def test_the_receipt_is_in_english_too(receipts):
    page = read(f"/privacy/receipt/{receipts[1]}", "en").content.decode()
    assert "You took your yes back" in page and "of the ledger" in page


def test_the_receipt_is_a_file_too(receipts):
    answer = read(f"/privacy/receipt/{receipts[0]}/file")
    assert json.loads(answer.content)["schema_version"] == "ISO/IEC TS 27560:2023"
    assert "attachment" in answer["Content-Disposition"] and answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("number", ["f" * 32, "x", "a" * 33])
def test_a_number_that_is_no_receipt_finds_nothing(receipts, number):
    assert read(f"/privacy/receipt/{number}").status_code == 404
