"""`lofte sweep`: what has had its time leaves (art. 5.1 e)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.exits import Code
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext

if TYPE_CHECKING:
    from lofte.cli.working import Working
    from lofte.datamap.document import DataMap
    from lofte.retention.ahead import Task
    from lofte.retention.sweep import Progress, Swept


def sweep(
    ctx: typer.Context,
    as_of: Annotated[
        str,
        typer.Option(metavar="DATE", help=_("As if it were this day: 2026-12-31 (default: today).")),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Only show what would leave; nothing is done or noted."))
    ] = False,
    system: Annotated[str, typer.Option(metavar="SYSTEM", help=_("Only this system of the data map."))] = "",
    rule: Annotated[str, typer.Option(metavar="RULE", help=_("Only this rule of the policy."))] = "",
    approve: Annotated[
        bool,
        typer.Option("--approve", help=_("Let it be done from now on; by a handler who may approve.")),
    ] = False,
    wide: Annotated[
        str, typer.Option(metavar="WHY", help=_("Let unusual counts through this once, and say why."))
    ] = "",
    pace: Annotated[
        float,
        typer.Option(min=0, max=100, help=_("How long the system rests after each part, as a share of it.")),
    ] = 1.0,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help=_("Somebody has looked at a clock that was doubted."))
    ] = False,
) -> None:
    """Let everything go whose time is out. Exit code 1: something was not done."""
    if ctx.invoked_subcommand is not None:
        return
    from lofte.cli.working import working

    given, on = told(ctx), _day(as_of)
    at_work = working(given)
    from lofte.retention import ahead, clock
    from lofte.retention.approve import approve as approving

    on = on or at_work.house.today
    by = "" if dry_run else _signed(at_work, lets_through=bool(approve or wide or clock_is_right))
    if dry_run or approve:
        found = ahead.tasks(at_work.house, at_work.connect, on, system=system, rule=rule, wide=bool(wide))
        if dry_run:
            _show_tasks(found, on, given, at_work.house.datamap)
            return
        approving(at_work.house, found, by=by)
    if clock_is_right:
        clock.confirm(at_work.house, by=by)
    named = {"as_of": on, "system": system, "rule": rule, "wide": wide, "by": by}
    swept = _carried_out(at_work, given, pace, named)
    _show(swept, given, at_work.house.datamap)
    raise typer.Exit(Code.FAULTS if swept.stops else Code.OK)


def _carried_out(at_work: Working, given: Told, share: float, named: dict[str, Any]) -> Swept:
    from lofte.retention.pace import Pace
    from lofte.retention.sweep import sweep as carry_out

    with _shown(given) as progress:
        return carry_out(at_work.house, at_work.connect, tell=progress, pace=Pace(share=share), **named)


def calendar(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(min=0, max=36600, help=_("How many days ahead."))] = 90,
) -> None:
    """What will leave, and on which day. Holds may keep some of it."""
    from lofte.cli.working import working

    given = told(ctx)
    at_work = working(given)
    from lofte.cli.screen import say_json
    from lofte.cli.table import Column, show
    from lofte.retention.calendar import calendar as leaving

    found = leaving(at_work.house, at_work.connect, days)
    if given.json:
        plain = [{"day": e.day, "system": e.system, "dataset": e.dataset, "rows": e.rows} for e in found]
        say_json({"leaving": plain})
        return
    columns = (
        Column(heading=_("Day")),
        Column(heading=_("Dataset")),
        Column(heading=_("What"), folds=True, least=1),
        Column(heading=_("Rows"), number=True),
    )
    rows = []
    for each in found:
        name = at_work.house.datamap.system(each.system).datasets[each.dataset].name.say(given.language)
        rows.append((each.day.isoformat(), f"{each.system}.{each.dataset}", name, str(each.rows)))
    show(columns, rows)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise typer.BadParameter(_("write the day as 2026-12-31"), param_hint="--as-of") from error


def _signed(at_work: Working, *, lets_through: bool) -> str:
    """The random id of the handler at the terminal. Approving, and letting through what the house would
    stop, takes somebody who may approve; what is approved anybody may carry out. Raises Refused."""
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Permission
    from lofte.cli.working import may

    if lets_through:
        return may(at_work.by, Permission.APPROVE)
    handler = Handler.objects.filter(email__iexact=at_work.by.strip()).first() if at_work.by else None
    return handler.ref if handler is not None else ""


@contextmanager
def _shown(given: Told) -> Iterator[Progress]:
    """A bar for each dataset, on stderr."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    from lofte.cli.screen import err

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=err(), transient=True, disable=given.json) as bars:
        known: dict[int, Any] = {}

        def tell(line: Any, rows: int) -> None:
            if line.pk not in known:
                known[line.pk] = bars.add_task(f"{line.system}.{line.dataset}", total=line.rows)
            bars.update(known[line.pk], completed=rows, total=max(rows, line.rows))

        yield tell


# -- what is said -------------------------------------------------------------------------------------------


def _fates() -> dict[str, str]:
    return {
        "delete": _("goes"),
        "suppress": _("goes, the no stays"),
        "anonymise": _("made nobody's"),
        "restrict": _("minimised"),
        "minimise": _("minimised"),
    }


def _stops() -> dict[str, str]:
    return {
        "unapproved": _("not approved yet; look at it, then use --approve"),
        "unusual": _("unusually many rows; look at them, then say --wide WHY"),
        "clock": _("the clock is doubted"),
        "faults": _("the data map or the database does not let it; run `lofte check`"),
        "unclear": _("rows of a person with a hold cannot be told from another's"),
        "unreachable": _("the system does not answer; the next sweep tries again"),
        "broken": _("the database did other than it was told; nothing was done"),
        "conflict": _("something changed meanwhile; the next sweep tries again"),
        "unknown": _("refused; the next sweep tries again"),
    }


def _plain(task: Task) -> dict[str, Any]:
    return {
        "system": task.system,
        "dataset": task.dataset,
        "fate": task.fate.value,
        "rules": list(task.rules),
        "rows": task.rows,
        "waiting": task.waiting,
        "held": task.held,
        "unknown": task.unknown,
        "wrong": task.wrong,
        "oldest": task.oldest,
        "newest": task.newest,
        "stopped": task.why or None,
        "usual": task.usual,
    }


def _show_tasks(found: Sequence[Task], on: date, given: Told, datamap: DataMap) -> None:
    from lofte.cli.screen import out, say_json, sentence
    from lofte.cli.table import Column, show

    if given.json:
        say_json({"as_of": on, "tasks": [_plain(task) for task in found]})
        return
    columns = (
        Column(heading=_("Dataset")),
        Column(heading=_("What happens"), folds=True),
        Column(heading=_("Rules"), folds=True, least=3),
        Column(heading=_("Rows"), number=True),
        Column(heading=_("Waiting"), number=True, unless_empty=True),
        Column(heading=_("Held"), number=True, unless_empty=True),
        Column(heading=_("Unknown"), number=True, unless_empty=True),
        Column(heading=_("Oldest"), unless_empty=True, least=1),
        Column(heading=_("Newest"), unless_empty=True, least=2),
        Column(heading=_("Stops"), folds=True, unless_empty=True),
    )
    # What stops all of them is said once, below.
    alike = len(found) > 1 and bool(found[0].why) and len({task.why for task in found}) == 1
    lines = []
    for task in found:
        oldest, newest = (each.isoformat() if each else "" for each in (task.oldest, task.newest))
        counts = (str(n) for n in (task.rows, task.waiting, task.held, task.unknown))
        why = "" if alike else _stops().get(task.why, task.why)
        rules = ", ".join(task.rules)
        at = f"{task.system}.{task.dataset}"
        lines.append((at, _fates()[task.fate], rules, *counts, oldest, newest, why))
    show(columns, lines)
    if alike:
        out().print(sentence(f"{_('Stops')}: {_stops().get(found[0].why, found[0].why)}"), style="yellow")
    rows = sum(task.rows for task in found)
    words = ngettext(
        "{rows} row would leave or change as of {day}. Nothing was done and nothing noted",
        "{rows} rows would leave or change as of {day}. Nothing was done and nothing noted",
        rows,
    )
    out().print(sentence(words.format(rows=rows, day=on.isoformat())), style="bold")


def _show(swept: Swept, given: Told, datamap: DataMap) -> None:
    from lofte.cli.screen import err, out, say_json, sentence
    from lofte.cli.table import Column, show

    if given.json:
        named = ("system", "dataset", "fate", "rules", "rows", "gone", "changed", "held", "unknown", "wrong")
        lines = [{name: getattr(line, name) for name in named} for line in swept.lines]
        stops = [{name: getattr(stop, name) for name in ("system", "dataset", "fate", "why", "rows", "usual")}
                 for stop in swept.stops]  # fmt: skip
        say_json({"as_of": swept.as_of, "outcome": swept.outcome, "lines": lines, "stops": stops})
        return
    headings = (_("Gone"), _("Changed"), _("Held"), _("Unknown"))
    columns = (
        Column(heading=_("Dataset")),
        Column(heading=_("What happens"), folds=True),
        *(Column(heading=heading, number=True, unless_empty=True) for heading in headings),
    )
    rows = [
        (f"{line.system}.{line.dataset}", _fates()[line.fate],
         *(str(n) for n in (line.gone, line.changed, line.held, line.unknown)))
        for line in swept.lines
    ]  # fmt: skip
    show(columns, rows)
    gone, changed = (sum(getattr(line, name) for line in swept.lines) for name in ("gone", "changed"))
    words = ngettext(
        "{gone} row is gone and {changed} changed, as of {day}",
        "{gone} rows are gone and {changed} changed, as of {day}",
        gone,
    )
    out().print(sentence(words.format(gone=gone, changed=changed, day=swept.as_of.isoformat())), style="bold")
    for stop in swept.stops:
        at = f"{stop.system}.{stop.dataset}" if stop.system else ""
        said = ngettext(
            "{dataset}: {rows} row was left: {why}", "{dataset}: {rows} rows were left: {why}", stop.rows
        )
        why = _stops().get(stop.why, stop.why)
        err().print(sentence(said.format(dataset=at, rows=stop.rows, why=why)), style="yellow", markup=False)
