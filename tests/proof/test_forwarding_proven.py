"""What we hold only as processor: the customer is told, and told in time, or it is not called kept."""

from __future__ import annotations

import pytest

from lofte.proof.records import Check, Evidence, Finding
from tests.proof.test_rights_proven import EVA, NOW, PORTABLE, RECTIFIED, Told, asked, finding, told, without

QUEUED = ("forward.queued", {"customers": 2, "article": "28.3.e"})
TOLD = ("forward.told", {"system": "hosting", "dataset": "content", "channel": "email"})
PASSED_ON: Told = [*asked("access"), QUEUED, TOLD, TOLD]
LATE = "2026-11-16"


def counted(given: int = 0, forwarded: int = 9) -> Evidence:
    return Evidence(kind=Check.FORWARDING, at=NOW, facts={"given": given, "forwarded": forwarded})


def test_every_customer_told_in_time_keeps_the_promise() -> None:
    assert finding("P034", [*told(PASSED_ON), counted()]) is Finding.KEPT


@pytest.mark.parametrize(
    ("entries", "check"),
    [
        ([], None),
        (PASSED_ON, None),
        ([], counted(forwarded=0)),
        ([], counted()),
        (without(PASSED_ON, "forward.told"), counted()),
        (PASSED_ON[:3], counted()),
    ],
    ids=["nothing", "not counted", "never met", "found and nobody written down", "one untold", "none told"],
)
def test_what_is_not_told_yet_is_not_kept(entries: Told, check: Evidence | None) -> None:
    assert finding("P034", [*told(entries), *([check] if check else [])]) is Finding.UNPROVEN


@pytest.mark.parametrize(
    "entries",
    [
        [*asked("access", due=LATE), QUEUED, TOLD],
        [*asked("access", due=LATE), QUEUED, TOLD, TOLD],
    ],
    ids=["still untold when the last day has passed", "told when it had"],
)
def test_a_customer_who_hears_too_late_breaks_the_promise(entries: Told) -> None:
    assert finding("P034", [*told(entries), counted()]) is Finding.BROKEN


def test_rows_that_were_given_break_the_promise_whoever_was_told() -> None:
    assert finding("P034", [*told(PASSED_ON), counted(given=1)]) is Finding.BROKEN


def test_the_telling_of_another_request_proves_nothing_of_this_one() -> None:
    hers = told([*asked("access"), ("forward.queued", {"customers": 1}), TOLD, TOLD], ref=EVA, first=40)
    mine = told(without(PASSED_ON, "forward.told"))
    assert finding("P034", [*mine, *hers, counted()]) is Finding.UNPROVEN


def test_who_takes_the_wish_back_wants_nobody_told() -> None:
    back = told([*asked("access", due=LATE), QUEUED, ("request.withdrawn", {"right": "access"})])
    assert finding("P034", [*back, counted(forwarded=0)]) is Finding.UNPROVEN


RELEASED = ("package.released", {"digest": "d" * 64, "told": 0})
GONE = ("package.expired", {"digest": "d" * 64, "fetched": 0})
ANSWERED: Told = [*asked("access"), *PORTABLE[3:]]


@pytest.mark.parametrize("id_", ["P097", "P101"])
def test_an_answer_of_which_nobody_heard_is_no_answer(id_: str) -> None:
    assert finding(id_, told([*ANSWERED, RELEASED])) is Finding.KEPT
    assert finding(id_, told([*ANSWERED, RELEASED, GONE])) is Finding.BROKEN


@pytest.mark.parametrize(
    "entries",
    [
        [("package.released", {"told": 1}), GONE],
        [RELEASED, ("package.fetched", {"level": 2}), GONE],
        [GONE],
        [GONE, RELEASED],
    ],
    ids=["told", "fetched", "handed over", "made anew"],
)
def test_an_answer_that_was_told_or_fetched_is_one(entries: Told) -> None:
    assert finding("P097", told([*ANSWERED, *entries])) is Finding.KEPT


def test_rows_that_still_say_what_was_wrong_are_not_called_corrected() -> None:
    left = [(k, {**f, "left": 1} if f.get("system") == "billing" else f) for k, f in RECTIFIED]
    assert finding("P103", told(left)) is Finding.UNPROVEN
