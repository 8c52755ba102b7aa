"""Which pages may send us what visitors chose: the origins of each site.

The house's own address and the company's own pages, as the policy names them, are origins of the policy's
site. Further ones stand in `consent.yaml` of the workspace:

    consent: 1
    sites:
      norrsken: [https://www.norrsken.example, https://shop.norrsken.example]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from lofte.consent.ingest.wire import Offer
from lofte.errors import FaultsFound
from lofte.execution.house import House
from lofte.execution.written import document_of
from lofte.fault import Fault
from lofte.policy.document import Id, Part, Policy

FILE = "consent.yaml"


class SitesDocument(Part):
    """`consent.yaml`."""

    consent: int
    sites: dict[Id, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the way in goes by; made anew when policy or `consent.yaml` change."""

    sites: Mapping[str, frozenset[str]] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    site: str = ""
    """The policy's own."""
    cookie: str = "consent"
    """What the policy calls its cookie now."""


def origins(house: House, folder: Path) -> dict[str, frozenset[str]]:
    """The origins of each site. Raises FaultsFound for what is no origin (C010)."""
    found = {house.policy.meta.id: frozenset(_own(house))}
    if (folder / FILE).is_file():
        reading, document = document_of(folder, FILE, SitesDocument)
        wrong = []
        for site, listed in document.sites.items():
            for number, written in enumerate(listed):
                if origin(written) != written:
                    wrong.append(_fault(reading.value_place(f"sites.{site}[{number}]")))
            found[site] = found.get(site, frozenset()) | frozenset(listed)
        if wrong:
            raise FaultsFound(wrong)
    return found


def origin(address: str) -> str | None:
    """The origin of an address, as browsers write it; None where it has none."""
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or not url.hostname:
        return None
    usual = {"http": 80, "https": 443}[url.scheme]
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    return f"{url.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def _own(house: House) -> Iterable[str]:
    named = (house.url, *_named(house.policy))
    return (found for address in named if address and (found := origin(address)))


def _named(policy: Policy) -> tuple[str | None, ...]:
    return (policy.meta.url, policy.controller.contact.url)


def _fault(place: object) -> Fault:
    from lofte.fault import Place

    assert isinstance(place, Place)
    what = "this is no origin: a scheme and a host, as a browser writes them"
    mend = "Write it as `https://www.norrsken.example`, with neither path nor slash at its end."
    return Fault(number="C010", place=place, what=what, mend=mend)
