"""Letting an act that holds already stand for all that the systems know to be the person's.

Hard rules:
- What was shown is stopped before anything is looked up; no lock and no silent system delays it.
- Each system is a step of the journal. What it tells, and that the act stands for it, commit with
  the step. A system that is silent is asked again later; the others have answered.
- Nobody else is at work with the person while a system is asked (`requests.lock`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from lofte.consent.person import Connect, traced_in
from lofte.datamap.identity import Identity
from lofte.execution import journal, runner
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.execution.journal import LEASE, Claim
from lofte.requests.course import asked
from lofte.requests.course.lock import alone, lookups
from lofte.requests.models import Request

TRACE = "trace"
Stand = Callable[[Sequence[Identity]], None]
"""Lets the act stand for these identities, in the caller's `recorded` transaction."""


def intend(house: House, request: str, what: Mapping[str, Any], *, by: str) -> None:
    """Write down, with the act itself, what is asked and which systems are to be asked; in the
    caller's transaction. Nobody who dies before the first system leaves the act narrower than it is."""
    found = Request.objects.filter(ref=request).first()
    if found is not None:
        asked.keep(house, found, what, by=by)
        systems = [(TRACE, system.id) for system in house.datamap.systems]
        journal.begin(request, systems, house.now + LEASE)


def spread(
    house: House, about: str, identities: Collection[Identity], connect: Connect, stand: Stand
) -> None:
    """Ask every system that has not answered yet. `about` is the random id of the request, or of the
    act where there is no request. Raises AtWork; Unreachable after the others have answered."""
    owner = runner.owner("trace")

    def ask(claim: Claim) -> None:
        found = traced_in(house, house.datamap.system(claim.target), identities, connect)
        held.widen(about, found)
        with recorded(house):
            stand(sorted({*identities, *found}))
            journal.completed(house, claim, {})

    with recorded(house):
        journal.begin(about, [(TRACE, system.id) for system in house.datamap.systems], house.now)
        journal.at_once(about, house.now, kinds=[TRACE])
    with alone(house, owner, {about: lookups(house, identities)}) as held:
        failures = runner.run(house, owner, {TRACE: ask}, request=about)
    if failures:
        raise failures[0].error
