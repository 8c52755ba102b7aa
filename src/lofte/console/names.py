"""What systems, datasets and categories are called: as the data map and the policy call them.

The console shows names and counts, never rows. Where no map can be read the ids stand instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lofte.datamap.document import Dataset, Give, System
from lofte.datamap.reading import read_map
from lofte.notices.models import PublishedPolicy
from lofte.policy.document import Policy
from lofte.policy.reading import read

Stamp = tuple[tuple[Path, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldBack:
    """A field that the map says is not given whole, and why."""

    field: str
    give: Give
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetNames:
    """What a dataset and what is in it are called."""

    system: str
    dataset: str
    categories: tuple[str, ...] = ()
    held_back: tuple[HeldBack, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """The names in one language."""

    datasets: Mapping[tuple[str, str], DatasetNames]

    def of(self, system: str, dataset: str) -> DatasetNames:
        """The names of a dataset, or its ids made readable."""
        return self.datasets.get((system, dataset)) or DatasetNames(
            system=_readable(system), dataset=_readable(dataset)
        )


def names(policy_version: str, language: str) -> Names:
    """The names as the workspace's map and this version of the policy have them."""
    folder = Path(settings.LOFTE_WORKSPACE) / "systems"
    stamp = tuple((file, file.stat().st_mtime_ns) for file in sorted(folder.glob("*.y*ml")))
    published = PublishedPolicy.objects.filter(version=policy_version).first()
    return _names(stamp, published.text if published else "", language)


@lru_cache(maxsize=8)
def _names(stamp: Stamp, policy_text: str, language: str) -> Names:
    datamap = read_map({file.name: file.read_text(encoding="utf-8") for file, _ in stamp}).datamap
    policy = read(policy_text, "policy.yaml", Policy).document if policy_text else None
    return Names(
        datasets={
            (system.id, id_): _dataset(system, dataset, policy, language)
            for system in datamap.systems
            for id_, dataset in system.datasets.items()
        }
    )


def _dataset(system: System, dataset: Dataset, policy: Policy | None, language: str) -> DatasetNames:
    known = policy.categories if policy else {}
    ids = dict.fromkeys(field.category for field in dataset.fields.values() if field.category)
    return DatasetNames(
        system=system.name.say(language),
        dataset=dataset.name.say(language),
        categories=tuple(known[id_].name.say(language) if id_ in known else _readable(id_) for id_ in ids),
        held_back=tuple(
            HeldBack(
                field=field.label.say(language) if field.label else _readable(name),
                give=field.give,
                why=field.why.say(language) if field.why else "",
            )
            for name, field in dataset.fields.items()
            if field.give is not Give.GIVE
        ),
    )


def _readable(id_: str) -> str:
    return id_.replace("_", " ").capitalize()
