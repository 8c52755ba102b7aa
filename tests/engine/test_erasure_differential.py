"""What is left after an erasure equals what the objects behind the rows say, in random databases.

Whole databases are compared, value by value: nothing of anybody else's may be gone, and nothing of
the person's may be left that no law keeps. Seeds are fixed, so a failure repeats:
`python -m tests.engine.soak 1 --from SEED`. The long version is `make oracle N=50000`.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from tests.engine.dressing import dress
from tests.engine.erasing import request, request_of_some, seen, trial, world_of
from tests.engine.furnishing import settle
from tests.engine.remaining import remaining
from tests.engine.test_differential import COLLATIONS
from tests.services import mariadb_database, postgres_database

SQLITE = [range(n, n + 25) for n in range(0, 500, 25)]
SCOPED = [range(n, n + 25) for n in range(5000, 5200, 25)]
SERVER = [range(n, n + 10) for n in range(2000, 2040, 10)]

CONSTRUCTS = (
    "composite foreign key",
    "foreign key",
    "foreign key CASCADE",
    "foreign key SET NULL",
    "foreign key to itself",
    "foreign keys in a ring",
    "link that may not be empty",
    "row of a stranger",
    "time that ends with another row",
    "trigger accepted",
    "trigger on delete",
    "trigger on insert",
    "trigger on update",
    "two references to one dataset",
    "unmapped child",
    # and, seen in what must be left:
    "field emptied",
    "field generalise",
    "field null",
    "field replace",
    "must stop: X101",
    "must stop: X102",
    "place in JSON emptied",
    "row goes",
    "row goes, shared",
    "row held",
    "row masked, mention",
    "row minimised, law",
    "row stays, hold",
    "row stays, law",
    "row stays, mention",
    "row stays, shared",
    "row unlinked, shared",
    "trigger fired",
)


def _name(seeds: range) -> str:
    return f"{seeds.start}-{seeds.stop - 1}"


@pytest.mark.parametrize("seeds", SQLITE, ids=_name)
def test_an_erasure_takes_what_it_must_and_nothing_else_on_sqlite(seeds, tmp_path):
    wrong = []
    for seed in seeds:
        dressed = dress(world_of(seed))
        url = f"sqlite:///{tmp_path / str(seed)}.sqlite3"
        wrong.append(trial(dressed, settle(dressed, url), url, request(dressed, random.Random(seed))))
    assert not any(wrong), "\n".join(filter(None, wrong))


@pytest.mark.parametrize("seeds", SCOPED, ids=_name)
def test_an_erasure_of_some_kinds_of_data_touches_no_other(seeds, tmp_path):
    wrong = []
    for seed in seeds:
        dressed = dress(world_of(seed))
        url = f"sqlite:///{tmp_path / str(seed)}.sqlite3"
        asked = request_of_some(dressed, random.Random(seed))
        wrong.append(trial(dressed, settle(dressed, url), url, asked))
    assert not any(wrong), "\n".join(filter(None, wrong))


@pytest.mark.postgres
@pytest.mark.parametrize("seeds", SERVER, ids=_name)
def test_an_erasure_takes_what_it_must_and_nothing_else_on_postgres(seeds):
    wrong = []
    with postgres_database() as url:
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        for seed in seeds:
            dressed = dress(world_of(seed))
            schema = f"Värld {seed}" if seed % 3 == 0 else f"w{seed}"
            with admin.connect() as connection:
                connection.execute(sa.schema.CreateSchema(schema))
            own = url if seed % 3 == 0 else f"{url}?options=-csearch_path%3D{schema}"
            map_ = settle(dressed, own, schema=schema if seed % 3 == 0 else None)
            wrong.append(trial(dressed, map_, own, request(dressed, random.Random(seed))))
        admin.dispose()
    assert not any(wrong), "\n".join(filter(None, wrong))


@pytest.mark.mariadb
@pytest.mark.parametrize("seeds", SERVER, ids=_name)
def test_an_erasure_takes_what_it_must_and_nothing_else_on_mariadb(seeds):
    wrong = []
    with ExitStack() as stack:
        for seed in seeds:
            dressed = dress(world_of(seed))
            url = stack.enter_context(mariadb_database(COLLATIONS[seed % len(COLLATIONS)]))
            wrong.append(trial(dressed, settle(dressed, url), url, request(dressed, random.Random(seed))))
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_the_dressed_worlds_hold_every_construct():
    held: Counter[str] = Counter()
    for seed in range(500):
        dressed = dress(world_of(seed))
        held.update(set(seen(dressed, remaining(dressed, request(dressed, random.Random(seed))))))
    assert {name: held[name] for name in CONSTRUCTS if held[name] < 10} == {}
