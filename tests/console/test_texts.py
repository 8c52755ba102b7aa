"""Texts of one's own: written once, without anybody's data, and put into what is written to a person."""

from __future__ import annotations

import pytest

from lofte.law.rights import Right
from lofte.requests.models import TextTemplate
from tests.console.conftest import RUNNING

MANY = {"name": "Många system", "language": "sv", "after": "0"}


def write(client, words, **more):
    return client.post("/console/texts/write", MANY | {"text": words} | more, follow=True).text


def test_a_text_is_written_changed_and_taken_out_of_use(staff, work):
    client = staff["handler"]
    assert "Texten är sparad" in write(client, "Vi letar i många system för {number}.")
    write(client, "Vi letar i alla system för {number}.", after="1")
    listed = client.get("/console/texts").text
    assert "alla system" in listed and "många system för" not in listed and "version 2" in listed
    client.post("/console/texts/out", {"name": "Många system", "language": "sv"})
    assert "alla system" not in client.get("/console/texts").text
    assert [each.version for each in TextTemplate.objects.order_by("version")] == [1, 2, 3]


def test_two_who_change_one_text_do_not_write_over_each_other(staff, work):
    write(staff["handler"], "Ett.")
    write(staff["handler"], "Två.", after="1")
    assert "läs den igen" in write(staff["officer"], "Tre.", after="1").lower()


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("Hej {name}!", "{name}"),
        ("Hej {number", "klammer"),
        ("Ring 070-174 06 05.", "ser ut som"),
        ("Skriv till erik@kund.example.", "ser ut som"),
        ("Fråga Erik Lindgren.", "ser ut som"),
    ],
)
def test_a_text_with_somebody_s_data_or_an_unknown_place_is_not_kept(staff, work, words, wrong):
    assert wrong in write(staff["handler"], words)
    assert not TextTemplate.objects.exists()


def test_a_text_is_put_into_the_reasons_with_its_places_filled_in(asks, staff):
    client, made = staff["handler"], asks(RUNNING, right=Right.ACCESS)
    write(client, "Begäran {number} om {right} tar längre tid.")
    page = f"/console/requests/{made.number}/extend"
    assert "Många system" in client.get(page).text
    text = client.post(page, {"months": "2", "because": "many", "why": "Hej!", "insert": "Många system"}).text
    assert f"Hej!\n\nBegäran {made.number} om" in text.replace("\r", "")
    assert not made.clock_events.exists()
