"""Asking and deciding: the ways are open to everybody, one sees one's own, and each no has its reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lofte.proof import asking, deciding
from lofte.proof.records import Check, Evidence, Finding
from tests.proof.judging import (
    EVA,
    NOW,
    checked,
    datamap_of,
    finding,
    live,
    noted,
    policy_of,
    published,
    verdict,
)

DOORS = tuple(
    checked(Check.DOOR, channel=channel, open=1)
    for channel in ("portal", "email", "phone", "form", "ticket", "letter", "chat", "website")
)
ASKED = noted("request.received", entry=20, right="access", due_on="2026-12-01", channel="email")
ANSWERED = noted("request.delivered", entry=25, digest="d" * 64)


@pytest.mark.parametrize(("company", "id_"), [("webhost", "P114"), ("signage", "P145")])
def test_ways_that_are_open_keep_the_promise(company: str, id_: str) -> None:
    assert finding(company, id_) is Finding.UNPROVEN
    assert finding(company, id_, *DOORS) is Finding.KEPT


def test_a_way_that_is_shut_is_named() -> None:
    shut = [replace(e, facts={**e.facts, "open": 0}) if e.facts["channel"] == "ticket" else e for e in DOORS]
    found = verdict("webhost", "P145", shut)
    assert found.finding is Finding.UNPROVEN
    assert "in a support ticket." in (found.reason.en or "")


def test_a_request_that_came_that_way_shows_that_it_is_open() -> None:
    rest = [e for e in DOORS if e.facts["channel"] != "email"]
    assert finding("webhost", "P114", *rest) is Finding.UNPROVEN
    assert finding("webhost", "P114", *rest, ASKED) is Finding.KEPT


@pytest.mark.parametrize("id_", ["P114", "P145"])
def test_a_message_that_nobody_looked_at_for_a_month_breaks_the_promise(id_: str) -> None:
    held = noted("mail.taken", entry=5, ref=EVA, days=31, outcome="held", requests=0)
    assert finding("webhost", id_, *DOORS, held) is Finding.BROKEN
    settled = noted("mail.settled", entry=6, ref=EVA, days=1, requests=1)
    assert finding("webhost", id_, *DOORS, held, settled) is Finding.KEPT
    fresh = noted("mail.taken", entry=5, ref=EVA, days=29, outcome="held", requests=0)
    assert finding("webhost", id_, *DOORS, fresh) is Finding.KEPT


def groups(company: str) -> tuple[Evidence, ...]:
    datamap = datamap_of(company)
    return asking.counted(policy_of(company), datamap, live(datamap), NOW)


def test_groups_that_can_all_be_found_keep_the_promise_to_everybody() -> None:
    found = groups("webhost")
    assert {e.facts["subjects"] for e in found} >= {"customer", "applicant", "subscriber"}
    assert finding("webhost", "P115", *found) is Finding.UNPROVEN
    assert finding("webhost", "P115", *found, ASKED, ANSWERED) is Finding.KEPT


def test_a_group_that_is_found_nowhere_is_not_called_served() -> None:
    none = replace(groups("webhost")[0], facts={"subjects": "customer", "datasets": 0})
    assert finding("webhost", "P115", *groups("webhost"), none, ASKED, ANSWERED) is Finding.UNPROVEN


def test_a_right_that_is_not_told_breaks_the_promise_to_everybody() -> None:
    policy = policy_of("webhost", rights__objection=None)
    assert finding("webhost", "P115", *groups("webhost"), policy=policy) is Finding.BROKEN


def test_that_linked_sites_have_their_own_rules_is_told_once_published() -> None:
    policy = policy_of("consultancy")
    assert finding("consultancy", "P152") is Finding.UNPROVEN
    assert finding("consultancy", "P152", published(policy)) is Finding.KEPT
    mute = policy_of("consultancy", controller__contact={"channels": ["letter"], "address": "Vägen 1"})
    assert finding("consultancy", "P152", published(mute), policy=mute) is Finding.BROKEN


def test_own_data_on_the_own_page_keep_the_promise() -> None:
    shown = noted("own_data.shown", datasets=3, rows=9, level=2)
    assert finding("webhost", "P100") is Finding.UNPROVEN
    assert finding("webhost", "P100", shown) is Finding.KEPT
    unknown = noted("own_data.shown", entry=11, datasets=3, rows=9, level=0)
    assert finding("webhost", "P100", shown, unknown) is Finding.BROKEN


def corrected(systems: int, channel: str = "portal", left: int = 0) -> list[Evidence]:
    return [
        noted("request.received", entry=10, right="rectification", due_on="2026-12-01", channel=channel),
        noted("rectification.intended", entry=11, article="16", systems=systems, fields=1, kept=0),
        noted("rectification.done", entry=12, system="hosting", rows=1, left=left),
        noted("request.granted", entry=13, article="16"),
    ]


def test_a_change_by_the_portal_reaches_every_system() -> None:
    assert finding("webhost", "P102") is Finding.UNPROVEN
    assert finding("webhost", "P102", *corrected(1)) is Finding.KEPT
    assert finding("webhost", "P102", *corrected(1, channel="phone")) is Finding.UNPROVEN
    assert finding("webhost", "P102", *corrected(1, left=1)) is Finding.UNPROVEN
    assert finding("webhost", "P102", *corrected(2)) is Finding.BROKEN


def test_a_no_without_its_reasons_breaks_the_promise_to_judge_each_by_itself() -> None:
    whole = noted("request.refused", ground="excessive", article="12.5", by=EVA)
    assert finding("webhost", "P117") is Finding.UNPROVEN
    assert finding("webhost", "P117", whole) is Finding.KEPT
    assert finding("webhost", "P117", noted("request.refused", ground="excessive")) is Finding.BROKEN
    nameless = noted("request.refused", entry=11, ground="excessive", article="12.5")
    assert finding("webhost", "P117", whole, nameless) is Finding.UNPROVEN


def test_an_analysis_that_serves_a_decision_breaks_the_promise_that_it_decides_nothing() -> None:
    found = verdict("reseller", "P122", [published(policy_of("reseller"))])
    assert found.missing is deciding.EFFECT
    mixed = policy_of("reseller", automated_decisions__usage_analysis__purposes=["order_check"])
    assert finding("reseller", "P122", policy=mixed) is Finding.BROKEN


def test_an_analysis_that_a_person_had_to_undo_breaks_the_promise() -> None:
    undone = noted("review.decided", decision="usage_analysis", outcome="annulled", article="22.3")
    assert finding("reseller", "P122", undone) is Finding.BROKEN
    other = noted("review.decided", decision="order_stop", outcome="annulled", article="22.3")
    assert finding("reseller", "P122", other) is Finding.UNPROVEN


@pytest.mark.parametrize("id_", ["P080", "P081"])
def test_rows_to_who_was_to_get_statistics_break_the_promise(id_: str) -> None:
    whom = (policy_of("consultancy").statistics or pytest.fail("no statistics")).recipients[0]
    told = checked(Check.RECIPIENT, recipient=whom, listed=1, datasets=1, apart=0, unserved=0, silent=0)
    assert finding("consultancy", id_, told) is Finding.UNPROVEN
    rows = checked(Check.RECIPIENT, recipient=whom, listed=1, datasets=2, apart=0, unserved=1, silent=0)
    assert finding("consultancy", id_, rows) is Finding.BROKEN


@pytest.mark.parametrize("id_", ["P080", "P081"])
def test_rows_that_passed_in_too_small_a_group_break_the_promise(id_: str) -> None:
    wide = noted("deidentification.tested", target="site", passed=1, k=20, smallest=20, rows=3, residual=0)
    assert finding("consultancy", id_, wide) is Finding.UNPROVEN
    small = noted("deidentification.tested", target="site", passed=1, k=5, smallest=19, rows=3, residual=0)
    assert finding("consultancy", id_, small) is Finding.BROKEN


@pytest.mark.parametrize("id_", ["P080", "P081"])
def test_figures_of_groups_that_are_large_enough_keep_the_promise(id_: str) -> None:
    whom = (policy_of("consultancy").statistics or pytest.fail("no statistics")).recipients[0]
    whole = noted("figures.released", entry=30, release="visits", recipient=whom, smallest=20, k=20)
    assert finding("consultancy", id_) is Finding.UNPROVEN
    assert finding("consultancy", id_, whole) is Finding.KEPT
    small = noted("figures.released", entry=31, release="visits", recipient=whom, smallest=19, k=19)
    assert finding("consultancy", id_, whole, small) is Finding.BROKEN
    other = noted("figures.released", entry=31, release="visits", recipient="stranger", smallest=20, k=20)
    assert finding("consultancy", id_, whole, other) is Finding.BROKEN
