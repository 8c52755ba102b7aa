"""The seven recurring problems with erasure, and how this house stands in each.

Source: the report on the EDPB's coordinated action of 2025 on the right to erasure, adopted on
10 February 2026 (32 authorities, 764 controllers). `reference` says how each problem is known to us:
"report" = named so in what the EDPB has told of its report; "secondary" = named so by those who have
read it, and by nobody else that we have seen.

* A problem is judged from promises and evidence alone, as a promise is; nothing is set by hand.
* It is *kept* when every promise in it that the policy makes is kept, *broken* when one is broken.
* What Löfte cannot see is unproven, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.policy.document import Text
from lofte.proof.records import Check, Evidence, Finding, Line

_ERASURE = Right.ERASURE


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One of the problems, and what is looked at."""

    id: str
    title: Text
    asks: Text
    """The question that this house is asked."""
    reference: str
    promises: tuple[str, ...]
    own: Callable[[Sequence[Evidence]], Judged]
    """What is seen beside the promises."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A finding with its reason and the counts behind it. None = it says nothing either way."""

    finding: Finding | None
    reason: Text
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How the house stands in one problem."""

    problem: Problem
    finding: Finding
    reason: Text
    promises: tuple[tuple[str, Finding], ...]
    counts: Mapping[str, int]


def chapter(lines: Iterable[Line], evidence: Sequence[Evidence]) -> tuple[Standing, ...]:
    """The seven problems, judged by the same findings and the same evidence as the promises."""
    found = {line.promise.id: line.finding for line in lines}
    return tuple(_standing(problem, found, evidence) for problem in PROBLEMS)


def _standing(problem: Problem, found: Mapping[str, Finding], evidence: Sequence[Evidence]) -> Standing:
    made = tuple((id_, found[id_]) for id_ in problem.promises if id_ in found)
    seen = problem.own(evidence)
    all_ = [finding for _, finding in made] + ([seen.finding] if seen.finding else [])
    if Finding.BROKEN in all_:
        finding = Finding.BROKEN
    elif all_ and all(each is Finding.KEPT for each in all_):
        finding = Finding.KEPT
    else:
        finding = Finding.UNPROVEN
    return Standing(
        problem=problem, finding=finding, reason=seen.reason, promises=made, counts=dict(seen.counts)
    )


def _of(evidence: Sequence[Evidence], *kinds: str) -> list[Evidence]:
    return [e for e in evidence if e.kind in kinds]


def _sum(evidence: Iterable[Evidence], name: str) -> int:
    return sum(e.count(name) or 0 for e in evidence)


def _asked(evidence: Sequence[Evidence]) -> set[str]:
    """The requests for erasure."""
    return {e.object for e in _of(evidence, Kind.REQUEST_RECEIVED) if e.facts.get("right") == _ERASURE}


def _procedure(evidence: Sequence[Evidence]) -> Judged:
    asked = _asked(evidence)
    by = Kind.ERASURE_APPROVED, Kind.ERASURE_INTENDED, Kind.ERASURE_DONE, Kind.ERASURE_VERIFIED
    counts = {"asked": len(asked)} | {
        name: len({e.object for e in _of(evidence, kind)} & asked)
        for name, kind in zip(("approved", "intended", "done", "verified"), by, strict=True)
    }
    reason = Text(
        sv=f"{counts['asked']} begäranden om radering. Varje radering går samma väg: plan, godkännande, "
        f"åtgärd, andra sökning ({counts['verified']} är genomsökta efteråt).",
        en=f"{counts['asked']} requests for erasure. Every erasure goes the same road: plan, approval, act, "
        f"second search ({counts['verified']} have been searched afterwards).",
    )
    # Nothing is erased off the road: what was done without an intent before it is a fault of procedure.
    off = {e.object for e in _of(evidence, Kind.ERASURE_DONE)} - {
        e.object for e in _of(evidence, Kind.ERASURE_INTENDED, Kind.DEIDENTIFY_INTENDED)
    }
    return Judged(finding=Finding.BROKEN if off else None, reason=reason, counts={**counts, "off": len(off)})


def _training(evidence: Sequence[Evidence]) -> Judged:
    reason = Text(
        sv="Löfte ser inte vem som har utbildats. Saknas i Löfte än: ett register över utbildning.",
        en="Löfte does not see who has been trained. Not yet in Löfte: a register of training.",
    )
    added = len(_of(evidence, Kind.HANDLER_ADDED))
    return Judged(finding=Finding.UNPROVEN, reason=reason, counts={"handlers": added})


def _information(evidence: Sequence[Evidence]) -> Judged:
    refused = [e for e in _of(evidence, Kind.REQUEST_REFUSED) if e.object in _asked(evidence)]
    bare = [e for e in refused if not e.facts.get("ground")]
    reason = Text(
        sv=f"Texten ska berätta om rätten och om klagomål. {len(refused)} avslag på radering; "
        f"{len(bare)} utan angivet skäl.",
        en=f"The text shall tell of the right and of complaints. {len(refused)} refusals of erasure; "
        f"{len(bare)} without a stated ground.",
    )
    counts = {"refused": len(refused), "without_ground": len(bare)}
    return Judged(finding=Finding.BROKEN if bare else None, reason=reason, counts=counts)


def _exceptions(evidence: Sequence[Evidence]) -> Judged:
    checks = _of(evidence, Check.KEPT)[-1:]
    names = ("law_rows", "law_without_end", "contract_rows", "holds", "holds_overdue")
    counts = {name: _sum(checks, name) for name in names}
    reason = Text(
        sv=f"Undantag prövas rad för rad: {counts['law_rows']} rader är kvar för en lag "
        f"({counts['law_without_end']} utan slutdag), {counts['contract_rows']} för avtal; "
        f"{counts['holds']} stopp ({counts['holds_overdue']} skulle ha prövats igen).",
        en=f"Exceptions are judged row by row: {counts['law_rows']} rows stay for a law "
        f"({counts['law_without_end']} without an end), {counts['contract_rows']} for contracts; "
        f"{counts['holds']} holds ({counts['holds_overdue']} should have been looked at again).",
    )
    wrong = counts["law_without_end"] or counts["holds_overdue"]
    return Judged(finding=Finding.BROKEN if wrong else None, reason=reason, counts=counts)


def _retention(evidence: Sequence[Evidence]) -> Judged:
    checks = _of(evidence, Check.RETENTION)
    counts = {name: _sum(checks, name) for name in ("rows", "past", "excused", "unknown")}
    counts["rules"] = len({e.facts.get("rule") for e in checks})
    reason = Text(
        sv=f"{counts['rows']} rader räknade under {counts['rules']} regler: {counts['past']} har passerat "
        f"sin tid, {counts['unknown']} har inget känt slut än.",
        en=f"{counts['rows']} rows counted under {counts['rules']} rules: {counts['past']} are past their "
        f"time, {counts['unknown']} have no known end yet.",
    )
    return Judged(finding=Finding.BROKEN if counts["past"] else None, reason=reason, counts=counts)


def _backups(evidence: Sequence[Evidence]) -> Judged:
    lost, begun = _of(evidence, Kind.TOMBSTONES_LOST), _of(evidence, Kind.ERASURE_REPLAY_INTENDED)
    told = _of(evidence, Kind.ERASURE_REPLAYED)
    unfinished = {e.object for e in begun} - {e.object for e in told}
    counts = {
        "replayed": len(told),
        "unfinished": len(unfinished),
        "tombstones_lost": _sum(lost, "records") or len(lost),
    }
    if lost or unfinished:
        reason = Text(
            sv=f"Efter en återläst säkerhetskopia är {len(unfinished)} raderingar inte gjorda om, och "
            f"{len(lost)} gånger har minnet av raderingar gått förlorat.",
            en=f"After a restored backup {len(unfinished)} erasures are not done again, and {len(lost)} "
            "times the memory of erasures was lost.",
        )
        return Judged(finding=Finding.BROKEN, reason=reason, counts=counts)
    if told:
        reason = Text(
            sv=f"Säkerhetskopior har lästs tillbaka, och {len(told)} raderingar gjordes om.",
            en=f"Backups have been restored, and {len(told)} erasures were done again.",
        )
        return Judged(finding=Finding.KEPT, reason=reason, counts=counts)
    reason = Text(
        sv="Ingen säkerhetskopia har lästs tillbaka än. Raderingar görs om då, och systemet är stängt "
        "tills det är gjort. Prova: `lofte restored`.",
        en="No backup has been restored yet. Erasures are done again then, and the system is closed until "
        "that is done. Try it: `lofte restored`.",
    )
    return Judged(finding=Finding.UNPROVEN, reason=reason, counts=counts)


def _anonymised(evidence: Sequence[Evidence]) -> Judged:
    tested = _of(evidence, Kind.DEIDENTIFY_TESTED)
    failed = [e for e in tested if not e.count("passed")]
    counts = {"tested": len(tested), "failed": len(failed)}
    reason = Text(
        sv=f"Avidentifiering räknas som radering bara när den har klarat sitt prov: {len(tested)} prov, "
        f"{len(failed)} underkända.",
        en=f"De-identification counts as erasure only when it has passed its test: {len(tested)} tests, "
        f"{len(failed)} failed.",
    )
    return Judged(finding=None, reason=reason, counts=counts)


PROBLEMS: tuple[Problem, ...] = (
    Problem(
        id="procedure",
        title=Text(sv="Rutin för radering saknas", en="No internal procedure for erasure"),
        asks=Text(
            sv="Finns en väg som varje radering går, i tid och i alla system?",
            en="Is there a road that every erasure goes, in time and in all systems?",
        ),
        reference="report",
        promises=("P101", "P109", "P110", "P111"),
        own=_procedure,
    ),
    Problem(
        id="training",
        title=Text(sv="De som handlägger är inte utbildade", en="Those who handle it are not trained"),
        asks=Text(
            sv="Vet de som handlägger hur en radering prövas?",
            en="Do those who handle it know how an erasure is judged?",
        ),
        reference="secondary",
        promises=(),
        own=_training,
    ),
    Problem(
        id="information",
        title=Text(sv="Den som begär får för lite veta", en="Those who ask are told too little"),
        asks=Text(
            sv="Berättar texten om rätten, och får den som nekas veta varför och var man klagar?",
            en="Does the text tell of the right, and do those refused learn why and where to complain?",
        ),
        reference="report",
        promises=("P001", "P117", "P149", "P150"),
        own=_information,
    ),
    Problem(
        id="exceptions",
        title=Text(sv="Undantagen används för brett", en="Exceptions are used too widely"),
        asks=Text(
            sv="Hålls något kvar utan en namngiven lag, ett avtal eller ett ärende, och en dag då det går?",
            en="Is anything kept without a named statute, a contract or a case, and a day when it goes?",
        ),
        reference="report",
        promises=("P118", "P119", "P120", "P139"),
        own=_exceptions,
    ),
    Problem(
        id="retention",
        title=Text(sv="Gallringstider är oklara", en="Retention periods are unclear"),
        asks=Text(
            sv="Har varje ändamål en tid som kan räknas ut, och är det som har haft sin tid borta?",
            en="Does each purpose have a period that can be computed, and is what has had its time gone?",
        ),
        reference="report",
        promises=("P134", "P135", "P137"),
        own=_retention,
    ),
    Problem(
        id="backups",
        title=Text(sv="Säkerhetskopior glöms", en="Backups are forgotten"),
        asks=Text(
            sv="Kan en återläst säkerhetskopia ta tillbaka den som är raderad?",
            en="Can a restored backup bring an erased person back?",
        ),
        reference="report",
        promises=(),
        own=_backups,
    ),
    Problem(
        id="anonymisation",
        title=Text(sv="Avidentifiering i stället för radering", en="Anonymisation in place of erasure"),
        asks=Text(
            sv="Kan den som kallas avidentifierad ändå kännas igen?",
            en="Can somebody who is called anonymous be known again all the same?",
        ),
        reference="report",
        promises=("P112",),
        own=_anonymised,
    ),
)
"""The seven, in the order of the report as it is told."""
