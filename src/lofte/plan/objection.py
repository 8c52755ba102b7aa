"""What an objection or a withdrawal stops (art. 7.3, 21.1-21.3).

- Against direct marketing an objection is absolute: it stops at once, and nothing is weighed.
- Against a purpose on public interest or legitimate interest it stops until compelling grounds
  have been shown.
- Consent is withdrawn, not objected to. What rests on contract or law has other rights.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lofte.errors import Refused
from lofte.law.bases import BASES
from lofte.policy.document import Policy, Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class Objecting:
    """What was objected to, by how much it weighs."""

    absolute: tuple[str, ...] = ()
    """Direct marketing (art. 21.2-3)."""
    weighed: tuple[str, ...] = ()
    """Stopped until grounds are shown (art. 21.1)."""


def objecting(policy: Policy, purposes: Collection[str] = ()) -> Objecting:
    """What an objection to these purposes stops; none named = all direct marketing.

    Raises Refused for a purpose that cannot be objected to; the message says the right way."""
    if not purposes:
        return Objecting(absolute=tuple(sorted(marketing(policy))))
    wanted = tuple(dict.fromkeys(purposes))
    for id_ in wanted:
        purpose = known(policy, id_)
        if not (is_marketing(purpose) or BASES[purpose.legal_basis].objectable):
            raise Refused(
                f"the purpose `{id_}` rests on {purpose.legal_basis}, which nobody objects to (art. 21);"
                " consent is withdrawn, and what rests on contract ends with the contract"
            )
    absolute = tuple(id_ for id_ in wanted if is_marketing(policy.purposes[id_]))
    return Objecting(absolute=absolute, weighed=tuple(id_ for id_ in wanted if id_ not in absolute))


def withdrawing(policy: Policy, purposes: Collection[str] = ()) -> tuple[str, ...]:
    """What a withdrawal of consent stops; none named = every purpose on consent (art. 7.3).

    Raises Refused for a purpose that rests on something else."""
    if not purposes:
        return tuple(id_ for id_, p in policy.purposes.items() if BASES[p.legal_basis].withdrawable)
    wanted = tuple(dict.fromkeys(purposes))
    for id_ in wanted:
        purpose = known(policy, id_)
        if not BASES[purpose.legal_basis].withdrawable:
            raise Refused(
                f"the purpose `{id_}` rests on {purpose.legal_basis} and not on consent;"
                " there is no consent to withdraw (art. 7.3)"
            )
    return wanted


def marketing(policy: Policy) -> frozenset[str]:
    """The purposes that are direct marketing."""
    return frozenset(id_ for id_, p in policy.purposes.items() if is_marketing(p))


def is_marketing(purpose: Purpose) -> bool:
    """Whether a purpose is direct marketing: whoever is in doubt about it may stop it."""
    said = (purpose.dpv or "").endswith("Marketing")
    return purpose.marketing is not None or purpose.legal_basis == "MFL-19-2" or said


def known(policy: Policy, id_: str) -> Purpose:
    """The purpose with this id. Raises Refused."""
    try:
        return policy.purposes[id_]
    except KeyError:
        raise Refused(f"the policy has no purpose `{id_}`; name one that it has") from None
