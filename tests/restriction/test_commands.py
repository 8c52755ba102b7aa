"""`lofte restriction list|watch|settle`, and a newsletter job of the company that asks the gate."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from lofte.cli.main import make_app
from tests.consent.conftest import policy
from tests.restriction.second import write

MAP = {
    "system": 1,
    "id": "shop",
    "name": {"sv": "Butik", "en": "Shop"},
    "datasets": {
        "customers": {
            "name": {"sv": "Kunder", "en": "Customers"},
            "key": "id",
            "purposes": ["deliver"],
            "subject": [{"by": "own"}],
            "fields": {
                "id": {"technical": True},
                "customer_no": {"category": "contact", "identity": "customer_no"},
                "email": {"category": "contact", "item": "email", "identity": "email"},
                "state": {"technical": True},
            },
        }
    },
}
MEANS = {"status": {"column": "state", "value": "stopped"}, "copy": {"copy": "locked"}, "gate": None}
TOLD_BEFORE = {"effect": "stops_service", "tell_before": ["stop", "release"]}


def saved(path, value):
    out = io.StringIO()
    YAML().dump(value, out)
    path.write_text(out.getvalue())


def workspace(tmp_path, means="gate", terms=TOLD_BEFORE):
    folder = tmp_path / "butiken"
    (folder / "systems").mkdir(parents=True)
    columns = "(id integer primary key, customer_no text, email text, state text)"
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute(f"create table customers {columns}")
        db.execute(f"create table locked {columns}")
        db.execute("insert into customers values (1, 'K1', 'anna@kund.example', 'on')")
        db.execute("insert into customers values (2, 'K2', 'eva@kund.example', 'on')")
    customers = dict(MAP["datasets"]["customers"])
    if MEANS[means]:
        customers["restrict"] = MEANS[means]
    saved(
        folder / "policy.yaml",
        policy(restriction=terms).model_dump(mode="json", by_alias=True, exclude_defaults=True),
    )
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    saved(folder / "systems/shop.yaml", {**MAP, "url": url, "datasets": {"customers": customers}})
    return folder


@pytest.fixture
def env(store, monkeypatch):
    for name in ("LOFTE_WORKSPACE", "LOFTE_HOME", "LANGUAGE", "LOFTE_DEBUG"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def lofte(folder, *arguments, language="en"):
    runner = CliRunner(env={"COLUMNS": "300", "TERM": "dumb"})
    return runner.invoke(make_app(language), ["--workspace", str(folder), *arguments])


def told(folder, *arguments, code=0):
    run = lofte(folder, "--json", *arguments)
    assert run.exit_code == code, run.output
    return json.loads(run.stdout)


def restricted(folder):
    how = ["--ground", "accuracy", "--identified-by", "e-id"]
    number = told(folder, "request", "restrict", "--identity", "customer_no=K1", *how)["number"]
    told(folder, "restriction", "told", number, "--what", "stop")
    return number


def states(tmp_path, table="customers"):
    with sqlite3.connect(tmp_path / "shop.db") as db:
        return db.execute(f"select id, state from {table} order by 1").fetchall()


def test_the_list_says_since_when_who_is_to_be_told_and_what_is_stopped(env, tmp_path):
    folder = workspace(tmp_path)
    assert told(folder, "restriction", "list") == {"restrictions": []}
    how = ["--ground", "accuracy", "--identified-by", "e-id"]
    number = told(folder, "request", "restrict", "--identity", "customer_no=K1", *how)["number"]
    (line,) = told(folder, "restriction", "list")["restrictions"]
    assert (line["number"], line["article"], line["told"]) == (number, "18.1.a", False)
    assert line["to_tell"] == ["stop"] and "deliver" not in line["stopped"] and line["since"]
    told(folder, "restriction", "told", number, "--what", "stop")
    (line,) = told(folder, "restriction", "list")["restrictions"]
    assert line["told"] and line["to_tell"] == [] and line["watched"] == ["shop"]
    assert number in lofte(folder, "restriction", "list").stdout


@pytest.mark.parametrize("means", list(MEANS))
def test_it_stops_when_the_person_is_told_and_ends_when_they_are_told(env, tmp_path, means):
    folder = workspace(tmp_path, means)
    how = ["--ground", "accuracy", "--identified-by", "e-id"]
    number = told(folder, "request", "restrict", "--identity", "customer_no=K1", *how)["number"]
    both = [(1, "on"), (2, "on")]
    assert states(tmp_path) == both
    told(folder, "restriction", "told", number, "--what", "stop")
    during = {"status": [(1, "stopped"), (2, "on")], "copy": [(2, "on")], "gate": both}[means]
    assert states(tmp_path) == during
    assert lofte(folder, "restriction", "lift", number, "--outcome", "corrected").exit_code == 1
    assert states(tmp_path) == during
    told(folder, "restriction", "announce", number)
    assert lofte(folder, "restriction", "lift", number, "--outcome", "corrected").exit_code == 1
    told(folder, "restriction", "told", number, "--what", "release")
    told(folder, "restriction", "lift", number, "--outcome", "corrected")
    assert states(tmp_path) == both and states(tmp_path, "locked") == []
    assert told(folder, "restriction", "list") == {"restrictions": []}


@pytest.mark.parametrize("means", list(MEANS))
def test_where_nobody_is_to_be_told_before_it_stops_at_once_in_the_systems_too(env, tmp_path, means):
    folder = workspace(tmp_path, means, {"mode": "storage_only"})
    how = ["--ground", "accuracy", "--identified-by", "e-id"]
    told(folder, "request", "restrict", "--identity", "customer_no=K1", *how)
    during = {"status": [(1, "stopped"), (2, "on")], "copy": [(2, "on")], "gate": [(1, "on"), (2, "on")]}
    assert states(tmp_path) == during[means]
    (line,) = told(folder, "restriction", "list")["restrictions"]
    assert line["told"] and line["watched"] == ["shop"]


def test_watching_ends_with_1_when_somebody_has_written_and_tells_how_to_mend_it(env, tmp_path):
    folder = workspace(tmp_path)
    number = restricted(folder)
    assert lofte(folder, "restriction", "watch").exit_code == 0
    write(f"sqlite:///{tmp_path / 'shop.db'}", "update customers set state = 'vip' where id = 1")
    run = lofte(folder, "restriction", "watch")
    assert run.exit_code == 1
    assert f"Request {number}: shop.customers has been written to by somebody else (1 changed)" in run.stdout
    assert f"lofte restriction settle {number}" in run.stdout
    (line,) = told(folder, "restriction", "watch", code=1)["restrictions"]
    (breach,) = line["breaches"]
    assert (breach["system"], breach["dataset"], breach["changed"]) == ("shop", "customers", 1)
    assert told(folder, "restriction", "list")["restrictions"][0]["breaches"] == [breach]


def test_a_breach_is_settled_with_a_reason(env, tmp_path):
    folder = workspace(tmp_path)
    number = restricted(folder)
    write(f"sqlite:///{tmp_path / 'shop.db'}", "update customers set state = 'vip' where id = 1")
    assert lofte(folder, "restriction", "watch").exit_code == 1
    assert lofte(folder, "restriction", "settle", number, "--why", "").exit_code == 1
    run = lofte(folder, "restriction", "settle", number, "--why", "the law demands it", language="sv")
    assert run.exit_code == 0 and "1 intrång är avgjort" in run.stdout
    assert lofte(folder, "restriction", "watch").exit_code == 0


def test_a_row_that_could_not_come_back_is_told(env, tmp_path):
    folder = workspace(tmp_path, "copy")
    number = restricted(folder)
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    write(url, "insert into customers values (1, 'K9', 'ny@kund.example', 'on')")
    told(folder, "restriction", "announce", number)
    told(folder, "restriction", "told", number, "--what", "release")
    run = lofte(folder, "restriction", "lift", number, "--outcome", "corrected")
    assert run.exit_code == 0 and "1 row stays in the copy" in run.stdout
    write(url, "delete from customers where id = 1")
    run = lofte(folder, "restriction", "lift", number, "--outcome", "corrected")
    assert "stays in the copy" not in run.stdout and states(tmp_path) == [(1, "on"), (2, "on")]


def test_the_server_looks_by_itself_and_says_so_in_its_log(env, tmp_path, caplog):
    from lofte.consent.models import RestrictionBreach
    from lofte.site.turns import watcher

    folder = workspace(tmp_path)
    restricted(folder)
    write(f"sqlite:///{tmp_path / 'shop.db'}", "update customers set state = 'vip' where id = 1")
    turn = watcher(folder)
    turn()
    assert RestrictionBreach.objects.get().changed == 1
    assert "lofte restriction watch" in caplog.text and "vip" not in caplog.text
    caplog.clear()
    turn()  # not before ten minutes have gone
    assert not caplog.text


class TestANewsletterJob:
    """A job of the company, in processes of its own, that knows the database and the gate only."""

    def run(self, folder, *arguments, stdin=""):
        command = [sys.executable, "-c", "from lofte.cli.main import run; run()"]
        environment = {**os.environ, "LOFTE_HOME": str(folder / "home"), "LC_ALL": "C.UTF-8"}
        environment |= {"LOFTE_WORKSPACE": str(folder), "LANGUAGE": ""}
        done = subprocess.run(
            [*command, *arguments], input=stdin, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def test_is_refused_for_whoever_is_restricted(self, tmp_path):
        folder = workspace(tmp_path)
        how = ["--ground", "accuracy", "--identified-by", "e-id"]
        code, said, why = self.run(folder, "request", "restrict", "--identity", "customer_no=K1", *how)
        assert code == 0, (said, why)
        with sqlite3.connect(tmp_path / "shop.db") as db:
            addresses = "\n".join(email for (email,) in db.execute("select email from customers"))
        code, passed, _ = self.run(folder, "gate", "sieve", "--message", "marketing", stdin=addresses)
        assert (code, passed.split()) == (0, ["eva@kund.example"])
        one = ["gate", "send", "--to", "email=anna@kund.example", "--message", "marketing"]
        assert self.run(folder, *one)[0] == 1
        code, ledger, _ = self.run(folder, "ledger", "verify")
        assert code == 0, ledger
