"""Stopped at any call, killed or with a disk that is broken or full: nothing is lost, nothing done twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.faults.sweep import Ran, Sweep, Zygote, chosen
from tests.faults.tracing import NoStrace, strace
from tests.services import postgres_database

EACH = {
    "access": 28,
    "erase": 70,
    "erase-postgres": 40,
    "later": 36,
    "undo": 28,
    "restored": 28,
    "rectify": 28,
    "restrict": 24,
    "lift": 24,
    "object": 14,
    "hold": 12,
    "publish": 10,
}
"""Faults in the suite, by flow; `make faults` meets all of them."""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    try:
        strace()
    except NoStrace as error:
        pytest.fail(str(error), pytrace=False)
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture(scope="module")
def sweep(zygote, tmp_path_factory):
    """A flow, ready to be stopped; made once for all tests that ask."""
    made: dict[str, Sweep] = {}
    with ExitStack() as stack:

        def of(flow: str) -> Sweep:
            if flow not in made:
                shop = stack.enter_context(postgres_database()) if flow in zygote.on_postgres else ""
                made[flow] = Sweep(zygote, flow, tmp_path_factory.mktemp("faults") / flow, shop)
            return made[flow]

        yield of


def told(ran: list[Ran]) -> str:
    return "\n".join(f"{each.fault}\n    {wrong}" for each in ran for wrong in each.wrong)


def test_three_hundred_faults_are_met():
    assert sum(EACH.values()) >= 300


@pytest.mark.parametrize(
    "flow", [pytest.param(f, marks=pytest.mark.postgres) if "-" in f else f for f in EACH]
)
def test_a_flow_that_is_stopped_at_any_call_loses_nothing_and_does_nothing_twice(flow, sweep):
    met = sweep(flow)
    ran = [met.run(fault) for fault in chosen(met.faults(), EACH[flow], seed=flow)]
    assert not told(ran), told(ran)
    assert sum(each.reached for each in ran) >= 0.9 * len(ran)
    nameless = [f"{each.fault}: {each.ended}" for each in ran if each.unnamed]
    assert not nameless, "an error that does not say what to do:\n" + "\n".join(nameless)


@pytest.mark.parametrize("flow", [f for f in EACH if "-" not in f])
def test_what_is_acknowledged_was_waited_for(flow, sweep):
    assert sweep(flow).unwaited() == []


@pytest.mark.parametrize("seed", ["nothing foretold", "no tombstones"])
def test_the_sweep_finds_a_fault_that_was_put_in(seed, sweep):
    met = sweep("erase")
    faults = [f for f in met.faults() if f.kind == "SIGKILL" and f.call.name in ("fdatasync", "unlink")]
    # From the last: a fault that is put in shows when there is something to lose.
    assert any(met.run(fault, seed=seed).wrong for fault in reversed(faults))


def test_the_sweep_finds_what_was_not_waited_for(zygote, tmp_path):
    unwaited = Sweep(zygote, "erase", tmp_path / "erase", seed="no fsync").unwaited()
    assert any("tombstones/shop.log was not" in each for each in unwaited)
    assert any("restore/" in each for each in unwaited)
