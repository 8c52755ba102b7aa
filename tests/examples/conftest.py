"""The web host's world, and its database on each of the three servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import create_engine

from examples.webhost.generate import World, make_world
from lofte.datamap.document import System
from tests.services import mariadb_database, postgres_database, sqlite_database

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(customers=500, seed=1)


@pytest.fixture(scope="session")
def hosting() -> System:
    return System.model_validate(read(WEBHOST / "systems" / "hosting.yaml"))


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


DATABASES = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]


@pytest.fixture(scope="module", params=DATABASES)
def hosting_url(
    request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The world in a database of each kind in turn; MariaDB with a collation that takes ä for a."""
    if request.param == "sqlite":
        url = sqlite_database(tmp_path_factory.mktemp("webhost"))
        load(world, url)
        yield url
    elif request.param == "postgres":
        with postgres_database() as url:
            load(world, url)
            yield url
    else:
        with mariadb_database("utf8mb4_general_ci") as url:
            load(world, url)
            yield url


def load(world: World, url: str) -> None:
    engine = create_engine(url)
    try:
        world.load(engine)
    finally:
        engine.dispose()
