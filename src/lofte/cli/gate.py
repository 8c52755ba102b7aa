"""`lofte gate`: the company's own programs ask before they send or use (art. 18.2, 21.3).

Exit code 0 is yes, 1 is no. What cannot be answered is not a yes.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lofte.cli.asked import identities, reached_by, today
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.consent.gate import Permission


class Message(StrEnum):
    """What kind of message it is."""

    MARKETING = "marketing"
    SERVICE = "service"
    NOTICE = "notice"


class Address(StrEnum):
    """What kind of address it is."""

    EMAIL = "email"
    PHONE = "phone"


class Lawful(StrEnum):
    """What restricted data may still be used for (art. 18.2)."""

    CONSENT = "consent"
    CLAIMS = "claims"
    RIGHTS_OF_OTHERS = "rights_of_others"
    PUBLIC_INTEREST = "public_interest"


def send(
    ctx: typer.Context,
    to: Annotated[str, typer.Option(metavar="KIND=VALUE", help=_("email=… or phone=…"))],
    message: Annotated[Message, typer.Option(help=_("What kind of message it is."))] = Message.MARKETING,
    on: Annotated[str, typer.Option(metavar="CHANNEL", help=_("email, sms or phone."))] = "",
    purpose: Annotated[
        str, typer.Option(metavar="ID", help=_("The purpose of advertising that it is for."))
    ] = "",
) -> None:
    """May this be sent to this address? Exit code 0 is yes, 1 is no."""
    from lofte.cli.working import working

    given = told(ctx)
    kind, _equals, value = to.partition("=")
    if kind not in list(Address):
        raise typer.BadParameter(_("write email=… or phone=…"), param_hint="--to")
    house = working(given).house
    from lofte.consent.gate import MessageClass, may_send
    from lofte.datamap.document import Kind

    wanted = MessageClass(message.value)
    _answer(given, may_send(house, Kind(kind), value, wanted, channel=on, purpose=purpose))


def headers(
    ctx: typer.Context,
    to: Annotated[str, typer.Option(metavar="KIND=VALUE", help=_("email=… or phone=…"))],
) -> None:
    """The headers with which a letter of advertising is stopped with one click (RFC 8058)."""
    from lofte.cli.screen import say, say_json
    from lofte.cli.working import working

    given = told(ctx)
    shown = identities([to], today())
    house = working(given).house
    from lofte.consent import unsubscribe

    found = dict(unsubscribe.headers(house, shown[0]))
    if given.json:
        say_json({"headers": found})
        return
    for name, value in found.items():
        say(f"{name}: {value}")


def sieve(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=_(
                "A file of addresses, one on each line, or a CSV file with a header; - reads them from the "
                "standard input."
            ),
        ),
    ] = "-",
    kind: Annotated[Address, typer.Option(help=_("What the lines are."))] = Address.EMAIL,
    message: Annotated[Message, typer.Option(help=_("What kind of message it is."))] = Message.MARKETING,
    on: Annotated[str, typer.Option(metavar="CHANNEL", help=_("email, sms or phone."))] = "",
    purpose: Annotated[
        str, typer.Option(metavar="ID", help=_("The purpose of advertising that it is for."))
    ] = "",
    column: Annotated[
        str, typer.Option(metavar="NAME", help=_("The column with the addresses, in a file with a header."))
    ] = "email",
) -> None:
    """Read addresses, one on each line, and write those that may be sent to."""
    from lofte.cli.screen import err, sentence
    from lofte.cli.working import working

    given = told(ctx)
    house = working(given).house
    from lofte.consent import gate
    from lofte.datamap.document import Kind

    head, lines, addresses = _read(file, column)
    wanted = gate.MessageClass(message.value)
    answers = gate.sieve(house, Kind(kind.value), addresses, wanted, channel=on, purpose=purpose)
    # Written when all is answered: a mailing that was sieved in part is not sent.
    passed = [line for line, answer in zip(lines, answers, strict=True) if answer]
    sys.stdout.writelines(f"{line}\n" for line in (*head, *passed))
    words = _("{passed} of {asked} addresses may be sent to")
    err().print(sentence(words.format(passed=len(passed), asked=len(lines))))


def _read(file: str, column: str) -> tuple[list[str], list[str], list[str]]:
    """The heading, the lines and the address of each. A file with several columns has a heading."""
    import csv
    from pathlib import Path

    from lofte.errors import Refused
    from lofte.execution.written import text_of

    text = sys.stdin.read() if file == "-" else text_of(Path(file))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    comma = next((each for each in ";,\t" if lines and each in lines[0]), "")
    if not comma:
        is_head = bool(lines) and lines[0].strip('"').lower() == column.lower()
        return lines[:is_head], lines[is_head:], [line.strip('"') for line in lines[is_head:]]
    rows = list(csv.reader(lines, delimiter=comma))
    names = [name.strip().lower() for name in rows[0]]
    if column.lower() not in names:
        raise Refused(_("the file has no column `{column}`").format(column=column))
    at = names.index(column.lower())
    return lines[:1], lines[1:], [row[at] if at < len(row) else "" for row in rows[1:]]


def process(
    ctx: typer.Context,
    identity: Annotated[list[str], reached_by()],
    purpose: Annotated[str, typer.Option(metavar="ID", help=_("A purpose of the policy."))],
    use: Annotated[
        Lawful | None, typer.Option(help=_("A use that stays lawful under a restriction; it is noted."))
    ] = None,
) -> None:
    """May this person's data be used for this purpose? Exit code 0 is yes, 1 is no."""
    from lofte.cli.working import working

    given = told(ctx)
    shown = identities(identity, today())
    house = working(given).house
    from lofte.consent.gate import may_process
    from lofte.plan.restriction import Use

    _answer(given, may_process(house, shown, purpose, use=Use(use.value) if use else None))


def _answer(given: Told, permission: Permission) -> None:
    from lofte.cli.exits import Code
    from lofte.cli.screen import say, say_json, sentence

    if given.json:
        since = permission.since.isoformat() if permission.since else None
        why = permission.why.value if permission.why else None
        article = permission.article or None
        say_json({"may": bool(permission), "why": why, "article": article, "since": since})
    elif permission.why is None:
        say(sentence(_("yes")))
    else:
        why = _why()[permission.why.value]
        article = f" ({permission.article})" if permission.article else ""
        say(sentence(f"{_('no')}: {why}{article}"))
    if not permission:
        raise typer.Exit(Code.FAULTS)


def _why() -> dict[str, str]:
    return {
        "suppression": _("advertising to this address is stopped"),
        "objection": _("the person has objected"),
        "withdrawal": _("the person has taken back their consent"),
        "restriction": _("the data are restricted"),
        "unreadable": _("it cannot be read"),
        "unknown_purpose": _("the policy has no such purpose"),
        "channel": _("the person wants nothing on this channel"),
        "no_consent": _("no yes of theirs covers it"),
        "not_promised": _("the policy does not say that advertising is sent this way"),
    }
