"""The web host's world in a database of the test's own, a house that knows it, and a person who asks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ruamel.yaml import YAML

from examples.webhost.generate import World, make_world
from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.law.rights import Right
from lofte.policy.document import Policy
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request
from tests.erase.small import ANNA, EVA, Small
from tests.services import mariadb_database, postgres_database, sqlite_database

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BERTIL = "b" * 32
DATABASES = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(customers=120, seed=1)


@pytest.fixture(scope="session")
def hosting() -> System:
    return System.model_validate(_read(WEBHOST / "systems" / "hosting.yaml"))


@pytest.fixture(scope="session")
def policy() -> Policy:
    return Policy.model_validate(_read(WEBHOST / "policy.yaml"))


@pytest.fixture(params=DATABASES)
def any_empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        yield sqlite_database(tmp_path)
        return
    with (postgres_database if request.param == "postgres" else mariadb_database)() as url:
        yield url


@pytest.fixture
def hosting_url(world: World, tmp_path: Path) -> str:
    url = sqlite_database(tmp_path)
    _load(world, url)
    return url


@pytest.fixture
def any_hosting(any_empty: str, world: World) -> str:
    """The world in a database of each kind in turn."""
    _load(world, any_empty)
    return any_empty


def _load(world: World, url: str) -> None:
    engine = sa.create_engine(url)
    try:
        world.load(engine)
    finally:
        engine.dispose()


@pytest.fixture
def fjordhem(house: Any, policy: Policy, hosting: System, clock: Any) -> Any:
    """The house of the web host."""
    clock.now = NOW
    return dataclasses.replace(house, policy=policy, datamap=DataMap(systems=(hosting,)))


@pytest.fixture
def connect(hosting_url: str) -> Callable[[System], SqlConnector]:
    return lambda system: open_sql(system, hosting_url)


def asks(house: Any, *identities: Identity) -> Request:
    """A person who has asked to be erased, and shown who they are."""
    request = receive(house, right=Right.ERASURE, identities=identities, channel="letter", by=BERTIL)
    return identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)


def customer(world: World, number: int) -> Identity:
    return Identity(kind=Kind.CUSTOMER_NO, value=world.rows["customers"][number - 1]["customer_no"])


def dump(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as db:
            metadata = sa.MetaData()
            metadata.reflect(db)
            return {
                name: sorted(map(tuple, db.execute(sa.select(table))), key=repr)
                for name, table in metadata.tables.items()
            }
    finally:
        engine.dispose()


@pytest.fixture
def make(any_empty: str) -> Iterator[Callable[..., Small]]:
    """A small world with Anna and Eva in it, in an empty database of each kind."""
    made: list[Small] = []

    def build(metadata: sa.MetaData, map_: Any) -> Small:
        made.append(Small(any_empty, metadata, map_))
        made[-1].put("persons", {"id": 1, "email": ANNA}, {"id": 2, "email": EVA})
        return made[-1]

    yield build
    for each in made:
        each.close()
