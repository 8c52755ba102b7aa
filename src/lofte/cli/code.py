"""`lofte request code`: a code for a person to show who they are, by letter or read out in a call."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from lofte.cli.told import told
from lofte.cli.words import gettext as _


class Way(StrEnum):
    """How a code reaches the person."""

    LETTER = "letter"
    CALL = "call"


def add_to(requests: typer.Typer) -> None:
    """The command, among those of `lofte request`."""
    requests.command("code", help=_("Make a code that shows who a person is, by letter or call."))(code)


def code(
    ctx: typer.Context,
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help=_("The number of the request, as 2026-000123."))
    ],
    way: Annotated[
        Way,
        typer.Option(help=_("A letter to the registered address, or a call to the number that we had.")),
    ] = Way.LETTER,
) -> None:
    """Make a code, shown once; the person types it in the portal, at /mine."""
    from lofte.cli.screen import out, say, say_json, sentence
    from lofte.cli.words import language as spoken
    from lofte.cli.working import asked_as, may, working

    given = told(ctx)
    at_work = working(given)
    from lofte.accounts.roles import Permission
    from lofte.requests.door import protected
    from lofte.requests.door.code_by_hand import by_call, by_letter

    request, by = asked_as(number), may(given.by, Permission.IDENTIFY_SUBJECT)
    if way is Way.LETTER:
        letter = by_letter(at_work.house, request, at_work.connect, by=by)
        posting = protected.POSTING.say(spoken()) if protected.is_protected(request.case) else ""
        if given.json:
            more = {"posting": posting} if posting else {}
            say_json({"number": number, "subject": letter.subject, "letter": letter.body} | more)
            return
        if posting:
            say(posting)
        say(sentence(_("print this, and post it to the address in the population register:")))
        out().print(f"{letter.subject}\n\n{letter.body}", soft_wrap=True, markup=False, highlight=False)
        return
    call = by_call(at_work.house, request, at_work.connect, by=by)
    if given.json:
        say_json({"number": number, "telephone": call.telephone, "code": call.code})
        return
    words = _("call {telephone}, and read out {code}; it holds for half an hour")
    say(sentence(words.format(telephone=call.telephone, code=call.code)))
