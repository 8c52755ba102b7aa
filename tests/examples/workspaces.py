"""An example workspace as a company would have it: the files, the database, and the engine's answers."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from examples.common.people import Person
from examples.common.world import World, expected
from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import DataMap, System
from lofte.policy.document import Policy
from tests.examples.conftest import read
from tests.examples.test_webhost_oracle import Asked, subject

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A company's documents, its people, and its database."""

    policy: Policy
    system: System
    world: World
    url: str

    @property
    def datamap(self) -> DataMap:
        """The map of its one system."""
        return DataMap(systems=(self.system,))

    def catalogue(self) -> Any:
        """The tables as they are in the database."""
        connector = open_sql(self.system, self.url)
        try:
            return connector.catalogue()
        finally:
            connector.close()

    def asked(self, *ways: tuple[tuple[str, str], ...]) -> Asked:
        """What the engine answers those who show these identities."""
        return Asked(self.system, self.url, [subject(str(n), way) for n, way in enumerate(ways)])


def make(name: str, folder: Path) -> Workspace:
    """The example of this name, with its database in the folder."""
    home = EXAMPLES / name
    (system,) = [System.model_validate(read(path)) for path in (home / "systems").glob("*.yaml")]
    world = importlib.import_module(f"examples.{name}.generate").make_world()
    url = f"sqlite:///{folder / 'example.sqlite3'}"
    engine = create_engine(url)
    world.load(engine)
    engine.dispose()
    return Workspace(
        policy=Policy.model_validate(read(home / "policy.yaml")), system=system, world=world, url=url
    )


def wrong(workspace: Workspace) -> Iterator[str]:
    """Where the engine's answers differ from what whoever made the rows knows, for everybody and every
    way to ask."""
    pairs = [(person, way) for person in workspace.world.persons for way in person.ways if way]
    asked = workspace.asked(*(way for _, way in pairs))
    for at, (person, way) in enumerate(pairs):
        want, got = right(workspace.world, person), asked.answer(at)
        for sort in want:
            for dataset in sorted(want[sort].keys() | got[sort].keys()):
                wanted, given = want[sort].get(dataset, set()), got[sort].get(dataset, set())
                if wanted != given:
                    foreign, missing = sorted(given - wanted)[:4], sorted(wanted - given)[:4]
                    yield f"{way}: {dataset} {sort} foreign {foreign}, missing {missing}"
        counts = {name: len(keys) for name, keys in expected(workspace.world, person).shared.items()}
        if counts != asked.shared[at]:
            yield f"{way}: shared {asked.shared[at]}, not {counts}"


def right(world: World, person: Person) -> Any:
    """What this person must be given."""
    answer = expected(world, person)
    return {"sure": {**answer.certain, **answer.processor}, "mentioned": answer.mention}
