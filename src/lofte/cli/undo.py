"""`lofte undo`: an erasure that was a mistake, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import request_number
from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext

if TYPE_CHECKING:
    from lofte.execution.house import House
    from lofte.execution.restore_log import GivenBack


def undo(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
) -> None:
    """Give back what was erased for a request, within fourteen days."""
    from lofte.cli.screen import busy, out, say, say_json, sentence
    from lofte.site.judge import insist
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    given = told(ctx)
    workspace = load(given.workspace)
    insist(workspace)
    with busy(_("Putting back"), quiet=given.json):
        prepare()
        from lofte.cli.working import signed
        from lofte.connectors.registry import address
        from lofte.connectors.sql.back import open_back
        from lofte.requests.erasure.undo import undo as put_back

        house = open_house(workspace)
        back = put_back(
            house,
            number,
            lambda s: open_back(s, address(s, workspace.folder)),
            by=signed(given.by),
        )
    rows = sum(back.rows.values())
    left = list(_left(house, back))
    if given.json:
        listed = [{"system": s, "dataset": d, "rows": n} for (s, d), n in sorted(back.rows.items())]
        say_json({"request": number, "rows": rows, "datasets": listed, "left": left})
        return
    if not rows and not left:
        say(sentence(_("this erasure has been undone already; there is nothing left to give back")))
        return
    for (system, dataset), n in sorted(back.rows.items()):
        out().print(f"{system}.{dataset}: {n}", markup=False)
    for each in left:
        row = " ".join([f"{each['system']}.{each['dataset']}", *([each["key"]] if each["key"] else [])])
        out().print(f"{row}: {', '.join(each['columns'])}", markup=False)
    words = ngettext(
        "{rows} row is back as it was; tell the person, and close or correct request {number}",
        "{rows} rows are back as they were; tell the person, and close or correct request {number}",
        rows,
    )
    say(sentence(words.format(rows=rows, number=number)))
    if left:
        words = _(
            "what is listed by column was written by somebody since, or nobody knows any more what the "
            "erasure wrote there; it is left as it is, look at it"
        )
        say(sentence(words))


def _left(house: House, back: GivenBack) -> Iterator[dict[str, Any]]:
    """Row and columns that were left; a key that tells who the person is is not shown."""
    for system, listed in sorted(back.since.items()):
        for each in listed:
            yield {
                "system": system,
                "dataset": each.dataset,
                "key": key_shown(house, system, each.dataset, each.key),
                "columns": list(each.columns),
            }


def key_shown(house: House, system: str, dataset: str, key: Sequence[str]) -> str | None:
    """A row's key as it may be shown; None when it would tell who the person is."""
    entry = house.datamap.system(system).datasets[dataset]
    fields = [entry.fields.get(name) for name in entry.key]
    telling = any(field is None or field.category or field.identity for field in fields)
    return None if telling else ", ".join(key)
