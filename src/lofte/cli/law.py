"""`lofte law`: the rules of the law that Löfte reckons by, and how old they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from lofte.cli.exits import Code
from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext

if TYPE_CHECKING:
    from lofte.law.packs import Pack


def law(ctx: typer.Context) -> None:
    """List the packs of rules: source, when somebody last looked, whether they count. 1 = one is wrong."""
    from lofte.cli.asked import today
    from lofte.cli.screen import plain, say_json, show_faults
    from lofte.errors import FaultsFound
    from lofte.fault import errors
    from lofte.law import packs
    from lofte.site import laws

    given, day = told(ctx), today()
    found = laws.faults(given.workspace, day)
    try:
        on = laws.turned_on(given.workspace)
    except FaultsFound:
        on = ()
    if given.json:
        listed = [_plain(pack, on, day, given.language) for pack in packs.PACKS.values()]
        say_json({"packs": listed, "values": packs.settled(on), "faults": [plain(f) for f in found]})
    else:
        _show(tuple(packs.PACKS.values()), on, day, given.language)
        show_faults(found)
    raise typer.Exit(Code.FAULTS if errors(found) else Code.OK)


def _plain(pack: Pack, on: Collection[str], today: date, language: str) -> dict[str, Any]:
    return {
        "id": pack.id,
        "name": pack.name.say(language),
        "scope": pack.scope.say(language),
        "source": pack.source,
        "version": pack.version,
        "checked_on": pack.checked_on.isoformat(),
        "age": pack.age(today),
        "stale": pack.is_stale(today),
        "counts": pack.on or pack.id in on,
        "in_force": pack.in_force(today),
        "valid_from": pack.valid_from.isoformat() if pack.valid_from else None,
        "valid_to": pack.valid_to.isoformat() if pack.valid_to else None,
        "rules": list(pack.rules),
        "unchecked": list(pack.unchecked),
        "values": {key: each.value for key, each in pack.values.items()},
    }


def _show(all_: tuple[Pack, ...], on: Collection[str], today: date, language: str) -> None:
    from lofte.cli.screen import out, sentence
    from lofte.cli.table import Column, show

    columns = (
        Column(heading=_("Rules")),
        Column(heading=_("What they decide"), folds=True),
        Column(heading=_("Checked")),
        Column(heading=_("Age"), number=True),
        Column(heading=_("State")),
        Column(heading=_("Source"), folds=True, least=1),
    )
    rows = [
        (
            pack.id,
            pack.scope.say(language),
            pack.checked_on.isoformat(),
            ngettext("{n} day", "{n} days", pack.age(today)).format(n=pack.age(today)),
            _state(pack, on, today),
            pack.source,
        )
        for pack in all_
    ]
    show(columns, rows)
    for pack in all_:
        if pack.unchecked:
            words = _("{id}: written down without the act beside it: {rules}").format(
                id=pack.id, rules=", ".join(pack.unchecked)
            )
            out().print(sentence(words), style="dim")


def _state(pack: Pack, on: Collection[str], today: date) -> str:
    if not pack.on and pack.id not in on:
        return _("off")
    if pack.is_stale(today):
        return _("look again")
    return _("in force") if pack.in_force(today) else _("turned on here")
