"""`lofte import`: files of other tools as drafts that a person completes. Nothing is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lofte.cli.exits import Code
from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.fault import Fault


def commands() -> typer.Typer:
    """The commands, as one group."""
    group = typer.Typer(
        help=_("Begin a policy or a data map from the files of other tools."), no_args_is_help=True
    )
    group.command("tilt", help=_("Begin a policy.yaml from a TILT document; each gap is told."))(tilt)
    group.command("fideslang", help=_("Begin a data map from manifests of Fides; each gap is told."))(
        fideslang
    )
    return group


def tilt(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The TILT document, JSON."))],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=_("Where the draft goes; must be new."))
    ] = Path("policy-draft.yaml"),
) -> None:
    """Begin a policy.yaml from a TILT document: what it tells, and each gap as a fault. 1 = no draft."""
    from lofte.cli.asked import today
    from lofte.policy.exchange.tilt_in import draft

    _new([output])
    drafted = draft(_content(file), file.name, today())
    _done(ctx, {output: drafted.text} if drafted.text else {}, drafted.faults)


def fideslang(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=_("The manifests, YAML."))],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help=_("The folder of the drafts; must be new."))
    ] = Path("fides-draft"),
) -> None:
    """Begin systems/*.yaml and parts of a policy.yaml from manifests of Fides. 1 = no draft."""
    from lofte.datamap.exchange.fides_in import draft

    _new([output])
    drafted = draft({file.name: _content(file) for file in files})
    _done(ctx, {output / name: text for name, text in drafted.files.items()}, drafted.faults)


def _content(file: Path) -> bytes:
    """Raises Refused for what cannot be read; what is too large is a fault of reading."""
    from lofte.errors import Refused
    from lofte.policy.tree import MAX_BYTES

    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(f"{file} cannot be read; see that it is a file that you may open") from error


def _new(files: Sequence[Path]) -> None:
    from lofte.errors import Refused

    for file in files:
        if file.exists():
            raise Refused(f"{file} is there already; choose another name for the draft")


def _done(ctx: typer.Context, drafts: Mapping[Path, str], faults: Sequence[Fault]) -> None:
    from lofte.cli.screen import out, plain, say_json, sentence, show_faults, totals
    from lofte.errors import Refused

    given = told(ctx)
    try:
        for file, text in drafts.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{file} cannot be written; see that the folder is there") from error
    if given.json:
        say_json({"drafts": [str(file) for file in drafts], "faults": [plain(f) for f in faults]})
    else:
        show_faults(faults)
        out().print(sentence(totals(faults)), style="bold")
        for file in drafts:
            words = _("the draft: {file}; fill it in, and run `lofte check`").format(file=file)
            out().print(sentence(words), markup=False)
    raise typer.Exit(Code.OK if drafts else Code.FAULTS)
