"""Gathering the evidence of every promise: the ledger, our own counts, and a look at the live systems.

* A proof is tied to the ledger as it is signed at that moment, and weighs no entry beyond that.
* For a day that is past, entries until then count, and what a proof of then saw in the systems; what the
  systems say today says nothing of then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from lofte.errors import Broken, Refused
from lofte.execution.house import House
from lofte.law.calendar import STOCKHOLM, civil_date
from lofte.policy.digest import digest
from lofte.proof import report
from lofte.proof.records import Evidence, map_checked, noted
from lofte.proof.report import Judging
from lofte.proof.signing import signed
from lofte.site.judge import judge

if TYPE_CHECKING:
    from lofte.notices.models import PublishedPolicy
    from lofte.policy.document import Policy
    from lofte.site.workspace import Workspace

Look = Callable[[str], None]
STALE = timedelta(days=2)
"""What a proof saw in the systems says nothing of a day that ended later than this."""


def proven(
    house: House, workspace: Workspace, *, on: date | None = None, offline: bool = False, look: Look
) -> dict[str, Any]:
    """Every promise of the version in force on the day (today, when none is given), judged and signed.

    `look` is told which system is being looked into. Raises Refused for a day to come, and for one on which
    no version was in force; LedgerClosed when the ledger does not hold.
    """
    judging = judged(house, workspace, on=on, offline=offline, look=look)
    return signed(report.document(judging), house.keys.checkpoint)


def judged(
    house: House, workspace: Workspace, *, on: date | None = None, offline: bool = False, look: Look
) -> Judging:
    """What a proof of this day is made from. Raises as `proven`."""
    if on is not None and on > house.today:
        raise Refused(f"{on} has not come yet; a proof is of today or of a day that is past")
    house = replace(house, clock=partial(_standing, house.now))  # all of it is of one moment
    note = _signed(house)
    if on is not None and on < house.today:
        return replace(_then(house, on, note), checkpoint=note, key=_key(house))
    published = _in_force(house.today)
    house, workspace = _as_published(house, workspace, published)
    entries, forgotten = _entries(note, house.today)
    checks = (
        *_counted(house, workspace, offline=offline),
        map_checked(
            judge(workspace, offline=offline, look=look), house.now, house.policy_version, live=not offline
        ),
    )
    return Judging(
        policy=house.policy,
        map_digest=_map_digest(house, published),
        on=house.today,
        moment=house.now,
        made_at=house.now,
        evidence=(*entries, *checks),
        looked=not offline,
        published=published is not None,
        forgotten=forgotten,
        checkpoint=note,
        key=_key(house),
    )


def _standing(now: datetime) -> datetime:
    return now


def _counted(house: House, workspace: Workspace, *, offline: bool) -> Iterator[Evidence]:
    """The live checks, one room after another. A room with a count of its own adds its line here."""
    from lofte.connectors.registry import address
    from lofte.connectors.sql.plainly import PlainReader
    from lofte.consent import purge
    from lofte.notices import presented, shown
    from lofte.proof import forms
    from lofte.proof.packs import judged_by
    from lofte.requests.erasure.kept import counted
    from lofte.retention import past
    from lofte.site.laws import turned_on
    from lofte.site.seen import seen

    yield from counted(house)
    yield from shown.counted(house)
    yield from seen(house, workspace, offline=offline)
    yield from forms.counted(house.policy, house.datamap, house.now)
    yield from presented.counted(house)
    yield from purge.counted(house)
    yield from judged_by(house.now, house.policy_version, turned_on(workspace.folder))
    if offline:
        return
    yield from past.counted(house, lambda s: PlainReader(s, address(s, workspace.folder)))


def _then(house: House, on: date, note: str) -> Judging:
    """What is known of a day that is past."""
    from lofte.notices import proofs

    end = datetime.combine(on, time(23, 59, 59), STOCKHOLM).astimezone(UTC)
    published = _published_by(on, end)
    if published is None:
        raise Refused(f"no version of the policy was in force on {on}; the first is {_first()}")
    entries, forgotten = _entries(note, on)
    before = proofs.newest(until=end)
    fresh = before is not None and before.made_at is not None and end - before.made_at <= STALE
    seen = tuple(report.as_evidence(before.lines)) if before is not None and fresh else ()
    return Judging(
        policy=_policy_of(house, published),
        map_digest=published.map_digest,
        on=on,
        moment=end,
        made_at=house.now,
        evidence=(*entries, *seen),
        looked=bool(seen),
        forgotten=forgotten,
    )


def _signed(house: House) -> str:
    """The ledger as it is now, signed. Raises LedgerClosed when it does not hold."""
    from lofte.execution import book, checkpoints

    book.sequence(house.keys.ledger)
    checkpoints.make(house)
    held = checkpoints.latest(house)
    return held.note if held else ""


def _key(house: House) -> str:
    from lofte.execution import checkpoints

    return checkpoints.key_line(house)


def _entries(note: str, until: date) -> tuple[list[Evidence], int]:
    """What was noted until the end of this day and is signed; and how many entries are emptied since."""
    from lofte.execution.book import opened

    size = int(note.split("\n")[1]) if note else 0
    found: list[Evidence] = []
    forgotten = 0
    for entry, payload in opened():
        if entry.seq > size:
            break
        if civil_date(entry.at) > until:
            continue
        if payload is None:
            forgotten += 1  # its record is erased, so it says nothing more
        else:
            found.append(noted(entry, payload))
    return found, forgotten


def _in_force(on: date) -> PublishedPolicy | None:
    from lofte.notices.publish import in_force

    return in_force(on)


def _published_by(on: date, end: datetime) -> PublishedPolicy | None:
    """What was in force at the end of a day that is past; what was published later was not, whatever day it
    was said to apply from, nor was a major change that had not been told for as long as was promised."""
    from lofte.notices.classified import last_in_force
    from lofte.notices.models import PublishedPolicy

    then = PublishedPolicy.objects.filter(published_at__lte=end).select_related("announcement")
    return last_in_force(then, on)


def _first() -> str:
    from lofte.notices.models import PublishedPolicy

    first = PublishedPolicy.objects.order_by("effective_from", "id").first()
    if first is None:
        return "not published yet"
    since = max(first.effective_from, civil_date(first.published_at))
    return f"{first.version}, in force from {since}"


def _as_published(
    house: House, workspace: Workspace, published: PublishedPolicy | None
) -> tuple[House, Workspace]:
    """The house and the workspace by the version in force: what people were told is what is judged, also
    while the workspace is being rewritten."""
    if published is None or published.digest == digest(house.policy):
        return house, workspace
    policy = _policy_of(house, published)
    reading = replace(workspace.reading, document=policy)
    return replace(house, policy=policy), replace(workspace, reading=reading)


def _policy_of(house: House, published: PublishedPolicy) -> Policy:
    """What was published. Raises Refused when today's program cannot read it."""
    from lofte.notices.classified import read_version

    if published.digest == digest(house.policy):
        return house.policy
    try:
        return read_version(published.text)
    except Broken as error:
        raise Refused(
            f"version {published.version} can no longer be read by this program; use the one of then"
        ) from error


def _map_digest(house: House, published: PublishedPolicy | None) -> str:
    from lofte.datamap.digest import digest as of_map

    return published.map_digest if published is not None else of_map(house.datamap)
