"""The policy as JSON-LD in the terms of the W3C Data Privacy Vocabulary (DPV 2.3).

One privacy notice, one process for each purpose. The context stands in the file, so that nothing is fetched
to read it. DPV demands no shape; ours is in `SHAPES` (SHACL). What the vocabulary has no term for is told by
the nearest wider term and in `notes`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lofte.law.adequacy import inside_eea
from lofte.law.bases import BASES
from lofte.law.rights import Right
from lofte.policy.document import Language, Policy, Purpose, Recipient, Safeguard
from lofte.policy.exchange.derived import Note, header, said
from lofte.policy.exchange.dpv_terms import MEASURES, PREFIXES, TERMS, TOOLS, nearest
from lofte.policy.notice.words import MEASURES as MEASURES_IN_WORDS
from lofte.policy.notice.words import named
from lofte.policy.retention import read as expression
from lofte.policy.retention_words import say

BASE = "urn:lofte:"
CONTEXT: dict[str, Any] = {
    **PREFIXES,
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "lofte": "urn:lofte:terms:",
}
_ROLES = {
    "processor": "dpv:DataProcessor",
    "controller": "dpv:ThirdParty",
    "joint_controller": "dpv:JointDataControllers",
    "authority": "dpv:Authority",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DpvFile:
    """The document, and the words that became wider ones."""

    document: dict[str, Any]
    notes: tuple[Note, ...]


def dpv(policy: Policy, language: Language) -> DpvFile:
    """The policy in this language."""
    return _Maker(policy, language).made()


class _Maker:
    """Builds the graph node by node, and remembers which words became wider."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self.policy, self.language = policy, language
        self.notes: dict[Note, None] = {}

    def made(self) -> DpvFile:
        graph = [
            self._notice(),
            self._controller(),
            self._authority(),
            *self._officer(),
            *(self._process(id_, each) for id_, each in self.policy.purposes.items()),
            *(self._category(id_) for id_ in self.policy.categories),
            *(self._subjects(id_) for id_ in self.policy.subjects),
            *(self._recipient(id_, each) for id_, each in self.policy.recipients.items()),
            *(self._source(id_) for id_ in self.policy.sources),
            *(self._rule(id_) for id_ in self.policy.retention),
            *(self._measure(id_) for id_ in self.policy.security.measures),
            *(self._decision(id_) for id_, each in self.policy.automated_decisions.items() if each.exists),
        ]
        notes = tuple(self.notes)
        told = [f"{note.path}: {note.ours} > {note.theirs}" for note in notes]
        if told:
            graph[0]["lofte:wider"] = told
        return DpvFile(document={"@context": CONTEXT, "@graph": graph}, notes=notes)

    def _id(self, *parts: str) -> str:
        return BASE + ":".join((self.policy.meta.id, *parts))

    def _words(self, text: str) -> dict[str, str]:
        return {"@value": text, "@language": self.language}

    def _term(self, path: str, word: str | None, within: str, parent: str) -> str:
        term, exact = nearest(word, within, parent)
        if not exact:
            self.notes[Note(path=path, ours=word or "", theirs=term)] = None
        return term

    def _refs(self, kind: str, ids: Iterable[str], known: Iterable[str]) -> list[dict[str, str]]:
        there = set(known)
        return [{"@id": self._id(kind, id_)} for id_ in dict.fromkeys(ids) if id_ in there]

    def _notice(self) -> dict[str, Any]:
        meta, promised = self.policy.meta, self.policy.rights
        rights = [right for right in Right if getattr(promised, right.key) is not None]
        node = {
            "@id": self._id("notice"),
            "@type": "dpv:PrivacyNotice",
            "dct:title": self._words(meta.title.say(self.language)),
            "dct:language": self.language,
            "dct:valid": {"@value": meta.effective_from.isoformat(), "@type": "xsd:date"},
            "dct:identifier": meta.version,
            "dpv:hasDataController": {"@id": self._id("controller")},
            "dpv:hasAuthority": {"@id": self._id("authority")},
            "dpv:hasProcess": self._refs("purpose", self.policy.purposes, self.policy.purposes),
            "dpv:hasRight": [{"@id": _right(right)} for right in rights] + [{"@id": "eu-gdpr:A77"}],
            "dpv:hasTechnicalOrganisationalMeasure": [
                {"@id": self._id("measure", id_)} for id_ in self.policy.security.measures
            ],
        }
        head = {f"lofte:{key}": value for key, value in header(self.policy, self.language).items()}
        return {key: value for key, value in (node | head).items() if value}

    def _controller(self) -> dict[str, Any]:
        who = self.policy.controller
        told = {
            "dpv:hasName": who.legal_name or who.trade_name,
            "dpv:hasAddress": who.contact.address,
            "dpv:hasContact": who.contact.email or who.contact.phone,
            "dpv:hasIdentifier": who.org_no,
            "dpv:hasDataProtectionOfficer": (
                {"@id": self._id("officer")} if self.policy.dpo.designated == "yes" else None
            ),
        }
        return {"@id": self._id("controller"), "@type": "dpv:DataController", **_there(told)}

    def _officer(self) -> Iterable[dict[str, Any]]:
        dpo = self.policy.dpo
        if dpo.designated == "yes":
            told = {"dpv:hasName": dpo.name, "dpv:hasContact": dpo.email or dpo.phone}
            yield {"@id": self._id("officer"), "@type": "dpv:DataProtectionOfficer", **_there(told)}

    def _authority(self) -> dict[str, Any]:
        body = self.policy.authority
        told = {
            "dpv:hasName": self._words(body.name.say(self.language)),
            "dpv:hasAddress": body.address,
            "dpv:hasContact": body.email or body.url,
        }
        return {"@id": self._id("authority"), "@type": "dpv:DataProtectionAuthority", **_there(told)}

    def _process(self, id_: str, purpose: Purpose) -> dict[str, Any]:
        policy, path = self.policy, f"purposes.{id_}"
        term = self._term(f"{path}.dpv", purpose.dpv, "dpv", "dpv:Purpose")
        types = list(dict.fromkeys(("dpv:Purpose", term)))
        sources = [
            key for key, each in policy.sources.items() if set(each.categories) & {*purpose.categories}
        ]
        decisions = [
            key for key, each in policy.automated_decisions.items() if each.exists and id_ in each.purposes
        ]
        node = {
            "@id": self._id("purpose", id_),
            "@type": ["dpv:Process", "dpv:AutomatedDecisionMaking"] if decisions else "dpv:Process",
            "dct:title": self._words(said(purpose.name, id_, self.language)),
            "dpv:hasPurpose": {
                "@id": self._id("purpose", id_, "why"),
                "@type": types,
                "rdfs:label": self._words(said(purpose.text or purpose.name, id_, self.language)),
            },
            "dpv:hasDataController": {"@id": self._id("controller")},
            "dpv:hasLegalBasis": self._basis(id_, purpose),
            "dpv:hasPersonalData": self._refs("category", purpose.categories, policy.categories),
            "dpv:hasDataSubject": self._refs("subjects", purpose.subjects, policy.subjects),
            "dpv:hasRecipient": self._refs("recipient", purpose.recipients, policy.recipients),
            "dpv:hasDataSource": self._refs("source", sources, policy.sources),
            "dpv:hasStorageCondition": self._refs("retention", purpose.retention, policy.retention),
        }
        return {key: value for key, value in node.items() if value}

    def _basis(self, id_: str, purpose: Purpose) -> dict[str, Any]:
        basis = BASES[purpose.legal_basis]
        types = ["dpv:LegalBasis"]
        if basis.law == "GDPR":
            types.append(f"eu-gdpr:A{basis.id.replace('.', '-')}")
        else:
            self.notes[Note(path=f"purposes.{id_}.legal_basis", ours=basis.id, theirs="dpv:LegalBasis")] = (
                None
            )
        words = purpose.interest.text.say(self.language) if purpose.interest else basis.cite(self.language)
        return {"@id": self._id("purpose", id_, "basis"), "@type": types, "rdfs:label": self._words(words)}

    def _category(self, id_: str) -> dict[str, Any]:
        category = self.policy.categories[id_]
        types = ["dpv:PersonalData"]
        if category.special:
            types.append("dpv:SpecialCategoryPersonalData")
        for item in category.items:
            path = f"categories.{id_}.items.{item.id}"
            types.append(self._term(path, item.dpv, "pd", "dpv:PersonalData"))
            if not item.dpv:
                self.notes[Note(path=path, ours=item.id, theirs="dpv:PersonalData")] = None
        return {
            "@id": self._id("category", id_),
            "@type": list(dict.fromkeys(types)),
            "rdfs:label": self._words(said(category.name, id_, self.language)),
        }

    def _subjects(self, id_: str) -> dict[str, Any]:
        group = self.policy.subjects[id_]
        term = self._term(f"subjects.{id_}.dpv", group.dpv, "dpv", "dpv:DataSubject")
        return {
            "@id": self._id("subjects", id_),
            "@type": list(dict.fromkeys(("dpv:DataSubject", term))),
            "rdfs:label": self._words(said(group.name, id_, self.language)),
        }

    def _recipient(self, id_: str, recipient: Recipient) -> dict[str, Any]:
        outside = [country for country in recipient.country if not inside_eea(country)]
        tool = _tool(recipient.safeguard) if recipient.safeguard else None
        told = {
            "rdfs:label": self._words(said(recipient.text, id_, self.language)),
            "dpv:hasName": recipient.name,
            "dpv:hasCountry": list(recipient.country),
            "dpv:hasThirdCountry": outside,
            "dpv:hasLegalBasis": {"@id": tool} if tool and outside else None,
        }
        types = list(dict.fromkeys(("dpv:Recipient", _ROLES[recipient.role])))
        return {"@id": self._id("recipient", id_), "@type": types, **_there(told)}

    def _source(self, id_: str) -> dict[str, Any]:
        source = self.policy.sources[id_]
        parent = "dpv:ThirdPartyDataSource" if source.third_party else "dpv:DataSource"
        term = self._term(f"sources.{id_}.dpv", source.dpv, "dpv", parent)
        return {
            "@id": self._id("source", id_),
            "@type": list(dict.fromkeys(("dpv:DataSource", term))),
            "rdfs:label": self._words(said(source.name, id_, self.language)),
        }

    def _rule(self, id_: str) -> dict[str, Any]:
        rule = self.policy.retention[id_]
        tree = expression(rule.keep_until)
        duration: dict[str, Any] = {
            "@id": self._id("retention", id_, "duration"),
            "@type": ["dpv:Duration", "dpv:UntilEventDuration"],
            "rdfs:label": self._words(say(tree, self.language)),
            "lofte:keepUntil": str(tree),
        }
        if tree.period:
            duration["@type"] = ["dpv:Duration", "dpv:TemporalDuration"]
            duration["lofte:period"] = {
                "@value": str(tree.period),
                "@type": "xsd:duration",
            }
        ending = {"delete": "dpv:StorageDeletion", "anonymise": "dpv:Anonymisation"}.get(rule.action)
        return {
            "@id": self._id("retention", id_),
            "@type": ["dpv:StorageCondition", "dpv:StorageDuration"],
            "rdfs:label": self._words(said(rule.name, id_, self.language)),
            "dpv:hasDuration": duration,
            **({"lofte:then": {"@id": ending}} if ending else {}),
        }

    def _measure(self, id_: str) -> dict[str, Any]:
        types = ["dpv:TechnicalOrganisationalMeasure", *([MEASURES[id_]] if id_ in MEASURES else [])]
        if id_ not in MEASURES:
            self.notes[Note(path="security.measures", ours=id_, theirs=types[0])] = None
        words = self._words(named(MEASURES_IN_WORDS, id_, self.language))
        return {"@id": self._id("measure", id_), "@type": types, "rdfs:label": words}

    def _decision(self, id_: str) -> dict[str, Any]:
        decision = self.policy.automated_decisions[id_]
        return {
            "@id": self._id("decision", id_),
            "@type": "dpv:AutomatedDecisionMaking",
            "rdfs:label": self._words(said(decision.name, id_, self.language)),
            "dpv:hasAlgorithmicLogic": self._words(decision.logic.say(self.language)),
            "dpv:hasConsequence": self._words(decision.effects.say(self.language)),
        }


def _right(right: Right) -> str:
    """The term of a right; human review is part of art. 22."""
    article = "22" if right is Right.HUMAN_REVIEW else right.article
    return f"eu-gdpr:A{article.replace('.', '-')}"


def _tool(guard: Safeguard) -> str:
    """The term of a tool of transfer; of an exception the one that `ref` names (`49.1.b`)."""
    exception = f"eu-gdpr:A{(guard.ref or '').replace('.', '-')}"
    return TOOLS.get(guard.kind) or (exception if exception in TERMS else "dpv:DataTransferLegalBasis")


def _there(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value}


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dpv: <https://w3id.org/dpv#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix lofte: <urn:lofte:shapes:> .

lofte:Notice a sh:NodeShape ; sh:targetClass dpv:PrivacyNotice ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:message "a notice has a title" ] ;
  sh:property [ sh:path dct:valid ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ;
    sh:message "a notice says from which day it applies" ] ;
  sh:property [ sh:path dpv:hasDataController ; sh:minCount 1 ; sh:class dpv:DataController ;
    sh:message "a notice names the controller (art. 13.1 a)" ] ;
  sh:property [ sh:path dpv:hasAuthority ; sh:minCount 1 ; sh:class dpv:DataProtectionAuthority ;
    sh:message "a notice names the authority (art. 13.2 d)" ] ;
  sh:property [ sh:path dpv:hasRight ; sh:minCount 1 ; sh:nodeKind sh:IRI ;
    sh:message "a notice tells the rights (art. 13.2 b)" ] ;
  sh:property [ sh:path dpv:hasProcess ; sh:minCount 1 ; sh:class dpv:Process ;
    sh:message "a notice tells each purpose (art. 13.1 c)" ] .

lofte:Controller a sh:NodeShape ; sh:targetClass dpv:DataController ;
  sh:property [ sh:path dpv:hasName ; sh:minCount 1 ; sh:message "a controller has a name" ] ;
  sh:property [ sh:path dpv:hasContact ; sh:minCount 1 ; sh:message "a controller can be reached" ] .

lofte:Process a sh:NodeShape ; sh:targetClass dpv:Process ;
  sh:property [ sh:path dpv:hasPurpose ; sh:minCount 1 ; sh:maxCount 1 ; sh:class dpv:Purpose ;
    sh:message "a process has one purpose (art. 5.1 b)" ] ;
  sh:property [ sh:path dpv:hasLegalBasis ; sh:minCount 1 ; sh:maxCount 1 ; sh:class dpv:LegalBasis ;
    sh:message "a process has one legal basis (art. 6)" ] ;
  sh:property [ sh:path dpv:hasPersonalData ; sh:minCount 1 ; sh:class dpv:PersonalData ;
    sh:message "a process has its data (art. 14.1 d)" ] ;
  sh:property [ sh:path dpv:hasStorageCondition ; sh:minCount 1 ; sh:class dpv:StorageCondition ;
    sh:message "a process says how long (art. 13.2 a)" ] .

lofte:Storage a sh:NodeShape ; sh:targetClass dpv:StorageCondition ;
  sh:property [ sh:path dpv:hasDuration ; sh:minCount 1 ; sh:maxCount 1 ; sh:class dpv:Duration ;
    sh:message "a storage condition has a duration" ] .

lofte:Abroad a sh:NodeShape ; sh:targetSubjectsOf dpv:hasThirdCountry ;
  sh:property [ sh:path dpv:hasLegalBasis ; sh:minCount 1 ; sh:nodeKind sh:IRI ;
    sh:message "a recipient outside the EEA has a tool of transfer (art. 44)" ] .

lofte:Named a sh:NodeShape ;
  sh:targetClass dpv:PersonalData, dpv:DataSubject, dpv:Recipient, dpv:DataSource, dpv:StorageCondition ;
  sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:message "what people read has words" ] .
"""
"""What our export demands of itself, in SHACL."""
