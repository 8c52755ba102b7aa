"""The rights, as somebody who has never used one reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lofte.law.rights import Right
from lofte.plan.objection import withdrawing
from lofte.policy.document import Policy
from lofte.portal.far import Kind

Words = str | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A right that may be chosen."""

    right: Right
    wish: Words
    then: Words
    """What happens when it is asked for."""
    chosen: bool = False
    kinds: tuple[Kind, ...] = ()
    """The kinds of data that it may be limited to."""

    @property
    def in_part(self) -> bool:
        """Whether some kinds of data are chosen."""
        return any(kind.chosen for kind in self.kinds)


WISHES: Mapping[Right, tuple[Words, Words]] = {
    Right.ACCESS: (
        _("Know what data you have about me, and get a copy"),
        _("We search all our systems and put together an answer that you fetch here. First you show who you "
          "are, in two ways."),
    ),
    Right.RECTIFICATION: (
        _("Have something wrong about me corrected"),
        _("Tell below what is wrong and what is right. We correct it, and tell those who got it from us."),
    ),
    Right.ERASURE: (
        _("Have my data erased"),
        _("We erase what no law or contract makes us keep, and tell you what stays, why, and until when. "
          "First you show who you are, in two ways."),
    ),
    Right.RESTRICTION: (
        _("Have you only store my data, and not use them"),
        _("For as long as something is in dispute. Tell below what it is about. First you show who you are, "
          "in two ways."),
    ),
    Right.PORTABILITY: (
        _("Get what I gave you in a form that other services can read"),
        _("We make a file that you fetch here. First you show who you are, in two ways."),
    ),
    Right.OBJECTION: (
        _("Say no to marketing, or object to how you use my data"),
        _("Marketing stops. For anything else, tell below what you object to, and why. You do not have to "
          "show who you are."),
    ),
    Right.WITHDRAWAL: (
        _("Take back a consent"),
        _("It holds from when we get it. You do not have to show who you are."),
    ),
    Right.HUMAN_REVIEW: (
        _("Have a decision that a machine made looked at by a person"),
        _("Tell below which decision, and what you think of it. Somebody who did not make it looks at it."),
    ),
}  # fmt: skip


def choices(policy: Policy, chosen: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """The rights that somebody can have here, in the order of the law."""
    return tuple(
        Choice(right=right, wish=wish, then=then, chosen=right.value in chosen)
        for right, (wish, then) in WISHES.items()
        if _is_there(policy, right)
    )


def _is_there(policy: Policy, right: Right) -> bool:
    """No consent is taken back where none is asked for, and no machine reviewed where none decides."""
    if right is Right.WITHDRAWAL:
        return bool(withdrawing(policy))
    return right is not Right.HUMAN_REVIEW or bool(policy.automated_decisions)
