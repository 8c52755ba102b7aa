"""The plan of a sweep: rows whose time is out, what becomes of each, and in which order (art. 5.1 e).

Hard rules:
- A row goes for its own time's sake, whoever it belongs to; a row that is held is not touched.
- A row that others point at does not go: what tells of a person in it goes now, and it goes with the last
  that points at it. Nothing is orphaned, and nothing goes by ON DELETE.
- What decides when a row goes is never changed in a row that stays: anchors, keys, what it points at, and
  the columns by which it is counted to its dataset.
- What a law kept in a row goes when the row's time is out, also where the row itself must wait.
- A row that is kept for a law is made as small as the map says the law needs. Where the map says
  nothing, it stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from lofte.datamap.chains import is_person
from lofte.datamap.digest import digest as map_digest_of
from lofte.datamap.document import DataMap, Dataset, Erase, System
from lofte.errors import FaultsFound
from lofte.fault import Fault
from lofte.plan.due import Fate, Timing
from lofte.plan.facts import Facts, Ground, RowFact, Tie
from lofte.plan.living import Row
from lofte.plan.minimise import change, cut_loose, emptied
from lofte.plan.order import order
from lofte.plan.records import Verb
from lofte.plan.triggers import unnamed_triggers
from lofte.plan.verdict import Change, ErasePlan, Verdict, digest_of
from lofte.policy.digest import digest as policy_digest_of
from lofte.policy.document import Policy

ARTICLE = "5.1.e"
POINTED, HELD, LAW = "referenced", "held", "law"


def plan(
    policy: Policy,
    datamap: DataMap,
    facts: Facts,
    fates: Mapping[Row, Fate],
    on: date,
    *,
    held: Collection[Row] = frozenset(),
    pointed: Collection[Row] = frozenset(),
) -> ErasePlan:
    """What shall be done with these rows of one system; others point at those that are `pointed`. Raises
    FaultsFound when the database would do more than is planned, or cannot do it."""
    system = datamap.system(facts.system)
    verdicts = tuple(_verdict(system, facts, row, fates, held, pointed) for row in facts.rows)
    acts = order(facts, verdicts)
    faults = [*unnamed_triggers(system, facts, acts), *([acts] if isinstance(acts, Fault) else [])]
    if faults or isinstance(acts, Fault):
        raise FaultsFound(faults)
    policy_digest, map_digest = policy_digest_of(policy), map_digest_of(datamap)
    return ErasePlan(
        system=system.id,
        subjects=(),
        verdicts=verdicts,
        acts=acts,
        kept=(),
        grounds=(ARTICLE,),
        policy_digest=policy_digest,
        map_digest=map_digest,
        digest=digest_of(policy_digest, map_digest, acts),
        made_on=on,
    )


def _verdict(
    system: System,
    facts: Facts,
    row: RowFact,
    fates: Mapping[Row, Fate],
    held: Collection[Row],
    pointed: Collection[Row],
) -> Verdict:
    at = (row.at.dataset, row.key)
    fate = fates.get(at)
    if fate is None or at in held:
        return Verdict(fact=row, verb=Verb.KEEP, article=ARTICLE, ground=HELD if at in held else "")
    if not fate.goes:
        changes = stays(system, row.at.dataset, facts.grounds[row.at.dataset], facts.ties, fate)
        return _changed(row, changes, LAW if fate is not Fate.ANONYMISE else "")
    if at in pointed or any(
        facts.pointed.get(tie.number, {}).get(row.faces.get(tie.keys, ())) for tie in facts.ties
    ):
        changes = stays(system, row.at.dataset, facts.grounds[row.at.dataset], facts.ties, Fate.DELETE)
        return _changed(row, changes, POINTED)
    return Verdict(fact=row, verb=Verb.DELETE, article=ARTICLE)


def _changed(row: RowFact, changes: Mapping[str, Change], ground: str) -> Verdict:
    verb = Verb.CHANGE if changes else Verb.KEEP
    return Verdict(fact=row, verb=verb, article=ARTICLE, ground=ground, changes=changes)


def stays(system: System, dataset: str, ground: Ground, ties: Iterable[Tie], fate: Fate) -> dict[str, Change]:
    """What is changed in a row of this fate that stays. `delete` = it will go when nobody points at it."""
    entry = system.datasets[dataset]
    spare = _spare(entry, dataset, ties)
    if fate in (Fate.RESTRICT, Fate.MINIMISE):
        if not any(field.erase is Erase.KEEP for field in entry.fields.values()):
            return {}
        return emptied(entry, ground, entry.fields, spare=spare)
    if fate is not Fate.ANONYMISE:
        return {**emptied(entry, ground, entry.fields, spare=spare), **_outlived(entry, ground, spare)}
    persons = frozenset(id_ for id_, each in system.datasets.items() if is_person(each))
    untold = {n for n in spare if n not in entry.fields or entry.fields[n].erase is None} | set(entry.where)
    cut = cut_loose(entry, ground, range(len(entry.subject)), (), persons)
    cut = {name: each for name, each in cut.items() if name not in entry.where}
    emptied_too = _outlived(entry, ground, spare)
    return {**emptied(entry, ground, entry.fields, spare=untold), **emptied_too, **cut}


def _outlived(entry: Dataset, ground: Ground, spare: Collection[str]) -> dict[str, Change]:
    """Fields that a law kept, and whose time is out with the row's."""
    return {
        name: change(field, ground.columns[name], unique=name in ground.unique)
        for name, field in entry.fields.items()
        if field.erase is Erase.KEEP and field.law and name not in spare and name not in entry.key
    }


def _spare(entry: Dataset, dataset: str, ties: Iterable[Tie]) -> set[str]:
    """The columns that say when the row goes, what it is, and what hangs on it."""
    spare = {anchor.column for anchor in entry.anchors.values()} | set(entry.where)
    for tie in ties:
        if dataset in tie.children and not tie.inside:
            spare.update(tie.columns)
        if dataset in tie.parents:
            spare.update(tie.keys)
    return spare


def children_first(datasets: Sequence[str], ties: Iterable[Tie]) -> tuple[str, ...]:
    """The datasets so that who points comes before who is pointed at. Those of a ring stand in the order
    they came in: their rows go in more than one round."""
    below: dict[str, set[str]] = {id_: set() for id_ in datasets}
    for tie in ties:
        for parent in tie.parents:
            if parent in below:
                below[parent] |= {child for child in tie.children if child != parent and child in below}
    placed: list[str] = []
    while len(placed) < len(datasets):
        waiting = [id_ for id_ in datasets if id_ not in placed]
        free = [id_ for id_ in waiting if not below[id_] - set(placed)]
        placed += free or waiting[:1]
    return tuple(placed)


def points_at_itself(dataset: str, ties: Iterable[Tie]) -> bool:
    """Whether rows of the dataset may point at others of it."""
    return any(dataset in tie.children and dataset in tie.parents for tie in ties)


def fates_of(timing: Timing) -> tuple[Fate, ...]:
    """What may become of the rows of a dataset, in the order it is done: those that stay are made small
    before any go."""
    if not timing.ends:
        return ()
    said = {fate for _, fate in timing.fates.values()}
    return (*((Fate.MINIMISE,) if timing.restricts else ()), *(fate for fate in Fate if fate in said))
