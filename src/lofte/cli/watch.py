"""`lofte restriction list`, `watch` and `settle`: what is restricted, and who writes there all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import request_number
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.consent.models import Restriction, RestrictionBreach
    from lofte.execution.house import House

_COUNTS = ("changed", "gone", "overwritten", "added")


def list_(ctx: typer.Context) -> None:
    """The restrictions in force: since when, who is to be told, and who has written there."""
    from lofte.cli.working import working

    given = told(ctx)
    house = working(given).house
    from lofte.consent.models import Restriction

    holding = Restriction.objects.filter(lifted=None).order_by("id")
    _show(given, house, list(holding))


def watch(ctx: typer.Context) -> None:
    """See whether somebody else has written to restricted rows; 0 is no, 1 is yes."""
    from lofte.cli.exits import Code
    from lofte.cli.working import working

    given = told(ctx)
    at_work = working(given)
    from lofte.consent.enforce import look_after_all

    found = look_after_all(at_work.house, at_work.connect)
    _show(given, at_work.house, list(found), only_breaches=True)
    raise typer.Exit(Code.FAULTS if found else Code.OK)


def settle(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    why: Annotated[str, typer.Option(metavar="WHY", help=_("Why the rows may stand; kept sealed."))],
) -> None:
    """Let rows that were written to stand as they do now, with a reason."""
    from lofte.cli.restrict import restriction_of
    from lofte.cli.screen import say, sentence
    from lofte.cli.words import ngettext
    from lofte.cli.working import signed, working

    given = told(ctx)
    at_work = working(given)
    from lofte.consent import watch as watching

    restriction = restriction_of(number)
    by = signed(at_work.by)
    ended = watching.settle(at_work.house, restriction, at_work.connect, why=why, by=by)
    if given.json:
        _show(given, at_work.house, [restriction])
        return
    words = ngettext("{n} breach is settled", "{n} breaches are settled", ended)
    say(sentence(words.format(n=ended)))


def _show(given: Told, house: House, restrictions: list[Restriction], *, only_breaches: bool = False) -> None:
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.table import Column, show

    plain = [_plain(house, restriction) for restriction in restrictions]
    if given.json:
        say_json({"restrictions": plain})
        return
    if not plain:
        nothing = (
            _("nobody else has written to restricted rows") if only_breaches else _("nothing is restricted")
        )
        say(sentence(nothing))
        return
    columns = (
        Column(heading=_("number")),
        Column(heading=_("since")),
        Column(heading=_("article"), least=1),
        Column(heading=_("to tell"), folds=True),
        Column(heading=_("breaches"), number=True),
    )
    rows = [
        (r["number"], r["since"][:10], r["article"], ", ".join(r["to_tell"]), str(len(r["breaches"])))
        for r in plain
    ]
    show(columns, rows)
    for each in plain:
        for breach in each["breaches"]:
            say(_line(each["number"], breach))
        if each["breaches"]:
            _tell_mend(each["number"])


def _line(number: str, breach: dict[str, Any]) -> str:
    from lofte.cli.screen import sentence

    said = ", ".join(_counted(name, breach[name]) for name in _COUNTS if breach[name])
    words = _("request {number}: {at} has been written to by somebody else ({rows}), first seen {since}")
    at = f"{breach['system']}.{breach['dataset']}"
    return sentence(words.format(number=number, at=at, rows=said, since=breach["since"][:10]))


def _counted(name: str, n: int) -> str:
    from lofte.cli.words import ngettext

    said = {
        "changed": ngettext("{n} changed", "{n} changed", n),
        "gone": ngettext("{n} gone", "{n} gone", n),
        "overwritten": ngettext("{n} overwritten", "{n} overwritten", n),
        "added": ngettext("{n} new", "{n} new", n),
    }
    return said[name].format(n=n)


def _tell_mend(number: str) -> None:
    from lofte.cli.screen import say, sentence

    words = _(
        "stop the program that writes there, and put back what it wrote; or, if it may stand, "
        "run `lofte restriction settle {number} --why …`"
    )
    say(sentence(words.format(number=number)))


def _plain(house: House, restriction: Restriction) -> dict[str, Any]:
    from lofte.consent import copy
    from lofte.consent.models import Notice
    from lofte.consent.restrict import stopped_by
    from lofte.consent.watch import open_breaches
    from lofte.plan.restriction import Ground
    from lofte.requests.models import Request

    request = Request.objects.filter(ref=restriction.request).first()
    now = stopped_by(house, restriction)
    to_tell = Notice.objects.filter(about=restriction.ref, told=None).order_by("id")
    return {
        "number": request.number if request else "",
        "since": restriction.at.isoformat(),
        "ground": restriction.ground,
        "article": Ground(restriction.ground).article,
        "stopped": sorted(now.purposes),
        "told": now.told,
        "to_tell": [notice.what for notice in to_tell],
        "watched": sorted(restriction.watched.values_list("system", flat=True)),
        "moved": sum(restriction.moves.values_list("count", flat=True)),
        "left": copy.left(restriction),
        "breaches": [_breach(breach) for breach in open_breaches(restriction)],
    }


def _breach(breach: RestrictionBreach) -> dict[str, Any]:
    counts = {name: getattr(breach, name) for name in _COUNTS}
    at = {"system": breach.system, "dataset": breach.dataset, "since": breach.since.isoformat()}
    return {**at, **counts}
