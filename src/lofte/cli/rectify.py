"""`lofte request rectify`: the right value wherever the wrong one stands, or a statement (art. 16)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from lofte.cli.asked import (
    Channel,
    Sure,
    how_identified,
    how_it_came,
    how_surely,
    identities,
    reached_by,
    today,
)
from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext


def rectify(
    ctx: typer.Context,
    identity: Annotated[list[str], reached_by()],
    identified_by: Annotated[str, how_identified()],
    item: Annotated[
        str, typer.Option(metavar="CATEGORY.ITEM", help=_("What is wrong or missing, as contact.email."))
    ] = "",
    was: Annotated[
        str | None, typer.Option(metavar="VALUE", help=_("What stands there; leave it out to complete."))
    ] = None,
    now: Annotated[
        str | None, typer.Option(metavar="VALUE", help=_("What is right; leave it out to take it away."))
    ] = None,
    statement: Annotated[
        str, typer.Option(help=_("What shall stand with the data from now on; kept sealed."))
    ] = "",
    sure: Annotated[Sure, how_surely("contact")] = Sure.CONTACT,
    channel: Annotated[Channel, how_it_came()] = Channel.EMAIL,
) -> None:
    """Rectify or complete a person's data in every system, or keep a statement (art. 16)."""
    if not item and not statement:
        raise typer.BadParameter(_("say what to rectify, or give a statement"), param_hint="--item")
    from lofte.cli.working import signing, working
    from lofte.law.rights import Right

    given = told(ctx)
    shown = identities(identity, today())
    at_work = working(given)
    from lofte.plan.rectify import Correction, plan
    from lofte.requests.answer import rectify as rectifying
    from lofte.requests.answer.grant import grant

    house = at_work.house
    category, _dot, id_ = item.partition(".")
    correction = Correction(category=category, item=id_, was=was, now=now)
    if item:
        plan(house.policy, house.datamap, correction)
    request = at_work.identified(Right.RECTIFICATION, shown, identified_by, sure.name, channel.value)
    if statement:
        rectifying.state(house, request, statement)
    shows: dict[str, Any] = {"number": request.number, "statement": bool(statement)}
    if item:
        done = rectifying.rectify(house, request, correction, at_work.connect)
        shows |= {"rows": [[*at, n] for at, n in done.rows.items()], "left": done.left, "state": done.state}
        shows["kept"] = [[str(k.at), *k.fields, k.ground] for k in done.kept]
    else:
        shows["state"] = grant(house, request, by=signing(given.by)).state
    _show(shows, as_json=given.json)


def _show(shows: dict[str, Any], *, as_json: bool) -> None:
    from lofte.cli.screen import say, say_json, sentence

    if as_json:
        say_json(shows)
        return
    number, rows = shows["number"], shows.get("rows", [])
    if shows["statement"]:
        say(sentence(_("request {number}: the statement is kept").format(number=number)))
    for system, dataset, column, count in rows:
        say(f"{system}.{dataset}.{column}: {count}")
    for at, *columns, ground in shows.get("kept", []):
        say(_("{place} stays: {ground}").format(place=f"{at}.{'.'.join(columns)}", ground=ground))
    if rows and not any(row[-1] for row in rows):
        nowhere = _("request {number}: the value stands nowhere in the person's own rows")
        say(sentence(nowhere.format(number=number)))
    if shows.get("left"):
        theirs = ngettext(
            "{rows} row is somebody else's too; a handler looks at it",
            "{rows} rows are somebody else's too; a handler looks at them",
            shows["left"],
        )
        say(sentence(theirs.format(rows=shows["left"])))
