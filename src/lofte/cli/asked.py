"""Identities as a person writes them on the line: `email=anna@kund.example`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import typer

from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.datamap.identity import Identity


def today() -> date:
    """The civil date in Sweden; time limits and centuries run by it."""
    from datetime import UTC, datetime

    from lofte.law.calendar import civil_date

    return civil_date(datetime.now(UTC))


def identities(written: Sequence[str], on: date) -> tuple[Identity, ...]:
    """The identities; what cannot be read as one is a fault of the command line."""
    from lofte.cli.screen import err, sentence
    from lofte.datamap.document import Kind
    from lofte.datamap.identity import looks_like, read
    from lofte.fault import Fault, Place

    found = []
    for text in written:
        name, equals, value = text.partition("=")
        if not equals or name not in list(Kind):
            kinds = ", ".join(Kind)
            wrong = _("write kind=value, where kind is one of: {kinds}").format(kinds=kinds)
            raise typer.BadParameter(wrong, param_hint="--identity")
        identity = read(Kind(name), value, on, Place(path=name))
        if isinstance(identity, Fault):
            said = f"{identity.number} {name}: {sentence(_(identity.what))} {sentence(_(identity.mend))}"
            raise typer.BadParameter(said, param_hint="--identity")
        if warning := looks_like(identity):
            said = f"{warning.number} {name}: {sentence(_(warning.what))} {sentence(_(warning.mend))}"
            err().print(said, style="yellow", markup=False)
        found.append(identity)
    return tuple(found)


def kinds(incomplete: str) -> list[str]:
    """What the shell may complete: `ema` to `email=`."""
    from lofte.datamap.document import Kind

    return [f"{kind}=" for kind in Kind if kind.startswith(incomplete)]
