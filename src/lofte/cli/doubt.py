"""`lofte doubt`: rows whose day has come, and that no longer tell whose they are."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from lofte.cli.asked import request_number
from lofte.cli.told import told
from lofte.cli.words import gettext as _


class Whose(StrEnum):
    """What somebody has found."""

    THEIRS = "theirs"
    ANOTHERS = "anothers"


def commands() -> typer.Typer:
    """The commands about rows in doubt."""
    doubt = typer.Typer(
        help=_("Rows whose day has come and that no longer tell whose they are."), no_args_is_help=True
    )
    doubt.command("list", help=_("The rows that somebody must look at, the oldest first."))(list_)
    doubt.command("settle", help=_("Say whose the rows of a request are that are in doubt."))(settle)
    return doubt


def list_(ctx: typer.Context) -> None:
    """The rows that somebody must look at, the oldest first. A key that tells who the person is is not
    shown."""
    from lofte.cli.screen import out, say_json, sentence
    from lofte.cli.undo import key_shown
    from lofte.cli.working import working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.erasure.doubted import waiting

    found = [
        {
            "number": each.number,
            "system": each.system,
            "dataset": each.dataset,
            "key": key_shown(at_work.house, each.system, each.dataset, each.key),
            "since": each.since.date().isoformat(),
        }
        for each in waiting(at_work.house)
    ]
    if given.json:
        say_json({"rows": found})
        return
    if not found:
        out().print(sentence(_("no row is in doubt")))
    for row in found:
        at = " ".join(filter(None, (f"{row['system']}.{row['dataset']}", row["key"])))
        out().print(f"{row['number']}  {at}  {row['since']}", markup=False)


def settle(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    whose: Annotated[
        Whose,
        typer.Option(
            help=_("theirs: still the person's, and they go; anothers: somebody else's, and they stay.")
        ),
    ],
    dataset: Annotated[str, typer.Option(metavar="DATASET", help=_("Only the rows of this dataset."))] = "",
) -> None:
    """Say whose the rows of a request are that are in doubt. Those that are the person's go by themselves, if
    no law and no hold keeps them."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import signed, working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.erasure import doubted

    by = signed(given.by)
    found = doubted.Whose(whose.value)
    rows = doubted.settle(at_work.house, number, at_work.connect, found, dataset=dataset, by=by)
    if given.json:
        say_json({"number": number, "rows": rows, "whose": whose.value})
        return
    words = _("request {number}: it is settled whose the rows are ({rows})")
    say(sentence(words.format(number=number, rows=rows)))
