"""What is shown fits the screen and nothing is cut; what a machine reads is one document."""

import json

import pytest
import typer

from lofte.cli import words
from lofte.cli.screen import say_json, titles
from lofte.cli.table import Column, show
from lofte.errors import Unreachable
from lofte.policy.document import Policy
from tests.conftest import POLICY

COLUMNS = (
    Column(heading="Request"),
    Column(heading="Name", folds=True, least=2),
    Column(heading="Rows", number=True),
    Column(heading="Held", number=True, unless_empty=True),
    Column(heading="Sure", least=1),
    Column(heading="Since"),
)
ROWS = [
    ("2026-000002", "Stiftelsen Toppdomänregistret i Norden", "1048576", "0", "yes", "2026-11-20"),
    ("2026-000004", "Globex", "3", "0", "perhaps", "2026-11-21"),
]


@pytest.fixture(autouse=True)
def english():
    words.speak("en")


@pytest.mark.parametrize("width", [200, 80, 60, 40, 20])
def test_no_number_name_or_day_is_ever_cut(width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    show(COLUMNS, ROWS)
    shown = capsys.readouterr().out
    assert "…" not in shown
    for cell in ("2026-000002", "2026-000004", "1048576", "2026-11-20", "2026-11-21"):
        assert cell in shown


def test_a_text_is_folded_before_a_column_is_left_out(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "75")
    show(COLUMNS, ROWS)
    shown = capsys.readouterr().out
    assert "Name" in shown and max(map(len, shown.splitlines())) <= 75
    assert all(word in shown for word in ["Stiftelsen", "Toppdomänregistret", "i", "Norden", "perhaps"])


def test_what_says_least_is_left_out_first(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "55")
    show(COLUMNS, ROWS)
    shown = capsys.readouterr().out
    assert "Globex" not in shown and "perhaps" in shown


def test_a_column_of_nothing_but_zeros_is_left_out(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    show(COLUMNS, ROWS)
    assert "Held" not in capsys.readouterr().out
    show(COLUMNS, [(*ROWS[0][:3], "7", *ROWS[0][4:])])
    assert "Held" in capsys.readouterr().out


def test_what_stopped_it_half_way_stands_in_the_one_document(capsys):
    with pytest.raises(typer.Exit) as ended:
        say_json({"silent": ["shop"]}, Unreachable("a system does not answer; look again when it does"))
    told = json.loads(capsys.readouterr().out)
    assert told["silent"] == ["shop"] and told["error"]["kind"] == "Unreachable"
    assert ended.value.exit_code == told["error"]["exit"] == 4


def test_purposes_are_called_what_the_policy_calls_them():
    policy = Policy.model_validate(POLICY)
    assert titles(policy, ["deliver", "unknown"], "sv") == "Leverera tjänsten, unknown"


@pytest.mark.parametrize(("n", "said"), [(1, "1 rad skulle"), (2, "2 rader skulle"), (0, "0 rader skulle")])
def test_one_row_is_one_row(n, said):
    words.speak("sv")
    found = words.ngettext(
        "{rows} row would leave or change as of {day}. Nothing was done and nothing noted",
        "{rows} rows would leave or change as of {day}. Nothing was done and nothing noted",
        n,
    )
    assert found.format(rows=n, day="").startswith(said)
    words.speak("en")
