"""The server: one process with the pages, the sequencer and the worker."""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn

from lofte.errors import LofteError, Refused
from lofte.execution.house import utc_now
from lofte.site.app import asgi_app
from lofte.site.store import prepare

_log = logging.getLogger("lofte.serve")
SHRED_EVERY = WATCH_EVERY = timedelta(minutes=10)
WARN_EVERY = timedelta(hours=1)
POLL, AFTER_FAILURE = 1.0, 30.0
"""Seconds between looks at what is due. Whatever wakes the threads sooner, the poll is the truth."""


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    on_ready: Callable[[str], None] = lambda address: None,
    visit: Callable[[str], None] | None = None,
) -> None:
    """Serve until Ctrl-C, or until `visit` is done: it may ask for pages at the address it is given,
    and what it raises is raised. `on_ready` is told the address when it answers. Requests whose systems
    did not answer are tried again. Raises Refused if the port is taken, another server runs on the
    same store, a system was restored from a backup and erased persons may be back in it, or the
    ledger is broken; Broken when tombstones are lost."""
    prepare()
    from django.conf import settings

    from lofte.execution.book import insist_unbroken
    from lofte.execution.checkpoints import insist_not_cut
    from lofte.execution.heads import insist_all
    from lofte.execution.tombstones import insist_replayed
    from lofte.requests.erasure.restored import insist_there
    from lofte.site.home import home, keys

    insist_replayed(home())
    insist_there(home(), keys().lookup)
    insist_all(home())
    insist_unbroken(keys().ledger)
    insist_not_cut(home(), keys().checkpoint)
    with _alone(home()), _listening(host, port) as listener:
        stop = threading.Event()
        threads = [
            _again_and_again(stop, "sequencer", _sequencer(keys().ledger)),
            _again_and_again(
                stop, "witness", _witness(home(), keys().checkpoint, Path(settings.LOFTE_WORKSPACE))
            ),
            _again_and_again(stop, "worker", _worker(Path(settings.LOFTE_WORKSPACE))),
            _again_and_again(stop, "later", _later(Path(settings.LOFTE_WORKSPACE))),
            _again_and_again(stop, "watcher", _watcher(Path(settings.LOFTE_WORKSPACE))),
            _again_and_again(stop, "shredder", _shredder(home(), Path(settings.LOFTE_WORKSPACE))),
            _again_and_again(stop, "sweeper", _sweeper(Path(settings.LOFTE_WORKSPACE))),
            _again_and_again(stop, "intake", _intake(Path(settings.LOFTE_WORKSPACE))),
            _again_and_again(stop, "door", _door(Path(settings.LOFTE_WORKSPACE))),
            _again_and_again(stop, "mail", _mail(Path(settings.LOFTE_WORKSPACE))),
            _again_and_again(stop, "webhooks", _webhooks(Path(settings.LOFTE_WORKSPACE))),
            _again_and_again(stop, "warner", _warner(Path(settings.LOFTE_WORKSPACE))),
        ]
        try:
            _run(listener, on_ready, visit)
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=10)


def _run(
    listener: socket.socket, on_ready: Callable[[str], None], visit: Callable[[str], None] | None
) -> None:
    config = uvicorn.Config(
        asgi_app(),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    visitors = ThreadPoolExecutor(max_workers=1)
    visits: list[Future[None]] = []

    def ready() -> None:
        on_ready(_address(listener))
        if visit is not None:
            visits.append(visitors.submit(visit, _address(listener)))
            visits[0].add_done_callback(lambda _: setattr(server, "should_exit", True))

    server = _Server(config, ready)
    try:
        server.run(sockets=[listener])
        for done in visits:
            done.result()
    except KeyboardInterrupt:
        # uvicorn has closed everything by now and raises the signal once more for its caller.
        _log.info("stopped")


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


def _sequencer(key: bytes) -> Callable[[], None]:
    from lofte.execution.book import sequence

    def turn() -> None:
        sequence(key)

    return turn


def _witness(folder: Path, seed: bytes, workspace: Path) -> Callable[[], None]:
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


def _worker(folder: Path) -> Callable[[], None]:
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


def _later(folder: Path) -> Callable[[], None]:
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


def _watcher(folder: Path) -> Callable[[], None]:
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


def _sweeper(folder: Path) -> Callable[[], None]:
    """Lets everything go whose time is out, once a night."""
    from lofte.connectors.registry import open_system
    from lofte.retention.nightly import due, run
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if due(utc_now()):
            run(open_house(load(folder)), lambda system: open_system(system, folder))

    return turn


def _intake(folder: Path) -> Callable[[], None]:
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


def _door(folder: Path) -> Callable[[], None]:
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


def _mail(folder: Path) -> Callable[[], None]:
    """Sends the letters that wait."""
    from lofte.intake.settings import way
    from lofte.mail.send import due, send_due
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if due(utc_now()):
            house = open_house(load(folder))
            send_due(house, way(folder, house.policy))

    return turn


def _webhooks(folder: Path) -> Callable[[], None]:
    """Tells other programs what has happened."""
    from lofte.api import calls
    from lofte.site.workspace import load, open_house

    def turn() -> None:
        if calls.due(utc_now()):
            calls.turn(open_house(load(folder)))

    return turn


def _warner(folder: Path) -> Callable[[], None]:
    """Tells those who work here of requests whose time runs out, once an hour: a day is a day."""
    from lofte.requests.course.warn import warn
    from lofte.site.workspace import load, open_house

    looked: list[datetime] = []

    def turn() -> None:
        now = utc_now()
        if looked and WARN_EVERY > now - looked[-1] >= timedelta(0):
            return
        warn(open_house(load(folder)))
        looked[:] = [now]

    return turn


def _shredder(folder: Path, workspace: Path) -> Callable[[], None]:
    """Destroys the keys of restore logs and packages whose window is over, whatever state the workspace is
    in, and then those of requests that are over."""
    from lofte.execution.restore_log import shred_due_in
    from lofte.requests.answer import expired
    from lofte.requests.course import over
    from lofte.site.workspace import load, open_house

    looked: list[datetime] = []

    def turn() -> None:
        now = utc_now()
        if not looked or now - looked[-1] >= SHRED_EVERY or now < looked[-1]:
            shred_due_in(folder, now)
            gone = expired.destroy_due(folder, now)
            looked[:] = [now]
            if gone:
                expired.note_gone(open_house(load(workspace)))
            if over.due(folder, now):
                over.shred(open_house(load(workspace)))

    return turn


def _again_and_again(stop: threading.Event, name: str, turn: Callable[[], None]) -> threading.Thread:
    """Run `turn` until stopped. What goes wrong is logged, and tried again a little later."""

    def loop() -> None:
        from django.db import close_old_connections, connection

        pause = POLL
        while not stop.wait(pause):
            pause = AFTER_FAILURE
            try:
                close_old_connections()
                turn()
                pause = POLL
            except LofteError as error:
                _log.error("%s: %s", name, error)
            except Exception:  # the outermost loop: the thread must live
                _log.exception("%s failed", name)
        connection.close()

    thread = threading.Thread(target=loop, name=name, daemon=True)
    thread.start()
    return thread


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One server per store on SQLite; on PostgreSQL as many as you like."""
    from lofte.execution.store import on_sqlite

    if not on_sqlite():
        yield
        return
    handle = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Refused(
            "a server runs on this store already; stop it, or use PostgreSQL for several"
        ) from error
    finally:
        os.close(handle)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Refused(f"cannot listen on {host}:{port}; choose another with --port") from error
    try:
        yield listener
    finally:
        listener.close()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{'[' + host + ']' if ':' in host else host}:{port}"
