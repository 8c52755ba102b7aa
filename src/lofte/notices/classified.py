"""Published versions read again: their documents, how they differ, and from which day each may hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lofte.errors import Broken
from lofte.fault import Fault
from lofte.law.calendar import civil_date
from lofte.notices.models import PublishedPolicy
from lofte.policy import period as periods
from lofte.policy.comparing import Comparison, Major, Reason, compare, majors
from lofte.policy.comparing.major import Rule
from lofte.policy.document import Policy, Text
from lofte.policy.reading import read


@dataclass(frozen=True, kw_only=True, slots=True)
class Why:
    """Why a change is major, as it was found when it was published."""

    rule: str
    path: str
    what: Text


@lru_cache(maxsize=32)
def read_version(text: str) -> Policy:
    """The document of a version. A text never changes, so it is read once. Raises Broken."""
    policy = read(text, "policy.yaml", Policy).document
    if policy is None:
        raise Broken("the published policy cannot be read by this version; publish it again")
    return policy


@lru_cache(maxsize=8)
def compared(before: str, after: str) -> Comparison:
    """How the documents of two texts differ. Raises Broken."""
    return compare(read_version(before), read_version(after))


def judged(before: PublishedPolicy | None, after: Policy) -> Major | None:
    """Whether a change from this version is major; None when there is none to change. One that cannot be
    read any more cannot be compared: then the change is major, where the coming version knows the word."""
    if before is None:
        return None
    try:
        return majors(read_version(before.text), after)
    except Broken:
        rule = after.changes
        return Major(
            reasons=tuple(_incomparable(each) for each in rule.major[:1]),
            lead_time=rule.lead_time,
            ways=rule.notify,
        )


def _incomparable(rule: Rule) -> Reason:
    what = Text(sv="kan inte jämföras med versionen före", en="cannot be compared with the version before")
    return Reason(rule=rule, path="meta.version", what=what)


def plain(major: Major) -> list[dict[str, str]]:
    """The reasons as they are kept."""
    return [
        {"rule": each.rule, "path": each.path, "sv": each.what.say("sv"), "en": each.what.say("en")}
        for each in major.reasons
    ]


def reasons(published: PublishedPolicy) -> tuple[Why, ...]:
    """Why it was major; nothing = it was minor, or the first."""
    return tuple(
        Why(rule=each["rule"], path=each["path"], what=Text(sv=each["sv"], en=each["en"]))
        for each in published.reasons
    )


def takes_force(published: PublishedPolicy) -> date | None:
    """The day from which a version holds; None while that is not known. A major change holds from the day
    that it says, and never before it has been told for as long as was promised (art. 13.3)."""
    if not published.reasons:
        return published.effective_from
    told = getattr(published, "announcement", None)
    if told is None or told.done_at is None:
        return None
    lead = periods.parse(published.lead_time)
    if isinstance(lead, Fault):
        return None
    return max(published.effective_from, lead.after(civil_date(told.done_at)))


def last_in_force(versions: Iterable[PublishedPolicy], on: date) -> PublishedPolicy | None:
    """Of these versions the one that holds on this day: the one that took force last."""
    held = [(day, each) for each in versions if (day := takes_force(each)) is not None and day <= on]
    return max(held, key=lambda pair: (pair[0], pair[1].published_at, pair[1].pk))[1] if held else None
