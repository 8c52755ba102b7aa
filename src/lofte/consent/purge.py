"""Forgetting what visitors chose, when its time is over (art. 5.1 e).

Hard rules:
- The proof of a choice is kept for as long as the choice may hold, and for as long after that as the policy's
  rule `consents` says (`consent.withdrawn + P12M`); without such a rule for two years.
- A stream is let go from its beginning only, and no further than to the first choice that still has time or
  still holds. The ledger notes up to where, with the head there: what is left is proven as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lofte.consent import chain
from lofte.consent.models import Choice, Stream
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.fault import Fault
from lofte.law.calendar import civil_date
from lofte.ledger.kinds import Kind, Value
from lofte.policy import period
from lofte.policy.period import Period
from lofte.proof.records import Check, Evidence

RULES = ("consents", "consent")
USUAL = "P24M"


def due() -> bool:
    """Whether there is anything to look at; cheap."""
    return Choice.objects.exists()


def forget(house: House) -> int:
    """Delete the choices whose time is over, from the beginning of each stream; returns how many."""
    chain.seal(house)
    before = kept_since(house)
    return sum(_forget(house, stream, before) for stream in Stream.objects.order_by("id"))


def kept_since(house: House) -> date:
    """The day from which choices are kept: a choice may hold for `cookies.consent_max_age`, and its proof is
    kept for the rule's time after that."""
    terms = house.policy.cookies
    holds = _read(terms.consent_max_age if terms else "P12M")
    rule = next((house.policy.retention[id_] for id_ in RULES if id_ in house.policy.retention), None)
    after = _read((rule.keep_until.partition("+")[2].strip() if rule else "") or ("P0D" if rule else USUAL))
    days = sum((each.years * 12 + each.months) * 31 + each.weeks * 7 + each.days for each in (holds, after))
    return date.fromordinal(house.today.toordinal() - days)


def counted(house: House) -> Iterator[Evidence]:
    """What a look at every choice found, as evidence; nothing where nobody has chosen."""
    if due():
        looked = chain.verify(house)
        facts = {"records": looked.records, "flaws": len(looked.flaws)}
        yield Evidence(kind=Check.CHOICES, at=house.now, policy_version=house.policy_version, facts=facts)


def _forget(house: House, stream: Stream, before: date) -> int:
    last: Choice | None = None
    for choice in stream.choices.filter(number__lte=stream.sealed).order_by("number").iterator():
        if civil_date(choice.at) >= before:
            break
        last = choice
    if last is None:
        return 0
    with recorded(house):
        gone = stream.choices.filter(number__lte=last.number).delete()[0]
        Stream.objects.filter(pk=stream.pk).update(gone=last.number)
        payload: dict[str, Value] = {"records": gone, "last": last.number, "head": bytes(last.link).hex()}
        note(
            Kind.CONSENT_FORGOTTEN,
            stream.ref,
            payload,
            at=house.now,
            policy_version=house.policy_version,
        )
    return gone


def _read(written: str) -> Period:
    """A period; what cannot be read is kept for as long as is usual."""
    read = period.parse(written)
    if isinstance(read, Fault):
        usual = period.parse(USUAL)
        assert not isinstance(usual, Fault)
        return usual
    return read
