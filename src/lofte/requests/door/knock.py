"""How often somebody may knock at the door of the portal: by address and network, and in all.

Hard rules:
- What is counted is what was typed and where it came from, never whether it is known: who is known and who
  is not comes up against the same limits.
- The counts lie in our store, one row for each try that was let in: all processes count together, and a
  flood that is turned away leaves nothing.
- What one network knocks with an address stops that network; the address has room for others, or anybody
  could shut the door for somebody else.
- Neither address nor network can be read from a row.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import connection

from lofte.errors import Refused
from lofte.execution.house import House
from lofte.execution.store import on_sqlite, writing
from lofte.requests.models import Knock

KEPT = timedelta(days=2)
_TURNSTILE = 0x10F71
"""The number of the advisory lock through which knocks pass one by one on PostgreSQL."""


class What(StrEnum):
    """What is wanted at the door."""

    ASK = "ask"
    """Something is asked for."""
    CODE = "code"
    """A code is wished for."""
    TRY = "try"
    """A code was entered."""
    SIGN_IN = "sign_in"
    """A sign-in with e-ID is begun."""


class TooOften(Refused):
    """Somebody, or everybody, has knocked too often; wait, or come in another way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How many knocks are let in within a time."""

    within: timedelta
    address: int
    """With one address from one network."""
    network: int
    all: int
    anywhere: int = 0
    """With one address, wherever from; 0 = as often as all may."""


LIMITS: Mapping[What, Limit] = {
    What.ASK: Limit(within=timedelta(days=1), address=5, anywhere=30, network=50, all=5_000),
    What.CODE: Limit(within=timedelta(hours=1), address=5, anywhere=30, network=30, all=1_000),
    What.SIGN_IN: Limit(within=timedelta(hours=1), address=0, network=60, all=5_000),
    What.TRY: Limit(within=timedelta(hours=1), address=0, anywhere=0, network=60, all=5_000),
}


def knocked(
    house: House, what: What, *, network: str, claim: str, address: str = "", number: str = ""
) -> Knock:
    """Let a knock in and count it, inside the caller's transaction. `address` is a keyed digest. Raises
    TooOften."""
    _pass_one_by_one()
    limit, came_from = LIMITS[what], network_digest(house, network)
    since = Knock.objects.filter(what=what, at__gt=house.now - limit.within)
    with_it = since.filter(address=address)
    if (
        (limit.address and with_it.filter(network=came_from).count() >= limit.address)
        or (limit.anywhere and with_it.count() >= limit.anywhere)
        or since.filter(network=came_from).count() >= limit.network
        or since.count() >= limit.all
    ):
        raise TooOften("this was tried too often; wait an hour, or reach us in another way")
    return Knock.objects.create(
        what=what, claim=claim, number=number, address=address, network=came_from, at=house.now
    )


def network_digest(house: House, network: str) -> str:
    """By what a network is known again, and nothing can be read."""
    return hmac.new(house.keys.lookup, f"network\0{network}".encode(), "sha256").hexdigest()


def forget_old(house: House) -> int:
    """Delete the knocks that nothing counts any more; returns how many."""
    with writing():
        return Knock.objects.filter(at__lt=house.now - KEPT).delete()[0]


def _pass_one_by_one() -> None:
    """Two processes that count at once would both find a place; SQLite has one writer anyway."""
    if not on_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURNSTILE])
