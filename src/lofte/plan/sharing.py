"""Who got the person's data, and what left the EEA (art. 15.1 c, 15.2)."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lofte.datamap.document import Dataset
from lofte.law.adequacy import inside_eea
from lofte.plan import words
from lofte.policy.document import Policy, Safeguard, Text


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
    """Got data of this person or may have got them; otherwise may get them only if `when` comes true."""
    when: Text | None = None
    """How sure that is: only when a law wants it, or that nobody wrote down each time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """Data that leave the EEA: to whom, where, with what safeguard, and how to see it."""

    to: Text
    countries: tuple[str, ...]
    safeguard: Text
    ref: str | None
    copy: Text | None


Found = tuple[Dataset, AbstractSet[str]]
"""A dataset with rows, and the categories that were found in them."""


def receivers(policy: Policy, found: Sequence[Found], purposes: Sequence[str]) -> tuple[Receiver, ...]:
    """Recipients of the datasets with rows, then those of the purposes that these rows may have gone
    to; in each part in policy order.

    No register says which rows went where, so of a recipient that is no processor, and of one that
    only a purpose names, it is said that it may have got them.
    """
    direct = {id_ for dataset, _ in found for id_ in dataset.recipients}
    told: list[tuple[int, Receiver]] = []
    for id_, recipient in policy.recipients.items():
        only = {"law": words.ONLY_BY_LAW, "claim": words.ONLY_BY_CLAIM}.get(recipient.ground or "")
        if recipient.role == "authority" and only is None:
            only = words.ONLY_BY_LAW
        if id_ not in direct and not _may_have(policy, id_, found, purposes, only is not None):
            continue
        sure = id_ in direct and recipient.role == "processor"
        text = recipient.text or Text(en=id_)
        got = id_ in direct or only is None
        line = Receiver(
            id=id_,
            name=Text(sv=recipient.name, en=recipient.name) if recipient.name else _capital(text),
            named=recipient.name is not None,
            does=recipient.text if recipient.name else None,
            role=words.ROLES[recipient.role],
            countries=recipient.country,
            got=got,
            when=None if sure else words.MAY_HAVE if got else only,
        )
        told.append((0 if id_ in direct else 1 if got else 2, line))
    return tuple(line for _, line in sorted(told, key=lambda pair: pair[0]))


def _may_have(
    policy: Policy, id_: str, found: Sequence[Found], purposes: Sequence[str], conditional: bool
) -> bool:
    """Whether rows that were found may have gone to a recipient that only a purpose names.

    A dataset that says who got its rows went to nobody else, but for what a law or a claim demands.
    """
    recipient = policy.recipients[id_]
    for dataset, categories in found:
        used = [policy.purposes[p] for p in dataset.purposes if p in purposes]
        serves = [p for p in used if id_ in p.recipients]
        there = not categories or any(not categories.isdisjoint(p.categories) for p in serves)
        wanted = not recipient.categories or not categories.isdisjoint(recipient.categories)
        if serves and there and wanted and (conditional or not dataset.recipients):
            return True
    return False


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
                copy=_copy(safeguard),
            )
        )
    return tuple(outside)


def _copy(safeguard: Safeguard | None) -> Text | None:
    """How to see the safeguard. Only what art. 46 lists is a paper to have a copy of (art. 13.1 f)."""
    if safeguard is None or safeguard.copy_ is None or safeguard.kind not in ("scc", "bcr"):
        return None
    return words.COPIES[safeguard.copy_]


def _capital(text: Text) -> Text:
    return Text(
        sv=text.sv[:1].upper() + text.sv[1:] if text.sv else None,
        en=text.en[:1].upper() + text.en[1:] if text.en else None,
    )
