"""The web host's world in an SQLite file, and a house that works by its policy."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import create_engine

from examples.webhost.generate import World, make_world
from lofte.datamap.document import DataMap, System
from lofte.policy.document import Policy
from tests.services import sqlite_database

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(customers=80, seed=3)


@pytest.fixture(scope="session")
def plain_policy() -> Any:
    return read(WEBHOST / "policy.yaml")


@pytest.fixture(scope="session")
def plain_system() -> Any:
    return read(WEBHOST / "systems" / "hosting.yaml")


@pytest.fixture(scope="session")
def policy(plain_policy: Any) -> Policy:
    return Policy.model_validate(plain_policy)


@pytest.fixture(scope="session")
def hosting(plain_system: Any) -> System:
    return System.model_validate(plain_system)


@pytest.fixture(scope="session")
def url(world: World, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = sqlite_database(tmp_path_factory.mktemp("webhost"))
    engine = create_engine(url)
    world.load(engine)
    engine.dispose()
    return url


@pytest.fixture
def webhost(house: Any, policy: Policy, hosting: System) -> Any:
    """A house that works by the web host's policy and map."""
    return dataclasses.replace(house, policy=policy, datamap=DataMap(systems=(hosting,)))
