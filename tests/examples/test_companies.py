"""Every example company: its map decides about every column, and everybody is given exactly their rows."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from lofte.datamap.checks import check as check_map
from lofte.fault import Severity
from lofte.policy.checks import check as check_policy
from tests.examples.erasures import given
from tests.examples.workspaces import Workspace, make, wrong

NAMES = ("signage", "reseller", "consultancy", "guides")


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def firm(name: str, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make(name, tmp_path_factory.mktemp(name))


def test_every_table_and_every_column_has_a_decision(firm: Workspace) -> None:
    tables = firm.world.TABLES.tables
    mapped = {dataset.table or name: set(dataset.fields) for name, dataset in firm.system.datasets.items()}
    ignored = {table.table for table in firm.system.ignored}
    assert mapped.keys() | ignored == tables.keys()
    assert not mapped.keys() & ignored
    for table, columns in mapped.items():
        assert columns == {column.name for column in tables[table].columns}


def test_policy_and_map_have_no_fault_that_is_not_waived(firm: Workspace) -> None:
    waived = {waiver.fault for waiver in firm.policy.waivers}
    catalogues = {firm.system.id: firm.catalogue()}
    found = (*check_policy(firm.policy), *check_map(firm.policy, firm.datamap, catalogues))
    assert [f for f in found if f.severity is not Severity.NOTE and f.number not in waived] == []


def test_everything_is_said_in_both_languages(firm: Workspace) -> None:
    for name, dataset in firm.system.datasets.items():
        texts = [dataset.name, *([dataset.text] if dataset.text else [])]
        for field in dataset.fields.values():
            assert field.label is not None, name
            texts += [field.label, *field.codes.values(), *([field.why] if field.why else [])]
        assert all(text.sv and text.en for text in texts), name


def test_every_code_that_the_world_uses_is_explained(firm: Workspace) -> None:
    for name, dataset in firm.system.datasets.items():
        for column, field in dataset.fields.items():
            if field.codes:
                values = {row.get(column) for row in firm.world.rows[dataset.table or name]} - {None}
                assert {str(value) for value in values} <= field.codes.keys(), (name, column)


def test_everybody_is_given_exactly_their_rows_whatever_they_show(firm: Workspace) -> None:
    assert "\n".join(wrong(firm)) == ""


def test_an_address_that_two_share_gives_nothing(firm: Workspace) -> None:
    assert firm.world.ambiguous
    for spelled in firm.world.ambiguous:
        assert given(firm, spelled) == {}


def test_the_same_seed_gives_the_same_rows_and_another_gives_others(firm: Workspace, name: str) -> None:
    make_world = importlib.import_module(f"examples.{name}.generate").make_world
    assert make_world(seed=1).rows == firm.world.rows != make_world(seed=2).rows


def test_the_workspace_says_who_made_it_up(name: str) -> None:
    folder = Path(__file__).parents[2] / "examples" / name
    assert ".example" in (folder / "policy.yaml").read_text(encoding="utf-8")
    assert "does not exist" in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["webhost", *NAMES])
def test_the_faults_named_beside_lawful_forms_exist(name: str) -> None:
    root = Path(__file__).parents[2]
    written = (root / "examples" / name / "policy.yaml").read_text(encoding="utf-8")
    comments = "\n".join(line for line in written.splitlines() if line.lstrip().startswith("#"))
    pages = [root / "docs" / "reference" / f"faults-{kind}.md" for kind in ("policy", "prose")]
    known = set(
        re.findall(r"^\| ([NP]\d{3}) \|", "\n".join(p.read_text("utf-8") for p in pages), re.MULTILINE)
    )
    assert set(re.findall(r"\b[NP]\d{3}\b", comments)) <= known
