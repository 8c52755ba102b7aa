"""`lofte export`: policy and data map in other formats. What is exported is made, and never edited."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext

if TYPE_CHECKING:
    from lofte.registers.exporting import Material


class As(StrEnum):
    """The formats; `registers.exporting` makes them."""

    TILT = "tilt"
    DPV = "dpv"
    FIDESLANG = "fideslang"
    ART30 = "art30"
    ART30_PDF = "art30-pdf"
    COOKIES = "cookies"


def export(
    ctx: typer.Context,
    format_: Annotated[
        As,
        typer.Argument(
            metavar="|".join(As),
            help=_("tilt, dpv: the policy; fideslang, art30: with the data map; cookies: for the banner."),
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=_("Write it here; what was there is replaced.")),
    ] = None,
) -> None:
    """Write policy and data map in another format, in the language of --language."""
    from lofte.cli.screen import err, out, say_json, sentence
    from lofte.registers.exporting import FORMATS
    from lofte.registers.exporting import told as told_of

    given = told(ctx)
    material = _material(given)
    chosen = FORMATS[format_.value]
    made = chosen.make(material)
    notes = told_of(chosen.id, material)
    if output is None and chosen.is_text and not given.json:
        sys.stdout.write(made.decode())
    else:
        file = output or Path(chosen.file(material))
        _write(file, made, given.workspace)
        if given.json:
            listed = [{"path": path, "what": what} for path, what in notes]
            say_json({"file": str(file), "bytes": len(made), "filled": listed})
            return
        out().print(sentence(_("written: {file}").format(file=file)), markup=False)
    if notes:
        n = len(notes)
        words = ngettext("{n} word has no equal there", "{n} words have no equal there", n)
        if format_ is As.TILT:
            words = ngettext("{n} place had to be filled in", "{n} places had to be filled in", n)
        err().print(sentence(words.format(n=n)), style="dim", markup=False)
        for path, what in notes:
            err().print(f"  {path}: {what}", style="dim", markup=False)


def _material(given: Told) -> Material:
    """What is exported, when neither policy nor map has errors. Raises Refused, FaultsFound."""
    from datetime import UTC, datetime
    from typing import cast

    from lofte.errors import FaultsFound
    from lofte.policy.document import Language
    from lofte.registers.exporting import Material
    from lofte.site.judge import insist
    from lofte.site.workspace import load

    workspace = load(given.workspace)
    insist(workspace)
    if workspace.policy is None:
        raise FaultsFound(workspace.faults)
    document = workspace.register.document if workspace.register else None
    return Material(
        policy=workspace.policy,
        datamap=workspace.datamap,
        processors=document.listed if document else None,
        language=cast(Language, given.language),
        made_at=datetime.now(UTC),
    )


def _write(file: Path, made: bytes, workspace: Path) -> None:
    """Raises Refused where it cannot be written, and where a file of the workspace stands."""
    from lofte.errors import Refused

    kept = [*workspace.glob("*.yaml"), *workspace.glob("systems/*"), *workspace.glob("texts/*")]
    if file.exists() and any(each.samefile(file) for each in kept):
        raise Refused(f"{file} is a file of the workspace; choose another name")
    try:
        file.write_bytes(made)
    except OSError as error:
        raise Refused(f"{file} cannot be written; see that the folder is there") from error
