"""Groups of persons by what their rows say, for figures (recital 26): every row is read once, and whose it
is; in memory are the groups and the persons in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lofte.connectors.sql.crowd import Head, Said, owned
from lofte.connectors.sql.fact_shapes import FactShapes
from lofte.connectors.sql.verify import Index
from lofte.connectors.sql.wire import Wire
from lofte.datamap.document import Coarse
from lofte.datamap.tracing import People
from lofte.plan.anonymity import Look

Grouped = Mapping[Said, Mapping[str, set[Head]]]


def groups(
    wire: Wire, shapes: FactShapes, dataset: str, columns: Mapping[str, Coarse | None], on: date
) -> Grouped:
    """By what rows say in these columns: the persons, by the kind of identity they are known by. Rows of
    which it is not known whose they are count for nobody."""
    look = Look(dataset=dataset, columns=columns, keys=frozenset())
    found: dict[Said, dict[str, set[Head]]] = {}
    for _key, said, head in owned(wire, shapes, look, Index(People(persons=()), on)):
        found.setdefault(said, {}).setdefault(head[0], set()).add(head)
    return found
