"""`lofte request`: a handler at the terminal takes a request from receipt to answer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lofte.cli.asked import identities, kinds, today
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.datamap.identity import Identity
    from lofte.law.rights import Right
    from lofte.requests.deliver import Answer
    from lofte.requests.search import Progress


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


def access(
    ctx: typer.Context,
    identity: Annotated[
        list[str],
        typer.Option(
            metavar="KIND=VALUE",
            autocompletion=kinds,
            help=_("email=…, personnummer=…, customer_no=… or user_name=…; as many as are known."),
        ),
    ],
    identified_by: Annotated[
        str, typer.Option(metavar="HOW", help=_("What was shown, and where; kept sealed with the request."))
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", file_okay=False, help=_("The folder that the package is put in."))
    ],
    sure: Annotated[
        Sure, typer.Option(help=_("How surely that identifies the person; access needs two_ways."))
    ] = Sure.TWO_WAYS,
    channel: Annotated[Channel, typer.Option(help=_("How the request came."))] = Channel.VISIT,
    answer_in: Annotated[
        str, typer.Option(metavar="sv|en", help=_("The language of the package (default: the policy's)."))
    ] = "",
) -> None:
    """Give a person a copy of their data (art. 15)."""
    if answer_in not in ("", "sv", "en"):
        raise typer.BadParameter(_("choose sv or en"), param_hint="--answer-in")
    given = told(ctx)
    shown = identities(identity, today())
    from lofte.law.rights import Right

    answer = answered(given, Right.ACCESS, shown, identified_by, out, sure, channel, answer_in)
    show(answer, as_json=given.json)


def answered(
    given: Told,
    right: Right,
    shown: tuple[Identity, ...],
    identified_by: str,
    out: Path,
    sure: Sure,
    channel: Channel,
    answer_in: str,
) -> Answer:
    """Receive, identify, fulfil, deliver: for the rights that are answered with a package."""
    from lofte.cli.judge import insist
    from lofte.cli.screen import busy
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    workspace = load(given.workspace)
    insist(workspace)
    with busy(_("Opening the store"), quiet=given.json) as progress:
        prepare()
        from lofte.connectors.registry import open_system
        from lofte.law.rights import Right
        from lofte.requests.fulfil import fulfil_access
        from lofte.requests.identify import Level, identify
        from lofte.requests.portable import fulfil_portability
        from lofte.requests.receive import receive

        house = open_house(workspace)
        language = answer_in or house.policy.meta.record_language
        request = receive(house, right=right, identities=shown, channel=channel.value, language=language)
        identified = identify(
            house, request, method=identified_by, level=Level[sure.name], by="", proven=shown
        )

        def tell(step: Progress) -> None:
            said = _("Searching {system}: {dataset}").format(system=step.system, dataset=step.dataset)
            progress.update(progress.task_ids[0], description=said, completed=step.done, total=step.of)

        fulfil = fulfil_portability if right is Right.PORTABILITY else fulfil_access
        return fulfil(house, identified, lambda system: open_system(system, workspace.folder), out, tell)


def show(answer: Answer, *, as_json: bool) -> None:
    """What was answered, and where the package lies."""
    from lofte.cli.screen import say, say_json, sentence

    if as_json:
        say_json(
            {
                "number": answer.number,
                "state": answer.state,
                "rows": answer.rows,
                "bytes": answer.size,
                "sha256": answer.sha256,
                "path": str(answer.path),
            }
        )
        return
    words = _("request {number} is answered: {rows} rows, {bytes} bytes, SHA-256 {sha256}")
    values = {"number": answer.number, "rows": answer.rows, "bytes": answer.size, "sha256": answer.sha256}
    say(sentence(words.format(**values)))
    say(str(answer.path))
