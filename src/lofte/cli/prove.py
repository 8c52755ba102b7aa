"""`lofte prove`: every promise of the policy, and whether it is kept (art. 5.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from lofte.cli.exits import Code
from lofte.cli.told import told
from lofte.cli.words import gettext as _

_COLOURS = {"kept": "green", "broken": "bold red", "unproven": "yellow", "not_built": "dim"}


def prove(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=_("With --json: write the proof to this file."))
    ] = None,
    promise: Annotated[
        list[str] | None,
        typer.Option(metavar="P097", help=_("Only these promises; as many as you like.")),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help=_("How it stood on a day that is past, by what is known of that day."),
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Write a page that holds all it needs."))
    ] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help=_("Write a tagged PDF."))] = None,
    offline: Annotated[bool, typer.Option("--offline", help=_("Do not look into the live systems."))] = False,
) -> None:
    """Judge every promise of the policy by the ledger and the live systems. Exit code 1: one is broken."""
    from lofte.cli.screen import busy, say_json

    given = told(ctx)
    if file and not given.json:
        raise typer.BadParameter(_("a file is for --json"), param_hint="FILE")
    with busy(_("Gathering the evidence"), quiet=given.json) as progress:

        def look(system: str) -> None:
            words = _("Looking into {system}").format(system=system)
            progress.update(progress.task_ids[0], description=words)

        found = _proven(
            given.workspace, as_of.date() if as_of else None, offline=offline, only=promise or (), look=look
        )
    _write_all(found, given.language, file, html, pdf)
    if given.json and file is None:
        say_json(found)
    elif not given.json:
        _show(found, given.language)
    raise typer.Exit(Code.FAULTS if found["counts"]["broken"] else Code.OK)


def _proven(folder: Path, on: date | None, *, offline: bool, only: Any, look: Any) -> dict[str, Any]:
    """The signed proof; kept for the console and the portal when it is of today, of all promises, and the
    systems were looked into."""
    from lofte.proof import report
    from lofte.proof.signing import signed
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    prepare()
    from lofte.notices.proofs import keep
    from lofte.site.proving import proven

    workspace = load(folder)
    house = open_house(workspace)
    whole = proven(house, workspace, on=on, offline=offline, look=look)
    if unknown := set(only) - {promise["promise"] for promise in whole["promises"]}:
        wrong = _("the policy makes no such promise: {ids}").format(ids=", ".join(sorted(unknown)))
        raise typer.BadParameter(wrong, param_hint="--promise")
    if not offline and not whole["past"]:
        keep(house, whole)
    return signed(report.only(whole, only), house.keys.checkpoint) if only else whole


def _write_all(
    found: Mapping[str, Any], language: str, plain: Path | None, html: Path | None, pdf: Path | None
) -> None:
    if plain:
        _write(plain, (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode())
    if html:
        from lofte.notices.proof_page import page

        _write(html, page(found, language).encode())
    if pdf:
        from lofte.notices.proof_pdf import pdf as printed

        _write(pdf, printed(found, language))


def _write(file: Path, content: bytes) -> None:
    from lofte.errors import Refused

    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refused(f"{file} cannot be written; see that the folder is there") from error


def _show(found: Mapping[str, Any], language: str) -> None:
    from rich.table import Table

    from lofte.cli.screen import out
    from lofte.notices.proof_page import remarks, speak
    from lofte.proof.records import Finding
    from lofte.proof.report import shown

    called = _called()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_("Promise"), no_wrap=True)
    table.add_column(_("Article"), no_wrap=True)
    table.add_column(_("Finding"), no_wrap=True)
    table.add_column(_("Why"), overflow="fold")
    for promise in found["promises"]:
        said = " ".join(filter(None, (speak(promise[name], language) for name in ("reason", "mend"))))
        finding = shown(promise).value
        colour = _COLOURS[finding]
        table.add_row(promise["promise"], promise["article"], f"[{colour}]{called[finding]}[/{colour}]", said)
    out().print(table)
    _show_erasure(found, language)
    for remark in remarks(found, language):
        out().print(remark)
    counted = ", ".join(f"{found['counts'][finding]} {called[finding]}" for finding in Finding)
    about = _("version {version}, {day}").format(version=found["policy"]["version"], day=found["on"])
    out().print(f"{counted} ({about})", style="bold")


def _show_erasure(found: Mapping[str, Any], language: str) -> None:
    from rich.table import Table

    from lofte.cli.screen import out
    from lofte.notices.proof_page import speak
    from lofte.proof.records import Finding
    from lofte.proof.report_words import PROBLEMS, word

    if not found["erasure"]:
        return
    table = Table(
        box=None, pad_edge=False, show_header=False, title=word("erasure", language), title_justify="left"
    )
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    for each in found["erasure"]:
        colour, called = _COLOURS[each["finding"]], PROBLEMS[Finding(each["finding"])].say(language)
        table.add_row(speak(each["title"], language), f"[{colour}]{called}[/{colour}]")
    out().print()
    out().print(table)
    out().print()


def _called() -> dict[str, str]:
    return {
        "kept": _("kept"),
        "broken": _("broken"),
        "unproven": _("unproven"),
        "not_built": _("not built"),
    }
