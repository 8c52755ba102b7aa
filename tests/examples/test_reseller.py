"""The reseller: chains of suppliers, services that one pays for and another uses, and what must stay."""

from __future__ import annotations

from datetime import date

import pytest

from examples.common.world import expected
from lofte.plan.records import Verb
from tests.examples.erasures import erased, given, verbs
from tests.examples.workspaces import Workspace, make

SHARES, IN_PORTAL, LET_IN, PAYS, USES, LEFT = 1, 3, 4, 5, 6, 7


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make("reseller", tmp_path_factory.mktemp("reseller"))


def no(number: int) -> tuple[str, str]:
    return ("customer_no", f"S{70_000 + number}")


def keys(firm: Workspace, table: str, **values: object) -> set[tuple[object, ...]]:
    """Keys of rows with these values."""
    return {(r["id"],) for r in firm.world.rows[table] if values.items() <= r.items()}


def test_who_was_let_into_anothers_portal_is_given_that_sign_in_and_not_the_others(firm: Workspace) -> None:
    mine = given(firm, no(LET_IN))["portal_users"]
    theirs = keys(firm, "portal_users", customer_id=IN_PORTAL)
    assert len(mine & theirs) == 1 and len(theirs - mine) == 1


def test_who_uses_a_service_that_another_pays_for_is_given_the_order_and_not_the_invoice(
    firm: Workspace,
) -> None:
    paid = keys(firm, "subscriptions", customer_id=PAYS)
    orders = {(r["id"],) for r in firm.world.rows["supplier_orders"] if (r["subscription_id"],) in paid}
    bills = {(r["id"],) for r in firm.world.rows["invoices"] if (r["subscription_id"],) in paid}
    user, payer = given(firm, no(USES)), given(firm, no(PAYS))
    assert orders <= user["supplier_orders"] and orders <= payer["supplier_orders"]
    assert bills <= payer["invoices"] and not bills & user.get("invoices", set())


def test_erasing_the_user_cuts_the_order_loose_and_leaves_it_to_the_payer(firm: Workspace) -> None:
    paid = keys(firm, "subscriptions", customer_id=PAYS)
    orders = {(r["id"],) for r in firm.world.rows["supplier_orders"] if (r["subscription_id"],) in paid}
    done = erased(firm, no(USES))["supplier_orders"]
    assert {done[key].verb for key in orders} == {Verb.UNLINK}
    for key in orders:
        assert {"end_user_name", "end_user_email", "end_user_phone"} <= done[key].changes.keys()


def test_the_books_of_who_has_left_stay_through_the_seventh_year(firm: Workspace) -> None:
    done = erased(firm, no(LEFT))
    assert verbs(done["invoices"]) == verbs(done["invoice_lines"]) == {Verb.KEEP}
    for key, verdict in done["invoices"].items():
        issued: date = next(r["issued_on"] for r in firm.world.rows["invoices"] if (r["id"],) == key)
        year = issued.year + (issued.month > 6)  # the financial year ends on 30 June
        assert (verdict.ground, verdict.until) == ("BFL-7-2", date(year + 7, 12, 31))


def test_what_the_books_point_at_stays_without_name_and_number(firm: Workspace) -> None:
    done = erased(firm, no(LEFT))["customers"]
    (verdict,) = done.values()
    assert verdict.verb is Verb.CHANGE
    assert {"name", "personnummer", "email", "phone", "address"} <= verdict.changes.keys()


def test_sign_ins_and_traffic_of_who_has_left_go(firm: Workspace) -> None:
    done = erased(firm, no(LEFT))
    assert (
        verbs(done["logins"]) == verbs(done["order_checks"]) == verbs(done["portal_users"]) == {Verb.DELETE}
    )


def test_who_still_has_a_contract_keeps_what_it_needs(firm: Workspace) -> None:
    done = erased(firm, no(LET_IN))
    assert verbs(done["customers"]) == verbs(done["subscriptions"]) == {Verb.KEEP}


def test_who_shares_an_address_is_found_by_number_and_the_letter_is_counted_only(firm: Workspace) -> None:
    person = next(p for p in firm.world.persons if no(SHARES) in p.numbers)
    assert expected(firm.world, person).shared["newsletter"]
    assert "newsletter" not in given(firm, no(SHARES))


def test_a_contact_at_a_supplier_is_found_by_address(firm: Workspace) -> None:
    contact = firm.world.rows["supplier_contacts"][0]
    assert given(firm, ("email", contact["email"])) == {"supplier_contacts": {(contact["id"],)}}
