"""The console shows how visitors choose, and proves each choice."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client

from lofte.consent import chain
from lofte.consent.models import Choice
from tests.consent.visitors import ask, choice, way_in
from tests.portal.test_choice import LATER


@pytest.fixture
def chosen(work):
    """A visitor who says yes, then no; returns the receipts and the id of the browser."""
    with way_in(work.house) as way:
        (first,) = ask(way, choice(work.house, ["statistics"]))
        (second,) = ask(way, choice(work.house, id=first.said["id"], **LATER))
    chain.seal(work.house)
    return first.said["receipt"], second.said["receipt"], first.said["id"]


def test_how_visitors_choose_is_shown_in_counts(staff, chosen):
    page = staff["officer"].get("/console/consents?days=7").content.decode()
    assert "Samtycken" in page and "Statistik" in page and "100 %" in page
    assert "<svg" in page and chosen[2] not in page


def test_the_counts_are_a_file_too(staff, chosen):
    answer = staff["auditor"].get("/console/consents.csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert ["Per ändamål", "statistics", "1", "1"] in rows


@pytest.mark.parametrize("known_by", [0, 2])
def test_a_choice_is_found_by_its_receipt_or_its_browser(staff, chosen, known_by):
    answer = staff["auditor"].post("/console/consents/find", {"known_by": chosen[known_by]}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and "Vad som visades" in page and "Neka alla" in page


def test_what_nobody_has_is_said_not_to_be_there(staff, chosen):
    answer = staff["officer"].post("/console/consents/find", {"known_by": "x"})
    assert answer.status_code == 404 and "Inget val finns" in answer.content.decode()


def test_the_proof_is_a_file_with_all_that_was_shown(staff, chosen):
    answer = staff["auditor"].get(f"/console/consents/{chosen[0]}/file")
    said = json.loads(answer.content)
    assert said["record_id"] == chosen[0] and said["shown"]["texts"]["reject"] == "Neka alla"
    assert said["integrity"]["ledger_entry"] > 0


def test_nobody_outside_reads_a_proof(chosen, store):
    assert Client().get(f"/console/consents/{chosen[0]}").status_code == 302
    assert Choice.objects.count() == 2
