"""`lofte snippet`: the notice at a form, to put on the company's own site (art. 13)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from lofte.cli.told import told
from lofte.cli.words import gettext as _


class Shape(StrEnum):
    """How the notice is written."""

    HTML = "html"
    JSON = "json"
    TEXT = "text"
    SCRIPT = "script"
    FRAME = "frame"


def snippet(
    ctx: typer.Context,
    form: Annotated[str, typer.Argument(metavar="FORM", help=_("The id of a form, under `forms`."))],
    shape: Annotated[
        Shape,
        typer.Option(
            "--format", help=_("The text itself (html, json, text), or a line that shows it (script, frame).")
        ),
    ] = Shape.HTML,
) -> None:
    """Write the notice that stands at a form: what its data are for, how long they stay, and the rights."""
    from lofte.cli.screen import say_json
    from lofte.errors import FaultsFound, Refused
    from lofte.fault import errors
    from lofte.policy.notice import form as forms
    from lofte.site.store import set_up
    from lofte.site.workspace import load

    given = told(ctx)
    workspace = load(given.workspace)
    if workspace.policy is None:
        raise FaultsFound(errors(workspace.faults))
    policy = workspace.policy
    if form not in policy.forms:
        known = ", ".join(policy.forms) or _("none")
        raise Refused(_("the policy has no form {form}; it has: {known}").format(form=form, known=known))
    set_up()
    from lofte.notices import form_lines

    spoken = next((each for each in policy.meta.languages if each == given.language), None)
    said = forms.at_form(policy, form, spoken or policy.meta.record_language, form_lines.whole_notice())
    if shape is Shape.JSON or given.json:
        say_json(forms.plain(said))
        return
    made = {
        Shape.TEXT: forms.text,
        Shape.HTML: form_lines.as_html,
        Shape.SCRIPT: form_lines.script_line,
        Shape.FRAME: form_lines.frame_line,
    }[shape](said)
    typer.echo(made.strip())
