"""How long data are kept, by what law, and what may stop erasure (art. 5.1 e, 17.3)."""

from __future__ import annotations

from collections.abc import Iterator

from lofte.fault import Fault, Severity
from lofte.law.statutes import STATUTES
from lofte.policy import retention as language
from lofte.policy.checks.rule import Finding, found, rule
from lofte.policy.document import Policy
from lofte.policy.retention import Expression

_HOLD_NEEDS = {"legal_obligation": {"law"}, "legal_claim": {"case", "review_date"}}


@rule("P161", "art. 5.1 e")
def expressions_can_be_read(policy: Policy) -> Iterator[Finding]:
    """Every `keep_until` and `restrict_at` is written in the retention language."""
    for id_, rule_ in policy.retention.items():
        for key, text in (("keep_until", rule_.keep_until), ("restrict_at", rule_.restrict_at)):
            tree = language.parse(text) if text else None
            if isinstance(tree, Fault):
                yield found(("retention", id_, key), tree.what, tree.mend)


@rule("P162", "art. 5.1 e", Severity.WARNING)
def rule_is_used(policy: Policy) -> Iterator[Finding]:
    """Every retention rule is used by a purpose."""
    used = {name for purpose in policy.purposes.values() for name in purpose.retention}
    for id_ in policy.retention:
        if id_ not in used:
            yield found(
                ("retention", id_),
                f"no purpose uses the rule `{id_}`",
                "name it in a purpose, or take it away",
            )


@rule("P163", "art. 6.1 c, 17.3 b")
def statute_is_kept(policy: Policy) -> Iterator[Finding]:
    """A rule that rests on a statute keeps at least as long as the statute demands."""
    for id_, rule_ in policy.retention.items():
        least = STATUTES[rule_.law].keep if rule_.law in STATUTES else None
        tree = language.parse(rule_.keep_until)
        if least is None or isinstance(tree, Fault):
            continue
        if not language.always_reaches(tree, language.read(least)):
            what = f"`{tree}` is shorter than {rule_.law} demands, or cannot be compared with it"
            yield found(("retention", id_, "keep_until"), what, f"write `{least}`")


@rule("P164", "art. 6.1 c")
def obligation_to_keep_has_rule(policy: Policy) -> Iterator[Finding]:
    """A purpose that names a statute with a keeping time has a rule that rests on that statute."""
    for id_, purpose in policy.purposes.items():
        for name in purpose.law:
            rules = [policy.retention[r] for r in purpose.retention if r in policy.retention]
            if name in STATUTES and STATUTES[name].keep and all(r.law != name for r in rules):
                what = f"the purpose `{id_}` names {name}, but none of its rules rests on it"
                yield found(("purposes", id_, "retention"), what, f"name a rule with `law: {name}`")


@rule("P165", "art. 5.1 e")
def next_has_a_next(policy: Policy) -> Iterator[Finding]:
    """A rule whose action is `next` is followed by another in each purpose that uses it."""
    for id_, purpose in policy.purposes.items():
        last = policy.retention.get(purpose.retention[-1]) if purpose.retention else None
        if last and last.action == "next":
            what = f"the last rule of the purpose `{id_}` says `next`, but nothing comes next"
            mend = "add a rule after it, or write what happens: delete, anonymise, restrict or suppress"
            yield found(("purposes", id_, "retention", len(purpose.retention) - 1), what, mend)


@rule("P166", "art. 18.1, 5.1 e")
def use_ends_before_keeping(policy: Policy) -> Iterator[Finding]:
    """What is restricted is restricted before it goes: `restrict_at` is not later than `keep_until`."""
    for id_, rule_ in policy.retention.items():
        keep = language.parse(rule_.keep_until)
        stop = language.parse(rule_.restrict_at) if rule_.restrict_at else None
        if not (isinstance(keep, Expression) and isinstance(stop, Expression)):
            continue
        if keep.anchor == stop.anchor and not language.always_reaches(keep, stop):
            what = f"`{stop}` may come later than `{keep}`"
            yield found(("retention", id_, "restrict_at"), what, "write an earlier time, or take it away")


@rule("P167", "art. 17.3 b, e")
def holds_are_complete(policy: Policy) -> Iterator[Finding]:
    """A hold says what it needs; a legal claim needs its case and a day of review, a legal obligation
    its statute."""
    for id_, hold in policy.holds.items():
        if not hold.needs and not hold.computed:
            what = f"the hold `{id_}` says neither what it needs nor how it is computed"
            yield found(("holds", id_), what, "add `needs`, such as `[case, review_date]`, or `computed`")
        missing = _HOLD_NEEDS.get(id_, set()) - set(hold.needs)
        if hold.needs and missing:
            what = f"the hold `{id_}` does not ask for {' and '.join(sorted(missing))}"
            yield found(("holds", id_, "needs"), what, "add it; nothing is held for ever")


CHECKS = (
    expressions_can_be_read,
    rule_is_used,
    statute_is_kept,
    obligation_to_keep_has_rule,
    next_has_a_next,
    use_ends_before_keeping,
    holds_are_complete,
)
