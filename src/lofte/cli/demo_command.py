"""`lofte demo`: the invented company, from an empty folder to a served site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lofte.cli.words import gettext as _


def demo(
    once: Annotated[bool, typer.Option("--once", help=_("Do all but serve, and end."))] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help=_("The port to serve on."))] = 8000,
    folder: Annotated[Path, typer.Option(metavar="DIR", help=_("Where the demo puts its files."))] = Path(
        "demo"
    ),
) -> None:
    """Show it all on an invented company."""
    from lofte.cli.demo import demo as show

    show(once=once, port=port, folder=folder)
