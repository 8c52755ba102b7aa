"""What a person has said no to, purpose by purpose, and what they may still say no to (art. 7.3, 21.4).

Hard rule: what was said before is told only of what is proven to be theirs. An address that somebody only
typed into their case tells nothing of whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lofte.consent import object as objections
from lofte.consent import withdraw as withdrawals
from lofte.consent.models import Act, Objection, Withdrawal
from lofte.datamap.identity import Identity
from lofte.execution.house import House
from lofte.law.bases import BASES
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.plan.objection import is_marketing
from lofte.policy.document import Policy, Purpose, Text
from lofte.requests.course import asked
from lofte.requests.course.reached import proven_contacts
from lofte.requests.course.receive import HARMLESS, identities_of
from lofte.requests.course.roads import State
from lofte.requests.door.identify import Level
from lofte.requests.models import Asked, Case, Request


class Against(StrEnum):
    """In which way one says no to a purpose."""

    MARKETING = "marketing"
    """Absolute: it stops at once (art. 21.2-21.3)."""
    CONSENT = "consent"
    """Taken back as easily as it was given (art. 7.3)."""
    INTEREST = "interest"
    """Stops until it is weighed (art. 21.1)."""

    @property
    def right(self) -> Right:
        """The right that it is."""
        return Right.WITHDRAWAL if self is Against.CONSENT else Right.OBJECTION


@dataclass(frozen=True, kw_only=True, slots=True)
class Preference:
    """One purpose, and where it stands for this person."""

    purpose: str
    name: Text
    text: Text | None
    against: Against
    since: date | None
    """Since when it is stopped for them; None = it goes on."""
    doing: bool
    """A no is said and is being carried out."""
    weighed: bool
    """It is stopped, and somebody is to decide whether it may go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A no of theirs, and when."""

    on: date
    against: Against
    purposes: tuple[Text, ...]
    ended: date | None
    """When it ended, because they said yes anew or grounds were shown."""


def preferences(house: House, case: Case) -> tuple[Preference, ...]:
    """Every purpose that whoever is in to this case may say no to, in the order of the policy. Raises Refused
    when the key of the case is destroyed."""
    shown = proven(house, case)
    stopped = _stopped(house, shown)
    doing = _doing(house, case)
    return tuple(
        Preference(
            purpose=id_,
            name=purpose.name or Text(en=id_),
            text=purpose.text,
            against=against,
            since=stopped[id_][0] if id_ in stopped else None,
            doing=id_ in doing and id_ not in stopped,
            weighed=id_ in stopped and stopped[id_][1],
        )
        for id_, purpose in house.policy.purposes.items()
        if (against := said_no_by(purpose)) is not None
    )


def history(house: House, case: Case) -> tuple[Said, ...]:
    """What this person has said no to before, the newest first."""
    shown = proven(house, case)
    found: list[tuple[Objection | Withdrawal, Against, Act | None]] = []
    for objection in objections.all_of(house, shown):
        ended = getattr(objection, "decided", None)
        over = ended is not None and ended.outcome == objections.Outcome.GROUNDS_SHOWN
        against = Against.MARKETING if objection.absolute else Against.INTEREST
        found.append((objection, against, ended if over else None))
    for withdrawal in withdrawals.all_of(house, shown):
        found.append((withdrawal, Against.CONSENT, getattr(withdrawal, "ended", None)))
    return tuple(
        Said(
            on=civil_date(act.at),
            against=against,
            purposes=_names(house.policy, act.purposes),
            ended=civil_date(ended.at) if ended is not None else None,
        )
        for act, against, ended in sorted(found, key=lambda each: each[0].at, reverse=True)
    )


def said_no_by(purpose: Purpose) -> Against | None:
    """In which way one says no to this purpose; None where nobody can."""
    basis = BASES[purpose.legal_basis]
    if basis.withdrawable:
        return Against.CONSENT
    if is_marketing(purpose):
        return Against.MARKETING
    return Against.INTEREST if basis.objectable else None


def proven(house: House, case: Case) -> tuple[Identity, ...]:
    """What is proven to be the person's own in this case: contacts that a code was passed for, and what the
    house kept of a request after they had shown who they are. Raises Refused when its key is destroyed."""
    kept = case.items.filter(identifications__by="", identifications__level__gt=Level.NOTHING)
    of_items = (each for request in kept.exclude(key=b"") for each in identities_of(house, request))
    return tuple(dict.fromkeys([*proven_contacts(house, case), *of_items]))


def _stopped(house: House, shown: Sequence[Identity]) -> dict[str, tuple[date, bool]]:
    """Since when each purpose is stopped, and whether that waits for a decision."""
    found: dict[str, tuple[date, bool]] = {}
    for objection in objections.standing(house, shown):
        waits = not objection.absolute and not hasattr(objection, "decided")
        for id_ in objection.purposes:
            found.setdefault(id_, (civil_date(objection.at), waits))
    for withdrawal in withdrawals.standing(house, shown):
        for id_ in withdrawal.purposes:
            found[id_] = (min(civil_date(withdrawal.at), found.get(id_, (date.max, False))[0]), False)
    return found


def _doing(house: House, case: Case) -> set[str]:
    """What is asked in this case and not done yet."""
    open_ = [state for state in State if state.open]
    waiting: Iterable[Request] = case.items.filter(right__in=HARMLESS, state__in=open_).exclude(key=b"")
    named: set[str] = set()
    for request in waiting:
        if Asked.objects.filter(request=request).exists():
            named |= set(asked.terms(house, request).what.get("purposes", ()))
    return named


def _names(policy: Policy, purposes: Iterable[str]) -> tuple[Text, ...]:
    known = (policy.purposes.get(id_) for id_ in purposes)
    return tuple(purpose.name for purpose in known if purpose is not None and purpose.name is not None)
