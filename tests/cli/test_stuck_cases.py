"""What stops half-way can be gone on with, and what cannot be begun opens no request."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLES = """
create table customers (id integer primary key, customer_no text, name text, email text, delivered_on date);
create table orders (id integer primary key, customer_id integer references customers, placed_on date,
                     delivered_on date);
create table schema_version (v integer);
insert into customers values (1, 'K1', 'Anna Lind', 'anna@kund.example', '2026-03-01'),
  (3, 'K3', 'Ture Berg', 'hem@kund.example', null), (4, 'K4', 'Tora Berg', 'Hem@kund.example', null);
insert into orders values (1, 1, '2026-02-01', '2026-03-01');
"""
ANNA = ("--identity", "customer_no=K1", "--identified-by", "pass i kassan")


class Shop:
    """A filled-in workspace and its database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder / "lanternan", folder / "shop.db"
        assert self.lofte("init", str(self.folder)).returncode == 0
        policy = self.folder / "policy.yaml"
        text = policy.read_text()
        for key, value in {
            "legal_name": "Lanternans Bokhandel AB",
            "org_no": "556000-0000",
            "email": "dataskydd@lanternan.example",
            "address": "Hamngatan 1, 400 00 Göteborg",
        }.items():
            text = text.replace(f"{key}: null", f"{key}: {value}", 1)
        policy.write_text(text)
        self.fill()

    def fill(self) -> None:
        with sqlite3.connect(self.database) as db:
            db.executescript(TABLES)

    def lofte(self, *arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("LOFTE_", "DJANGO_"))}
        own |= {"LC_ALL": "C.UTF-8", "COLUMNS": "300", "EXAMPLE_URL": f"sqlite:///{self.database}", **more}
        own["LOFTE_WORKSPACE"] = str(self.folder)
        command = [sys.executable, "-c", "from lofte.cli.main import run; run()", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=own, input=given, check=False)

    def requests(self) -> list[dict[str, str]]:
        return json.loads(self.lofte("request", "list", "--all", "--json").stdout)["requests"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return Shop(tmp_path_factory.mktemp("shop"))


def test_what_cannot_be_begun_opens_no_request(shop, tmp_path):
    before = shop.requests()
    out = ("--out", str(tmp_path / "out"))
    refused = {
        2: [
            ("request", "access", "--identity", "customer_no=K1", *out),
            ("request", "access", "--identity", "customer_no=K1", "--identified-by", "  ", *out),
            ("request", "access", "--identified-by", "pass", *out),
            ("request", "access", "--identity", "email=nej", "--identified-by", "pass", *out),
        ],
        1: [("request", "access", *ANNA, "--out", "/proc/nope")],
    }
    for code, commands in refused.items():
        for command in commands:
            assert shop.lofte(*command).returncode == code, command
    assert "choose another folder with --out" in shop.lofte(*refused[1][0]).stderr
    assert shop.requests() == before


def test_an_ambiguous_request_goes_on_with_one_more_identity(shop, tmp_path):
    known = len(shop.requests())
    home = ("--identity", "email=hem@kund.example", "--identified-by", "pass i kassan")
    stopped = shop.lofte("request", "access", *home, "--out", str(tmp_path))
    number = shop.requests()[-1]["number"]
    assert stopped.returncode == 3 and f"--number {number}" in stopped.stderr
    assert number in shop.lofte("request", "list").stdout
    more = ("--number", number, "--identity", "customer_no=K3", "--identified-by", "avtal")
    done = shop.lofte("request", "access", *more, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / f"{number}.zip").is_file()
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert len(shop.requests()) == known + 1
    assert number not in shop.lofte("request", "list").stdout


def test_what_is_shown_is_not_added_to_a_request_that_is_under_way(shop, tmp_path):
    done = shop.lofte("request", "access", *ANNA, "--out", str(tmp_path), "--json")
    number = json.loads(done.stdout)["number"]
    again = shop.lofte("request", "access", "--number", number, "--out", str(tmp_path / "again"))
    assert again.returncode == 0 and (tmp_path / "again" / f"{number}.zip").is_file()
    refused = shop.lofte("request", "access", "--number", number, *ANNA, "--out", str(tmp_path))
    assert refused.returncode == 1 and "leave out --identity" in refused.stderr
    nobody = shop.lofte("request", "access", "--number", "1999-000001", "--out", str(tmp_path))
    assert nobody.returncode == 1


def test_a_changed_entry_is_found_and_nothing_is_served(shop):
    assert shop.lofte("ledger", "verify").stdout.endswith("unbroken.\n")
    store = next((shop.folder / ".lofte").glob("*.sqlite3"))
    with sqlite3.connect(store) as db:
        (kind,) = db.execute("select kind from execution_ledgerentry where seq = 1").fetchone()
        db.execute("update execution_ledgerentry set kind = 'changed' where seq = 1")
    broken = shop.lofte("ledger", "verify")
    assert (broken.returncode, "entry 1" in broken.stdout) == (1, True)
    served = shop.lofte("serve", "--port", "0")
    assert served.returncode == 1 and "lofte ledger verify" in served.stderr
    with sqlite3.connect(store) as db:
        db.execute("update execution_ledgerentry set kind = ? where seq = 1", [kind])
    assert json.loads(shop.lofte("ledger", "verify", "--json").stdout)["broken"] is None


def test_who_takes_a_request_is_recorded_once_somebody_works_here(tmp_path):
    shop = Shop(tmp_path)
    added = ("handler", "add", "--email", "bertil@lanternan.example", "--role", "handler", "--password-stdin")
    assert shop.lofte(*added, given="en lång mening om hav\n").returncode == 0
    out = ("--out", str(tmp_path / "out"))
    assert "--by" in shop.lofte("request", "access", *ANNA, *out).stderr
    assert shop.requests() == []
    assert shop.lofte("request", "access", *ANNA, *out, "--by", "eva@lanternan.example").returncode == 1
    done = shop.lofte("request", "access", *ANNA, *out, LOFTE_BY="Bertil@lanternan.example")
    assert done.returncode == 0, done.stderr
    (bertil,) = json.loads(shop.lofte("handler", "list", "--json").stdout)["handlers"]
    with sqlite3.connect(next((shop.folder / ".lofte").glob("*.sqlite3"))) as db:
        assert {by for (by,) in db.execute('select "by" from requests_transition')} == {bertil["ref"]}


# --- what is not there ---


def test_a_lost_database_is_told_and_not_made(shop):
    shop.database.rename(shop.database.with_suffix(".away"))
    try:
        checked = shop.lofte("check")
        assert checked.returncode == 4 and "X020" in checked.stdout and "is not there" in checked.stdout
        assert not shop.database.exists()
        shop.database.write_text("no database, but a letter of some length")
        assert "X014" in shop.lofte("check").stdout
        assert "X013" in shop.lofte("check", EXAMPLE_URL="oracle://x").stdout
        assert "cx_Oracle" in shop.lofte("check", EXAMPLE_URL="oracle://x").stdout
        assert "X013" in shop.lofte("check", EXAMPLE_URL="nonsense").stdout
    finally:
        shop.database.with_suffix(".away").replace(shop.database)


def test_a_file_that_is_no_map_is_told_and_yml_is_read(shop):
    systems = shop.folder / "systems"
    (systems / "example.yaml").rename(systems / "example.yml")
    (systems / "old.yaml.txt").write_text("system: 1\n")
    (systems / ".hidden").write_text("")
    try:
        told = json.loads(shop.lofte("check", "--offline", "--json").stdout)["faults"]
        assert [(f["number"], f["file"]) for f in told] == [("X012", "systems/old.yaml.txt")]
    finally:
        (systems / "old.yaml.txt").unlink()
        (systems / "example.yml").rename(systems / "example.yaml")


@pytest.mark.parametrize(
    "command",
    [("init", "/proc/nope"), ("--home", "/dev/null", "request", "list"), ("--home", "/proc/x", "publish")],
)
def test_a_folder_that_cannot_be_written_is_one_sentence(shop, command):
    refused = shop.lofte(*command)
    assert refused.returncode == 1
    assert refused.stderr.strip().count("\n") == 0 and "choose" in refused.stderr
