"""The chain of choices: each is linked to the one before it, and the ledger has the head.

Hard rules:
- One process records one stream; nobody waits for another. A stream that was broken off goes on as a new one.
- The ledger notes how far each stream has come, and its head, within seconds. From then on nothing in it can
  be changed, put in or taken out and not be found, not even by whoever has the store.
- What is past its time is deleted from the beginning of a stream; the ledger notes up to where.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lofte.consent.ingest.ids import derived
from lofte.consent.models import Choice, Shown, Stream
from lofte.execution.book import note, opened, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind


def key_of(house_key: bytes) -> bytes:
    """The key of the chain, from that of the ledger."""
    return derived(house_key, "chain")


def digest(choice: Choice) -> bytes:
    """SHA-256 of all that a choice says."""
    return digested(
        choice.receipt,
        choice.person,
        choice.seq,
        choice.site,
        choice.version,
        choice.shown,
        choice.at,
        choice.yes,
        choice.body,
    )


def digested(
    receipt: str,
    person: str,
    seq: int,
    site: str,
    version: str,
    shown: str,
    at: datetime,
    yes: int,
    body: str,
) -> bytes:
    """The same, of its parts."""
    parts = (receipt, person, str(seq), site, version, shown, str(milliseconds(at)), str(yes), body)
    return hashlib.sha256("\n".join(parts).encode()).digest()


def milliseconds(at: datetime) -> int:
    """A moment as milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def start(ref: str) -> bytes:
    """What the first choice of a stream is linked to."""
    return bytes.fromhex(ref)


def linked(key: bytes, before: bytes, number: int, said: bytes) -> bytes:
    """The link of a choice to the one before it."""
    return hmac.digest(key, before + number.to_bytes(8, "big") + said, "sha256")


def begin(now: datetime) -> Stream:
    """A stream of one's own, in the caller's transaction."""
    return Stream.objects.create(ref=secrets.token_hex(16), begun=now)


def seal(house: House) -> int:
    """Note in the ledger how far each stream has come; returns how many have moved."""
    moved = 0
    for stream in Stream.objects.order_by("id"):
        last = stream.choices.order_by("-number").first()
        if last is None or last.number <= stream.sealed:
            continue
        with recorded(house):
            held = Stream.objects.select_for_update().get(pk=stream.pk)
            if last.number <= held.sealed:
                continue
            note(
                Kind.CONSENT_RECORDED,
                stream.ref,
                {
                    "records": last.number - held.sealed,
                    "last": last.number,
                    "head": bytes(last.link).hex(),
                },
                at=house.now,
                policy_version=house.policy_version,
            )
            Stream.objects.filter(pk=stream.pk).update(sealed=last.number)
        moved += 1
    return moved


def unsealed() -> bool:
    """Whether something came that the ledger has not the head of. Cheap."""
    newest = Choice.objects.order_by("-id").select_related("stream").first()
    return newest is not None and newest.number > newest.stream.sealed


@dataclass(frozen=True, kw_only=True, slots=True)
class Flaw:
    """A place where the choices are not as they were recorded."""

    stream: str
    number: int
    what: str
    """`changed`, `missing`, `shown` (what was shown is not what it was), `unknown` (a stream that the ledger
    does not know to have begun where it does)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What a look at all choices found."""

    records: int
    sealed: int
    """Those that the ledger answers for; the rest came within the last seconds."""
    flaws: tuple[Flaw, ...]


def verify(house: House) -> Looked:
    """Look at every choice, link by link, and at what the ledger says of each stream. Raises Broken when the
    ledger itself does not open."""
    key, said = key_of(house.keys.ledger), _noted()
    flaws: list[Flaw] = [
        Flaw(stream=shown.sha[:32], number=0, what="shown")
        for shown in Shown.objects.iterator()
        if hashlib.sha256(shown.content.encode()).hexdigest() != shown.sha
    ]
    records = sealed = 0
    known = {stream.ref: stream for stream in Stream.objects.order_by("id")}
    for ref in sorted(said.keys() | known.keys()):
        heads = said.get(ref, _Heads(sealed={}, gone=(0, "")))
        stream = known.get(ref)
        if stream is None:
            flaws.append(Flaw(stream=ref, number=heads.last, what="missing"))
            continue
        found = list(_walked(key, stream, heads))
        flaws += [flaw for flaw in found if isinstance(flaw, Flaw)]
        counted = stream.choices.count()
        records += counted
        sealed += stream.choices.filter(number__lte=heads.last).count()
    return Looked(records=records, sealed=sealed, flaws=tuple(flaws))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Heads:
    """What the ledger says of a stream: its heads by number, and up to where it was deleted."""

    sealed: dict[int, str]
    gone: tuple[int, str]

    @property
    def last(self) -> int:
        return max(self.sealed, default=0)


def _noted() -> dict[str, _Heads]:
    found: dict[str, _Heads] = {}
    for entry, payload in opened():
        if entry.kind not in (Kind.CONSENT_RECORDED, Kind.CONSENT_FORGOTTEN) or payload is None:
            continue
        at, head = int(payload["last"]), str(payload["head"])
        heads = found.get(entry.object, _Heads(sealed={}, gone=(0, "")))
        if entry.kind == Kind.CONSENT_RECORDED:
            found[entry.object] = _Heads(sealed={**heads.sealed, at: head}, gone=heads.gone)
        else:
            found[entry.object] = _Heads(sealed=heads.sealed, gone=max(heads.gone, (at, head)))
    return found


def _walked(key: bytes, stream: Stream, heads: _Heads) -> Iterator[Flaw]:
    """Each flaw of one stream; after the first that breaks the chain nothing more can be told of it."""
    number, head = heads.gone
    before = bytes.fromhex(head) if number else start(stream.ref)
    for choice in stream.choices.order_by("number").iterator(chunk_size=2000):
        if choice.number <= number:
            yield Flaw(stream=stream.ref, number=choice.number, what="unknown")
            return
        if choice.number != number + 1:
            yield Flaw(stream=stream.ref, number=number + 1, what="missing")
            return
        number, before = choice.number, linked(key, before, choice.number, digest(choice))
        wanted = heads.sealed.get(number)
        if before != bytes(choice.link) or (wanted and before.hex() != wanted) or not _is_canonical(choice):
            yield Flaw(stream=stream.ref, number=number, what="changed")
            return
    if number < heads.last:
        yield Flaw(stream=stream.ref, number=number + 1, what="missing")


def _is_canonical(choice: Choice) -> bool:
    try:
        return isinstance(json.loads(choice.body), dict)
    except ValueError:
        return False
