"""A network between us and a database that can be broken at a chosen word.

Threads copy bytes both ways. What is sent to the server is looked at for words (`COMMIT`, `DELETE`);
TLS is not spoken on 127.0.0.1. One trouble at a time, on the first connection that says the word after
it is set.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
import time
from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy import make_url

_CHANGES = re.compile(rb"\b(delete|update|insert)\b", re.IGNORECASE)
_COMMIT = re.compile(rb"\bcommit\b", re.IGNORECASE)
_CHUNK = 65536


class Trouble(StrEnum):
    """What happens to a connection that changes rows."""

    LOST_ANSWER = "reset after COMMIT has reached the server"
    LOST_COMMIT = "reset before COMMIT reaches the server"
    RESET = "reset at the first change"
    BLACK_HOLE = "nothing comes through from the first change on"
    SLOW = "every word takes its time"


class Proxy:
    """Listens on a port of its own, and passes on to a server."""

    def __init__(self, url: str) -> None:
        self._server = make_url(url)
        default = 5432 if self._server.get_backend_name() == "postgresql" else 3306
        self._to = (self._server.host or "127.0.0.1", self._server.port or default)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.trouble: Trouble | None = None
        self.happened = threading.Event()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def url(self, **query: str) -> str:
        """The address by which a client comes through here."""
        port = self._listener.getsockname()[1]
        here = self._server.set(host="127.0.0.1", port=port).update_query_dict(query)
        return here.render_as_string(hide_password=False)

    def close(self) -> None:
        self._listener.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._to)
                for each in (client, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open += [client, server]
                line = _Line(self, client, server)
                threading.Thread(target=line.up, daemon=True).start()
                threading.Thread(target=line.down, daemon=True).start()

    def meets(self, trouble: Trouble) -> bool:
        """Whether this happens now; it happens once."""
        if self.trouble is not trouble:
            return False
        self.trouble = None
        self.happened.set()
        return True


class _Line:
    """One connection through the proxy."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._changing = False
        self._dead = threading.Event()
        self._swallow_answer = threading.Event()

    def up(self) -> None:
        for said in _chunks(self._client):
            if self._dead.is_set():
                continue  # swallowed; the client waits
            if self._proxy.trouble is Trouble.SLOW:
                self._proxy.happened.set()
                time.sleep(0.02)
            if _CHANGES.search(said) and not self._changing:
                self._changing = True
                if self._proxy.meets(Trouble.BLACK_HOLE):
                    self._dead.set()
                    continue
                if self._proxy.meets(Trouble.RESET):
                    return self._reset()
            if self._changing and _COMMIT.search(said):
                if self._proxy.meets(Trouble.LOST_COMMIT):
                    return self._reset()
                if self._proxy.meets(Trouble.LOST_ANSWER):
                    self._swallow_answer.set()
            with contextlib.suppress(OSError):
                self._server.sendall(said)
        if not self._dead.is_set():
            self._close()  # in a black hole the server does not hear that the client is gone

    def down(self) -> None:
        for said in _chunks(self._server):
            if self._swallow_answer.is_set():
                return self._reset()  # the server has answered: it is lasting
            if not self._dead.is_set():
                with contextlib.suppress(OSError):
                    self._client.sendall(said)
        if not self._dead.is_set():
            self._close()

    def _reset(self) -> None:
        """Hang up on both without a word."""
        for each in (self._client, self._server):
            with contextlib.suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._close()

    def _close(self) -> None:
        for each in (self._client, self._server):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                each.close()


def _chunks(from_: socket.socket) -> Iterator[bytes]:
    with contextlib.suppress(OSError):
        while said := from_.recv(_CHUNK):
            yield said
