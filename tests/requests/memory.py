"""A system in memory, behind the connector's protocol: enough of one for the tests of requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lofte.connectors.protocol import Counted, Found, Rows
from lofte.datamap.catalogue import Catalogue
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.datamap.tracing import People, Person, PersonRow, Trace
from lofte.errors import Unreachable
from lofte.plan.records import DatasetRef, Subject

SYSTEM = {
    "system": 1,
    "id": "billing",
    "name": {"sv": "Fakturering", "en": "Billing"},
    "url": "memory:",
    "datasets": {
        "customer": {
            "name": {"sv": "Kund", "en": "Customer"},
            "key": "id",
            "subjects": "customers",
            "purposes": ["deliver"],
            "subject": [{"by": "own"}],
            "fields": {
                "id": {"technical": True},
                "email": {
                    "category": "contact",
                    "identity": "email",
                    "label": {"sv": "E-post", "en": "E-mail"},
                },
                "name": {
                    "category": "contact",
                    "item": "name",
                    "label": {"sv": "Namn", "en": "Name"},
                },
            },
        },
        "invoice": {
            "name": {"sv": "Faktura", "en": "Invoice"},
            "key": "id",
            "subjects": "customers",
            "purposes": ["deliver"],
            "subject": [{"by": "reference", "columns": "customer", "to": "customer"}],
            "fields": {
                "id": {"technical": True},
                "customer": {"technical": True},
                "text": {"category": "contact", "label": {"sv": "Text", "en": "Text"}},
            },
        },
        "visitor": {
            "name": {"sv": "Besökare", "en": "Visitor"},
            "key": "id",
            "role": "processor",
            "subject": [{"by": "identity", "column": "email", "kind": "email"}],
            "fields": {
                "id": {"technical": True},
                "email": {"category": "contact", "identity": "email"},
            },
        },
    },
}


def system(id_: str = "billing") -> System:
    return System.model_validate({**SYSTEM, "id": id_})


def datamap(*ids: str) -> DataMap:
    return DataMap(systems=tuple(system(i) for i in ids or ("billing",)))


def datamap_with_texts() -> DataMap:
    """The same, where what an invoice says is free text."""
    said = system().model_dump(mode="json", by_alias=True, exclude_unset=True)
    said["datasets"]["invoice"]["fields"]["text"]["text"] = True
    return DataMap(systems=(System.model_validate(said),))


@dataclass
class Memory:
    """Customers by e-mail; invoices by customer; visitors of somebody else's website by e-mail."""

    id: str
    customers: list[dict[str, Any]] = field(default_factory=list)
    invoices: list[dict[str, Any]] = field(default_factory=list)
    visitors: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False
    before_read: Callable[[], None] = lambda: None
    unsure: str = "-"
    """A row with this word in it only mentions the person."""
    opened: int = 0

    def catalogue(self) -> Catalogue:
        return Catalogue(system=self.id, dialect="memory", tables=())

    @contextmanager
    def session(self) -> Iterator[Memory]:
        if self.down:
            raise Unreachable(f"{self.id} does not answer; it is tried again")
        self.opened += 1
        yield self

    def close(self) -> None:
        pass

    def people(self, subjects: Sequence[Subject], on: date) -> People:
        trace = Trace([subject.identities for subject in subjects])
        while wanted := trace.wanted():
            trace.add(row for row in map(_person, self.customers) if row.identities & wanted)
        traced = trace.people(statements=1, alike=0)
        persons = tuple(replace(p, keys=_numbers(p)) for p in traced.persons)
        return replace(traced, persons=persons)

    def rows(self, dataset: str, people: People) -> Rows:
        self.before_read()
        columns = tuple(SYSTEM["datasets"][dataset]["fields"])
        found = (
            Found((person.subject,), row_, "own", certain=not any(self.unsure in str(v) for v in row_))
            for person in people.persons
            for row in self._of(dataset, person)
            for row_ in [tuple(row[c] for c in columns)]
        )
        at = DatasetRef(system=self.id, dataset=dataset)
        return Rows(at=at, columns=columns, found=found, statements=1)

    def count(self, dataset: str, people: People) -> Mapping[int, Counted]:
        return {p.subject: Counted(certain=sum(1 for _ in self._of(dataset, p))) for p in people.persons}

    def _of(self, dataset: str, person: Person) -> Iterator[dict[str, Any]]:
        keys = {key for (key,) in person.keys.get("customer", frozenset())}
        if dataset == "customer":
            yield from (c for c in self.customers if c["id"] in keys)
        elif dataset == "invoice":
            yield from (i for i in self.invoices if i["customer"] in keys)
        else:
            shown = {i.value for i in person.identities}
            yield from (v for v in self.visitors if v["email"] in shown)


def _person(customer: Mapping[str, Any]) -> PersonRow:
    identities = {Identity(kind=Kind.EMAIL, value=customer["email"])}
    if "no" in customer:
        identities.add(Identity(kind=Kind.CUSTOMER_NO, value=customer["no"]))
    return PersonRow(dataset="customer", key=(str(customer["id"]),), identities=frozenset(identities))


def _numbers(person: Person) -> dict[str, frozenset[tuple[Any, ...]]]:
    """The keys as this system has them: numbers."""
    return {dataset: frozenset((int(part),) for (part,) in keys) for dataset, keys in person.keys.items()}
