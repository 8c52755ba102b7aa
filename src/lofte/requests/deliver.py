"""Handing out a package that is ready (art. 12.3, 15.3)."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lofte.errors import Broken, Conflict
from lofte.execution.append import sync_folder
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.plan.records import Verb
from lofte.requests.models import PackageRecord, Request
from lofte.requests.move import move
from lofte.requests.roads import State


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


def package_folder(house: House) -> Path:
    """Where packages lie in the house."""
    folder = house.folder.absolute() / "packages"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def answer(house: House, request: Request) -> Answer:
    """The package that waits in the house. Raises Conflict if there is none."""
    package = latest_package(request)
    return _answer(request, package, Path(package.path))


def deliver(house: House, request: Request, out: Path, *, by: str = "") -> Answer:
    """Put the package in the folder `out` under the request's number. The entry that it is
    delivered has its number before the package has its name."""
    package = latest_package(request)
    out.mkdir(parents=True, exist_ok=True)
    target, part = out / f"{request.number}.zip", out / f".{request.ref}.part"
    try:
        with open_sealed(package) as source:
            _copy(source, part)
        mark_delivered(house, request, by=by)
        os.replace(part, target)
        sync_folder(out)
    finally:
        part.unlink(missing_ok=True)
    return _answer(request, package, target)


def mark_delivered(house: House, request: Request, *, by: str = "") -> Request:
    """Record that the package is handed out. Handing out the same package again is no new delivery."""
    request.refresh_from_db()
    if request.state == State.DELIVERED:
        return request
    package = latest_package(request)
    with recorded(house):
        moved = move(house, request, State.DELIVERED, by=by)
        PackageRecord.objects.filter(pk=package.pk).update(delivered_at=house.now)
        note(
            Kind.REQUEST_DELIVERED,
            request.ref,
            {"digest": package.sha256, **({"by": by} if by else {})},
            at=house.now,
            policy_version=house.policy_version,
        )
    return moved


def open_sealed(package: PackageRecord) -> BinaryIO:
    """The package, open for reading. The bytes that are checked are the bytes that are given: the
    file stays open in between. Raises Conflict if it is gone, Broken if it is not what was sealed."""
    try:
        file = Path(package.path).open("rb")  # noqa: SIM115
    except FileNotFoundError as error:
        raise Conflict("the package is gone from the house; fulfil the request again") from error
    if hashlib.file_digest(file, "sha256").hexdigest() != package.sha256:
        file.close()
        raise Broken("the package is not the one that was sealed; it is not handed out")
    file.seek(0)
    return file


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
