"""The consultancy: people known by an address, health told to nobody else, referees, and what must stay."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lofte.plan.records import Verb
from tests.examples.erasures import Verdicts, erased, given, verbs
from tests.examples.workspaces import Workspace, make

SIGNED_UP, ATTENDS, NAMES, NAMED, LEFT, UNASKED = 3, 4, 5, 6, 7, 8


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make("consultancy", tmp_path_factory.mktemp("consultancy"))


def mail(firm: Workspace, number: int) -> tuple[str, str]:
    return ("email", firm.world.persons[number - 1].mailbox.address)


def gone(firm: Workspace, number: int) -> Verdicts:
    return erased(firm, mail(firm, number))


def seat(firm: Workspace) -> Any:
    """The key of the seat that 3 took for 4."""
    by, who = mail(firm, SIGNED_UP)[1], mail(firm, ATTENDS)[1]
    seats = firm.world.rows["registrations"]
    return next((r["id"],) for r in seats if (r["registered_by"], r["email"].lower()) == (by, who))


def test_a_seat_is_both_the_attendees_and_whoever_took_it(firm: Workspace) -> None:
    for number in (SIGNED_UP, ATTENDS):
        assert seat(firm) in given(firm, mail(firm, number))["registrations"]


def test_an_allergy_is_given_to_nobody_but_who_told_of_it(firm: Workspace) -> None:
    theirs = {(r["id"],) for r in firm.world.rows["needs"] if r["email"] == mail(firm, ATTENDS)[1]}
    assert theirs <= given(firm, mail(firm, ATTENDS))["needs"]
    assert not theirs & given(firm, mail(firm, SIGNED_UP)).get("needs", set())
    assert firm.policy.categories["needs"].special == "9"


def test_erasing_the_attendee_leaves_the_seat_to_whoever_took_it_without_a_name(firm: Workspace) -> None:
    done = gone(firm, ATTENDS)
    verdict = done["registrations"][seat(firm)]
    assert verdict.verb is Verb.UNLINK
    assert {"name", "email", "company"} <= verdict.changes.keys()
    assert "registered_by" not in verdict.changes
    assert verbs(done["needs"]) == {Verb.DELETE}


def test_erasing_whoever_took_the_seat_leaves_it_to_the_attendee(firm: Workspace) -> None:
    verdict = gone(firm, SIGNED_UP)["registrations"][seat(firm)]
    assert verdict.verb is Verb.UNLINK
    assert set(verdict.changes) == {"registered_by"}


def test_what_a_referee_said_is_both_theirs_and_the_applicants(firm: Workspace) -> None:
    named = {(r["id"],) for r in firm.world.rows["referees"] if r["email"] == mail(firm, NAMED)[1]}
    assert named & given(firm, mail(firm, NAMES))["referees"]
    assert named == given(firm, mail(firm, NAMED))["referees"]
    assert "applications" not in given(firm, mail(firm, NAMED)) or not (
        given(firm, mail(firm, NAMES))["applications"] & given(firm, mail(firm, NAMED))["applications"]
    )


def test_the_books_of_who_has_left_stay_through_the_seventh_year(firm: Workspace) -> None:
    done = gone(firm, LEFT)
    assert verbs(done["contacts"]) == verbs(done["orders"]) == {Verb.CHANGE}
    issued = {(r["id"],): r["issued_on"] for r in firm.world.rows["invoices"]}
    for key, verdict in done["invoices"].items():
        assert (verdict.ground, verdict.until) == ("BFL-7-2", date(issued[key].year + 7, 12, 31))


def test_an_application_that_nobody_asked_for_is_one(firm: Workspace) -> None:
    (key,) = given(firm, mail(firm, UNASKED))["applications"]
    (row,) = [r for r in firm.world.rows["applications"] if (r["id"],) == key]
    assert row["vacancy"] is None


def test_visits_of_people_who_have_not_said_yes_are_nobodys(firm: Workspace) -> None:
    known = {r["contact_id"] for r in firm.world.rows["visits"]} - {None}
    assert any(r["contact_id"] is None for r in firm.world.rows["visits"])
    yes = {r["email"] for r in firm.world.rows["consents"] if r["purpose"] == "personal_service"}
    addresses = {r["id"]: r["email"].lower() for r in firm.world.rows["contacts"]}
    assert {addresses[number] for number in known} <= yes
