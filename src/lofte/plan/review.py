"""Having a machine's decision reviewed by a human being (art. 22.3, 15.1 h).

- The law gives the right for decisions with legal or similar effects (art. 22); the policy may promise
  it for others too, and then it is kept. Analysis that decides nothing about the person is not
  reviewed: there the right is to object (art. 21).
- A decision rests on contract, on law or on explicit consent. When the consent is taken back the
  machine may not decide any more, whatever the review comes to.
- The person hears how the machine decides, what it means for them, and what a human being decided
  and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from lofte.errors import Refused
from lofte.plan import words
from lofte.plan.objection import withdrawing
from lofte.policy.document import AutomatedDecision, Policy, Text

ARTICLE = "22.3"
CONSENT = "explicit_consent"


class Outcome(StrEnum):
    """What the human being came to."""

    UPHELD = "upheld"
    CHANGED = "changed"
    ANNULLED = "annulled"


def reviewable(policy: Policy, id_: str) -> AutomatedDecision:
    """The decision with this id, when a person may have it reviewed. Raises Refused, and says what
    the person may do instead."""
    decision = policy.automated_decisions.get(id_)
    if decision is None or not decision.exists:
        known = ", ".join(promised(policy)) or "none"
        raise Refused(f"the policy has no automated decision `{id_}`; those that are reviewed: {known}")
    if id_ not in promised(policy):
        raise Refused(
            f"`{id_}` is no decision with legal or similar effects (art. 22); nothing is decided about the "
            "person that could be reviewed. Explain its logic, and take an objection (art. 21) instead"
        )
    if decision.art22 and decision.basis is None:
        raise Refused(f"the policy does not say what allows `{id_}` (art. 22.2); write its `basis` first")
    return decision


def promised(policy: Policy) -> tuple[str, ...]:
    """The decisions that a human being reviews: those of art. 22, and what the policy promises more."""
    review = policy.rights.human_review
    more = review.for_ if review else ()
    return tuple(
        id_ for id_, d in policy.automated_decisions.items() if d.exists and (d.art22 or id_ in more)
    )


def consented(policy: Policy, id_: str) -> tuple[str, ...]:
    """The purposes whose consent is the consent to this decision; none when it rests on something
    else. A decision that names no purposes rests on every consent."""
    decision = policy.automated_decisions[id_]
    if decision.basis != CONSENT:
        return ()
    return decision.purposes or withdrawing(policy)


def settle(outcome: Outcome, *, withdrawn: bool) -> Outcome:
    """The outcome, if it may be. Raises Refused when a machine's decision would go on standing on a
    consent that is taken back."""
    if withdrawn and outcome is Outcome.UPHELD:
        raise Refused(
            "the consent that the decision rests on is taken back (art. 7.3), so a machine's decision "
            "cannot stand on it; change it or annul it"
        )
    return outcome


def letter(
    policy: Policy,
    id_: str,
    outcome: Outcome,
    *,
    why: str,
    number: str,
    withdrawn: bool,
    on: date,
) -> Text:
    """What the person is told when a human being has decided. `why` is in the language that the
    handler wrote it in."""
    decision = policy.automated_decisions[id_]
    company = policy.controller.legal_name or policy.meta.title.say("en")
    parts = [
        words.join("{company}, {day}", "{company}, {day}", company=company, day=words.say_date(on)),
        words.join(*_OPENING, number=number, name=decision.name or Text(en=id_)),
        _OUTCOME[outcome],
        words.join("Skälen: {why}", "The reasons: {why}", why=why.strip()),
        words.join(
            "Så beslutar maskinen: {logic} Det betyder för dig: {effects}",
            "This is how the machine decides: {logic} What it means for you: {effects}",
            logic=words.ended(decision.logic),
            effects=words.ended(decision.effects),
        ),
    ]
    if decision.art22 and decision.basis is not None:
        parts.append(_BASIS[decision.basis])
    elif not decision.art22:
        parts.append(_PROMISED)
    if withdrawn:
        parts.append(_WITHDRAWN)
    parts.append(words.join(*_COMPLAIN, name=policy.authority.name, url=policy.authority.url))
    return Text(**{language: "\n\n".join(p.say(language) for p in parts) for language in ("sv", "en")})


_OPENING = (
    "Du har begärt att en människa prövar ett beslut som en maskin har fattat om dig: {name}. Ärendet har "
    "nummer {number} (artikel 22.3 i dataskyddsförordningen).",
    "You have asked a human being to review a decision that a machine made about you: {name}. The number "
    "of the case is {number} (Article 22(3) of the GDPR).",
)
_OUTCOME: Mapping[Outcome, Text] = {
    Outcome.UPHELD: Text(
        sv="En människa har prövat beslutet på nytt och läst det du har skrivit. Det står fast.",
        en="A human being has reviewed the decision and read what you wrote. It stands.",
    ),
    Outcome.CHANGED: Text(
        sv="En människa har prövat beslutet på nytt och läst det du har skrivit. Det är ändrat.",
        en="A human being has reviewed the decision and read what you wrote. It is changed.",
    ),
    Outcome.ANNULLED: Text(
        sv="En människa har prövat beslutet på nytt och läst det du har skrivit. Det är upphävt och gäller "
        "inte.",
        en="A human being has reviewed the decision and read what you wrote. It is annulled and has no "
        "effect.",
    ),
}
_BASIS: Mapping[str, Text] = {
    "contract": Text(
        sv="Maskinen får besluta eftersom det behövs för vårt avtal med dig (artikel 22.2 a).",
        en="The machine may decide because our contract with you needs it (Article 22(2)(a)).",
    ),
    "law": Text(
        sv="Maskinen får besluta eftersom en lag tillåter det (artikel 22.2 b).",
        en="The machine may decide because a law allows it (Article 22(2)(b)).",
    ),
    CONSENT: Text(
        sv="Maskinen får bara besluta när du uttryckligen har samtyckt till det (artikel 22.2 c).",
        en="The machine may decide only when you have explicitly consented to it (Article 22(2)(c)).",
    ),
}
_PROMISED = Text(
    sv="Beslutet har inga rättsliga följder eller liknande (artikel 22), men vi har lovat att en människa "
    "prövar det.",
    en="The decision has no legal or similar effects (Article 22), but we have promised that a human being "
    "reviews it.",
)
_WITHDRAWN = Text(
    sv="Du har tagit tillbaka ditt samtycke. Maskinen får därför inte fatta sådana beslut om dig längre "
    "(artikel 7.3).",
    en="You have taken back your consent. The machine may therefore not make such decisions about you any "
    "longer (Article 7(3)).",
)
_COMPLAIN = (
    "Är du inte nöjd kan du klaga hos {name} ({url}) och väcka talan vid domstol (artikel 77 och 79).",
    "If you are not content you may complain to {name} ({url}) and go to court (Articles 77 and 79).",
)
