"""`POST /privacy/consent`, as bare ASGI before Django: read, judge, record, answer.

The wire is `docs/reference/consent-wire.md`. No address of a visitor is kept or logged.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from lofte.consent.ingest.cookie import set_cookie
from lofte.consent.ingest.limits import Limits, client
from lofte.consent.ingest.sites import Known
from lofte.consent.ingest.wire import MOST, Sent, Unfit, Why, judged, read
from lofte.consent.ingest.writer import Recorded, Writer

PATH = "/privacy/consent"
STATUS = {
    Why.FORM: 400,
    Why.ID: 403,
    Why.SHOWN: 422,
    Why.ORIGIN: 403,
    Why.SIZE: 413,
    Why.OFTEN: 429,
    Why.STORE: 503,
}
LATE = 409
_JSON = (b"content-type", b"application/json; charset=utf-8")
_ALWAYS = (
    _JSON,
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Origin"),
)
Headers = list[tuple[bytes, bytes]]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(kw_only=True, slots=True)
class Ingest:
    """The way in."""

    writer: Writer
    limits: Limits
    known: Known | None = None
    """Replaced as a whole when policy or sites change; None = they could not be read yet, and everybody is
    told to come again."""
    proxies: int = 0
    secure: bool = False
    hosts: frozenset[str] = frozenset()
    """Names of our own server: a page that it served itself is a page of the policy's site."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one question."""
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        known = self.known
        try:
            if known is None:
                raise Unfit(Why.STORE)
            if scope["method"] == "OPTIONS":
                self._admit(known, origin, headers)
                await _send(send, 204, b"", [*_across(origin), *_PREFLIGHT])
                return
            if scope["method"] != "POST":
                await _send(send, 405, b"", [(b"allow", b"POST, OPTIONS")])
                return
            sites = self._admit(known, origin, headers)
            sent = read(await self._body(scope, headers, receive))
            if sent.site not in sites:
                raise Unfit(Why.ORIGIN)
            done = await self.writer.record(sent, judged(sent, known.offers))
        except Unfit as unfit:
            await self._refuse(send, unfit.why, origin)
            return
        # What says no is said again with the same answer; what came too late wins nothing.
        status = LATE if not done.holds else 200 if done.again else 201
        cookies = [] if status == LATE else [(b"set-cookie", self.cookie(known, sent, done))]
        await _send(send, status, answered(done), [*_across(origin), *cookies])

    def cookie(self, known: Known, sent: Sent, done: Recorded) -> bytes:
        """The cookie that goes with an answer."""
        offer = known.offers.get(sent.sha)
        name, days = (offer.cookie, offer.days) if offer else (known.cookie, 1)
        return set_cookie(sent, done, name, days, secure=self.secure)

    def _admit(self, known: Known, origin: str, headers: dict[bytes, bytes]) -> set[str]:
        """The sites that a page of this origin may speak for. A program that is no browser names no
        origin, and is let in by none: raises Unfit."""
        sites = {site for site, origins in known.sites.items() if origin in origins}
        host = headers.get(b"host", b"").decode("latin-1")
        if host and origin.partition("://")[2] == host and _name(host) in self.hosts:
            sites.add(known.site)
        if not sites:
            raise Unfit(Why.ORIGIN)
        return sites

    async def _body(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        """What was sent, if not too much comes from there. Raises Unfit."""
        peer = (scope.get("client") or ("",))[0]
        if not self.limits.takes(client(headers, peer, self.proxies)):
            raise Unfit(Why.OFTEN)
        if headers.get(b"content-length", b"0").rjust(8, b"0") > b"%08d" % MOST:
            raise Unfit(Why.SIZE)
        body = b""
        while True:
            message: Mapping[str, Any] = await receive()
            body += bytes(message.get("body", b""))
            if len(body) > MOST:
                raise Unfit(Why.SIZE)
            if message["type"] != "http.request" or not message.get("more_body"):
                return body

    async def _refuse(self, send: Send, why: Why, origin: str) -> None:
        headers: Headers = [] if why is Why.ORIGIN else _across(origin)
        if why in (Why.OFTEN, Why.STORE):
            headers.append((b"retry-after", b"%d" % self.limits.wait()))
        if why is Why.ID and self.known is not None:
            # The browser asks anew, and under an id of ours.
            headers.append((b"set-cookie", f"{self.known.cookie}=; Path=/; Max-Age=0; SameSite=Lax".encode()))
        await _send(send, STATUS[why], json.dumps({"why": why.value}).encode(), headers)


def _name(host: str) -> str:
    """A host without its port."""
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host


def answered(done: Recorded) -> bytes:
    """The body of the answer."""
    return (
        f'{{"receipt": "{done.receipt}", "id": "{done.id}", "seq": {done.seq}, "hash": "{done.hash}", '
        f'"received_at": "{_written(done.received_at)}"}}'
    ).encode()


@lru_cache(maxsize=64)
def _written(moment: datetime) -> str:
    """The same for all choices of one commit."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


_PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type"),
    (b"access-control-max-age", b"7200"),
]


def _across(origin: str) -> Headers:
    """What lets a page of a listed origin read the answer."""
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
    ]


async def _send(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*_ALWAYS, length, *headers]})
    await send({"type": "http.response.body", "body": body})
