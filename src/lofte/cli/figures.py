"""`lofte statistics`: figures that leave the company, if nobody can be told from them (recital 26)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext

if TYPE_CHECKING:
    from lofte.cli.working import Working
    from lofte.datamap.figures import FiguresDocument
    from lofte.policy.document import Language


def list_(ctx: typer.Context) -> None:
    """The figures that `statistics.yaml` names, and who may get them."""
    from lofte.cli.screen import say_json
    from lofte.cli.table import Column, show
    from lofte.cli.working import working

    given = told(ctx)
    document = _document(working(given), given)
    if given.json:
        say_json({"releases": {id_: each.model_dump(mode="json") for id_, each in document.releases.items()}})
        return
    rows = [
        (id_, each.name.say(given.language), f"{each.system}.{each.dataset}", ", ".join(each.recipients))
        for id_, each in document.releases.items()
    ]
    columns = (
        Column(heading=_("Figures")), Column(heading=_("What"), folds=True),
        Column(heading=_("Dataset")), Column(heading=_("Recipients"), folds=True),
    )  # fmt: skip
    show(columns, rows)


def release(
    ctx: typer.Context,
    figures: Annotated[str, typer.Argument(help=_("Which figures, as `statistics.yaml` names them."))],
    to: Annotated[str, typer.Option(metavar="RECIPIENT", help=_("Who gets them."))],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=_("Write it here; what was there is replaced.")),
    ] = None,
) -> None:
    """Hand out figures as CSV: groups of persons that pass the test of anonymity, or nothing."""
    from lofte.accounts.models import Handler
    from lofte.cli.screen import err, say_json, sentence
    from lofte.cli.working import working
    from lofte.errors import Refused

    given = told(ctx)
    at_work = working(given)
    from lofte.retention.figures import release as releasing

    found = _document(at_work, given).releases.get(figures)
    if found is None:
        raise Refused(f"there are no figures `{figures}` in statistics.yaml; see `lofte statistics list`")
    handler = Handler.objects.filter(email__iexact=at_work.by.strip()).first() if at_work.by else None
    by = handler.ref if handler else ""
    language: Language = "en" if given.language == "en" else "sv"
    made = releasing(at_work.house, at_work.connect, figures, found, to=to, by=by, language=language)
    if output is not None:
        output.write_text(made.text, encoding="utf-8")
    elif not given.json:
        sys.stdout.write(made.text)
    table = made.table
    if given.json:
        say_json({"ref": made.ref, "groups": len(table.rows), "together": table.together, "text": made.text})
        return
    words = ngettext(
        "{n} group is told of, and {together} were put together",
        "{n} groups are told of, and {together} were put together",
        len(table.rows),
    )
    err().print(sentence(words.format(n=len(table.rows), together=table.together)), style="dim")


def _document(at_work: Working, given: Told) -> FiguresDocument:
    """What `statistics.yaml` says. Raises Refused when there is none, FaultsFound."""
    from lofte.datamap.figures import FILE, FiguresDocument, check
    from lofte.errors import FaultsFound, Refused
    from lofte.execution.written import document_of

    if not (given.workspace / FILE).is_file():
        raise Refused(f"there is no {FILE} in the workspace; see docs/how-to/hand-out-statistics.md")
    reading, document = document_of(given.workspace, FILE, FiguresDocument)
    found = [
        fault.at(reading.place(fault.place.path))
        for fault in check(document, at_work.house.policy, at_work.house.datamap)
    ]
    if found:
        raise FaultsFound(found)
    return document
