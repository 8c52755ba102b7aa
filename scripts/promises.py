"""The page of promises: each with what says it, keeps it, judges it and tests it.

    python -m scripts.promises           writes docs/promises.md; the counts stand as they are
    python -m scripts.promises --count   runs each company's demo first (minutes), and counts anew;
                                         with names of companies only theirs

A promise that no example company makes, or that nothing judges, is an error.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from lofte.policy.document import Policy
from lofte.policy.promises import ARTICLE, Promise, promises
from lofte.proof.evaluate import EVALUATORS
from lofte.proof.unbuilt import MISSING
from scripts import keeping

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "promises.md"
COMPANIES = ("signage", "reseller", "consultancy", "webhost", "guides")
FINDINGS = ("kept", "broken", "unproven", "not_built")
Counts = Mapping[str, Sequence[int]]
"""Company -> how many promises have each of `FINDINGS`, in that order."""

_LONGEST, MOST_FIELDS = 150, 3
_PROVING = re.compile(r"tests/(proof/|retention/test_proof)")
_NAMED = re.compile(r"^(purposes|recipients|sources|forms|retention|automated_decisions|subjects)\.[^.]+")
_COUNTED = re.compile(r"^\| (\w+) \| \d+ \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One promise, as the companies tell it."""

    id: str
    words: str
    """In English, as the first of them says it."""
    by: tuple[str, ...]
    fields: tuple[str, ...]
    """The fields it stands on, whatever their entries are called."""


@lru_cache(maxsize=1)
def made() -> Mapping[str, tuple[Promise, ...]]:
    """Company -> the promises of its policy, in English."""
    return {name: promises(_policy(name), "en") for name in COMPANIES}


def _policy(name: str) -> Policy:
    path = ROOT / "examples" / name / "policy.yaml"
    return Policy.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


def told() -> tuple[Told, ...]:
    """Every known promise. Raises LookupError for one that no company makes."""
    return tuple(_told(id_) for id_ in sorted(ARTICLE))


def _told(id_: str) -> Told:
    found = {name: p for name, listed in made().items() for p in listed if p.id == id_}
    if not found:
        raise LookupError(f"no example company makes the promise {id_}")
    fields = {_field(path) for p in found.values() for path in p.paths}
    if len([field for field in fields if field.startswith("categories.")]) > MOST_FIELDS:
        fields = {re.sub(r"^categories\..*", "categories.*", field) for field in fields}
    words = next(iter(found.values())).sentence
    return Told(id=id_, words=words, by=tuple(found), fields=tuple(sorted(fields)))


def _field(path: str) -> str:
    return re.sub(r"\[\d+\]", "[]", _NAMED.sub(r"\1.*", path))


def judged_by(id_: str) -> str:
    """The evaluator, or the part that is waited for. Raises LookupError when nothing judges it."""
    if id_ in EVALUATORS:
        evaluator = EVALUATORS[id_]
        return f"`{evaluator.__module__.removeprefix('lofte.')}.{evaluator.__name__}`"
    if id_ in MISSING:
        return f"*unproven, missing: {MISSING[id_].en}*"
    raise LookupError(f"nothing judges the promise {id_}")


def tested_by(id_: str) -> str:
    """The first test that asks for the evaluator's finding on this promise."""
    if id_ not in EVALUATORS:
        return "named as missing"
    for file, name, source in _tests():
        if any(f'"{id_}"' in line and ".number" not in line for line in source.splitlines()):
            return f"[{name.removeprefix('test_').replace('_', ' ')}](../{file})"
    raise LookupError(f"no test asks what {EVALUATORS[id_].__name__} finds on {id_}")


@lru_cache(maxsize=1)
def _tests() -> tuple[tuple[str, str, str], ...]:
    """File, name and text of every test in the files that ask for findings; those about proof first.

    A fault's number may look like a promise's id (P146), and elsewhere a promise may only be passed by.
    """
    found = tuple(sorted(_tests_in_files(), key=lambda each: not _PROVING.match(each[0])))
    # A file whose tests all ask for one promise may name it in what they share.
    first = {file: name for file, name, _ in reversed(found)}
    whole = ((file, name, (ROOT / file).read_text(encoding="utf-8")) for file, name in first.items())
    return (*found, *sorted(whole))


def _tests_in_files() -> Iterator[tuple[str, str, str]]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "from lofte.proof" not in text:
            continue
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                yield str(path.relative_to(ROOT)), node.name, "\n".join(lines[first - 1 : node.end_lineno])


def page(counts: Counts) -> str:
    """The whole page."""
    rows = "\n".join(_row(each) for each in told())
    return f"{_HEAD}\n{_counted(counts)}\n{_TABLE}\n{rows}\n"


def _counted(counts: Counts) -> str:
    lines = []
    for name in COMPANIES:
        numbers = counts[name]
        lines.append(f"| {name} | {sum(numbers)} | {' | '.join(str(n) for n in numbers)} |")
    return "\n".join(lines)


def _row(one: Told) -> str:
    fields = ", ".join(f"`{field}`" for field in one.fields[:MOST_FIELDS])
    words = one.words if len(one.words) <= _LONGEST else one.words[:_LONGEST].rsplit(" ", 1)[0] + " …"
    cells = (
        f"{one.id} ({ARTICLE[one.id]})",
        words.replace("|", "\\|"),
        ", ".join(one.by),
        fields,
        keeping.KEPT_BY.get(one.id, "–"),
        judged_by(one.id),
        tested_by(one.id),
    )
    return f"| {' | '.join(cells)} |"


def written() -> Counts:
    """The counts that stand in the page."""
    found = _COUNTED.findall(PAGE.read_text(encoding="utf-8"))
    return {name: tuple(int(n) for n in numbers) for name, *numbers in found}


def counted(names: Sequence[str]) -> Counts:
    """The counts after the demos of these companies have run, as `lofte prove` tells them."""
    return {name: _count(name) for name in names}


def _count(name: str) -> tuple[int, ...]:
    with tempfile.TemporaryDirectory(prefix="lofte-promises-") as folder:
        place = Path(folder) / name
        home, workspace = str(place / "home"), str(place / "workspace")
        around = {**os.environ, "LOFTE_HOME": home, "LOFTE_WORKSPACE": workspace}
        lofte = (str(Path(sys.executable).with_name("lofte")),)
        demo = (*lofte, "demo", name, "--once", "--folder", str(place))
        subprocess.run(demo, env=around, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        prove = (*lofte, "--json", "prove")
        proven = subprocess.run(prove, env=around, check=False, capture_output=True)  # noqa: S603
        found = json.loads(proven.stdout)["counts"]
    return tuple(int(found[finding]) for finding in FINDINGS)


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description="Write docs/promises.md.")
    parser.add_argument("--count", nargs="*", choices=COMPANIES, help="run the demos and count anew")
    asked = parser.parse_args().count
    counts = {} if asked is None else counted(asked or COMPANIES)
    PAGE.write_text(page({**written(), **counts}), encoding="utf-8")


_HEAD = """# Promises

Five example companies promise what real companies of their trade promise: a signage company, a reseller, an
IT consultancy, a web host and a site for guided walks. Here stands every promise, 153 of them: who makes it,
in which words, on which field of the policy, what keeps it, what judges it, and the test that shows that it
is judged right. Where the part that would show it is not built, the page names the part; `lofte prove` says
*unproven* of such a promise and which part is missing, and never *kept*.

This page is made from the code and the five policies by `python -m scripts.promises`; a test compares them.

## How the five stand

After `lofte demo NAME --once`: one report delivered, one erasure done, one that waits, one restriction, one
hold and the first sweep. *Unproven*: nobody has asked for it yet, or what would show it was not seen. *Not
built*: unproven too, for the part of Löfte that would show it is missing. The counts are made by
`python -m scripts.promises --count`, which runs the demos.

| company | promises | kept | broken | unproven | not built |
|---|---|---|---|---|---|"""

_TABLE = """
## Every promise

The number is followed by its place in the law. *In words*: as the first company that makes it says it; the
notice has the whole sentence. *Kept by*: the plan, operation or check that does what is promised; faults such
as P101 are those of [a policy](reference/faults-policy.md), faults such as M101 those of
[a map](reference/faults-map.md).

| promise | in words | made by | field of the policy | kept by | judged by | test |
|---|---|---|---|---|---|---|"""


if __name__ == "__main__":
    main()
