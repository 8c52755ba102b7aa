"""Who got the person's data, and what left the EEA (art. 15.1 c, 15.2)."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lofte.datamap.document import Dataset
from lofte.law.adequacy import inside_eea
from lofte.plan import words
from lofte.policy.document import Policy, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiver:
    """A recipient: by name when the policy names it, else by kind."""

    id: str
    name: Text
    named: bool
    does: Text | None
    role: Text
    countries: tuple[str, ...]
    got: bool
    """Got data of this person; otherwise may get them, and `when` says when."""
    when: Text | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """Data that leave the EEA: to whom, where, with what safeguard, and how to see it."""

    to: Text
    countries: tuple[str, ...]
    safeguard: Text
    ref: str | None
    copy: Text | None


def receivers(
    policy: Policy, datasets: Sequence[Dataset], purposes: Sequence[str], categories: AbstractSet[str]
) -> tuple[Receiver, ...]:
    """Recipients of the datasets with rows, and of the purposes that use them; policy order."""
    direct = {id_ for d in datasets for id_ in d.recipients}
    by_purpose = {id_ for p in purposes for id_ in policy.purposes[p].recipients}
    told: list[Receiver] = []
    for id_, recipient in policy.recipients.items():
        concerned = not recipient.categories or not categories.isdisjoint(recipient.categories)
        if id_ not in direct and (id_ not in by_purpose or not concerned):
            continue
        only = {"law": words.ONLY_BY_LAW, "claim": words.ONLY_BY_CLAIM}.get(recipient.ground or "")
        if recipient.role == "authority" and only is None:
            only = words.ONLY_BY_LAW
        text = recipient.text or Text(en=id_)
        told.append(
            Receiver(
                id=id_,
                name=Text(sv=recipient.name, en=recipient.name) if recipient.name else _capital(text),
                named=recipient.name is not None,
                does=recipient.text if recipient.name else None,
                role=words.ROLES[recipient.role],
                countries=recipient.country,
                got=id_ in direct or only is None,
                when=None if id_ in direct else only,
            )
        )
    return tuple(sorted(told, key=lambda r: not r.got))


def transfers(policy: Policy, told: Sequence[Receiver]) -> tuple[Transfer, ...]:
    """Those of the recipients that are outside the EEA (art. 15.2, 44-49)."""
    outside = []
    for receiver in told:
        countries = tuple(c for c in receiver.countries if not inside_eea(c))
        if not countries or not receiver.got:
            continue
        safeguard = policy.recipients[receiver.id].safeguard
        outside.append(
            Transfer(
                to=receiver.name,
                countries=countries,
                safeguard=words.SAFEGUARDS[safeguard.kind] if safeguard else words.NO_SAFEGUARD,
                ref=safeguard.ref if safeguard else None,
                copy=words.COPIES[safeguard.copy_] if safeguard and safeguard.copy_ else None,
            )
        )
    return tuple(outside)


def _capital(text: Text) -> Text:
    return Text(
        sv=text.sv[:1].upper() + text.sv[1:] if text.sv else None,
        en=text.en[:1].upper() + text.en[1:] if text.en else None,
    )
