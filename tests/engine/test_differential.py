"""What the engine fetches equals what the objects behind the rows say, in random databases.

Seeds are fixed, so a failure repeats: `tests.engine.worlds.make(seed)` makes the world again.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from lofte.connectors.protocol import Counted
from lofte.connectors.sql.connector import open_sql
from tests.engine.asking import ON, put, settle, trial
from tests.engine.building import system
from tests.engine.expecting import ask, expected
from tests.engine.reading import read
from tests.engine.worlds import make
from tests.services import mariadb_database, postgres_database

SQLITE = [range(n, n + 25) for n in range(0, 300, 25)]
SERVER = [range(n, n + 10) for n in range(1000, 1050, 10)]
COLLATIONS = (
    "utf8mb4_general_ci",
    "utf8mb4_uca1400_ai_ci",
    "utf8mb4_swedish_ci",
    "utf8mb4_bin",
    "utf8mb4_nopad_bin",
    "utf8mb4_unicode_ci",
)


def _name(seeds: range) -> str:
    return f"{seeds.start}-{seeds.stop - 1}"


@pytest.mark.parametrize("seeds", SQLITE, ids=_name)
def test_everyone_gets_their_rows_and_nobody_elses_on_sqlite(seeds, tmp_path):
    wrong = []
    for seed in seeds:
        world = make(seed)
        url = f"sqlite:///{tmp_path / str(seed)}.sqlite3"
        wrong.append(trial(world, settle(world, url), url, ask(world, random.Random(seed))))
    assert not any(wrong), "\n".join(filter(None, wrong))


@pytest.mark.postgres
@pytest.mark.parametrize("seeds", SERVER, ids=_name)
def test_everyone_gets_their_rows_and_nobody_elses_on_postgres(seeds):
    wrong = []
    with postgres_database() as url:
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        for seed in seeds:
            world = make(seed)
            schema = f"Värld {seed}" if seed % 3 == 0 else f"w{seed}"
            with admin.connect() as connection:
                connection.execute(sa.schema.CreateSchema(schema))
            # Some worlds say their schema in the map, others have it from the connection.
            own = url if seed % 3 == 0 else f"{url}?options=-csearch_path%3D{schema}"
            map_ = settle(world, own, schema=schema if seed % 3 == 0 else None)
            wrong.append(trial(world, map_, own, ask(world, random.Random(seed))))
        admin.dispose()
    assert not any(wrong), "\n".join(filter(None, wrong))


@pytest.mark.mariadb
@pytest.mark.parametrize("seeds", SERVER, ids=_name)
def test_everyone_gets_their_rows_and_nobody_elses_on_mariadb(seeds):
    wrong = []
    with ExitStack() as stack:
        for seed in seeds:
            world = make(seed)
            url = stack.enter_context(mariadb_database(COLLATIONS[seed % len(COLLATIONS)]))
            wrong.append(trial(world, settle(world, url), url, ask(world, random.Random(seed))))
    assert not any(wrong), "\n".join(filter(None, wrong))


@pytest.mark.parametrize("seeds", SQLITE[:2], ids=_name)
def test_asked_together_is_answered_as_asked_one_by_one(seeds, tmp_path):
    for seed in seeds:
        world = make(seed)
        url = f"sqlite:///{tmp_path / str(seed)}.sqlite3"
        map_ = settle(world, url)
        questions = ask(world, random.Random(seed + 1))
        together, _ = put(map_, url, [q.subject(n) for n, q in enumerate(questions)])
        for n, question in enumerate(questions):
            alone, _ = put(map_, url, [question.subject(0)])
            for part in world.parts():
                assert together.rows[n, part.id] == alone.rows[0, part.id], f"seed {seed}"
                assert together.shared[n, part.id] == alone.shared[0, part.id], f"seed {seed}"


def test_counting_says_what_fetching_gives(tmp_path):
    for seed in range(20):
        world = make(seed)
        url = f"sqlite:///{tmp_path / str(seed)}.sqlite3"
        map_ = settle(world, url)
        subjects = [q.subject(n) for n, q in enumerate(ask(world, random.Random(seed)))]
        fetched, _ = put(map_, url, subjects)
        connector = open_sql(map_, url)
        with connector.session() as session:
            people = session.people(subjects, ON)
            for part in world.parts():
                counts = session.count(part.id, people)
                for n in range(len(subjects)):
                    certain = list(fetched.rows[n, part.id].values())
                    wanted = (sum(certain), len(certain) - sum(certain), fetched.shared[n, part.id])
                    told = counts.get(n, Counted())
                    assert (told.certain, told.waiting, told.shared) == wanted, f"seed {seed}, {part.id}"
        connector.close()


@pytest.mark.parametrize("seeds", SQLITE[:2], ids=_name)
def test_one_statement_per_dataset_for_any_number_of_people(seeds, tmp_path):
    total = 0
    for seed in seeds:
        world = make(seed)
        url = f"sqlite:///{tmp_path / str(seed)}.sqlite3"
        map_ = settle(world, url)
        cost: Counter[str] = Counter()
        everybody = [q for _ in range(12) for q in ask(world, random.Random(seed), 5)]
        put(map_, url, [q.subject(n) for n, q in enumerate(everybody)], cost=cost)
        total += sum(cost.values())
        people = sum(table.person for table in world.tables)
        assert cost.pop("people") <= 4 * people, f"seed {seed}"
        assert not {id_: n for id_, n in cost.items() if n > 1}, f"seed {seed}"
    assert total > 2 * len(seeds), "nothing was counted"


def test_the_objects_and_a_naive_reading_of_the_map_agree():
    """Two oracles that share nothing; where they differ the generator is wrong."""
    for seed in range(600):
        world = make(seed)
        questions = ask(world, random.Random(seed))
        tables = {table.name: [row.values for row in table.rows] for table in world.tables}
        subjects = [q.subject(n) for n, q in enumerate(questions)]
        assert expected(world, questions).plain() == read(system(world), tables, subjects).plain(), (
            f"seed {seed}"
        )
