"""Texts that those who work here have written once, to be put into many letters.

Hard rules:
- A text holds no personal data: what looks like an address, a number or a whole name is refused. What is the
  person's is filled in where the text is used, from a closed list of places.
- A text that is changed is a new version; none is lost, and what was sent says itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lofte.detect.names import propose
from lofte.detect.text import scan_text
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan.words import say_date
from lofte.requests import sealing
from lofte.requests.models import Request, TextTemplate

LANGUAGES = ("sv", "en")
LONGEST = 4000
LONGEST_NAME = 60
_PLACE = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Worded:
    """A text in use: its name, and what it says in its newest version."""

    name: str
    language: str
    words: str
    version: int


def write(house: House, *, name: str, language: str, words: str, by: str, after: int = 0) -> Worded:
    """Write a text, or a new version of the one with this name; `after` is the version that was read. Raises
    Refused with what is wrong in it, Conflict when somebody has written a version since."""
    name, words = name.strip(), words.strip()
    _insist_fit(house, name, language, words)
    return _saved(house, name, language, words, by=by, after=after)


def take_out(house: House, *, name: str, language: str, by: str) -> None:
    """Take a text out of use; its versions stay. Raises Conflict when it is not in use."""
    there = next((each for each in in_use(language) if each.name == name), None)
    if there is None:
        raise Conflict("this text is not in use any more; look at the list again")
    _saved(house, name, language, "", by=by, after=there.version)


def in_use(language: str = "") -> tuple[Worded, ...]:
    """The texts in use, by name, in one language or in all."""
    found = TextTemplate.objects.filter(**({"language": language} if language else {}))
    newest: dict[tuple[str, str], TextTemplate] = {}
    for each in found.order_by("name", "language", "version"):
        newest[(each.name, each.language)] = each
    return tuple(
        Worded(name=each.name, language=each.language, words=each.words, version=each.version)
        for each in newest.values()
        if each.words
    )


def places(house: House, request: Request) -> Mapping[str, str]:
    """What may be filled in, for this request, in the person's language."""
    policy, language = house.policy, request.language
    return {
        "number": request.number,
        "due_on": say_date(request.due_on).say(language),
        "right": Right(request.right).name_in("sv" if language == "sv" else "en").lower(),
        "company": policy.controller.trade_name or policy.controller.legal_name or "",
    }


PLACES = ("number", "due_on", "right", "company")


def filled(house: House, request: Request, text: Worded) -> str:
    """What a text says in this request."""
    facts = places(house, request)
    return _PLACE.sub(lambda match: facts[match[1]], text.words)


def _insist_fit(house: House, name: str, language: str, words: str) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"give the text a name, of at most {LONGEST_NAME} letters")
    if language not in LANGUAGES:
        raise Refused("choose the language of the text: sv or en")
    if not words or len(words) > LONGEST:
        raise Refused(f"write the text, of at most {LONGEST} letters")
    for match in _PLACE.finditer(words):
        if match[1] not in PLACES:
            known = ", ".join(f"{{{place}}}" for place in PLACES)
            raise Refused(f"there is no place called {match[0]}; those that may be filled in are {known}")
    if _BRACE.search(_PLACE.sub("", words)):
        raise Refused("a brace stands alone in the text; write a place as {number}")
    said = f"{name}\n{_PLACE.sub('', words)}"
    whole = [each for each in propose(said) if " " in each]
    if whole or scan_text(said, house.today):
        raise Refused("the text holds what looks like somebody's name, address or number; take it out")


def _saved(house: House, name: str, language: str, words: str, *, by: str, after: int) -> Worded:
    with recorded(house):
        last = TextTemplate.objects.select_for_update().filter(name=name, language=language)
        newest = last.order_by("-version").first()
        version = newest.version if newest else 0
        if version != after and not (newest and not newest.words):
            raise Conflict("somebody has written this text since; read it again")
        made = TextTemplate.objects.create(
            name=name, language=language, words=words, version=version + 1, by=by, at=house.now
        )
        ref = sealing.keyed(house.keys.lookup, "text", language, name)[:32]
        kind = Kind.TEXT_WRITTEN if words else Kind.TEXT_TAKEN_OUT
        said: dict[str, Value] = {"version": made.version, "by": by}
        note(kind, ref, said, at=house.now, policy_version=house.policy_version)
    return Worded(name=name, language=language, words=words, version=made.version)
