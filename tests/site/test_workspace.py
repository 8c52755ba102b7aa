"""A workspace is read as it stands in its folder."""

from __future__ import annotations

import pytest

from lofte.errors import FaultsFound, Refused
from lofte.notices.publish import publish
from lofte.policy.document import Policy
from lofte.policy.reading import read
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


def published(house, version, effective_from):
    text = POLICY.replace('"2026-01-01"', f'"{version}"').replace(
        "from: 2026-01-01", f"from: {effective_from}"
    )

    policy = read(text, "policy.yaml", Policy).document
    return publish(house, text, policy=policy)


def test_from_its_day_the_house_works_by_what_was_published(store, folder, clock):
    house = open_house(load(folder), clock)
    published(house, "2026-01-01", "2026-01-01")
    published(house, "2026-04-01", "2026-04-01")
    for day, version in ((5, "2026-01-01"), (25, "2026-01-01"), (26, "2026-01-01"), (27, "2026-04-01")):
        clock.now = clock.now.replace(month=3, day=5)
        clock.go(days=day)
        assert open_house(load(folder), clock).policy_version == version, clock.now


def test_what_is_being_written_is_worked_by_while_nothing_of_it_is_published(store, folder, clock):
    house = open_house(load(folder), clock)
    published(house, "2025-01-01", "2025-01-01")
    assert open_house(load(folder), clock).policy_version == "2026-01-01"


def test_a_version_that_was_published_ahead_is_not_taken_for_one_that_was_followed(store, folder, clock):
    house = open_house(load(folder), clock)
    published(house, "2025-01-01", "2025-01-01")
    published(house, "2026-01-01", "2027-01-01")
    assert open_house(load(folder), clock).policy_version == "2026-01-01"
