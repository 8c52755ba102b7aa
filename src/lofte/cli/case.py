"""`lofte request receive|wait|go-on|extend|refuse`: a request before anything is searched, and its clock."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import (
    Channel,
    all_known_by,
    how_far,
    how_it_came,
    identities,
    package_language,
    today,
)
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _
from lofte.law.clock import Because, Waits
from lofte.law.rights import Right

if TYPE_CHECKING:
    from lofte.execution.house import House
    from lofte.law.clock import Clock
    from lofte.policy.parts import Text
    from lofte.requests.models import Request


class Refused(StrEnum):
    """The grounds on which a request may be refused as a whole."""

    UNIDENTIFIED = "unidentified"
    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    NOT_CONTROLLER = "not_controller"


def add_to(requests: typer.Typer) -> None:
    """The commands, among those of `lofte request`."""
    requests.command("receive", help=_("Write down what somebody asks; the time runs from now."))(receive)
    requests.command("protect", help=_("Note that the person of a request has a protected identity."))(
        protect
    )
    requests.command("wait", help=_("Stop the clock while the person is waited for (art. 12.6)."))(wait)
    requests.command("go-on", help=_("Let the clock go on: the person has answered."))(go_on)
    requests.command("extend", help=_("Take one or two months more, with the letter (art. 12.3)."))(extend)
    requests.command("refuse", help=_("Refuse a request, with the letter (art. 12.4)."))(refuse)


def _number() -> Any:
    return typer.Argument(metavar="NUMBER", help=_("The number of the request, as 2026-000123."))


def _why(says: str) -> Any:
    return typer.Option(metavar="WHY", help=says)


def receive(
    ctx: typer.Context,
    right: Annotated[Right, typer.Argument(help=_("What the person asks."))],
    identity: Annotated[list[str], all_known_by()],
    channel: Annotated[Channel, how_it_came()] = Channel.VISIT,
    answer_in: Annotated[str, package_language()] = "",
    scope: Annotated[list[str] | None, how_far()] = None,
) -> None:
    """Write down what somebody asks, before it is known who they are; the time runs from now."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import signed, working

    given = told(ctx)
    shown = identities(identity, today())
    at_work = working(given)
    from lofte.requests.course.receive import receive as receives

    made = receives(
        at_work.house,
        right=right,
        identities=shown,
        channel=channel.value,
        language=answer_in or at_work.house.policy.meta.record_language,
        by=signed(given.by),
        scope=scope or (),
    )
    if given.json:
        told_ = {"number": made.number, "right": made.right, "due_on": made.due_on.isoformat()}
        say_json({**told_, "scope": made.scope})
        return
    words = _("request {number} is received; the answer is due by {day}")
    say(sentence(words.format(number=made.number, day=made.due_on)))


def protect(
    ctx: typer.Context,
    number: Annotated[str, _number()],
    off: Annotated[bool, typer.Option("--off", help=_("It is not so, or no longer."))] = False,
) -> None:
    """Note that the person of a request has a protected identity: from now on nothing goes to a contact that
    we have, and the portal opens nothing."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.words import language as spoken
    from lofte.cli.working import asked_as, may, working

    given = told(ctx)
    house = working(given).house
    from lofte.accounts.roles import Permission
    from lofte.errors import Refused as NotDone
    from lofte.requests.door import protected

    request, by = asked_as(number), may(given.by, Permission.IDENTIFY_SUBJECT)
    if request.case is None:
        raise NotDone("this request was taken in before cases were kept; nothing of it is sent by the house")
    protected.protect(house, request.case, by, on=not off)
    if given.json:
        say_json({"number": number, "protected": not off})
    elif off:
        say(sentence(_("{number} is not noted as protected any more").format(number=number)))
    else:
        say(sentence(_("{number} is noted as protected").format(number=number)))
        say(protected.POSTING.say(spoken()))


def wait(
    ctx: typer.Context,
    number: Annotated[str, _number()],
    why: Annotated[str, _why(_("What the person was asked for, and why; kept sealed."))],
    for_: Annotated[Waits, typer.Option("--for", help=_("What is waited for."))] = Waits.IDENTITY,
) -> None:
    """Stop the clock of a request while the person is waited for (art. 12.6)."""
    given, house, request, by = _at(ctx, number)
    from lofte.requests.course import ticking

    clock = ticking.wait(house, request, for_, why=why, by=by)
    _tell(
        given, number, clock, _("the clock of {number} stands still; as of today the answer is due by {day}")
    )


def go_on(
    ctx: typer.Context,
    number: Annotated[str, _number()],
    scope: Annotated[list[str] | None, how_far()] = None,
) -> None:
    """Let the clock of a request go on: the person has answered, and may have said how far they ask."""
    given, house, request, by = _at(ctx, number)
    from lofte.requests.course import ticking
    from lofte.requests.course.scoped import scoped

    if scope:
        clock = ticking.clock_of(scoped(house, request, scope, by=by))
    else:
        clock = ticking.go_on(house, request, by=by)
    _tell(given, number, clock, _("the clock of {number} goes on; the answer is due by {day}"))


def extend(
    ctx: typer.Context,
    number: Annotated[str, _number()],
    why: Annotated[str, _why(_("The reasons, as the person is told them."))],
    because: Annotated[Because, typer.Option(help=_("Whether it is complex, or there are many."))],
    months: Annotated[int, typer.Option(min=1, max=2, help=_("How many months more."))] = 2,
) -> None:
    """Take one or two months more, and write the letter about it; send it within the first (art. 12.3)."""
    given, house, request, by = _at(ctx, number)
    from lofte.requests.course import ticking

    clock, letter = ticking.extend(house, request, months=months, because=because, why=why, by=by)
    words = _("the time of {number} is extended; the answer is due by {day}. Send this letter now:")
    _tell(given, number, clock, words, letter=letter, language=request.language)


def refuse(
    ctx: typer.Context,
    number: Annotated[str, _number()],
    ground: Annotated[Refused, typer.Option(help=_("The ground of the law (art. 12.2, 12.5)."))],
    why: Annotated[str, _why(_("The reasons, as the person is told them."))] = "",
) -> None:
    """Refuse a request, and write the letter about it, with where to complain (art. 12.4)."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import asked_as, may, working

    given = told(ctx)
    house = working(given).house
    from lofte.accounts.roles import Permission
    from lofte.requests.course import refuse as refusing

    request, by = asked_as(number), may(given.by, Permission.REFUSE_REQUEST)
    refusing.refuse(house, request, ground=refusing.Ground(ground.value), why=why, by=by)
    letter = refusing.refusal_letter(house, request)
    text = letter.say(request.language) if letter else ""
    if given.json:
        say_json({"number": number, "state": request.state, "letter": text})
        return
    say(sentence(_("request {number} is refused. Send this letter now:").format(number=number)))
    say(text)


def _at(ctx: typer.Context, number: str) -> tuple[Told, House, Request, str]:
    """What was said for all commands, the open house, the request, and who does it."""
    from lofte.cli.working import asked_as, may, working

    given = told(ctx)
    house = working(given).house
    from lofte.accounts.roles import Permission

    return given, house, asked_as(number), may(given.by, Permission.FULFIL_REQUEST)


def _tell(
    given: Told, number: str, clock: Clock, words: str, *, letter: Text | None = None, language: str = "sv"
) -> None:
    from lofte.cli.screen import say, say_json, sentence

    day, text = clock.due(today()).isoformat(), letter.say(language) if letter else ""
    if given.json:
        plain = {"number": number, "due_on": day, "unstopped": clock.unstopped.isoformat()}
        say_json(plain | ({"letter": text} if text else {}))
        return
    say(sentence(words.format(number=number, day=day)))
    if text:
        say(text)
