"""Handing out a package that is ready (art. 12.3, 15.3)."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from lofte.errors import Conflict
from lofte.execution.append import sync_folder
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.plan.records import Verb
from lofte.requests.answer.strongroom import take_out
from lofte.requests.course.move import move
from lofte.requests.course.roads import State
from lofte.requests.models import PackageRecord, Request

KEPT = timedelta(days=7)
"""How long a package is kept when the answer has been given; then its key is shredded (art. 5.1 e)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The package of a request, and where it lies."""

    number: str
    state: str
    path: Path
    sha256: str
    size: int
    rows: int
    """Rows found, what is only forwarded included."""


def answer(house: House, request: Request) -> Answer:
    """The package that waits in the house. Raises Conflict if there is none."""
    package = latest_package(request)
    return _answer(request, package, Path(package.path))


def deliver(house: House, request: Request, out: Path, *, by: str = "") -> Answer:
    """Put the package in the folder `out` under the request's number. The entry that it is
    delivered has its number before the package has its name."""
    package = latest_package(request)
    insist_in_time(package, house.now)
    out.mkdir(parents=True, exist_ok=True)
    target, part = out / f"{request.number}.zip", out / f".{request.ref}.part"
    try:
        with take_out(house, package) as source:
            _copy(source, part)
        mark_delivered(house, request, by=by)
        os.replace(part, target)
        sync_folder(out)
    finally:
        part.unlink(missing_ok=True)
    return _answer(request, package, target)


def mark_delivered(house: House, request: Request, *, by: str = "") -> Request:
    """Record that the package is handed out. Handing out the same package again is no new delivery. It is
    kept a few days more, if the paper is lost on the way home."""
    request.refresh_from_db()
    if request.state == State.DELIVERED:
        return request
    with recorded(house):
        return delivered(house, request, latest_package(request), by=by)


def delivered(house: House, request: Request, package: PackageRecord, *, by: str) -> Request:
    """The request, answered, inside the caller's `recorded` transaction; from now on the package's days
    are numbered. Raises Conflict when it is not ready: an answer that is being made anew is not let go."""
    if Request.objects.select_for_update().get(pk=request.pk).state != State.READY:
        raise Conflict("this answer is not ready, or is being made anew; look again in a moment")
    moved = move(house, request, State.DELIVERED, by=by)
    package.delivered_at, package.until = house.now, house.now + KEPT
    package.save(update_fields=["delivered_at", "until"])
    note(
        Kind.REQUEST_DELIVERED,
        request.ref,
        {"digest": package.sha256, **({"by": by} if by else {})},
        at=house.now,
        policy_version=house.policy_version,
    )
    return moved


def insist_in_time(package: PackageRecord, now: datetime) -> None:
    """Nothing while the package may be handed out. Raises Conflict when its days are over, whether or not
    its key is shredded by then (art. 5.1 e)."""
    if package.gone_at is not None or (package.until is not None and package.until <= now):
        raise Conflict("the time of this package is out; make the answer anew")


def latest_package(request: Request) -> PackageRecord:
    """The package made last. Raises Conflict if there is none."""
    package = request.packages.order_by("-id").first()
    if package is None:
        raise Conflict("there is no package for this request yet; fulfil it first")
    return package


def _copy(source: BinaryIO, part: Path) -> None:
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as write:
        shutil.copyfileobj(source, write, 1024 * 1024)
        write.flush()
        os.fsync(write.fileno())


def _answer(request: Request, package: PackageRecord, path: Path) -> Answer:
    return Answer(
        number=request.number,
        state=request.state,
        path=path,
        sha256=package.sha256,
        size=package.size,
        rows=sum(request.findings.exclude(verb=Verb.FORWARD).values_list("rows", flat=True)),
    )
