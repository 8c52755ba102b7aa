"""A handler fetches a package: the entry first, the bytes after (art. 5.2, 32)."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from lofte.execution.book import note
from lofte.execution.store import writing
from lofte.ledger.kinds import Kind
from lofte.requests.deliver import latest_package, open_sealed
from lofte.requests.models import Request


def fetch(request: Request, *, by: str, at: datetime) -> BinaryIO:
    """The package, open for reading, once it stands in the ledger who fetched it.

    Raises Conflict if there is none, Broken if it is not the one that was sealed, and
    LedgerClosed if the entry cannot be written: then nothing is disclosed.
    """
    package = latest_package(request)
    file = open_sealed(package)
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
