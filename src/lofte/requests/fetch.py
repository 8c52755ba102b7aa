"""A handler fetches a package: the entry first, the bytes after (art. 5.2, 32)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from lofte.errors import Broken, Conflict
from lofte.execution.book import note
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind
from lofte.requests.models import PackageRecord, Request


def fetch(request: Request, *, by: str, at: datetime) -> BinaryIO:
    """The package, open for reading, once it stands in the ledger who fetched it.

    Raises Conflict if there is none, Broken if it is not the one that was sealed, and
    LedgerClosed if the entry cannot be written: then nothing is disclosed.
    """
    package = request.packages.order_by("-id").first()
    if package is None:
        raise Conflict("there is no package for this request yet; fulfil it first")
    file = _sealed(package)
    try:
        with writing():
            note(
                Kind.PACKAGE_FETCHED,
                request.ref,
                {"digest": package.sha256, "by": by},
                at=at,
                policy_version=request.policy_version,
            )
    except BaseException:
        file.close()
        raise
    return file


def _sealed(package: PackageRecord) -> BinaryIO:
    # The bytes that are checked are the bytes that are given: the file stays open in between.
    try:
        file = Path(package.path).open("rb")  # noqa: SIM115
    except FileNotFoundError as error:
        raise Conflict("the package is gone from the house; fulfil the request again") from error
    if hashlib.file_digest(file, "sha256").hexdigest() != package.sha256:
        file.close()
        raise Broken("the package is not the one that was sealed; it is not handed out")
    file.seek(0)
    return file
