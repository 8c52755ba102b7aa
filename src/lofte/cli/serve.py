"""`lofte serve`: the pages, until Ctrl-C."""

from __future__ import annotations

from typing import Annotated

import typer

from lofte.cli.told import told
from lofte.cli.words import gettext as _


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help=_("The address to listen on."))] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=_("The port to listen on; 0 takes a free one."))
    ] = 8000,
) -> None:
    """Serve the pages until Ctrl-C."""
    from lofte.cli.screen import err, say, say_json
    from lofte.site.serve import serve as run

    given = told(ctx)

    def ready(address: str) -> None:
        if given.json:
            say_json({"address": address})
        else:
            say(_("Löfte answers at {address}").format(address=address))
            err().print(_("Ctrl-C stops it."), style="dim")

    run(host, port, ready)
