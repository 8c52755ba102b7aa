"""One question before data are used: may this person be used for this purpose now? (art. 7.3, 18.2, 21)

Asked with keyed digests: a program that has them beside its rows asks without naming anybody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lofte.consent import gate
from lofte.consent.gate import Permission, StoppedBy
from lofte.consent.models import Suppression
from lofte.consent.person import CHANNELS, Marked, address_mark, person_mark
from lofte.consent.suppress import MARKETING
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution.house import House
from lofte.plan.objection import known, marketing

_SUBJECT = re.compile(r"([a-z_]+)((?:\.[0-9a-f]{64}){1,3})", re.ASCII)


def subject(house: House, identity: Identity) -> str:
    """By what a program asks about whoever has this: kind, digest of the person, and of each address."""
    marks = [person_mark(house, identity)]
    marks += [address_mark(house, identity, channel) for channel in CHANNELS.get(identity.kind, ())]
    return ".".join((identity.kind.value, *marks))


def may(house: House, subjects: Sequence[str], purpose: str, *, channel: str = "") -> Permission:
    """The answer, with the record that stops it. With a purpose of advertising, what stops the address on
    this channel stops it (the first channel of the address unless named). Raises Refused for a subject that
    is none of ours."""
    known(house.policy, purpose)
    read = [_read(each) for each in subjects]
    if not read:
        raise Refused("name at least one subject, as POST /gate/subjects gives it")
    if purpose in marketing(house.policy):
        addresses = [mark for kind, marks in read if (mark := _address(kind, marks, channel))]
        found = Suppression.objects.filter(address__in=addresses, message_class=MARKETING, lifted=None)
        if (stopped := found.order_by("id").first()) is not None:
            return gate.noted(house, gate.suppressed_by(stopped))
        promised = house.policy.communication.marketing
        if channel and promised and channel not in promised:
            return gate.noted(house, Permission(why=StoppedBy.NOT_PROMISED))
    marked = [Marked(kind=Kind(kind), value="", mark=marks[0]) for kind, marks in read]
    return gate.may_process(house, marked, purpose)


def _read(written: str) -> tuple[str, list[str]]:
    match = _SUBJECT.fullmatch(written)
    if match is None or match[1] not in list(Kind):
        raise Refused("this is no subject; ask POST /gate/subjects for it, and keep it beside the row")
    return match[1], match[2].strip(".").split(".")


def _address(kind: str, marks: Sequence[str], channel: str) -> str:
    ways = next((ways for each, ways in CHANNELS.items() if each.value == kind), ())
    by = channel or next(iter(ways), "")
    return marks[1 + ways.index(by)] if by in ways and len(marks) > 1 + ways.index(by) else ""
