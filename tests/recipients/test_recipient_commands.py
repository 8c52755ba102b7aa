"""`lofte recipients`, `lofte review` and `lofte request deidentify`, at the terminal."""

from __future__ import annotations

import io
import json

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from lofte.accounts.models import Handler
from lofte.cli.main import make_app
from lofte.policy.document import Policy
from lofte.requests.models import Decision
from tests.deidentify.conftest import fill, gym
from tests.deidentify.conftest import policy as counted
from tests.services import sqlite_database

HANDLER, APPROVER = "bertil@norrsken.example", "cecilia@norrsken.example"
SAID = {"sv": "T", "en": "T"}


def policy():
    plain = counted().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    plain["automated_decisions"] = {
        "credit": {"exists": True, "art22": True, "basis": "contract", "logic": SAID, "effects": SAID},
        "traffic": {"exists": True, "logic": SAID, "effects": SAID},
    }
    plain["rights"]["human_review"] = {"channels": ["email"], "for": ["credit"]}
    return Policy.model_validate(plain).model_dump(mode="json", by_alias=True, exclude_defaults=True)


def write(path, value):
    out = io.StringIO()
    YAML().dump(value, out)
    path.write_text(out.getvalue())


@pytest.fixture
def folder(store, tmp_path, monkeypatch):
    folder = tmp_path / "gymmet"
    (folder / "systems").mkdir(parents=True)
    url = sqlite_database(tmp_path)
    fill(url)
    write(folder / "policy.yaml", policy())
    system = gym().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    write(folder / "systems/gym.yaml", {**system, "system": 1, "url": url})
    for name in ("LOFTE_WORKSPACE", "LOFTE_HOME", "LANGUAGE", "LOFTE_DEBUG", "LOFTE_BY"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    Handler.objects.create(email=HANDLER, role="handler")
    Handler.objects.create(email=APPROVER, role="approver")
    return folder


def lofte(folder, *arguments, by=HANDLER, language="en"):
    runner = CliRunner(env={"COLUMNS": "300", "TERM": "dumb"})
    return runner.invoke(make_app(language), ["--workspace", str(folder), "--by", by, *arguments])


def told(folder, *arguments, by=HANDLER):
    run = lofte(folder, "--json", *arguments, by=by)
    assert run.exit_code == 0, run.output
    return json.loads(run.stdout)


WHO = ("--identity", "email=m1@gym.example")
HOW = ("--identified-by", "BankID", "--approved-by", APPROVER)


def test_rows_are_shown_before_and_deidentified_after(folder):
    seen = told(folder, "plan", "deidentify", *WHO)
    assert {c["dataset"]: c["persons"] for c in seen["systems"][0]["crowds"]} == {"visits": 4, "lessons": 4}
    done = told(folder, "request", "deidentify", *WHO, *HOW)
    assert done["state"] == "delivered" and done["tests"][0]["residual"] == 0
    assert ["gym", "visits", "deidentified", 4] in done["rows"]
    assert Decision.objects.get().outcome == "deidentified"


def test_what_would_tell_is_refused_before_anything_is_noted(folder):
    text = (folder / "systems/gym.yaml").read_text().replace("coarse: start", "coarse: hundreds")
    (folder / "systems/gym.yaml").write_text(text.replace("erase: generalise", "erase: keep"))
    run = lofte(folder, "plan", "deidentify", *WHO)
    assert run.exit_code != 0 and "gym.visits.place" in run.stderr


def test_a_recipient_is_listed_written_to_and_told(folder):
    number = told(folder, "request", "deidentify", *WHO, *HOW)["number"]
    (waiting,) = told(folder, "recipients", "list")["recipients"]
    assert (waiting["number"], waiting["recipient"], waiting["sure"]) == (number, "counter", True)
    letter = lofte(folder, "recipients", "text", number, "counter")
    assert number in letter.stdout and "m1@gym.example" in letter.stdout
    told(folder, "recipients", "told", number, "counter", "--channel", "letter")
    assert told(folder, "recipients", "list") == {"recipients": []}
    (heard,) = told(folder, "recipients", "of", number)["recipients"]
    assert heard["recipient"] == "counter" and heard["told_on"] and not heard["impossible"]
    assert lofte(folder, "recipients", "told", number, "counter").exit_code != 0


def test_a_recipient_that_cannot_be_told_has_a_reason(folder):
    number = told(folder, "request", "deidentify", *WHO, *HOW)["number"]
    assert lofte(folder, "recipients", "of", number).stdout.endswith(": is to be told\n")
    told(folder, "recipients", "impossible", number, "counter", "--why", "finns inte mer")
    said = lofte(folder, "recipients", "of", number, language="sv").stdout
    assert said.endswith(": kan inte underrättas: finns inte mer\n")
    assert told(folder, "recipients", "list") == {"recipients": []}


def test_a_review_from_asking_to_letter(folder):
    how = ("--decision", "credit", "--identified-by", "svar från adressen", "--view", "Jag har betalat")
    number = told(folder, "request", "review", *WHO, *how)["number"]
    assert [r["number"] for r in told(folder, "review", "list")["reviews"]] == [number]
    told(folder, "review", "assign", number, "--to", APPROVER)
    decided = ("review", "decide", number, "--outcome", "changed", "--why", "Fakturan var betald.")
    assert lofte(folder, *decided).exit_code != 0
    assert told(folder, "review", "show", number, by=APPROVER)["view"] == "Jag har betalat"
    assert told(folder, *decided, by=APPROVER)["outcome"] == "changed"
    assert "Fakturan var betald." in lofte(folder, "review", "letter", number).stdout


def test_analysis_is_not_reviewed(folder):
    run = lofte(folder, "request", "review", *WHO, "--decision", "traffic", "--identified-by", "samtal")
    assert run.exit_code != 0 and "art. 21" in run.stderr


def test_swedish_is_spoken(folder):
    assert "Ingen" in lofte(folder, "recipients", "list", language="sv").stdout
    assert "ingen" in lofte(folder, "review", "list", language="sv").stdout.lower()


def test_a_table_shows_rows_and_crowds(folder):
    shown = lofte(folder, "plan", "deidentify", *WHO).stdout
    assert "de-identify" in shown and "among at least 4 persons" in shown
