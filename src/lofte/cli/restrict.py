"""`lofte request restrict` and `lofte restriction`: stored, and not used (art. 18)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lofte.cli.asked import (
    Channel,
    Sure,
    how_identified,
    how_it_came,
    how_surely,
    identities,
    reached_by,
    request_number,
    today,
)
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.cli.working import Working
    from lofte.consent.models import Restriction
    from lofte.errors import Unreachable


class Why(StrEnum):
    """The grounds of art. 18.1."""

    ACCURACY = "accuracy"
    UNLAWFUL = "unlawful"
    CLAIM = "claim"
    OBJECTION = "objection"


class What(StrEnum):
    """What the person has been told."""

    STOP = "stop"
    RELEASE = "release"


class Ends(StrEnum):
    """How it ends."""

    CORRECTED = "corrected"
    ESTABLISHED = "established"


def restrict(
    ctx: typer.Context,
    identity: Annotated[list[str], reached_by()],
    ground: Annotated[Why, typer.Option(help=_("Why: art. 18.1 a, b, c or d."))],
    identified_by: Annotated[str, how_identified()],
    purpose: Annotated[
        list[str] | None, typer.Option(metavar="ID", help=_("A purpose of the policy; none = all."))
    ] = None,
    sure: Annotated[Sure, how_surely("two_ways")] = Sure.TWO_WAYS,
    channel: Annotated[Channel, how_it_came()] = Channel.EMAIL,
) -> None:
    """Restrict the processing of a person's data (art. 18)."""
    from lofte.errors import Unreachable
    from lofte.law.rights import Right

    given = told(ctx)
    shown = identities(identity, today())
    from lofte.cli.working import working

    at_work = working(given)
    from lofte.consent import restrict as restrictions
    from lofte.plan.objection import known
    from lofte.plan.restriction import Ground

    house, purposes = at_work.house, purpose or []
    for id_ in purposes:
        known(house.policy, id_)
    request = at_work.identified(Right.RESTRICTION, shown, identified_by, sure.name, channel.value)
    because = Ground(ground.value)
    found = restrictions.restrict(house, shown, because, purposes, request=request.ref)
    silent: Unreachable | None = None
    try:
        restrictions.restrict(house, shown, because, purposes, connect=at_work.connect, request=request.ref)
    except Unreachable as error:
        silent = error
    if restrictions.stopped_by(house, found).told:
        _enforce(at_work, found, request.number)  # nobody is to be told before: it has stopped already
    _show(given, at_work, found, request.number, silent)


def has_been_told(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    what: Annotated[What, typer.Option(help=_("That the service stops, or that it will be released."))],
    channel: Annotated[Channel, typer.Option(help=_("How the person was told."))] = Channel.EMAIL,
) -> None:
    """Record that the person has been told (art. 18.3)."""
    from lofte.cli.working import signing, working
    from lofte.errors import Refused

    given = told(ctx)
    at_work = working(given)
    from lofte.consent.models import Notice
    from lofte.consent.restrict import tell

    restriction = restriction_of(number)
    notice = Notice.objects.filter(about=restriction.ref, what=what.value).first()
    if notice is None:
        raise Refused("there is nothing of this kind to tell; announce the release first")
    if not hasattr(notice, "told"):
        tell(at_work.house, notice, channel=channel.value, by=signing(given.by))
    if what is What.STOP:
        _enforce(at_work, restriction, number)
    _show(given, at_work, restriction, number)


def announce(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
) -> None:
    """Queue the notice that a restriction will be lifted (art. 18.3)."""
    from lofte.cli.working import signing, working

    given = told(ctx)
    at_work = working(given)
    from lofte.consent.restrict import announce_release

    restriction = restriction_of(number)
    announce_release(at_work.house, restriction, by=signing(given.by))
    _show(given, at_work, restriction, number)


def lift(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    outcome: Annotated[Ends, typer.Option(help=_("How it ends."))],
) -> None:
    """Lift a restriction, when the person has been told (art. 18.3)."""
    from lofte.cli.working import asked_as, signing, working

    given = told(ctx)
    at_work = working(given)
    from lofte.consent import restrict as restrictions
    from lofte.consent.enforce import put_back
    from lofte.plan.restriction import Outcome
    from lofte.requests.answer.grant import grant

    restriction = restriction_of(number)
    if not hasattr(restriction, "lifted"):
        restrictions.lift(at_work.house, restriction, Outcome(outcome.value), by=signing(given.by))
    put_back(at_work.house, restriction, at_work.connect)
    grant(at_work.house, asked_as(number), by=signing(given.by))
    _show(given, at_work, restriction, number)
    _tell_left(given, restriction, number)


def _tell_left(given: Told, restriction: Restriction, number: str) -> None:
    """Rows that could not come back from a copy, because something else stands in their place."""
    from lofte.cli.screen import say, sentence
    from lofte.cli.words import ngettext
    from lofte.consent import copy

    stay = copy.left(restriction)
    if stay and not given.json:
        words = ngettext(
            "{n} row stays in the copy, because another stands in its place; look at both, then run "
            "`lofte restriction lift {number}` again",
            "{n} rows stay in the copy, because others stand in their place; look at both, then run "
            "`lofte restriction lift {number}` again",
            stay,
        )
        say(sentence(words.format(n=stay, number=number)))


def _enforce(at_work: Working, restriction: Restriction, number: str) -> None:
    """Let the systems say it. Run again, the command does what a silent system left undone."""
    from lofte.cli.working import asked_as
    from lofte.consent.enforce import enforce
    from lofte.requests.course.receive import identities_of

    shown = identities_of(at_work.house, asked_as(number))
    enforce(at_work.house, restriction, shown, at_work.connect)


def restriction_of(number: str) -> Restriction:
    """The restriction that a request asked for. Raises Refused."""
    from lofte.cli.working import asked_as
    from lofte.consent.models import Restriction
    from lofte.errors import Refused

    found = Restriction.objects.filter(request=asked_as(number).ref).order_by("-id").first()
    if found is None:
        raise Refused("this request holds no restriction; see its number")
    return found


def _show(
    given: Told, at_work: Working, restriction: Restriction, number: str, error: Unreachable | None = None
) -> None:
    from lofte.cli.screen import say, say_json, sentence, titles
    from lofte.consent.models import Notice, RestrictionLifted
    from lofte.consent.restrict import stopped_by
    from lofte.plan.restriction import LETTERS, Told

    lifted = RestrictionLifted.objects.filter(restriction=restriction).exists()
    stopped = [] if lifted else sorted(stopped_by(at_work.house, restriction).purposes)
    to_tell = list(Notice.objects.filter(about=restriction.ref, told=None).values_list("what", flat=True))
    if given.json:
        say_json({"number": number, "stopped": stopped, "to_tell": to_tell, "lifted": lifted}, error)
        return
    if lifted:
        say(sentence(_("request {number}: the restriction is lifted").format(number=number)))
    else:
        words = _("request {number}: restricted; stopped now: {purposes}")
        purposes = titles(at_work.house.policy, stopped, given.language)
        say(sentence(words.format(number=number, purposes=purposes)))
    for what in to_tell:
        words = _("tell the person, then run `lofte restriction told {number} --what {what}`")
        say(sentence(words.format(number=number, what=what)))
        say(LETTERS[Told(what)].say(given.language))
    if error is not None:
        raise error
