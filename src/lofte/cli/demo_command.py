"""`lofte demo`: an invented company, from an empty folder to a served site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lofte.cli.demo_company import Example
from lofte.cli.words import gettext as _


def demo(
    name: Annotated[Example, typer.Argument(help=_("Which of the invented companies."))] = Example.WEBHOST,
    once: Annotated[bool, typer.Option("--once", help=_("Do all but serve, and end."))] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help=_("The port to serve on."))] = 8000,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=_("Where the demo puts its files (usual: demo, or demo/NAME for the others).")
        ),
    ] = None,
) -> None:
    """Show it all on an invented company."""
    from lofte.cli.demo import demo as show

    show(name, once=once, port=port, folder=folder)
