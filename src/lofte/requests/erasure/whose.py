"""Whether a row that was kept for a time is still the person's on its day (art. 5.1 d).

Hard rules:
- A key tells a row only as long as nobody gives it to another. When a row is kept, what leads from it
  to the person is written down as keyed digests; on its day they are compared inside the transaction
  that would erase it, with the row locked.
- A row that leads to another person by then is nobody's to erase here. It is left, and that is recorded.
- One that tells of an identity we do not know may be the person's, who has changed it: a person says
  whose it is (`doubted`), and until then it stays and waits.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from lofte.connectors.protocol import Judging
from lofte.datamap.chains import is_person
from lofte.datamap.copies import copies
from lofte.datamap.document import ByIdentity, Dataset, System
from lofte.datamap.identity import STRENGTH, Strength
from lofte.datamap.paths import columns_of, target_of
from lofte.execution.house import House
from lofte.plan.facts import Facts, RowFact
from lofte.plan.records import Verb
from lofte.plan.verdict import ErasePlan
from lofte.requests.erasure.evidence import Line, Row
from lofte.requests.erasure.foretell import day_of

CHANGED_HANDS = "changed_hands"
"""Why a row that was to go is left: it leads to somebody else."""
IN_DOUBT = "in_doubt"
"""Why a row that was to go stays: nobody knows whether it is the person's still."""
Stamp = Mapping[str, str]
"""Column -> keyed digest of what stood there; empty = nothing did."""


def stamps(house: House, session: Judging, plan: ErasePlan, before: Mapping[Row, Stamp]) -> dict[Row, Stamp]:
    """What tells the rows that this plan keeps for a time, as it has left them. A row that has been
    told before is told by the same columns."""
    system, on = house.datamap.system(plan.system), house.today
    kept: list[tuple[RowFact, Sequence[str]]] = []
    for verdict in plan.verdicts:
        if day_of(verdict, on) is not None:
            fact = verdict.fact
            at = (fact.at.dataset, fact.key)
            columns = tuple(before[at]) if at in before else telling(system, fact)
            kept.append((fact, columns))
    return told(house, session, kept)


def told(house: House, session: Judging, rows: Sequence[tuple[RowFact, Sequence[str]]]) -> dict[Row, Stamp]:
    """What these columns of rows say now."""
    return {at: dict(said) for at, said in session.tells(rows, _mac(house)).items()} if rows else {}


def still(
    house: House, session: Judging, facts: Facts, before: Mapping[Row, Stamp], foretold: Mapping[Row, Stamp]
) -> set[Row]:
    """Those of the rows that still tell what they told, or what an attempt that nobody has told has
    left there; locked."""
    system = house.datamap.system(facts.system)
    asked = [(row, tuple(before.get((row.at.dataset, row.key), {}))) for row in facts.rows]
    found: set[Row] = set()
    for mac in (_mac(house), *_macs_before(house, system)):
        left = [(row, columns) for row, columns in asked if (row.at.dataset, row.key) not in found]
        now = session.tells(left, mac, lock=True) if left else {}
        found |= {
            at
            for at, said in now.items()
            if any(_same(system.datasets[at[0]], each.get(at, {}), said) for each in (before, foretold))
        }
    return found


def as_told(system: System, facts: Facts, before: Mapping[Row, Stamp], due: Iterable[Row]) -> Facts:
    """The facts of the rows that are due. An identity that stood in a row when it was kept is the
    person's still: nothing else is left that could say so."""
    wanted = set(due)
    rows = (row for row in facts.rows if (row.at.dataset, row.key) in wanted)
    return replace(facts, rows=tuple(_as_told(system, row, before) for row in rows))


def in_doubt(system: System, row: Row, stamp: Stamp) -> bool:
    """Whether a row that no longer tells what it told may be the person's all the same: what told them was
    an identity, and people change theirs."""
    dataset = system.datasets[row[0]]
    by_identity = {path.column for path in dataset.subject if isinstance(path, ByIdentity)}
    return is_person(dataset) or any(stamp.get(column) for column in by_identity)


def told_lost(rows: Iterable[Row], ground: str = CHANGED_HANDS) -> list[Line]:
    """Rows that are left, as the evidence tells them."""
    counts: dict[str, int] = {}
    for dataset, _ in rows:
        counts[dataset] = counts.get(dataset, 0) + 1
    return [
        Line(dataset=dataset, verb=Verb.KEEP, ground=ground, until=None, rows=n)
        for dataset, n in sorted(counts.items())
    ]


def _as_told(system: System, row: RowFact, before: Mapping[Row, Stamp]) -> RowFact:
    told = before.get((row.at.dataset, row.key), {})
    subject = system.datasets[row.at.dataset].subject
    mine = row.paths | {
        number
        for number, path in enumerate(subject)
        if isinstance(path, ByIdentity) and told.get(path.column)
    }
    others = row.others_paths - mine
    return replace(row, paths=mine, others_paths=others, others=bool(others))


def telling(system: System, fact: RowFact) -> tuple[str, ...]:
    """The columns that lead from a row to the person; of a person's own row, what tells them."""
    dataset = system.datasets[fact.at.dataset]
    names = list(_of_person(dataset)) if is_person(dataset) else []
    for number, path in enumerate(dataset.subject):
        over_own = -1 in fact.paths and target_of(path) == fact.at.dataset
        if number in fact.paths or over_own:
            names += columns_of(path)
    if not names:
        names += [name for path in dataset.subject for name in columns_of(path)]
    return tuple(dict.fromkeys(names or dataset.key))


def _of_person(dataset: Dataset) -> Sequence[str]:
    """What tells a person in their own row, beside its key: strong identities, else all that is theirs."""
    fields = {name: field for name, field in dataset.fields.items() if name not in dataset.key}
    strong = [n for n, f in fields.items() if f.identity and STRENGTH[f.identity] is not Strength.WEAK]
    return strong or [name for name, field in fields.items() if field.category]


def _same(dataset: Dataset, before: Stamp, now: Stamp) -> bool:
    """Of a person one identity that stands is enough: people move, and change their address."""
    if not before:
        return False
    if is_person(dataset) and any(before.values()):
        return any(said and now.get(name) == said for name, said in before.items())
    return all(now.get(name) == said for name, said in before.items())


def _macs_before(house: House, system: System) -> list[Callable[[bytes], str]]:
    """As digests were made before a row in a locked copy told what it told where it stood: by the id of
    the copy."""
    mac, homes = _mac(house), {home.encode(): copy.encode() for copy, home in copies(system).items()}

    def before(said: bytes) -> str:
        home, _, rest = said.partition(b"\0")
        return mac(homes.get(home, home) + b"\0" + rest)

    return [before] if homes else []


def _mac(house: House) -> Callable[[bytes], str]:
    def mac(said: bytes) -> str:
        return hmac.digest(house.keys.lookup, b"kept row\0" + said, "sha256").hex()

    return mac
