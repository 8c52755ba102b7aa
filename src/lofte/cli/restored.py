"""`lofte restored`: a system was restored from a backup; who was erased shall not be back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, cast

import typer

from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext

if TYPE_CHECKING:
    from lofte.connectors.protocol import Erasing
    from lofte.requests.erasure.restored import Replayed


def restored(
    ctx: typer.Context,
    system: Annotated[str, typer.Argument(metavar="SYSTEM", help=_("The id of the system in the data map."))],
    taken: Annotated[
        str,
        typer.Option(
            metavar="MOMENT",
            help=_(
                "When the backup was taken, as 2026-11-20T03:00; what was erased before is not in it. "
                "Swedish time, if no other is said."
            ),
        ),
    ] = "",
    lost: Annotated[
        bool,
        typer.Option(
            "--lost",
            help=_("Tombstones are gone and there is no copy of them: go on with those that are left."),
        ),
    ] = False,
) -> None:
    """Erase again what a restored backup has brought back; nothing is served before."""
    from lofte.cli.screen import say, say_json, sentence

    given = told(ctx)
    done = _replayed(ctx, system, _moment(taken), lost)
    if given.json:
        say_json({"system": system, "looked": done.looked, "back": done.back, "kept": done.left})
        return
    words = ngettext(
        "{looked} row was looked at in {system}: {back} were back and are erased again, {kept} are kept",
        "{looked} rows were looked at in {system}: {back} were back and are erased again, {kept} are kept",
        done.looked,
    )
    values = {"looked": done.looked, "system": system, "back": done.back - done.left, "kept": done.left}
    say(sentence(words.format(**values)))


def _replayed(ctx: typer.Context, system: str, taken: datetime | None, lost: bool) -> Replayed:
    from lofte.cli.screen import busy
    from lofte.site.judge import insist
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    given = told(ctx)
    workspace = load(given.workspace)
    insist(workspace)
    if system not in {known.id for known in workspace.datamap.systems}:
        listed = ", ".join(known.id for known in workspace.datamap.systems)
        wrong = _("the data map has no such system; it has: {listed}").format(listed=listed)
        raise typer.BadParameter(wrong, param_hint="SYSTEM")
    with busy(_("Looking for what came back"), quiet=given.json):
        prepare()
        from lofte.cli.working import signed
        from lofte.connectors.registry import address, open_system
        from lofte.connectors.sql.back import open_back
        from lofte.requests.erasure.erase_again import erasing
        from lofte.requests.erasure.restored import replay

        house = open_house(workspace)
        return replay(
            house,
            system,
            lambda s: open_back(s, address(s, workspace.folder)),
            erasing(house, lambda s: cast("Erasing", open_system(s, workspace.folder))),
            taken_at=taken,
            lost=lost,
            by=signed(given.by),
        )


def _moment(written: str) -> datetime | None:
    from zoneinfo import ZoneInfo

    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise typer.BadParameter(_("write it as 2026-11-20T03:00"), param_hint="--taken") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/Stockholm"))
