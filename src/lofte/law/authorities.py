"""The supervisory authorities (art. 51, 77; LEK 2022:482)."""

from __future__ import annotations

from dataclasses import dataclass

from lofte.law.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class SupervisoryAuthority:
    """An authority, what it supervises, and how to reach it."""

    id: str
    name: Wording
    country: str
    url: str
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    supervises: Wording


IMY = SupervisoryAuthority(
    id="IMY",
    name=Wording(sv="Integritetsskyddsmyndigheten", en="Swedish Authority for Privacy Protection"),
    country="SE",
    url="https://www.imy.se/",
    email="imy@imy.se",
    phone="08-657 61 00",
    address="Box 8114, 104 20 Stockholm",
    supervises=Wording(sv="dataskyddsförordningen", en="the GDPR"),
)
"""Where the registered complain in Sweden (art. 77)."""

PTS = SupervisoryAuthority(
    id="PTS",
    name=Wording(sv="Post- och telestyrelsen", en="Swedish Post and Telecom Authority"),
    country="SE",
    url="https://www.pts.se/",
    supervises=Wording(sv="kakor enligt 9 kap. 28 § LEK", en="cookies under LEK 9:28"),
)
"""Who supervises storing and reading on terminals (LEK 9 kap. 28 §)."""

AUTHORITIES: dict[str, SupervisoryAuthority] = {a.id: a for a in (IMY, PTS)}
"""By the id a policy names them with."""
