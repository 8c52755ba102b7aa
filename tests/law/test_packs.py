"""The law stands in dated packs: what counts, how old it is, and what an extra pack changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lofte.fault import Severity
from lofte.law import adequacy, packs
from lofte.law.packs import PACKS
from lofte.law.statutes import STATUTES
from lofte.policy.document import Policy
from lofte.policy.promises import Promise
from lofte.proof.packs import judged_by, law_followed, named
from lofte.proof.records import Case, Evidence, Finding, map_checked
from lofte.site import laws

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_pack_says_where_it_comes_from_in_both_languages(pack):
    assert pack.source and pack.rules
    for words in (pack.name, pack.scope, *(value.says for value in pack.values.values())):
        assert words.sv and words.en and words.sv != words.en
    assert set(pack.unchecked) <= set(pack.rules)


def test_every_statute_stands_in_exactly_one_pack():
    held = [rule for pack in PACKS.values() for rule in pack.rules if rule in STATUTES]
    assert sorted(held) == sorted(STATUTES)


def test_the_decisions_of_adequacy_are_the_table_that_is_run():
    pack = PACKS["adequacy"]
    assert set(pack.rules) == set(adequacy.DECISIONS)
    for days in (89, 90, 91):
        day = adequacy.CHECKED_ON + timedelta(days=days)
        assert pack.is_stale(day) == adequacy.outdated(day)


@pytest.mark.parametrize(("pack", "days"), [("adequacy", 90), ("deadlines", 365), ("statutes-se", 365)])
def test_a_pack_that_nobody_looked_at_for_long_is_told(pack, days):
    last = PACKS[pack].checked_on + timedelta(days=days)
    assert pack not in {f.place.path.removeprefix("law.") for f in packs.faults(last)}
    (fault,) = [f for f in packs.faults(last + timedelta(days=1)) if f.place.path == f"law.{pack}"]
    assert (fault.number, fault.severity) == ("P146", Severity.WARNING)


def test_a_proposal_counts_for_nothing_by_itself():
    assert not PACKS["digital-omnibus"].on and not PACKS["digital-omnibus"].in_force(date(2099, 1, 1))
    assert "digital-omnibus" not in {pack.id for pack in packs.chosen()}
    assert packs.settled()["breach_hours"] == "72"


def test_turning_the_omnibus_on_changes_exactly_what_it_says():
    plain, changed = packs.settled(), packs.settled(["digital-omnibus"])
    said = {key: each.value for key, each in PACKS["digital-omnibus"].values.items()}
    assert {key: value for key, value in changed.items() if plain.get(key) != value} == said
    assert plain.keys() - changed.keys() == set()


def test_what_code_reckons_by_is_what_the_packs_say():
    from lofte.law import calendar, clock

    values = packs.settled()
    assert values["answer_months"] == str(calendar.MONTHS_TO_ANSWER)
    assert values["answer_months_extended"] == str(calendar.MONTHS_IF_EXTENDED)
    assert values["ask_within_working_days"] == str(clock.ASK_WITHIN)


class TestWorkspace:
    def test_without_a_file_nothing_is_turned_on(self, tmp_path):
        assert laws.turned_on(tmp_path) == () and laws.faults(tmp_path, TODAY) == ()

    def test_a_pack_is_turned_on_by_name(self, tmp_path):
        (tmp_path / laws.FILE).write_text("law: 1\non: [digital-omnibus]\n")
        assert laws.turned_on(tmp_path) == ("digital-omnibus",)
        assert laws.faults(tmp_path, TODAY) == ()

    def test_a_name_of_nothing_is_a_fault_with_its_line(self, tmp_path):
        (tmp_path / laws.FILE).write_text("law: 1\non: [omnibus]\n")
        (fault,) = laws.faults(tmp_path, TODAY)
        assert (fault.number, fault.place.file, fault.place.line) == ("P147", "law.yaml", 2)

    def test_a_file_that_cannot_be_read_is_a_fault(self, tmp_path):
        (tmp_path / laws.FILE).write_text("law: 1\nonn: [x]\n")
        assert [f.number for f in laws.faults(tmp_path, TODAY)] == ["P007"]


def case(*evidence: Evidence) -> Case:
    promise = Promise(id="P013", article="5.2", path="assurances[0]", sentence="", paths=())
    return Case(promise=promise, policy=Policy.model_construct(), evidence=evidence, now=NOW, texts={})


class TestProof:
    CHECKED = map_checked((), NOW, "1", live=True)

    def test_a_proof_names_each_pack_that_counts(self):
        found = named(case(*judged_by(NOW, "1")))
        assert [e.facts["version"] for e in found] == [pack.version for pack in packs.chosen()]

    def test_a_pack_that_is_turned_on_is_named_too(self):
        assert "digital-omnibus" in {e.object for e in judged_by(NOW, "1", ["digital-omnibus"])}

    def test_checks_by_fresh_rules_keep_the_promise(self):
        verdict = law_followed(case(*judged_by(NOW, "1"), self.CHECKED))
        assert verdict.finding is Finding.KEPT
        assert all(pack.version in verdict.reason.en for pack in packs.chosen())

    def test_an_error_breaks_it(self):
        checked = replace(self.CHECKED, facts={"errors": 2, "gaps": 0, "live": 1})
        assert law_followed(case(*judged_by(NOW, "1"), checked)).finding is Finding.BROKEN

    def test_old_rules_show_nothing(self):
        later = NOW + timedelta(days=100)
        verdict = law_followed(case(*judged_by(later, "1"), self.CHECKED))
        assert verdict.finding is Finding.UNPROVEN and "adequacy" in verdict.reason.en

    def test_systems_that_nobody_looked_into_show_nothing(self):
        checked = replace(self.CHECKED, facts={"errors": 0, "gaps": 0, "live": 0})
        assert law_followed(case(*judged_by(NOW, "1"), checked)).finding is Finding.UNPROVEN

    def test_without_evidence_it_is_unproven(self):
        assert law_followed(case()).finding is Finding.UNPROVEN
