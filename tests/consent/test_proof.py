"""What was chosen can be shown again: what stood there, what was answered, when and how (art. 7.1)."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from typing import Any

import pytest

from lofte.consent import chain
from lofte.consent.models import Choice, Shown
from lofte.consent.proof import history, proven
from lofte.consent.receipt import as_json
from lofte.consent.tally import tally
from lofte.errors import Broken
from tests.consent.visitors import ask, choice, policy, way_in


@pytest.fixture
def house(house: Any) -> Any:
    return dataclasses.replace(house, policy=policy())


@pytest.fixture
def chosen(house: Any, store: Any) -> list[str]:
    """Three choices of one browser: a yes, a withdrawal, and a yes to another thing."""
    with way_in(house) as way:
        (first,) = ask(way, choice(house, ["statistics"]))
        id_ = first.said["id"]
        more = ask(
            way,
            choice(house, id=id_, seq=2, action="withdraw", surface="dialog"),
            choice(house, ["marketing"], id=id_, seq=3, lang="en", gpc=True),
        )
    chain.seal(house)
    return [each.said["receipt"] for each in (first, *more)]


def test_what_was_shown_is_shown_again_from_its_digest(chosen, house):
    found = proven(chosen[0])
    assert found is not None and found.content is not None
    assert found.content["texts"]["reject"] == "Neka alla"
    assert found.names["raknesticka"] == "Räknesticka AB"
    assert found.body["purposes"] == {"statistics": 1, "marketing": 0}


def test_what_was_shown_then_is_not_what_is_shown_now(chosen, house):
    later = dataclasses.replace(house, policy=policy(cookies=None))
    found = proven(chosen[0])
    assert found is not None and found.content and found.content["purposes"]
    assert later.policy.cookies is None


def test_something_else_is_never_shown_in_its_place(chosen, house):
    Shown.objects.update(content="{}")
    with pytest.raises(Broken, match="lofte consent verify"):
        proven(chosen[0])


def test_the_history_of_a_browser_is_told_the_newest_first(chosen, house):
    person = Choice.objects.get(receipt=chosen[0]).person
    assert [(each.seq, each.holds) for each in history(person)] == [(3, True), (2, False), (1, False)]


def test_nobody_is_found_by_what_nobody_has(chosen):
    assert proven("f" * 32) is None and history("f" * 32) == ()


def test_a_receipt_has_the_fields_of_iso_27560(chosen, house):
    found = proven(chosen[2])
    assert found is not None
    receipt = as_json(house, found)
    assert receipt["schema_version"] == "ISO/IEC TS 27560:2023"
    assert receipt["record_id"] == chosen[2] and len(receipt["pii_principal_id"]) == 32
    processing = receipt["pii_processing"]
    wanted = {"privacy_notice", "language", "purposes", "withdrawal_method", "jurisdiction", "retention"}
    assert wanted | {"storage_locations", "collection_method"} <= processing.keys()
    said = {each["purpose_id"]: each["consent"] for each in processing["purposes"]}
    assert said == {"statistics": False, "marketing": True}
    (party,), (event,) = receipt["parties"], receipt["events"]
    assert party["party_name"] == "Norrskens Webb AB"
    assert event["event_state"] == "consent given in part" and event["global_privacy_control"]
    assert event["event_time"] == "2026-03-05T09:30:15.123Z"
    assert receipt["integrity"] == {"sha256": found.hash, "ledger_entry": 3}
    json.dumps(receipt)


def test_choices_are_counted_by_purpose_language_and_day(chosen, house):
    found = tally(date(2026, 3, 1), date(2026, 3, 31))
    assert found.chosen == 2 and found.actions == {"save": 2, "withdraw": 1}
    assert found.by_purpose == {"marketing": (1, 2), "statistics": (1, 2)}
    assert found.by_language == {"en": (1, 1), "sv": (1, 1)}
    assert found.by_day[date(2026, 3, 5)] == (2, 2) and len(found.by_day) == 31
    assert tally(date(2026, 4, 1), date(2026, 4, 2)).chosen == 0
