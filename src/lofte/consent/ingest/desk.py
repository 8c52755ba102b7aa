"""Where choices are taken in, in this process: by the way in, and by pages that record one themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from lofte.consent import shown
from lofte.consent.ingest.app import Ingest
from lofte.consent.ingest.limits import Limits
from lofte.consent.ingest.sites import Known, origins
from lofte.consent.ingest.wire import judged, read
from lofte.consent.ingest.writer import Recorded, Writer
from lofte.execution.house import House, Keys

_lock = threading.Lock()
_open: Ingest | None = None


def opened(keys: Keys, *, proxies: int = 0, secure: bool = False, hosts: Iterable[str] = ()) -> Ingest:
    """The way in of this process, begun the first time it is asked for."""
    global _open
    with _lock:
        if _open is None:
            writer = Writer(keys)
            writer.start()
            limits = Limits(clock=time.monotonic)
            _open = Ingest(
                writer=writer, limits=limits, proxies=proxies, secure=secure, hosts=frozenset(hosts)
            )
        return _open


def close() -> None:
    """Record what waits, and end."""
    global _open
    with _lock:
        if _open is not None:
            _open.writer.stop()
            _open = None


def look(house: House, folder: Path) -> Known:
    """What the way in goes by now; what is shown is kept first. Raises FaultsFound."""
    site = house.policy.meta.id
    kept = shown.keep(house)
    offers = shown.offers()
    cookie = offers[kept[0].sha].cookie if kept else Known().cookie
    return Known(sites=origins(house, folder), offers=offers, site=site, cookie=cookie)


def record(house: House, raw: bytes, *, secure: bool = False) -> tuple[Recorded, str]:
    """A choice that a page of ours made of a form, as the wire has it: what was recorded, and the cookie to
    set. Raises Unfit."""
    way = opened(house.keys, secure=secure)
    sent = read(raw)
    shown.keep(house)
    known = Known(offers=shown.offers())
    done = way.writer.record_now(sent, judged(sent, known.offers))
    return done, way.cookie(known, sent, done).decode()
