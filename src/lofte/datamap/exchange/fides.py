"""Policy and data map in Fideslang: an organisation, systems, datasets, and what may be used for what.

Fideslang has no dates, holds or rights: retention is told in words, and a rule of the policy forbids every
use of a category that ours does not tell. What has no word there is told by the nearest parent, with a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lofte.datamap.document import ByReference, DataMap, Dataset, FieldMap, System
from lofte.datamap.exchange import fides_terms as terms
from lofte.law.adequacy import inside_eea
from lofte.policy.document import Language, Policy, Purpose, Recipient
from lofte.policy.exchange.derived import Note, header, said
from lofte.policy.exchange.yaml_text import yaml_text
from lofte.policy.notice.words import MEASURES, listed, named
from lofte.policy.retention_words import say

_NO_KEY = re.compile(r"[^a-zA-Z0-9_.<>-]")


@dataclass(frozen=True, kw_only=True, slots=True)
class FidesFile:
    """The manifest as plain data and as YAML, and the words that became wider ones."""

    document: dict[str, Any]
    text: str
    notes: tuple[Note, ...]


def fides(policy: Policy, datamap: DataMap, language: Language) -> FidesFile:
    """The manifest, told in this language."""
    maker = _Maker(policy, datamap, language)
    document = maker.made()
    notes = tuple(maker.notes)
    head = [f"{key}: {value}" for key, value in header(policy, language).items()]
    head += [f"wider: {note.path}: {note.ours} > {note.theirs}" for note in notes]
    return FidesFile(document=document, text=yaml_text(document, head), notes=notes)


class _Maker:
    """Makes the manifest, and remembers which words became wider."""

    def __init__(self, policy: Policy, datamap: DataMap, language: Language) -> None:
        self.policy, self.datamap, self.language = policy, datamap, language
        self.notes: dict[Note, None] = {}

    def made(self) -> dict[str, Any]:
        systems = [self._system(each) for each in self.datamap.systems]
        partners = [self._partner(id_, each) for id_, each in self.policy.recipients.items()]
        return {
            "organization": [self._organization()],
            "system": systems + partners,
            "dataset": [self._dataset(each) for each in self.datamap.systems],
            "policy": [self._policy()],
        }

    def _organization(self) -> dict[str, Any]:
        who, dpo = self.policy.controller, self.policy.dpo
        contact = who.contact
        named_ = {
            "name": who.legal_name,
            "address": contact.address,
            "email": contact.email,
            "phone": contact.phone,
        }
        officer = (
            {"name": dpo.name, "email": dpo.email, "phone": dpo.phone} if dpo.designated == "yes" else {}
        )
        found = {
            "fides_key": "default_organization",
            "name": who.trade_name or who.legal_name or self.policy.meta.id,
            "description": self.policy.meta.title.say(self.language),
            "controller": _there(named_),
            "data_protection_officer": _there(officer),
        }
        return _there(found)

    def _system(self, system: System) -> dict[str, Any]:
        used = {id_: datasets for id_ in self.policy.purposes if (datasets := _using(system, id_))}
        return {
            "fides_key": _key(system.id),
            "name": said(system.name, system.id, self.language),
            "system_type": "Database",
            "dataset_references": [_key(system.id)],
            "responsibility": ["Controller"],
            **self._of_the_house(),
            "privacy_declarations": [
                self._declared(id_, self.policy.purposes[id_], self._of(datasets), _key(system.id))
                for id_, datasets in used.items()
            ],
        }

    def _of_the_house(self) -> dict[str, Any]:
        who, measures = self.policy.controller, self.policy.security.measures
        told = {
            "legal_name": who.legal_name,
            "legal_address": who.contact.address,
            "privacy_policy": self.policy.meta.url,
            "dpo": self.policy.dpo.email,
            "data_security_practices": listed(
                [named(MEASURES, id_, self.language) for id_ in measures], self.language
            ),
        }
        return _there(told)

    def _partner(self, id_: str, recipient: Recipient) -> dict[str, Any]:
        """A recipient is a system of somebody else."""
        outside = [country for country in recipient.country if not inside_eea(country)]
        tool = [terms.TOOLS[recipient.safeguard.kind]] if recipient.safeguard and outside else []
        purposes = {p: each for p, each in self.policy.purposes.items() if id_ in each.recipients}
        return {
            "fides_key": _key(f"recipient_{id_}"),
            "name": recipient.name or said(recipient.text, id_, self.language),
            "description": said(recipient.text, id_, self.language),
            "system_type": "Third Party",
            "responsibility": [terms.ROLES[recipient.role]],
            "does_international_transfers": bool(outside),
            "legal_basis_for_transfers": tool,
            "privacy_declarations": [
                self._declared(p, each, self._told_to(recipient, each), None) for p, each in purposes.items()
            ],
        }

    def _told_to(self, recipient: Recipient, purpose: Purpose) -> list[str]:
        allowed = [c for c in purpose.categories if not recipient.categories or c in recipient.categories]
        return self._categories(allowed)

    def _declared(
        self, id_: str, purpose: Purpose, categories: list[str], dataset: str | None
    ) -> dict[str, Any]:
        policy = self.policy
        rules = [policy.retention[r] for r in purpose.retention if r in policy.retention]
        special = any(policy.categories[c].special for c in purpose.categories if c in policy.categories)
        partners = [policy.recipients[r] for r in purpose.recipients if r in policy.recipients]
        told = {
            "name": said(purpose.name, id_, self.language),
            "data_categories": categories,
            "data_use": self._use(id_),
            "data_subjects": self._subjects(purpose),
            "dataset_references": [dataset] if dataset else None,
            "legal_basis_for_processing": self._basis(id_, purpose),
            "impact_assessment_location": purpose.interest.assessment if purpose.interest else None,
            "retention_period": "; ".join(say(rule.keep_until, self.language) for rule in rules),
            "processes_special_category_data": special,
            "special_category_legal_basis": "Explicit consent" if purpose.legal_basis == "9.2.a" else None,
            "data_shared_with_third_parties": bool(partners),
            "third_parties": ", ".join(
                r.name or said(r.text, i, self.language)
                for i, r in policy.recipients.items()
                if i in purpose.recipients
            ),
        }
        return {key: value for key, value in told.items() if value not in (None, "", [])}

    def _basis(self, id_: str, purpose: Purpose) -> str:
        theirs = terms.BASES[purpose.legal_basis]
        if purpose.legal_basis == "MFL-19-2":
            self._note(f"purposes.{id_}.legal_basis", purpose.legal_basis, theirs)
        return theirs

    def _use(self, id_: str) -> str:
        purpose = self.policy.purposes[id_]
        theirs, found = terms.first((purpose.dpv,), terms.USE_OF, "essential.service")
        if not found:
            self._note(f"purposes.{id_}", purpose.dpv or id_, theirs)
        return theirs

    def _subjects(self, purpose: Purpose) -> list[str]:
        found: dict[str, None] = {}
        for id_ in purpose.subjects:
            dpv = self.policy.subjects[id_].dpv if id_ in self.policy.subjects else None
            theirs, known = terms.first((dpv, id_), terms.SUBJECT_OF, "customer")
            if not known:
                self._note(f"subjects.{id_}", dpv or id_, theirs)
            found[theirs] = None
        return list(found)

    def _categories(self, ids: Iterable[str]) -> list[str]:
        """Every Fides category of the items of these categories."""
        found: dict[str, None] = {}
        for id_ in ids:
            category = self.policy.categories.get(id_)
            items: list[str | None] = [item.id for item in category.items] if category else []
            for item in items or [None]:
                found[self._category(id_, item)] = None
        return list(found)

    def _category(self, id_: str, item: str | None) -> str:
        category = self.policy.categories.get(id_)
        dpv = next((each.dpv for each in category.items if each.id == item), None) if category else None
        parent = "user.health_and_medical" if category and category.special == "9" else "user"
        theirs, known = terms.first((dpv, item), terms.CATEGORY_OF, parent)
        if not known:
            self._note(f"categories.{id_}", item or id_, theirs)
        return theirs

    def _of(self, datasets: Iterable[Dataset]) -> list[str]:
        """The Fides categories of what these datasets hold."""
        fields = (field for dataset in datasets for field in dataset.fields.values())
        pairs = dict.fromkeys((field.category, field.item) for field in fields if field.category)
        return list(dict.fromkeys(self._category(category, item) for category, item in pairs))

    def _dataset(self, system: System) -> dict[str, Any]:
        tables: dict[str, list[Dataset]] = {}
        for id_, dataset in system.datasets.items():
            tables.setdefault(dataset.table or id_, []).append(dataset)
        return {
            "fides_key": _key(system.id),
            "name": said(system.name, system.id, self.language),
            "collections": [self._collection(system, name, parts) for name, parts in tables.items()],
        }

    def _collection(self, system: System, table: str, parts: list[Dataset]) -> dict[str, Any]:
        columns: dict[str, dict[str, Any]] = {}
        for part in parts:
            for name, field in part.fields.items():
                told = columns.setdefault(name, {"name": name})
                self._field(told, field, name in part.key)
            for path in part.subject:
                if isinstance(path, ByReference):
                    _refer(columns, system, path)
        words = [said(part.name, table, self.language) for part in parts]
        return {
            "name": table,
            "description": "; ".join(dict.fromkeys(words)),
            "fields": list(columns.values()),
        }

    def _field(self, told: dict[str, Any], field: FieldMap, is_key: bool) -> None:
        theirs = self._category(field.category, field.item) if field.category else "system.operations"
        told["data_categories"] = list(dict.fromkeys((*told.get("data_categories", ()), theirs)))
        if field.label:
            told.setdefault("description", field.label.say(self.language))
        meta = told.get("fides_meta", {})
        if is_key:
            meta["primary_key"] = True
        if field.identity is not None and field.identity in terms.IDENTITIES:
            meta["identity"] = terms.IDENTITIES[field.identity]
        if meta:
            told["fides_meta"] = meta

    def _policy(self) -> dict[str, Any]:
        return {
            "fides_key": _key(self.policy.meta.id),
            "name": self.policy.meta.title.say(self.language),
            "description": f"{self.policy.meta.version}",
            "rules": list(self._rules()),
        }

    def _rules(self) -> Iterator[dict[str, Any]]:
        """For each category: any use but those that are told is against the policy."""
        everybody = sorted({*terms.SUBJECT_OF.values()})
        for id_ in self.policy.categories:
            uses = {self._use(p) for p, each in self.policy.purposes.items() if id_ in each.categories}
            if uses:
                yield {
                    "name": _key(f"only_{id_}"),
                    "data_categories": {"matches": "ANY", "values": self._categories([id_])},
                    "data_uses": {"matches": "NONE", "values": sorted(uses)},
                    "data_subjects": {"matches": "ANY", "values": everybody},
                }

    def _note(self, path: str, ours: str, theirs: str) -> None:
        self.notes[Note(path=path, ours=ours, theirs=theirs)] = None


def _using(system: System, purpose: str) -> list[Dataset]:
    return [each for each in system.datasets.values() if purpose in each.purposes]


def _refer(columns: dict[str, dict[str, Any]], system: System, path: ByReference) -> None:
    """Fides follows a reference of one column to a column of another table of the dataset."""
    target = system.datasets.get(path.to)
    if target is None or len(path.columns) != 1 or path.columns[0] not in columns:
        return
    key = (path.keys or target.key)[0]
    there = {"dataset": _key(system.id), "field": f"{target.table or path.to}.{key}", "direction": "from"}
    meta = columns[path.columns[0]].setdefault("fides_meta", {})
    if there not in meta.setdefault("references", []):
        meta["references"].append(there)


def _key(text: str) -> str:
    return _NO_KEY.sub("_", text)


def _there(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value}
