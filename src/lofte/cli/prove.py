"""`lofte prove`: every promise of the policy, and whether it is kept (art. 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.exits import Code
from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.proof.records import Line
    from lofte.site.workspace import Workspace

_COLOURS = {"kept": "green", "broken": "bold red", "unproven": "yellow", "not_built": "dim"}


def prove(
    ctx: typer.Context,
    promise: Annotated[
        list[str] | None,
        typer.Option(metavar="P097", help=_("Only these promises; as many as you like.")),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help=_("Do not look into the live systems."))] = False,
) -> None:
    """Judge every promise of the policy by the ledger and the live systems. Exit code 1: one is broken."""
    from lofte.cli.screen import busy, say_json
    from lofte.site.workspace import load

    given = told(ctx)
    with busy(_("Gathering the evidence"), quiet=given.json) as progress:

        def look(system: str) -> None:
            words = _("Looking into {system}").format(system=system)
            progress.update(progress.task_ids[0], description=words)

        lines = _lines(load(given.workspace), offline, look, given.language)
    asked = [line for line in lines if not promise or line.promise.id in promise]
    if unknown := set(promise or ()) - {line.promise.id for line in lines}:
        wrong = _("the policy makes no such promise: {ids}").format(ids=", ".join(sorted(unknown)))
        raise typer.BadParameter(wrong, param_hint="--promise")
    if given.json:
        say_json({"promises": [_plain(line, given.language) for line in asked], "counts": _counts(asked)})
    else:
        _show(asked, given.language)
    raise typer.Exit(Code.FAULTS if _counts(asked)["broken"] else Code.OK)


def _lines(workspace: Workspace, offline: bool, look: Any, language: str) -> tuple[Line, ...]:
    """All promises, judged; and kept for the console and the portal when the systems were looked into."""
    from lofte.site.store import prepare
    from lofte.site.workspace import open_house

    prepare()
    from lofte.notices.proofs import keep
    from lofte.site.proving import found, gathered

    house = open_house(workspace)
    lines = found(house, gathered(house, workspace, offline=offline, look=look))
    if not offline:
        keep(house, lines)
    spoken: Any = language if language in lines else house.policy.meta.record_language
    return lines[spoken]


def _counts(lines: Sequence[Line]) -> dict[str, int]:
    from lofte.proof.records import Finding

    return {finding.value: sum(line.counted is finding for line in lines) for finding in Finding}


def _plain(line: Line, language: str) -> dict[str, Any]:
    return {
        "promise": line.promise.id,
        "article": line.promise.article,
        "field": line.promise.path,
        "sentence": line.promise.sentence,
        "finding": line.finding.value,
        "reason": line.reason.say(language),
        "mend": line.mend.say(language) if line.mend else None,
        "missing": line.missing.say(language) if line.missing else None,
        "entries": list(line.entries),
        "as_of": line.as_of.isoformat() if line.as_of else None,
    }


def _show(lines: Sequence[Line], language: str) -> None:
    from rich.table import Table

    from lofte.cli.screen import out

    called = {
        "kept": _("kept"),
        "broken": _("broken"),
        "unproven": _("unproven"),
        "not_built": _("not built"),
    }
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_("Promise"), no_wrap=True)
    table.add_column(_("Article"), no_wrap=True)
    table.add_column(_("Finding"), no_wrap=True)
    table.add_column(_("Why"), overflow="fold")
    for line in lines:
        said = line.reason.say(language)
        if line.mend:
            said = f"{said} {line.mend.say(language)}"
        finding = line.finding.value
        colour = _COLOURS[finding]
        table.add_row(line.promise.id, line.promise.article, f"[{colour}]{called[finding]}[/{colour}]", said)
    out().print(table)
    counted = ", ".join(f"{n} {called[finding]}" for finding, n in _counts(lines).items())
    out().print(counted, style="bold")
