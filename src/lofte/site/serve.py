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
from pathlib import Path

import uvicorn

from lofte.errors import LofteError, Refused
from lofte.site import turns
from lofte.site.app import asgi_app
from lofte.site.store import prepare

_log = logging.getLogger("lofte.serve")
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

    from lofte.consent.ingest import desk
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
        threads = _threads(stop, Path(settings.LOFTE_WORKSPACE))
        try:
            _run(listener, on_ready, visit)
        finally:
            desk.close()
            stop.set()
            for thread in threads:
                thread.join(timeout=10)
            _write_down_what_was_shown()


def _threads(stop: threading.Event, workspace: Path) -> list[threading.Thread]:
    """One for each thing that is looked after, so that none waits for another's systems."""
    from lofte.site.consents import consents, way_in
    from lofte.site.home import home, keys

    chosen = consents(workspace, way_in())
    _first(chosen)
    looked_after = {
        "choices": chosen,
        "sequencer": turns.sequencer(keys().ledger),
        "witness": turns.witness(home(), keys().checkpoint, workspace),
        "shredder": turns.shredder(home(), workspace),
        "counter": turns.counter(),
        "worker": turns.worker(workspace),
        "later": turns.later(workspace),
        "watcher": turns.watcher(workspace),
        "sweeper": turns.sweeper(workspace),
        "outlook": turns.outlook(workspace),
        "intake": turns.intake(workspace),
        "door": turns.door(workspace),
        "mail": turns.mail(workspace),
        "webhooks": turns.webhooks(workspace),
        "teller": turns.teller(workspace),
        "prover": turns.prover(workspace),
        "warner": turns.warner(workspace),
    }
    return [_again_and_again(stop, name, turn) for name, turn in looked_after.items()]


def _first(turn: Callable[[], None]) -> None:
    """Do it once before anybody asks. What is wrong then is told, and tried again later."""
    try:
        turn()
    except LofteError as error:
        _log.error("choices are not taken in yet: %s", error)


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


def _write_down_what_was_shown() -> None:
    from django.db import DatabaseError

    from lofte.notices import presented

    try:
        presented.keep()
    except DatabaseError:
        _log.exception("what was shown since the last minute is not counted")


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


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
