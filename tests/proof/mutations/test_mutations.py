"""Whatever is broken turns exactly the right promises red, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lofte.proof.evaluate import EVALUATORS
from lofte.proof.records import Finding
from tests.proof.mutations.apart import ALONE, Alone
from tests.proof.mutations.breaks import Break
from tests.proof.mutations.real import REAL, Real
from tests.proof.mutations.table import BREAKS, NEVER
from tests.proof.mutations.world import World, alone, broken, look

ROOT = Path(__file__).parents[3]


def test_nothing_is_broken_in_the_whole_world(world: World) -> None:
    assert broken(world.judging) == set()


def test_most_of_what_is_promised_is_shown_to_be_kept(world: World) -> None:
    assert sum(finding is Finding.KEPT for finding in world.before.values()) >= 60


@pytest.mark.parametrize("one", BREAKS, ids=lambda one: one.what)
def test_a_break_turns_exactly_its_promises_red(world: World, one: Break) -> None:
    assert broken(one.how(world.judging), world.judging) == set(one.turns.split())


@pytest.mark.parametrize("one", REAL, ids=lambda one: one.what)
def test_a_break_in_the_world_itself_turns_exactly_its_promises_red(
    world: World, copy: Path, one: Real
) -> None:
    one.act(copy)
    assert broken(look(copy), world.judging) == set(one.turns.split())


def test_a_world_that_nobody_broke_is_judged_as_it_was(world: World, copy: Path) -> None:
    assert broken(look(copy), world.judging) == set()


def test_there_are_breaks_enough() -> None:
    names = [one.what for one in (*BREAKS, *REAL)]
    assert len(names) == len(set(names)) >= 60
    assert not [one.what for one in (*BREAKS, *REAL) if not one.turns]


def test_every_evaluator_can_turn_red() -> None:
    red = {id_ for one in (*BREAKS, *REAL) for id_ in one.turns.split()}
    able = {EVALUATORS[id_] for id_ in (*red, *(one.turns for one in ALONE)) if id_ in EVALUATORS}
    left = {id_ for id_, judge in EVALUATORS.items() if judge not in able}
    assert left - shown_elsewhere(left) == set(NEVER)
    assert not red & set(NEVER)


def shown_elsewhere(ids: set[str]) -> set[str]:
    """Promises that stand in a test of their own, which breaks them; companies of another kind make them."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    breaking = [text for text in texts if "Finding.BROKEN" in text and "lofte.proof" in text]
    return {id_ for id_ in ids - set(NEVER) if any(f'"{id_}"' in text for text in breaking)}


@pytest.mark.parametrize("one", ALONE, ids=lambda one: one.what)
def test_a_break_turns_a_promise_of_others_red(world: World, one: Alone) -> None:
    assert alone(world.judging, one.turns, one.path) is not Finding.BROKEN
    assert alone(one.how(world.judging), one.turns, one.path) is Finding.BROKEN


def test_a_rewritten_workspace_does_not_change_what_was_promised(world: World, copy: Path) -> None:
    path = copy / "workspace" / "policy.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("P90D", "P9000D"), encoding="utf-8")
    assert look(copy).policy == world.judging.policy
