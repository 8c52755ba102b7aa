"""The faults a policy can have, listed for people; the reference page is made from this."""

from __future__ import annotations

from dataclasses import dataclass

from lofte.fault import Severity
from lofte.law import packs
from lofte.policy.checks.rule import Check
from lofte.policy.tree import MAX_BYTES, MAX_DEPTH, MAX_NODES


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """A number, how much it matters, where it stands in law, and what it demands."""

    number: str
    severity: Severity
    article: str
    demands: str


_READING = (
    ("P001", "The file is YAML 1.2 in UTF-8, one document."),
    ("P002", f"The file is at most {MAX_BYTES:,} bytes."),
    ("P003", f"The document is at most {MAX_DEPTH} levels deep."),
    ("P004", f"The document has at most {MAX_NODES:,} keys and values."),
    ("P005", "There are no aliases, anchors or tags."),
    ("P006", "A key stands once."),
    ("P007", "Every key is one the document has."),
    ("P008", "Every key that must be there is there."),
    ("P009", "Every value is of the kind asked for, written as that kind."),
)
_ELSEWHERE = (
    ("P160", "A period is written in ISO 8601: years, months, weeks, days. Told at the check it belongs to."),
    ("P198", "A waiver waives something."),
    ("P199", "A waiver has a reason."),
)

_OF_PACKS = (
    (packs.STALE, "Somebody has looked at the rules of the law lately: `lofte law`.", Severity.WARNING),
    (packs.UNKNOWN, "`law.yaml` turns on packs of rules that exist.", Severity.ERROR),
    ("P186", "Every address that the policy names answers: `lofte check --links`.", Severity.WARNING),
)


def listed(checks: tuple[Check, ...]) -> tuple[Demand, ...]:
    """Every number, in order: those of reading, of the checks, and of waivers."""
    own = [_own(number, demands) for number, demands in (*_READING, *_ELSEWHERE)]
    own += [_own(number, demands, severity) for number, demands, severity in _OF_PACKS]
    judged = [
        Demand(number=c.number, severity=c.severity, article=c.article, demands=c.demands) for c in checks
    ]
    return tuple(sorted((*own, *judged), key=lambda demand: demand.number))


def page(demands: tuple[Demand, ...]) -> str:
    """The reference page, `docs/reference/faults-policy.md`."""
    rows = [f"| {d.number} | {d.severity} | {d.demands} | {d.article} |" for d in demands]
    return "\n".join([_HEAD, *rows, ""])


def _own(number: str, demands: str, severity: Severity = Severity.ERROR) -> Demand:
    return Demand(number=number, severity=severity, article="", demands=demands)


_HEAD = """# Faults of a policy

An *error* stops publishing and execution; a *warning* and a *note* are told. A fault may be
accepted under `waivers` with its number, a reason and, if wanted, a path; it is then a note.
Faults of reading (P001 to P009) and of waivers cannot be waived.

This page is made from the code by `lofte.policy.checks.catalogue`.

| number | severity | what it demands | law |
|---|---|---|---|"""
