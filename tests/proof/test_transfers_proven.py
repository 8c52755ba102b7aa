"""Where data are is judged on the day of the proof: a country that is not told, or not safe, breaks it."""

from __future__ import annotations

from datetime import date

import pytest

from lofte.law import adequacy
from lofte.policy.document import Policy
from lofte.proof import transfers
from lofte.proof.records import Evidence, Finding
from tests.proof.judging import NOW, datamap_of, finding, policy_of, register_of, verdict

DPF = {"kind": "dpf", "ref": "2023/1795"}


def looked(company: str, policy: Policy | None = None, country: str = "SE") -> tuple[Evidence, ...]:
    """With the systems in this country."""
    datamap = datamap_of(company)
    systems = tuple(system.model_copy(update={"country": country}) for system in datamap.systems)
    policy = policy or policy_of(company)
    return transfers.counted(
        policy, datamap.model_copy(update={"systems": systems}), register_of(company), NOW
    )


@pytest.mark.parametrize("company", ["signage", "reseller", "consultancy", "webhost", "guides"])
def test_data_in_the_eea_but_for_what_is_told_keep_the_promise(company: str) -> None:
    assert finding(company, "P087") is Finding.UNPROVEN
    assert finding(company, "P087", *looked(company)) is Finding.KEPT


def test_a_system_outside_the_eea_that_nobody_is_told_of_breaks_the_promise() -> None:
    assert finding("guides", "P087", *looked("guides", country="US")) is Finding.BROKEN


def test_a_recipient_outside_the_eea_that_is_no_told_exception_breaks_the_promise() -> None:
    policy = policy_of("signage", transfers__exceptions=[])
    assert finding("signage", "P087", *looked("signage", policy), policy=policy) is Finding.BROKEN


def test_a_processor_that_has_moved_out_of_the_eea_breaks_the_promise() -> None:
    register = register_of("guides").model_copy()
    moved = register.listed["hosting"].model_copy(update={"country": "US"})
    register = type(register).model_validate({"processors": 1, **register.listed, "hosting": moved})
    found = transfers.counted(policy_of("guides"), datamap_of("guides"), register, NOW)
    assert finding("guides", "P087", *found) is Finding.BROKEN


@pytest.mark.parametrize("company", ["signage", "reseller", "webhost"])
def test_standard_clauses_keep_the_promise_of_a_safeguard(company: str) -> None:
    assert finding(company, "P088") is Finding.UNPROVEN
    assert finding(company, "P088", *looked(company)) is Finding.KEPT


def test_a_recipient_outside_the_eea_without_a_safeguard_breaks_the_promise() -> None:
    policy = policy_of("signage", recipients__support_partner__safeguard=None)
    assert finding("signage", "P088", *looked("signage", policy), policy=policy) is Finding.BROKEN


def test_a_decision_that_has_fallen_breaks_the_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = policy_of("signage", recipients__support_partner__safeguard=DPF)
    assert finding("signage", "P088", *looked("signage", policy), policy=policy) is Finding.KEPT
    gone = adequacy.Decision(
        country="US", valid_from=date(2023, 7, 10), valid_to=date(2026, 11, 19), certified_only=True
    )
    monkeypatch.setitem(adequacy.DECISIONS, "US", gone)
    assert finding("signage", "P088", *looked("signage", policy), policy=policy) is Finding.BROKEN


def test_a_table_that_nobody_has_checked_for_long_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = policy_of("signage", recipients__support_partner__safeguard=DPF)
    monkeypatch.setattr(transfers, "outdated", lambda on: True)
    assert finding("signage", "P088", *looked("signage", policy), policy=policy) is Finding.UNPROVEN
    assert finding("signage", "P088", *looked("signage")) is Finding.KEPT


@pytest.mark.parametrize("company", ["signage", "reseller"])
def test_that_the_protection_there_was_assessed_is_said_to_be_unseen(company: str) -> None:
    assert verdict(company, "P089", looked(company)).missing is transfers.ASSESSMENT


def test_clauses_that_are_not_named_break_the_promise_of_equal_protection() -> None:
    policy = policy_of("signage", recipients__support_partner__safeguard={"kind": "scc"})
    found = finding("signage", "P089", *looked("signage", policy), policy=policy)
    assert found is Finding.BROKEN
