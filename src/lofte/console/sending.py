"""What an act of a handler's will send, shown before it is done: each letter in the person's language, with
the template and the version that it is written from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lofte.console.allowed import at_work
from lofte.console.words import Words
from lofte.law.calendar import civil_date
from lofte.law.clock import Because, Waits
from lofte.mail.letters import letter
from lofte.plan import asking, extension, refusal
from lofte.plan.words import say_date
from lofte.policy.parts import Text
from lofte.requests.answer.deliver import KEPT
from lofte.requests.answer.fetch import TIMES
from lofte.requests.course.refuse import Ground, refusal_words
from lofte.requests.course.ticking import asking_words, extension_words
from lofte.requests.models import Passed, Request

BY_MAIL: Words = lazy("By e-mail, to what the person has proven is theirs")
BY_HAND: Words = lazy("You send it: the text stands on the request, ready to copy")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A letter that an act will send."""

    how: Words
    template: str
    version: int
    language: str
    subject: str
    text: str


def released(request: Request) -> tuple[Sent, ...]:
    """What letting the person fetch the answer sends."""
    return tuple(_mail(request, "fetch", until=_until(request.language), times=str(TIMES)))


def supplemented(request: Request) -> tuple[Sent, ...]:
    """What a supplement sends."""
    return tuple(_mail(request, "supplement", until=_until(request.language), times=str(TIMES)))


def refused(request: Request, ground: Ground, why: str) -> tuple[Sent, ...]:
    """What a refusal sends."""
    words = refusal_words(at_work().house, request, ground, why.strip())
    return (_text(request, "refusal", refusal.VERSION, words), *_news(request))


def extended(request: Request, months: int, because: Because, why: str) -> tuple[Sent, ...]:
    """What an extension sends. Raises as `ticking.extend`."""
    words = extension_words(at_work().house, request, months, because, why.strip())
    return (_text(request, "extension", extension.VERSION, words), *_news(request))


def asked(request: Request, waits: Waits, why: str) -> tuple[Sent, ...]:
    """What stopping the clock sends."""
    words = asking_words(at_work().house, request, waits, why.strip())
    return (_text(request, f"asking_{waits.value}", asking.VERSION, words), *_news(request))


def _until(language: str) -> str:
    return say_date(civil_date(at_work().house.now + KEPT)).say(language)


def _news(request: Request) -> Iterator[Sent]:
    return _mail(request, "news")


def _mail(request: Request, name: str, **facts: str) -> Iterator[Sent]:
    """The e-mail, where the person has a contact that it goes to."""
    if not Passed.objects.filter(challenge__case=request.case_id).exists():
        return
    said = letter(at_work().house, name, request.language, number=request.number, **facts)
    yield Sent(
        how=BY_MAIL,
        template=name,
        version=said.version,
        language=request.language,
        subject=said.subject,
        text=said.body,
    )


def _text(request: Request, name: str, version: int, words: Text) -> Sent:
    return Sent(
        how=BY_HAND,
        template=name,
        version=version,
        language=request.language,
        subject=_("Request %(number)s") % {"number": request.number},
        text=words.say("sv" if request.language == "sv" else "en"),
    )
