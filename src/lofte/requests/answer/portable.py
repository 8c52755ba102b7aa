"""Fulfilling a request for portability: a package to take along (art. 20)."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path

from lofte.execution.house import House
from lofte.execution.scratch import Scratch
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan import portability
from lofte.plan.scope import Scope
from lofte.requests.answer.deliver import Answer
from lofte.requests.answer.fulfil import Making, Work, fulfil_with
from lofte.requests.course.search import Connect, Tell, silent
from lofte.requests.models import Request
from lofte.requests.package.portable import Portable, pack
from lofte.requests.package.spool import Spool


def fulfil_portability(
    house: House,
    request: Request,
    connect: Connect,
    out: Path | None = None,
    progress: Tell = silent,
    *,
    by: str = "",
) -> Answer:
    """Search, seal the package and, with `out`, deliver it there. Only what may be taken along is
    fetched: the rest never leaves the systems. Raises as `fulfil_access`."""
    request.refresh_from_db()
    making = _making(house, frozenset(request.scope))
    return fulfil_with(making, house, request, connect, out, progress, by=by)


def _making(house: House, scope: Scope) -> Making:
    terms = portability.terms(house.policy, house.datamap, scope=scope)
    narrowed = portability.narrowed(house.datamap, terms)

    def sealed(work: Work, spool: Spool, target: Scratch) -> Portable:
        return pack(
            spool,
            0,
            target,
            terms=terms,
            number=work.request.number,
            language=work.request.language,
            made_at=house.now.replace(microsecond=0),
            scope=scope,
        )

    return Making(
        right=Right.PORTABILITY,
        article="20.1",
        intended=Kind.PORTABILITY_INTENDED,
        plan=partial(portability.plan, scope=scope),
        seal=sealed,
        read_by=lambda whole: dataclasses.replace(whole, datamap=narrowed),
        scope=scope,
    )
