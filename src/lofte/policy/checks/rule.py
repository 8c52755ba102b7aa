"""What a check is: a number, an article, one sentence of what it demands, and how it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from lofte.fault import Fault, Place, Severity
from lofte.policy import keypath
from lofte.policy.document import Policy
from lofte.policy.keypath import Segment


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One breach of a check: at which keys, what is wrong, and how to mend it."""

    path: str
    what: str
    mend: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A rule of the policy that needs no database. Called with a policy it tells its faults."""

    number: str
    article: str
    severity: Severity
    demands: str
    find: Callable[[Policy, date], Iterator[Finding]]

    def __call__(self, policy: Policy, on: date | None = None) -> Iterator[Fault]:
        """The faults of this check, judged for a day (else the day the policy takes force)."""
        for finding in self.find(policy, on or policy.meta.effective_from):
            yield Fault(
                number=self.number,
                place=Place(path=finding.path),
                what=finding.what,
                mend=f"{finding.mend[0].upper()}{finding.mend[1:]} ({self.article})",
                severity=self.severity,
            )


def rule(
    number: str, article: str, severity: Severity = Severity.ERROR
) -> Callable[[Callable[[Policy], Iterator[Finding]]], Check]:
    """Make a check of a function; its docstring says what is demanded."""

    def make(find: Callable[[Policy], Iterator[Finding]]) -> Check:
        return Check(
            number=number,
            article=article,
            severity=severity,
            demands=_said(find.__doc__),
            find=lambda policy, on: find(policy),
        )

    return make


def dated_rule(
    number: str, article: str, severity: Severity = Severity.ERROR
) -> Callable[[Callable[[Policy, date], Iterator[Finding]]], Check]:
    """Make a check of a function that also needs the day."""

    def make(find: Callable[[Policy, date], Iterator[Finding]]) -> Check:
        return Check(
            number=number, article=article, severity=severity, demands=_said(find.__doc__), find=find
        )

    return make


def found(path: tuple[Segment, ...], what: str, mend: str) -> Finding:
    """A finding at a path of keys."""
    return Finding(path=keypath.join(path), what=what, mend=mend)


def _said(doc: str | None) -> str:
    return " ".join((doc or "").split())
