"""What `lofte` promises at the terminal: words, results, exit codes."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from lofte.cli import words
from lofte.cli.exits import MEANING, Code, code_of
from lofte.cli.group import hoisted
from lofte.cli.main import make_app
from lofte.cli.reference import pages

ROOT = Path(__file__).parents[2]
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
create index by_mail on customers (lower(email));
create index by_number on customers (customer_no);
create index by_customer on orders (customer_id);
insert into customers values (1, 'K1', 'Anna Lind', 'anna@kund.example', '2026-03-01'),
  (2, 'K2', 'Eva Lind', 'eva@kund.example', null), (3, 'K3', 'Ture Berg', 'hem@kund.example', null),
  (4, 'K4', 'Tora Berg', 'Hem@kund.example', null);
insert into orders values (1, 1, '2026-02-01', '2026-03-01'), (2, 1, '2026-02-02', null),
  (3, 2, '2026-02-03', null);
"""


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    """What a command changes for the whole process is put back."""
    for name in ("LOFTE_WORKSPACE", "LOFTE_HOME", "LANGUAGE", "LOFTE_DEBUG"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


def lofte(*arguments, language="en"):
    # Wide, so that no sentence is broken.
    return CliRunner(env={"COLUMNS": "300", "TERM": "dumb"}).invoke(make_app(language), list(arguments))


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """The workspace that `init` makes, filled in, and the database that it describes."""
    folder = tmp_path / "lanternan"
    assert lofte("init", str(folder)).exit_code == Code.OK
    policy = folder / "policy.yaml"
    text = policy.read_text()
    for empty, filled in IDENTITY.items():
        text = text.replace(empty, filled)
    policy.write_text(text)
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.executescript(TABLES)
    monkeypatch.setenv("EXAMPLE_URL", f"sqlite:///{tmp_path / 'shop.db'}")
    return folder


# SQLAlchemy cannot describe an index on an expression; ours reads those itself.
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")


def at(workspace, *arguments, language="en"):
    return lofte("--workspace", str(workspace), *arguments, language=language)


# --- init ---


def test_a_new_workspace_lacks_only_who_the_controller_is(tmp_path):
    made = lofte("init", str(tmp_path / "ny"), "--json")
    assert made.exit_code == Code.OK
    assert {fault["number"] for fault in json.loads(made.stdout)["faults"]} == {"P101"}
    paths = {fault["path"].split(".")[0] for fault in json.loads(made.stdout)["faults"]}
    assert paths == {"controller"}


def test_a_filled_in_workspace_has_no_fault(workspace):
    checked = at(workspace, "check", "--offline")
    assert (checked.exit_code, checked.stdout) == (Code.OK, "No faults.\n")


def test_init_lists_what_a_person_must_fill_in(tmp_path):
    told = lofte("init", str(tmp_path / "ny")).stdout
    assert all(name in told for name in ("legal_name", "org_no", "email", "address"))


def test_init_overwrites_nothing(workspace):
    before = (workspace / "policy.yaml").read_text()
    refused = lofte("init", str(workspace))
    assert refused.exit_code == Code.FAULTS
    assert "choose an empty folder" in refused.stderr
    assert (workspace / "policy.yaml").read_text() == before


def test_the_store_is_kept_out_of_git(workspace):
    assert ".lofte/" in (workspace / ".gitignore").read_text().splitlines()


# --- check ---


def test_policy_map_and_live_system_that_agree_have_no_fault(workspace):
    assert (at(workspace, "check").exit_code, at(workspace, "check").stdout) == (Code.OK, "No faults.\n")


def test_a_new_column_in_the_live_system_fails_the_check(workspace, tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute("alter table customers add column diagnosis text")
    checked = at(workspace, "check")
    assert checked.exit_code == Code.FAULTS
    line = (workspace / "systems/example.yaml").read_text().splitlines().index("    fields:") + 1
    assert f"systems/example.yaml:{line}:5 (datasets.customer.fields): error M203" in checked.stdout
    assert at(workspace, "check", "--offline").exit_code == Code.OK


def test_nothing_is_published_while_the_live_system_has_an_undecided_column(workspace, tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute("alter table customers add column diagnosis text")
    refused = program("--workspace", str(workspace), "publish")
    assert refused.returncode == Code.FAULTS and "M203" in refused.stderr
    assert not (workspace / ".lofte").exists()
    offline = program("--workspace", str(workspace), "publish", "--offline")
    assert offline.returncode == Code.OK, offline.stderr


def test_publishing_waits_for_a_system_that_does_not_answer(workspace, monkeypatch):
    monkeypatch.setenv("EXAMPLE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/shop?connect_timeout=2")
    refused = at(workspace, "publish")
    assert refused.exit_code == Code.UNREACHABLE
    assert "use --offline" in refused.stderr


@pytest.mark.parametrize("how", [("check", "--json"), ("--json", "check"), ("check", "--format", "json")])
def test_faults_come_as_json_for_a_machine(workspace, tmp_path, how):
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute("create table diary (id integer primary key)")
    told = json.loads(at(workspace, *how).stdout)
    assert [fault["number"] for fault in told["faults"]] == ["M204"]
    assert told["counts"] == {"error": 1, "warning": 0, "note": 0}
    assert told["faults"][0]["mend"]


def test_faults_come_as_sarif_with_file_line_rule(tmp_path):
    lofte("init", str(tmp_path / "ny"))
    checked = at(tmp_path / "ny", "check", "--offline", "--format", "sarif")
    (run,) = json.loads(checked.stdout)["runs"]
    assert json.loads(checked.stdout)["version"] == "2.1.0"
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "policy.yaml"
        assert physical["region"]["startLine"] > 1
    assert checked.exit_code == Code.FAULTS


def test_notes_are_shown_when_asked_for(workspace, tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute("drop index by_mail")
    quiet, loud = at(workspace, "check"), at(workspace, "check", "--notes")
    assert (quiet.exit_code, loud.exit_code) == (Code.OK, Code.OK)
    assert "M210" not in quiet.stdout and "1 note" in quiet.stdout
    assert 'CREATE INDEX "lofte_customers_email" ON "customers" (lower("email"));' in loud.stdout


def test_a_waived_fault_does_not_fail_the_check(workspace, tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as db:
        db.execute("create table diary (id integer primary key)")
    with (workspace / "policy.yaml").open("a") as policy:
        policy.write("waivers: [{fault: M204, reason: Töms nästa vecka.}]\n")
    assert at(workspace, "check").exit_code == Code.OK


def test_a_misspelt_key_is_met_with_the_right_one_at_its_line(workspace):
    text = (workspace / "policy.yaml").read_text()
    (workspace / "policy.yaml").write_text(text.replace("legal_basis", "legal_bases"))
    line = next(i for i, row in enumerate(text.splitlines(), 1) if "legal_basis" in row)
    checked = at(workspace, "check", "--offline")
    assert f"policy.yaml:{line}:" in checked.stdout
    assert "legal_basis" in checked.stdout
    assert checked.exit_code == Code.FAULTS


def test_a_system_that_does_not_answer_has_an_exit_code_of_its_own(workspace, monkeypatch):
    monkeypatch.setenv("EXAMPLE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/shop?connect_timeout=2")
    checked = at(workspace, "check")
    assert checked.exit_code == Code.UNREACHABLE
    assert "X020" in checked.stdout


def test_an_address_that_is_not_set_is_a_fault(workspace, monkeypatch):
    monkeypatch.delenv("EXAMPLE_URL")
    checked = at(workspace, "check")
    assert checked.exit_code == Code.FAULTS
    assert "EXAMPLE_URL" in checked.stdout


def test_outside_a_workspace_the_way_in_is_told(tmp_path):
    for command in (["check"], ["publish"], ["plan", "access", "--identity", "customer_no=K1"]):
        refused = at(tmp_path, *command)
        assert refused.exit_code == Code.FAULTS
        assert "lofte init" in refused.stderr


# --- plan ---


def test_a_plan_counts_the_rows_of_one_person(workspace):
    planned = at(workspace, "plan", "access", "--identity", "email=Anna@kund.example", "--json")
    told = json.loads(planned.stdout)
    assert {step["dataset"]: step["rows"]["given"] for step in told["steps"]} == {"customer": 1, "order": 2}
    assert told["rows"] == {"given": 3, "waiting": 0, "passed_on": 0, "shared": 0}
    assert planned.exit_code == Code.OK


def test_a_plan_shows_no_data(workspace):
    for more in ([], ["--json"]):
        planned = at(workspace, "plan", "access", "--identity", "customer_no=K1", *more)
        assert planned.exit_code == Code.OK
        for value in ("anna@kund.example", "Anna Lind", "2026-03-01"):
            assert value not in planned.output


def test_a_plan_for_nobody_we_know_is_all_zeros(workspace):
    planned = at(workspace, "plan", "access", "--identity", "email=okand@kund.example", "--json")
    assert (planned.exit_code, set(json.loads(planned.stdout)["rows"].values())) == (Code.OK, {0})


def test_an_address_two_persons_share_needs_another_identity(workspace):
    planned = at(workspace, "plan", "access", "--identity", "email=hem@kund.example")
    assert planned.exit_code == Code.NOT_IDENTIFIED
    assert "ask for another" in planned.stderr
    told = at(
        workspace, "plan", "access", "--identity", "email=hem@kund.example", "--identity", "customer_no=K3"
    )
    assert told.exit_code == Code.OK


@pytest.mark.parametrize(
    "written", ["email", "emil=anna@kund.example", "=x", "email=nej", "personnummer=191212121213"]
)
def test_what_is_no_identity_is_a_fault_of_the_command(workspace, written):
    refused = at(workspace, "plan", "access", "--identity", written)
    assert refused.exit_code == Code.USAGE
    assert "--identity" in refused.stderr
    assert "121212" not in refused.output


def test_an_ambiguous_plan_is_one_object_for_a_machine(workspace):
    told = at(workspace, "plan", "access", "--identity", "email=hem@kund.example", "--json")
    assert json.loads(told.stdout)["error"]["kind"] == "Ambiguous"


def test_a_look_alike_is_warned_of(workspace):
    planned = at(workspace, "plan", "access", "--identity", "email=\u0430nna@kund.example")
    assert "R007" in planned.stderr
    assert planned.exit_code == Code.OK


def test_nothing_is_planned_while_the_policy_has_errors(tmp_path):
    lofte("init", str(tmp_path / "ny"))
    refused = at(tmp_path / "ny", "plan", "access", "--identity", "customer_no=K1")
    assert refused.exit_code == Code.FAULTS
    assert "4 faults: run `lofte check` and mend them." in refused.stderr


# --- errors ---


def breaking(monkeypatch, error):
    def judge(*arguments, **options):
        raise error

    monkeypatch.setattr("lofte.site.judge.judge", judge)


def test_what_nobody_foresaw_is_one_sentence_without_anybodys_data(workspace, monkeypatch):
    breaking(monkeypatch, RuntimeError("anna@kund.example"))
    for more in ([], ["--json"]):
        broken = at(workspace, "check", *more)
        assert broken.exit_code == Code.INTERNAL
        assert "LOFTE_DEBUG=1" in broken.output
        assert "Traceback" not in broken.output
        assert "anna@kund.example" not in broken.output


def test_the_way_to_where_it_broke_is_shown_when_asked_for(workspace, monkeypatch):
    breaking(monkeypatch, RuntimeError("here"))
    monkeypatch.setenv("LOFTE_DEBUG", "1")
    assert "Traceback" in at(workspace, "check").stderr


def test_ctrl_c_is_no_fault(workspace, monkeypatch):
    breaking(monkeypatch, KeyboardInterrupt())
    stopped = at(workspace, "check")
    assert stopped.exit_code == Code.INTERRUPTED
    assert "Traceback" not in stopped.output


def test_an_error_comes_as_json_for_a_machine(tmp_path):
    told = json.loads(at(tmp_path, "check", "--json").stdout)["error"]
    assert told["exit"] == Code.FAULTS
    assert "lofte init" in told["says"]
    usage = at(tmp_path, "check", "--json", "--nej")
    assert (usage.exit_code, json.loads(usage.stdout)["error"]["exit"]) == (Code.USAGE, Code.USAGE)


def test_every_error_of_the_house_has_an_exit_code():
    from lofte import errors

    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.LofteError)]
    made = {errors.FaultsFound: [], errors.Residue: {"shop.log.text": 1}}
    codes = {k.__name__: code_of(k(made.get(k, "x"))) for k in kinds}
    assert codes["Ambiguous"] == codes["NotIdentified"] == Code.NOT_IDENTIFIED
    assert codes["Unreachable"] == Code.UNREACHABLE
    assert (
        codes["FaultsFound"] == codes["Refused"] == codes["Conflict"] == codes["LedgerClosed"] == Code.FAULTS
    )
    assert codes["Broken"] == Code.INTERNAL
    assert codes["Residue"] == Code.FAULTS


# --- words ---


def test_options_may_stand_anywhere():
    assert hoisted(["check", "--json", "--workspace", "w", "--offline"]) == [
        "--json",
        "--workspace",
        "w",
        "check",
        "--offline",
    ]
    assert hoisted(["check", "--home=h", "--", "--json"]) == ["--home=h", "check", "--", "--json"]


@pytest.mark.parametrize(
    ("locale", "language"), [("sv_SE.UTF-8", "sv"), ("en_GB.UTF-8", "en"), ("C", "en"), ("de_DE", "en")]
)
def test_the_language_is_that_of_the_locale(monkeypatch, locale, language):
    monkeypatch.setenv("LC_ALL", locale)
    assert words.chosen([]) == language
    assert words.chosen(["check", "--language", "sv"]) == "sv"
    assert words.chosen(["--language=en", "check"]) == "en"


def test_swedish_is_spoken(workspace):
    assert at(workspace, "check", "--offline", language="sv").stdout == "Inga fel.\n"
    assert "Håller vad integritetspolicyn lovar" in lofte("--help", language="sv").stdout


def test_every_word_has_its_swedish():
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import read_po

    with (words.LOCALE / "sv/LC_MESSAGES/lofte.po").open("rb") as file:
        known = {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in read_po(file) if m.string}
    said = extract_from_dir(str(ROOT / "src/lofte/cli"), keywords={"_": None, "ngettext": (1, 2)})
    wanted = {m if isinstance(m, str) else m[0] for _, _, m, _, _ in said} | set(MEANING.values())
    assert not wanted - set(known)
    assert all(string if isinstance(string, str) else all(string) for string in known.values())


def test_every_door_fault_has_its_swedish():
    from datetime import date

    from lofte.datamap.document import Kind
    from lofte.datamap.identity import read
    from lofte.fault import Place

    words.speak("sv")
    for kind in Kind:
        fault = read(kind, "", date(2026, 1, 1), Place())
        assert words.gettext(fault.what) != fault.what
        assert words.gettext(fault.mend) != fault.mend


@pytest.mark.parametrize("file", ["cli.md", "faults-map.md"])
def test_the_reference_pages_are_up_to_date(file):
    """`python -m lofte.cli.reference docs/reference` makes them."""
    assert (ROOT / "docs/reference" / file).read_text() == pages()[file]


def test_every_exit_code_is_told_in_the_help():
    told = lofte("--help").stdout
    assert all(meaning in " ".join(told.split()) for meaning in MEANING.values())


# --- schema ---


@pytest.mark.parametrize(("which", "file"), [("policy", "policy.yaml"), ("system", "systems/example.yaml")])
def test_the_schema_takes_what_we_write(workspace, which, file):
    schema = json.loads(lofte("schema", which).stdout)
    written = YAML(typ="safe", pure=True).load((workspace / file).read_text().replace("2026-", "x2026-"))
    del written[which]
    written[which] = 1
    if which == "policy":
        written["meta"]["effective_from"] = "2026-01-01"
    jsonschema.Draft202012Validator(schema).validate(written)


# --- the real program ---


def program(*arguments, **environment):
    surroundings = {**os.environ, "LC_ALL": "C.UTF-8", **environment}
    surroundings.pop("LANGUAGE", None)
    command = [sys.executable, "-c", "from lofte.cli.main import run; run()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=surroundings, check=False)


def test_help_needs_neither_framework_nor_database():
    code = (
        "import sys; from lofte.cli.main import make_app; make_app('en');"
        "print(sorted({'django', 'sqlalchemy', 'pydantic', 'rich'} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_the_shell_completes_commands_and_kinds():
    asked = {"_LOFTE_COMPLETE": "complete_bash"}
    commands = program(COMP_WORDS="lofte pl", COMP_CWORD="1", **asked)
    assert commands.stdout.split() == ["plan"]
    kinds = program(COMP_WORDS="lofte plan access --identity per", COMP_CWORD="4", **asked)
    assert kinds.stdout.split() == ["personnummer="]


def test_a_request_goes_from_receipt_to_package(workspace, tmp_path):
    home = tmp_path / "home"
    common = ("--workspace", str(workspace), "--home", str(home))
    published = program(*common, "publish", "--json")
    assert (published.returncode, published.stderr) == (Code.OK, "")
    assert json.loads(published.stdout)["version"] == "1"
    answered = program(
        *common, "request", "access", "--identity", "email=anna@kund.example",
        "--identified-by", "Visade körkort i butiken", "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert answered.returncode == Code.OK, answered.stderr
    package = Path(answered.stdout.splitlines()[-1])
    assert package.is_file() and package.parent == tmp_path / "out"
    for value in ("anna@kund.example", "Anna Lind", "körkort"):
        assert value not in answered.stdout + answered.stderr


def test_a_request_by_a_shared_address_is_not_fulfilled(workspace, tmp_path):
    refused = program(
        "--workspace", str(workspace), "request", "access", "--identity", "email=hem@kund.example",
        "--identified-by", "Svarade på brev", "--out", str(tmp_path / "out"), "--json",
    )  # fmt: skip
    assert refused.returncode == Code.NOT_IDENTIFIED
    assert json.loads(refused.stdout)["error"]["kind"] == "Ambiguous"
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True
