"""What a person writes on the line of many commands: who it is about, how that is known, how it came.

The options are made by functions, since Typer reads annotations when the commands are put together:
their help is then in the language that was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import typer

from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.datamap.identity import Identity


class Sure(StrEnum):
    """How surely the person was identified (art. 12.6)."""

    CONTACT = "contact"
    TWO_WAYS = "two_ways"
    PROVEN = "proven"


class Channel(StrEnum):
    """How the request came."""

    PORTAL = "portal"
    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    CHAT = "chat"
    TICKET = "ticket"
    LETTER = "letter"
    VISIT = "visit"
    FORM = "form"
    WEBSITE = "website"


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


# -- options and arguments ---------------------------------------------------------------------------------


def how_far() -> Any:
    """Which categories it is about."""
    return typer.Option(
        "--scope",
        metavar="CATEGORY",
        help=_("Only this category of data, by its id in the policy; may be given several times."),
    )


def known_by() -> Any:
    """Who it is about, where the data are given or taken."""
    return _identity(_("email=…, personnummer=…, customer_no=… or user_name=…; as many as are known."))


def reached_by() -> Any:
    """Who it is about, where an address may be all that is known."""
    return _identity(_("email=…, phone=…, customer_no=… or another; as many as are known."))


def all_known_by() -> Any:
    """Who it is about, where what is left out finds nothing."""
    return _identity(_("email=…, personnummer=…, customer_no=… or another; all that are known."))


def _identity(says: str) -> Any:
    return typer.Option(metavar="KIND=VALUE", autocompletion=kinds, help=says)


def how_identified() -> Any:
    """What was shown by whoever asks (art. 12.6)."""
    return typer.Option(metavar="HOW", help=_("What was shown, and where; kept sealed with the request."))


def how_surely(needed: str) -> Any:
    """The level of identification, and the one that this right needs."""
    words = _("How surely that identifies the person; this needs {level}.")
    return typer.Option(help=words.format(level=needed))


def how_it_came() -> Any:
    """The channel."""
    return typer.Option(help=_("How the request came."))


def who_approved() -> Any:
    """The approver of an erasure."""
    return typer.Option(metavar="ADDRESS", help=_("Who has approved it: a handler's e-mail address."))


def going_on_with() -> Any:
    """A request that is there already, as an option."""
    return typer.Option(metavar="NUMBER", help=_("Go on with a request that was stopped: 2026-000123."))


def request_number() -> Any:
    """The request that a command is about, as its argument."""
    return typer.Argument(metavar="REQUEST", help=_("The request's number, as 2026-000123."))


def why_erased() -> Any:
    """The grounds of art. 17.1."""
    return typer.Option(
        metavar="17.1.x",
        help=_("Why: a not needed, b no consent, c objection, d unlawful, e law, f child (usual: abc)."),
    )


def package_folder() -> Any:
    """Where a package is delivered."""
    help_ = _("The folder that the package is put in.")
    return typer.Option(metavar="DIR", file_okay=False, help=help_)


def package_language() -> Any:
    """In which language it is."""
    return typer.Option(metavar="sv|en", help=_("The language of the package (default: the policy's)."))
