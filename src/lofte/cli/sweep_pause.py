"""`lofte sweep pause` and `resume`: the sweeps stop for a while, and go on where they were (art. 24)."""

from __future__ import annotations

from typing import Annotated

import typer

from lofte.cli.told import told
from lofte.cli.words import gettext as _


def pause(
    ctx: typer.Context,
    why: Annotated[str, typer.Option(metavar="WHY", help=_("Why they are paused; it is kept sealed."))],
) -> None:
    """Stop every sweep after the part it is at, until somebody resumes. By a handler who may approve."""
    from lofte.accounts.roles import Permission
    from lofte.cli.screen import out, sentence
    from lofte.cli.working import may, working

    at_work = working(told(ctx))
    from lofte.retention.pace import pause as pausing

    pausing(at_work.house, why=why, by=may(at_work.by, Permission.APPROVE))
    out().print(sentence(_("the sweeps are paused; `lofte sweep resume` lets them go on")))


def resume(ctx: typer.Context) -> None:
    """Let the sweeps go on where they were. By a handler who may approve."""
    from lofte.accounts.roles import Permission
    from lofte.cli.screen import out, sentence
    from lofte.cli.working import may, working

    at_work = working(told(ctx))
    from lofte.retention.pace import resume as resuming

    resuming(at_work.house, by=may(at_work.by, Permission.APPROVE))
    out().print(sentence(_("the sweeps go on")))
