"""Who is erased together, and who alone: a row of two of them is asked about by both, or by neither."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from lofte.errors import LedgerClosed, LofteError
from lofte.requests.models import Request


class _Numbered(Protocol):
    @property
    def number(self) -> str: ...


T = TypeVar("T", bound=_Numbered)


def by_turns(requests: Sequence[Request]) -> list[list[Request]]:
    """Those who ask about everything together, then each who asks about some categories."""
    whole = [request for request in requests if not request.scope]
    return [turn for turn in (whole, *([r] for r in requests if r.scope)) if turn]


def in_turn(
    requests: Sequence[Request], turns: Sequence[list[Request]], do: Callable[[list[Request]], Sequence[T]]
) -> tuple[T, ...]:
    """Do one turn after another, and tell it in the order of the requests. One that fails stops no other;
    the first failure is raised when all have had theirs. Raises LedgerClosed at once."""
    done: dict[str, T] = {}
    failures: list[LofteError] = []
    for turn in turns:
        try:
            done |= {each.number: each for each in do(turn)}
        except LedgerClosed:
            raise
        except LofteError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    return tuple(done[request.number] for request in requests)
