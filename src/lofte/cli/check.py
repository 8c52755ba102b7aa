"""`lofte check`: judge policy, data map and live systems together."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lofte.cli.asked import today
from lofte.cli.exits import Code
from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.fault import Fault
    from lofte.policy.document import Policy
    from lofte.site.workspace import Workspace


class Format(StrEnum):
    """How the faults are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def check(
    ctx: typer.Context,
    format_: Annotated[
        Format, typer.Option("--format", help=_("How the faults are written; sarif is for CI."))
    ] = Format.TEXT,
    offline: Annotated[bool, typer.Option("--offline", help=_("Do not look into the live systems."))] = False,
    notes: Annotated[
        bool, typer.Option("--notes", help=_("Show notes too, as missing indexes and waived faults."))
    ] = False,
    links: Annotated[
        bool, typer.Option("--links", help=_("Try the links of the policy too, over the network."))
    ] = False,
) -> None:
    """Judge policy, data map and live systems together."""
    from lofte.cli.screen import busy
    from lofte.site.judge import judge
    from lofte.site.workspace import load

    given = told(ctx)
    chosen = Format.JSON if given.json and format_ is Format.TEXT else format_
    workspace = load(given.workspace)
    with busy(_("Checking"), quiet=chosen is not Format.TEXT) as progress:

        def look(system: str) -> None:
            progress.update(
                progress.task_ids[0], description=_("Looking into {system}").format(system=system)
            )

        faults = judge(workspace, offline=offline, look=look, today=today())
        if links:
            progress.update(progress.task_ids[0], description=_("Trying the links"))
            faults += _links(workspace)
    _show(faults, chosen, notes=notes)
    if notes and chosen is Format.TEXT and workspace.policy is not None:
        _show_ease(workspace.policy)
    raise typer.Exit(_code(faults))


def _show(faults: tuple[Fault, ...], chosen: Format, *, notes: bool) -> None:
    from lofte.cli.sarif import sarif
    from lofte.cli.screen import out, plain, say_json, sentence, show_faults, totals
    from lofte.fault import Severity

    if chosen is Format.SARIF:
        say_json(sarif(faults))
    elif chosen is Format.JSON:
        counts = {s.value: sum(f.severity is s for f in faults) for s in Severity}
        say_json({"faults": [plain(f) for f in faults], "counts": counts})
    else:
        shown = [f for f in faults if notes or f.severity is not Severity.NOTE]
        show_faults(shown)
        out().print(sentence(totals(faults)), style="bold")
        if len(shown) < len(faults):
            out().print(_("--notes shows the notes."), style="dim")


def _links(workspace: Workspace) -> tuple[Fault, ...]:
    """The links that lead nowhere. What was found is noted when this is the version in force."""
    from lofte.policy.digest import digest
    from lofte.site.links import looked, noted, over_http
    from lofte.site.store import prepare
    from lofte.site.workspace import open_house

    dead = looked(workspace, over_http)
    prepare()
    from lofte.notices.publish import in_force

    published = in_force(today())
    if published and workspace.policy and published.digest == digest(workspace.policy):
        noted(open_house(workspace), dead)
    return dead


def _show_ease(policy: Policy) -> None:
    """How hard the notice is to read, in each language, and its hardest part."""
    from lofte.cli.screen import out
    from lofte.policy.notice import notice
    from lofte.policy.reading_ease import of_notice, sections

    for language in policy.meta.languages:
        said = notice(policy, language)
        whole, parts = of_notice(said), list(sections(said))
        line = _("The notice ({language}) reads at {measure} {value}").format(
            language=language, measure=whole.measure, value=whole.value
        )
        if parts:
            hardest = max if whole.higher_is_harder else min
            section, ease = hardest(parts, key=lambda part: part[1].value)
            line += "; " + _("hardest: {section}, {value}").format(section=section.heading, value=ease.value)
        out().print(f"{line}.", style="dim")


def _code(faults: tuple[Fault, ...]) -> Code:
    from lofte.fault import errors
    from lofte.site.judge import UNREACHABLE

    wrong = errors(faults)
    if not wrong:
        return Code.OK
    return Code.UNREACHABLE if all(f.number == UNREACHABLE for f in wrong) else Code.FAULTS
