"""Browsers that choose, against the way in itself: no server between."""

from __future__ import annotations

import asyncio
import copy
import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from lofte.consent.ingest import desk
from lofte.consent.ingest.app import Ingest
from lofte.consent.ingest.limits import Limits
from lofte.consent.ingest.writer import Writer
from lofte.policy import cookies
from lofte.policy.document import Policy
from tests.conftest import POLICY

ORIGIN = "http://localhost:8000"
TABLE = [
    {"name": "nn_in", "purpose": "necessary", "provider": "Norrsken", "lifetime": "session"},
    {"name": "nn_count", "purpose": "statistics", "provider": "Räknesticka AB", "lifetime": "P30D"},
    {"name": "nn_ad", "purpose": "marketing", "provider": "Skyltfönstret AB", "lifetime": "P3M"},
    {"name": "nn_ad2", "purpose": "marketing", "provider": "Annonstavlan AB", "lifetime": "P3M"},
]


def policy(**more: Any) -> Policy:
    plain = copy.deepcopy(POLICY)
    table = [{**each, "text": {"sv": "gör något", "en": "does something"}} for each in TABLE]
    plain["cookies"] = {"consent": "prior_opt_in", "table": table}
    return Policy.model_validate({**plain, **more})


@contextmanager
def way_in(house: Any, **limits: float) -> Iterator[Ingest]:
    """A way in of its own, which goes by the house's policy."""
    generous = {"at_once": 1e9, "a_second": 1e9}
    writer = Writer(house.keys, clock=house.clock)
    ingest = Ingest(writer=writer, limits=Limits(clock=lambda: 0.0, **{**generous, **limits}))
    ingest.known = desk.look(house, house.folder)
    writer.start()
    try:
        yield ingest
    finally:
        writer.stop()


def choice(house: Any, yes: Iterable[str] = (), **changed: Any) -> dict[str, Any]:
    """What a browser sends that says yes to these purposes, with all their vendors, and no to the rest."""
    shown = cookies.shown(house.policy, "sv")
    said = {id_: int(id_ in yes) for id_ in shown.purposes}
    vendors = {vendor: said[purpose] for vendor, purpose in shown.vendors.items()}
    made = {
        "v": 1,
        "site": house.policy.meta.id,
        "id": None,
        "event": str(uuid.uuid4()),
        "seq": 1,
        "version": shown.version,
        "edition": shown.edition,
        "sha": shown.sha,
        "action": "save" if yes else "reject",
        "surface": "banner",
        "choices": said,
        "vendors": vendors,
        "allow": "~".join(sorted(yes)),
        "lang": "sv",
        "path": "/priser",
        "gpc": False,
        "at": 1_770_000_000_000,
        "view": "m",
    }
    return {**made, **changed}


class Answer:
    """What came back."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = {k.decode(): v.decode() for k, v in messages[0]["headers"]}
        body = b"".join(m.get("body", b"") for m in messages[1:])
        self.said: dict[str, Any] = json.loads(body) if body else {}


async def post(
    way: Ingest,
    sent: Any,
    *,
    origin: str | None = ORIGIN,
    method: str = "POST",
    peer: str = "192.0.2.1",
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> Answer:
    """One question."""
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    named = [(b"origin", origin.encode())] if origin is not None else []
    scope = {
        "type": "http",
        "method": method,
        "path": "/privacy/consent",
        "headers": [*named, (b"content-length", b"%d" % len(body)), *headers],
        "client": (peer, 1),
    }
    got: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        got.append(dict(message))

    await way(scope, receive, send)
    return Answer(got)


def ask(way: Ingest, *sent: Any, **how: Any) -> list[Answer]:
    """Ask all of these, one after the other."""

    async def each() -> list[Answer]:
        return [await post(way, one, **how) for one in sent]

    return asyncio.run(each())


def at_once(way: Ingest, sent: Iterable[Any], **how: Any) -> list[Answer]:
    """Ask all of these at the same time."""

    async def together() -> list[Answer]:
        return list(await asyncio.gather(*(post(way, one, **how) for one in sent)))

    return asyncio.run(together())
