"""What the registered may ask for, how fast and at what price (art. 12, 15-22)."""

from __future__ import annotations

from collections.abc import Iterator

from lofte.fault import Fault
from lofte.law.bases import BASES
from lofte.law.rights import Right
from lofte.policy import period as periods
from lofte.policy.checks.purposes import has_marketing
from lofte.policy.checks.rule import Finding, found, rule
from lofte.policy.document import Policy
from lofte.policy.period import Period

_ALWAYS = (Right.ACCESS, Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION, Right.OBJECTION)


@rule("P170", "art. 12.5, 15.3")
def answers_are_free(policy: Policy) -> Iterator[Finding]:
    """Answers are free of charge."""
    fee = policy.rights.defaults.fee
    if fee.amount > 0:
        what = f"an answer costs {fee.amount} {fee.currency}"
        mend = "write 0; a fee is only for what is manifestly unfounded or excessive, case by case"
        yield found(("rights", "defaults", "fee", "amount"), what, mend)


@rule("P171", "art. 12.3")
def answers_come_within_a_month(policy: Policy) -> Iterator[Finding]:
    """The deadline is a month at most, and may be extended by two more at most."""
    defaults = policy.rights.defaults
    for key, text, most in (
        ("deadline", defaults.deadline, Period(months=1)),
        ("extension", defaults.extension, Period(months=2)),
    ):
        path = ("rights", "defaults", key)
        period = periods.parse(text)
        if isinstance(period, Fault):
            yield found(path, period.what, period.mend)
        elif period.longer_than(most):
            yield found(path, f"`{text}` may be longer than the law's {most}", f"write `{most}` or less")


@rule("P172", "art. 13.2 b")
def rights_are_told(policy: Policy) -> Iterator[Finding]:
    """Access, rectification, erasure, restriction and objection are told."""
    for right in _ALWAYS:
        if getattr(policy.rights, right.key) is None:
            what = f"the right of art. {right.article} ({right.name_in('en').lower()}) is missing"
            yield found(("rights", right.key), what, f"add `{right.key}`")


@rule("P173", "art. 20.1")
def portability_is_told(policy: Policy) -> Iterator[Finding]:
    """Where data rest on consent or contract, portability is told."""
    portable = [id_ for id_, p in policy.purposes.items() if BASES[p.legal_basis].portable]
    if portable and policy.rights.portability is None:
        what = f"the right of art. 20 is missing, though `{portable[0]}` rests on consent or contract"
        yield found(("rights", "portability"), what, "add `portability: {formats: [json, csv]}`")


@rule("P174", "art. 21.2-3")
def marketing_ends_at_once(policy: Policy) -> Iterator[Finding]:
    """Where there is direct marketing, an objection to it is absolute."""
    terms = policy.rights.objection
    if has_marketing(policy) and terms and terms.direct_marketing != "absolute":
        what = "there is direct marketing, but the objection to it is not absolute"
        yield found(("rights", "objection", "direct_marketing"), what, "write `direct_marketing: absolute`")


@rule("P175", "art. 22.2-3")
def machine_decisions_are_guarded(policy: Policy) -> Iterator[Finding]:
    """A decision by machine with legal or similar effect has a ground and human review."""
    review = policy.rights.human_review
    reviewed = review.for_ if review else ()
    for id_, decision in policy.automated_decisions.items():
        if not (decision.exists and decision.art22):
            continue
        if decision.basis is None:
            what = f"the automated decision `{id_}` has no ground"
            mend = "write `basis`: contract, law or explicit_consent"
            yield found(("automated_decisions", id_, "basis"), what, mend)
        if id_ not in reviewed:
            what = f"the automated decision `{id_}` cannot be reviewed by a human being"
            yield found(("rights", "human_review", "for"), what, f"add `{id_}`")


CHECKS = (
    answers_are_free,
    answers_come_within_a_month,
    rights_are_told,
    portability_is_told,
    marketing_ends_at_once,
    machine_decisions_are_guarded,
)
