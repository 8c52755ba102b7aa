"""All that a visitor is shown when asked about cookies, made from the policy and the language alone.

The same policy and language give the same bytes, so what somebody saw can be made again and proven by
its hash (art. 7.1).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lofte.fault import Fault, Place
from lofte.policy import period
from lofte.policy.cookies import vendors
from lofte.policy.cookies.words import KINDS, OTHERS, OURS, SESSION, WORDS
from lofte.policy.document import Cookie, Cookies, Language, Policy
from lofte.policy.notice.periods import span
from lofte.policy.notice.words import listed

FORM = 1
"""Version of the form of what is shown."""
DESIGN = 1
"""Version of the design: colours, sizes and places in the banner. It grows when one of them changes."""
ORDER = ("reject", "accept", "choose")
"""The buttons of the first layer; the first two are alike in size and colour."""
NAME = "consent"
LONGEST_DAYS = 400
"""Browsers keep no cookie for longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What is shown, in one language, and the two digests of it."""

    language: Language
    version: str
    edition: str
    """What can be consented to, in no language: a choice counts for one edition only."""
    sha: str
    """`notice_sha256`: all that is shown."""
    snapshot: bytes
    """The canonical JSON that `sha` is the digest of."""
    body: Mapping[str, Any]
    """The snapshot as data."""

    def config(self, *, post: str = "/privacy/consent", page: str = "/privacy/cookies") -> dict[str, Any]:
        """What the banner reads: what is shown, and where the server and the plain page are. An empty
        `post` is a site without a server."""
        told = {key: self.body[key] for key in ("name", "days", "purposes", "texts")}
        about = {key: self.body[key] for key in ("v", "site", "version", "edition", "lang")}
        return {"about": {**about, "sha": self.sha}, **told, "post": post, "page": page}

    @property
    def purposes(self) -> tuple[str, ...]:
        """The ids of what can be chosen."""
        return tuple(p["id"] for p in self.body["purposes"] if p["vendors"])

    @property
    def vendors(self) -> Mapping[str, str]:
        """Vendor -> its purpose. Who serves several purposes has one id for each."""
        return {v["id"]: p["id"] for p in self.body["purposes"] for v in p["vendors"]}


def shown(policy: Policy, language: Language) -> Shown | Fault:
    """What the banner of this policy shows, or why there is none to show (C001-C004)."""
    terms = policy.cookies
    if terms is None or terms.consent == "none_needed":
        return _fault("C001", "the policy asks for no consent to cookies", "No banner is needed.")
    if isinstance(terms.table, str) or not terms.table:
        return _fault(
            "C002",
            "the cookie table is not written out",
            "List each cookie with name, purpose, provider and lifetime.",
            "cookies.table",
        )
    days = _days(terms)
    if isinstance(days, Fault):
        return days
    named = vendors.ids((c.purpose, c.provider) for c in terms.table if c.purpose != "necessary")
    if not named:
        return _fault("C001", "the policy has only necessary cookies", "No banner is needed.")
    if not vendors.fit(named.values()):
        return _fault(
            "C004",
            f"{len(named)} vendors do not fit in the cookie that remembers the choice",
            f"It holds {vendors.ROOM} bytes, about fifty vendors. Fewer are better for the visitor, too.",
            "cookies.table",
        )
    told = _purposes(policy, terms.table, named, language)
    edition = _edition(terms.table, named)
    body: dict[str, Any] = {
        "v": FORM,
        "design": DESIGN,
        "site": policy.meta.id,
        "version": policy.meta.version,
        "edition": edition,
        "lang": language,
        "name": terms.choice or NAME,
        "days": days,
        "order": list(ORDER),
        "purposes": told,
        "texts": _texts(told, language),
    }
    snapshot = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Shown(
        language=language,
        version=policy.meta.version,
        edition=edition,
        sha=hashlib.sha256(snapshot).hexdigest(),
        snapshot=snapshot,
        body=body,
    )


def _fault(number: str, what: str, mend: str, path: str = "cookies") -> Fault:
    return Fault(number=number, place=Place(file="policy.yaml", path=path), what=what, mend=mend)


def _days(terms: Cookies) -> int | Fault:
    read = period.parse(terms.consent_max_age)
    if isinstance(read, Fault):
        return read.at(Place(file="policy.yaml", path="cookies.consent_max_age"))
    days = read.years * 365 + read.months * 365 // 12 + read.weeks * 7 + read.days
    if not 1 <= days <= LONGEST_DAYS:
        return _fault(
            "C003",
            f"a choice cannot be remembered for {days} days",
            f"Say between P1D and P{LONGEST_DAYS}D; browsers keep nothing longer.",
            "cookies.consent_max_age",
        )
    return days


def _purposes(
    policy: Policy, table: Sequence[Cookie], named: Mapping[tuple[str, str], str], language: Language
) -> list[dict[str, Any]]:
    ours = {
        vendors.slug(name) for name in (policy.controller.trade_name, policy.controller.legal_name) if name
    }
    told = []
    for kind, (name, text) in KINDS.items():
        cookies = [c for c in table if c.purpose == kind]
        if not cookies and kind != "necessary":
            continue
        providers = dict.fromkeys(c.provider for c in cookies if kind != "necessary")
        told.append(
            {
                "id": kind,
                "name": name.say(language),
                "text": text.say(language),
                "vendors": [_vendor(p, named[kind, p], cookies, ours, language) for p in providers],
            }
        )
    return told


def _vendor(
    provider: str, id_: str, cookies: Sequence[Cookie], ours: set[str], language: Language
) -> dict[str, Any]:
    who = OURS if vendors.slug(provider) in ours else OTHERS
    return {
        "id": id_,
        "name": provider,
        "who": f"{provider} ({who.say(language)})",
        "cookies": [[c.name, _told(c, language)] for c in cookies if c.provider == provider],
    }


def _told(cookie: Cookie, language: Language) -> str:
    lives = _lifetime(cookie.lifetime, language)
    return f"{cookie.text.say(language)}, {lives}" if cookie.text else lives


def _lifetime(lifetime: str, language: Language) -> str:
    return SESSION.say(language) if lifetime == "session" else span(lifetime, language)


def _texts(told: Sequence[Mapping[str, Any]], language: Language) -> dict[str, str]:
    kinds = listed([p["name"].lower() for p in told if p["vendors"]], language)
    texts = {key: text.say(language) for key, text in WORDS.items()}
    return {**texts, "text": texts["text"].format(kinds=kinds)}


def _edition(table: Sequence[Cookie], named: Mapping[tuple[str, str], str]) -> str:
    """What is consented to, as the policy has it: no words of any language are part of it."""
    what = sorted(
        [c.purpose, named[c.purpose, c.provider], c.provider, c.name, c.lifetime]
        for c in table
        if c.purpose != "necessary"
    )
    digest = hashlib.sha256(json.dumps(what, separators=(",", ":")).encode()).digest()
    return base64.b32encode(digest)[:8].decode().lower()
