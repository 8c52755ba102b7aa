"""The house is kept: sizes, names, docstrings, and no clock or chance in the pure rooms."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "lofte"
PURE = ("law", "policy", "datamap", "detect", "plan", "ledger", "proof")
MODULES = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "service",
    "services",
    "misc",
}
FORBIDDEN_CALLS = {"now", "today", "utcnow", "uuid4", "uuid1", "open", "urandom", "random", "token_bytes"}
LONGEST_MODULE, LONGEST_FUNCTION = 400, 60
ids = [str(m.relative_to(SOURCE)) for m in MODULES]


def _functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("module", MODULES, ids=ids)
def test_a_module_can_be_read_in_one_sitting(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("module", MODULES, ids=ids)
def test_a_function_fits_on_a_page(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    long = {f.name: f.end_lineno - f.lineno + 1 for f in _functions(tree)}
    assert not {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION}


@pytest.mark.parametrize("module", MODULES, ids=ids)
def test_names_say_what_is_there(module):
    assert not EMPTY_NAMES & set(module.relative_to(SOURCE).with_suffix("").parts)


@pytest.mark.parametrize("module", [m for m in MODULES if m.relative_to(SOURCE).parts[0] in PURE])
def test_pure_rooms_are_told_the_time_and_left_nothing_to_chance(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    calls = [c.func for c in ast.walk(tree) if isinstance(c, ast.Call)]
    named = {c.attr for c in calls if isinstance(c, ast.Attribute)} | {
        c.id for c in calls if isinstance(c, ast.Name)
    }
    assert not named & FORBIDDEN_CALLS


@pytest.mark.parametrize("module", MODULES, ids=ids)
def test_one_word_for_one_thing(module):
    text = module.read_text(encoding="utf-8")
    assert not re.search(r"\b(DSR|DSAR|audit.?log|data.subject.request)\b", text, re.IGNORECASE)


def test_the_tree_of_errors_is_drawn_as_it_is():
    from lofte import errors

    drawn = [line for line in (errors.__doc__ or "").splitlines() if re.match(r"^ *[A-Z]\w+$", line)]

    def grow(kind, depth):
        yield "  " * depth + kind.__name__
        for child in kind.__subclasses__():
            if child.__module__ == errors.__name__:
                yield from grow(child, depth + 1)

    assert drawn == list(grow(errors.LofteError, 0))


def test_a_fault_number_means_one_thing():
    from lofte.datamap.checks import catalogue as of_the_map
    from lofte.policy.checks import catalogue as of_the_policy

    numbers = [entry.number for entry in (*of_the_policy(), *of_the_map())]
    assert len(numbers) == len(set(numbers))


def test_the_repository_speaks_of_itself_alone():
    root = SOURCE.parents[1]
    for path in [
        *root.glob("*.md"),
        *(root / "docs").rglob("*.md"),
        *(root / "src").rglob("*.py"),
        *root.glob("requirements*.txt"),
    ]:
        text = path.read_text(encoding="utf-8")
        assert "/work/" not in text and "/root/" not in text, path
