"""Every hard case that the web host's world promises is really there."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from examples.webhost.generate import World, expected
from examples.webhost.people import CAST, Account, Sort
from examples.webhost.schema import METADATA


def cast(world: World, number: int) -> Account:
    return world.accounts[number - 1]


def stored(world: World, number: int) -> dict[str, Any]:
    return world.rows["customers"][number - 1]


@pytest.mark.parametrize(("first", "second"), [(1, 10), (2, 15)])
def test_a_second_account_has_another_address_and_another_spelling(
    world: World, first: int, second: int
) -> None:
    assert cast(world, first).person is cast(world, second).person
    assert stored(world, first)["email"] != stored(world, second)["email"]
    assert stored(world, first)["personnummer"] != stored(world, second)["personnummer"]
    digits = [re.sub(r"\D", "", stored(world, n)["personnummer"])[-10:] for n in (first, second)]
    assert digits[0] == digits[1]


def test_more_people_than_the_cast_have_two_accounts(world: World) -> None:
    assert sum(len(person.accounts) > 1 for person in world.persons) >= 10


def test_two_under_one_roof_share_an_address_and_not_their_rows(world: World) -> None:
    berit, sten = cast(world, 8), cast(world, 9)
    assert berit.person is not sten.person
    assert stored(world, 8)["email"] == stored(world, 9)["email"]
    assert ("email", "holms@kustmejl.example") in world.ambiguous
    assert not any(kind == "email" for way in berit.person.ways for kind, _ in way)
    for person in (berit.person, sten.person):
        answer = expected(world, person)
        assert answer.shared["newsletter"] and "newsletter" not in answer.certain
        assert answer.certain["customers"]
    assert len(world.ambiguous) >= 5


def test_a_company_and_its_owner_may_share_an_address(world: World) -> None:
    assert cast(world, 12).person.sort is Sort.COMPANY and cast(world, 13).person.sort is Sort.PRIVATE
    assert stored(world, 12)["email"] == stored(world, 13)["email"]


def test_a_private_customer_is_the_owner_contact_of_a_company(world: World) -> None:
    anna, company = cast(world, 1).person, cast(world, 11)
    both = expected(world, anna).certain["contacts"] & expected(world, company.person).certain["contacts"]
    rows = [row for row in world.rows["contacts"] if (row["id"],) in both and row["customer_id"] == 11]
    assert rows and rows[0]["email"] == "Anna.Ek@Brevbrygga.Example"


def test_capitals_and_other_spellings_stand_in_the_lists(world: World) -> None:
    for table in ("newsletter", "guest_orders"):
        addresses = [row["email"] for row in world.rows[table]]
        assert any(a != a.lower() for a in addresses)
        assert any("@xn--" in a.lower() for a in addresses)
    decomposed = [a for r in world.rows["newsletter"] if (a := r["email"]) != unicodedata.normalize("NFC", a)]
    assert "a\u0308nna.ek@brevbrygga.example" in decomposed


def test_guests_are_known_by_an_address_alone(world: World) -> None:
    guests = [person for person in world.persons if person.sort is Sort.GUEST]
    assert len(guests) > 80
    assert all("customers" not in expected(world, guest).certain for guest in guests)
    assert any(expected(world, guest).certain.get("guest_orders") for guest in guests)
    assert any(expected(world, guest).certain.get("change_log") for guest in guests)
    assert any(guest.personnummer and expected(world, guest).certain.get("domains") for guest in guests)


def test_protected_identity_and_coordination_number(world: World) -> None:
    siv = stored(world, 14)
    assert siv["protected_identity"]
    assert 61 <= int(siv["personnummer"].replace("-", "")[-6:-4]) <= 91
    address = f"{siv['address']}, {siv['postcode']}"
    assert not any(
        address in str(row) for name in ("invoices", "ticket_messages", "notes") for row in world.rows[name]
    )


def test_letters_beyond_a_to_z_stand_on_both_sides_of_the_at(world: World) -> None:
    box = cast(world, 16).mailbox
    assert box.address == "åsa.ängström@blåbärsbageriet.example"
    assert box.spelled("punycode") in {row["email"] for row in world.rows["event_registrations"]}


def test_an_unknown_address_tells_a_personnummer_and_waits(world: World) -> None:
    messages = {row["id"]: row["body"] for row in world.rows["ticket_messages"]}
    written: set[str] = set()
    for person in world.persons:
        for (key,) in expected(world, person).mention.get("ticket_messages", set()):
            number = person.personnummer or "-"
            spelled = (number, number[2:], f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}")
            written |= {str(n) for n, way in enumerate(spelled) if re.search(rf"\b{way}\b", messages[key])}
    assert written == {"0", "1", "2", "3"}


def test_third_persons_stand_in_the_letters(world: World) -> None:
    bodies = "\n".join(row["body"] for row in world.rows["ticket_messages"])
    assert re.search(r"tredje\d+@annanstans\.example", bodies)
    assert re.search(r"Min granne .+ nås på .+ eller 0\d\d-", bodies)
    strangers = [row for row in world.rows["ticket_messages"] if "kopierad" in row["body"]]
    assert strangers


def test_visitors_of_customers_sites_are_passed_on(world: World) -> None:
    sites = [row for row in world.rows["http_requests"] if row["service_id"] is not None]
    assert any(row["visitor"] is None for row in sites) and any(row["visitor"] for row in sites)
    assert any(expected(world, person).processor.get("site_requests") for person in world.persons)


def test_numbers_that_a_loose_comparison_mixes_up(world: World) -> None:
    assert [stored(world, n)["customer_no"] for n in (23, 24)] == ["10023", "10023A"]
    values = {row["value"] for row in world.rows["settings"] if row["name"] == "invoice_customer_no"}
    assert {"10001A", "010001", "10001 ", "1e4", "", None} <= values


def test_money_owed_and_accounts_closed(world: World) -> None:
    states = Counter(row["status"] for row in world.rows["invoices"])
    assert set(states) == {"paid", "unpaid", "reminded", "enforcement"}
    closed = [row for row in world.rows["customers"] if row["closed_on"]]
    assert 0.15 < len(closed) / len(world.rows["customers"]) < 0.4
    assert {row["kind"] for row in world.rows["customers"]} == {"private", "company", "sole_trader"}


def test_text_that_would_harm_whoever_opens_it(world: World) -> None:
    text = "\n".join(
        str(row[column])
        for table, column in (
            ("ticket_messages", "body"),
            ("tickets", "subject"),
            ("guest_orders", "message"),
        )
        for row in world.rows[table]
    )
    for wanted in ("=cmd|", "=HYPERLINK(", "<script>", "onerror=", "@SUM(", "DROP TABLE", "＝1+1"):
        assert wanted in text
    assert {"=1+1 Hedlund", "<b>Fet</b> Stil"} <= {row["name"] for row in world.rows["customers"]}


def test_names_of_tables_and_columns_are_awkward() -> None:
    assert {"order", "Återköp 2024"} <= METADATA.tables.keys()
    assert {"group", "from"} <= {column.name for column in METADATA.tables["order"].columns}
    assert {"från datum", "Belopp i öre", "Skäl"} <= {c.name for c in METADATA.tables["Återköp 2024"].columns}
    assert not METADATA.tables["order"].foreign_keys  # the one reference that nobody declared
    composite = [k for t in METADATA.sorted_tables for k in t.foreign_key_constraints if len(k.columns) > 1]
    assert composite


def test_half_of_a_composite_key_would_find_somebody_else(world: World) -> None:
    per_seq = Counter(row["seq"] for row in world.rows["service_members"])
    per_customer = Counter(row["customer_no"] for row in world.rows["service_members"])
    assert max(per_seq.values()) > 1 and max(per_customer.values()) > 1


def test_the_same_number_means_different_things_in_notes(world: World) -> None:
    about: dict[int, set[str]] = defaultdict(set)
    for row in world.rows["notes"]:
        about[row["subject_id"]].add(row["subject_type"])
    assert any({"customer", "ticket"} <= types for types in about.values())
    assert {"Customer", "customers", "invoice"} <= about[1]


def fold(text: str) -> str:
    marks_off = unicodedata.normalize("NFKD", text)
    return "".join(c for c in marks_off if not unicodedata.combining(c)).lower()


CARELESS: dict[str, Callable[[str, str], bool]] = {
    "accents dropped": lambda a, b: fold(a) == fold(b),
    "blanks cut off": lambda a, b: a.strip().lower() == b.strip().lower(),
    "compatibility letters": lambda a, b: (
        unicodedata.normalize("NFKC", a).lower() == unicodedata.normalize("NFKC", b).lower()
    ),
    "upper for lower": lambda a, b: a.upper() == b.upper(),
    "part of": lambda a, b: a.lower() in b.lower(),
    "like": lambda a, b: bool(re.fullmatch(re.escape(a).replace("%", ".*").replace("_", "."), b, re.I)),
}


@pytest.mark.parametrize("how", CARELESS)
def test_a_careless_comparison_would_give_somebody_elses_row(how: str, world: World) -> None:
    wrong = 0
    for account in world.accounts:
        if account.id in CAST and not account.mailbox.shared:
            for table in ("newsletter", "guest_orders", "customers"):
                mine = expected(world, account.person).certain.get(table, set())
                alike = [r for r in world.rows[table] if CARELESS[how](account.mailbox.address, r["email"])]
                wrong += sum((row["id"],) not in mine for row in alike)
    assert wrong
