"""A workspace is read as it stands in its folder."""

from __future__ import annotations

import pytest

from lofte.errors import FaultsFound, Refused
from lofte.site.workspace import load, open_house

POLICY = """\
policy: 1
meta: {id: norrsken, title: {sv: Policy}, version: "2026-01-01", effective_from: 2026-01-01}
controller: {legal_name: Norrskens Webb AB}
authority: {id: imy, name: {sv: IMY}, url: "https://imy.example"}
categories:
  contact: {name: {sv: Kontaktuppgifter}}
purposes:
  deliver: {categories: [contact], legal_basis: 6.1.b}
"""
SYSTEM = """\
system: 1
id: billing
name: {sv: Fakturering}
url: "sqlite:///billing.sqlite3"
datasets: {}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "systems").mkdir()
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "systems" / "billing.yaml").write_text(SYSTEM, encoding="utf-8")
    return tmp_path


def test_policy_and_systems_are_read(folder):
    workspace = load(folder)
    assert workspace.faults == ()
    assert workspace.policy.meta.version == "2026-01-01"
    assert [s.id for s in workspace.datamap.systems] == ["billing"]
    assert set(workspace.readings) == {"policy.yaml", "systems/billing.yaml"}
    assert workspace.text == POLICY


def test_what_is_wrong_is_a_fault_in_its_file(folder):
    (folder / "systems" / "billing.yaml").write_text(SYSTEM + "colour: blue\n", encoding="utf-8")
    [fault] = load(folder).faults
    assert (fault.place.file, fault.place.line) == ("systems/billing.yaml", 6)


def test_nothing_runs_in_a_house_with_faults(folder):
    (folder / "policy.yaml").write_text("policy: 2\n", encoding="utf-8")
    with pytest.raises(FaultsFound):
        open_house(load(folder))


def test_a_house_is_opened_on_a_workspace(store, folder):
    house = open_house(load(folder))
    assert house.policy_version == "2026-01-01"


def test_a_folder_without_a_policy_is_no_workspace(tmp_path):
    with pytest.raises(Refused, match="lofte init"):
        load(tmp_path)
