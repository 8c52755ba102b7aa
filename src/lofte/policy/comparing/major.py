"""Whether a change is major, by the rule of the version that people were promised (art. 5.1 a, 13.3).

- The rule is that of the version in force: one that makes its own rule weaker is judged by the old one.
- Each reason names its field. What cannot be compared counts as major.
- Whom a change touches follows from the purposes, data and recipients that it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lofte.fault import Fault
from lofte.policy import keypath
from lofte.policy import period as periods
from lofte.policy.comparing.fields import differences
from lofte.policy.comparing.found import Found
from lofte.policy.comparing.longer import longer
from lofte.policy.comparing.weaker import weaker
from lofte.policy.comparing.wider import new_categories, new_countries, new_purposes, new_recipients
from lofte.policy.document import Policy, Text

Rule = Literal[
    "new_purpose", "new_category", "new_recipient", "new_country", "longer_retention", "weaker_right"
]

_RULES: Mapping[Rule, Callable[[Policy, Policy], Iterator[Found]]] = {
    "new_purpose": new_purposes,
    "new_category": new_categories,
    "new_recipient": new_recipients,
    "new_country": new_countries,
    "longer_retention": longer,
    "weaker_right": weaker,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why a change is major: by which rule, at which field, and what it is."""

    rule: Rule
    path: str
    what: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Major:
    """What makes a change major, and how long before its force it must be told. False when it is minor."""

    reasons: tuple[Reason, ...]
    lead_time: str
    ways: tuple[str, ...]
    """How it is told, by what either version promises."""

    def __bool__(self) -> bool:
        return bool(self.reasons)

    def earliest(self, told: date) -> date:
        """The first day on which it may take force, when it is told on this day."""
        if not self.reasons:
            return told
        lead = periods.parse(self.lead_time)
        return date.max if isinstance(lead, Fault) else lead.after(told)


def majors(before: Policy, after: Policy) -> Major:
    """Whether going from one version to the other is major, by the rule of the one that holds."""
    rule = before.changes
    reasons = [
        Reason(rule=name, path=keypath.join(found.path), what=Text(sv=found.sv, en=found.en))
        for name, look in _RULES.items()
        if name in rule.major
        for found in look(before, after)
    ]
    return Major(
        reasons=tuple(dict.fromkeys(reasons)),
        lead_time=rule.lead_time,
        ways=tuple(dict.fromkeys([*rule.notify, *after.changes.notify])),
    )


def touched(before: Policy, after: Policy) -> frozenset[str] | None:
    """The groups of people that the change is about; None = everybody: it is about rights or about the
    company, or nobody can tell whom it is about."""
    groups: set[str] = set()
    for change in differences(before, after):
        kind, *rest = map(str, change.segments)
        if kind == "meta":
            continue
        found = _groups(before, kind, rest) | _groups(after, kind, rest) if rest else frozenset()
        if not found:
            return None
        groups |= found
    return frozenset(groups)


def _groups(policy: Policy, kind: str, rest: list[str]) -> frozenset[str]:
    id_ = rest[0]
    by_kind: Mapping[str, Iterable[str]] = {
        "subjects": (),
        "purposes": (id_,),
        "categories": (p for p, each in policy.purposes.items() if id_ in each.categories),
        "retention": (p for p, each in policy.purposes.items() if id_ in each.retention),
        "recipients": _of_recipient(policy, id_),
    }
    if kind == "subjects":
        return frozenset({id_})
    chosen = [policy.purposes[p] for p in by_kind.get(kind, ()) if p in policy.purposes]
    if any(not purpose.subjects for purpose in chosen):
        return frozenset(policy.subjects)
    return frozenset(group for purpose in chosen for group in purpose.subjects)


def _of_recipient(policy: Policy, id_: str) -> Iterator[str]:
    """The purposes for which a recipient gets data: those that name it, and those of the data it gets."""
    got = set(policy.recipients[id_].categories) if id_ in policy.recipients else set()
    for name, purpose in policy.purposes.items():
        if id_ in purpose.recipients or got & set(purpose.categories):
            yield name
