"""The proof as one document: every promise, what was found, on which evidence, and its ties (art. 5.2).

* The findings are computed here, from the evidence; no finding can be handed in.
* Whoever shows a proof (page, PDF, console, portal) shows this document and adds nothing.
* It holds counts, days and ids; never anybody's data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from lofte.law.calendar import civil_date
from lofte.policy.digest import digest
from lofte.policy.document import Language, Policy, Text
from lofte.proof.areas import area
from lofte.proof.asked import asked, counted
from lofte.proof.erasure_chapter import Standing, chapter
from lofte.proof.evaluate import evaluate
from lofte.proof.records import Evidence, Finding, Line

FORMAT, VERSION = "lofte-proof", 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Judging:
    """What a proof is made from."""

    policy: Policy
    """The version that held on the day."""
    map_digest: str
    on: date
    """The day that is judged."""
    moment: datetime
    """The moment that time limits run to: now, or the end of a day that is past."""
    made_at: datetime
    evidence: tuple[Evidence, ...]
    looked: bool
    """Whether the live systems were looked into; for a past day, whether a proof of then had."""
    published: bool = True
    """Whether this version was in force; else it is only what the workspace says."""
    forgotten: int = 0
    """Entries until then whose records have been erased since, and say nothing more."""
    checkpoint: str = ""
    key: str = ""
    """The ledger as it was signed when the proof was made, and the key that checks it."""

    @property
    def past(self) -> bool:
        """Whether the day is over."""
        return self.on < civil_date(self.made_at)


def found(judging: Judging) -> dict[Language, tuple[Line, ...]]:
    """What the evidence says of each promise, in each language of the policy."""
    return {
        language: evaluate(judging.policy, judging.evidence, judging.moment, language)
        for language in judging.policy.meta.languages
    }


def document(judging: Judging) -> dict[str, Any]:
    """The proof as plain data, unsigned."""
    lines = found(judging)
    first = next(iter(lines.values()))
    checks = [e for e in judging.evidence if e.entry is None]
    numbers = {id(check): n for n, check in enumerate(checks, 1)}
    meta, who = judging.policy.meta, judging.policy.controller
    promises = [_promise(together, lines, numbers) for together in zip(*lines.values(), strict=True)]
    return {
        "format": FORMAT,
        "version": VERSION,
        "company": {"name": who.legal_name, "number": who.org_no or ""},
        "made_at": _moment(judging.made_at),
        "on": judging.on.isoformat(),
        "past": judging.past,
        "looked": judging.looked,
        "policy": {
            "id": meta.id,
            "version": meta.version,
            "effective_from": meta.effective_from.isoformat(),
            "published": judging.published,
            "sha256": digest(judging.policy),
            "languages": list(meta.languages),
        },
        "map": {"sha256": judging.map_digest},
        "counts": counts(promises),
        "promises": promises,
        "checks": [_check(n, check) for n, check in enumerate(checks, 1)],
        "erasure": [_standing(each) for each in chapter(first, judging.evidence)],
        "ledger": {
            "weighed_to": max((e.entry or 0 for e in judging.evidence), default=0),
            "weighed": sum(1 for e in judging.evidence if e.entry is not None),
            "forgotten": judging.forgotten,
            "checkpoint": judging.checkpoint,
            "key": judging.key,
        },
    }


def shown(promise: Mapping[str, Any]) -> Finding:
    """The finding as it is counted: *not built* when it is unproven for want of a part of Löfte."""
    finding = Finding(promise["finding"])
    return Finding.NOT_BUILT if finding is Finding.UNPROVEN and promise["missing"] else finding


def counts(promises: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many promises have each finding, as it is shown."""
    counted_ = Counter(shown(promise) for promise in promises)
    return {finding.value: counted_[finding] for finding in Finding}


def only(whole: Mapping[str, Any], ids: Sequence[str]) -> dict[str, Any]:
    """The same proof with these promises alone, and the checks behind them; unsigned. It says of how many, so
    that nobody takes a choice for the whole."""
    promises = [promise for promise in whole["promises"] if promise["promise"] in ids]
    behind = {n for promise in promises for n in promise["checks"]}
    checks = [check for check in whole["checks"] if check["n"] in behind]
    chosen = {"promises": promises, "checks": checks, "counts": counts(promises), "erasure": []}
    return {**whole, **chosen, "of": len(whole["promises"])}


def as_evidence(whole: Mapping[str, Any]) -> Iterator[Evidence]:
    """The live checks that stand in a proof, as the evidence they were."""
    for check in whole["checks"]:
        yield Evidence(
            kind=check["check"],
            at=datetime.fromisoformat(check["at"]),
            object=check["object"],
            policy_version=check["policy_version"],
            facts=check["facts"],
        )


def _promise(
    together: Sequence[Line], languages: Iterable[Language], numbers: Mapping[int, int]
) -> dict[str, Any]:
    line = together[0]
    said = {language: each.promise.sentence for language, each in zip(languages, together, strict=True)}
    return {
        "promise": line.promise.id,
        "area": area(line.promise.id),
        "article": line.promise.article,
        "field": line.promise.path,
        "sentence": said,
        "finding": line.finding.value,
        "missing": _both(line.missing),
        "reason": _both(line.reason),
        "mend": _both(line.mend),
        "entries": list(ranges(line.entries)),
        "checks": sorted(numbers[id(check)] for check in line.checks if id(check) in numbers),
        "newest": _moment(line.as_of) if line.as_of else None,
    }


def ranges(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Numbers in order, as runs: first and last of each."""
    first = last = 0
    for number in numbers:
        if first and number != last + 1:
            yield [first, last]
            first = 0
        first, last = first or number, number
    if first:
        yield [first, last]


def _check(n: int, check: Evidence) -> dict[str, Any]:
    return {
        "n": n,
        "check": str(check.kind),
        "at": check.at.astimezone(UTC).isoformat(),
        "object": check.object,
        "policy_version": check.policy_version,
        "asked": _both(asked(check)),
        "counted": _both(counted(check)),
        "facts": dict(check.facts),
    }


def _standing(each: Standing) -> dict[str, Any]:
    problem = each.problem
    return {
        "id": problem.id,
        "title": _both(problem.title),
        "asks": _both(problem.asks),
        "reference": problem.reference,
        "finding": each.finding.value,
        "reason": _both(each.reason),
        "promises": [{"promise": id_, "finding": finding.value} for id_, finding in each.promises],
        "counts": dict(each.counts),
    }


def _both(text: Text | None) -> dict[str, str] | None:
    return {language: text.say(language) for language in ("sv", "en")} if text else None


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
