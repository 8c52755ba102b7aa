"""A database nobody here designed: the ticket system django-helpdesk, filled by its own code.

It runs as a program of its own, with its own settings; Löfte meets only its database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from lofte.connectors.sql.connector import SqlConnector, open_sql
from lofte.datamap.checks import check
from lofte.datamap.document import ByOwn, DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.fault import errors
from lofte.plan.records import Subject
from tests.services import postgres_database, sqlite_database

ROOT = Path(__file__).parents[2]
ON = date(2026, 11, 20)
MAP = System.model_validate(YAML(typ="safe").load(Path(__file__).with_name("helpdesk.yaml")))

SHOWN = {
    "anna": (Kind.EMAIL, "anna.test@kund.example"),
    "eva": (Kind.EMAIL, "anna.test@kund.example.example"),
    "nära": (Kind.EMAIL, "änna.test@kund.example"),
    "bertil": (Kind.EMAIL, "bertil@kund.example"),
    "Bertil2": (Kind.USER_NAME, "Bertil2"),
    "handläggare": (Kind.USER_NAME, "handläggare"),
    "kollega": (Kind.EMAIL, "kollega@firma.example"),
}

Answers = dict[str, dict[str, list[int]]]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def helpdesk(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[tuple[SqlConnector, Answers]]:
    """The running ticket system's database, and whose each row in it is."""
    folder = tmp_path_factory.mktemp("helpdesk")
    if request.param == "sqlite":
        yield from _filled(sqlite_database(folder), folder)
    else:
        with postgres_database() as url:
            yield from _filled(url, folder)


def _filled(url: str, folder: Path) -> Iterator[tuple[SqlConnector, Answers]]:
    answers = folder / "answers.json"
    own = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "LOFTE_"))}
    own |= {"HELPDESK_DATABASE": url, "HELPDESK_MEDIA": str(folder / "media")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.helpdesk.fill", str(answers)],
        cwd=ROOT, env=own, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    connector = open_sql(MAP, url)
    yield connector, json.loads(answers.read_text())
    connector.close()


def _rows_of(connector: SqlConnector, *people: str) -> dict[str, dict[str, list[int]]]:
    subjects = []
    for person in people:
        kind, value = SHOWN[person]
        subjects.append(Subject(ref=person, identities=(Identity(kind=kind, value=value),)))
    found: dict[str, dict[str, list[int]]] = {person: {} for person in people}
    with connector.session() as session:
        known = session.people(subjects, ON)
        for dataset, entry in MAP.datasets.items():
            rows = session.rows(dataset, known)
            for one in rows.found:
                assert one.certain
                key = one.row[rows.columns.index(entry.key[0])]
                for subject in one.subjects:
                    found[people[subject]].setdefault(dataset, []).append(key)
    return {p: {d: sorted(keys) for d, keys in sorted(sets.items())} for p, sets in found.items()}


@pytest.mark.parametrize("person", SHOWN)
def test_a_person_gets_exactly_what_is_theirs(helpdesk, person):
    connector, answers = helpdesk
    assert _rows_of(connector, person)[person] == dict(sorted(answers.get(person, {}).items()))


def test_all_at_once_get_what_each_gets_alone(helpdesk):
    connector, answers = helpdesk
    together = _rows_of(connector, *SHOWN)
    assert together == {person: dict(sorted(answers.get(person, {}).items())) for person in SHOWN}


def test_nothing_of_another_in_the_same_thread(helpdesk):
    """Three write in one ticket: nobody gets another's words, files or copies."""
    connector, _ = helpdesk
    found = _rows_of(connector, "anna", "eva", "bertil")
    for dataset in ("letter", "copy"):
        mine, hers, his = (set(found[p].get(dataset, ())) for p in ("anna", "eva", "bertil"))
        assert mine.isdisjoint(hers) and mine.isdisjoint(his) and hers.isdisjoint(his)
    text = _text_given(connector, "anna")
    assert "Bertils ord" not in text
    assert "Ord av anna.test@kund.example.example" not in text
    assert "Verkar sur" not in text
    assert "Svar till er alla" in text


def _text_given(connector: SqlConnector, person: str) -> str:
    kind, value = SHOWN[person]
    subject = Subject(ref=person, identities=(Identity(kind=kind, value=value),))
    with connector.session() as session:
        known = session.people([subject], ON)
        return "\n".join(
            str(value)
            for name in MAP.datasets
            for one in session.rows(name, known).found
            for value in one.row
        )


def test_every_table_and_column_of_the_system_is_decided(helpdesk):
    connector, _ = helpdesk
    decided: dict[str, set[str]] = {}
    for dataset in MAP.datasets.values():
        decided.setdefault(str(dataset.table), set()).update(dataset.fields)
    assert errors(check(None, DataMap(systems=(MAP,)), {MAP.id: connector.catalogue()})) == ()
    ignored = {entry.table for entry in MAP.ignored}
    for table in connector.catalogue().tables:
        if table.name not in ignored:
            assert {column.name for column in table.columns} == decided.get(table.name), table.name


def test_every_person_is_reached_by_a_path():
    assert [name for name, d in MAP.datasets.items() if any(isinstance(p, ByOwn) for p in d.subject)] == [
        "account"
    ]
    assert all(dataset.subject or dataset.nobody for dataset in MAP.datasets.values())
