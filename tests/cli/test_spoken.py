"""What other rooms say in English is said in Swedish at the terminal."""

import re
from datetime import date

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from lofte.cli import words
from lofte.cli.main import make_app
from lofte.cli.screen import sentence
from lofte.cli.spoken import spoken
from lofte.datamap.document import DataMap
from lofte.datamap.listed import read_list
from tests.datamap import test_checks as maps
from tests.policy.test_checks import SEEDS, changed, judged

OF_TYPER = {"lofte install_completion", "lofte show_completion"}
"""What the parser says in English only."""


@pytest.fixture
def swedish():
    words.speak("sv")
    yield
    words.speak("en")


@pytest.mark.parametrize(
    ("english", "theirs"),
    [
        ("the column `shop.kund.epost` has no decision", "kolumnen `shop.kund.epost` har inget beslut"),
        ("Did you mean `kund`?", "Menade du `kund`?"),
        ("`namm` is no key here", "`namm` är ingen nyckel här"),
        ("a request that is ready cannot become refused; read it again",
         "en begäran som är ready kan inte bli refused; läs den igen"),
        ("there is no policy.yaml in /a b/{c}; run `lofte init` or go to your workspace",
         "det finns ingen policy.yaml i /a b/{c}; kör `lofte init` eller gå till din arbetsmapp"),
        ("Add it to a purpose, or stop collecting it (art. 5.1 b)",
         "lägg den till ett ändamål, eller sluta samla in den (art. 5.1 b)"),
        ("Write `year_end(fiscal_year.end) + P7Y` (art. 6.1 c, 17.3 b)",
         "skriv `year_end(fiscal_year.end) + P7Y` (art. 6.1 c, 17.3 b)"),
        ("what nobody has put into Swedish", "what nobody has put into Swedish"),
    ],
)  # fmt: skip
def test_a_sentence_with_something_filled_in_is_known_again(swedish, english, theirs):
    assert spoken(english) == theirs


def test_in_english_nothing_is_changed():
    words.speak("en")
    assert spoken("Did you mean `kund`?") == "Did you mean `kund`?"


def test_every_pattern_finds_its_own_sentence(swedish):
    for ours, theirs in words.patterns().items():
        names = dict.fromkeys(re.findall(r"\{(\w+)\}", ours), "x1")
        assert spoken(ours.format(**names)) == theirs.format(**names)


def test_the_parser_speaks_swedish(swedish):
    told = CliRunner(env={"COLUMNS": "200", "TERM": "dumb"}).invoke(make_app("sv"), ["schema", "--nej"])
    assert told.exit_code == 2 and "Det finns ingen sådan flagga: --nej" in told.stderr


def _helps(command, name="lofte"):
    """Every help text of the command and of what is below it, by where it stands."""
    yield name, command.help
    for parameter in command.params:
        yield f"{name} {parameter.name}", getattr(parameter, "help", None)
    for below, each in getattr(command, "commands", {}).items():
        yield from _helps(each, f"{name} {below}")


def test_every_help_text_is_said_in_swedish():
    english, theirs = (dict(_helps(get_command(make_app(language)))) for language in ("en", "sv"))
    words.speak("en")
    alike = {at for at, text in theirs.items() if text and text == english[at]}
    assert alike <= OF_TYPER


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("R010", "shoe\n44\n"),
        ("R011", "customer_no\nK1\nK1\n"),
        ("R012", "email\n"),
        ("R013", "customer_no\n" + "".join(f"K{n}\n" for n in range(1200))),
        ("R014", "customer_no\nK1,K2,K3\n"),
    ],
)
def test_every_fault_of_a_list_is_told_in_swedish(swedish, number, text):
    (fault,) = {f.number: f for f in read_list(text, DataMap(), date(2026, 1, 1)).faults}.values()
    assert fault.number == number
    assert spoken(fault.what) != fault.what and spoken(fault.mend) != fault.mend


@pytest.mark.parametrize(
    "refusal",
    [
        "nobody has approved this; let another person look at what would happen, and approve",
        "this may be several people's; ask for something that is the person's alone, as an e-mail address or "
        "a customer number",
        "the policy asks for a second person, and nobody has signed that they took it in; let a handler "
        "identify the person",
        "the purpose `deliver` rests on 6.1.b, which nobody objects to (art. 21); consent is withdrawn, and "
        "what rests on contract ends with the contract",
    ],
)
def test_what_is_refused_is_refused_in_swedish(swedish, refusal):
    assert spoken(refusal) != refusal and "{" not in spoken(refusal)


def test_a_path_keeps_its_letters():
    assert sentence("tmp/x cannot be written") == "tmp/x cannot be written."
    assert sentence("it cannot be written") == "It cannot be written."


@pytest.mark.parametrize(("number", "path", "changes"), SEEDS, ids=[f"{n}-{p}" for n, p, _ in SEEDS])
def test_every_fault_of_a_policy_is_told_in_swedish(swedish, number, path, changes):
    faults = [fault for fault in judged(changed(*changes)) if fault.number == number]
    assert faults
    for fault in faults:
        assert spoken(fault.what) != fault.what
        assert spoken(fault.mend) != fault.mend


@pytest.mark.parametrize("number", [*maps.IN_MAP, *maps.LIVE])
def test_every_fault_of_a_map_is_told_in_swedish(swedish, number):
    faults = [fault for fault in maps.seeded(number) if fault.number == number]
    assert faults
    for fault in faults:
        assert spoken(fault.what) != fault.what
        assert spoken(fault.mend) != fault.mend
