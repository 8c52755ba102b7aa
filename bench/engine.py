"""Löfte as the bench drives it: the public functions, nothing by-passed but the request's journal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from lofte.connectors.sql.connector import open_sql
from lofte.datamap import identity
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.fault import Fault, Place
from lofte.plan import access
from lofte.plan.records import Subject
from lofte.policy.document import Policy
from lofte.policy.reading import read
from lofte.requests.package.seal import seal
from lofte.requests.package.spool import Spool

TODAY = date(2026, 1, 1)
HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who asks."""

    number: int
    email: str
    personnummer: str | None


class Engine:
    """One opened system, its policy and map."""

    def __init__(self, url: str) -> None:
        policy = read((HERE.parent / "examples/webhost/policy.yaml").read_text(), "policy.yaml", Policy)
        system = read((HERE / "hosting.yaml").read_text(), "hosting.yaml", System)
        if policy.document is None or system.document is None:
            raise SystemExit("\n".join(map(str, (*policy.faults, *system.faults))))
        self.policy, self.system = policy.document, system.document
        self.datamap = DataMap(systems=(self.system,))
        self.connector = open_sql(self.system, url)
        self.statements = 0
        self.datasets = len(self.system.datasets)

    def __enter__(self) -> Self:
        self.connector.catalogue()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connector.close()

    def access(self, persons: Sequence[Person], folder: Path) -> None:
        """Plan, find, fetch, look again, write JSON and CSV."""
        subjects = [subject(p) for p in persons]
        access.plan(self.policy, self.datamap, subjects, TODAY)
        folder.mkdir(parents=True)
        with self._spool(folder, subjects) as spool:
            for number in range(len(subjects)):
                spool.write_data(number, folder / str(number))

    def package(self, person: Person, target: Path) -> dict[str, float]:
        """A whole package; seconds for finding and for sealing."""
        started = time.perf_counter()
        with self._spool(target.parent, [subject(person)]) as spool:
            found = time.perf_counter()
            seal(
                spool,
                0,
                target,
                number="2026-000001",
                language="sv",
                made_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        return {"finding": found - started, "HTML, PDF and archive": time.perf_counter() - found}

    def _spool(self, folder: Path, subjects: Sequence[Subject]) -> Spool:
        spool = Spool(folder, policy=self.policy, datamap=self.datamap, subjects=subjects, on=TODAY)
        with self.connector.session() as session:
            found = session.people(subjects, TODAY)
            self.statements = found.statements
            spool.know(self.system.id, found)
            for dataset in self.system.datasets:
                rows = session.rows(dataset, found)
                spool.take(self.system.id, rows)
                self.statements += rows.statements
        return spool


def subject(person: Person) -> Subject:
    """The person with what they have shown."""
    shown = [(Kind.EMAIL, person.email)]
    if person.personnummer:
        shown.append((Kind.PERSONNUMMER, person.personnummer))
    return Subject(ref=str(person.number), identities=tuple(_read(kind, raw) for kind, raw in shown))


def _read(kind: Kind, raw: str) -> Identity:
    found = identity.read(kind, raw, TODAY, Place())
    if isinstance(found, Fault):
        raise SystemExit(str(found))
    return found
