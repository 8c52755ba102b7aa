"""Telling those who got the data what became of them (art. 19).

Hard rules:
- A notice stands in the queue in the same transaction as the evidence of what was done; nobody has
  to remember it.
- Queuing again changes nothing: what a notice has said is not said twice, and what is touched after
  a recipient was told is a notice of its own.
- An erasure that is undone is not told; who was told of it already is told by hand. A restriction
  that is lifted is not told; who was told of it already is told that it is lifted.
- That a recipient was told, or why it could not be, is a record. The letter is made when somebody
  asks for it, with the identity that lies sealed in the request, and is kept nowhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lofte.connectors.protocol import Connector
from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution import exactly
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import pick, pour
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan import recipients as planned
from lofte.plan.recipients import ARTICLE, At
from lofte.plan.records import Subject, Verb
from lofte.policy.document import Text
from lofte.requests import sealing
from lofte.requests.course.protected import insist_reachable
from lofte.requests.course.receive import identities_of
from lofte.requests.models import CorrectedRows, Erasure, RecipientNotice, RecipientTold, Request

_WHY = "recipient"
_UNDONE = "the erasure was undone before the recipient was told"
_LIFTED = "the restriction was lifted before the recipient was told"
Connect = Callable[[System], Connector]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A recipient that is still to be told."""

    ref: str
    notice: RecipientNotice
    number: str
    recipient: str
    name: Text
    right: str
    datasets: tuple[tuple[str, str, int], ...]
    """System, dataset, rows."""
    since: datetime
    sure: bool
    """The map says that it got these rows; else it may have got them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A recipient of one request, as the person may hear of it (art. 19, second sentence)."""

    recipient: str
    name: Text
    sure: bool
    told_on: date | None
    impossible: bool
    """It could not be told, or only with disproportionate effort."""
    why: str = ""
    """Why not, in the handler's words."""


def queue(house: House, request: Request, right: Right, touched: Mapping[At, int]) -> int:
    """Queue a notice for each recipient that got rows of these datasets, inside the caller's `recorded`
    transaction. `touched` says how many rows the request has touched so far, by system and dataset.
    Returns how many notices are new or have grown."""
    return queue_each(house, right, [(request, touched)])


def queue_each(house: House, right: Right, touched: Sequence[tuple[Request, Mapping[At, int]]]) -> int:
    """As `queue`, for many requests."""
    pks = [request.pk for request, _ in touched]
    found = RecipientNotice.objects.filter(request__in=pks, right=right)
    before: dict[tuple[int, str], list[RecipientNotice]] = {}
    earlier = pick(RecipientNotice, ("id",), {"request_id": pks, "right": right}, at_most=1)
    for notice in found.order_by("id") if earlier else ():
        before.setdefault((notice.request_id, notice.recipient), []).append(notice)
    told = set(found.exclude(told=None).values_list("pk", flat=True)) if before else set()
    new: list[RecipientNotice] = []
    grown = 0
    actual = planned.actual_each(house.policy, house.datamap, [rows for _, rows in touched])
    for (request, _), gots in zip(touched, actual, strict=True):
        for got in gots:
            notices = before.get((request.pk, got.receiver.id), [])
            said = _said(notices)
            more = {at: rows - said.get(at, 0) for at, rows in got.rows.items() if rows > said.get(at, 0)}
            if not more:
                continue
            grown += 1
            open_ = next((notice for notice in notices if notice.pk not in told), None)
            if open_ is None:
                open_ = RecipientNotice(
                    ref=secrets.token_hex(16), request=request, recipient=got.receiver.id, right=right
                )
            now = _said([open_])
            now.update({at: now.get(at, 0) + rows for at, rows in more.items()})
            open_.datasets, open_.at = [[*at, rows] for at, rows in sorted(now.items())], house.now
            if open_.pk is not None:
                open_.save()
            else:
                new.append(open_)
            payload: dict[str, Value] = {
                "recipient": got.receiver.id,
                "right": right.value,
                "article": ARTICLE,
            }
            payload |= {"datasets": len(more), "rows": sum(more.values())}
            _note(house, Kind.RECIPIENT_QUEUED, request, payload)
    pour(
        RecipientNotice,
        ("ref", "request_id", "recipient", "right", "datasets", "at"),
        ((n.ref, n.request_id, n.recipient, n.right, n.datasets, n.at) for n in new),
    )
    return grown


def queue_erased(house: House, request: Request) -> int:
    """As `queue`, of all that was erased, minimised or cut loose for the request until now."""
    return queue_erased_each(house, [request])


def queue_erased_each(house: House, requests: Sequence[Request]) -> int:
    """As `queue_erased`, for many requests."""
    touched: dict[int, dict[At, int]] = {request.pk: {} for request in requests}
    taken = [verb for verb in Verb if verb is not Verb.KEEP]
    names = ("request_id", "system", "dataset", "rows")
    for pk, system, dataset, number in pick(Erasure, names, {"request_id": list(touched), "verb": taken}):
        mine, at = touched[pk], (system, dataset)
        mine[at] = mine.get(at, 0) + number
    return queue_each(house, Right.ERASURE, [(request, touched[request.pk]) for request in requests])


def queue_rectified(house: House, request: Request) -> int:
    """As `queue`, of all that was rectified for the request until now."""
    touched: dict[At, int] = {}
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    for each in CorrectedRows.objects.filter(request=request):
        rows = _rows_in(key, each)
        touched[each.system, each.dataset] = touched.get((each.system, each.dataset), 0) + rows
    return queue(house, request, Right.RECTIFICATION, touched)


def held(
    house: House, identities: Sequence[Identity], connect: Connect, purposes: Collection[str] = ()
) -> dict[At, int]:
    """How many rows each dataset has of whoever has these identities, where the rows serve one of
    these purposes, none named = any. Reads the systems, so never inside a transaction of ours. Raises
    Unreachable."""
    rows: dict[At, int] = {}
    subject = Subject(ref="recipients", identities=tuple(sorted(identities)))
    for system in house.datamap.systems:
        connector = connect(system)
        try:
            with connector.session() as session:
                people = session.people([subject], house.today)
                for id_, dataset in system.datasets.items():
                    if dataset.role == "controller" and (
                        not purposes or set(purposes) & set(dataset.purposes)
                    ):
                        found = session.count(id_, people).get(0)
                        rows[system.id, id_] = found.certain if found else 0
        finally:
            connector.close()
    return rows


def queue_restricted(house: House, request: str, rows: Mapping[At, int]) -> int:
    """As `queue`, of the rows that a restriction is about; `request` is the ref of its request."""
    found = Request.objects.filter(ref=request).first()
    return queue(house, found, Right.RESTRICTION, rows) if found else 0


def waiting(house: House) -> tuple[Waiting, ...]:
    """The recipients that are still to be told, the oldest first."""
    found = RecipientNotice.objects.filter(told=None).select_related("request").order_by("id")
    return tuple(_waiting(house, notice) for notice in found)


def find(number: str, recipient: str) -> RecipientNotice:
    """The notice to this recipient that waits, by the request's number. Raises Refused."""
    found = RecipientNotice.objects.filter(request__number=number, recipient=recipient)
    notice = found.filter(told=None).first() or found.last()
    if notice is None:
        raise Refused("no recipient of this name got data of this request; see `lofte recipients list`")
    return notice


def told(house: House, notice: RecipientNotice, *, channel: str, by: str = "") -> RecipientTold:
    """Record that the recipient has been told. Raises Conflict if that is on record already."""
    with recorded(house):
        record = _closed(house, notice, by, channel=channel)
        payload: dict[str, Value] = {"recipient": notice.recipient, "channel": channel}
        _note(house, Kind.RECIPIENT_TOLD, notice.request, payload | ({"by": by} if by else {}))
    return record


def cannot(house: House, notice: RecipientNotice, *, why: str, by: str = "") -> RecipientTold:
    """Record why the recipient could not be told: it is impossible, or takes disproportionate effort
    (art. 19). The words are sealed. Raises Refused without them, Conflict if it is on record."""
    if not why.strip():
        raise Refused("write why the recipient cannot be told; the law takes no silence (art. 19)")
    request = notice.request
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    with recorded(house):
        sealed = sealing.seal_text(key, why.strip(), _WHY, request.ref)
        record = _closed(house, notice, by, why=sealed)
        payload: dict[str, Value] = {"recipient": notice.recipient}
        _note(house, Kind.RECIPIENT_IMPOSSIBLE, request, payload | ({"by": by} if by else {}))
    return record


def recall(house: House, request: Request, *, by: str = "") -> int:
    """The erasure is undone: whoever waits to be told of it is not told. Returns how many of its
    recipients had been told already, and must hear that it is undone."""
    with recorded(house):
        _withdraw(house, request, Right.ERASURE, _UNDONE, by)
    return len({notice.recipient for notice in _told_of(request, Right.ERASURE)})


def recall_restricted(house: House, request: str, *, by: str = "") -> None:
    """A restriction is lifted: whoever waits to be told of it is not told, inside the caller's `recorded`
    transaction; `request` is the ref of its request."""
    found = Request.objects.filter(ref=request).first()
    if found is not None:
        _withdraw(house, found, Right.RESTRICTION, _LIFTED, by)


def queue_lifted(house: House, request: str) -> int:
    """Queue that the person's data are not restricted any more, for each recipient that was told that
    they were, inside the caller's `recorded` transaction. Returns how many notices are new. Queuing
    again changes nothing."""
    found = Request.objects.filter(ref=request).first()
    if found is None:
        return 0
    by_recipient: dict[str, list[RecipientNotice]] = {}
    for notice in _told_of(found, Right.RESTRICTION):
        by_recipient.setdefault(notice.recipient, []).append(notice)
    queued = RecipientNotice.objects.filter(request=found, right=planned.LIFTED)
    has = set(queued.values_list("recipient", flat=True))
    new = {recipient: _said(notices) for recipient, notices in by_recipient.items() if recipient not in has}
    for recipient, rows in new.items():
        RecipientNotice.objects.create(
            ref=secrets.token_hex(16), request=found, recipient=recipient, right=planned.LIFTED,
            datasets=[[*at, n] for at, n in sorted(rows.items())], at=house.now,
        )  # fmt: skip
        payload: dict[str, Value] = {"recipient": recipient, "right": Right.RESTRICTION.value}
        payload |= {"article": ARTICLE, "datasets": len(rows), "rows": sum(rows.values())}
        _note(house, Kind.RECIPIENT_QUEUED, found, payload)
    return len(new)


def _told_of(request: Request, right: str) -> list[RecipientNotice]:
    found = RecipientNotice.objects.filter(request=request, right=right).exclude(told=None)
    return list(found.exclude(told__channel="").order_by("id"))


def _withdraw(house: House, request: Request, right: str, why: str, by: str) -> None:
    open_ = list(RecipientNotice.objects.filter(request=request, right=right, told=None))
    if not open_:
        return
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    for notice in open_:
        _closed(house, notice, by, why=sealing.seal_text(key, why, _WHY, request.ref))
        payload: dict[str, Value] = {"recipient": notice.recipient}
        _note(house, Kind.RECIPIENT_RECALLED, request, payload | ({"by": by} if by else {}))


def text(house: House, notice: RecipientNotice) -> Text:
    """The letter to the recipient, made now and kept nowhere. Raises OnlyByLetter when the person has a
    protected identity: no page of ours writes out what they are known by; agree with the recipient on
    another way."""
    request = notice.request
    insist_reachable(request.case_id)
    _known(house, notice.recipient)
    return planned.letter(
        house.policy,
        house.datamap,
        recipient=notice.recipient,
        right=notice.right,
        number=request.number,
        datasets=tuple(at for at in _said([notice]) if _mapped(house, *at)),
        identities=identities_of(house, request),
        on=house.today,
    )


def recipients_of(house: House, request: Request) -> tuple[Heard, ...]:
    """The recipients that were or are to be told for a request: the person hears who they are when
    they ask (art. 19)."""
    heard: dict[str, Heard] = {}
    for notice in RecipientNotice.objects.filter(request=request).order_by("id"):
        record = RecipientTold.objects.filter(notice=notice).first()
        seen = _waiting(house, notice)
        heard[notice.recipient] = Heard(
            recipient=notice.recipient,
            name=seen.name,
            sure=seen.sure,
            told_on=civil_date(record.at) if record and record.channel else None,
            impossible=record is not None and not record.channel,
            why=_why_not(house, record) if record else "",
        )
    return tuple(heard.values())


def _why_not(house: House, record: RecipientTold) -> str:
    """Why a recipient could not be told, in the handler's words; nothing when it was told."""
    request = record.notice.request
    if record.channel or not request.key:
        return ""
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return sealing.unseal_text(key, record.why, _WHY, request.ref)


def _closed(house: House, notice: RecipientNotice, by: str, **how: str | bytes) -> RecipientTold:
    found = RecipientNotice.objects.select_for_update().get(pk=notice.pk)
    if RecipientTold.objects.filter(notice=found).exists():
        raise Conflict("how this recipient was told is on record already; read it again")
    return RecipientTold.objects.create(notice=found, by=by, at=house.now, **how)


def _waiting(house: House, notice: RecipientNotice) -> Waiting:
    datasets = tuple((str(s), str(d), int(rows)) for s, d, rows in notice.datasets)
    known = house.policy.recipients.get(notice.recipient)
    name = Text(en=notice.recipient)
    if known is not None:
        name = Text(sv=known.name, en=known.name) if known.name else known.text or name
    there = [(s, d) for s, d, _ in datasets if _mapped(house, s, d)]
    return Waiting(
        ref=notice.ref,
        notice=notice,
        number=notice.request.number,
        recipient=notice.recipient,
        name=name,
        right=notice.right,
        datasets=datasets,
        since=notice.at,
        sure=planned.surely(house.datamap, notice.recipient, there),
    )


def _mapped(house: House, system: str, dataset: str) -> bool:
    """Whether the map still has a dataset that a notice of some time ago is about."""
    return any(s.id == system and dataset in s.datasets for s in house.datamap.systems)


def _known(house: House, recipient: str) -> None:
    if recipient not in house.policy.recipients:
        raise Refused(f"the policy no longer names the recipient `{recipient}`; write to it by hand")


def _said(notices: Iterable[RecipientNotice]) -> dict[At, int]:
    """Rows by dataset that these notices tell of."""
    found: dict[At, int] = {}
    for notice in notices:
        for system, dataset, rows in notice.datasets:
            found[system, dataset] = found.get((system, dataset), 0) + int(rows)
    return found


def _rows_in(key: bytes, record: CorrectedRows) -> int:
    packed = sealing.unseal_text(key, record.rows, "before_and_after", record.request.ref)
    return len(list(exactly.unpack(packed.encode("ascii"))[1]))


def _note(house: House, kind: Kind, request: Request, payload: dict[str, Value]) -> None:
    note(kind, request.ref, payload, at=house.now, policy_version=house.policy_version)
