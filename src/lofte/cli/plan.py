"""`lofte plan`: what would be done. Counts leave the systems; no data do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from lofte.cli.asked import identities, known_by, today
from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext

if TYPE_CHECKING:
    from lofte.connectors.protocol import Counted as Found
    from lofte.plan.records import Plan, Step
    from lofte.site.workspace import Workspace


class Rows(NamedTuple):
    """Rows of one dataset, by what becomes of them."""

    given: int = 0
    """What the package will hold."""
    waiting: int = 0
    """Found by a mention or a weak identity: somebody looks first."""
    passed_on: int = 0
    """Held for another company, which is told (art. 28.3 e)."""
    shared: int = 0
    """Held back: another person answers to the same identity."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What was counted: rows per system and dataset, and who answers to what was shown."""

    rows: dict[tuple[str, str], Rows]
    ambiguous: dict[str, int]
    """System -> how many persons answer to one identity."""

    @property
    def total(self) -> Rows:
        """Over all datasets."""
        return Rows(*map(sum, zip(*self.rows.values(), strict=True))) if self.rows else Rows()


def access(
    ctx: typer.Context,
    identity: Annotated[list[str], known_by()],
) -> None:
    """What a person would be given: counts, no data."""
    from lofte.cli.screen import busy, err, say_json, sentence
    from lofte.datamap import asking
    from lofte.errors import Ambiguous
    from lofte.plan.access import plan
    from lofte.plan.records import Subject
    from lofte.site.judge import insist
    from lofte.site.workspace import load

    given = told(ctx)
    shown = identities(identity, today())
    workspace = load(given.workspace)
    insist(workspace)
    assert workspace.policy is not None
    asking.insist(workspace.datamap, shown)
    planned = plan(workspace.policy, workspace.datamap, [Subject(ref="plan", identities=shown)], today())
    with busy(_("Counting"), quiet=given.json) as progress:

        def look(system: str) -> None:
            progress.update(progress.task_ids[0], description=_("Counting in {system}").format(system=system))

        counted = _count(workspace, planned, look)
    if counted.ambiguous:
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

    rows: dict[tuple[str, str], Rows] = {}
    ambiguous: dict[str, int] = {}
    for system in workspace.datamap.systems:
        look(system.id)
        connector = open_system(system, workspace.folder)
        try:
            with connector.session() as session:
                people = session.people(planned.subjects, planned.made_on)
                if people.ambiguous:
                    ambiguous[system.id] = max(a.persons for a in people.ambiguous)
                for step in planned.steps:
                    if step.at.system == system.id:
                        counted = session.count(step.at.dataset, people).get(0)
                        rows[system.id, step.at.dataset] = _becomes(step, counted)
        finally:
            connector.close()
    return Counted(rows=rows, ambiguous=ambiguous)


def _becomes(step: Step, found: Found | None) -> Rows:
    from lofte.plan.records import Verb

    if found is None:
        return Rows()
    if step.verb is Verb.FORWARD:
        return Rows(passed_on=found.all)
    return Rows(given=found.certain, waiting=found.waiting, shared=found.shared)


def _plain(planned: Plan, counted: Counted) -> dict[str, Any]:
    steps = [
        {
            "system": step.at.system,
            "dataset": step.at.dataset,
            "verb": step.verb.value,
            "article": step.article,
            "rows": counted.rows[step.at.system, step.at.dataset]._asdict(),
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
        "rows": counted.total._asdict(),
        "steps": steps,
        "kept": [
            {"system": k.at.system, "dataset": k.at.dataset, "fields": list(k.fields), "ground": k.ground}
            for k in planned.kept
        ],
    }


def _table(workspace: Workspace, planned: Plan, counted: Counted, language: str) -> None:
    from lofte.cli.screen import out, sentence
    from lofte.cli.table import Column, show

    several = len(workspace.datamap.systems) > 1
    total = counted.total
    columns = (
        Column(heading=_("Dataset")),
        Column(heading=_("What"), folds=True, least=1),
        Column(heading=_("Given"), number=True),
        Column(heading=_("Waits for review"), number=True),
        Column(heading=_("Passed on"), number=True),
        Column(heading=_("Shared"), number=True, unless_empty=True),
        Column(heading=_("Masked"), number=True),
        Column(heading=_("Withheld"), number=True),
    )
    rows, styles = [], []
    for step in planned.steps:
        dataset = workspace.datamap.system(step.at.system).datasets[step.at.dataset]
        counts = counted.rows[step.at.system, step.at.dataset]
        name = str(step.at) if several else step.at.dataset
        numbers = (str(n) if n else "" for n in (*counts, len(step.masked), len(step.withheld)))
        rows.append((name, dataset.name.say(language), *numbers))
        styles.append("" if any(counts) else "dim")
    show(columns, rows, styles)
    words = ngettext(
        "{given} row to give in {found} of {looked} datasets; {waiting} wait for review, "
        "{passed_on} are passed on. Nothing was fetched and nothing noted",
        "{given} rows to give in {found} of {looked} datasets; {waiting} wait for review, "
        "{passed_on} are passed on. Nothing was fetched and nothing noted",
        total.given,
    )
    found = sum(bool(rows.given) for rows in counted.rows.values())
    said_all = words.format(found=found, looked=len(counted.rows), **total._asdict())
    out().print(sentence(said_all), style="bold")
    if total.shared:
        held = ngettext(
            "{n} row is held back: another person answers to the same identity",
            "{n} rows are held back: another person answers to the same identity",
            total.shared,
        )
        out().print(sentence(held.format(n=total.shared)))
