"""Persons and addresses as keyed HMACs, and which further identities are a person's."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from lofte.connectors.protocol import Connector
from lofte.consent.models import Mark
from lofte.datamap.document import Kind, System
from lofte.datamap.identity import Identity
from lofte.execution.house import House
from lofte.execution.store import on_sqlite
from lofte.plan.records import Subject

Connect = Callable[[System], Connector]

CHANNELS: dict[Kind, tuple[str, ...]] = {Kind.EMAIL: ("email",), Kind.PHONE: ("sms", "phone")}
"""The channels on which an identity is an address."""


def person_mark(house: House, identity: Identity) -> str:
    """By what an act about this person is found."""
    return _keyed(house, "person", identity.kind, identity.value)


def address_mark(house: House, identity: Identity, channel: str) -> str:
    """By what a suppression of this address on this channel is found."""
    return _keyed(house, "suppression", channel, identity.kind, identity.value)


def mark(house: House, act: str, identities: Iterable[Identity]) -> int:
    """Let an act be about these identities too; returns how many are new. In the caller's
    transaction. An IP address is nobody for long, and marks nobody."""
    marks = {person_mark(house, i) for i in identities if i.kind is not Kind.IP}
    marks -= set(Mark.objects.filter(act=act).values_list("person", flat=True))
    Mark.objects.bulk_create(
        (Mark(act=act, person=person) for person in sorted(marks)), ignore_conflicts=True
    )
    return len(marks)


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
    """The acts about whoever has one of these identities."""
    marks = [person_mark(house, i) for i in identities]
    return set(Mark.objects.filter(person__in=marks).values_list("act", flat=True))


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
        connector = connect(system)
        try:
            with connector.session() as session:
                subject = Subject(ref="consent", identities=tuple(sorted(shown)))
                person = session.people([subject], house.today).persons[0]
                found |= person.identities - person.shared
        finally:
            connector.close()
    return frozenset(found)


def _keyed(house: House, *parts: str) -> str:
    return hmac.new(house.keys.lookup, "\0".join(parts).encode(), "sha256").hexdigest()
