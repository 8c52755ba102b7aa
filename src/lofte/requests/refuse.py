"""Refusing a request, with the ground that the law gives (art. 12.4-12.5)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.requests.models import Decision, Request
from lofte.requests.move import move
from lofte.requests.roads import State


class Ground(StrEnum):
    """Why a request may be refused as a whole."""

    UNIDENTIFIED = "unidentified"
    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    NOT_CONTROLLER = "not_controller"


ARTICLE: Mapping[Ground, str] = {
    Ground.UNIDENTIFIED: "12.2",
    Ground.UNFOUNDED: "12.5",
    Ground.EXCESSIVE: "12.5",
    Ground.NOT_CONTROLLER: "28.3.e",
}


def refuse(house: House, request: Request, *, ground: Ground, by: str) -> Request:
    """Refuse, and record who decided it on what ground."""
    with recorded(house):
        moved = move(house, request, State.REFUSED, by=by, why=ground)
        Decision.objects.create(
            request=moved, outcome="refused", ground=ground, article=ARTICLE[ground], by=by, at=house.now
        )
        note(
            Kind.REQUEST_REFUSED,
            request.ref,
            {"ground": ground.value, "article": ARTICLE[ground], **({"by": by} if by else {})},
            at=house.now,
            policy_version=house.policy_version,
        )
    return moved
