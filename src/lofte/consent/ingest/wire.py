"""What a browser sends when somebody has chosen, read and judged by hand: it is done for every choice.

Hard rules:
- What is not as `docs/reference/consent-wire.md` says is refused whole, with a word for why.
- A yes to something that we cannot show again is no yes. A no is always taken.
- Of the page we keep its path, and of that nothing that looks like somebody's address or number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from typing import Any

MOST = 2048
"""Bytes of a body."""
_MANY = 64
_LAST = 2**31 - 1
_LATEST = 2**53
ACTIONS = frozenset(("accept", "reject", "save", "withdraw", "gpc", "expire"))
SURFACES = frozenset(("banner", "dialog", "page", "placeholder", "api"))
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_TEXTS = itemgetter(
    *("site", "event", "version", "edition", "sha", "allow", "lang", "view", "action", "surface")
)
_FORM = re.compile(
    "\n".join(
        f"(?:{each})"
        for each in (
            _SLUG.pattern,
            r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
            r"[0-9A-Za-z.-]{1,40}",
            r"[a-z2-7]{8}",
            r"[0-9a-f]{64}",
            r"[a-z0-9_~-]{0,116}",
            r"sv|en",
            r"[sml]",
            "|".join(sorted(ACTIONS)),
            "|".join(sorted(SURFACES)),
        )
    ),
    re.ASCII,
)
"""The form of all texts at once, a line for each."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,44}", re.ASCII)
_PERSONAL = re.compile(r"@|%40|\d{5,}|[0-9a-fA-F]{16,}")
_END = re.compile("[?#]")
_KEYS = frozenset(
    (
        *("v", "site", "id", "event", "seq", "version", "edition", "sha", "action", "surface"),
        *("choices", "vendors", "allow", "lang", "path", "gpc", "at", "view"),
    )
)
_NO = frozenset(("reject", "withdraw", "gpc", "expire"))
"""Actions that say yes to nothing but what is necessary."""


class Why(StrEnum):
    """Why a choice is not recorded."""

    FORM = "form"
    """It is not as the document says. It will never do; the browser forgets it."""
    ID = "id"
    """We have not signed the id. The browser sends it again without one."""
    SHOWN = "shown"
    """A yes to something that we have never shown, or cannot show again. The browser asks anew."""
    ORIGIN = "origin"
    SIZE = "size"
    OFTEN = "often"
    STORE = "store"
    """It cannot be recorded now. The browser keeps it, and sends it later."""


class Unfit(Exception):
    """A choice that is not recorded, and why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A choice as it was sent, each part of the form that it must have."""

    site: str
    id: str | None
    event: str
    seq: int
    version: str
    edition: str
    sha: str
    action: str
    yes: frozenset[str]
    """What it is a yes to: ids of purposes and vendors, which are never alike."""
    allow: str
    """The same, as the cookie has it."""
    gpc: bool
    body: str
    """What else is recorded, as canonical JSON."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What somebody could choose from, when it was shown."""

    version: str
    edition: str
    vendors: Mapping[str, str]
    """Vendor -> its purpose."""
    purposes: frozenset[str]
    cookie: str = "consent"
    days: int = 365
    """How long the choice is remembered."""


def read(raw: bytes) -> Sent:
    """The choice in a body. Raises Unfit."""
    if len(raw) > MOST:
        raise Unfit(Why.SIZE)
    try:
        sent = _DECODE(raw.decode())
    except (ValueError, RecursionError):
        raise Unfit(Why.FORM) from None
    if type(sent) is not dict or sent.keys() != _KEYS or not _is_right(sent):
        raise Unfit(Why.FORM)
    said, vendors = _said(sent["choices"]), _said(sent["vendors"])
    if said.keys() & vendors.keys():
        raise Unfit(Why.FORM)
    return Sent(
        site=sent["site"],
        id=sent["id"],
        event=sent["event"],
        seq=sent["seq"],
        version=sent["version"],
        edition=sent["edition"],
        sha=sent["sha"],
        action=sent["action"],
        yes=frozenset([k for each in (said, vendors) for k, v in each.items() if v]),
        allow=sent["allow"],
        gpc=sent["gpc"],
        body=_canonical(sent, said, vendors),
    )


def judged(sent: Sent, offers: Mapping[str, Offer]) -> int:
    """To how many purposes and vendors it is a yes. Raises Unfit for a yes to what we cannot show, and for
    one that contradicts itself."""
    yes = sent.yes - {"necessary"}
    if (yes or sent.allow) and sent.action in _NO:
        raise Unfit(Why.FORM)
    if not yes:
        return 0
    offer = offers.get(sent.sha)
    if offer is None or (offer.version, offer.edition) != (sent.version, sent.edition):
        raise Unfit(Why.SHOWN)
    if not yes <= offer.purposes | offer.vendors.keys():
        raise Unfit(Why.SHOWN)
    if set(sent.allow.split("~")) != allowed(yes, offer):
        raise Unfit(Why.FORM)
    return len(yes)


def allowed(yes: frozenset[str], offer: Offer) -> set[str]:
    """What has a yes, as the cookie says it: purposes, and vendors in a purpose that has none. Raises Unfit
    where a purpose has a yes and one of its vendors not."""
    purposes = yes & offer.purposes
    if any(purpose in purposes and vendor not in yes for vendor, purpose in offer.vendors.items()):
        raise Unfit(Why.FORM)
    return {*purposes, *(v for v in yes - purposes if offer.vendors[v] not in purposes)}


def _is_right(sent: Mapping[str, Any]) -> bool:
    """Whether each part has its form; `choices` and `vendors` are read by themselves."""
    id_, seq, at, path = sent["id"], sent["seq"], sent["at"], sent["path"]
    try:
        texts = "\n".join(_TEXTS(sent))
    except TypeError:
        return False
    return (
        _FORM.fullmatch(texts) is not None
        and type(sent["v"]) is int
        and sent["v"] == 1
        and (id_ is None or (type(id_) is str and _ID.fullmatch(id_) is not None))
        and type(seq) is int
        and 1 <= seq <= _LAST
        and type(path) is str
        and len(path) <= 256
        and type(sent["gpc"]) is bool
        and type(at) is int
        and 0 <= at <= _LATEST
    )


def _said(value: Any) -> dict[str, int]:
    """What was chosen of each: 0 or 1."""
    if type(value) is not dict or len(value) > _MANY:
        raise Unfit(Why.FORM)
    for key, each in value.items():
        if not _SLUG.fullmatch(key) or type(each) is not int or each not in (0, 1):
            raise Unfit(Why.FORM)
    return value


def _canonical(sent: Mapping[str, Any], said: Mapping[str, int], vendors: Mapping[str, int]) -> str:
    """What is recorded beside the columns, as JSON that has one spelling: keys in order, no spaces, ASCII.
    What is put between quotation marks here has its form already; only the path can hold anything."""
    return (
        f'{{"action":"{sent["action"]}","at":{sent["at"]},"gpc":{"true" if sent["gpc"] else "false"},'
        f'"language":"{sent["lang"]}","path":{json.dumps(plain_path(sent["path"]))},'
        f'"purposes":{_listed(said)},"surface":"{sent["surface"]}","vendors":{_listed(vendors)},'
        f'"view":"{sent["view"]}"}}'
    )


def _listed(said: Mapping[str, int]) -> str:
    return "{" + ",".join([f'"{key}":{each}' for key, each in sorted(said.items())]) + "}"


_DECODE = json.JSONDecoder().decode


def plain_path(path: str) -> str:
    """The path of a page, without what comes after it; a part that looks like somebody's address, number or
    key is a star. What is no path is nothing."""
    path = _END.split(path, 1)[0]
    if not path.startswith("/") or not path.isprintable():
        return ""
    if not _PERSONAL.search(path):
        return path
    return "/".join("*" if _PERSONAL.search(part) else part for part in path.split("/"))
