"""Where the person stands: rights, complaint, and decisions by machine (art. 15.1 e, f, h)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lofte.law.bases import BASES
from lofte.law.rights import Right
from lofte.plan import words
from lofte.policy.document import Policy, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class RightLine:
    """A right the person has, in one sentence."""

    article: str
    name: Text
    text: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """Where a complaint goes (art. 15.1 f, 77)."""

    name: Text
    url: str
    email: str | None
    phone: str | None
    address: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A decision by machine: the logic, what it means, and what the person can do (art. 15.1 h)."""

    id: str
    name: Text
    logic: Text
    effects: Text
    standing: Text


def rights(policy: Policy, purposes: Sequence[str]) -> tuple[RightLine, ...]:
    """Rectification, erasure and restriction always; the others when the grounds found give them."""
    bases = {policy.purposes[p].legal_basis for p in purposes}
    known = [BASES[b] for b in bases if b in BASES]
    marketing = any(policy.purposes[p].marketing for p in purposes)
    chosen = {
        Right.RECTIFICATION: True,
        Right.ERASURE: True,
        Right.RESTRICTION: True,
        Right.PORTABILITY: any(b.portable for b in known),
        Right.OBJECTION: not purposes or marketing or any(b.objectable for b in known),
        Right.WITHDRAWAL: any(b.withdrawable for b in known),
        Right.HUMAN_REVIEW: bool(purposes)
        and any(d.exists and d.art22 for d in policy.automated_decisions.values()),
    }
    return tuple(
        RightLine(
            article=right.article,
            name=Text(sv=right.name_in("sv"), en=right.name_in("en")),
            text=Text(sv=right.plain_in("sv"), en=right.plain_in("en")),
        )
        for right, given in chosen.items()
        if given
    )


def complaint(policy: Policy) -> Complaint:
    """The supervisory authority of the policy."""
    authority = policy.authority
    return Complaint(
        name=authority.name,
        url=authority.url,
        email=authority.email,
        phone=authority.phone,
        address=authority.address,
    )


def decisions(policy: Policy) -> tuple[Decision, ...]:
    """Decisions by machine that exist here."""
    return tuple(
        Decision(
            id=id_,
            name=decision.name or Text(en=id_),
            logic=decision.logic,
            effects=decision.effects,
            standing=words.ARTICLE_22 if decision.art22 else words.NOT_ARTICLE_22,
        )
        for id_, decision in policy.automated_decisions.items()
        if decision.exists
    )
