"""`lofte consent`: what visitors chose, proven (art. 7.1)."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.consent.proof import Proven


def commands() -> typer.Typer:
    """`lofte consent` and what belongs to it."""
    asked = typer.Typer(help=_("What visitors chose about cookies, proven (art. 7.1)."), no_args_is_help=True)
    asked.command("show", help=_("What was shown and chosen, when and how."))(show)
    asked.command("verify", help=_("See that no choice was changed, put in or taken out."))(verify)
    asked.command("statistics", help=_("How visitors choose: by purpose, day and language."))(statistics)
    asked.command("export", help=_("Every choice as a receipt, one JSON document on each line."))(export)
    return asked


def verify(ctx: typer.Context) -> None:
    """Look at every choice, link by link, and at what the ledger says of them. Exit code 0 is whole."""
    from lofte.cli.exits import Code
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import working

    given = told(ctx)
    house = working(given).house
    from lofte.consent import chain

    looked = chain.verify(house)
    flaws = [{"stream": f.stream, "number": f.number, "what": f.what} for f in looked.flaws]
    if given.json:
        say_json({"records": looked.records, "in_the_ledger": looked.sealed, "flaws": flaws})
    elif flaws:
        words = {
            "changed": _("choice {number} of stream {stream} has been changed"),
            "missing": _("choice {number} of stream {stream} is gone"),
            "unknown": _("choice {number} of stream {stream} was to be deleted and is there"),
            "shown": _("what was shown ({stream}) has been changed"),
        }
        for flaw in looked.flaws:
            say(sentence(words[flaw.what].format(number=flaw.number, stream=flaw.stream[:8])))
    else:
        whole = _("{records} choices stand as they were recorded; the ledger answers for {sealed} of them")
        say(sentence(whole.format(records=looked.records, sealed=looked.sealed)))
    if flaws:
        raise typer.Exit(Code.FAULTS)


def show(
    ctx: typer.Context,
    known_by: Annotated[
        str,
        typer.Argument(metavar="RECEIPT", help=_("A receipt, or the id of a browser (its cookie has it).")),
    ],
) -> None:
    """What was shown and chosen, when and how: one choice, or all of one browser."""
    from lofte.cli.screen import say, say_json
    from lofte.cli.working import working

    given = told(ctx)
    house = working(given).house
    from lofte.consent.receipt import as_json

    found = _found(house.keys.lookup, known_by)
    if given.json:
        say_json({"choices": [{**as_json(house, each), "shown": each.content} for each in found]})
        return
    for each in found:
        say(_said(each))


def statistics(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=366, help=_("How many days back."))] = 30,
) -> None:
    """How visitors choose: by purpose, day and language. Counts of nobody."""
    from lofte.cli.asked import today
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.table import Column
    from lofte.cli.table import show as table
    from lofte.cli.working import working

    given = told(ctx)
    working(given)
    from lofte.consent.tally import tally

    found = tally(today() - timedelta(days=days - 1), today())
    if given.json:
        say_json(
            {
                "chosen": found.chosen,
                "actions": found.actions,
                "by_purpose": {id_: {"yes": y, "asked": n} for id_, (y, n) in found.by_purpose.items()},
                "by_language": {id_: {"yes": y, "asked": n} for id_, (y, n) in found.by_language.items()},
                "by_day": {str(day): {"yes": y, "chose": n} for day, (y, n) in found.by_day.items() if n},
            }
        )
        return
    say(sentence(_("{n} choices in {days} days").format(n=found.chosen, days=days)))
    rows = [
        (id_, str(y), str(n), f"{100 * y // n} %" if n else "") for id_, (y, n) in found.by_purpose.items()
    ]
    if rows:
        headings = (_("Purpose"), _("Yes"), _("Asked"), _("Share"))
        table([Column(heading=h, number=n > 0) for n, h in enumerate(headings)], rows)


def export(
    ctx: typer.Context,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_("From this day; none = all."))
    ] = None,
) -> None:
    """Every choice as a receipt (ISO/IEC TS 27560), one JSON document on each line."""
    import json

    from lofte.cli.working import working

    house = working(told(ctx)).house
    from lofte.consent.models import Choice
    from lofte.consent.proof import proven
    from lofte.consent.receipt import as_json
    from lofte.law.calendar import civil_date

    rows = Choice.objects.order_by("id").values_list("receipt", "at")
    for receipt, at in rows.iterator(chunk_size=2000):
        each = proven(receipt) if since is None or civil_date(at) >= since.date() else None
        if each is not None:
            sys.stdout.write(json.dumps(as_json(house, each), ensure_ascii=False) + "\n")


def _found(key: bytes, known_by: str) -> tuple[Proven, ...]:
    from lofte.consent.ingest.ids import Ids
    from lofte.consent.proof import history, proven
    from lofte.errors import Refused

    person = Ids(key=key).read(known_by) or known_by
    one = proven(known_by)
    found = (one,) if one is not None else history(person)
    if not found:
        raise Refused("no choice is known by this; give a receipt, or the id that stands in the cookie")
    return found


def _said(each: Proven) -> str:
    names = each.names
    chosen: dict[str, Any] = {**each.body["purposes"], **each.body["vendors"]}
    holds = _("holds") if each.holds else _("a later one has taken its place")
    lines = [
        f"{each.at.isoformat(timespec='seconds')}  {each.receipt}  {each.body['action']} ({holds})",
        f"  {_('site')}: {each.site}{each.body['path']}   {_('language')}: {each.body['language']}   "
        f"GPC: {_('yes') if each.body['gpc'] else _('no')}",
        f"  {_('policy')} {each.version}, {_('shown')} {each.sha[:16]}…",
    ]
    lines += [f"    {_('yes') if said else _('no'):4} {names.get(id_, id_)}" for id_, said in chosen.items()]
    if each.content is not None:
        lines += ["", f"    {each.content['texts']['title']}", f"    {each.content['texts']['text']}"]
    return "\n".join(lines) + "\n"
