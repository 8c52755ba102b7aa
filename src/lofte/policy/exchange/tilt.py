"""The policy as a TILT document (Transparency Information Language, TU Berlin), art. 13-14.

The schema is strict and was not made for this house: where it demands what a policy need not have (a
representative, an officer, a whole number as version) a placeholder stands, and `lofte.placeholders` in
the file names each of them. Deadlines, holds and cookies have no place in TILT. What TILT has no field for
and allows us to add stands beside it: the basis of one purpose (`legalBasis`), the role of a recipient
(`role`), from when a period is counted (`keepUntil`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lofte.law.adequacy import DECISIONS, inside_eea
from lofte.law.bases import BASES
from lofte.law.rights import Right
from lofte.policy.digest import digest
from lofte.policy.document import Category, Language, Policy, Purpose, Recipient, RetentionRule, Text
from lofte.policy.exchange.derived import Placeholder, header, said
from lofte.policy.notice.words import FORMATS, IDENTIFICATION, SAFEGUARDS, named
from lofte.policy.period import Period
from lofte.policy.retention import read as expression
from lofte.policy.retention_words import say

NOBODY = "none@placeholder.invalid"
"""Where the schema demands an address that does not exist (RFC 2606)."""
_STATUTORY, _CONTRACTUAL = ("statutory",), ("contractual", "required_for_contract")


@dataclass(frozen=True, kw_only=True, slots=True)
class TiltFile:
    """The document, and what the schema made us fill in."""

    document: dict[str, Any]
    placeholders: tuple[Placeholder, ...]


def tilt(policy: Policy, language: Language) -> TiltFile:
    """The policy in this language."""
    return _Maker(policy, language).made()


def reference(law: str) -> str:
    """A place in the law as TILT writes it: `GDPR-6-1-b`, `BFL-7-2`, `SFS-2018-218-3-10`."""
    if law in BASES and BASES[law].law == "GDPR":
        return f"GDPR-{law.replace('.', '-')}"
    return f"SFS-{law.replace(':', '-')}" if law[:1].isdigit() else law


class _Maker:
    """Builds the document part by part, and remembers what it had to fill in."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self.policy, self.language = policy, language
        self.placeholders: list[Placeholder] = []

    def made(self) -> TiltFile:
        document = {
            "meta": self._meta(),
            "controller": self._controller(),
            "dataProtectionOfficer": self._officer(),
            "dataDisclosed": [self._data(id_, each) for id_, each in self.policy.categories.items()],
            "thirdCountryTransfers": list(self._transfers()),
            "accessAndDataPortability": self._access(),
            "sources": list(self._sources()),
            "rightToInformation": self._right(Right.ACCESS),
            "rightToRectificationOrDeletion": self._right(Right.RECTIFICATION, Right.ERASURE),
            "rightToDataPortability": self._right(Right.PORTABILITY),
            "rightToWithdrawConsent": self._right(Right.WITHDRAWAL),
            "rightToComplain": self._complaint(),
            "automatedDecisionMaking": self._machine(),
            "changesOfPurpose": [],
        }
        filled = [{"path": p.path, "why": p.why.say(self.language)} for p in self.placeholders]
        told: dict[str, Any] = dict(header(self.policy, self.language))
        document["lofte"] = told | {"placeholders": filled}
        return TiltFile(document=document, placeholders=tuple(self.placeholders))

    def _filled(self, path: str, value: str, sv: str, en: str) -> str:
        self.placeholders.append(Placeholder(path=path, why=Text(sv=sv, en=en)))
        return value

    def _meta(self) -> dict[str, Any]:
        meta = self.policy.meta
        digits = "".join(letter for letter in meta.version if letter.isdigit()) or "1"
        if digits != meta.version:
            self._filled(
                "meta.version", digits, "TILT tar bara hela tal", "TILT takes nothing but whole numbers"
            )
        since = (meta.updated or meta.effective_from).isoformat()
        return {
            "_id": meta.id,
            "name": meta.title.say(self.language) or meta.id,
            "created": since,
            "modified": since,
            "version": max(1, int(digits[:15])),
            "language": self.language,
            "status": "active",
            "url": meta.url or "",
            "_hash": digest(self.policy),
        }

    def _controller(self) -> dict[str, Any]:
        who = self.policy.controller
        email = who.contact.email if who.representative else None
        representative = who.representative or self._filled(
            "controller.representative",
            "-",
            "TILT kräver en företrädare; den som finns inom EU har ingen (art. 27)",
            "TILT demands a representative; who is established in the EU has none (art. 27)",
        )
        return {
            "name": who.legal_name or who.trade_name or self._missing("controller.name"),
            "address": who.contact.address or self._missing("controller.address"),
            "country": who.country[:2],
            "representative": {"name": representative, "email": email or NOBODY},
        }

    def _missing(self, path: str) -> str:
        return self._filled(path, "-", "policyn säger inget om det", "the policy says nothing of it")

    def _officer(self) -> dict[str, Any]:
        dpo, who = self.policy.dpo, self.policy.controller
        none = dpo.designated != "yes"
        why = (
            (
                "TILT kräver ett dataskyddsombud; inget är utsett",
                "TILT demands an officer; none is designated",
            )
            if none
            else ("policyn säger inget om det", "the policy says nothing of it")
        )
        name = dpo.name or self._filled("dataProtectionOfficer.name", "-", *why)
        email = dpo.email or self._filled("dataProtectionOfficer.email", NOBODY, *why)
        address = "-" if none else who.contact.address or "-"
        if address == "-":
            self._filled("dataProtectionOfficer.address", address, *why)
        phone = {"phone": dpo.phone} if dpo.phone and _is_phone(dpo.phone) else {}
        return {"name": name, "address": address, "country": who.country[:2], "email": email, **phone}

    def _data(self, id_: str, category: Category) -> dict[str, Any]:
        used = {p: each for p, each in self.policy.purposes.items() if id_ in each.categories}
        return {
            "_id": id_,
            "category": said(category.name, id_, self.language),
            "purposes": [
                {
                    "purpose": said(p.name, key, self.language),
                    "description": said(p.text or p.name, key, self.language),
                    "legalBasis": reference(p.legal_basis),
                }
                for key, p in used.items()
            ],
            "legalBases": self._bases(used.values()),
            "legitimateInterests": self._interests(used.values()),
            "recipients": self._recipients(id_, used.values()),
            "storage": [entry for key, p in used.items() for entry in self._storage(key, p)],
            "nonDisclosure": self._provision(used.values()),
        }

    def _bases(self, purposes: Iterable[Purpose]) -> list[dict[str, str]]:
        laws = dict.fromkeys(law for p in purposes for law in (p.legal_basis, *p.law))
        return [
            {"reference": reference(law), "description": self._law(law)} if self._law(law) else
            {"reference": reference(law)}
            for law in laws
        ]  # fmt: skip

    def _law(self, law: str) -> str:
        return BASES[law].name.say(self.language) if law in BASES else ""

    def _interests(self, purposes: Iterable[Purpose]) -> list[dict[str, Any]]:
        reasons = [p.interest.text.say(self.language) for p in purposes if p.interest]
        if not reasons:
            return [{"exists": False}]
        return [{"exists": True, "reasoning": reason} for reason in dict.fromkeys(reasons)]

    def _recipients(self, category: str, purposes: Iterable[Purpose]) -> list[dict[str, Any]]:
        ids = dict.fromkeys(r for p in purposes for r in p.recipients)
        all_ = self.policy.recipients
        return [
            self._recipient(id_, all_[id_])
            for id_ in ids
            if id_ in all_ and (not all_[id_].categories or category in all_[id_].categories)
        ]

    def _recipient(self, id_: str, recipient: Recipient) -> dict[str, Any]:
        described: dict[str, Any] = {
            "category": said(recipient.text, id_, self.language),
            "role": recipient.role,
        }
        if recipient.name:
            described["name"] = recipient.name
        if len(recipient.country) == 1 and len(recipient.country[0]) == 2:
            described["country"] = recipient.country[0]
        return described

    def _storage(self, key: str, purpose: Purpose) -> Iterable[dict[str, Any]]:
        rules = [self.policy.retention[r] for r in purpose.retention if r in self.policy.retention]
        if rules:
            yield {
                "temporal": [self._time(rule) for rule in rules],
                "purposeConditional": [said(purpose.name, key, self.language)],
                "legalBasisConditional": [reference(rule.law) for rule in rules if rule.law],
                "aggregationFunction": "max",
            }

    def _time(self, rule: RetentionRule) -> dict[str, str]:
        tree = expression(rule.keep_until)
        return {
            "description": say(tree, self.language),
            "ttl": _span(tree.period),
            "keepUntil": str(tree),
            "action": rule.action,
        }

    def _provision(self, purposes: Iterable[Purpose]) -> dict[str, Any]:
        given = [p.provision for p in purposes if p.provision]
        kinds = {each.kind for each in given}
        told = dict.fromkeys(each.consequence.say(self.language) for each in given)
        return {
            "legalRequirement": bool(kinds & {*_STATUTORY}),
            "contractualRegulation": bool(kinds & {*_CONTRACTUAL}),
            "obligationToProvide": bool(kinds & {*_STATUTORY, *_CONTRACTUAL}),
            "consequences": " ".join(told),
        }

    def _transfers(self) -> Iterable[dict[str, Any]]:
        for id_, recipient in self.policy.recipients.items():
            for country in recipient.country:
                if not inside_eea(country) and len(country) == 2:
                    yield {"country": country, **self._tools(country, id_, recipient)}

    def _tools(self, country: str, id_: str, recipient: Recipient) -> dict[str, Any]:
        guard = recipient.safeguard
        kind = guard.kind if guard else ""
        words = f"{said(recipient.text, id_, self.language)}: {named(SAFEGUARDS, kind, self.language)}"
        if guard and guard.ref:
            words += f" ({guard.ref})"
        decided = country in DECISIONS and kind in ("adequacy", "dpf")
        tools = {
            "adequacyDecision": decided,
            "appropriateGuarantees": kind in ("scc", "bcr"),
            "presenceOfEnforceableRightsAndEffectiveRemedies": kind in ("adequacy", "dpf", "scc", "bcr"),
            "standardDataProtectionClause": kind == "scc",
        }
        return {
            name: {"available": True, "description": words} if there else {"available": False}
            for name, there in tools.items()
        }

    def _access(self) -> dict[str, Any]:
        fee, rights = self.policy.rights.defaults.fee, self.policy.rights
        formats = {
            *(rights.access.formats if rights.access else ()),
            *(rights.portability.formats if rights.portability else ()),
        }
        return {
            **self._right(Right.ACCESS, Right.PORTABILITY),
            "administrativeFee": {"amount": fee.amount, "currency": fee.currency},
            "dataFormats": sorted(FORMATS[each] for each in formats),
        }

    def _right(self, *rights: Right) -> dict[str, Any]:
        promised = [right for right in rights if getattr(self.policy.rights, right.key) is not None]
        if not promised:
            return {"available": False}
        contact = self.policy.controller.contact
        ways = self.policy.rights.defaults.identification
        told: dict[str, Any] = {
            "available": True,
            "description": " ".join(right.plain_in(self.language) for right in promised),
            "identificationEvidences": [named(IDENTIFICATION, way, self.language) for way in ways],
        }
        if self.policy.meta.url:
            told["url"] = self.policy.meta.url
        if contact.email:
            told["email"] = contact.email
        return told

    def _complaint(self) -> dict[str, Any]:
        body = self.policy.authority
        told = {"name": body.name.say(self.language), "country": "SE" if body.id == "IMY" else ""}
        more = {"address": body.address, "email": body.email}
        phone = {"phone": body.phone} if body.phone and _is_phone(body.phone) else {}
        kept = {key: value for key, value in (told | more).items() if value}
        words = Text(
            sv=f"Du kan klaga hos {told['name']} (artikel 77).",
            en=f"You may complain to {told['name']} (Article 77).",
        )
        return {
            "available": True,
            "description": words.say(self.language),
            "url": body.url,
            "supervisoryAuthority": {**kept, **phone},
        }

    def _machine(self) -> dict[str, Any]:
        there = [each for each in self.policy.automated_decisions.values() if each.exists]
        if not there:
            return {"inUse": False}
        return {
            "inUse": True,
            "logicInvolved": " ".join(each.logic.say(self.language) for each in there),
            "scopeAndIntendedEffects": " ".join(each.effects.say(self.language) for each in there),
        }

    def _sources(self) -> Iterable[dict[str, Any]]:
        for id_, category in self.policy.categories.items():
            origins = [
                {
                    "description": said(source.name, key, self.language),
                    "url": self.policy.meta.url or "",
                    "publiclyAvailable": source.dpv == "PublicDataSource",
                }
                for key, source in self.policy.sources.items()
                if id_ in source.categories
            ]
            if origins:
                name = said(category.name, id_, self.language)
                yield {"_id": id_, "dataCategory": name, "sources": origins}


def _span(period: Period) -> str:
    """A period as TILT takes it: weeks are days; what ends with an event has no length of its own."""
    parts = ((period.years, "Y"), (period.months, "M"), (period.weeks * 7 + period.days, "D"))
    return "P" + ("".join(f"{n}{unit}" for n, unit in parts if n) or "0D")


def _is_phone(text: str) -> bool:
    """Whether TILT takes it: one group of at most four digits, then digits and blanks."""
    first = text.lstrip("+")[:1]
    return first.isdigit() and all(letter in "+0123456789-./ " for letter in text)
