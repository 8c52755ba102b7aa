"""Taking a version to its force: handed in, approved or sent back, published, and the day it holds from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lofte.datamap.digest import digest as map_digest
from lofte.errors import Conflict, FaultsFound, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.fault import Fault, Place, Severity
from lofte.ledger.kinds import Kind
from lofte.notices.classified import read_version, takes_force
from lofte.notices.models import Acknowledged, Draft, DraftStep, PublishedPolicy, Told
from lofte.notices.people import address_of, cases_of, person
from lofte.notices.publish import (
    approve_step,
    beside,
    hand_in,
    in_force,
    insist_in_order,
    insist_in_time,
    publish,
    standing,
    state_of,
)
from lofte.notices.roads import State, go
from lofte.policy.comparing import Major
from lofte.policy.digest import digest
from lofte.policy.document import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class WhenTold:
    """That a person was told of a version."""

    version: str
    at: datetime | None
    """When the letter left; None = it has not, or they are told in another way."""
    came_back: bool
    acknowledged: datetime | None
    """When they said that they have read of it."""


def submit(
    house: House,
    policy: Policy,
    text: str,
    faults: Iterable[Fault],
    *,
    by: str = "",
    why: str = "",
    people: int | None = None,
) -> Draft:
    """Hand a version in for review, with what was found wrong in it; handed in again while it waits it
    stays as it was. Raises Conflict when this version is published already, Refused when a major change
    would take force sooner than was promised."""
    found = tuple(faults)
    with recorded(house):
        if PublishedPolicy.objects.filter(version=policy.meta.version).exists():
            raise Conflict(f"version {policy.meta.version} is published; give `meta.version` a new value")
        waiting = Draft.objects.filter(version=policy.meta.version, digest=digest(policy)).last()
        if waiting is not None and state_of(waiting) in (State.REVIEW, State.APPROVED):
            return waiting
        insist_in_order(policy, house.today)
        insist_in_time(beside(policy, house.today)[1], policy, house.today)
        draft = hand_in(house, policy, text, by=by, why=why)
        draft.faults = [_written(fault) for fault in found]
        draft.waived = len(found) - len(standing(found, policy.waivers))
        draft.people = people
        draft.save(update_fields=["faults", "waived", "people"])
        payload = {"version": draft.version, "digest": draft.digest, "faults": len(found)}
        _note(house, Kind.POLICY_SUBMITTED, draft, payload, by)
    return draft


def approve(house: House, draft: Draft, *, by: str, why: str = "") -> None:
    """Say that it may be published. Raises FaultsFound while an error is open in it, Refused when the policy
    asks for two people and the same one handed it in, Conflict."""
    open_ = open_faults(draft)
    if open_:
        raise FaultsFound(open_)
    with recorded(house):
        stands = Draft.objects.select_for_update().get(pk=draft.pk)
        approve_step(house, stands, in_force(house.today), by=by, why=why)
        _note(house, Kind.POLICY_APPROVED, stands, _which(stands), by)


def send_back(house: House, draft: Draft, *, by: str, why: str) -> None:
    """Say no, and why; what is mended is handed in anew. Raises Refused without a reason, Conflict."""
    if not why.strip():
        raise Refused("write why, so that whoever handed it in knows what to mend")
    with recorded(house):
        stands = Draft.objects.select_for_update().get(pk=draft.pk)
        go(state_of(stands), State.DRAFT)
        DraftStep.objects.create(draft=stands, state=State.DRAFT, by=by, why=why.strip(), at=house.now)
        _note(house, Kind.POLICY_RETURNED, stands, _which(stands), by)


def publish_draft(house: House, draft: Draft, *, by: str, why: str = "") -> PublishedPolicy:
    """Publish what was handed in and approved. Raises as `publish`, and Conflict when the data map has
    changed since it was judged."""
    if draft.map_digest != map_digest(house.datamap):
        raise Conflict("the data map has changed since this was judged; hand the version in again")
    faults = [_read(each) for each in draft.faults]
    return publish(house, draft.text, faults, policy=read_version(draft.text), by=by, why=why)


def take_force(house: House) -> PublishedPolicy | None:
    """Note that a version has taken force, the first time that somebody looks after its day; None when there
    is nothing to note."""
    found = not_noted(house.today)
    if found is None:
        return None
    day = takes_force(found) or house.today
    with recorded(house):
        draft = Draft.objects.filter(version=found.version, digest=found.digest).last()
        if draft is None:
            draft = hand_in(house, read_version(found.text), found.text, by="", why="")
            for state in (State.APPROVED, State.PUBLISHED):
                DraftStep.objects.create(draft=draft, state=state, at=found.published_at)
        if state_of(draft) is State.IN_FORCE:
            return None
        go(state_of(draft), State.IN_FORCE)
        DraftStep.objects.create(draft=draft, state=State.IN_FORCE, at=house.now)
        payload = {"version": found.version, "digest": found.digest, "day": day.isoformat()}
        note(Kind.POLICY_IN_FORCE, found.ref, payload, at=house.now, policy_version=found.version)
    return found


def not_noted(on: date) -> PublishedPolicy | None:
    """The version that holds, when nobody has noted yet that it does."""
    found = in_force(on)
    if found is None:
        return None
    noted = DraftStep.objects.filter(
        draft__version=found.version, draft__digest=found.digest, state=State.IN_FORCE
    )
    return None if noted.exists() else found


def open_faults(draft: Draft) -> tuple[Fault, ...]:
    """The errors in it that no waiver covers."""
    return standing([_read(each) for each in draft.faults], read_version(draft.text).waivers)


def major_of(house: House, draft: Draft) -> Major | None:
    """Whether it is a major change of what holds today; None when nothing does."""
    return beside(read_version(draft.text), house.today)[1]


def when_told(house: House, written: str) -> tuple[WhenTold, ...]:
    """Which versions a person was told of and when, by their address; the newest first. Raises Refused when
    it is no address."""
    address = address_of(house, written)
    if address is None:
        raise Refused("this is no e-mail address; write it as name@company.example")
    known = person(house, address)
    read = {each.published_id: each.at for each in Acknowledged.objects.filter(case__in=cases_of([known]))}
    found = [_told(each, read.pop(each.announcement.published_id, None)) for each in _told_rows(known)]
    for each in PublishedPolicy.objects.filter(pk__in=read):
        found.append(WhenTold(version=each.version, at=None, came_back=False, acknowledged=read[each.pk]))
    return tuple(found)


def acknowledge(house: House, published: PublishedPolicy, case: str) -> None:
    """Whoever's case this is says that they have read of the version. It is noted and nothing follows from
    it: it is no consent. Said again it changes nothing."""
    with recorded(house):
        _, new = Acknowledged.objects.get_or_create(
            published=published, case=case, defaults={"at": house.now}
        )
        if new:
            payload = {"version": published.version}
            note(Kind.NOTICE_READ, published.ref, payload, at=house.now, policy_version=published.version)


def has_read(published: PublishedPolicy, case: str) -> bool:
    """Whether whoever's case this is has said so."""
    return Acknowledged.objects.filter(published=published, case=case).exists()


def _told_rows(known: str) -> list[Told]:
    rows = Told.objects.filter(person=known).select_related("announcement__published")
    return list(rows.order_by("-announcement__published_id"))


def _told(each: Told, acknowledged: datetime | None) -> WhenTold:
    from lofte.mail.models import Outgoing

    letter = Outgoing.objects.filter(ref=each.letter).select_related("bounced").first()
    return WhenTold(
        version=each.announcement.published.version,
        at=letter.sent_at if letter else None,
        came_back=hasattr(letter, "bounced"),
        acknowledged=acknowledged,
    )


def _note(house: House, kind: Kind, draft: Draft, payload: dict[str, Any], by: str) -> None:
    said = {**payload, **({"by": by} if by else {})}
    note(kind, draft.ref, said, at=house.now, policy_version=house.policy_version)


def _which(draft: Draft) -> dict[str, Any]:
    return {"version": draft.version, "digest": draft.digest}


def _written(fault: Fault) -> dict[str, Any]:
    return {
        "number": fault.number,
        "severity": fault.severity.value,
        "file": fault.place.file,
        "line": fault.place.line,
        "column": fault.place.column,
        "path": fault.place.path,
        "what": fault.what,
        "mend": fault.mend,
    }


def _read(each: dict[str, Any]) -> Fault:
    place = Place(file=each["file"], line=each["line"], column=each["column"], path=each["path"])
    return Fault(
        number=each["number"],
        place=place,
        what=each["what"],
        mend=each["mend"],
        severity=Severity(each["severity"]),
    )
