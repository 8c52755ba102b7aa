"""`lofte sweep` at the terminal: what is shown, what is done, and the exit code."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.cli.test_stuck_cases import Shop

PASSWORD = "en häst, ett batteri, en klammer"
OLD = """
insert into customers values (20, 'K20', 'Gun Ek', 'gun@kund.example', '2015-01-05');
insert into orders values (20, 20, '2015-01-01', '2015-01-05');
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    shop = Shop(tmp_path_factory.mktemp("shop"))
    with sqlite3.connect(shop.database) as db:
        db.executescript(OLD)
    who = ("--email", "astrid@lanternan.example", "--name", "Astrid", "--role", "approver")
    added = shop.lofte("handler", "add", *who, "--password-stdin", given=PASSWORD)
    assert added.returncode == 0, added.stderr
    return shop


def rows(shop) -> dict[str, int]:
    with sqlite3.connect(shop.database) as db:
        return {t: db.execute(f"select count(*) from {t}").fetchone()[0] for t in ("customers", "orders")}


def test_a_sweep_is_looked_at_approved_and_carried_out(shop):
    before = rows(shop)
    shown = shop.lofte("sweep", "--dry-run", "--json")
    assert shown.returncode == 0, shown.stderr
    tasks = {(t["dataset"], t["fate"]): t for t in json.loads(shown.stdout)["tasks"]}
    due = {at: task["rows"] for at, task in tasks.items() if task["rows"]}
    assert due and {task["stopped"] for task in tasks.values()} == {"unapproved"}
    refused = shop.lofte("sweep")
    assert refused.returncode == 1 and "not approved yet" in refused.stderr
    assert rows(shop) == before
    nobody = shop.lofte("sweep", "--approve")
    assert nobody.returncode == 1 and rows(shop) == before
    swept = shop.lofte("sweep", "--approve", "--by", "astrid@lanternan.example", "--json")
    said = json.loads(swept.stdout)
    assert swept.returncode == 0, swept.stdout + swept.stderr
    assert said["outcome"] == "done" and said["stops"] == []
    gone = sum(line["gone"] for line in said["lines"])
    assert gone and sum(before.values()) - sum(rows(shop).values()) == gone
    again = shop.lofte("sweep", "--language", "sv")
    assert again.returncode == 0 and "0 rader är borta" in again.stdout


def test_what_will_leave_is_shown_day_by_day(shop):
    told = shop.lofte("sweep", "calendar", "--days", "36600", "--json")
    assert told.returncode == 0, told.stderr
    days = [each["day"] for each in json.loads(told.stdout)["leaving"]]
    assert days == sorted(days)
    assert shop.lofte("sweep", "calendar").returncode == 0


def test_a_day_that_is_none_or_has_not_come_is_refused(shop):
    assert shop.lofte("sweep", "--as-of", "i morgon").returncode == 2
    future = shop.lofte("sweep", "--as-of", "2999-01-01")
    assert future.returncode == 1 and "has not come" in future.stderr
    assert shop.lofte("sweep", "--as-of", "2999-01-01", "--dry-run").returncode == 0
    assert shop.lofte("sweep", "--rule", "nothing").returncode == 1
