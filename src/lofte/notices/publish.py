"""Putting a version of the policy in force (art. 12-14).

Hard rules:
- A version is published once, with one content; what is published is never changed.
- A major change is told before it takes force, for as long as was promised. Published too late for its
  day it is refused; told too late, it holds later than it says (art. 13.3).
- Where the policy asks for two people, one hands a version in and another approves it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from lofte.accounts.token import same_person
from lofte.datamap.digest import digest as map_digest
from lofte.errors import Broken, Conflict, FaultsFound, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.fault import Fault, errors
from lofte.law.calendar import civil_date
from lofte.ledger.kinds import Kind, Value
from lofte.notices.classified import judged, last_in_force, plain, read_version, takes_force
from lofte.notices.models import Announcement, Draft, DraftStep, PublishedPolicy
from lofte.notices.roads import State, go
from lofte.policy.comparing import Major, majors
from lofte.policy.digest import digest
from lofte.policy.document import Policy, Waiver


def publish(
    house: House,
    text: str,
    faults: Iterable[Fault] = (),
    *,
    policy: Policy | None = None,
    by: str = "",
    why: str = "",
) -> PublishedPolicy:
    """Put the house's policy (or another that is coming), written as `text`, in force from its date; the
    telling of what is changed begins. Publishing the same again changes nothing.

    Raises FaultsFound while an error is open that no waiver covers, Conflict if this version was published
    with another content, Refused when two people are needed and one has seen it, or when a major change
    would take force sooner than was promised.
    """
    coming = policy or house.policy
    open_ = standing(faults, coming.waivers)
    if open_:
        raise FaultsFound(open_)
    with recorded(house):
        before = PublishedPolicy.objects.filter(version=coming.meta.version).first()
        if before is not None:
            return _same(before, digest(coming))
        insist_in_order(coming, house.today)
        held, major = beside(coming, house.today)
        insist_in_time(major, coming, house.today)
        draft = _approved(house, coming, text, held, by=by, why=why)
        _step(house, draft, State.PUBLISHED, by=by, why=why)
        return _put(house, coming, text, held, major, len(errors(faults)), by)


def in_force(on: date) -> PublishedPolicy | None:
    """The version that holds on this day: the one that took force last."""
    return last_in_force(_listed(), on)


def followed_by(version: str, on: date) -> PublishedPolicy | None:
    """The version in force on this day, where it has followed this published one; None = this one holds
    itself, has not taken force yet, or was never published."""
    own = PublishedPolicy.objects.filter(version=version).first()
    if own is None or own.effective_from > on:
        return None
    found = in_force(on)
    return found if found is not None and found.pk != own.pk else None


def coming(on: date) -> PublishedPolicy | None:
    """The version that is published and takes force next; None = none is on its way."""
    ahead = _ahead(on)
    return min(ahead, key=lambda pair: (pair[0], pair[1].pk))[1] if ahead else None


def beside(policy: Policy, on: date) -> tuple[PublishedPolicy | None, Major | None]:
    """The version whose place it takes, and whether it is a major change: of the one that holds on this day,
    or of any that may take force before it. Small steps that lead to a great one are a great one."""
    held = in_force(on)
    replaced, found = held, judged(held, policy)
    for day, each in sorted(_ahead(on), key=lambda pair: (pair[0], pair[1].pk)):
        if day > policy.meta.effective_from or found is None:
            continue
        step = judged(each, policy) or found
        found = Major(
            reasons=tuple(dict.fromkeys((*found.reasons, *step.reasons))),
            lead_time=step.lead_time if not found else found.lead_time,
            ways=tuple(dict.fromkeys((*found.ways, *step.ways))),
        )
        if takes_force(each) is not None:
            replaced = each
    return replaced, found


def insist_in_order(policy: Policy, today: date) -> None:
    """Nothing, when the versions that are coming after it stay what they were told to be. Raises Refused: for
    a day on which another version was published and held, and where a coming version would become a major
    change that nobody was told of."""
    held, since = in_force(today), policy.meta.effective_from
    if held is not None and since < today and civil_date(held.published_at) < today:
        raise Refused(
            f"version {held.version} held on {since}, and was shown then; set `meta.effective_from` to "
            f"{today} or later"
        )
    for day, each in _ahead(today):
        if day <= since:
            continue
        told = {(why["rule"], why["path"]) for why in each.reasons}
        new = [
            why for why in majors(policy, read_version(each.text)).reasons if (why.rule, why.path) not in told
        ]
        if new:
            raise Refused(
                f"version {each.version} is coming, and beside this one it would be a major change that "
                f"nobody is told of ({new[0].path}); set `meta.effective_from` to {day} or later"
            )


def waived(fault: Fault, waivers: Iterable[Waiver]) -> bool:
    """True if the policy accepts this fault with a reason."""
    return any(w.fault == fault.number and w.path in (None, fault.place.path) for w in waivers)


def standing(faults: Iterable[Fault], waivers: Iterable[Waiver]) -> tuple[Fault, ...]:
    """The errors that no waiver covers."""
    listed = tuple(waivers)
    return tuple(fault for fault in errors(faults) if not waived(fault, listed))


def canonical(text: str) -> str:
    """The text with one kind of line end, one line end at the end, and no byte order mark."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return lines + "\n"


def insist_in_time(major: Major | None, policy: Policy, today: date) -> None:
    """Nothing, when a version told from today may take force on its day. Raises Refused, which says what is
    major and the first day that will do."""
    if not major:
        return
    earliest = major.earliest(today)
    if policy.meta.effective_from >= earliest:
        return
    where = ", ".join(dict.fromkeys(each.path for each in major.reasons[:3]))
    more = " ..." if len(major.reasons) > 3 else ""
    raise Refused(
        f"the change is major ({where}{more}) and is told {major.lead_time} before it takes force; "
        f"set `meta.effective_from` to {earliest} or later"
    )


def two_needed(held: PublishedPolicy | None, coming: Policy) -> bool:
    """Whether the version that holds, or the one that is to, asks for a second person."""
    if coming.changes.approval == "second_person":
        return True
    try:
        return held is not None and read_version(held.text).changes.approval == "second_person"
    except Broken:
        return False


def hand_in(house: House, policy: Policy, text: str, *, by: str, why: str) -> Draft:
    """A new draft that is under review, inside the caller's transaction."""
    draft = Draft.objects.create(
        ref=secrets.token_hex(16),
        version=policy.meta.version,
        digest=digest(policy),
        map_digest=map_digest(house.datamap),
        text=canonical(text),
        effective_from=policy.meta.effective_from,
        at=house.now,
    )
    DraftStep.objects.create(draft=draft, state=State.DRAFT, by=by, at=house.now)
    _step(house, draft, State.REVIEW, by=by, why=why)
    return draft


def state_of(draft: Draft) -> State:
    """Where it stands."""
    last = draft.steps.last()
    return State(last.state) if last else State.DRAFT


def approve_step(house: House, draft: Draft, held: PublishedPolicy | None, *, by: str, why: str) -> None:
    """Approve it, inside the caller's transaction. Raises Refused when two people are needed and the same
    one handed it in, Conflict."""
    handed_in = draft.steps.filter(state=State.REVIEW).last()
    first = handed_in.by if handed_in else ""
    if two_needed(held, read_version(draft.text)) and (not by or same_person(by, first)):
        raise Refused("the policy asks for two people; let somebody else than who handed it in approve")
    _step(house, draft, State.APPROVED, by=by, why=why)


def _listed() -> list[PublishedPolicy]:
    return list(PublishedPolicy.objects.select_related("announcement").defer("text"))


def _ahead(on: date) -> list[tuple[date, PublishedPolicy]]:
    """The versions that are published and hold from a later day, with that day; where it is not known yet,
    the day that they say."""
    return [
        (day or max(each.effective_from, on), each)
        for each in _listed()
        if (day := takes_force(each)) is None or day > on
    ]


def _same(before: PublishedPolicy, content: str) -> PublishedPolicy:
    if before.digest != content:
        raise Conflict(
            f"version {before.version} was published with another content; give `meta.version` a new value"
        )
    return before


def _approved(
    house: House, policy: Policy, text: str, held: PublishedPolicy | None, *, by: str, why: str
) -> Draft:
    """The draft of this content that is approved; where one person is enough, whoever publishes approves."""
    draft = Draft.objects.filter(version=policy.meta.version, digest=digest(policy)).last()
    if draft is None or state_of(draft) is State.DRAFT:
        if two_needed(held, policy):
            raise Refused(
                "the policy asks for two people; hand it in with `lofte version submit`, and let another "
                "approve it"
            )
        draft = hand_in(house, policy, text, by=by, why=why)
    if state_of(draft) is State.REVIEW:
        if two_needed(held, policy):
            raise Refused("nobody has approved this version; let somebody else than who handed it in do it")
        _step(house, draft, State.APPROVED, by=by, why=why)
    return draft


def _step(house: House, draft: Draft, to: State, *, by: str, why: str) -> None:
    go(state_of(draft), to)
    DraftStep.objects.create(draft=draft, state=to, by=by, why=why.strip(), at=house.now)


def _put(
    house: House,
    policy: Policy,
    text: str,
    held: PublishedPolicy | None,
    major: Major | None,
    waivers: int,
    by: str,
) -> PublishedPolicy:
    meta = policy.meta
    published = PublishedPolicy.objects.create(
        ref=secrets.token_hex(16),
        version=meta.version,
        digest=digest(policy),
        map_digest=map_digest(house.datamap),
        text=canonical(text),
        effective_from=meta.effective_from,
        published_at=house.now,
        replaces=held.version if held else "",
        reasons=plain(major) if major else [],
        lead_time=major.lead_time if major else "",
        ways=list(major.ways) if major else [],
    )
    said: dict[str, Value] = {
        "version": meta.version,
        "digest": published.digest,
        "map_digest": published.map_digest,
        "effective_from": meta.effective_from.isoformat(),
        "waived": waivers,
    }
    if held is not None and major is not None:
        said |= {"replaces": held.version, "major": len(major.reasons)}
    if by:
        said["by"] = by
    note(Kind.POLICY_PUBLISHED, published.ref, said, at=house.now, policy_version=meta.version)
    if held is not None and major is not None:
        Announcement.objects.create(
            published=published,
            ref=secrets.token_hex(16),
            at=house.now,
            everyone=bool(major) and "email" in major.ways,
        )
        note(
            Kind.NOTICE_ANNOUNCING,
            published.ref,
            {
                "version": meta.version,
                "major": len(major.reasons),
                "everyone": int(bool(major) and "email" in major.ways),
            },
            at=house.now,
            policy_version=meta.version,
        )
    return published
