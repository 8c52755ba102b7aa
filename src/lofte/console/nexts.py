"""What may be done with a request now, by whoever looks at it, and what marks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.console import codes
from lofte.console.deadline import Tone
from lofte.console.proposals import waiting_for
from lofte.console.words import Face, Words
from lofte.requests.answer.fetch import waiting
from lofte.requests.answer.release import known_in_the_portal
from lofte.requests.course import order as ordering
from lofte.requests.course import ticking
from lofte.requests.course.propose import open_proposal
from lofte.requests.course.protected import is_protected
from lofte.requests.course.roads import State
from lofte.requests.course.scoped import waits_for_scope
from lofte.requests.course.seconded import What
from lofte.requests.models import Request

_REFUSAL, _EXTENSION = lazy("Refusal proposed"), lazy("Extension proposed")
_CODE = lazy("Give a code by letter or call")
_MENTIONS = lazy("Look at rows that name or mention somebody")


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """Something that may be done with a request now, by whoever looks."""

    name: str
    address: str
    at_once: bool = False
    """Done by the button itself; else it leads to a page that asks."""
    main: bool = False
    """What is next, for most."""


def nexts(request: Request, who: Handler) -> tuple[Next, ...]:
    """What this handler may do with it now, the most usual first. What an erasure needs stands with it."""
    state, clock = State(request.state), ticking.clock_of(request)
    if not state.open:
        return (*_afterwards(request, who), *_codes(request, who))
    searched = request.right in ordering.SEARCHED and state is State.IDENTIFIED
    works = who.may(Permission.FULFIL_REQUEST)
    offered: tuple[tuple[bool, str, Words, bool], ...] = (
        (waiting_for(request, who), "proposal", lazy("Decide on a proposal"), False),
        (
            state is State.RECEIVED and who.may(Permission.IDENTIFY_SUBJECT),
            "identify", lazy("Note who is asking"), False,
        ),
        (codes.offered(request, who), "code", _CODE, False),
        (
            searched and works and ordering.open_order(request) is None,
            "search", lazy("Search the systems"), True,
        ),
        (
            state is State.READY and works and known_in_the_portal(request),
            "release", lazy("Let the person fetch it"), False,
        ),
        (
            state is State.READY and works and request.mentions.exists(),
            "mentions", _MENTIONS, False,
        ),
        (state is State.READY and works, "handed-over", lazy("The person has got it"), False),
        (works or who.may(Permission.IDENTIFY_SUBJECT), "who", lazy("Show who it is about"), True),
        (clock.stopped is None and works, "wait", lazy("Stop the clock"), False),
        (waits_for_scope(request) and works, "scope", lazy("Note what the person means"), False),
        (clock.stopped is not None and works, "go-on", lazy("The person has answered"), True),
        (clock.months == 1 and works, "extend", lazy("Extend the time"), False),
        (
            state is not State.READY and (works or who.may(Permission.REFUSE_REQUEST)),
            "refuse",
            lazy("Refuse") if who.may(Permission.REFUSE_REQUEST) else lazy("Propose to refuse"), False,
        ),
    )  # fmt: skip
    return tuple(
        Next(
            name=str(name),
            address=reverse(f"console:{page}", args=[request.number]),
            at_once=at_once,
            main=page in ("proposal", "identify", "scope", "search", "release"),
        )
        for shown, page, name, at_once in offered
        if shown
    )


def _codes(request: Request, who: Handler) -> Iterator[Next]:
    """A code by hand, for an answer that asks for more proof than was shown."""
    if codes.offered(request, who):
        yield Next(name=str(_CODE), address=reverse("console:code", args=[request.number]))


def _afterwards(request: Request, who: Handler) -> tuple[Next, ...]:
    """What may be done with one that is answered: what was not fetched in time is made anew, and rows that
    nobody had looked at come as a supplement."""
    if not request.key or not who.may(Permission.FULFIL_REQUEST):
        return ()
    there, number = waiting(request, timezone.now()), request.number
    offered = (
        (
            there is not None and there.over,
            Next(
                name=_("Make the answer anew"),
                address=reverse("console:reissue", args=[number]),
                at_once=True,
            ),
        ),
        (
            State(request.state) is State.DELIVERED and request.mentions.exists(),
            Next(name=str(_MENTIONS), address=reverse("console:mentions", args=[number])),
        ),
    )
    return tuple(each for shown, each in offered if shown)


def marks(request: Request) -> tuple[Face, ...]:
    """What stands beside the state: a proposal that waits, a protected identity."""
    return tuple(_marks(request))


def _marks(request: Request) -> Iterator[Face]:
    there = open_proposal(request)
    if there is not None:
        name = _REFUSAL if there.what == What.REFUSAL else _EXTENSION
        yield Face(name=name, tone=Tone.SOON, sign="clock", meaning=lazy("Another person decides on it."))
    if is_protected(request.case_id):
        meaning = lazy("Nothing is sent to a contact that we have.")
        yield Face(name=lazy("Protected identity"), tone=Tone.LATE, sign="alert", meaning=meaning)
