"""What the second scanner found is told as what it is: for a person to mend, and where."""

from datetime import UTC, datetime

from lofte.cli.course import _plain, _said
from lofte.cli.exits import Code, code_of
from lofte.errors import Broken, Residue
from lofte.execution.models import StepState
from lofte.requests.erasure.outcome import SystemOutcome


def test_what_is_left_is_no_fault_of_ours():
    assert code_of(Residue({"shop.notes.text": 2})) is Code.FAULTS
    assert code_of(Broken("torn")) is Code.INTERNAL


def test_where_something_is_left_stands_in_the_outcome():
    each = SystemOutcome(
        system="systems",
        step="verify",
        state=StepState.FAILED,
        since=datetime(2026, 11, 20, tzinfo=UTC),
        why="residual",
        left={"shop.notes.text": 2},
    )
    assert "still finds something: shop.notes.text (2)" in _said(each) and "next try" not in _said(each)
    assert _plain(each)["left"] == {"shop.notes.text": 2}
