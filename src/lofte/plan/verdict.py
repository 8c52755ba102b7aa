"""What becomes of one row, and why; and what is done to a value that may not stay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from lofte.datamap.document import Coarse
from lofte.plan.facts import RowFact, Tie
from lofte.plan.records import DatasetRef, Kept, Subject, Verb, made_by_the_thousand


class How(StrEnum):
    """How a value is changed."""

    NULL = "null"
    VALUE = "value"
    TEMPLATE = "template"
    """A text in which `{key}` stands for the row's key."""
    COARSE = "coarse"
    MASK = "mask"
    """The person's identities in a free text are replaced; the rest stays."""
    JSON = "json"
    """A place in a JSON document becomes null."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What is done to one value."""

    how: How
    value: str | int | float | bool | None = None
    coarse: Coarse | None = None
    at: tuple[tuple[str | int, ...], ...] = ()
    """Places in a JSON document."""


NULL = Change(how=How.NULL)
Changes = Mapping[str, Change]


@made_by_the_thousand
class Verdict:
    """What becomes of one row. `until` is the last day of what is kept of it."""

    fact: RowFact
    verb: Verb
    article: str
    ground: str = ""
    """A statute, a hold, or the purposes that still need it."""
    until: date | None = None
    law_until: date | None = None
    """The last day on which a law keeps it, where something else may keep it for longer."""
    changes: Changes = field(default_factory=dict)

    def on(self, row: RowFact) -> Verdict:
        """The same verdict on another row."""
        return Verdict(
            fact=row,
            verb=self.verb,
            article=self.article,
            ground=self.ground,
            until=self.until,
            law_until=self.law_until,
            changes=self.changes,
        )

    def apart(self) -> tuple[Verdict, ...]:
        """The same verdict on each row by itself."""
        return tuple(map(self.on, self.fact.apart())) if self.fact.fellows else (self,)

    def lets_go(self, tie: Tie) -> bool:
        """Whether the row will not point any more by this tie when all is done."""
        if self.verb is Verb.DELETE:
            return True
        return any(self.changes[n].how is How.NULL for n in tie.columns if n in self.changes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One statement's worth: the same thing done to rows of one dataset."""

    at: DatasetRef
    verb: Verb
    rows: tuple[RowFact, ...]
    changes: Changes = field(default_factory=dict)

    def apart(self) -> Act:
        """The same act, with each row by itself."""
        return replace(self, rows=tuple(row for fact in self.rows for row in fact.apart()))


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasePlan:
    """What shall be done in one system, in this order, and what is kept."""

    system: str
    subjects: tuple[Subject, ...]
    verdicts: tuple[Verdict, ...]
    acts: tuple[Act, ...]
    kept: tuple[Kept, ...]
    grounds: tuple[str, ...]
    policy_digest: str
    map_digest: str
    digest: str
    """Of everything that shall be done, row by row."""
    made_on: date

    def counts(self) -> dict[tuple[str, Verb], int]:
        """Rows by dataset and verb; a row that is kept whole is counted under KEEP."""
        found: dict[tuple[str, Verb], int] = {}
        for verdict in self.verdicts:
            at = (verdict.fact.at.dataset, verdict.verb)
            found[at] = found.get(at, 0) + verdict.fact.rows
        return found


def digest_of(policy: str, datamap: str, acts: Sequence[Act]) -> str:
    """SHA-256 of everything that shall be done. Keys are in it, so it stays with counts only."""
    told = [[str(a.at), a.verb, sorted(k for r in a.rows for k in r.keys), _plain(a.changes)] for a in acts]
    text = json.dumps([policy, datamap, told], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(changes: Changes) -> list[list[object]]:
    return [[n, c.how, c.value, c.coarse, c.at] for n, c in sorted(changes.items())]
