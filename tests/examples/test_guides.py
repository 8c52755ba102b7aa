"""The site for guided walks: bookings for others, health notes, money, and messages with two ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.common.world import TODAY
from lofte.datamap.document import Kind
from lofte.datamap.identity import read
from lofte.fault import Fault, Place
from lofte.plan.records import Verb
from tests.examples.erasures import erased, given, verbs
from tests.examples.workspaces import Workspace, make

ANNA = ("customer_no", "V4001")
LEFT = ("customer_no", "V4007")


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make("guides", tmp_path_factory.mktemp("guides"))


def row(firm: Workspace, table: str, key: int) -> dict[str, Any]:
    """The row of a table with this key."""
    return next(found for found in firm.world.rows[table] if found["id"] == key)


def number(firm: Workspace, member: int) -> tuple[str, str]:
    """What a member is known by."""
    return ("customer_no", row(firm, "members", member)["customer_no"])


def test_two_accounts_of_one_person_are_given_together(firm: Workspace) -> None:
    assert given(firm, ANNA)["members"] == {(1,), (6,)} == given(firm, ("customer_no", "V4006"))["members"]


def test_the_number_of_a_sole_traders_firm_leads_to_the_person(firm: Workspace) -> None:
    (firm_of_anna,) = given(firm, ANNA)["guides"]
    old = row(firm, "guides", firm_of_anna[0])
    assert old["member_id"] is None
    assert given(firm, ("personnummer", old["org_no"])) == given(firm, ANNA)


def test_the_number_of_a_company_is_no_personnummer(firm: Workspace) -> None:
    company = next(found for found in firm.world.rows["guides"] if found["firm"].endswith(" AB"))
    assert (company["id"],) in given(firm, number(firm, company["member_id"]))["guides"]
    assert isinstance(read(Kind.PERSONNUMMER, company["org_no"], TODAY, Place()), Fault)


def test_a_companion_is_given_their_own_line_and_not_the_booking(firm: Workspace) -> None:
    companion = next(found for found in firm.world.rows["participants"] if found["email"])
    who = ("email", companion["email"].lower())
    mine = given(firm, who)
    assert (companion["id"],) in mine["participants"]
    booked = row(firm, "bookings", companion["booking_id"])
    assert (booked["id"],) not in mine.get("bookings", set())


def test_health_notes_go_with_whoever_they_are_about(firm: Workspace) -> None:
    for note in firm.world.rows["health_notes"]:
        companion = row(firm, "participants", note["participant_id"])
        if companion["email"]:
            verdict = erased(firm, ("email", companion["email"].lower()))["health_notes"][(note["id"],)]
            assert verdict.verb is Verb.DELETE
            return
    raise AssertionError("no companion with an address and a note")


def test_health_data_are_sensitive_and_rest_on_explicit_consent(firm: Workspace) -> None:
    assert firm.policy.categories["health"].special == "9"
    assert {p.legal_basis for p in firm.policy.purposes.values() if "health" in p.categories} == {"9.2.a"}


def test_the_books_of_who_has_left_stay_without_personnummer_and_account(firm: Workspace) -> None:
    done = erased(firm, LEFT)
    for key, verdict in done["invoices"].items():
        issued: date = row(firm, "invoices", key[0])["issued_on"]
        assert (verdict.verb, verdict.ground) == (Verb.CHANGE, "BFL-7-2")
        assert verdict.until == date(issued.year + 7, 12, 31)
        assert verdict.changes.keys() == {"payer_email", "payer_pnr"}
    assert all(verdict.changes.keys() == {"payer_account"} for verdict in done["payments"].values())


def test_who_has_left_is_no_longer_named_by_the_account_that_the_books_point_at(firm: Workspace) -> None:
    (verdict,) = erased(firm, LEFT)["members"].values()
    assert verdict.verb is Verb.CHANGE
    assert {"name", "customer_no", "personnummer", "email", "phone", "address"} <= verdict.changes.keys()


def test_profile_and_visits_of_who_has_left_go(firm: Workspace) -> None:
    done = erased(firm, LEFT)
    assert verbs(done["profiles"]) == verbs(done["visits"]) == {Verb.DELETE}


def test_a_message_stays_with_the_other_when_one_of_the_two_goes(firm: Workspace) -> None:
    message = next(
        found
        for found in firm.world.rows["private_messages"]
        if row(firm, "members", found["from_id"])["closed_on"]
    )
    verdict = erased(firm, number(firm, message["from_id"]))["private_messages"][(message["id"],)]
    assert verdict.verb is Verb.UNLINK
    assert "from_id" in verdict.changes and "to_id" not in verdict.changes


def test_who_is_still_a_member_keeps_the_account(firm: Workspace) -> None:
    assert Verb.DELETE not in verbs(erased(firm, ("customer_no", "V4002"))["members"])


def test_a_story_is_published_on_consent_and_goes_when_it_is_withdrawn(firm: Workspace) -> None:
    purpose = firm.policy.purposes["publish"]
    (rule,) = [firm.policy.retention[id_] for id_ in purpose.retention]
    assert (purpose.legal_basis, rule.keep_until, rule.action) == ("6.1.a", "consent.withdrawn", "delete")
    assert firm.system.datasets["stories"].anchors["consent.withdrawn"].column == "withdrawn_at"
