"""Whether rows that stay can be told to be one person's: the k-threshold (recital 26).

What is counted, for every row that stays: the values that still say something about a person, read as
coarse as the map makes them, in every row of the same dataset. The same combination must be found in
rows of at least k different persons, the one who asked among them. So:

- Counted are persons, not rows: ten rows of one person are one. Rows of others count only while it is
  known whose they are; rows that were de-identified before count for nobody.
- A person known by several identities counts once: of each kind of identity the different ones are
  counted, and the largest count is taken.
- Everything with a category counts that is not emptied, and every column that the map does not name.
  Keys and technical columns do not, nor what the map empties.
- The adversary is somebody who knows all these values of the person, to the last digit, and reads the
  dataset at the grain of the map. Who may read the database itself, with what stands there of others
  in full, or the restore log before it is shredded, knows more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lofte.datamap.document import Coarse, System
from lofte.datamap.tracing import Key
from lofte.errors import Refused
from lofte.plan.deidentify import staying
from lofte.plan.facts import Facts
from lofte.plan.verdict import Changes, ErasePlan, How
from lofte.policy.document import Policy

USUAL_K = 5


class Recognisable(Refused):
    """Somebody could still tell whose the rows are; that is no de-identification."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """Rows of one dataset that stay, and the columns in which they still say something."""

    dataset: str
    columns: Mapping[str, Coarse | None]
    """Column -> how coarse it is read; None = as it stands."""
    keys: frozenset[Key]


@dataclass(frozen=True, kw_only=True, slots=True)
class Crowd:
    """Among how many persons the rows of one look are."""

    dataset: str
    rows: int
    smallest: int
    """Persons that share the combination of the most telling row, the one who asked among them; counted
    up to k, so k means k or more."""
    together: tuple[str, ...]
    """The columns that were read."""
    alone: tuple[str, ...]
    """Those of them that tell by themselves: a value that fewer than k persons have."""


def k_of(policy: Policy) -> int:
    """How many persons must share what is left: what the policy promises of its statistics, else 5."""
    return policy.statistics.min_group if policy.statistics else USUAL_K


def looks(system: System, facts: Facts, plan: ErasePlan) -> tuple[Look, ...]:
    """What is to be looked at when a plan is carried out, by dataset and columns."""
    found: dict[tuple[str, tuple[tuple[str, Coarse | None], ...]], set[Key]] = {}
    for verdict in staying(plan):
        id_ = verdict.fact.at.dataset
        columns = _telling(system, facts, id_, verdict.changes)
        found.setdefault((id_, tuple(sorted(columns.items()))), set()).add(verdict.fact.key)
    return tuple(
        Look(dataset=id_, columns=dict(columns), keys=frozenset(keys))
        for (id_, columns), keys in found.items()
    )


def judge(system: str, crowds: Sequence[Crowd], k: int) -> None:
    """Raises Recognisable when a row is shared by fewer than k persons; says by what, and the mend."""
    said = []
    for crowd in crowds:
        if crowd.smallest >= k:
            continue
        at = f"{system}.{crowd.dataset}"
        if crowd.alone:
            named = ", ".join(f"`{at}.{column}`" for column in crowd.alone)
        elif crowd.together:
            named = f"`{at}` ({' + '.join(crowd.together)} together)"
        else:
            named = f"`{at}` (rows of too few persons)"
        said.append(f"{named}: {crowd.smallest}")
    if said:
        raise Recognisable(
            f"somebody could tell whose the rows are: fewer than {k} persons share {'; '.join(said)}. "
            "Make these coarser in the map (`erase: generalise` with `coarse`), let them be erased "
            "(`erase: erase`), or erase the request; nothing was done"
        )


def _telling(system: System, facts: Facts, id_: str, changes: Changes) -> dict[str, Coarse | None]:
    """The columns that still say something when these changes are made."""
    dataset = system.datasets[id_]
    columns: dict[str, Coarse | None] = {}
    for name in facts.grounds[id_].columns:
        field = dataset.fields.get(name)
        change = changes.get(name)
        if name in dataset.key or (field is not None and field.category is None):
            continue
        if change is None or change.how is How.JSON:
            columns[name] = None
        elif change.how is How.COARSE:
            columns[name] = change.coarse
    return columns
