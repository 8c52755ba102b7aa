"""`lofte recipients`: those who got the data are told what became of them (art. 19)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import Channel, request_number
from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.requests.answer.recipients import Waiting


class In(StrEnum):
    """The languages of a letter."""

    SV = "sv"
    EN = "en"


def _recipient() -> Any:
    return typer.Argument(metavar="RECIPIENT", help=_("The recipient, as the policy names it."))


def list_(ctx: typer.Context) -> None:
    """The recipients that are still to be told, the oldest first."""
    from lofte.cli.screen import out, say_json, sentence
    from lofte.cli.table import Column, show
    from lofte.cli.working import working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.answer.recipients import waiting

    found = waiting(at_work.house)
    if given.json:
        say_json({"recipients": [_plain(each) for each in found]})
        return
    if not found:
        out().print(sentence(_("nobody waits to be told")))
        return
    columns = (
        Column(heading=_("Request")),
        Column(heading=_("Recipient")),
        Column(heading=_("Name"), folds=True, least=2),
        Column(heading=_("Right")),
        Column(heading=_("Rows"), number=True),
        Column(heading=_("Sure"), least=1),
        Column(heading=_("Since")),
    )
    rows = [
        (
            each.number,
            each.recipient,
            each.name.say(given.language),
            each.right,
            str(sum(n for _system, _dataset, n in each.datasets)),
            _("yes") if each.sure else _("perhaps"),
            each.since.date().isoformat(),
        )
        for each in found
    ]
    show(columns, rows)


def has_been_told(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    recipient: Annotated[str, _recipient()],
    channel: Annotated[Channel, typer.Option(help=_("How the recipient was told."))] = Channel.EMAIL,
) -> None:
    """Record that a recipient has been told (art. 19)."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import signed, working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.answer import recipients

    notice = recipients.find(number, recipient)
    recipients.told(at_work.house, notice, channel=channel.value, by=signed(given.by))
    if given.json:
        say_json({"number": number, "recipient": recipient, "told": True})
        return
    say(sentence(_("request {number}: {recipient} has been told").format(number=number, recipient=recipient)))


def impossible(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    recipient: Annotated[str, _recipient()],
    why: Annotated[str, typer.Option(metavar="WHY", help=_("Why it cannot be done; kept sealed."))],
) -> None:
    """Record why a recipient cannot be told (art. 19)."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import signed, working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.answer import recipients

    notice = recipients.find(number, recipient)
    recipients.cannot(at_work.house, notice, why=why, by=signed(given.by))
    if given.json:
        say_json({"number": number, "recipient": recipient, "told": False})
        return
    words = _("request {number}: it is on record why {recipient} cannot be told")
    say(sentence(words.format(number=number, recipient=recipient)))


def text(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    recipient: Annotated[str, _recipient()],
    in_: Annotated[In, typer.Option("--in", help=_("The language of the letter."))] = In.SV,
) -> None:
    """Write the letter to a recipient; it is kept nowhere, and may say who the person is."""
    from lofte.cli.screen import say_json
    from lofte.cli.working import signed, working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.answer import recipients

    signed(given.by)
    letter = recipients.text(at_work.house, recipients.find(number, recipient)).say(in_.value)
    if given.json:
        say_json({"number": number, "recipient": recipient, "text": letter})
        return
    typer.echo(letter)


def _plain(each: Waiting) -> dict[str, Any]:
    return {
        "number": each.number,
        "recipient": each.recipient,
        "right": each.right,
        "datasets": [list(at) for at in each.datasets],
        "sure": each.sure,
        "since": each.since,
    }
