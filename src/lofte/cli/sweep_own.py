"""`lofte sweep own`: Löfte's own tables, what they hold of anybody, and how long (art. 5.1 e)."""

from __future__ import annotations

from typing import Annotated

import typer

from lofte.cli.told import told
from lofte.cli.words import gettext as _


def own(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help=_("Those that hold nothing of anybody, too."))] = False,
) -> None:
    """What Löfte's own tables hold of anybody, and what lets it go. The server does it by itself."""
    from lofte.cli.working import working

    given = told(ctx)
    working(given)
    from lofte.cli.screen import say_json
    from lofte.cli.table import Column, show
    from lofte.retention.own import tables

    found = [each for each in tables() if every or given.json or each[1].holds != "nothing"]
    if given.json:
        plain = [
            {"table": label, "holds": answer.holds, "kept": answer.kept.say(given.language),
             "by": answer.by, "rows": rows}
            for label, answer, rows in found
        ]  # fmt: skip
        say_json({"tables": plain})
        return
    columns = (
        Column(heading=_("Table")),
        Column(heading=_("Holds")),
        Column(heading=_("Kept"), folds=True),
        Column(heading=_("Rows"), number=True),
    )
    holds = _holds()
    show(columns, [(t, holds[o.holds], o.kept.say(given.language), str(n)) for t, o, n in found])


def _holds() -> dict[str, str]:
    return {
        "sealed": _("sealed words"),
        "digests": _("keyed digests"),
        "staff": _("those who work here"),
        "nothing": _("nothing of anybody"),
    }
