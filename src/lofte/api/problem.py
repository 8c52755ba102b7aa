"""What went wrong, told to a program (RFC 9457): type, title, status, detail, where, and how to mend it.

Hard rules:
- Nothing that was sent is told back, and nothing of how it broke here: no value, no trace.
- A sentence of ours is what happened; a semicolon; the mend.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from lofte.errors import (
    Ambiguous,
    Broken,
    Conflict,
    FaultsFound,
    LedgerClosed,
    LofteError,
    NotIdentified,
    Refused,
    Unreachable,
)
from lofte.fault import Fault

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("lofte.api")


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """A place in what was sent, and what is wrong there."""

    at: str
    what: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem; its `type` is a URN that never changes."""

    name: str
    title: str
    status: int

    @property
    def type(self) -> str:
        """As it stands in the answer."""
        return f"urn:lofte:problem:{self.name}"


MALFORMED = Kind("malformed", "The question cannot be read", 400)
NO_TOKEN = Kind("no-token", "No token, or one that does not hold", 401)
BAD_SIGNATURE = Kind("bad-signature", "The signature does not hold", 401)
SCOPE = Kind("scope", "The token may not do this", 403)
NOT_THERE = Kind("not-there", "There is no such thing", 404)
METHOD = Kind("method", "This address does not take that method", 405)
CONFLICT = Kind("conflict", "It has changed, or is under way", 409)
AMBIGUOUS = Kind("ambiguous", "More than one person answers to this", 409)
UNDER_WAY = Kind("under-way", "The same question is being answered", 409)
TOO_LARGE = Kind("too-large", "The body is too large", 413)
MEDIA = Kind("media-type", "The body is not JSON", 415)
INVALID = Kind("invalid", "Something in it will not do", 422)
REFUSED = Kind("refused", "The law or the house forbids this", 422)
NOT_IDENTIFIED = Kind("not-identified", "It is not known well enough who is asking", 422)
KEY_REUSED = Kind("key-reused", "The Idempotency-Key was used for something else", 422)
TOO_MANY = Kind("too-many", "Too many questions", 429)
BROKEN = Kind("broken", "Something is wrong here", 500)
CLOSED = Kind("closed", "Nothing can be done now", 503)

KINDS: tuple[Kind, ...] = (
    MALFORMED, NO_TOKEN, BAD_SIGNATURE, SCOPE, NOT_THERE, METHOD, CONFLICT, AMBIGUOUS, UNDER_WAY, TOO_LARGE,
    MEDIA, INVALID, REFUSED, NOT_IDENTIFIED, KEY_REUSED, TOO_MANY, BROKEN, CLOSED,
)  # fmt: skip


class Problem(Exception):
    """Stops the answer; the program is told this instead."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        mend: str = "",
        where: Iterable[Where] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind.name)
        self.kind, self.detail, self.mend = kind, detail, mend
        self.where, self.headers = tuple(where), dict(headers or {})

    def answer(self) -> HttpResponse:
        """As it is sent."""
        said: dict[str, Any] = {
            "type": self.kind.type,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        if self.mend:
            said["mend"] = self.mend
        if self.where:
            said["where"] = [
                {"at": each.at, "what": each.what, **({"mend": each.mend} if each.mend else {})}
                for each in self.where
            ]
        answer = HttpResponse(
            json.dumps(said, ensure_ascii=False), status=self.kind.status, content_type=MEDIA_TYPE
        )
        for name, value in self.headers.items():
            answer[name] = value
        return answer


def of_error(error: LofteError) -> Problem:
    """What a program is told of this."""
    for of, kind in _BY_ERROR:
        if isinstance(error, of):
            if kind in (BROKEN, CLOSED):
                _log.error("%s: %s", type(error).__name__, error)
                return Problem(kind, _CLOSED_SAID.get(of, _BROKEN_SAID), mend=_TRY_LATER)
            what, _, mend = str(error).partition("; ")
            return Problem(kind, _sentence(what), mend=_sentence(mend))
    raise AssertionError("every error of the house is a kind of problem")


def of_faults(faults: Iterable[Fault]) -> Problem:
    """What a program is told of these: each at its place."""
    where = [
        Where(at=each.place.path or "body", what=f"{each.number} {each.what}", mend=each.mend)
        for each in faults
    ]
    return Problem(INVALID, "What was sent cannot be used.", where=where)


def of_crash(error: Exception) -> Problem:
    """What a program is told of what nobody thought of. The log says what it was, without its words."""
    _log.error("a question to the API broke: %s", type(error).__name__, exc_info=_traced(error))
    return Problem(BROKEN, _BROKEN_SAID, mend=_TRY_LATER)


def _traced(error: Exception) -> Exception:
    """Where it broke; its words may be somebody's."""
    silent: Exception = type(type(error).__name__, (Exception,), {})()
    return silent.with_traceback(error.__traceback__)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words and words[-1] not in ".!?" else words


_BROKEN_SAID = "Something went wrong, and nothing more was done."
_TRY_LATER = "Try again later; if it stays, those who run this installation find more in its log."
_CLOSED_SAID: Mapping[type[LofteError], str] = {
    FaultsFound: "The workspace has faults, so nothing is done.",
    LedgerClosed: "The ledger cannot be written, so nothing is done.",
    Unreachable: "A system does not answer.",
}
_BY_ERROR: tuple[tuple[type[LofteError], Kind], ...] = (
    (FaultsFound, CLOSED),
    (LedgerClosed, CLOSED),
    (Unreachable, CLOSED),
    (Broken, BROKEN),
    (Conflict, CONFLICT),
    (Ambiguous, AMBIGUOUS),
    (NotIdentified, NOT_IDENTIFIED),
    (Refused, REFUSED),
    (LofteError, BROKEN),
)
