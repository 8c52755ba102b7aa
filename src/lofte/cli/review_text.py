"""`lofte review FILE`: a policy in prose read against the law (art. 12-22)."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from lofte.cli.exits import Code
from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.policy.review.report import Element, Place, Report

_COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}
_STATE = {"present": "green", "partial": "yellow", "absent": "bold red"}


class Reviews(TyperGroup):
    """`lofte review`: its commands are about machines' decisions; anything else is a file to read."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """`lofte review FILE` is `lofte review text FILE`."""
        known = {*self.commands, "--help", "-h"}
        return super().parse_args(ctx, ["text", *args] if args and args[0] not in known else args)


class Language(StrEnum):
    """What a text may be written in."""

    SV = "sv"
    EN = "en"


def text(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=_("The policy: .txt, .html, .pdf or .docx, Swedish or English.")),
    ],
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Write a report with the text highlighted."))
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=_("Begin a policy.yaml: only what stands in the text, with its place.")
        ),
    ] = None,
    written_in: Annotated[
        Language | None,
        typer.Option("--written-in", help=_("The language of the text, if it is not seen by itself.")),
    ] = None,
    part: Annotated[
        bool, typer.Option("--part", help=_("It is a part of a policy: say nothing of what is missing."))
    ] = False,
) -> None:
    """Read a policy in prose against the law: what it tells, what is missing, what is wrong. 1 = errors."""
    from lofte.cli.asked import today
    from lofte.cli.review_file import manuscript
    from lofte.cli.screen import say_json
    from lofte.errors import Refused
    from lofte.fault import Severity
    from lofte.policy.review.report import report
    from lofte.policy.review.reviewing import read, review

    given = told(ctx)
    _may_write(file, html, draft)
    written = manuscript(file)
    reader = read(written, today(), written_in.value if written_in else None, whole=False if part else None)
    if reader is None:
        raise Refused(f"{file} is neither Swedish nor English; if it is, say which with --written-in")
    found = report(review(reader), file.name, given.language)
    if html:
        from lofte.cli.review_page import page

        _write(html, page(found, written, given.language))
    if draft:
        from lofte.policy.review.draft import draft as drafted

        _write(draft, drafted(reader))
    if given.json:
        say_json(found.model_dump(mode="json"))
    else:
        _show(found, html, draft)
    raise typer.Exit(Code.FAULTS if found.counts[Severity.ERROR] else Code.OK)


def _may_write(file: Path, html: Path | None, draft: Path | None) -> None:
    """A draft never takes the place of a file, and no report that of the policy. Raises Refused."""
    from lofte.errors import Refused

    if not file.exists():
        raise Refused(f"there is no file {file}, and `lofte review` has no such command")
    if draft and draft.exists():
        raise Refused(f"{draft} is there already; choose another name for the draft")
    if html and html.exists() and html.samefile(file):
        raise Refused(f"{html} is the policy itself; choose another name for the report")


def _write(file: Path, words: str) -> None:
    from lofte.errors import Refused

    try:
        file.write_text(words, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{file} cannot be written; see that the folder is there") from error


def _show(found: Report, html: Path | None, draft: Path | None) -> None:
    from lofte.cli.screen import out, say, sentence

    out().print(_elements(found))
    out().print()
    for fault in found.faults:
        _fault(fault)
    out().print()
    out().print(sentence(_totals(found)), style="bold")
    if not found.whole:
        out().print(sentence(_("it was read as a part, so nothing is said to be missing")), style="dim")
    if html:
        say(sentence(_("the report: {file}").format(file=html)))
    if draft:
        say(sentence(_("the draft: {file}; fill it in, and run `lofte check`").format(file=draft)))


def _elements(found: Report) -> Any:
    from rich.table import Table
    from rich.text import Text

    called = states()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (_("Article"), _("What must be told"), _("State")):
        table.add_column(heading, no_wrap=heading != _("What must be told"))
    table.add_column(_("Where"), overflow="fold")
    for element in found.elements:
        state = Text(called[element.state], style=_STATE[element.state])
        if not element.needed:
            state = Text(_("not mentioned"), style="dim")
        table.add_row(element.article, element.name, state, Text(_quotes(element), style="dim"))
    return table


def _quotes(element: Element) -> str:
    return " … ".join(shortened(span) for span in element.spans[:1])


def shortened(span: Place, most: int = 60) -> str:
    """The words of a place, at most so many letters, on one line."""
    words = " ".join(span.quote.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def states() -> dict[str, str]:
    """What the states are called."""
    return {"present": _("told"), "partial": _("in part"), "absent": _("missing")}


def severities() -> dict[str, str]:
    """What the severities are called."""
    return {"error": _("error"), "warning": _("warning"), "note": _("note")}


def _fault(fault: Any) -> None:
    from rich.text import Text

    from lofte.cli.screen import out

    line = Text()
    line.append(f"{fault.number} {severities()[fault.severity]} ", style=_COLOURS[fault.severity.value])
    line.append(f"{fault.what} ")
    line.append(fault.mend, style="italic")
    line.append(f" ({fault.article})", style="dim")
    out().print(line)
    for span in fault.spans:
        out().print(Text(f"    “{shortened(span, 100)}”", style="cyan"))


def _totals(found: Report) -> str:
    from lofte.cli.words import ngettext
    from lofte.fault import Severity

    count = found.counts
    said = [
        ngettext("{n} error", "{n} errors", count[Severity.ERROR]).format(n=count[Severity.ERROR]),
        ngettext("{n} warning", "{n} warnings", count[Severity.WARNING]).format(n=count[Severity.WARNING]),
        ngettext("{n} note", "{n} notes", count[Severity.NOTE]).format(n=count[Severity.NOTE]),
    ]
    kept = [s for s, n in zip(said, (count[s] for s in Severity), strict=True) if n]
    return ", ".join(kept) if kept else _("no faults")
