"""`lofte recipients of`: what a person hears who asks which recipients were told (art. 19)."""

from __future__ import annotations

from typing import Annotated

import typer

from lofte.cli.asked import request_number
from lofte.cli.told import told
from lofte.cli.words import gettext as _


def heard(ctx: typer.Context, number: Annotated[str, request_number()]) -> None:
    """The recipients that were told for a request, or are to be: the person may ask for them (art. 19)."""
    from lofte.cli.screen import out, say_json, sentence
    from lofte.cli.working import asked_as, working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.answer.recipients import recipients_of

    found = recipients_of(at_work.house, asked_as(number))
    if given.json:
        listed = [
            {
                "recipient": each.recipient,
                "name": each.name.say(given.language),
                "told_on": each.told_on.isoformat() if each.told_on else None,
                "impossible": each.impossible,
                "why": each.why,
            }
            for each in found
        ]
        say_json({"number": number, "recipients": listed})
        return
    if not found:
        out().print(sentence(_("no recipient got data that this request is about")))
    for each in found:
        if each.told_on:
            how = _("told on {day}").format(day=each.told_on.isoformat())
        elif each.impossible:
            how = _("cannot be told: {why}").format(why=each.why)
        else:
            how = _("is to be told")
        out().print(f"{each.name.say(given.language)}: {how}", markup=False)
