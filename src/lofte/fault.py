"""A fault: something a person wrote that will not do, said so that it can be mended.

Faults are values. They are collected and shown all at once; they are never raised.
Number ranges: P policy, M data map, R requests, C consent, T retention, G registers,
L ledger, X connectors, I intake, N a policy in prose, E imported files. A number is given once and never used
again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How much a fault matters: an error stops publishing and execution."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in what a person wrote: file, line and column counted from 1 (0 = unknown),
    and the path of keys in the document (`purposes.invoice.legal_basis`)."""

    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        head = self.file
        if self.line:
            head += f":{self.line}:{self.column}" if head else f"{self.line}:{self.column}"
        return f"{head} ({self.path})" if head and self.path else head or self.path


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Number, place, what is wrong, and how to mend it."""

    number: str
    place: Place
    what: str
    mend: str
    severity: Severity = Severity.ERROR

    def at(self, place: Place) -> Fault:
        """The same fault, at a place that is better known."""
        return replace(self, place=place)

    def __str__(self) -> str:
        return f"{self.place}: {self.number} {self.what}. {self.mend}"


def errors(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Those that stop publishing and execution."""
    return tuple(f for f in faults if f.severity is Severity.ERROR)
