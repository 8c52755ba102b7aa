"""`lofte init`: a workspace to begin with."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from lofte.cli.asked import today
from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.errors import Refused


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("The folder to make."))] = Path(),
) -> None:
    """Make a workspace: a policy and a data map to fill in. Nothing that exists is overwritten."""
    from lofte.cli.screen import plain, say, say_json, sentence, show_faults
    from lofte.fault import errors
    from lofte.site.judge import judge
    from lofte.site.workspace import load

    given = told(ctx)
    made = write(folder, today())
    left = errors(judge(load(folder), offline=True))
    if given.json:
        say_json({"folder": str(folder), "made": made, "faults": [plain(fault) for fault in left]})
        return
    say(sentence(_("made {files}").format(files=", ".join(made))))
    say(_("Fill these in, then run `lofte check`:"))
    show_faults(left)


def write(folder: Path, on: date) -> list[str]:
    """Write the workspace and return what was made. Raises Refused if something stands there."""
    texts = dict(_texts(files("lofte.cli") / "workspace", ""))
    if standing := [name for name in texts if (folder / name).exists()]:
        raise Refused(f"{folder} already has {', '.join(standing)}; choose an empty folder")
    try:
        for name, text in texts.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace("2026-01-01", on.isoformat()), encoding="utf-8")
    except OSError as error:
        raise Refused(f"{folder} cannot be written; choose a folder of your own") from error
    return sorted(texts)


def _texts(folder: Traversable, above: str) -> list[tuple[str, str]]:
    """Every file of the pattern, by the name it gets; `dot-` stands for a leading dot."""
    found = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        name = above + entry.name.replace("dot-", ".", 1)
        found += _texts(entry, f"{name}/") if entry.is_dir() else [(name, entry.read_text("utf-8"))]
    return found
