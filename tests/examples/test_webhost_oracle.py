"""The engine gives every person exactly the rows that whoever made them knows to be theirs.

The right answers come from the references that rows were made with, never from a query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from examples.common.people import Spelled
from examples.webhost.generate import TODAY, World, expected
from examples.webhost.people import CAST, Person
from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import Kind, System
from lofte.datamap.identity import Identity, read
from lofte.fault import Fault, Place
from lofte.plan.records import Subject

Answer = dict[str, dict[str, set[Any]]]


def subject(ref: str, spelled: Sequence[Spelled]) -> Subject:
    identities = []
    for kind, raw in spelled:
        identity = read(Kind(kind), raw, TODAY, Place(path=kind))
        assert not isinstance(identity, Fault), (raw, identity)
        identities.append(identity)
    return Subject(ref=ref, identities=tuple(identities))


class Asked:
    """What the engine answered to a number of subjects at once."""

    def __init__(self, hosting: System, url: str, subjects: Sequence[Subject]) -> None:
        self.sure: dict[int, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
        self.mentioned: dict[int, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
        self.shared: dict[int, dict[str, int]] = defaultdict(dict)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        connector = open_sql(hosting, url)
        try:
            with connector.session() as session:
                people = session.people(subjects, TODAY)
                self.ambiguous = {(a.subject, a.identity) for a in people.ambiguous}
                for name, dataset in hosting.datasets.items():
                    rows = session.rows(name, people)
                    self.rows[name] = []
                    for found in rows.found:
                        row = dict(zip(rows.columns, found.row, strict=True))
                        key = tuple(row[column] for column in dataset.key)
                        self.rows[name].append(row)
                        for at in found.subjects:
                            (self.sure if found.certain else self.mentioned)[at][name].add(key)
                    for at, number in rows.shared.items():
                        self.shared[at][name] = number
        finally:
            connector.close()

    def answer(self, at: int) -> Answer:
        return {"sure": dict(self.sure[at]), "mentioned": dict(self.mentioned[at])}


def right(world: World, person: Person) -> Answer:
    answer = expected(world, person)
    return {"sure": {**answer.certain, **answer.processor}, "mentioned": answer.mention}


def chosen(world: World, number: int, seed: int) -> list[Person]:
    """The cast, and random others beside them."""
    cast = list(dict.fromkeys(account.person for account in world.accounts if account.id in CAST))
    others = [person for person in world.persons if person not in cast]
    return cast + Random(seed).sample(others, number - len(cast))


def differences(
    world: World, persons: Sequence[Person], ways: Sequence[tuple[Spelled, ...]], asked: Asked
) -> Iterator[str]:
    for at, (person, way) in enumerate(zip(persons, ways, strict=True)):
        want, got = right(world, person), asked.answer(at)
        for sort in want:
            for dataset in sorted(want[sort].keys() | got[sort].keys()):
                wanted, given = want[sort].get(dataset, set()), got[sort].get(dataset, set())
                if foreign := given - wanted:
                    yield f"{way}: {dataset} {sort} foreign {sorted(foreign)[:5]}"
                if missing := wanted - given:
                    yield f"{way}: {dataset} {sort} missing {sorted(missing)[:5]}"
        counts = {name: len(keys) for name, keys in expected(world, person).shared.items()}
        if counts != asked.shared[at]:
            yield f"{way}: shared {asked.shared[at]}, not {counts}"


def test_two_hundred_persons_are_given_exactly_their_rows(
    world: World, hosting: System, hosting_url: str
) -> None:
    persons = chosen(world, 200, seed=5)
    dice = Random(6)
    ways = [dice.choice(person.ways) for person in persons]
    asked = Asked(hosting, hosting_url, [subject(str(n), way) for n, way in enumerate(ways)])
    assert "\n".join(differences(world, persons, ways, asked)) == ""
    assert asked.ambiguous == set()


def test_every_way_to_ask_gives_the_same_answer(world: World, hosting: System, hosting_url: str) -> None:
    pairs = [(person, way) for person in chosen(world, 30, seed=7) for way in person.ways]
    persons, ways = [p for p, _ in pairs], [w for _, w in pairs]
    asked = Asked(hosting, hosting_url, [subject(str(n), way) for n, way in enumerate(ways)])
    assert "\n".join(differences(world, persons, ways, asked)) == ""


def test_one_person_alone_is_answered_as_among_many(world: World, hosting: System, hosting_url: str) -> None:
    for person in (world.persons[0], world.persons[7], world.persons[-1]):
        way = person.ways[0]
        asked = Asked(hosting, hosting_url, [subject("one", way)])
        assert "\n".join(differences(world, [person], [way], asked)) == ""


def test_an_address_that_two_share_gives_nothing_and_is_reported(
    world: World, hosting: System, hosting_url: str
) -> None:
    subjects = [subject(str(n), (spelled,)) for n, spelled in enumerate(world.ambiguous)]
    asked = Asked(hosting, hosting_url, subjects)
    assert not any(rows for rows in asked.rows.values())
    assert {at for at, _ in asked.ambiguous} == set(range(len(subjects)))


def test_a_person_nobody_knows_is_given_nothing(world: World, hosting: System, hosting_url: str) -> None:
    strangers = [
        Subject(ref=str(n), identities=(Identity(kind=Kind.EMAIL, value=value),))
        for n, value in enumerate(("ingen@brevbrygga.example", "a@b.example", "ek@brevbrygga.example"))
    ]
    asked = Asked(hosting, hosting_url, strangers)
    assert not any(rows for rows in asked.rows.values())


def test_odd_names_give_the_values_that_were_put_in(world: World, hosting: System, hosting_url: str) -> None:
    persons = chosen(world, 60, seed=8)
    asked = Asked(hosting, hosting_url, [subject(str(n), p.identities) for n, p in enumerate(persons)])
    for name, table in (("orders", "order"), ("refunds", "Återköp 2024")):
        key = hosting.datasets[name].key
        put_in = {tuple(row[k] for k in key): row for row in world.rows[table]}
        assert asked.rows[name]
        for row in asked.rows[name]:
            assert said(row) == said(put_in[tuple(row[k] for k in key)])


def said(row: dict[str, Any]) -> dict[str, str]:
    """Dates as text to the second: SQLite has no type for them."""
    return {name: str(value).removesuffix(".000000") for name, value in row.items()}
