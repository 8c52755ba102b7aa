"""Writing down what may remain beneath the rows of a system, when they go, and until when."""

from __future__ import annotations

from collections.abc import Sequence

from lofte.execution.house import House
from lofte.execution.store import pick, pour
from lofte.law.calendar import civil_date
from lofte.plan.layers import Below, Layer, Storage
from lofte.plan.layers import layers as beneath
from lofte.requests.models import Beneath, Request


def keep(house: House, requests: Sequence[Request], system: str, storage: Storage) -> tuple[Layer, ...]:
    """Write it down for these requests, of whom something was taken there, in the caller's transaction.
    Written again it stays as it was first, but that later days win. Returns the layers."""
    found = beneath([house.datamap.system(system)], [system], house.today, {system: storage})
    pour(
        Beneath,
        ("request_id", "system", "below", "engine", "until", "at"),
        (
            (request.pk, system, layer.below, layer.engine, layer.until, house.now)
            for request in requests
            for layer in found
        ),
        unique=("request_id", "system", "below"),
        update=("until", "engine", "at"),
    )
    return found


def told(layers: Sequence[Layer]) -> dict[str, int]:
    """The same as the ledger says it: how many layers, of how many somebody has said until when, and
    the most days."""
    days = [layer.days for layer in layers if layer.days is not None]
    return {"layers": len(layers), "layers_declared": len(days), "layer_days": max(days, default=0)}


def of(request: Request) -> dict[str, tuple[Layer, ...]]:
    """By system: what may remain beneath the rows, as it was written down when they went."""
    return of_each([request])[request.pk]


def of_each(requests: Sequence[Request]) -> dict[int, dict[str, tuple[Layer, ...]]]:
    """The same for many requests, by their key."""
    found: dict[int, dict[str, tuple[Layer, ...]]] = {request.pk: {} for request in requests}
    names = ("request_id", "system", "below", "engine", "until", "at")
    written = pick(Beneath, names, {"request_id": list(found)}, order=("id",))
    for pk, system, below, engine, until, at in written:
        layer = Layer(
            system=system,
            below=Below(below),
            until=until,
            days=(until - civil_date(at)).days if until else None,
            declared=until is not None,
            engine=engine,
        )
        mine = found[pk]
        mine[system] = (*mine.get(system, ()), layer)
    return found
