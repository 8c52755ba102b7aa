"""The reference pages say what the code says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from lofte.cli.reference import pages as cli_pages
from lofte.datamap.document import System
from lofte.policy.document import Policy
from scripts import meanings, reference

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "lofte"


@pytest.mark.parametrize("name", ["policy.md", "datamap.md", "ledger.md"])
def test_a_page_made_from_the_code_is_up_to_date(name):
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == reference.pages()[name], "run `python -m scripts.reference`"


@pytest.mark.parametrize("name", ["cli.md", "faults-map.md", "faults-prose.md", "faults-site.md"])
def test_a_page_made_by_the_command_line_is_up_to_date(name):
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == cli_pages()[name], "run `python -m lofte.cli.reference docs/reference`"


@pytest.mark.parametrize(("root", "known"), [(Policy, meanings.POLICY), (System, meanings.DATAMAP)])
def test_no_meaning_is_told_of_a_field_that_is_gone(root, known):
    asked = {f"{model.__name__}.{name}" for model, name, field in reference.fields(root)}
    assert set(known) <= asked


@pytest.mark.parametrize(("root", "known"), [(Policy, meanings.POLICY), (System, meanings.DATAMAP)])
def test_every_field_has_a_meaning(root, known):
    missing = [
        f"{model.__name__}.{name}"
        for model, name, field in reference.fields(root)
        if not reference.meaning(model, name, field, known)
    ]
    assert not missing, "give each a docstring in its model, or a line in scripts/meanings.py"


def _read_from_the_environment() -> set[str]:
    """Every name that the code reads with `os.environ`, or that Typer reads for an option."""
    names = set()
    for module in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names |= set(_names(node))
    return names


def _names(node):
    if isinstance(node, ast.keyword) and node.arg == "envvar":
        yield node.value.value
    found = None
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"os.environ.get", "os.environ.setdefault"}:
        found = node.args[0]
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
        if not isinstance(node.ctx, ast.Load):
            return
        found = node.slice
    if isinstance(found, ast.Constant):
        yield found.value


def test_every_variable_that_is_read_is_explained():
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", _settings(), re.MULTILINE))
    assert _read_from_the_environment() <= explained


def test_no_variable_is_explained_that_nothing_reads():
    explained = set(re.findall(r"^\| `(LOFTE_[A-Z_]+)` \|", _settings(), re.MULTILINE))
    assert explained == {name for name in _read_from_the_environment() if name.startswith("LOFTE_")}


def _settings() -> str:
    return (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")


def test_every_fault_of_an_identity_or_a_system_is_explained():
    page = (DOCS / "reference" / "faults-systems.md").read_text(encoding="utf-8")
    given = {
        number
        for module in SOURCE.rglob("*.py")
        for number in re.findall(r'"([RX][01]\d\d)"', module.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"^\| ([RX]\d{3}) \|", page, re.MULTILINE)) == given
