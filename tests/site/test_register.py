"""The register of processors is read with the workspace, and what is wrong in it is told by line."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from lofte.cli.init import write
from lofte.policy.processors import CLAUSES, Agreement
from lofte.site.workspace import Workspace, load

EXAMPLES = Path(__file__).parents[2] / "examples"


def workspace(folder: Path, register: str | None) -> Workspace:
    shutil.copy(EXAMPLES / "webhost" / "policy.yaml", folder)
    if register is not None:
        (folder / "processors.yaml").write_text(register, encoding="utf-8")
    return load(folder)


@pytest.mark.parametrize("company", ["signage", "reseller", "consultancy", "webhost", "guides"])
def test_each_example_has_a_register_with_an_agreement_for_each(company: str) -> None:
    read = load(EXAMPLES / company).register
    assert read is not None and read.document is not None
    for processor in read.document.listed.values():
        assert processor.agreement and not processor.agreement.lacks


def test_the_first_workspace_has_an_empty_register(tmp_path: Path) -> None:
    write(tmp_path / "new", date(2026, 11, 20))
    read = load(tmp_path / "new").register
    assert read is not None and read.document is not None
    assert read.document.listed == {}


def test_a_workspace_without_the_file_has_no_register(tmp_path: Path) -> None:
    made = workspace(tmp_path, None)
    assert made.register is None
    assert not made.faults


@pytest.mark.parametrize(
    ("entry", "number", "line"),
    [
        ("  kind: other\n", "P009", 3),
        ("  country: Sweden\n", "P009", 3),
        ("  agrement: 1\n", "P007", 3),
        ("  agreement: {signed: soon}\n", "P009", 3),
        ("  agreement: {signed: 2026-01-01, clauses: [28.3.z]}\n", "P009", 3),
    ],
)
def test_what_is_wrong_in_the_register_is_told_by_line(
    tmp_path: Path, entry: str, number: str, line: int
) -> None:
    found = workspace(tmp_path, f"processors: 1\nhost:\n{entry}").faults
    assert (number, line) in {(fault.number, fault.place.line) for fault in found}
    assert {fault.place.file for fault in found} == {"processors.yaml"}


def test_an_agreement_binds_from_its_day_to_its_last() -> None:
    agreement = Agreement(signed=date(2026, 1, 2), ends=date(2026, 3, 4), clauses=CLAUSES[:7])
    days = (date(2026, 1, 1), date(2026, 1, 2), date(2026, 3, 4), date(2026, 3, 5))
    assert [agreement.valid(day) for day in days] == [False, True, True, False]
    assert agreement.lacks == ("28.3.h",)
