"""Manifests of Fides as drafts: datasets as systems of the data map, declarations as purposes and recipients.

For whoever comes from Fides. Nothing is invented: a field whose category Fideslang does not have, or that has
none, stands undecided; a collection that nobody's rows can be found in says so in a fault. `lofte check` goes
on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lofte.datamap.exchange import fides_terms as terms
from lofte.fault import Fault
from lofte.policy import tree
from lofte.policy.exchange.faults import gap
from lofte.policy.exchange.lenient import TODO, Part, slug
from lofte.policy.exchange.yaml_text import yaml_text
from lofte.policy.tree import Node

_BASIS = {"Consent": "6.1.a", "Contract": "6.1.b", "Legal obligations": "6.1.c", "Vital interests": "6.1.d",
          "Public interest": "6.1.e", "Legitimate interests": "6.1.f"}  # fmt: skip
_KIND = {"email": "email", "phone_number": "phone", "phone": "phone", "external_id": "customer_no"}
_ROLE = {"Processor": "processor", "Sub-Processor": "processor", "Controller": "controller"}
_HEAD = "A draft from Fides. Nothing is invented: complete it, and run lofte check."


@dataclass(frozen=True, kw_only=True, slots=True)
class FidesDraft:
    """Files to begin with, by their names in the workspace; and what they lack."""

    files: Mapping[str, str]
    faults: tuple[Fault, ...]


def draft(texts: Mapping[str, str | bytes]) -> FidesDraft:
    """Begin a data map and the purposes from manifests, by file name. Never raises for what is in them."""
    files: dict[str, str] = {}
    faults: list[Fault] = []
    policy: dict[str, dict[str, Any]] = {"categories": {}, "subjects": {}, "purposes": {}, "recipients": {}}
    for file, text in texts.items():
        grown = tree.grow(text, file)
        if grown.root is None or not isinstance(grown.root.value, dict):
            wrong = gap("E001", file, None, "", "it is no manifest of Fides", "give a file with `dataset:`")
            faults += grown.faults or (wrong,)
            continue
        manifest = _Manifest(root=grown.root, file=file)
        if not {"dataset", "system"} & set(grown.root.value):
            manifest.miss(
                "E001", "", "neither `dataset` nor `system` stands in it", "give a manifest of Fides"
            )
        manifest.systems(files)
        manifest.declared(policy)
        faults += [*grown.faults, *manifest.faults]
    told = {key: value for key, value in policy.items() if value}
    if told:
        head = [_HEAD, "These are parts: put them into policy.yaml, and give each purpose what it lacks."]
        files["policy-draft.yaml"] = yaml_text(told, head)
    return FidesDraft(files=files, faults=tuple(faults))


class _Manifest(Part):
    """One file."""

    def miss(self, number: str, path: str, what: str, mend: str) -> None:
        """Remember a gap."""
        self._gap(number, path, what, mend)

    def systems(self, files: dict[str, str]) -> None:
        """A file for each dataset."""
        for at, node in enumerate(self._list(self.root, "dataset", wanted=False)):
            path = f"dataset[{at}]"
            key = self._text(node, path, "fides_key") or f"dataset{at + 1}"
            id_ = slug(key, {name[8:-5]: None for name in files})
            tables = self._list(node, "collections", path)
            names = self._tables(tables, path)
            datasets = {
                names[n]: self._dataset(each, f"{path}.collections[{n}]", key, names)
                for n, each in enumerate(tables)
                if n in names
            }
            document = {
                "system": 1,
                "id": id_,
                "name": {"en": self._text(node, path, "name", wanted=False) or key},
                "url": f"env:{id_.upper()}_URL",
                "datasets": datasets,
            }
            files[f"systems/{id_}.yaml"] = yaml_text(document, [_HEAD])

    def _tables(self, tables: list[Node], path: str) -> dict[int, str]:
        names: dict[int, str] = {}
        taken: dict[str, Any] = {}
        for n, node in enumerate(tables):
            name = self._text(node, f"{path}.collections[{n}]", "name")
            if name:
                names[n] = slug(name, taken)
                taken[names[n]] = name
        return names

    def _dataset(self, node: Node, path: str, system: str, names: dict[int, str]) -> dict[str, Any]:
        table = self._text(node, path, "name") or TODO
        fields: dict[str, Any] = {}
        keys: list[str] = []
        subject: list[dict[str, Any]] = []
        for at, each in enumerate(self._list(node, "fields", path)):
            here = f"{path}.fields[{at}]"
            column = self._text(each, here, "name")
            if column is None:
                continue
            if column in fields:
                self._gap("E037", here, f"the field `{column}` stands twice", "keep one of them")
                continue
            fields[column] = self._field(each, here, column)
            meta = self._child(each, "fides_meta") or self._child(each, "fidesops_meta")
            if meta is not None and _is(meta, "primary_key"):
                keys.append(column)
            subject += self._paths(meta, here, column, system, {*names.values()})
        subject += [
            {"by": "identity", "column": column, "kind": told["identity"]}
            for column, told in fields.items()
            if "identity" in told
        ]
        if not keys:
            self._gap("E032", path, f"the key of `{table}` is not told", "write the column after `key`")
        if not subject:
            self._gap("E033", path, f"how a row of `{table}` belongs to a person is not told",
                      "write `subject`, or `nobody` with the reason")  # fmt: skip
        told = {
            "table": table,
            "name": {"en": table},
            "key": keys or [TODO],
            "subject": subject,
            "fields": fields,
        }
        return {key: value for key, value in told.items() if value or key == "fields"}

    def _field(self, node: Node, path: str, column: str) -> dict[str, Any]:
        told: dict[str, Any] = {}
        words = [each.value for each in self._list(node, "data_categories", path, wanted=False)]
        known = [word for word in words if isinstance(word, str) and word in terms.CATEGORIES]
        for word in words:
            if word not in known:
                self._gap(
                    "E031", path, f"`{str(word)[:60]}` is no category of Fideslang", "decide on the field"
                )
        personal = [word for word in known if not word.startswith("system")]
        if personal:
            told["category"] = _id(personal[0])
        elif known:
            told["technical"] = True
        else:
            self._gap(
                "E030", path, f"`{column}` has no data category", "decide: `category`, or `technical: true`"
            )
        if len(personal) > 1:
            self._gap(
                "E038",
                path,
                f"`{column}` has {len(personal)} categories; the first is taken",
                "see that it is",
            )
        if self._list(node, "fields", path, wanted=False):
            self._gap("E036", path, f"`{column}` holds fields of its own", "map them with a path `by: json`")
        label = self._text(node, path, "description", wanted=False)
        if label:
            told["label"] = {"en": label}
        meta = self._child(node, "fides_meta") or self._child(node, "fidesops_meta")
        kind = self._text(meta, f"{path}.fides_meta", "identity", wanted=False)
        if kind in _KIND:
            told["identity"] = _KIND[kind]
        elif kind:
            what = f"`{kind[:40]}` is no kind of identity here"
            kinds = "`email`, `phone`, `customer_no`, `personnummer`, `user_name`, `ip`"
            self._gap("E034", f"{path}.fides_meta.identity", what, f"choose one: {kinds}")
        return told

    def _paths(
        self, meta: Node | None, path: str, column: str, system: str, known: set[str]
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for at, each in enumerate(self._list(meta, "references", path, wanted=False) if meta else []):
            here = f"{path}.fides_meta.references[{at}]"
            target = self._text(each, here, "field") or ""
            table, _, key = target.rpartition(".")
            if self._text(each, here, "direction", wanted=False) == "to":
                continue
            if self._text(each, here, "dataset", wanted=False) != system or slug(table, {}) not in known:
                self._gap(
                    "E035",
                    here,
                    f"`{target[:60]}` is not in this dataset",
                    "map how the row belongs to a person",
                )
                continue
            found.append({"by": "reference", "columns": column, "to": slug(table, {}), "keys": key})
        return found

    def declared(self, policy: dict[str, dict[str, Any]]) -> None:
        """Purposes and recipients of the systems."""
        for at, node in enumerate(self._list(self.root, "system", wanted=False)):
            path = f"system[{at}]"
            kind = (self._text(node, path, "system_type", wanted=False) or "").lower()
            if "third" in kind:
                self._recipient(node, path, policy)
            for n, each in enumerate(self._list(node, "privacy_declarations", path, wanted=False)):
                self._purpose(each, f"{path}.privacy_declarations[{n}]", policy)

    def _recipient(self, node: Node, path: str, policy: dict[str, dict[str, Any]]) -> None:
        name = self._text(node, path, "name") or self._text(node, path, "fides_key") or ""
        roles = [
            _ROLE.get(str(each.value)) for each in self._list(node, "responsibility", path, wanted=False)
        ]
        if name and roles and roles[0]:
            policy["recipients"][slug(name, policy["recipients"])] = {"name": name, "role": roles[0]}
        else:
            self._gap("E014", path, f"the role of `{name[:60]}` is not told", "write it under `recipients`")

    def _purpose(self, node: Node, path: str, policy: dict[str, dict[str, Any]]) -> None:
        name = self._text(node, path, "name", wanted=False) or self._text(node, path, "data_use")
        if not name or any(each["name"]["en"] == name for each in policy["purposes"].values()):
            return
        categories, subjects = (self._words(node, path, key) for key in ("data_categories", "data_subjects"))
        told: dict[str, Any] = {"name": {"en": name}}
        told["categories"] = [_id(word) for word in categories if word in terms.CATEGORIES]
        for word in categories:
            if word in terms.CATEGORIES:
                policy["categories"].setdefault(_id(word), {"name": {"en": word}})
            else:
                self._gap("E031", path, f"`{word[:60]}` is no category of Fideslang", "choose one")
        for word in subjects:
            policy["subjects"].setdefault(_id(word), {"name": {"en": word}})
            told.setdefault("subjects", []).append(_id(word))
        basis = _BASIS.get(self._text(node, path, "legal_basis_for_processing", wanted=False) or "")
        if basis:
            told["legal_basis"] = basis
        else:
            self._gap("E013", path, f"which basis `{name[:60]}` rests on is not told", "write `legal_basis`")
        if self._text(node, path, "retention_period", wanted=False):
            self._gap("E015", path, f"how long `{name[:60]}` keeps data stands in words alone",
                      "write a rule under `retention`")  # fmt: skip
        policy["purposes"][slug(name, policy["purposes"])] = told

    def _words(self, node: Node, path: str, key: str) -> list[str]:
        return [str(each.value) for each in self._list(node, key, path, wanted=False)]


def _is(node: Node, key: str) -> bool:
    found = node.value.get(key)
    return found is not None and found.value is True


def _id(word: str) -> str:
    return slug(word.removeprefix("user."), {})
