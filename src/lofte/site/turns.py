"""What the server does by itself, again and again: one function makes each turn.

A turn looks cheaply whether anything is due, and reads the workspace only then: it may have been mended
meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from lofte.errors import LofteError
from lofte.execution.house import utc_now

_log = logging.getLogger("lofte.serve")
SHRED_EVERY = WATCH_EVERY = timedelta(minutes=10)
WARN_EVERY = timedelta(hours=1)
COUNT_EVERY = timedelta(minutes=1)


def sequencer(key: bytes) -> Callable[[], None]:
    """Gives what was noted its number in the ledger."""
    from lofte.execution.book import sequence

    def turn() -> None:
        sequence(key)

    return turn


def witness(folder: Path, seed: bytes, workspace: Path) -> Callable[[], None]:
    """Signs how far the ledger has come, and hands that out."""
    from lofte.execution import checkpoints
    from lofte.site.witness import hand_out
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if checkpoints.due(folder, seed, utc_now()):
            house = open_house(load(workspace))
            if (held := checkpoints.make(house)) is not None:
                hand_out(house, workspace, held)

    return turn


def worker(folder: Path) -> Callable[[], None]:
    """Carries out what was ordered, and goes on with what was stopped."""
    from lofte.connectors.registry import open_system
    from lofte.requests.worker import by_hand
    from lofte.requests.worker.again import do_due, due_again
    from lofte.requests.worker.errands import do_ordered, due_orders
    from lofte.site.workspace import load, open_house

    left: set[str] = set()

    def turn() -> None:
        if by_hand.due(utc_now(), left):
            by_hand.do(open_house(load(folder)), lambda system: open_system(system, folder), left)
        if due_orders(utc_now()):
            do_ordered(open_house(load(folder)), lambda system: open_system(system, folder))
        if due_again(utc_now()):
            # Read anew: the workspace may have been mended while the request waited.
            do_due(open_house(load(folder)), lambda system: open_system(system, folder))

    return turn


def later(folder: Path) -> Callable[[], None]:
    """Erases what was kept for a time and whose day has come, apart from the worker: neither waits for
    the other's systems."""
    from lofte.connectors.registry import open_system
    from lofte.requests.erasure.later import due_later, erase_later
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if due_later(utc_now()):
            failures = erase_later(open_house(load(folder)), lambda system: open_system(system, folder))
            for failure in failures:
                _log.warning(
                    "what is due in %s waits: %s", failure.claim.target, type(failure.error).__name__
                )

    return turn


def watcher(folder: Path) -> Callable[[], None]:
    """Sees who else writes to restricted rows (art. 18). A system that does not answer is asked again
    next time; the others have been seen."""
    from lofte.connectors.registry import open_system
    from lofte.consent.enforce import look_after_all
    from lofte.consent.models import Watched
    from lofte.site.workspace import load, open_house

    looked: list[datetime] = []

    def turn() -> None:
        now = utc_now()
        if looked and WATCH_EVERY > now - looked[-1] >= timedelta(0):
            return
        looked[:] = [now]
        if not Watched.objects.exists():
            return
        found = look_after_all(open_house(load(folder)), lambda system: open_system(system, folder))
        if found:
            _log.error("restricted rows were written to: run `lofte restriction watch`")

    return turn


def sweeper(folder: Path) -> Callable[[], None]:
    """Lets everything go whose time is out, once a night."""
    from lofte.connectors.registry import open_system
    from lofte.retention.nightly import due, run
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if due(utc_now()):
            run(open_house(load(folder)), lambda system: open_system(system, folder))

    return turn


def outlook(folder: Path) -> Callable[[], None]:
    """Looks at what the sweeps have before them once a day, and when somebody asks."""
    from lofte.connectors.registry import open_system
    from lofte.retention import outlook as looking
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if looking.due(utc_now()):
            looking.make(open_house(load(folder)), lambda system: open_system(system, folder))

    return turn


def intake(folder: Path) -> Callable[[], None]:
    """Takes in what comes by mail, where a mailbox is named; read anew, for it may be named meanwhile."""
    from lofte.intake.settings import configured, mail_settings
    from lofte.intake.turn import turn as take_in
    from lofte.site.workspace import load, open_house

    looked: list[datetime] = []

    def turn() -> None:
        if not configured(folder):
            return
        now, settings = utc_now(), mail_settings(folder)
        if looked and timedelta(seconds=settings.every) > now - looked[-1] >= timedelta(0):
            return
        looked[:] = [now]
        take_in(open_house(load(folder)), settings)

    return turn


def door(folder: Path) -> Callable[[], None]:
    """Sends codes to those who wish to show who they are, apart from the worker: they wait at a page."""
    from lofte.connectors.registry import open_system
    from lofte.mail import sms
    from lofte.requests.door.challenge import answer_knocks, due
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if not due(utc_now()):
            return
        text = None
        try:
            text = sms.gateway(folder).send if sms.configured(folder) else None
        except LofteError as error:
            _log.error("no text messages are sent: %s", error)
        answer_knocks(open_house(load(folder)), lambda system: open_system(system, folder), text=text)

    return turn


def mail(folder: Path) -> Callable[[], None]:
    """Sends the letters that wait, and what is for the chat."""
    from lofte.intake.settings import way
    from lofte.mail import chat
    from lofte.mail.send import due, send_due
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if not due(utc_now()):
            return
        hook = None
        try:
            hook = chat.hook(folder) if chat.configured(folder) else None
        except LofteError as error:
            _log.error("nothing is written in the chat: %s", error)
        house = open_house(load(folder))
        send_due(house, way(folder, house.policy), hook)

    return turn


def webhooks(folder: Path) -> Callable[[], None]:
    """Tells other programs what has happened."""
    from lofte.api import calls
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if calls.due(utc_now()):
            calls.turn(open_house(load(folder)))

    return turn


def warner(folder: Path) -> Callable[[], None]:
    """Tells those who work here of requests whose time runs out, once an hour: a day is a day."""
    from lofte.mail import chat
    from lofte.requests.course.warn import warn
    from lofte.site.workspace import load, open_house

    looked: list[datetime] = []

    def turn() -> None:
        now = utc_now()
        if looked and WARN_EVERY > now - looked[-1] >= timedelta(0):
            return
        warn(open_house(load(folder)), in_chat=chat.configured(folder))
        looked[:] = [now]

    return turn


def counter() -> Callable[[], None]:
    """Writes down how many times each text was shown, once a minute; what is shown until then waits."""
    from lofte.notices import presented

    written: list[datetime] = []

    def turn() -> None:
        now = utc_now()
        if presented.waits() and (not written or abs(now - written[-1]) >= COUNT_EVERY):
            presented.keep()
            written[:] = [now]

    return turn


def shredder(folder: Path, workspace: Path) -> Callable[[], None]:
    """Destroys the keys of restore logs, packages and own data whose window is over, and answers kept for
    programs that ask again, whatever state the workspace is in; then the keys of requests that are over."""
    from lofte.api import once
    from lofte.execution.restore_log import shred_due_in
    from lofte.requests.answer import expired, own_data
    from lofte.requests.course import over
    from lofte.retention import own
    from lofte.site.workspace import load, open_house

    looked: list[datetime] = []

    def turn() -> None:
        now = utc_now()
        if not looked or now - looked[-1] >= SHRED_EVERY or now < looked[-1]:
            shred_due_in(folder, now)
            gone = expired.destroy_due(folder, now)
            own_data.destroy_due(folder, now)
            once.forget(now)
            own.forget(now)
            looked[:] = [now]
            if gone:
                expired.note_gone(open_house(load(workspace)))
            if over.due(folder, now):
                over.shred(open_house(load(workspace)))

    return turn


def teller(folder: Path) -> Callable[[], None]:
    """Tells people of a version that is coming, notes the day that it takes force, and forgets those who
    never said that they want to be told."""
    from lofte.connectors.registry import open_system
    from lofte.law.calendar import civil_date
    from lofte.notices import announce, subscribe, versions
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        now = utc_now()
        if announce.due():
            announce.turn(open_house(load(folder)), lambda system: open_system(system, folder))
        if versions.not_noted(civil_date(now)) is not None:
            versions.take_force(open_house(load(folder)))
        if subscribe.due(now):
            subscribe.forget(open_house(load(folder)))

    return turn


def prover(folder: Path) -> Callable[[], None]:
    """Judges every promise once a day, and when somebody asks."""
    from lofte.notices import proofs
    from lofte.site.proving import proven
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if proofs.due(utc_now()):
            workspace = load(folder)
            house = open_house(workspace)
            proofs.keep(house, proven(house, workspace, look=lambda _: None))

    return turn
