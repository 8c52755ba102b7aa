"""The road of a version into force. One table, checked in one function."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lofte.errors import Conflict


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    IN_FORCE = "in_force"


ROADS: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.REVIEW}),
    # Back to draft: somebody has said no, and why; what is mended is handed in as another draft.
    State.REVIEW: frozenset({State.APPROVED, State.DRAFT}),
    State.APPROVED: frozenset({State.PUBLISHED, State.DRAFT}),
    State.PUBLISHED: frozenset({State.IN_FORCE}),
    State.IN_FORCE: frozenset(),
}


def go(from_: State | str, to: State) -> State:
    """The new state, if a road leads there. Raises Conflict."""
    if to not in ROADS[State(from_)]:
        raise Conflict(f"a version that is {State(from_)} cannot become {to}; read it again")
    return to
