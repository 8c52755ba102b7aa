"""`lofte undo` and `lofte restored`, from the line to the row."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from lofte.cli.main import make_app
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.execution import restore_log, tombstones
from lofte.law.rights import Right
from lofte.requests import sealing
from lofte.requests.course.receive import receive
from lofte.requests.models import Deferral
from lofte.requests.records.deferred import Doubt
from lofte.site.workspace import load, open_house

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
REQUEST = "a" * 32
IDENTITY = {
    "legal_name: null": "legal_name: Lanternans Bokhandel AB",
    "org_no: null": "org_no: 556000-0000",
    "email: null": "email: dataskydd@lanternan.example",
    "address: null": "address: Hamngatan 1, 400 00 Göteborg",
}
TABLES = """
create table customers (id integer primary key, customer_no text, name text, email text, delivered_on date);
create table orders (id integer primary key, customer_id integer references customers, placed_on date,
                     delivered_on date);
create table schema_version (v integer);
insert into customers values (1, 'K1', 'Anna Lind', 'anna@kund.example', '2016-03-01'),
  (2, 'K2', 'Eva Lind', 'eva@kund.example', null);
insert into orders values (1, 1, '2016-02-01', '2016-03-01'), (3, 2, '2026-02-03', null);
"""
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    for name in ("LOFTE_WORKSPACE", "LOFTE_HOME", "LANGUAGE", "LOFTE_DEBUG"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


def lofte(*arguments, language="en"):
    return CliRunner(env={"COLUMNS": "300", "TERM": "dumb"}).invoke(make_app(language), list(arguments))


@pytest.fixture
def shop(tmp_path, monkeypatch, store, settings):
    """A filled-in workspace, its database, and the house over it."""
    folder = tmp_path / "lanternan"
    lofte("init", str(folder))
    text = (folder / "policy.yaml").read_text()
    for empty, filled in IDENTITY.items():
        text = text.replace(empty, filled)
    (folder / "policy.yaml").write_text(text)
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.executescript(TABLES)
    monkeypatch.setenv("EXAMPLE_URL", f"sqlite:///{tmp_path / 'shop.db'}")
    settings.LOFTE_HOME = tmp_path / "home"
    settings.LOFTE_HOME.mkdir()
    return folder


@pytest.fixture
def house(shop):
    return open_house(load(shop))


def rows(tmp_path, table="customers"):
    with sqlite3.connect(tmp_path / "shop.db") as db:
        return db.execute(f"select * from {table} order by id").fetchall()


def received(number="2026-000001"):
    from lofte.requests.models import Request

    now = datetime(2026, 11, 20, tzinfo=UTC)
    Request.objects.create(
        ref=REQUEST, number=number, right="erasure", channel="visit", language="sv", received_at=now,
        due_on=now.date(), policy_version="2026-01-01", state="delivered", key=b"",
    )  # fmt: skip


def erase(house, tmp_path):
    columns = ("id", "customer_no", "name", "email", "delivered_on")
    (anna, _) = rows(tmp_path)
    restore_log.keep(house, REQUEST, "erase", "example", "customer", columns, [anna])
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute("delete from customers where id = 1")


def test_undo_gives_back_what_was_erased(shop, house, tmp_path):
    received()
    before = rows(tmp_path)
    erase(house, tmp_path)
    done = lofte("--workspace", str(shop), "undo", "2026-000001", "--json")
    assert json.loads(done.stdout) == {
        "request": "2026-000001",
        "rows": 1,
        "datasets": [{"system": "example", "dataset": "customer", "rows": 1}],
        "left": [],
    }
    assert rows(tmp_path) == before


def test_undo_tells_by_row_and_column_what_somebody_has_written_since(shop, house, tmp_path):
    received()
    columns = ("id", "customer_no", "name", "email", "delivered_on")
    (anna, _) = rows(tmp_path)
    changes = {"name": [None], "email": [None]}
    restore_log.keep(house, REQUEST, "erase", "example", "customer", columns, [anna], changes=changes)
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute("update customers set name = null, email = 'ny@kund.example' where id = 1")
    done = lofte("--workspace", str(shop), "undo", "2026-000001")
    assert "example.customer 1: email" in done.stdout and "somebody since" in done.stdout
    assert "ny@kund" not in done.output
    assert rows(tmp_path)[0][2:4] == (anna[2], "ny@kund.example")


def test_undo_tells_what_to_do_next(shop, house, tmp_path):
    received()
    erase(house, tmp_path)
    done = lofte("--workspace", str(shop), "undo", "2026-000001", language="sv")
    assert "example.customer: 1" in done.stdout and "berätta det för personen" in done.stdout
    assert "anna" not in done.output.lower()


def test_undo_of_what_is_not_kept_is_refused(shop, house):
    received()
    refused = lofte("--workspace", str(shop), "undo", "2026-000001")
    assert (refused.exit_code, "14 days" in refused.stderr) == (1, True)


def test_undo_of_an_unknown_request_is_refused(shop, house):
    refused = lofte("--workspace", str(shop), "undo", "2026-000009")
    assert (refused.exit_code, "2026-000123" in refused.stderr) == (1, True)


def test_rows_in_doubt_are_listed_by_what_may_be_shown_and_settled_by_somebody(shop, house):
    from lofte.accounts.models import Handler

    assert "no row is in doubt" in lofte("--workspace", str(shop), "doubt", "list").stdout.lower()
    request = receive(house, right=Right.ERASURE, identities=[ANNA], channel="visit")
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    row = Deferral.objects.create(
        request=request, system="example", dataset="customer", lookup="x", due_on=house.today,
        key=sealing.seal_text(key, '["1"]', "deferral", request.ref),
    )  # fmt: skip
    Doubt.objects.create(deferral=row, at=house.now)
    listed = lofte("--workspace", str(shop), "doubt", "list", language="sv").stdout
    assert listed.startswith(f"{request.number}  example.customer 1 ")
    settle = ("--workspace", str(shop), "doubt", "settle", request.number, "--whose", "anothers")
    assert lofte(*settle).exit_code == 1
    Handler.objects.create(email="bertil@butik.example", role="handler")
    done = lofte("--by", "bertil@butik.example", "--json", *settle)
    assert json.loads(done.stdout) == {"number": request.number, "rows": 1, "whose": "anothers"}
    row.refresh_from_db()
    assert row.done_at is not None


def test_a_restored_system_is_rid_of_whom_it_brought_back(shop, house, tmp_path):
    tombstones.note(house, REQUEST, "example", "customer", [("1",)], [ANNA], grounds=("17.1.d",))
    tombstones.note(house, REQUEST, "example", "order", [("1",)], grounds=("17.1.d",))
    done = lofte("--workspace", str(shop), "restored", "example", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"system": "example", "looked": 4, "back": 2, "kept": 0}
    assert [row[0] for row in rows(tmp_path)] == [2]
    assert [row[0] for row in rows(tmp_path, "orders")] == [3]
    assert tombstones.restored(house.folder) == ()


def test_nothing_came_back_is_told_too(shop, house, tmp_path):
    done = lofte("--workspace", str(shop), "restored", "example", language="sv")
    assert "0 hade kommit tillbaka" in done.stdout
    assert len(rows(tmp_path)) == 2


def test_what_is_newer_than_the_backup_is_told_by_its_moment(shop, house, tmp_path):
    tombstones.note(house, REQUEST, "example", "customer", [("2",)], [ANNA])
    refused = lofte("--workspace", str(shop), "restored", "example")
    assert (refused.exit_code, "--taken" in refused.stderr) == (1, True)
    assert tombstones.restored(house.folder) == ("example",)
    done = lofte("--workspace", str(shop), "restored", "example", "--taken", "2999-01-01T03:00")
    assert done.exit_code == 0
    assert len(rows(tmp_path)) == 2


@pytest.mark.parametrize("written", [("nej",), ("example", "--taken", "igår")])
def test_a_system_or_a_moment_nobody_knows_is_a_fault_of_the_command(shop, house, written):
    assert lofte("--workspace", str(shop), "restored", *written).exit_code == 2
