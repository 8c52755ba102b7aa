"""The roads a request may take, from receipt to answer. One table, checked in one function."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lofte.errors import Conflict


class State(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    IDENTIFIED = "identified"
    SEARCHING = "searching"
    READY = "ready"
    DELIVERED = "delivered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def open(self) -> bool:
        """True while the person waits for an answer."""
        return self not in (State.DELIVERED, State.REFUSED, State.WITHDRAWN)


ROADS: Mapping[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.IDENTIFIED, State.REFUSED, State.WITHDRAWN}),
    # Straight to the answer: what was asked is an act and not a package (art. 7.3, 18, 21).
    # Back to received: more than one person answers to what was shown (art. 12.6).
    State.IDENTIFIED: frozenset(
        {State.SEARCHING, State.DELIVERED, State.RECEIVED, State.REFUSED, State.WITHDRAWN}
    ),
    State.SEARCHING: frozenset(
        {State.READY, State.DELIVERED, State.RECEIVED, State.REFUSED, State.WITHDRAWN}
    ),
    # Back to identified: rows of it have been looked at, and the answer is made anew (art. 15.4).
    State.READY: frozenset({State.DELIVERED, State.IDENTIFIED, State.WITHDRAWN}),
    State.DELIVERED: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


def go(from_: State | str, to: State) -> State:
    """The new state, if a road leads there. Raises Conflict."""
    if to not in ROADS[State(from_)]:
        raise Conflict(f"a request that is {State(from_)} cannot become {to}; read it again")
    return to
