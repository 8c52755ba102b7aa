"""`lofte request portability`: what a person may take along, handed out (art. 20)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lofte.cli.asked import identities, kinds, today
from lofte.cli.request import Asked, Channel, Sure, answered, show
from lofte.cli.told import told
from lofte.cli.words import gettext as _


def portability(
    ctx: typer.Context,
    out: Annotated[
        Path, typer.Option(metavar="DIR", file_okay=False, help=_("The folder that the package is put in."))
    ],
    identity: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND=VALUE",
            autocompletion=kinds,
            help=_("email=…, personnummer=…, customer_no=… or user_name=…; as many as are known."),
        ),
    ] = None,
    identified_by: Annotated[
        str, typer.Option(metavar="HOW", help=_("What was shown, and where; kept sealed with the request."))
    ] = "",
    number: Annotated[
        str, typer.Option(metavar="NUMBER", help=_("Go on with a request that was stopped: 2026-000123."))
    ] = "",
    sure: Annotated[
        Sure, typer.Option(help=_("How surely that identifies the person; portability needs two_ways."))
    ] = Sure.TWO_WAYS,
    channel: Annotated[Channel, typer.Option(help=_("How the request came."))] = Channel.VISIT,
    answer_in: Annotated[
        str, typer.Option(metavar="sv|en", help=_("The language of the package (default: the policy's)."))
    ] = "",
) -> None:
    """Give a person the data that they may take along (art. 20)."""
    from lofte.law.rights import Right

    given = told(ctx)
    asked = Asked(
        right=Right.PORTABILITY,
        shown=identities(identity or (), today()),
        identified_by=identified_by.strip(),
        out=out,
        sure=sure,
        channel=channel,
        answer_in=answer_in,
        number=number,
    )
    show(answered(given, asked), as_json=given.json)
