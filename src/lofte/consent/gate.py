"""The gate: the company's own code asks here before it sends or uses (art. 7.3, 18.2, 21.3).

Hard rules:
- A no is never a guess: it says which record stops it and by what article. What cannot be read or
  is not known is a no.
- A restriction on everything stops every message but what the law demands; a class of message that
  no purpose of the policy is for is not sent.
- A no is noted, by count and never by person; a yes leaves nothing.
- From the first yes that is recorded here on, what rests on consent needs one that covers it, and
  advertising by 19 § an address that was got so. Before that, whoever sends knows who has said yes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from lofte.consent import given
from lofte.consent import object as objections
from lofte.consent import restrict as restrictions
from lofte.consent import withdraw as withdrawals
from lofte.consent.models import Mark, Suppression
from lofte.consent.person import CHANNELS, address_mark, person_mark
from lofte.consent.suppress import MARKETING, PlacedFor
from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity, canonical
from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.plan.coverage import asks
from lofte.plan.objection import marketing
from lofte.plan.restriction import SERVICE_BASES, Use

_BATCH = 400


class MessageClass(StrEnum):
    """What kind of message it is."""

    MARKETING = "marketing"
    SERVICE = "service"
    """What the contract calls for: outages, invoices, changes."""
    NOTICE = "notice"
    """What the law demands that people are told (art. 12, 18.3, 34); never stopped."""


class StoppedBy(StrEnum):
    """What stands in the way."""

    SUPPRESSION = "suppression"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"
    RESTRICTION = "restriction"
    UNREADABLE = "unreadable"
    UNKNOWN_PURPOSE = "unknown_purpose"
    CHANNEL = "channel"
    """The person wants nothing on this channel."""
    NO_CONSENT = "no_consent"
    """No yes of theirs covers it, or none any more: it has grown since."""
    NOT_PROMISED = "not_promised"
    """The policy does not say that advertising is sent on this channel."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """Yes, or no and why. True when it is yes."""

    why: StoppedBy | None = None
    article: str = ""
    since: datetime | None = None
    ref: str = ""
    """The record that stops it, as the ledger names it."""

    def __bool__(self) -> bool:
        return self.why is None


YES = Permission()
_NO_YES = Permission(why=StoppedBy.NO_CONSENT, article="6.1.a")


def may_send(
    house: House,
    kind: IdentityKind,
    address: str,
    message_class: MessageClass = MessageClass.MARKETING,
    *,
    channel: str = "",
    purpose: str = "",
) -> Permission:
    """May a message of this class go to this address now? `channel` is the address's first one
    unless given: `email`, or `sms`; `purpose` the one of advertising that the message is for, if it is for
    one. Raises LedgerClosed when a no cannot be noted; that is a no."""
    return sieve(house, kind, [address], message_class, channel=channel, purpose=purpose)[0]


def sieve(
    house: House,
    kind: IdentityKind,
    addresses: Sequence[str],
    message_class: MessageClass = MessageClass.MARKETING,
    *,
    channel: str = "",
    purpose: str = "",
) -> list[Permission]:
    """As `may_send`, for a whole mailing: an answer for each address, in order, and one entry for
    each reason why some were refused."""
    by = channel or next(iter(CHANNELS.get(kind, ())), "")
    purposes = _purposes(house, message_class, purpose)
    answers = list(_answers(house, kind, addresses, message_class, by, purposes))
    _note_refusals(house, "send", answers)
    return answers


def may_process(
    house: House, identities: Sequence[Identity], purpose: str, *, use: Use | None = None
) -> Permission:
    """May this person's data be used for this purpose now? `use` claims one of the uses that stay
    lawful under a restriction (art. 18.2); the claim is noted."""
    answer = _may_process(house, identities, purpose)
    if use is not None and answer.why is StoppedBy.RESTRICTION:
        with recorded(house):
            payload = {"article": "18.2", "use": use.value, "purpose": purpose}
            note(
                Kind.RESTRICTION_USED, answer.ref, payload, at=house.now, policy_version=house.policy_version
            )
        return YES
    _note_refusals(house, "process", [answer])
    return answer


def _may_process(house: House, identities: Sequence[Identity], purpose: str) -> Permission:
    if purpose not in house.policy.purposes:
        return Permission(why=StoppedBy.UNKNOWN_PURPOSE)
    if not identities:
        return Permission(why=StoppedBy.UNREADABLE)
    covered = given.standing(house, identities)
    # Last of them, for it is the only one that a lawful use may pass.
    stopped = next(_stops(house, identities, frozenset({purpose}), covered), YES)
    if not stopped or not given.keeps(house):
        return stopped
    return _needs_yes(house, frozenset({purpose}), covered)


def _needs_yes(house: House, purposes: frozenset[str], covered: Mapping[str, datetime]) -> Permission:
    """Whether there is a yes, where there must be one, to any of these. Asked when nothing stops them."""
    needing = {id_ for id_ in purposes if asks(house.policy.purposes[id_])}
    return YES if needing != purposes or needing & covered.keys() else _NO_YES


def _answers(
    house: House,
    kind: IdentityKind,
    addresses: Iterable[str],
    message_class: MessageClass,
    channel: str,
    purposes: frozenset[str],
) -> Iterator[Permission]:
    if channel not in CHANNELS.get(kind, ()):
        raise Refused(
            f"nothing is sent to a {kind} by `{channel}`; ask with an e-mail address or a telephone"
        )
    keeps = message_class is MessageClass.MARKETING and given.keeps(house)
    left = iter(addresses)
    while batch := list(islice(left, _BATCH)):
        read = [canonical(kind, address.strip(), house.today) for address in batch]
        known = [None if value is None else Identity(kind=kind, value=value) for value in read]
        yield from _answer_batch(house, known, message_class, channel, purposes, keeps)


def _answer_batch(
    house: House,
    batch: Sequence[Identity | None],
    message_class: MessageClass,
    channel: str,
    purposes: frozenset[str],
    keeps: bool,
) -> Iterator[Permission]:
    if message_class is MessageClass.NOTICE:
        yield from (YES if i else Permission(why=StoppedBy.UNREADABLE) for i in batch)
        return
    promised = house.policy.communication.marketing
    advertising = message_class is MessageClass.MARKETING
    no_purpose = Permission(why=StoppedBy.UNKNOWN_PURPOSE)
    suppressed = _suppressed(house, batch, channel) if advertising else {}
    marks = {i: person_mark(house, i) for i in batch if i}
    marked = set(Mark.objects.filter(person__in=marks.values()).values_list("person", flat=True))
    yeses = given.standing_by_mark(house, marked) if keeps and marked else {}
    for identity in batch:
        if identity is None:
            yield Permission(why=StoppedBy.UNREADABLE)
        elif found := suppressed.get(identity):
            yield suppressed_by(found)
        elif advertising and promised and channel not in promised:
            yield Permission(why=StoppedBy.NOT_PROMISED)
        else:
            covered = yeses.get(marks[identity], {})
            stops = _stops(house, [identity], purposes, covered) if marks[identity] in marked else iter(())
            allowed = YES if purposes else no_purpose
            if allowed and keeps:
                allowed = _needs_yes(house, purposes, covered)
            yield next(stops, allowed)


def _purposes(house: House, message_class: MessageClass, purpose: str) -> frozenset[str]:
    if message_class is MessageClass.MARKETING:
        every = marketing(house.policy)
        if purpose and purpose not in every:
            raise Refused(
                f"`{purpose}` is no purpose of advertising in the policy; name one that is, or none"
            )
        return frozenset({purpose}) if purpose else every
    return frozenset(i for i, p in house.policy.purposes.items() if p.legal_basis in SERVICE_BASES)


def _suppressed(house: House, batch: Sequence[Identity | None], channel: str) -> dict[Identity, Suppression]:
    by_mark = {address_mark(house, i, channel): i for i in batch if i}
    found = Suppression.objects.filter(address__in=by_mark, message_class=MARKETING, lifted=None)
    return {by_mark[s.address]: s for s in found}


def suppressed_by(found: Suppression) -> Permission:
    """The no of a suppression."""
    why = StoppedBy.CHANNEL if found.why == PlacedFor.CHANNEL else StoppedBy.SUPPRESSION
    return Permission(why=why, article=found.article, since=found.at, ref=found.ref)


def _stops(
    house: House,
    identities: Sequence[Identity],
    purposes: frozenset[str],
    covered: Mapping[str, datetime],
) -> Iterator[Permission]:
    """What stops any of these purposes for this person. `covered` is what they have said yes to, and when: a
    yes that came after an objection is to something else than what was objected to."""
    for objection in objections.standing(house, identities):
        after = {id_ for id_, at in covered.items() if at > objection.at}
        if (purposes & set(objection.purposes)) - after:
            article = "21.3" if objection.absolute else "21.1"
            yield Permission(why=StoppedBy.OBJECTION, article=article, since=objection.at, ref=objection.ref)
    for withdrawal in withdrawals.standing(house, identities):
        if purposes & set(withdrawal.purposes):
            yield Permission(why=StoppedBy.WITHDRAWAL, article="7.3", since=withdrawal.at, ref=withdrawal.ref)
    for each in restrictions.standing(house, identities):
        record = each.restriction
        # No purpose at all: what is restricted whole is restricted for this too.
        if purposes & each.purposes or not (purposes or record.purposes):
            yield Permission(why=StoppedBy.RESTRICTION, article="18.2", since=record.at, ref=record.ref)


def noted(house: House, answer: Permission) -> Permission:
    """The same answer; a no is noted."""
    _note_refusals(house, "process", [answer])
    return answer


def _note_refusals(house: House, gate: str, answers: Sequence[Permission]) -> None:
    """One entry for each reason. A single no is noted under the record that stops it."""
    refused: dict[StoppedBy, list[Permission]] = {}
    for answer in answers:
        if answer.why is not None:
            refused.setdefault(answer.why, []).append(answer)
    if not refused:
        return
    with recorded(house):
        for why, those in refused.items():
            about = those[0].ref if len(answers) == 1 and those[0].ref else secrets.token_hex(16)
            payload = {"gate": gate, "why": why.value, "asked": len(answers), "refused": len(those)}
            note(Kind.GATE_REFUSED, about, payload, at=house.now, policy_version=house.policy_version)
