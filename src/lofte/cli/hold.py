"""`lofte hold`: what must stay although it would go, and when it is looked at again (art. 17.3 e)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import all_known_by, identities, today
from lofte.cli.exits import Code
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.cli.working import Working
    from lofte.consent.person import Connect
    from lofte.datamap.identity import Identity
    from lofte.plan.holds import Hold
    from lofte.requests.erasure.holds import Standing


class Placed(StrEnum):
    """The holds that a person places; the others are computed."""

    LEGAL_CLAIM = "legal_claim"
    INCIDENT = "incident"


def place(
    ctx: typer.Context,
    identity: Annotated[list[str], all_known_by()],
    case: Annotated[str, typer.Option(metavar="NUMBER", help=_("The case, as you number it; never a name."))],
    review_on: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help=_("The day when somebody looks at it again.")),
    ],
    why: Annotated[
        str, typer.Option(metavar="WHY", help=_("Who claims what, or what is looked into; kept sealed."))
    ],
    kind: Annotated[Placed, typer.Option(help=_("A legal claim, or an incident."))] = Placed.LEGAL_CLAIM,
    category: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help=_("A category of the policy; none = all data of the person.")),
    ] = None,
) -> None:
    """Stop the erasure of a person's data, from now (art. 17.3 e)."""
    from lofte.cli.working import may, working

    given = told(ctx)
    shown = identities(identity, today())
    at_work = working(given)
    from lofte.accounts.roles import Permission
    from lofte.plan.holds import HoldKind
    from lofte.requests.erasure import holds

    by = may(given.by, Permission.PLACE_HOLD)

    def placed(connect: Connect | None) -> Hold:
        return holds.place(
            at_work.house,
            kind=HoldKind(kind.value),
            identities=shown,
            case=case,
            review_on=review_on.date(),
            why=why,
            by=by,
            categories=category or (),
            connect=connect,
        )

    _stand(given, at_work, placed, shown)


def _stand(
    given: Told,
    at_work: Working,
    placed: Callable[[Connect | None], Hold],
    shown: tuple[Identity, ...],
) -> None:
    """It stands, and is said to, before any system is asked what else the person is known by."""
    from lofte.cli.screen import err, say, say_json, sentence
    from lofte.consent.person import is_known
    from lofte.errors import Unreachable

    hold = placed(None)
    if not given.json:
        words = _("hold {ref} is placed; it is looked at again on {day}")
        say(sentence(words.format(ref=_short(hold.ref), day=hold.review_on)))
    silent: Unreachable | None = None
    known: bool | None = None
    try:
        placed(at_work.connect)
        known = is_known(at_work.house, shown, at_work.connect)
    except Unreachable as error:
        silent = error
    if given.json:
        plain = {"hold": hold.ref, "case": hold.case, "review_on": hold.review_on, "known": known}
        say_json(plain, silent)
    if silent is not None:
        raise silent
    if known is False:
        words = _("no system knows one person by this; the hold stands all the same, see that it is right")
        err().print(sentence(words), style="yellow", markup=False)


def lift(
    ctx: typer.Context,
    hold: Annotated[str, typer.Argument(metavar="HOLD", help=_("The hold, as `lofte hold list` shows it."))],
    why: Annotated[str, typer.Option(metavar="WHY", help=_("Why it need not stay any longer; kept sealed."))],
) -> None:
    """End a hold. What it kept goes with the next erasure or on its own day."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import may, working

    given = told(ctx)
    at_work = working(given)
    from lofte.accounts.roles import Permission
    from lofte.requests.erasure import holds

    ref = holds.named(hold)
    holds.lift(at_work.house, ref, why=why, by=may(given.by, Permission.PLACE_HOLD))
    if given.json:
        say_json({"hold": ref, "lifted": True})
        return
    say(sentence(_("hold {ref} is lifted").format(ref=_short(ref))))


def _short(ref: str) -> str:
    """A hold as people see it: the beginning of its reference, which is enough to name it."""
    return ref[:12]


def list_(
    ctx: typer.Context,
    overdue: Annotated[
        bool, typer.Option("--overdue", help=_("Only those whose day of review has passed; 1 = there are."))
    ] = False,
) -> None:
    """The holds in force; those whose day of review has passed come first."""
    from lofte.cli.screen import say_json
    from lofte.cli.working import working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.erasure import holds

    found = [h for h in holds.all_standing(at_work.house) if h.overdue or not overdue]
    if given.json:
        say_json({"holds": [_plain(each) for each in found]})
    else:
        _table(found)
    if overdue and found:
        raise typer.Exit(Code.FAULTS)


def _plain(each: Standing) -> dict[str, Any]:
    hold = each.hold
    return {
        "hold": hold.ref,
        "kind": hold.kind.value,
        "case": hold.case,
        "review_on": hold.review_on.isoformat() if hold.review_on else None,
        "overdue": each.overdue,
        "categories": sorted(hold.categories),
        "identities": each.identities,
        "placed_at": hold.placed_at.isoformat(),
        "why": hold.why,
    }


def _table(found: list[Standing]) -> None:
    from lofte.cli.screen import out, sentence
    from lofte.cli.table import Column, show

    if not found:
        out().print(sentence(_("no hold stands")))
        return
    columns = (
        Column(heading=_("hold")),
        Column(heading=_("kind"), folds=True, least=1),
        Column(heading=_("case")),
        Column(heading=_("looked at again"), folds=True),
        Column(heading=_("categories"), folds=True, least=2),
    )
    rows = []
    for each in found:
        hold = each.hold
        day = hold.review_on.isoformat() if hold.review_on else ""
        said = _("{day}, has passed").format(day=day) if each.overdue else day
        which = ", ".join(sorted(hold.categories)) or _("all")
        rows.append((_short(hold.ref), _kinds()[hold.kind.value], hold.case, said, which))
    show(columns, rows, ["yellow" if each.overdue else "" for each in found])


def _kinds() -> dict[str, str]:
    return {"legal_claim": _("legal claim"), "incident": _("incident")}
