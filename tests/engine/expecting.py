"""What a right engine must answer, read from the objects of a world and nothing else."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.plan.records import Subject
from tests.engine.worlds import Human, Key, Pair, World

UNIQUE = ("personnummer", "customer_no")


@dataclass(kw_only=True)
class Answer:
    """Per (subject, dataset): each key and whether it is certain, and how many rows a shared address has."""

    rows: dict[tuple[int, str], dict[Key, bool]] = field(default_factory=lambda: defaultdict(dict))
    shared: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    ambiguous: set[tuple[int, Pair]] = field(default_factory=set)
    """Shared identities that leave us not knowing who somebody is."""
    shared_identities: set[tuple[int, Pair]] = field(default_factory=set)

    def plain(self) -> tuple[object, ...]:
        """The answer in a form that compares and prints well."""
        rows = {at: dict(sorted(found.items(), key=repr)) for at, found in sorted(self.rows.items()) if found}
        shared = {at: n for at, n in sorted(self.shared.items()) if n}
        return rows, shared, sorted(self.ambiguous), sorted(self.shared_identities)


@dataclass(frozen=True)
class Question:
    """Somebody and the identities they show."""

    human: Human | None
    shown: frozenset[Pair]

    def subject(self, n: int) -> Subject:
        identities = sorted(Identity(kind=Kind(kind), value=value) for kind, value in self.shown)
        return Subject(ref=f"s{n}", identities=tuple(identities))


def ask(world: World, rng: random.Random, most: int = 5) -> list[Question]:
    """One to five people at once; sometimes the same one twice, or one whom nobody knows."""
    return [_question(world, rng) for _ in range(rng.randrange(1, most + 1))]


def _question(world: World, rng: random.Random) -> Question:
    if rng.random() < 0.06:
        return Question(None, frozenset({("email", "ingen@x.example")}))
    human = rng.choice(world.humans)
    strong: list[Pair] = [("personnummer", human.personnummer), ("customer_no", human.customer_no)]
    own: list[Pair] = [("email", email) for email in human.emails]
    families = [pair for pair in human.known if pair in world.shared()]
    if human.guest:
        return Question(human, frozenset(own))
    pool = [*strong[:1], *own, *own, *families, *families, strong[1], ("user_name", human.user_name)]
    return Question(human, frozenset(rng.sample(pool, rng.choice((1, 1, 1, 2, 3)))))


def expected(world: World, questions: Sequence[Question]) -> Answer:
    """Follow the object references."""
    answer = Answer()
    shared = world.shared()
    lineages = {row: row.lineage() for table in world.tables for row in table.rows if row.part}
    for n, question in enumerate(questions):
        human, pairs = question.human, set(question.shown)
        found = human is not None and bool((pairs - shared) & human.known)
        if human is not None and found:
            pairs |= human.known
        mine = {pair for pair in pairs - shared if pair[0] != "phone"}
        doubtful = pairs & shared
        answer.shared_identities |= {(n, pair) for pair in doubtful}
        # Something that is hers alone says who she is; then a shared address leaves no doubt.
        if not found:
            answer.ambiguous |= {(n, pair) for pair in question.shown & shared}
        for row, lineage in lineages.items():
            assert row.part is not None
            at = (n, row.part.id)
            if any((found and human in one.own) or one.carries & mine for one in lineage):
                answer.rows[at][row.key()] = True
            elif row.mentions & mine:
                answer.rows[at][row.key()] = False
            elif any(one.carries & doubtful for one in lineage):
                answer.shared[at] += 1
    return answer
