"""Faults of our own, put in on purpose: the sweep must find each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lofte.execution import append, tombstones
from lofte.requests.erasure import erase_system, foretell


def _evidence_before_the_act() -> Callable[[], None]:
    """Nothing is foretold: what was done is known only to the process that did it."""
    told = erase_system.foretell

    def only_now(*given: Any, **named: Any) -> Any:
        before = foretell._before
        foretell._before = lambda *_: {}
        try:
            return told(*given, **named)
        finally:
            foretell._before = before

    erase_system.foretell = only_now
    return lambda: setattr(erase_system, "foretell", told)


def _no_tombstones() -> Callable[[], None]:
    """Tombstones are acknowledged, and not written."""
    add = tombstones.add
    tombstones.add = lambda *_: None
    return lambda: setattr(tombstones, "add", add)


def _no_fsync() -> Callable[[], None]:
    """What is appended is not waited for."""
    sync = append.os.fsync
    append.os.fsync = lambda _: None
    return lambda: setattr(append.os, "fsync", sync)


FAULTS = {
    "nothing foretold": _evidence_before_the_act,
    "no tombstones": _no_tombstones,
    "no fsync": _no_fsync,
}


@contextmanager
def fault(name: str) -> Iterator[None]:
    """Put this fault in; none named = none."""
    back = FAULTS[name]() if name else lambda: None
    try:
        yield
    finally:
        back()
