"""A package is fetched: the entry first, the bytes after (art. 5.2, 32).

Hard rules:
- It has been opened whole and is what was sealed, before anything is noted; it is noted, and counted,
  before a byte goes. Who loses the line half-way has used one of their times.
- The person is let in by level, day and number of times, judged anew inside the transaction that counts:
  of many that come at once, no more than are allowed get it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from lofte.errors import Conflict, NotIdentified
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.requests.answer.deliver import insist_in_time, latest_package
from lofte.requests.answer.strongroom import take_out
from lofte.requests.course.protected import insist_reachable
from lofte.requests.door.identify import Level
from lofte.requests.models import Fetched, PackageRecord, Request

TIMES = 3
"""How often the person may fetch a package; then it is made again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A package that the person may fetch, or might have."""

    size: int
    level: Level
    """What opens it."""
    until: datetime
    left: int
    """How many times more."""
    over: bool
    """Its day has come, or all times are used."""


def waiting(request: Request, now: datetime) -> Waiting | None:
    """What waits for the person; None = nothing has been released to them."""
    package = request.packages.order_by("-id").first()
    if package is None or package.released_at is None or package.until is None:
        return None
    left = max(TIMES - package.fetches.count(), 0)
    return Waiting(
        size=package.size,
        level=Level(package.level),
        until=package.until,
        left=left,
        over=not left or package.gone_at is not None or package.until <= now,
    )


def fetch(house: House, request: Request, *, by: str) -> BinaryIO:
    """The package for a handler, open for reading, once it stands in the ledger who fetched it.

    Raises Conflict if there is none or its days are over, Broken if it is not the one that was sealed, and
    LedgerClosed if the entry cannot be written: then nothing is disclosed.
    """
    package = latest_package(request)
    insist_in_time(package, house.now)

    def noted() -> None:
        _note(house, package, {"by": by})

    return _open(house, package, noted)


def fetch_own(house: House, request: Request, *, level: Level) -> tuple[BinaryIO, PackageRecord]:
    """The package for the person themselves, who has proven who they are at this level.

    Raises NotIdentified if that is not enough, OnlyByLetter if their identity is protected, Conflict if
    nothing is released to them or its time is out, and as `fetch`.
    """
    package = latest_package(request)
    _judge(request, package, level, house.now)

    def noted() -> None:
        locked = PackageRecord.objects.select_for_update().get(pk=package.pk)
        _judge(request, locked, level, house.now)
        Fetched.objects.create(package=locked, level=level, at=house.now)
        _note(house, locked, {"level": int(level)})

    return _open(house, package, noted), package


def _judge(request: Request, package: PackageRecord, level: Level, now: datetime) -> None:
    insist_reachable(request.case_id)
    if package.released_at is None or package.until is None:
        raise Conflict("there is nothing to fetch yet; wait until you are told")
    if level < package.level:
        raise NotIdentified(
            f"this answer opens at level {package.level:d}; show more surely who you are, then fetch it"
        )
    if package.gone_at is not None or package.until <= now:
        raise Conflict("the days to fetch it are over; ask for it to be made again")
    if package.fetches.count() >= TIMES:
        raise Conflict("it has been fetched as often as it may be; ask for it to be made again")


def _open(house: House, package: PackageRecord, noted: Callable[[], None]) -> BinaryIO:
    file = take_out(house, package)
    try:
        with recorded(house):
            noted()
    except BaseException:
        file.close()
        raise
    return file


def _note(house: House, package: PackageRecord, how: dict[str, str | int]) -> None:
    note(
        Kind.PACKAGE_FETCHED,
        package.request.ref,
        {"digest": package.sha256, **how},
        at=house.now,
        policy_version=house.policy_version,
    )
