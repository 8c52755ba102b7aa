"""What systems, datasets and categories are called: as the data map and the policy call them.

The console shows names and counts, never rows. Where no map can be read the ids stand instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from lofte.datamap.document import Dataset, Give, System
from lofte.datamap.reading import read_map
from lofte.notices.models import PublishedPolicy
from lofte.notices.publish import in_force
from lofte.policy.document import Policy
from lofte.policy.reading import read
from lofte.requests.answer.remarks import REMARKS

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
    systems: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)
    recipients: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)

    def system(self, id_: str) -> str:
        """The name of a system, or its id made readable."""
        return self.systems.get(id_) or _readable(id_)

    def purpose(self, id_: str) -> str:
        """The name of a purpose."""
        return self.purposes.get(id_) or _readable(id_)

    def recipient(self, id_: str) -> str:
        """The name of a recipient."""
        return self.recipients.get(id_) or _readable(id_)

    def category(self, id_: str) -> str:
        """The name of a category."""
        return self.categories.get(id_) or _readable(id_)

    def decision(self, id_: str) -> str:
        """The name of an automated decision."""
        return self.decisions.get(id_) or _readable(id_)

    def of(self, system: str, dataset: str) -> DatasetNames:
        """The names of a dataset, or its ids made readable."""
        if (system, dataset) == (REMARKS.system, REMARKS.dataset):
            return DatasetNames(system="Löfte", dataset=_("Remarks"))
        return self.datasets.get((system, dataset)) or DatasetNames(
            system=_readable(system), dataset=_readable(dataset)
        )


def names(policy_version: str, language: str) -> Names:
    """The names as the workspace's map and this version of the policy have them."""
    folder = Path(settings.LOFTE_WORKSPACE) / "systems"
    stamp = tuple((file, file.stat().st_mtime_ns) for file in sorted(folder.glob("*.y*ml")))
    published = PublishedPolicy.objects.filter(version=policy_version).first()
    return _names(stamp, published.text if published else "", language)


def now_called(language: str) -> Names:
    """The names as the policy in force has them."""
    published = in_force(timezone.localdate())
    return names(published.version if published else "", language)


@lru_cache(maxsize=8)
def _names(stamp: Stamp, policy_text: str, language: str) -> Names:
    datamap = read_map({file.name: file.read_text(encoding="utf-8") for file, _changed in stamp}).datamap
    policy = read(policy_text, "policy.yaml", Policy).document if policy_text else None
    return Names(
        datasets={
            (system.id, id_): _dataset(system, dataset, policy, language)
            for system in datamap.systems
            for id_, dataset in system.datasets.items()
        },
        systems={system.id: system.name.say(language) for system in datamap.systems},
        purposes=_said(policy.purposes, language) if policy else {},
        recipients=_recipients(policy, language) if policy else {},
        decisions=_said(policy.automated_decisions, language) if policy else {},
        categories=_said(policy.categories, language) if policy else {},
    )


def _said(things: Mapping[str, Any], language: str) -> dict[str, str]:
    """The names of what the policy names; a company's name is the same in all languages."""
    named = {id_: each.name for id_, each in things.items() if each.name}
    return {id_: name if isinstance(name, str) else name.say(language) for id_, name in named.items()}


def _recipients(policy: Policy, language: str) -> dict[str, str]:
    """Those who have no name are called what they do."""
    does = {id_: each.text.say(language) for id_, each in policy.recipients.items() if each.text}
    return does | _said(policy.recipients, language)


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
