"""`lofte plan`: what would be done. Counts leave the systems; no data do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import identities, kinds, today
from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.plan.records import Plan
    from lofte.site.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What was counted: rows per system and dataset, and who answers to what was shown."""

    rows: dict[tuple[str, str], int]
    persons: int
    ambiguous: dict[str, int]
    """System -> how many persons answer to one identity."""


def access(
    ctx: typer.Context,
    identity: Annotated[
        list[str],
        typer.Option(
            metavar="KIND=VALUE",
            autocompletion=kinds,
            help=_("email=…, personnummer=…, customer_no=… or user_name=…; as many as are known."),
        ),
    ],
) -> None:
    """What a person would be given: counts, no data."""
    from lofte.cli.judge import insist
    from lofte.cli.screen import busy, err, say_json, sentence
    from lofte.errors import Ambiguous
    from lofte.plan.access import plan
    from lofte.plan.records import Subject
    from lofte.site.workspace import load

    given = told(ctx)
    shown = identities(identity, today())
    workspace = load(given.workspace)
    insist(workspace)
    assert workspace.policy is not None
    planned = plan(workspace.policy, workspace.datamap, [Subject(ref="plan", identities=shown)], today())
    with busy(_("Counting"), quiet=given.json) as progress:

        def look(system: str) -> None:
            progress.update(progress.task_ids[0], description=_("Counting in {system}").format(system=system))

        counted = _count(workspace, planned, look)
    if counted.ambiguous and not counted.persons:
        raise Ambiguous(
            "more than one person answers to this identity; ask for another, as a customer number"
        )
    if given.json:
        say_json(_plain(planned, counted))
        return
    _table(workspace, planned, counted, given.language)
    if counted.ambiguous:
        words = _("an identity that another person has too was left out; it finds nobody's rows")
        err().print(sentence(words), style="yellow")


def _count(workspace: Workspace, planned: Plan, look: Callable[[str], None]) -> Counted:
    from lofte.connectors.registry import open_system

    rows: dict[tuple[str, str], int] = {}
    ambiguous: dict[str, int] = {}
    persons = 0
    for system in workspace.datamap.systems:
        look(system.id)
        connector = open_system(system, workspace.folder)
        try:
            with connector.session() as session:
                people = session.people(planned.subjects, planned.made_on)
                persons += sum(bool(person.keys) for person in people.persons)
                if people.ambiguous:
                    ambiguous[system.id] = max(a.persons for a in people.ambiguous)
                for step in planned.steps:
                    if step.at.system == system.id:
                        counts = session.count(step.at.dataset, people)
                        rows[system.id, step.at.dataset] = counts.get(0, 0)
        finally:
            connector.close()
    return Counted(rows=rows, persons=persons, ambiguous=ambiguous)


def _plain(planned: Plan, counted: Counted) -> dict[str, Any]:
    steps = [
        {
            "system": step.at.system,
            "dataset": step.at.dataset,
            "verb": step.verb.value,
            "article": step.article,
            "rows": counted.rows[step.at.system, step.at.dataset],
            "given": list(step.given),
            "masked": list(step.masked),
            "withheld": list(step.withheld),
        }
        for step in planned.steps
    ]
    return {
        "right": planned.right,
        "made_on": planned.made_on.isoformat(),
        "policy_digest": planned.policy_digest,
        "map_digest": planned.map_digest,
        "ambiguous": counted.ambiguous,
        "rows": sum(counted.rows.values()),
        "steps": steps,
        "kept": [
            {"system": k.at.system, "dataset": k.at.dataset, "fields": list(k.fields), "ground": k.ground}
            for k in planned.kept
        ],
    }


def _table(workspace: Workspace, planned: Plan, counted: Counted, language: str) -> None:
    from rich.table import Table

    from lofte.cli.screen import out, sentence

    verbs = {"give": _("give"), "forward": _("forward")}
    several = len(workspace.datamap.systems) > 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_("Dataset"), no_wrap=True)
    table.add_column(_("What"))
    table.add_column(_("Step"), no_wrap=True)
    for heading in (_("Rows"), _("Masked"), _("Withheld")):
        table.add_column(heading, justify="right", no_wrap=True)
    for step in planned.steps:
        dataset = workspace.datamap.system(step.at.system).datasets[step.at.dataset]
        rows = counted.rows[step.at.system, step.at.dataset]
        name = str(step.at) if several else step.at.dataset
        numbers = (str(rows), *(str(n) if n else "" for n in (len(step.masked), len(step.withheld))))
        said = verbs.get(step.verb, step.verb.value)
        table.add_row(name, dataset.name.say(language), said, *numbers, style="" if rows else "dim")
    out().print(table)
    total = sum(counted.rows.values())
    words = _("{rows} rows in {found} of {looked} datasets. Nothing was fetched and nothing noted")
    found = sum(bool(n) for n in counted.rows.values())
    out().print(sentence(words.format(rows=total, found=found, looked=len(counted.rows))), style="bold")
