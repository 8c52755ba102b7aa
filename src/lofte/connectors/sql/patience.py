"""How long we wait for a database, and what becomes of our work there when we stop waiting.

Hard rules:
- Ten seconds for a connection. Then, for anything at all to come back, five minutes, or what the url
  says as `read_timeout` (seconds). Bytes that a broken network swallows are not waited for for ever.
- The server is told the same: a statement that nobody waits for ends, and a transaction whose client
  has gone silent is undone, so that no row stays locked for somebody who is gone.
- A connection that was given up is closed; nothing more is said on it.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import sqlalchemy as sa
from psycopg import Connection as Psycopg
from psycopg import OperationalError
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine

CONNECT, ANSWER = 10, 300
"""Seconds."""
_MARIA = ("mysql", "mariadb")


def read_url(url: str) -> URL:
    """The address, with the driver that we use. Raises ArgumentError."""
    parsed = sa.make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in _MARIA:
        return parsed.set(drivername=f"{parsed.drivername}+pymysql")
    return parsed


def patient(url: URL, **more: Any) -> Engine:
    """An engine for this database whose connections wait as long as is said above. Raises
    ArgumentError."""
    kind = url.get_backend_name()
    seconds = _seconds(url)
    url = url.difference_update_query(["read_timeout"])
    if kind in _MARIA:
        return sa.create_engine(url, connect_args=_maria(url, seconds), hide_parameters=True, **more)
    if kind != "postgresql":
        return sa.create_engine(url, hide_parameters=True, **more)
    waits = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT}
    alive = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    engine = sa.create_engine(url, connect_args={**alive, **waits}, hide_parameters=True, **more)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, cargs: Any, cparams: Any) -> Any:
        return _postgres(seconds, *cargs, **cparams)

    return engine


class _Patient(Psycopg[Any]):
    """A connection on which silence ends."""

    answer_within: float = ANSWER

    def wait(self, gen: Any, *more: Any, **named: Any) -> Any:
        """As psycopg's own; raises OperationalError when nothing has come for so long."""
        return super().wait(self._heard(gen), *more, **named)

    def _heard(self, gen: Any) -> Generator[Any, Any, Any]:
        """The talk with the server, watched: each sign of life gives it its whole time again."""
        end = time.monotonic() + self.answer_within
        try:
            said = next(gen)
            while True:
                ready = yield said
                if ready:
                    end = time.monotonic() + self.answer_within
                elif time.monotonic() > end:
                    self.pgconn.finish()
                    raise OperationalError("the server has said nothing for too long")
                said = gen.send(ready)
        except StopIteration as stop:
            return stop.value


def _postgres(seconds: int, *given: Any, **named: Any) -> _Patient:
    connection = _Patient.connect(*given, **named)
    connection.answer_within = seconds
    connection.autocommit = True
    wait = f"{seconds}s"
    connection.execute(
        "select set_config('statement_timeout', %s, false),"
        " set_config('idle_in_transaction_session_timeout', %s, false)",
        (wait, wait),
    )
    connection.autocommit = False
    return connection


def _maria(url: URL, seconds: int) -> dict[str, Any]:
    told: dict[str, Any] = {"charset": "utf8mb4", "read_timeout": seconds, "write_timeout": seconds}
    if "connect_timeout" not in url.query:
        told["connect_timeout"] = CONNECT
    if "init_command" not in url.query:
        # The second half is MariaDB's own; MySQL reads it as a remark.
        told["init_command"] = (
            f"SET SESSION wait_timeout = {seconds} /*M!100101 , SESSION max_statement_time = {seconds} */"
        )
    return told


def _seconds(url: URL) -> int:
    said = url.query.get("read_timeout", str(ANSWER))
    if not isinstance(said, str) or not said.isdecimal() or not 0 < int(said) <= 86_400:
        raise sa.exc.ArgumentError("read_timeout is a number of seconds, at most a day")
    return int(said)
