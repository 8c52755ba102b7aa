"""`lofte undo`: an erasure that was a mistake, taken back."""

from __future__ import annotations

from typing import Annotated

import typer

from lofte.cli.told import told
from lofte.cli.words import gettext as _


def undo(
    ctx: typer.Context,
    number: Annotated[
        str, typer.Argument(metavar="REQUEST", help=_("The request's number, as 2026-000123."))
    ],
) -> None:
    """Give back what was erased for a request, within fourteen days."""
    from lofte.cli.judge import insist
    from lofte.cli.screen import busy, out, say, say_json, sentence
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    given = told(ctx)
    workspace = load(given.workspace)
    insist(workspace)
    with busy(_("Putting back"), quiet=given.json):
        prepare()
        from lofte.cli.working import signed
        from lofte.connectors.registry import address
        from lofte.connectors.sql.back import open_back
        from lofte.requests.undo import undo as put_back

        counts = put_back(
            open_house(workspace),
            number,
            lambda s: open_back(s, address(s, workspace.folder)),
            by=signed(given.by),
        )
    rows = sum(counts.values())
    if given.json:
        listed = [{"system": s, "dataset": d, "rows": n} for (s, d), n in sorted(counts.items())]
        say_json({"request": number, "rows": rows, "datasets": listed})
        return
    for (system, dataset), n in sorted(counts.items()):
        out().print(f"{system}.{dataset}: {n}", markup=False)
    words = _("{rows} rows are back as they were; tell the person, and close or correct request {number}")
    say(sentence(words.format(rows=rows, number=number)))
