"""A TILT document as the draft of a policy: what it tells is taken, and each gap is a fault.

Lenient, for hardly any document follows the schema, and nothing is invented: what a policy needs and
the file does not tell is left out of the draft and named, above it and in the faults. Where the format cannot
do without (the authority, the day), `TODO` or the day of the import stands, and a fault with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from lofte.fault import Fault
from lofte.law.bases import BASES
from lofte.policy import tree
from lofte.policy.document import LegalBasis, Recipient
from lofte.policy.exchange.faults import gap
from lofte.policy.exchange.lenient import TODO, Part, slug
from lofte.policy.exchange.yaml_text import printable, yaml_text
from lofte.policy.retention import parse as parse_expression
from lofte.policy.tree import Node

_ARTICLE = re.compile(
    r"(?:GDPR|DSGVO|DS-GVO|RGPD)[^0-9]{0,12}(\d{1,2})"
    r"[^0-9a-z]{1,8}(\d)(?:[^0-9a-z]{1,8}([a-z]))?",
    re.IGNORECASE,
)
_RIGHTS = {
    "accessAndDataPortability": ("access", "portability"),
    "rightToInformation": ("access",),
    "rightToRectificationOrDeletion": ("rectification", "erasure"),
    "rightToDataPortability": ("portability",),
    "rightToWithdrawConsent": ("withdraw_consent",),
}
_ROLES = get_args(Recipient.model_fields["role"].annotation)
_ACTIONS = ("delete", "anonymise", "restrict", "suppress", "next")


@dataclass(frozen=True, kw_only=True, slots=True)
class Drafted:
    """The draft, or nothing when the file could not be read; and what it lacks."""

    text: str | None
    faults: tuple[Fault, ...]


def draft(text: str | bytes, file: str, today: date) -> Drafted:
    """Begin a `policy.yaml` from a TILT document. Never raises for what stands in the text."""
    grown = _grown(text, file)
    if grown.root is None or not isinstance(grown.root.value, dict):
        wrong = grown.faults or (
            gap("E001", file, None, "", "the document is no JSON object", "give a TILT document"),
        )
        return Drafted(text=None, faults=wrong)
    if not {"meta", "controller", "dataDisclosed"} & set(grown.root.value):
        what = "none of `meta`, `controller` and `dataDisclosed` stands in it"
        return Drafted(text=None, faults=(gap("E001", file, None, "", what, "give a TILT document"),))
    return _Reader(root=grown.root, file=file, today=today).drafted()


def _grown(text: str | bytes, file: str) -> tree.Tree:
    """JSON is YAML but for tabs and halves of letters; those are read as JSON, and lose their lines."""
    grown = tree.grow(text, file)
    if grown.root is not None or grown.faults[-1].number != "P001":
        return grown
    try:
        plain = printable(json.dumps(json.loads(text), ensure_ascii=False))
        plain.encode()
    except (ValueError, RecursionError):
        return grown
    again = tree.grow(plain, file)
    return again if again.root is not None else grown


@dataclass(kw_only=True)
class _Reader(Part):
    """Reads part by part."""

    today: date

    def drafted(self) -> Drafted:
        meta = self._meta()
        policy: dict[str, Any] = {"policy": 1, "meta": meta, "controller": self._controller()}
        policy |= {"dpo": self._officer(), "authority": self._authority()}
        policy |= self._data()
        policy |= {"sources": self._sources(policy["categories"]), "rights": self._rights()}
        policy["automated_decisions"] = self._machine()
        if self._list(self.root, "thirdCountryTransfers"):
            policy["transfers"] = {"default": "allowed"}
        kept = {key: value for key, value in policy.items() if value not in ({}, []) or key in _NEEDED}
        head = ["A draft from a TILT document. Nothing is invented: complete it, and run lofte check.",
                *(f"left out: {each}" for each in self.left_out)]  # fmt: skip
        return Drafted(text=yaml_text(kept, head), faults=tuple(self.faults))

    # -- parts ----------------------------------------------------------------------------------------

    def _meta(self) -> dict[str, Any]:
        node = self._part("meta")
        spoken = self._text(node, "meta", "language") or ""
        if spoken not in ("sv", "en"):
            self._gap("E016", "meta.language", f"the language is `{spoken or 'not told'}`",
                      "the words stand as English; translate them")  # fmt: skip
        self.language = spoken if spoken in ("sv", "en") else "en"
        name = self._text(node, "meta", "name") or self._text(node, "meta", "_id")
        since = self._day(node)
        version = node.value.get("version") if node else None
        return {
            "id": slug(name or "policy", {}).replace("_", "-"),
            "title": self._say(name or TODO),
            "version": str(version.value) if version and isinstance(version.value, int) else "1",
            "record_language": self.language,
            "languages": [self.language],
            "effective_from": since.isoformat(),
        }

    def _day(self, node: Node | None) -> date:
        for key in ("modified", "created"):
            told = self._text(node, "meta", key, wanted=False) or ""
            try:
                return date.fromisoformat(told[:10])
            except ValueError:
                continue
        self._gap("E010", "meta.modified", "the file does not say from which day it applies",
                  f"the day of the import, {self.today}, stands there; write the true one")  # fmt: skip
        return self.today

    def _controller(self) -> dict[str, Any]:
        node = self._part("controller")
        named = self._child(node, "representative")
        found = {
            "legal_name": self._text(node, "controller", "name"),
            "country": self._country(node, "controller"),
            "representative": self._text(named, "controller.representative", "name"),
            "contact": _there({"address": self._text(node, "controller", "address")}),
        }
        return _there(found)

    def _officer(self) -> dict[str, Any]:
        node, path = self._part("dataProtectionOfficer"), "dataProtectionOfficer"
        found = _there({key: self._text(node, path, key) for key in ("name", "email")})
        return {"designated": "yes", **found} if found else {}

    def _authority(self) -> dict[str, Any]:
        right = self._part("rightToComplain")
        node, path = self._child(right, "supervisoryAuthority"), "rightToComplain.supervisoryAuthority"
        name = self._text(node, path, "name")
        url = self._text(right, "rightToComplain", "url") or self._text(node, path, "url", wanted=False)
        swedish = bool(
            name and re.search(r"integritetsskydd|\bIMY\b|privacy protection", name, re.IGNORECASE)
        )
        more = {key: self._text(node, path, key, wanted=False) for key in ("email", "address", "phone")}
        return {
            "id": "IMY" if swedish else TODO,
            "name": self._say(name or TODO),
            "url": url or TODO,
            **_there(more),
        }

    def _data(self) -> dict[str, Any]:
        categories: dict[str, Any] = {}
        purposes: dict[str, _Purpose] = {}
        for at, node in enumerate(self._list(self.root, "dataDisclosed")):
            path = f"dataDisclosed[{at}]"
            name = self._text(node, path, "category")
            if not name:
                continue
            id_ = slug(name, categories)
            categories[id_] = {"name": self._say(name)}
            self._purposes(node, path, id_, purposes)
        recipients: dict[str, Any] = {}
        rules: dict[str, Any] = {}
        told = {
            id_: self._purpose(each, recipients, rules) for id_, each in _by_id(purposes) if self._based(each)
        }
        return {"categories": categories, "purposes": told, "recipients": recipients, "retention": rules}

    def _purposes(self, node: Node, path: str, category: str, known: dict[str, _Purpose]) -> None:
        bases = self._bases(node, path)
        for at, inner in enumerate(self._list(node, "purposes", path)):
            here = f"{path}.purposes[{at}]"
            name = self._text(inner, here, "purpose")
            if not name:
                continue
            found = known.setdefault(name, _Purpose(name=name, path=here))
            found.text = found.text or self._text(inner, here, "description", wanted=False) or ""
            found.categories.append(category)
            own = self._basis(self._text(inner, here, "legalBasis", wanted=False) or "")
            found.bases.append({own} if own else bases)
            found.places.append((node, path))

    def _bases(self, node: Node, path: str) -> set[str]:
        found: set[str] = set()
        for at, inner in enumerate(self._list(node, "legalBases", path)):
            told = self._text(inner, f"{path}.legalBases[{at}]", "reference") or ""
            basis = self._basis(told)
            if basis:
                found.add(basis)
            elif told:
                self._gap("E017", f"{path}.legalBases[{at}].reference", f"`{told[:60]}` is no legal basis",
                          "name it under `law` of the purpose, if it is a statute")  # fmt: skip
        return found

    def _basis(self, told: str) -> str:
        found = _ARTICLE.search(told[:80])
        id_ = ".".join(part.lower() for part in found.groups() if part) if found else told
        return id_ if id_ in BASES and id_ in get_args(LegalBasis) else ""

    def _based(self, purpose: _Purpose) -> bool:
        """Whether exactly one basis remains when all categories of the purpose are looked at together."""
        if len(purpose.basis) == 1:
            return True
        told = ", ".join(sorted(purpose.basis)) or "none"
        self._gap("E013", purpose.path, f"which basis `{purpose.name[:60]}` rests on cannot be told: {told}",
                  "write the purpose with its `legal_basis`")  # fmt: skip
        self.left_out.append(f"the purpose {purpose.name[:80]}: categories {', '.join(purpose.categories)}")
        return False

    def _purpose(
        self, purpose: _Purpose, recipients: dict[str, Any], rules: dict[str, Any]
    ) -> dict[str, Any]:
        told: dict[str, Any] = {"name": self._say(purpose.name)}
        if purpose.text and purpose.text != purpose.name:
            told["text"] = self._say(purpose.text)
        (basis,) = purpose.basis
        told |= {"categories": purpose.categories, "legal_basis": basis}
        if basis == "6.1.f":
            told |= self._interest(purpose)
        told["retention"] = list(dict.fromkeys(self._rules(purpose, rules)))
        told["recipients"] = list(dict.fromkeys(self._given_to(purpose, recipients)))
        return {key: value for key, value in told.items() if value or key == "categories"}

    def _given_to(self, purpose: _Purpose, recipients: dict[str, Any]) -> Iterator[str]:
        """TILT tells the recipients of a category: they are this purpose's when the category has no other."""
        for node, path in purpose.places:
            found = list(self._recipients(node, path, recipients))
            if len(self._list(node, "purposes", path)) == 1:
                yield from found
                continue
            for id_ in found:
                line = f"which purposes {id_} gets data for"
                if line not in self.left_out:
                    self.left_out.append(line)
                    self._gap(
                        "E018",
                        f"{path}.recipients",
                        f"which purposes `{id_}` gets data for is not told",
                        "name it under `recipients` of those purposes",
                    )

    def _interest(self, purpose: _Purpose) -> dict[str, Any]:
        reasons: dict[str, None] = {}
        for node, path in purpose.places:
            for at, inner in enumerate(self._list(node, "legitimateInterests", path)):
                reason = self._text(inner, f"{path}.legitimateInterests[{at}]", "reasoning", wanted=False)
                if reason:
                    reasons[reason] = None
        if len(reasons) == 1:
            return {"interest": {"text": self._say(next(iter(reasons)))}}
        self._gap("E010", purpose.path, f"which interest `{purpose.name[:60]}` serves cannot be told",
                  "write it under `interest`")  # fmt: skip
        return {}

    def _rules(self, purpose: _Purpose, rules: dict[str, Any]) -> Iterator[str]:
        for node, path in purpose.places:
            for at, storage in enumerate(self._list(node, "storage", path)):
                here = f"{path}.storage[{at}]"
                conditions = [n.value for n in self._list(storage, "purposeConditional", here, wanted=False)]
                if conditions and purpose.name not in conditions:
                    continue
                for number, each in enumerate(self._list(storage, "temporal", here, wanted=False)):
                    found = self._rule(each, f"{here}.temporal[{number}]", rules)
                    if found:
                        yield found

    def _rule(self, node: Node, path: str, rules: dict[str, Any]) -> str:
        words = self._text(node, path, "description", wanted=False) or ""
        until = self._text(node, path, "keepUntil", wanted=False) or ""
        action = self._text(node, path, "action", wanted=False) or ""
        if until and not isinstance(parse_expression(until), Fault) and action in _ACTIONS:
            rule = {"keep_until": until, "action": action, **({"name": self._say(words)} if words else {})}
            known = next((id_ for id_, each in rules.items() if each == rule), "")
            id_ = known or slug(until.replace(".", " "), rules)
            rules[id_] = rule
            return id_
        span = self._text(node, path, "ttl", wanted=False) or "?"
        line = f"a period of {span}: {words[:80]}"
        if line not in self.left_out:
            self.left_out.append(line)
            self._gap("E015", path, f"it is not told from when `{span}` is counted",
                      "write a rule under `retention`: `contract.end + P3M`")  # fmt: skip
        return ""

    def _recipients(self, node: Node, path: str, known: dict[str, Any]) -> Iterator[str]:
        for at, inner in enumerate(self._list(node, "recipients", path, wanted=False)):
            here = f"{path}.recipients[{at}]"
            words = self._text(inner, here, "category") or ""
            name = self._text(inner, here, "name", wanted=False)
            role = self._text(inner, here, "role", wanted=False) or ""
            if not (words or name):
                continue
            if role not in _ROLES:
                line = f"the recipient {(name or words)[:80]}"
                if line not in self.left_out:
                    self.left_out.append(line)
                    self._gap("E014", here, f"the role of `{(name or words)[:60]}` is not told",
                              "write it under `recipients` with its `role`")  # fmt: skip
                continue
            country = self._country(inner, here, wanted=False)
            told = {
                "name": name,
                "text": self._say(words) if words else None,
                "role": role,
                "country": country,
            }
            same = next((id_ for id_, each in known.items() if each == _there(told)), "")
            id_ = same or slug(name or words, known)
            known[id_] = _there(told)
            yield id_

    def _sources(self, categories: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        names = {each["name"][self.language]: id_ for id_, each in categories.items()}
        for at, node in enumerate(self._list(self.root, "sources", wanted=False)):
            category = self._text(node, f"sources[{at}]", "dataCategory", wanted=False)
            for number, inner in enumerate(self._list(node, "sources", f"sources[{at}]", wanted=False)):
                words = self._text(inner, f"sources[{at}].sources[{number}]", "description", wanted=False)
                if words:
                    same = next((i for i, e in found.items() if e["name"] == self._say(words)), "")
                    id_ = same or slug(words, found)
                    entry = found.setdefault(id_, {"name": self._say(words), "categories": []})
                    if category in names and names[category] not in entry["categories"]:
                        entry["categories"].append(names[category])
        return found

    def _rights(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part, rights in _RIGHTS.items():
            node = self._part(part)
            there = node.value.get("available") if node else None
            if there is not None and there.value is True:
                for right in rights:
                    found[right] = {}
        return found

    def _machine(self) -> dict[str, Any]:
        node, path = self._part("automatedDecisionMaking"), "automatedDecisionMaking"
        used = node.value.get("inUse") if node else None
        if used is None or used.value is not True:
            return {}
        logic, effects = (self._text(node, path, key) for key in ("logicInvolved", "scopeAndIntendedEffects"))
        if not (logic and effects):
            self.left_out.append("automated decisions")
            return {}
        return {"decision": {"exists": True, "logic": self._say(logic), "effects": self._say(effects)}}


@dataclass
class _Purpose:
    """A purpose as it is gathered from the categories that it uses."""

    name: str
    path: str
    text: str = ""
    categories: list[str] = field(default_factory=list)
    bases: list[set[str]] = field(default_factory=list)
    places: list[tuple[Node, str]] = field(default_factory=list)

    @property
    def basis(self) -> set[str]:
        """The bases that all its categories have in common."""
        return set.intersection(*self.bases) if self.bases else set()


_NEEDED = frozenset({"policy", "meta", "controller", "authority", "categories", "purposes"})


def _by_id(purposes: dict[str, _Purpose]) -> Iterator[tuple[str, _Purpose]]:
    taken: dict[str, Any] = {}
    for name, purpose in purposes.items():
        id_ = slug(name, taken)
        taken[id_] = purpose
        yield id_, purpose


def _there(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value}
