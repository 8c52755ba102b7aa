"""Persons and addresses as keyed HMACs, and which further identities are a person's.

Hard rules:
- A weak identity (a telephone) may be several people's. What one of them has said holds for what is
  sent there; it is not the other's, and ends with neither's.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from lofte.connectors.protocol import Connector
from lofte.consent.models import Mark
from lofte.datamap.document import Kind, System
from lofte.datamap.identity import STRENGTH, Identity, Strength
from lofte.datamap.tracing import Person
from lofte.execution.house import House
from lofte.execution.store import on_sqlite
from lofte.plan.records import Subject

Connect = Callable[[System], Connector]

CHANNELS: dict[Kind, tuple[str, ...]] = {Kind.EMAIL: ("email",), Kind.PHONE: ("sms", "phone")}
"""The channels on which an identity is an address."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Marked(Identity):
    """An identity of which only the keyed digest is known."""

    mark: str


def person_mark(house: House, identity: Identity) -> str:
    """By what an act about this person is found."""
    if isinstance(identity, Marked):
        return identity.mark
    return _keyed(house, "person", identity.kind, identity.value)


def address_mark(house: House, identity: Identity, channel: str) -> str:
    """By what a suppression of this address on this channel is found."""
    return _keyed(house, "suppression", channel, identity.kind, identity.value)


def mark(house: House, act: str, identities: Iterable[Identity]) -> int:
    """Let an act be about these identities too; returns how many are new. In the caller's
    transaction. An IP address is nobody for long, and marks nobody."""
    marks = {person_mark(house, i): is_weak(i) for i in identities if i.kind is not Kind.IP}
    there = set(Mark.objects.filter(act=act).values_list("person", flat=True))
    new = {person: weak for person, weak in marks.items() if person not in there}
    Mark.objects.bulk_create(
        (Mark(act=act, person=person, weak=weak) for person, weak in sorted(new.items())),
        ignore_conflicts=True,
    )
    return len(new)


def is_weak(identity: Identity) -> bool:
    """Whether several people may have it."""
    return STRENGTH[identity.kind] is Strength.WEAK


def one_at_a_time(house: House, identities: Iterable[Identity]) -> None:
    """Until the caller's transaction ends, nobody else records an act about one of these. SQLite
    has one writer anyway. Always taken in the same order, so that no two wait for each other."""
    if on_sqlite():
        return
    numbers = {int(person_mark(house, identity)[:15], 16) for identity in identities}
    with connection.cursor() as cursor:
        for number in sorted(numbers):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def acts_about(house: House, identities: Iterable[Identity]) -> set[str]:
    """The acts about whoever has one of these identities. A weak one finds the acts of whoever has it
    when nothing stronger is asked with, and those that rest on weak ones alone."""
    return _acts(house, identities, others=True)


def own_acts(house: House, identities: Iterable[Identity]) -> set[str]:
    """The acts that are this person's own: what they say again belongs to one of them. A weak identity
    finds only those that rest on weak ones alone."""
    return _acts(house, identities, others=False)


def same_person(act: str) -> QuerySet[Mark]:
    """The marks of all acts of whoever this one is about, itself among them."""
    persons = Mark.objects.filter(act=act, weak=False).values("person")
    acts = Mark.objects.filter(person__in=persons, weak=False).values("act")
    return Mark.objects.filter(Q(act=act) | Q(act__in=acts))


def _acts(house: House, identities: Iterable[Identity], *, others: bool) -> set[str]:
    """`others`: asked with weak identities alone, also the acts that rest on more than those."""
    asked = {person_mark(house, i): is_weak(i) for i in identities}
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for act, person in Mark.objects.filter(person__in=list(asked)).values_list("act", "person"):
        found[asked[person]].add(act)
    alone = found[True]
    if alone and not (others and all(asked.values())):
        strong = Mark.objects.filter(act__in=alone, weak=False)
        alone = alone - set(strong.values_list("act", flat=True))
    return found[False] | alone


def new_act(house: House, by: str, request: str = "") -> dict[str, Any]:
    """What every act records."""
    return {
        "ref": secrets.token_hex(16),
        "at": house.now,
        "by": by,
        "request": request,
        "policy_version": house.policy_version,
    }


def traced(house: House, identities: Iterable[Identity], connect: Connect) -> frozenset[Identity]:
    """All identities that the systems know to be this person's. One that another person has too is
    left out, unless it was shown: what is stopped for one is not stopped for the other.
    Raises Unreachable."""
    shown = frozenset(identities)
    found = set(shown)
    for system in house.datamap.systems:
        found |= traced_in(house, system, shown, connect)
    return frozenset(found)


def traced_in(
    house: House, system: System, identities: Iterable[Identity], connect: Connect
) -> frozenset[Identity]:
    """As `traced`, of one system."""
    person = _person(house, system, identities, connect)
    return person.identities - person.shared


def is_known(house: House, identities: Iterable[Identity], connect: Connect) -> bool:
    """Whether a system has one person, and no more, who answers to these. Raises Unreachable."""
    shown = frozenset(identities)
    return any(any(_person(house, each, shown, connect).keys.values()) for each in house.datamap.systems)


def _person(house: House, system: System, identities: Iterable[Identity], connect: Connect) -> Person:
    subject = Subject(ref="consent", identities=tuple(sorted(identities)))
    connector = connect(system)
    try:
        with connector.session() as session:
            return session.people([subject], house.today).persons[0]
    finally:
        connector.close()


def _keyed(house: House, *parts: str) -> str:
    return hmac.new(house.keys.lookup, "\0".join(parts).encode(), "sha256").hexdigest()
