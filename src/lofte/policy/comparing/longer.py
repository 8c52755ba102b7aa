"""Whether data may stay longer than before, by the tree of each rule and not by its words (art. 5.1 e).

An expression may end later when there is any day that its anchor can fall on for which it does. Another
anchor may fall on any day at all, so what is counted from it may always end later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from lofte.fault import Fault
from lofte.policy import period as periods
from lofte.policy.comparing.found import Found
from lofte.policy.document import Cookie, Policy, RetentionRule
from lofte.policy.period import FOUR_YEARS
from lofte.policy.retention import Expression, ends_on, read

_GOES = frozenset({"delete", "anonymise"})
"""After these nothing is left that is about anybody."""


def longer(before: Policy, after: Policy) -> Iterator[Found]:
    """Every field by which something may stay longer."""
    told = set()
    for id_, rule in after.retention.items():
        was = before.retention.get(id_)
        if was is not None:
            for found in _rule(id_, was, rule):
                told.add(id_)
                yield found
    for id_, purpose in after.purposes.items():
        if id_ in before.purposes and before.purposes[id_].retention:
            yield from _purpose(before, after, id_, told, purpose.retention)
    yield from _cookies(before, after)


def may_end_later(expressions: Iterable[Expression], than: Iterable[Expression]) -> Iterator[Expression]:
    """Those that end later than all the others, from some days that the anchors may fall on."""
    known = tuple(than)
    for each in expressions:
        same = [other for other in known if other.anchor == each.anchor]
        if not same or any(_on(each, day) > max(_on(o, day) for o in same) for day in FOUR_YEARS):
            yield each


def _on(expression: Expression, day: date) -> date:
    return ends_on(expression, {expression.anchor: day}) or date.max


def _rule(id_: str, was: RetentionRule, rule: RetentionRule) -> Iterator[Found]:
    at = ("retention", id_)
    if any(may_end_later([read(rule.keep_until)], [read(was.keep_until)])):
        yield Found(path=(*at, "keep_until"), sv="sparas längre än förut", en="is kept longer than before")
    use, used = rule.restrict_at or rule.keep_until, was.restrict_at or was.keep_until
    if (rule.restrict_at or was.restrict_at) and any(may_end_later([read(use)], [read(used)])):
        yield Found(path=(*at, "restrict_at"), sv="används längre än förut", en="is used longer than before")
    if was.action in _GOES and rule.action not in _GOES:
        yield Found(
            path=(*at, "action"),
            sv="tas inte längre bort när tiden är ute",
            en="no longer goes when its time is out",
        )
    if set(rule.hold) - set(was.hold):
        yield Found(
            path=(*at, "hold"), sv="kan nu stoppas från att tas bort", en="can now be stopped from going"
        )


def _purpose(
    before: Policy, after: Policy, id_: str, told: set[str], rules: tuple[str, ...]
) -> Iterator[Found]:
    """A purpose whose data follow other rules: may a row stay longer than by the rules that it followed?"""
    at = ("purposes", id_, "retention")
    if not rules:
        yield Found(path=at, sv="har ingen slutdag längre", en="has no end any more")
        return
    was = [before.retention[r] for r in before.purposes[id_].retention if r in before.retention]
    than = [read(rule.keep_until) for rule in was]
    new = [r for r in rules if r not in before.purposes[id_].retention and r in after.retention]
    if any(may_end_later([read(after.retention[r].keep_until) for r in new if r not in told], than)):
        yield Found(
            path=at,
            sv="följer en regel som sparar längre än förut",
            en="follows a rule that keeps longer than before",
        )


def _cookies(before: Policy, after: Policy) -> Iterator[Found]:
    if before.cookies is None or after.cookies is None:
        return
    if _period_longer(after.cookies.consent_max_age, before.cookies.consent_max_age):
        yield Found(
            path=("cookies", "consent_max_age"),
            sv="valet av kakor gäller längre än förut",
            en="the choice of cookies holds longer than before",
        )
    for name, lifetime in _lifetimes(after.cookies.table).items():
        was = _lifetimes(before.cookies.table).get(name)
        if was is not None and _period_longer(lifetime, was):
            yield Found(
                path=("cookies", "table", name, "lifetime"),
                sv="kakan ligger kvar längre än förut",
                en="the cookie stays longer than before",
            )


def _lifetimes(table: str | tuple[Cookie, ...]) -> dict[str, str]:
    return {each.name: each.lifetime for each in table if isinstance(each, Cookie)}


def _period_longer(after: str, before: str) -> bool:
    """Whether a period may be longer; one that ends with the session is the shortest, and what cannot be
    read counts as longer when it differs."""
    if after == before or after == "session":
        return False
    if before == "session":
        return True
    new, old = periods.parse(after), periods.parse(before)
    return isinstance(new, Fault) or isinstance(old, Fault) or new.longer_than(old)
