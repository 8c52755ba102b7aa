"""Recording choices: one thread commits whatever waits, again and again, and answers what is durable.

Hard rules:
- Nobody is answered before the commit. What cannot be committed is answered with a no, and the browser
  keeps it.
- The same event is recorded once, and has the same answer however often it comes.
- While one commit is under way the next ones gather: nobody waits for a clock.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

from django.db import DatabaseError, connection

from lofte.consent import chain
from lofte.consent.ingest import rows
from lofte.consent.ingest.ids import Ids
from lofte.consent.ingest.wire import Sent, Unfit, Why
from lofte.consent.models import Choice, Stream
from lofte.errors import LofteError
from lofte.execution.house import Keys, utc_now
from lofte.execution.store import pick, writing

MOST = 1000
"""Choices of one commit."""
WAITING = 5000
"""As many may wait; who comes after them is told to come again."""
_ASKED = ("receipt", "person", "seq", "at", "site", "version", "shown", "yes", "body")
_log = logging.getLogger("lofte.consent")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What a browser is told of a choice that is durable."""

    receipt: str
    id: str
    seq: int
    hash: str
    """SHA-256 of all that was recorded."""
    received_at: datetime
    holds: bool
    """False = a later one had come before it."""
    yes: int
    again: bool = False
    """It was recorded before."""


@dataclass(slots=True)
class _Waiting:
    sent: Sent
    person: str
    receipt: str
    yes: int
    loop: asyncio.AbstractEventLoop | None
    future: Any


class Writer:
    """Records choices in one thread."""

    def __init__(self, keys: Keys, *, clock: Callable[[], datetime] = utc_now, most: int = MOST) -> None:
        self.ids = Ids(key=keys.lookup)
        self._key = chain.key_of(keys.ledger)
        self._clock = clock
        self._most = most
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._at: _Place | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="consents", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Record what waits, and end."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(timeout=20)
            self._thread = None

    async def record(self, sent: Sent, yes: int) -> Recorded:
        """Answers when it is durable. Raises Unfit."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._put(sent, yes, loop, future)
        answer: Recorded | Unfit = await future
        if isinstance(answer, Unfit):
            raise answer
        return answer

    def record_now(self, sent: Sent, yes: int, *, within: float = 20.0) -> Recorded:
        """The same, for a page: waits at most so many seconds. Raises Unfit."""
        future: Future[Recorded | Unfit] = Future()
        self._put(sent, yes, None, future)
        try:
            answer = future.result(timeout=within)
        except TimeoutError:
            raise Unfit(Why.STORE) from None
        if isinstance(answer, Unfit):
            raise answer
        return answer

    def _put(self, sent: Sent, yes: int, loop: asyncio.AbstractEventLoop | None, future: Any) -> None:
        if sent.id is None:
            person = secrets.token_hex(16)
        else:
            known = self.ids.read(sent.id)
            if known is None:
                raise Unfit(Why.ID)
            person = known
        if self._thread is None or self._queue.qsize() >= WAITING:
            raise Unfit(Why.STORE)
        self._queue.put(_Waiting(sent, person, self.ids.receipt(sent.event), yes, loop, future))

    def _run(self) -> None:
        while True:
            batch, ends = self._gathered()
            if batch:
                _tell(batch, self._answers(batch))
            if ends:
                connection.close()
                return

    def _gathered(self) -> tuple[list[_Waiting], bool]:
        """Whatever waits, at least one; and whether it is the last."""
        batch: list[_Waiting] = []
        each = self._queue.get()
        while each is not None:
            batch.append(each)
            if len(batch) >= self._most:
                return batch, False
            try:
                each = self._queue.get_nowait()
            except Empty:
                return batch, False
        return batch, True

    def _answers(self, batch: Sequence[_Waiting]) -> list[Recorded | Unfit]:
        for _ in range(2):
            # Another process may have recorded the same event in between; the second time it is seen.
            try:
                return list(self._commit(batch))
            except (DatabaseError, LofteError) as error:
                # Whether it was committed is not known: the chain goes on from nothing that is.
                self._at = None
                with suppress(DatabaseError):
                    connection.close()
                if not _came_between(error):
                    break
        _log.error("choices could not be recorded; they are sent again")
        return [Unfit(Why.STORE) for _ in batch]

    def _commit(self, batch: Sequence[_Waiting]) -> list[Recorded]:
        now = self._clock()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        place = self._at or _begun(now)
        with rows.transaction():
            there, heads = rows.asked([w.receipt for w in batch], {w.person for w in batch if w.sent.id})
            made = self._before(there)
            new: list[rows.Row] = []
            number, link = place.number, place.link
            for each in batch:
                if each.receipt in made:
                    continue
                sent = each.sent
                parts = (each.receipt, each.person, sent.seq, sent.site, sent.version, sent.sha)
                said = chain.digested(*parts, now, each.yes, sent.body)
                number += 1
                link = chain.linked(self._key, link, number, said)
                new.append((*parts, each.yes, sent.body, number, link))
                head = heads.get(each.person, -1)
                heads[each.person] = max(sent.seq, head)
                made[each.receipt] = Recorded(
                    receipt=each.receipt,
                    id=sent.id or self.ids.signed(each.person),
                    seq=sent.seq,
                    hash=said.hex(),
                    received_at=now,
                    holds=sent.seq > head,
                    yes=each.yes,
                )
            rows.add(new, place.stream, now)
        self._at = _Place(stream=place.stream, number=number, link=link)
        return [made[each.receipt] for each in batch]

    def _before(self, receipts: Collection[str]) -> dict[str, Recorded]:
        """The answers to choices that were recorded before."""
        found = list(pick(Choice, _ASKED, {"receipt": receipts}))
        _, heads = rows.asked((), {row[1] for row in found})
        return {row[0]: self._again(row, heads) for row in found}

    def _again(self, row: Sequence[Any], heads: Mapping[str, int]) -> Recorded:
        receipt, person, seq, at, site, version, shown, yes, body = row
        said = chain.digested(receipt, person, seq, site, version, shown, at, yes, body)
        return Recorded(
            receipt=receipt,
            id=self.ids.signed(person),
            seq=seq,
            hash=said.hex(),
            received_at=at,
            holds=heads.get(person, -1) <= seq,
            yes=yes,
            again=True,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """How far the stream has come."""

    stream: int
    number: int = 0
    link: bytes = field(repr=False)


def _begun(now: datetime) -> _Place:
    with writing():
        stream: Stream = chain.begin(now)
    return _Place(stream=stream.pk, link=chain.start(stream.ref))


def _came_between(error: BaseException) -> bool:
    from django.db import IntegrityError

    return isinstance(error, IntegrityError) or isinstance(error.__cause__, IntegrityError)


def _tell(batch: Sequence[_Waiting], answers: Sequence[Recorded | Unfit]) -> None:
    """Answer all, with one call to each loop."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[Any, Recorded | Unfit]]] = {}
    for each, answer in zip(batch, answers, strict=True):
        if each.loop is None:
            each.future.set_result(answer)
        else:
            loops.setdefault(each.loop, []).append((each.future, answer))
    for loop, pairs in loops.items():
        with suppress(RuntimeError):  # the loop has ended, and whoever waited with it
            loop.call_soon_threadsafe(_settle, pairs)


def _settle(pairs: Sequence[tuple[Any, Recorded | Unfit]]) -> None:
    for future, answer in pairs:
        if not future.done():
            future.set_result(answer)
