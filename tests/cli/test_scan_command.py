"""`lofte scan` lays what was seen of a website beside the policy; what a browser sees is handed in here."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from lofte.cli import scan as command
from lofte.cli.main import run
from lofte.errors import Refused
from lofte.policy.cookies.seen import Asked, Buttons, Seen, SeenForm, SeenPage, State, Stored
from lofte.scan.chromium import chromium
from lofte.scan.looking import Look

COMPANY = Path(__file__).parents[2] / "examples" / "consultancy"
SEEN = Seen(
    site="https://vitmossa.example",
    banner="known",
    buttons=Buttons(reject=True, same_look=True, ratio=1.0),
    states=(State.BEFORE, State.REJECTED, State.ACCEPTED),
    pages=tuple(
        SeenPage(path="/", state=state, status=200, settings=True)
        for state in (State.BEFORE, State.REJECTED, State.ACCEPTED)
    ),
    stored=(
        Stored(name="vm_session", kind="cookie", host="vitmossa.example", state=State.BEFORE, page="/"),
        Stored(name="_ga", kind="cookie", host="vitmossa.example", state=State.BEFORE, page="/", days=400),
    ),
    asked=(Asked(host="stats.example", what="script", state=State.BEFORE, page="/"),),
    forms=(SeenForm(page="/bestall", fields=("name", "<b>shoe")),),
)


@pytest.fixture
def scan(monkeypatch, capsys):
    def call(*arguments: str, language: str = "en") -> tuple[str, str, int]:
        picture = {State.BEFORE: b"\xff\xd8picture"}
        monkeypatch.setattr(command, "_look", lambda *_, **__: Look(seen=SEEN, pictures=picture))
        more = ["--workspace", str(COMPANY), "--language", language, "--no-note"]
        with pytest.raises(SystemExit) as ended:
            run(["scan", *arguments, *more])
        said = capsys.readouterr()
        return said.out, said.err, int(ended.value.code or 0)

    return call


def test_what_is_wrong_is_told_with_its_number_and_fails_a_build(scan):
    out, _, code = scan("https://vitmossa.example")
    assert code == 1
    for number in ("C101", "C102", "C104", "C105", "C108", "C110"):
        assert number in out
    assert "usually as statistics" in out


def test_it_speaks_swedish(scan):
    out, _, _ = scan("https://vitmossa.example", language="sv")
    assert "`_ga` lagras på / innan någon har sagt ja" in " ".join(out.split())
    assert "Bannern är inte Löftes" in out


def test_a_program_gets_all_that_was_seen(scan):
    out, _, _ = scan("https://vitmossa.example", "--format", "json")
    told = json.loads(out)
    assert told["seen"]["stored"][1]["name"] == "_ga"
    assert told["counts"]["c101"] == 1
    assert {fault["number"] for fault in told["faults"]} >= {"C101", "C104"}


def test_sarif_points_into_the_policy_and_says_what_is_demanded(scan):
    out, _, _ = scan("https://vitmossa.example", "--format", "sarif")
    (made,) = json.loads(out)["runs"]
    rules = {rule["id"]: rule["shortDescription"]["text"] for rule in made["tool"]["driver"]["rules"]}
    assert rules["C101"].startswith("What is stored")
    where = made["results"][0]["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "policy.yaml"
    assert where["region"]["startLine"] > 1


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_report_holds_all_it_needs_and_runs_nothing(scan, tmp_path, language):
    file = tmp_path / "report.html"
    scan("https://vitmossa.example", "--html", str(file), language=language)
    page = file.read_text(encoding="utf-8")
    assert "data:image/jpeg;base64," in page
    assert "<script" not in page
    assert "<b>shoe" not in page
    assert "&lt;b&gt;shoe" in page
    assert ' src="http' not in page


def test_a_draft_marks_what_is_proposed_and_takes_no_files_place(scan, tmp_path):
    file = tmp_path / "cookies.yaml"
    scan("https://vitmossa.example", "--draft", str(file))
    drafted = file.read_text(encoding="utf-8")
    assert '"name": "_ga", "purpose": "statistics"' in drafted
    assert "# proposed" in drafted
    _, err, code = scan("https://vitmossa.example", "--draft", str(file))
    assert code == 1
    assert "is there already" in " ".join(err.split())


def test_what_is_no_address_is_refused_with_the_mend(scan):
    _, err, code = scan("vitmossa.example")
    assert code == 1
    assert "https://" in err


def test_without_playwright_it_says_what_to_run(monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(Refused, match=r"pip install 'lofte\[scan\]'"), chromium():
        pass
