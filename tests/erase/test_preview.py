"""What an erasure would come to is seen before anybody approves it."""

from __future__ import annotations

import pytest

from lofte.errors import Unreachable
from lofte.execution import book
from lofte.plan.records import Verb
from lofte.requests.erasure.preview import preview, previews
from tests.erase.conftest import asks, customer, dump

CLOSED, OTHER = 32, 33


def test_looking_changes_nothing(fjordhem, world, store, connect, hosting_url):
    request = asks(fjordhem, customer(world, CLOSED))
    before, entries = dump(hosting_url), book.count() + book.waiting()
    preview(fjordhem, request, connect)
    assert dump(hosting_url) == before and book.count() + book.waiting() == entries
    request.refresh_from_db()
    assert request.state == "identified"


def test_it_says_by_which_law_what_is_kept_and_until_when(fjordhem, world, store, connect):
    seen = preview(fjordhem, asks(fjordhem, customer(world, CLOSED)), connect)
    invoices = [line for line in seen.lines if line.dataset == "invoices"]
    assert {(line.verb, line.ground, line.article) for line in invoices} == {(Verb.KEEP, "BFL-7-2", "17.3.b")}
    assert all(line.until.month == 12 and line.until.day == 31 for line in invoices)
    assert (
        seen.rows_gone > 10
        and seen.rows_changed > 0
        and seen.rows_kept == sum(line.rows for line in seen.lines if line.verb is Verb.KEEP)
    )


def test_many_are_seen_as_each_would_be_alone(fjordhem, world, store, connect):
    requests = [asks(fjordhem, customer(world, n)) for n in (CLOSED, OTHER)]
    together = previews(fjordhem, requests, connect)
    alone = [preview(fjordhem, request, connect) for request in requests]
    assert [p.lines for p in together] == [p.lines for p in alone]
    assert [p.digests for p in together] == [p.digests for p in alone]


def test_a_system_that_does_not_answer_is_said_to_be_silent(fjordhem, world, store):
    def connect(system):
        raise Unreachable("down")

    seen = preview(fjordhem, asks(fjordhem, customer(world, CLOSED)), connect)
    assert seen.silent == ("hosting",) and not seen.lines and not seen.digests


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_letter_names_no_person(fjordhem, world, store, connect, language):
    row = world.rows["customers"][CLOSED - 1]
    said = preview(fjordhem, asks(fjordhem, customer(world, CLOSED)), connect).letter[language]
    assert not [v for v in (row["customer_no"], row["name"], row["email"]) if v and str(v) in said]
