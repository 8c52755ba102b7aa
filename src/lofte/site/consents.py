"""What the way in for choices goes by, kept up to date, and their heads noted in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lofte.consent.ingest.app import Ingest


def way_in() -> Ingest:
    """The way in of this process."""
    from django.conf import settings

    from lofte.consent.ingest import desk
    from lofte.site.home import keys

    return desk.opened(
        keys(),
        proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT,
        secure=bool(settings.LOFTE_SECURE),
        hosts=settings.ALLOWED_HOSTS,
    )


def consents(folder: Path, way: Ingest) -> Callable[[], None]:
    """Reads policy and sites anew when they have changed, and notes how far the choices have come. While the
    workspace cannot be read the way in goes by what it last said."""
    from lofte.consent import chain
    from lofte.consent.ingest import desk, sites
    from lofte.site.at_work import at_work

    seen: list[object] = []

    def turn() -> None:
        if not (folder / "policy.yaml").is_file():
            return
        house = at_work().house
        listed = folder / sites.FILE
        now = [house, listed.stat().st_mtime_ns if listed.is_file() else 0]
        if way.known is None or seen != now:
            way.known = desk.look(house, folder)
            seen[:] = now
        if chain.unsealed():
            chain.seal(house)

    return turn
