"""`lofte intake`: what comes in by mail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext
from lofte.law.rights import Right

if TYPE_CHECKING:
    from lofte.execution.house import House
    from lofte.fault import Fault
    from lofte.intake.models import Mail
    from lofte.intake.settings import MailSettings
    from lofte.intake.take_in import Taken


def commands() -> typer.Typer:
    """The commands of the intake."""
    intake = typer.Typer(help=_("Take in what people ask by mail (art. 12.2)."), no_args_is_help=True)
    intake.command("mail", help=_("Empty the mailbox of wishes, and acknowledge them."))(mail)
    intake.command("test", help=_("Show what would become of a message; nothing is kept or sent."))(test)
    intake.command("waiting", help=_("The messages that a handler is to look at, the oldest first."))(waiting)
    intake.command("show", help=_("Show a message that waits."))(show)
    intake.command("settle", help=_("Decide what a message is: open requests for it, or none."))(settle)
    return intake


def _which() -> Any:
    return typer.Argument(metavar="ID", help=_("The message's id, as `lofte intake waiting` shows it."))


def mail(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help=_("Look once, and end."))] = False,
) -> None:
    """Empty the mailbox of wishes, and acknowledge them. Without --once it goes on until Ctrl-C."""
    import time

    from lofte.cli.screen import complain, say, say_json
    from lofte.errors import Unreachable

    given = told(ctx)
    house, settings = _opened(given)
    from lofte.intake.turn import turn

    while True:
        try:
            done = turn(house, settings)
        except Unreachable as error:
            if once:
                raise
            complain(error, as_json=given.json)
        else:
            if given.json:
                say_json({"taken": [_plain_taken(each) for each in done.taken], "sent": done.sent})
            elif once or done.taken or done.sent:
                for each in done.taken:
                    if each.outcome.kept:
                        say(_line(each))
                say(_summed(len(done.taken), done.sent))
        if once:
            return
        time.sleep(settings.every)


def test(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.eml", help=_("The message, as it was received."))],
) -> None:
    """Show what would become of a message; nothing is kept or sent."""
    from lofte.cli.screen import plain, say, say_json, show_faults
    from lofte.errors import Refused
    from lofte.intake.judge import judge
    from lofte.intake.letter import read_letter
    from lofte.intake.mailbox import LARGEST
    from lofte.intake.settings import configured, mail_settings
    from lofte.intake.shipped import shipped_phrases

    given = told(ctx)
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST)
    except OSError as error:
        raise Refused(
            "the file of the message cannot be read; see to its name and who may read it"
        ) from error
    settings = mail_settings(given.workspace) if configured(given.workspace) else None
    letter = read_letter(raw)
    judged = judge(
        letter,
        shipped_phrases(),
        ours=settings.address if settings else "",
        authserv_id=settings.authserv_id if settings else "",
    )
    if given.json:
        say_json(
            {
                "outcome": judged.outcome,
                "why": judged.why,
                "rights": judged.wish.rights,
                "perhaps": judged.wish.perhaps,
                "language": judged.wish.language,
                "answered": judged.answered,
                "spf": judged.origin.spf,
                "dkim": judged.origin.dkim,
                "dmarc": judged.origin.dmarc,
                "faults": [plain(each) for each in letter.faults],
            }
        )
        return
    say(_outcomes()[judged.outcome] + (f" ({judged.why})" if judged.why else ""))
    for heading, rights in ((_("asks for"), judged.wish.rights), (_("may ask for"), judged.wish.perhaps)):
        if rights:
            say(f"{heading}: {_rights(rights, given.language)}")
    origin = {"SPF": judged.origin.spf, "DKIM": judged.origin.dkim, "DMARC": judged.origin.dmarc}
    say(", ".join(f"{method} {result or _('unknown')}" for method, result in origin.items()))
    show_faults(letter.faults)


def waiting(ctx: typer.Context) -> None:
    """The messages that a handler is to look at, the oldest first, and those whose acknowledgement no
    server takes."""
    from lofte.cli.screen import out, say, say_json, sentence

    given = told(ctx)
    _house_of(given)
    from lofte.intake.acknowledge import given_up
    from lofte.intake.settle import waiting as all_waiting

    found, unsent = all_waiting(), given_up()
    if given.json:
        say_json({"waiting": [_plain(each) for each in found], "unsent": [_plain(each) for each in unsent]})
        return
    if not found:
        out().print(sentence(_("no message waits")))
    else:
        _listed(found, given.language)
    for each in unsent:
        say(sentence(_("no server takes our acknowledgement of {ref}: write by hand").format(ref=each.ref)))


def _listed(found: list[Mail], language: str) -> None:
    from rich.table import Table

    from lofte.cli.screen import out

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (_("id"), _("came"), _("may ask for"), _("faults")):
        table.add_column(heading, overflow="fold")
    for each in found:
        rights = _rights([Right(right) for right in (*each.rights, *each.perhaps)], language)
        table.add_row(each.ref, f"{each.received_at:%Y-%m-%d}", rights, " ".join(each.faults))
    out().print(table)


def show(ctx: typer.Context, ref: Annotated[str, _which()]) -> None:
    """Show a message that waits."""
    from lofte.cli.screen import say, say_json, show_faults
    from lofte.cli.working import signed
    from lofte.intake.faults import fault

    given = told(ctx)
    house = _house_of(given)
    signed(given.by)
    from lofte.intake.settle import show as opened

    shown = opened(house, ref)
    letter, faults = shown.letter, [_as_kept(fault(number)) for number in shown.mail.faults]
    if given.json:
        said = {"sender": letter.sender, "subject": letter.subject, "words": letter.words}
        say_json({**_plain(shown.mail), **said, "forwarded": letter.forwarded, "requests": shown.requests})
        return
    say(f"{_('from')}: {_visible(letter.sender) or _('unknown')}")
    say(f"{_('subject')}: {_visible(letter.subject)}")
    if shown.requests:
        say(f"{_('requests')}: {', '.join(shown.requests)}")
    say(ngettext("{n} attachment", "{n} attachments", letter.attachments).format(n=letter.attachments))
    show_faults(faults)
    for words in filter(None, (letter.words, letter.forwarded)):
        say("\n" + "\n".join(_visible(line) for line in words.split("\n")))


def settle(
    ctx: typer.Context,
    ref: Annotated[str, _which()],
    right: Annotated[
        list[Right] | None,
        typer.Option(help=_("What it asks for; none = it asks for nothing.")),
    ] = None,
) -> None:
    """Decide what a message is: open requests for it, or none."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import signed

    given = told(ctx)
    house = _house_of(given)
    from lofte.intake.settle import settle as decide

    opened = decide(house, ref, right or (), by=signed(given.by))
    numbers = [each.number for each in opened]
    if given.json:
        say_json({"message": ref, "opened": numbers})
    elif numbers:
        say(sentence(_("opened: {numbers}").format(numbers=", ".join(numbers))))
    else:
        say(sentence(_("nothing is opened for it")))


def _opened(given: Told) -> tuple[House, MailSettings]:
    from lofte.intake.settings import mail_settings

    return _house_of(given), mail_settings(given.workspace)


def _house_of(given: Told) -> House:
    from lofte.cli.working import working

    return working(given).house


def _outcomes() -> dict[str, str]:
    return {
        "opened": _("A request would be opened for it."),
        "joined": _("It would join its request."),
        "suggested": _("A handler would decide whether it asks for something."),
        "held": _("It would be held for a handler to look at."),
        "duplicate": _("It has come before."),
        "ignored": _("A machine sent it; it would be left alone."),
        "ordinary": _("It is about something else; it would be left alone."),
    }


def _line(taken: Taken) -> str:
    if taken.opened:
        return _("opened: {numbers}").format(numbers=", ".join(taken.opened))
    if taken.joined:
        return _("joined: {numbers}").format(numbers=", ".join(taken.joined))
    return _("waits for a handler: {ref}").format(ref=taken.ref)


def _summed(read: int, sent: int) -> str:
    messages = ngettext("{n} message read", "{n} messages read", read).format(n=read)
    letters = ngettext("{n} acknowledgement sent", "{n} acknowledgements sent", sent).format(n=sent)
    return f"{messages}, {letters}."


def _rights(rights: Any, language: str) -> str:
    return ", ".join(right.name_in(language) for right in dict.fromkeys(rights))


def _as_kept(found: Fault) -> Fault:
    from dataclasses import replace

    from lofte.fault import Severity

    return replace(found, severity=Severity.WARNING)


def _visible(text: str) -> str:
    """Without what would steer a terminal, or turn the text around."""
    return "".join(letter if letter.isprintable() or letter == "\t" else "\ufffd" for letter in text)


def _plain(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.ref,
        "outcome": mail.outcome,
        "why": mail.why,
        "received_at": mail.received_at.isoformat(),
        "rights": mail.rights,
        "perhaps": mail.perhaps,
        "faults": mail.faults,
        "spf": mail.spf,
        "dkim": mail.dkim,
        "dmarc": mail.dmarc,
    }


def _plain_taken(taken: Taken) -> dict[str, Any]:
    return {
        "outcome": taken.outcome,
        "why": taken.why,
        "id": taken.ref,
        "opened": taken.opened,
        "joined": taken.joined,
    }
