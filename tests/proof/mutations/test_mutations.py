"""Whatever is broken turns exactly the right promises red, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lofte.proof.evaluate import EVALUATORS
from lofte.proof.records import Finding
from tests.proof.mutations.breaks import Break
from tests.proof.mutations.real import REAL, Real
from tests.proof.mutations.table import BREAKS, NEVER
from tests.proof.mutations.world import World, broken, look


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
    able = {EVALUATORS[id_] for id_ in red if id_ in EVALUATORS}
    assert sorted(id_ for id_, judge in EVALUATORS.items() if judge not in able) == sorted(NEVER)


def test_a_rewritten_workspace_does_not_change_what_was_promised(world: World, copy: Path) -> None:
    path = copy / "workspace" / "policy.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("P90D", "P9000D"), encoding="utf-8")
    assert look(copy).policy == world.judging.policy
