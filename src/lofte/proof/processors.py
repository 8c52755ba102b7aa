"""Promises about those who work for the company: the register of processors and their agreements (art. 28).

The register is `processors.yaml`, as it stands in the workspace when the proof is made. That an agreement is
written down there, with its day and its clauses, is what is judged; the paper itself is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from lofte.law.calendar import civil_date
from lofte.ledger.kinds import Value
from lofte.policy.document import Policy, Text
from lofte.policy.processors import Processor, ProcessorRegister
from lofte.proof.publication import publication
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, lacking, unproven

CUSTOMERS = Text(
    sv="register över vilka kunder som erbjudits och skrivit biträdesavtal",
    en="the register of customers who were offered and signed the processing agreement",
)
CHAIN = Text(
    sv="underlag för avtalen längre ner i kedjan av biträden",
    en="evidence of the agreements further down the chain of processors",
)
_REGISTER = Text(
    sv="Skriv in det i registret över biträden (processors.yaml).",
    en="Write it into the register of processors (processors.yaml).",
)
_UNREAD = Text(
    sv="Registret över biträden är inte läst.",
    en="The register of processors has not been read.",
)


# -- counting -----------------------------------------------------------------------------------------------


def counted(policy: Policy, register: ProcessorRegister | None, at: datetime) -> tuple[Evidence, ...]:
    """For each recipient that is a processor, what the register says of it; and who stands there but is told
    of to nobody."""
    return tuple(
        Evidence(kind=Check.PROCESSOR, at=at, policy_version=policy.meta.version, facts=facts)
        for facts in _each(policy, register, at)
    )


def _each(policy: Policy, register: ProcessorRegister | None, at: datetime) -> Iterator[dict[str, Value]]:
    listed = register.listed if register else {}
    named = set()
    for id_, recipient in policy.recipients.items():
        if recipient.role != "processor":
            continue
        key = recipient.register_ or id_
        named.add(key)
        found = listed.get(key)
        said = _said(found, at) if found else {"registered": 0}
        away = found is not None and bool(recipient.country) and found.country not in recipient.country
        yield {"recipient": id_, "told": 1, **said, "elsewhere": int(away)}
    for key, found in listed.items():
        if key not in named:
            yield {"recipient": key, "told": 0, **_said(found, at), "elsewhere": 0}


def _said(processor: Processor, at: datetime) -> dict[str, Value]:
    agreement = processor.agreement
    clauses = agreement.clauses if agreement else ()
    return {
        "registered": 1,
        "agreed": int(agreement is not None and agreement.valid(civil_date(at))),
        "lacks": len(agreement.lacks) if agreement else 0,
        "instructed": int("28.3.a" in clauses),
        "confidential": int("28.3.b" in clauses),
        "kind": processor.kind,
        "chain": int(processor.sub_processors is not None),
    }


# -- the promises -------------------------------------------------------------------------------------------


def all_registered(case: Case) -> Verdict:
    """P083: everybody who works for the company stands in the register, and nobody stands there untold."""
    checks = _all(case)
    if not checks:
        return unproven(_UNREAD)
    wrong = [e for e in checks if not (e.count("registered") and e.count("told")) or e.count("elsewhere")]
    if wrong:
        return _wrong(
            case,
            wrong,
            "Registret och policyn säger inte samma sak om",
            "The register and the policy do not say the same of",
        )
    return kept(
        f"{len(checks)} av {len(checks)} biträden står i registret, i det land som policyn säger.",
        f"{len(checks)} of {len(checks)} processors are in the register, in the country the policy says.",
        *checks,
    )


def all_agreed(case: Case) -> Verdict:
    """P084: each of them has an agreement that binds today and says what art. 28.3 demands."""
    checks = _all(case)
    if not checks:
        return unproven(_UNREAD)
    if wrong := [e for e in checks if not e.count("agreed") or e.count("lacks")]:
        return _wrong(
            case,
            wrong,
            "Inget avtal som gäller och är helt finns med",
            "There is no agreement in force and whole with",
        )
    return kept(
        f"{len(checks)} av {len(checks)} biträden har ett avtal som gäller, med alla villkor i artikel 28.3.",
        f"{len(checks)} of {len(checks)} processors have an agreement in force, whole by Article 28.3.",
        *checks,
    )


def kinds_told(case: Case) -> Verdict:
    """P085: what kind of work each of them does stands in the register (art. 30.1 d)."""
    checks = _named(case)
    if not checks:
        return unproven(_UNREAD)
    if wrong := [e for e in checks if not e.facts.get("kind")]:
        return _wrong(
            case, wrong, "Registret säger inte vad de gör", "The register does not say what they do"
        )
    kinds = ", ".join(sorted({str(e.facts["kind"]) for e in checks}))
    return kept(
        f"Registret säger vad var och en av {len(checks)} gör ({kinds}).",
        f"The register says what each of {len(checks)} does ({kinds}).",
        *checks,
    )


def bound_to_purpose(case: Case) -> Verdict:
    """P082: whoever measures may use the data for nothing else: the agreement says so (art. 28.3 a)."""
    return _bound(case, ("instructed",))


def bound_to_silence(case: Case) -> Verdict:
    """P070: those who help have promised confidentiality and to keep to the purpose (art. 28.3 a-b)."""
    return _bound(case, ("instructed", "confidential"))


def _bound(case: Case, clauses: Sequence[str]) -> Verdict:
    checks = _named(case)
    if not checks:
        return unproven(_UNREAD)
    wrong = [e for e in checks if not e.count("agreed") or not all(e.count(c) for c in clauses)]
    if wrong:
        return _wrong(
            case,
            wrong,
            "Inget avtal som gäller binder dem till det",
            "No agreement in force binds them to it",
        )
    names = _names(case, checks)
    return kept(
        f"Avtal som gäller binder dem till det: {names}.",
        f"Agreements in force bind them to it: {names}.",
        *checks,
    )


def chain_agreed(case: Case) -> Verdict:
    """P086: a supplier has agreements with everybody it engages in turn (art. 28.4)."""
    checks = _named(case)
    if not checks:
        return unproven(_UNREAD)
    if wrong := [e for e in checks if not e.count("chain") or not e.count("agreed")]:
        return _wrong(
            case,
            wrong,
            "Det är inte känt vilka de anlitar i sin tur",
            "It is not known whom they engage in turn",
        )
    seen = Text(
        sv=f"Registret säger vilka de anlitar i sin tur: {_names(case, checks)}.",
        en=f"The register says whom they engage in turn: {_names(case, checks)}.",
    )
    return lacking(CHAIN, seen, *checks)


def agreement_offered(case: Case) -> Verdict:
    """P035, P036: the agreement and its annex are there to be offered; who signed is in no register yet."""
    known = {each.id: each for each in case.policy.documents}
    roles = [role for role in case.policy.roles if role.as_ == "processor"]
    papers = [(role.agreement, role.annex) for role in roles]
    gone = [
        paper or "agreement"
        for pair in papers
        for paper in ((pair[0] or ""), *((pair[1],) if pair[1] else ()))
        if paper not in known or not known[paper].version or not known[paper].url
    ]
    if gone or not roles:
        names = ", ".join(gone)
        return broken(
            Text(
                sv=f"Avtalet som erbjuds finns inte bland dokumenten, med version och adress: {names}.",
                en="The agreement that is offered is not among the documents, with version and address: "
                f"{names}.",
            ),
            Text(sv="Lägg till det under `documents`.", en="Add it under `documents`."),
        )
    entry = publication(case)
    seen = Text(
        sv="Avtalet finns bland dokumenten, med version och adress.",
        en="The agreement is among the documents, with version and address.",
    )
    return lacking(CUSTOMERS, seen, *([entry] if entry else []))


def _wrong(case: Case, wrong: Sequence[Evidence], sv: str, en: str) -> Verdict:
    names = _names(case, wrong)
    return broken(Text(sv=f"{sv}: {names}.", en=f"{en}: {names}."), _REGISTER, *wrong)


def _all(case: Case) -> tuple[Evidence, ...]:
    """The newest word of the register on each of them."""
    return tuple({e.facts.get("recipient"): e for e in case.of(Check.PROCESSOR)}.values())


def _named(case: Case) -> tuple[Evidence, ...]:
    """Those of them that the promise stands on."""
    paths = case.promise.paths
    named = {path.split(".")[1] for path in paths if path.startswith("recipients.")}
    return tuple(e for e in _all(case) if e.facts.get("recipient") in named)


def _names(case: Case, evidence: Sequence[Evidence]) -> str:
    return ", ".join(sorted(case.called(e.facts["recipient"]) for e in evidence))
