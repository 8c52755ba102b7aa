"""All letters that leave the house, with made-up facts, in both languages: to be read before anybody gets
them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from lofte.accounts.roles import Permission
from lofte.console import words
from lofte.console.allowed import acting, allowed, at_work
from lofte.console.preview import Letter, letters
from lofte.console.words import Words
from lofte.execution.house import House
from lofte.law.clock import Because, Waits
from lofte.law.rights import Right
from lofte.law.wording import Wording
from lofte.mail.letters import letter
from lofte.mail.templates import TEMPLATES
from lofte.plan import asking, extension, refusal
from lofte.plan.words import say_date
from lofte.policy.parts import Text
from lofte.requests.course.refuse import Ground

NUMBER = "2026-000123"
_WHEN: Mapping[str, Words] = {
    "received": lazy("A wish came in by the portal"),
    "code": lazy("Somebody shows who they are, by e-mail"),
    "code_text": lazy("Somebody shows who they are, by text message"),
    "code_letter": lazy("A code by letter"),
    "withdrawn": lazy("The person has taken a wish back"),
    "news": lazy("Something has happened in the case"),
    "fetch": lazy("The answer may be fetched"),
    "supplement": lazy("A supplement may be fetched"),
    "deadline": lazy("To us: the time of a request runs out"),
    "deadlines": lazy("To us: the time of several requests runs out"),
    "extension": lazy("The time is extended"),
    "refusal": lazy("A request is refused"),
    "asking-identity": lazy("The person is asked who they are"),
    "asking-scope": lazy("The person is asked what they mean"),
    "checkpoint": lazy("To us: how far the ledger had come"),
    "confirm": lazy("Somebody has said yes, and is asked whether it was they"),
}
_SAID: Mapping[str, Wording] = {
    "right": Wording(sv="registerutdrag", en="access"),
    "requests": Wording(sv="- registerutdrag (2026-000123)", en="- access (2026-000123)"),
    "next": Wording(
        sv="Visa vem du är, så går det vidare av sig självt.",
        en="Show who you are, and it goes on by itself.",
    ),
    "left": Wording(sv="3 dagar kvar", en="3 days left"),
    "words": Wording(sv="Ja, jag vill ha nyhetsbrevet.", en="Yes, I want the newsletter."),
    "why": Wording(
        sv="(Här står det som handläggaren skriver.)", en="(Here stand the words of the handler.)"
    ),
}
_ALWAYS = {"number": NUMBER, "code": "418 305", "minutes": "10", "times": "3", "many": "2"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A letter of the gallery."""

    id: str
    when: Words
    version: int
    by_mail: bool
    letters: tuple[Letter, ...]


@require_safe
@allowed(Permission.SEE_REQUESTS)
@acting("requests")
def page(request: HttpRequest) -> HttpResponseBase:
    """Each letter with its version, the language of the reader first."""
    house, first = at_work().house, get_language() or "sv"
    shown = [*_mails(house, first), *_texts(house, first)]
    return render(request, "console/gallery.html", {"here": "watch", "shown": shown})


def _mails(house: House, first: str) -> Iterator[Shown]:
    for name, template in TEMPLATES.items():
        said = {code: _mail(house, name, code, template.places) for code in ("sv", "en")}
        yield Shown(
            id=name,
            when=_WHEN.get(name, name),
            version=template.version,
            by_mail=True,
            letters=_both(said, first),
        )


def _mail(house: House, name: str, code: str, places: frozenset[str]) -> str:
    later = house.today + timedelta(days=7)
    today, soon = say_date(house.today).say(code), say_date(later).say(code)
    days = {"day": today, "until": soon, "due": soon}
    known = _ALWAYS | days | {key: text.say(code) for key, text in _SAID.items()}
    of_the_house = {"company", "authority", "authority_url", "portal"}
    facts = {place: known.get(place, "…") for place in places - of_the_house}
    written = letter(house, name, code, **facts)
    return f"{written.subject}\n\n{written.body}"


def _texts(house: House, first: str) -> Iterator[Shown]:
    """Those that a handler sends, by the words that depend on what was decided."""
    why = Text(sv=_SAID["why"].sv, en=_SAID["why"].en)
    policy, day = house.policy, house.today
    for code, name in words.GROUNDS.items():
        if code in set(Ground):
            made = {
                language: refusal.letter(
                    policy,
                    number=NUMBER,
                    right=Right.ACCESS,
                    received=day,
                    ground=code,
                    why=why.say(language),
                ).say(language)
                for language in ("sv", "en")
            }
            yield _text(f"refusal-{code}", name, refusal.VERSION, made, first)
    made = {
        language: extension.letter(
            policy,
            number=NUMBER,
            right=Right.ACCESS,
            received=day,
            due=day + timedelta(days=61),
            because=Because.COMPLEX,
            why=why.say(language),
        ).say(language)
        for language in ("sv", "en")
    }
    yield _text("extension", _WHEN["extension"], extension.VERSION, made, first)
    for waits in Waits:
        made = {
            language: asking.letter(
                policy, number=NUMBER, right=Right.ACCESS, received=day, waits=waits, why=why.say(language)
            ).say(language)
            for language in ("sv", "en")
        }
        yield _text(f"asking-{waits.value}", _WHEN[f"asking-{waits.value}"], asking.VERSION, made, first)


def _text(id_: str, when: Words, version: int, made: Mapping[str, str], first: str) -> Shown:
    return Shown(id=id_, when=when, version=version, by_mail=False, letters=_both(made, first))


def _both(said: Mapping[str, str], first: str) -> tuple[Letter, ...]:
    """Both languages, that of the reader first; none of them is anybody's."""
    return tuple(replace(each, goes=False) for each in letters(said, first))
