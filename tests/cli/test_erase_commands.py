"""An erasure at the terminal: seen, approved, carried out, told; and what keeps it."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.cli.test_stuck_cases import Shop

PASSWORD = "en-lykta-i-hamnen-42"
BY = ("--by", "bertil@lanternan.example")
APPROVED = ("--approved-by", "cecilia@lanternan.example", *BY)
K1, SHOWN = ("--identity", "customer_no=K1"), ("--identified-by", "pass i kassan")


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Shop:
    made = Shop(tmp_path_factory.mktemp("erasing"))
    for name, role in (("bertil", "handler"), ("cecilia", "approver"), ("frida", "finance")):
        address = ("--email", f"{name}@lanternan.example", "--role", role)
        done = made.lofte("handler", "add", *address, "--password-stdin", given=f"{PASSWORD}\n")
        assert done.returncode == 0, done.stderr
    return made


def customers(shop: Shop) -> set[int]:
    with sqlite3.connect(shop.database) as db:
        return {row[0] for row in db.execute("select id from customers")}


def test_an_erasure_is_seen_approved_carried_out_and_told(shop):
    seen = json.loads(shop.lofte("plan", "erase", *K1, "--json").stdout)
    assert seen["rows"] == {"gone": 2, "changed": 0, "kept": 0} and not seen["too_wide"]
    assert "Det här har vi raderat" in seen["letter"]["sv"]
    shown = shop.lofte("plan", "erase", *K1, "--language", "sv")
    assert "Brevet som går ut" in shown.stdout and seen["systems"][0]["digest"] in shown.stdout

    hold = shop.lofte(
        "hold", "place", *K1, "--case", "T 1-26", "--review-on", "2099-01-01", "--why", "tvist",
        "--by", "frida@lanternan.example", "--json",
    )  # fmt: skip
    ref = json.loads(hold.stdout)["hold"]
    assert json.loads(hold.stdout)["known"] is True
    kept = json.loads(shop.lofte("plan", "erase", *K1, "--json").stdout)
    assert {line["ground"] for line in kept["systems"][0]["lines"]} == {"legal_claim"}
    (listed,) = json.loads(shop.lofte("hold", "list", "--json").stdout)["holds"]
    assert (listed["hold"], listed["overdue"], listed["why"]) == (ref, False, "tvist")
    assert shop.lofte("hold", "list", "--overdue").returncode == 0
    assert (
        shop.lofte("hold", "lift", ref, "--why", "klart", "--by", "cecilia@lanternan.example").returncode == 1
    )
    assert shop.lofte("hold", "lift", ref[:12], "--why", "förlikning", *BY).returncode == 0

    before = shop.requests()
    other = ("--plan", "0" * 64)
    refused = shop.lofte("request", "erase", *K1, *SHOWN, *APPROVED, *other)
    assert refused.returncode == 1 and shop.requests() == before and 1 in customers(shop)
    done = shop.lofte(
        "request", "erase", *K1, *SHOWN, *APPROVED, "--plan", seen["systems"][0]["digest"], "--json"
    )
    (request,) = json.loads(done.stdout)["requests"]
    assert request["state"] == "delivered" and 1 not in customers(shop)

    number = request["number"]
    letter = shop.lofte("request", "letter", number, "--answer-in", "en")
    assert letter.returncode == 0 and "This we have erased" in letter.stdout
    steps = json.loads(shop.lofte("request", "outcome", number, "--json").stdout)["steps"]
    assert {(step["step"], step["state"]) for step in steps} == {("erase", "done"), ("verify", "done")}
    later = shop.lofte("request", "later", "--json")
    assert json.loads(later.stdout) == {"done": 0, "waiting": 0} and later.returncode == 0


def test_a_hold_on_whom_nobody_knows_is_placed_with_a_warning(shop):
    hold = ("hold", "place", "--identity", "customer_no=K99", "--case", "T 9-26", "--why", "tvist")
    placed = shop.lofte(*hold, "--review-on", "2099-01-01", *BY)
    assert placed.returncode == 0 and "No system knows one person by this" in placed.stderr
    ref = placed.stdout.split()[1]
    assert len(ref) == 12 and shop.lofte("hold", "lift", ref, "--why", "fel", *BY).returncode == 0


def test_who_may_not_place_a_hold_is_refused(shop):
    hold = ("hold", "place", *K1, "--case", "T 2-26", "--review-on", "2099-01-01", "--why", "tvist")
    refused = shop.lofte(*hold, "--by", "cecilia@lanternan.example")
    assert refused.returncode == 1 and "may do this" in refused.stderr


def test_there_is_no_letter_before_there_is_an_answer(shop, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("email\nhem@kund.example\n", encoding="utf-8")
    doubtful = shop.lofte("request", "erase", "--identities", str(people), *SHOWN, *APPROVED)
    assert doubtful.returncode == 3 and "stays open" in doubtful.stderr
    number = shop.requests()[-1]["number"]
    assert shop.lofte("request", "letter", number).returncode == 1
    more = ("--number", number, "--identity", "customer_no=K4", "--identified-by", "pass")
    assert shop.lofte("request", "erase", *more, *APPROVED).returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("shoe\n44\n", id="column"),
        pytest.param("email\nnej\n", id="value"),
        pytest.param("", id="empty"),
    ],
)
def test_a_list_with_a_fault_opens_no_request(shop, tmp_path, text):
    before, people = shop.requests(), tmp_path / "people.csv"
    people.write_text(text, encoding="utf-8")
    refused = shop.lofte("request", "erase", "--identities", str(people), *SHOWN, *APPROVED)
    assert refused.returncode == 2 and shop.requests() == before


def test_no_letter_is_shown_while_a_system_is_silent_and_nobody_asks_twice(shop):
    silent = shop.lofte("plan", "erase", *K1, "--json", EXAMPLE_URL="sqlite:////nowhere/shop.db")
    told = json.loads(silent.stdout)
    assert silent.returncode == told["error"]["exit"] == 4 and told["silent"] and not told["letter"]
    who = ("--identity", "customer_no=K3", "--identified-by", "pass")
    stopped = shop.lofte("request", "erase", *who, *APPROVED, EXAMPLE_URL="sqlite:////nowhere/shop.db")
    assert stopped.returncode == 4
    number = shop.requests()[-1]["number"]
    again = shop.lofte("request", "erase", *who, *APPROVED)
    assert again.returncode == 1 and number in again.stderr and shop.requests()[-1]["number"] == number
