"""What was told before the command: which workspace, which home, which language, for whom."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import typer


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The options that every command has."""

    workspace: Path
    home: Path
    language: str
    json: bool
    by: str = ""
    """The e-mail address of the handler at the terminal."""


def told(ctx: typer.Context) -> Told:
    """The options given to this run."""
    found = ctx.find_object(Told)
    assert found is not None, "the command was called outside `lofte`"
    return found


def tell(workspace: Path | None, home: Path | None, language: str, *, json: bool, by: str = "") -> Told:
    """Settle the options, and hand workspace and home on to the settings of the site."""
    workspace = (workspace or Path()).absolute()
    home = (home or workspace / ".lofte").absolute()
    os.environ["LOFTE_WORKSPACE"], os.environ["LOFTE_HOME"] = str(workspace), str(home)
    return Told(workspace=workspace, home=home, language=language, json=json, by=by)
