"""By what people are known here: keyed digests of their addresses, and whose identity is protected."""

from __future__ import annotations

from collections.abc import Iterable

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity, canonical
from lofte.execution.house import House
from lofte.requests import sealing
from lofte.requests.course.protected import is_protected
from lofte.requests.models import Case, Identifier, Protected


def address_of(house: House, written: str) -> Identity | None:
    """The address, in the one way it is written here; None when it is none."""
    value = canonical(Kind.EMAIL, written.strip(), house.today)
    return None if value is None else Identity(kind=Kind.EMAIL, value=value)


def person(house: House, address: Identity) -> str:
    """By what the address is known again: HMAC under the house's lookup key."""
    return sealing.lookup(house.keys.lookup, address)


def protected_in_cases() -> frozenset[str]:
    """The addresses of those whose identity is noted as protected in a case of theirs."""
    cases = Case.objects.filter(pk__in=Protected.objects.values("case"))
    hidden = [case.pk for case in cases if is_protected(case)]
    found = Identifier.objects.filter(request__case__in=hidden, kind=Kind.EMAIL.value)
    return frozenset(found.values_list("lookup", flat=True))


def cases_of(people: Iterable[str]) -> list[str]:
    """The cases in which somebody has shown one of these addresses, by `Case.ref`."""
    found = Identifier.objects.filter(lookup__in=list(people), request__case__isnull=False)
    return list(found.values_list("request__case__ref", flat=True).distinct())
