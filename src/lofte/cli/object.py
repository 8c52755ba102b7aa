"""`lofte request object` and `withdraw`: a person says no, and it holds at once (art. 7.3, 21)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import Channel, how_it_came, identities, reached_by, request_number, today
from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.cli.told import Told
    from lofte.errors import Unreachable
    from lofte.policy.document import Policy

NOTHING_ASKED = "-"
"""How the person was identified: saying no needs no proof of who says it."""


class Decided(StrEnum):
    """How an objection is decided (art. 21.1)."""

    UPHELD = "upheld"
    GROUNDS_SHOWN = "grounds_shown"


def object_to(
    ctx: typer.Context,
    identity: Annotated[list[str], reached_by()],
    purpose: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help=_("A purpose of the policy; none = all direct marketing.")),
    ] = None,
    words: Annotated[
        str, typer.Option(help=_("What the person says of their situation; kept sealed (art. 21.1)."))
    ] = "",
    channel: Annotated[Channel, how_it_came()] = Channel.EMAIL,
) -> None:
    """Record an objection; marketing ends at once (art. 21)."""
    from lofte.errors import Unreachable
    from lofte.law.rights import Right

    given = told(ctx)
    shown = identities(identity, today())
    from lofte.cli.working import signing, working

    at_work = working(given)
    from lofte.consent import object as objections
    from lofte.plan.objection import objecting
    from lofte.requests.answer.grant import grant

    house, purposes = at_work.house, purpose or []
    objecting(house.policy, purposes)
    request = at_work.identified(Right.OBJECTION, shown, NOTHING_ASKED, "NOTHING", channel.value)
    more: dict[str, Any] = {"words": words, "request": request.ref}
    objected = objections.object_to(house, shown, purposes, **more)
    silent: Unreachable | None = None
    try:
        objected = objections.object_to(house, shown, purposes, connect=at_work.connect, **more)
    except Unreachable as error:
        silent = error
    if silent is None and not objected.waiting:
        request = grant(house, request, by=signing(given.by))
    _show(
        request.number,
        request.state,
        [p for o in objected.objections for p in o.purposes],
        len(objected.suppressions),
        waiting=len(objected.waiting),
        given=given,
        policy=house.policy,
        error=silent,
    )


def withdraw(
    ctx: typer.Context,
    identity: Annotated[list[str], reached_by()],
    purpose: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help=_("A purpose of the policy; none = every one on consent.")),
    ] = None,
    channel: Annotated[Channel, how_it_came()] = Channel.EMAIL,
) -> None:
    """Record that consent is taken back; what rests on it ends at once (art. 7.3)."""
    from lofte.errors import Unreachable
    from lofte.law.rights import Right

    given = told(ctx)
    shown = identities(identity, today())
    from lofte.cli.working import signing, working

    at_work = working(given)
    from lofte.consent import withdraw as withdrawals
    from lofte.plan.objection import withdrawing
    from lofte.requests.answer.grant import grant

    house, purposes = at_work.house, purpose or []
    withdrawing(house.policy, purposes)
    request = at_work.identified(Right.WITHDRAWAL, shown, NOTHING_ASKED, "NOTHING", channel.value)
    done = withdrawals.withdraw(house, shown, purposes, request=request.ref)
    silent: Unreachable | None = None
    try:
        done = withdrawals.withdraw(house, shown, purposes, connect=at_work.connect, request=request.ref)
        request = grant(house, request, by=signing(given.by))
    except Unreachable as error:
        silent = error
    stopped = list(done.withdrawal.purposes)
    _show(
        request.number,
        request.state,
        stopped,
        len(done.suppressions),
        waiting=0,
        given=given,
        policy=house.policy,
        error=silent,
    )


def decide(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    outcome: Annotated[
        Decided | None,
        typer.Option(
            help=_(
                "upheld: the purposes stay stopped; grounds_shown: they go on. Without it, what the person "
                "says of their situation."
            )
        ),
    ] = None,
    words: Annotated[str, typer.Option(help=_("The compelling grounds; kept sealed."))] = "",
) -> None:
    """Decide an objection that is weighed, or read it (art. 21.1)."""
    from lofte.cli.screen import out, say, say_json, sentence
    from lofte.cli.working import asked_as, signing, working
    from lofte.errors import Refused

    given = told(ctx)
    house = working(given).house
    from lofte.consent.models import Objection
    from lofte.consent.object import Outcome, words_of
    from lofte.consent.object import decide as weigh
    from lofte.requests.answer.grant import grant

    request = asked_as(number)
    found = Objection.objects.filter(request=request.ref, absolute=False).first()
    if found is None:
        raise Refused("this request holds no objection that is weighed; see its number")
    if outcome is None:
        said = words_of(house, found)
        if given.json:
            say_json({"number": number, "situation": said})
        else:
            out().print(said or sentence(_("the person has said nothing of their situation")), markup=False)
        return
    by = signing(given.by)
    weigh(house, found, Outcome(outcome.value), by=by, words=words)
    request = grant(house, request, by=by)
    if given.json:
        say_json({"number": request.number, "state": request.state, "outcome": outcome.value})
    else:
        say(
            sentence(_("request {number} is decided: {outcome}").format(number=number, outcome=outcome.value))
        )


def _show(
    number: str,
    state: str,
    purposes: list[str],
    suppressed: int,
    *,
    waiting: int,
    given: Told,
    policy: Policy,
    error: Unreachable | None,
) -> None:
    from lofte.cli.screen import say, say_json, sentence, titles

    if given.json:
        told_of = {"number": number, "state": state, "stopped": purposes, "suppressed": suppressed}
        say_json({**told_of, "waiting": waiting}, error)
        return
    words = _("request {number}: stopped at once: {purposes}; addresses suppressed: {suppressed}")
    values = {
        "number": number,
        "purposes": titles(policy, purposes, given.language),
        "suppressed": suppressed,
    }
    say(sentence(words.format(**values)))
    if waiting:
        say(sentence(_("somebody decides it with `lofte objection {number}`").format(number=number)))
    if error is not None:
        raise error
