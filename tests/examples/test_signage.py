"""The signage company: people who sign in for a customer, signs they look after, and what visitors type."""

from __future__ import annotations

from datetime import date

import pytest

from examples.common.world import expected
from lofte.plan.records import Verb
from tests.examples.erasures import erased, given, verbs
from tests.examples.workspaces import Workspace, make

ANNA = ("email", "anna.ek@brevbrygga.example")
LEFT = ("email", "lars.sund@kustmejl.example")
BERIT, STEN = ("user_name", "ljus1004"), ("user_name", "ljus1005")


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make("signage", tmp_path_factory.mktemp("signage"))


def of_customer(firm: Workspace, user: int) -> set[tuple[int]]:
    """Keys of the users who sign in for the same customer."""
    customer = firm.world.rows["users"][user - 1]["customer_id"]
    return {(row["id"],) for row in firm.world.rows["users"] if row["customer_id"] == customer}


def employee(firm: Workspace) -> tuple[tuple[str, str], int]:
    """Who made a playlist for a customer that has left and whose contact is another, and which it is."""
    for made in firm.world.rows["playlists"]:
        user = firm.world.rows["users"][made["made_by"] - 1]
        if user["role"] != "owner" and firm.world.rows["customers"][user["customer_id"] - 1]["closed_on"]:
            return ("user_name", user["user_name"]), made["id"]
    raise AssertionError("no playlist by an employee")


def test_two_of_one_name_are_two_persons(firm: Workspace) -> None:
    assert given(firm, ANNA)["users"] == {(1,)}
    assert given(firm, ("email", "anna_ek@brevbrygga.example"))["users"] == {(2,)}


def test_a_contact_is_given_the_contract_and_not_the_colleagues(firm: Workspace) -> None:
    contact = next(row for row in firm.world.rows["users"] if len(of_customer(firm, row["id"])) > 2)
    mine = given(firm, ("user_name", contact["user_name"]))
    assert contact["role"] == "owner"
    assert mine["customers"] == {(contact["customer_id"],)}
    assert mine["contracts"] and mine["users"] == {(contact["id"],)}


def test_two_at_one_reception_are_given_their_own_sign_ins_and_nothing_by_the_address(
    firm: Workspace,
) -> None:
    berit, sten = given(firm, BERIT), given(firm, STEN)
    assert (berit["users"], sten["users"]) == ({(4,)}, {(5,)})
    assert "tickets" not in berit | sten and "customers" not in berit | sten
    person = firm.world.persons[3]
    assert expected(firm.world, person).shared["tickets"]


def test_what_a_visitor_typed_on_a_customers_screen_is_passed_on(firm: Workspace) -> None:
    (dataset,) = [d for d in firm.system.datasets.values() if d.role == "processor"]
    assert (dataset.whose, dataset.subjects) == ("customer_id", "screen_visitor")
    visitor = firm.world.persons[-1]
    assert expected(firm.world, visitor).processor.keys() == {"campaign_entries"}
    assert expected(firm.world, visitor).certain == {}


def test_the_books_of_who_has_left_stay_through_the_seventh_year(firm: Workspace) -> None:
    done = erased(firm, LEFT)
    assert verbs(done["invoice_lines"]) == {Verb.KEEP}
    for key, verdict in done["invoices"].items():
        issued: date = next(row["issued_on"] for row in firm.world.rows["invoices"] if (row["id"],) == key)
        assert (verdict.verb, verdict.ground) == (Verb.CHANGE, "BFL-7-2")
        assert verdict.until == date(issued.year + 7, 12, 31)
        assert verdict.changes.keys() == {"reference_name", "reference_email"}


def test_account_signs_and_letters_of_who_has_left_go(firm: Workspace) -> None:
    done = erased(firm, LEFT)
    for dataset in ("users", "players", "tickets", "ticket_messages", "notes", "usage_months"):
        assert verbs(done[dataset]) == {Verb.DELETE}, dataset


def test_what_the_books_point_at_stays_without_name_and_number(firm: Workspace) -> None:
    (verdict,) = erased(firm, LEFT)["customers"].values()
    assert verdict.verb is Verb.CHANGE
    assert {"customer_no", "contact_name", "contact_email", "phone", "address"} <= verdict.changes.keys()


def test_an_employees_playlist_stays_with_the_customer_without_the_employee(firm: Workspace) -> None:
    who, made = employee(firm)
    verdict = erased(firm, who)["playlists"][(made,)]
    assert verdict.verb is Verb.UNLINK
    assert {"made_by", "note"} <= verdict.changes.keys() and "name" not in verdict.changes


def test_who_runs_a_contract_keeps_the_contract_and_what_it_needs(firm: Workspace) -> None:
    done = erased(firm, ANNA)
    assert Verb.DELETE not in verbs(done["contracts"]) | verbs(done["players"]) | verbs(done["users"])
