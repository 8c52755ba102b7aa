"""The files that two hundred persons get hold exactly their rows, on every database."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

from examples.webhost.generate import TODAY, World, expected
from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import DataMap, System
from lofte.policy.document import Policy
from lofte.policy.reading import read
from lofte.requests.package.spool import Spool
from tests.examples.test_webhost_oracle import chosen, subject

POLICY = Path(__file__).parents[2] / "examples" / "webhost" / "policy.yaml"


def _policy() -> Policy:
    reading = read(POLICY.read_text(encoding="utf-8"), "policy.yaml", Policy)
    assert reading.document is not None
    return reading.document


def test_the_packages_of_two_hundred_persons_hold_their_rows_and_nobody_elses(
    world: World, hosting: System, hosting_url: str, tmp_path: Path
) -> None:
    persons = chosen(world, 200, seed=11)
    dice = Random(12)
    subjects = [subject(str(n), dice.choice(person.ways)) for n, person in enumerate(persons)]
    connector = open_sql(hosting, hosting_url)
    spool = Spool(
        tmp_path, policy=_policy(), datamap=DataMap(systems=(hosting,)), subjects=subjects, on=TODAY
    )
    with spool, connector.session() as session:
        people = session.people(subjects, TODAY)
        spool.know(hosting.id, people)
        for dataset in hosting.datasets:
            spool.take(hosting.id, session.rows(dataset, people))
        for at, person in enumerate(persons):
            spool.write_data(at, tmp_path / str(at))
            assert _packed(tmp_path / str(at), hosting) == _right(world, person), person.number
    connector.close()


def _right(world: World, person: object) -> dict[str, set[tuple[str, ...]]]:
    certain = expected(world, person).certain  # type: ignore[arg-type]
    return {name: {tuple(map(str, key)) for key in keys} for name, keys in certain.items() if keys}


def _packed(folder: Path, hosting: System) -> dict[str, set[tuple[str, ...]]]:
    """Dataset -> keys, as they stand in data.json; every CSV has as many rows."""
    document = json.loads((folder / "data.json").read_text(encoding="utf-8"))
    found: dict[str, set[tuple[str, ...]]] = {}
    rows_of = {}
    for dataset in document["datasets"]:
        key = hosting.datasets[dataset["dataset"]].key
        found[dataset["dataset"]] = {tuple(str(row[k]) for k in key) for row in dataset["rows"]}
        rows_of[dataset["dataset"]] = len(dataset["rows"])
        assert dataset["count"] == len(dataset["rows"]) == len(found[dataset["dataset"]])
    in_files = sorted(len(_csv(path)) - 1 for path in (folder / "csv").iterdir())
    assert in_files == sorted(rows_of.values())
    return found


def _csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))
