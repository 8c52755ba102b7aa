"""A de-identification that was stopped goes on as one, and never as an erasure."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from lofte.datamap.document import DataMap, System
from lofte.errors import Unreachable
from lofte.execution import book
from lofte.execution.models import Step
from lofte.plan.anonymity import Recognisable
from lofte.plan.deidentify import STATISTICS
from lofte.plan.holds import HoldKind
from lofte.policy.document import Policy
from lofte.requests.erasure import deidentify as deidentifying
from lofte.requests.erasure import holds
from lofte.requests.erasure.deidentify import Part, deidentify
from lofte.requests.models import Decision, Erasure
from lofte.requests.worker.again import do_due
from tests.deidentify.conftest import ANNA, BERTIL, asks, connecting, dump, run


class Killed(BaseException):
    pass


def visits(url):
    return [row for row in dump(url)["visits"] if row[0] in (10, 11, 12, 13)]


def counts(request):
    return {(e.dataset, e.verb, e.ground): e.rows for e in Erasure.objects.filter(request=request)}


def test_what_a_silent_system_stopped_goes_on_by_itself(club, store, url, clock, monkeypatch):
    def silent(work, claims):
        raise Unreachable("the system does not answer")

    request = asks(club)
    with monkeypatch.context() as broken:
        broken.setattr(deidentifying, "verify", silent)
        with pytest.raises(Unreachable):
            deidentify(club, request, connecting(url), by=BERTIL)
    clock.go(hours=1)
    assert do_due(club, connecting(url)) == 1
    request.refresh_from_db()
    made = Decision.objects.get(request=request)
    assert request.state == "delivered" and (made.outcome, made.by) == ("deidentified", BERTIL)
    assert len(visits(url)) == 4


@pytest.mark.parametrize("when", ["before it is lasting", "before it is told"])
def test_a_killed_process_loses_nothing_and_does_nothing_twice(club, store, url, clock, monkeypatch, when):
    def killed(*_):
        raise Killed

    request = asks(club)
    with monkeypatch.context() as dying:
        dying.setattr(Part, "record", killed) if when == "before it is told" else None
        if when == "before it is lasting":
            dying.setattr(Part, "carry_out", killed)
            dying.setattr(deidentifying, "tried", lambda work, request: ())
        with pytest.raises(Killed):
            deidentify(club, request, connecting(url))
    clock.go(hours=1)
    deidentify(club, request, connecting(url))
    assert counts(request) == {
        ("members", "delete", ""): 1, ("lockers", "delete", ""): 1,
        ("visits", "change", STATISTICS): 4, ("lessons", "change", STATISTICS): 4,
    }  # fmt: skip
    assert len(visits(url)) == 4 and book.verify(club.keys.ledger) is None


def test_one_that_does_not_pass_any_more_waits_and_is_not_tried_for_ever(
    club, store, url, clock, monkeypatch
):
    def killed(*_):
        raise Killed

    request = asks(club)
    with monkeypatch.context() as dying:
        dying.setattr(deidentifying, "_every", killed)
        with pytest.raises(Killed):
            deidentify(club, request, connecting(url))
    run(url, "update visits set kind = 'spa' where id = 10")
    clock.go(hours=1)
    assert do_due(club, connecting(url)) == 0
    assert do_due(club, connecting(url)) == 0
    assert Step.objects.get(request=request.ref, kind="deidentify").failure == "residual"
    assert len([e for e in book.entries() if e.kind == "deidentification.tested"]) == 1


def test_a_hold_keeps_the_rows_as_they_are(club, store, url):
    holds.place(
        club, kind=HoldKind.LEGAL_CLAIM, identities=[ANNA], case="T 17-26",
        review_on=club.today + timedelta(days=90), why="tvist om en avgift", by=BERTIL,
    )  # fmt: skip
    before = dump(url)
    done = deidentify(club, asks(club), connecting(url))
    assert dump(url) == before and done.rows["gym", "visits", "keep"] == 4


def test_what_another_member_wrote_of_her_is_looked_for_too(club, store, url):
    run(url, "update visits set note = 'kom med m1@gym.example' where id = 50")
    before = dump(url)
    with pytest.raises(Recognisable, match=r"gym\.visits\.note"):
        deidentify(club, asks(club), connecting(url))
    assert dump(url) == before


def test_rows_kept_for_a_purpose_called_statistics_are_kept_and_not_deidentified(club, store, url):
    plain = club.policy.model_dump(mode="json", by_alias=True, exclude_none=True)
    plain["purposes"]["statistics"] = {
        "categories": ["usage"], "legal_basis": "6.1.c", "law": ["BFL-7-2"], "retention": ["books"],
    }  # fmt: skip
    counting = dataclasses.replace(club, policy=Policy.model_validate(plain))
    datasets = counting.datamap.systems[0].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    datasets["datasets"]["lockers"]["purposes"] = ["statistics"]
    datasets["system"] = 1
    counting = dataclasses.replace(counting, datamap=DataMap(systems=(System.model_validate(datasets),)))
    before = dump(url)
    done = deidentify(counting, asks(counting), connecting(url))
    assert done.rows["gym", "lockers", "keep"] == 1 and dump(url)["lockers"] == before["lockers"]
    assert ("gym", "lockers", "deidentified") not in done.rows
