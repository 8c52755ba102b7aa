"""`lofte request object|withdraw|restrict`, `lofte objection`, `lofte restriction`, `lofte gate`."""

from __future__ import annotations

import io
import json
import sqlite3

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from lofte.accounts.models import Handler
from lofte.cli.main import make_app
from lofte.consent.models import Suppression
from lofte.requests.models import Request
from tests.consent.conftest import policy

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
            "restrict": {"column": "state", "value": "stopped"},
        }
    },
}
YES, NO = 0, 1


@pytest.fixture
def folder(store, tmp_path, monkeypatch):
    terms = {"effect": "stops_service", "tell_before": ["stop", "release"]}
    folder = tmp_path / "butiken"
    (folder / "systems").mkdir(parents=True)
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute(
            "create table customers (id integer primary key, customer_no text, email text, state text)"
        )
        db.execute("insert into customers values (1, 'K1', 'anna@kund.example', 'on')")
    plain = policy(restriction=terms).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    write(folder / "policy.yaml", plain)
    write(folder / "systems/shop.yaml", {**MAP, "url": f"sqlite:///{tmp_path / 'shop.db'}"})
    for name in ("LOFTE_WORKSPACE", "LOFTE_HOME", "LANGUAGE", "LOFTE_DEBUG"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return folder


def write(path, value):
    out = io.StringIO()
    YAML().dump(value, out)
    path.write_text(out.getvalue())


def lofte(folder, *arguments, stdin="", language="en"):
    runner = CliRunner(env={"COLUMNS": "300", "TERM": "dumb"})
    return runner.invoke(make_app(language), ["--workspace", str(folder), *arguments], input=stdin)


def told(folder, *arguments):
    run = lofte(folder, "--json", *arguments)
    assert run.exit_code == YES, run.output
    return json.loads(run.stdout)


def may(folder, *arguments):
    return lofte(folder, "gate", *arguments).exit_code == YES


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
class TestAtTheTerminal:
    def test_one_command_ends_all_marketing_to_whoever_the_number_is(self, folder):
        answer = told(folder, "request", "object", "--identity", "customer_no=K1")
        assert answer["state"] == "delivered" and answer["suppressed"] == 1
        assert not may(folder, "send", "--to", "email=ANNA@kund.example")
        assert may(folder, "send", "--to", "email=ANNA@kund.example", "--message", "service")

    def test_a_mailing_loses_those_who_said_no(self, folder):
        told(folder, "request", "object", "--identity", "email=anna@kund.example")
        everybody = "anna@kund.example\neva@kund.example\n\n"
        run = lofte(folder, "gate", "sieve", stdin=everybody)
        assert run.exit_code == YES and run.stdout == "eva@kund.example\n"

    def test_a_weighed_objection_waits_for_its_decision(self, folder):
        said = ("--words", "min situation")
        who = ("--identity", "customer_no=K1", "--purpose", "support")
        answer = told(folder, "request", "object", *who, *said)
        assert answer["waiting"] == 1 and answer["state"] == "identified"
        assert lofte(folder, "objection", answer["number"]).stdout == "min situation\n"
        assert not may(folder, "process", "--identity", "email=anna@kund.example", "--purpose", "support")
        number = answer["number"]
        shown = ("objection", number, "--outcome", "grounds_shown")
        assert lofte(folder, *shown, "--words", "pågående tvist").exit_code == NO  # nobody answers for it
        Handler.objects.create(email="bertil@butik.example", role="handler")
        bertil = ("--by", "bertil@butik.example")
        assert lofte(folder, *bertil, *shown).exit_code == NO
        told(folder, *bertil, *shown, "--words", "pågående tvist")
        assert may(folder, "process", "--identity", "email=anna@kund.example", "--purpose", "support")
        assert Request.objects.get().state == "delivered"

    def test_withdrawing_is_one_command(self, folder):
        answer = told(folder, "request", "withdraw", "--identity", "email=anna@kund.example")
        assert set(answer["stopped"]) == {"signup", "photos"} and answer["state"] == "delivered"
        assert not may(folder, "send", "--to", "email=anna@kund.example")

    def test_a_restriction_from_its_beginning_to_its_end(self, folder, tmp_path):
        def state():
            with sqlite3.connect(tmp_path / "shop.db") as db:
                return db.execute("select state from customers").fetchone()[0]

        who = ["--identity", "customer_no=K1"]
        how = ["--ground", "accuracy", "--identified-by", "e-id"]
        number = told(folder, "request", "restrict", *who, *how)["number"]
        process = ["process", "--identity", "email=anna@kund.example", "--purpose"]
        assert may(folder, *process, "deliver") and not may(folder, *process, "support")
        assert may(folder, *process, "support", "--use", "claims")
        assert told(folder, "restriction", "told", number, "--what", "stop")["to_tell"] == []
        assert not may(folder, *process, "deliver") and state() == "stopped"
        assert lofte(folder, "restriction", "lift", number, "--outcome", "corrected").exit_code == NO
        assert told(folder, "restriction", "announce", number)["to_tell"] == ["release"]
        told(folder, "restriction", "told", number, "--what", "release")
        assert told(folder, "restriction", "lift", number, "--outcome", "corrected")["lifted"]
        assert (
            may(folder, *process, "deliver")
            and state() == "on"
            and Request.objects.get().state == "delivered"
        )

    def test_a_restriction_needs_to_know_who_asks(self, folder):
        run = lofte(
            folder, "request", "restrict", "--identity", "customer_no=K1", "--ground", "claim",
            "--identified-by", "ett brev", "--sure", "contact",
        )  # fmt: skip
        assert run.exit_code == 3

    def test_saying_no_works_though_a_system_is_silent(self, folder, tmp_path):
        text = (folder / "systems/shop.yaml").read_text()
        gone = text.replace("shop.db", "nowhere/shop.db")
        (folder / "systems/shop.yaml").write_text(gone)
        run = lofte(folder, "request", "object", "--identity", "email=anna@kund.example")
        assert run.exit_code == 4 and Suppression.objects.count() == 1
        assert Request.objects.get().state == "identified"

    def test_a_name_is_put_right_and_a_statement_kept(self, folder, tmp_path):
        who = ["--identity", "customer_no=K1", "--identified-by", "svar från adressen"]
        wrong = ["--item", "contact.email", "--was", "anna@kund.example", "--now", "anna.ny@kund.example"]
        answer = told(folder, "request", "rectify", *who, *wrong, "--statement", "Jag bytte i maj.")
        assert answer["rows"] == [["shop", "customers", "email", 1]] and answer["state"] == "delivered"
        with sqlite3.connect(tmp_path / "shop.db") as db:
            assert db.execute("select email from customers").fetchone() == ("anna.ny@kund.example",)
        assert lofte(folder, "request", "rectify", *who).exit_code == 2

    def test_swedish_is_spoken(self, folder):
        run = lofte(folder, "request", "object", "--identity", "email=anna@kund.example", language="sv")
        assert "stoppat genast" in run.stdout
        refused = lofte(folder, "gate", "send", "--to", "email=anna@kund.example", language="sv")
        assert refused.stdout.startswith("Nej")
