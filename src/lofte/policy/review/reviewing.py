"""The review of a policy in prose: which elements it has, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lofte.fault import Severity
from lofte.policy.checks.catalogue import Demand
from lofte.policy.parts import Language, Text
from lofte.policy.review import clarity, consent, facts, keeping, rights, sharing, signs, told, topics
from lofte.policy.review.language import language_of
from lofte.policy.review.manuscript import Manuscript, Span
from lofte.policy.review.reader import Reader, State
from lofte.policy.review.rule import Rule
from lofte.policy.review.sign import Sign

SIGNS: Mapping[str, Sign] = {
    name: sign
    for module in (
        signs.told,
        signs.consent,
        signs.rights,
        signs.sharing,
        signs.keeping,
        signs.facts,
        signs.clarity,
    )
    for name, sign in module.SIGNS.items()
}
RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *told.RULES,
            *consent.RULES,
            *rights.RULES,
            *clarity.RULES,
            *facts.RULES,
            *sharing.RULES,
            *keeping.RULES,
        ),
        key=lambda rule: rule.number,
    )
)
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One element of art. 13 or 14: present, partial or absent, and where."""

    id: str
    article: str
    name: Text
    state: State
    needed: bool
    """Whether this text must have it: what is told only if it is done need not be told if it is not."""
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One fault of the text; without spans it is about what is missing."""

    number: str
    severity: Severity
    article: str
    what: Text
    mend: Text
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """Everything that was found. `whole` is false for a piece, from which nothing is said to be missing."""

    language: Language
    on: date
    whole: bool
    elements: tuple[Seen, ...]
    remarks: tuple[Remark, ...]


def read(
    manuscript: Manuscript, on: date, language: Language | None = None, *, whole: bool | None = None
) -> Reader | None:
    """A reader of the text; None when it is neither Swedish nor English and no language is given."""
    spoken = language or language_of(manuscript.text)
    if spoken is None:
        return None
    return Reader(manuscript, spoken, on, SIGNS, told.ELEMENTS, topics.TOPICS, whole=whole)


def review(reader: Reader) -> Review:
    """Every element, and every fault: what breaks the law first, in the order of the numbers."""
    remarks = [
        Remark(
            number=rule.number,
            severity=rule.severity,
            article=rule.article,
            what=rule.what,
            mend=rule.mend,
            spans=tuple(places),
        )
        for rule in RULES
        if (places := rule.find(reader)) is not None
    ]
    return Review(
        language=reader.language,
        on=reader.on,
        whole=reader.whole,
        elements=tuple(_seen(reader, id_) for id_ in told.ELEMENTS),
        remarks=tuple(sorted(remarks, key=lambda remark: (_ORDER[remark.severity], remark.number))),
    )


def _seen(reader: Reader, id_: str) -> Seen:
    element, found = told.ELEMENTS[id_], reader.element(id_)
    return Seen(
        id=id_,
        article=element.article,
        name=NAMES[id_],
        state=found.state,
        needed=found.state != "absent" or _needed(reader, id_),
        spans=found.spans,
    )


def _needed(reader: Reader, id_: str) -> bool:
    only_if: Mapping[str, str] = {
        "interests": "interest",
        "withdrawal": "consent_used",
        "automated": "adm",
        "dpo": "dpo",
    }
    return reader.whole and (id_ not in only_if or bool(reader.hits(only_if[id_])))


def catalogue() -> tuple[Demand, ...]:
    """Every fault that a policy in prose can have: number, severity, article, and what it demands."""
    return tuple(
        Demand(number=rule.number, severity=rule.severity, article=rule.article, demands=rule.demands)
        for rule in RULES
    )


NAMES: Mapping[str, Text] = {
    id_: Text(sv=sv, en=en)
    for id_, sv, en in (
        ("identity", "Vem som är personuppgiftsansvarig", "Who the controller is"),
        ("contact", "Kontaktuppgifter", "Contact details"),
        ("dpo", "Dataskyddsombud", "Data protection officer"),
        ("purposes", "Ändamål", "Purposes"),
        ("grounds", "Rättslig grund", "Legal basis"),
        ("interests", "Berättigat intresse", "Legitimate interest"),
        ("recipients", "Mottagare", "Recipients"),
        ("transfers", "Överföring utanför EU och EES", "Transfer out of the EU and EEA"),
        ("retention", "Hur länge", "How long"),
        ("access", "Rätt till tillgång", "Right of access"),
        ("rectification", "Rätt till rättelse", "Right to rectification"),
        ("erasure", "Rätt till radering", "Right to erasure"),
        ("restriction", "Rätt till begränsning", "Right to restriction"),
        ("portability", "Rätt till dataportabilitet", "Right to data portability"),
        ("objection", "Rätt att invända", "Right to object"),
        ("withdrawal", "Återkalla samtycke", "Withdrawing consent"),
        ("complaint", "Klagomål till tillsynsmyndigheten", "Complaint to the supervisory authority"),
        ("provision", "Måste uppgifterna lämnas", "Must the data be given"),
        ("automated", "Automatiserade beslut", "Automated decisions"),
        ("categories", "Kategorier av uppgifter", "Categories of data"),
        ("sources", "Varifrån uppgifterna kommer", "Where the data come from"),
    )
}
