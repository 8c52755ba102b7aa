"""Judging every promise, kept as it was found (art. 5.2): asked for, made by the server, and read by anybody.

Hard rules:
- A finding is computed and never set by hand; what is kept is the document that was computed and signed, and
  one that has been changed since is shown by nobody (`insist`).
- A proof is of one moment; whoever shows it says how old it is.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lofte.errors import Broken
from lofte.execution import checkpoints
from lofte.execution.book import note, opened_about, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.notices.models import ProofRun, PublishedPolicy
from lofte.proof import report, signing
from lofte.proof.records import Finding

EVERY = timedelta(days=1)
"""How often the house judges itself."""
KEPT = 400
"""Proofs that are kept; the oldest leave."""
_AT_ONCE = timedelta(minutes=1)
"""Between a proof and the entry that notes it."""
_ORDER = (Finding.BROKEN, Finding.UNPROVEN, Finding.NOT_BUILT, Finding.KEPT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A promise and what was found, in one language."""

    id: str
    area: str
    article: str
    path: str
    sentence: str
    finding: Finding
    """As it is counted: *not built* is what is unproven for want of a part of Löfte."""
    reason: str
    mend: str
    entries: str
    """Numbers of the ledger's entries that were weighed: `3, 7-12`."""
    weighed: int
    """How many they are."""
    checks: tuple[Checked, ...]
    as_of: datetime | None
    """When the newest of the evidence was made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A live check, in one language."""

    asked: str
    counted: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One of the recurring problems with erasure, in one language."""

    id: str
    title: str
    asks: str
    finding: Finding
    reason: str
    promises: tuple[str, ...]
    secondary: bool
    """Told by those who have read the report, and by nobody else that we have seen."""


def ask(house: House, *, by: str = "") -> ProofRun:
    """Let the server judge all promises as soon as it can; one that waits already is enough."""
    waiting = ProofRun.objects.filter(made_at=None).first()
    return waiting or ProofRun.objects.create(ref=secrets.token_hex(16), asked_at=house.now, by=by)


def due(now: datetime) -> bool:
    """Whether somebody waits for a proof, or the newest is a day old; never while nothing is published."""
    if ProofRun.objects.filter(made_at=None).exists():
        return True
    newest_ = newest()
    old = newest_ is None or newest_.made_at is None or now - newest_.made_at >= EVERY
    return old and PublishedPolicy.objects.exists()


def newest(until: datetime | None = None) -> ProofRun | None:
    """The newest proof that is made, or that was made by then."""
    made = ProofRun.objects.exclude(made_at=None).order_by("-made_at", "-id")
    run = (made.filter(made_at__lte=until) if until else made).first()
    # One of an earlier version of Löfte has another form; the server makes a new one at once.
    return run if run is not None and isinstance(run.lines, dict) else None


def waits() -> bool:
    """Whether one is asked for and not made yet."""
    return ProofRun.objects.filter(made_at=None).exists()


def keep(house: House, document: Mapping[str, Any]) -> ProofRun:
    """Keep a signed proof of today, and note its counts and digest. Raises LedgerClosed; Broken for one that
    is not as it was signed."""
    if document[signing.SIGNATURE]:
        signing.insist(document, checkpoints.key_line(house))
    run = ask(house)
    with recorded(house):
        run.made_at, run.version = house.now, document["policy"]["version"]
        run.lines = dict(document)
        run.checkpoint = document["ledger"]["checkpoint"]
        run.save()
        payload = {**document["counts"], "digest": _digest(document)}
        note(Kind.PROOF_MADE, run.ref, payload, at=house.now, policy_version=run.version)
        old = ProofRun.objects.exclude(made_at=None).order_by("-id").values_list("pk", flat=True)[KEPT:]
        ProofRun.objects.filter(pk__in=list(old)).delete()
    return run


def holds(house: House, run: ProofRun) -> bool:
    """Whether the proof is the one that was computed, signed and noted at its moment; nobody shows another,
    nor an old one as a new."""
    try:
        noted = list(opened_about(run.ref, [Kind.PROOF_MADE]))
        if run.lines[signing.SIGNATURE]:
            signing.insist(run.lines, checkpoints.key_line(house))
    except Broken:
        return False
    digest = _digest(run.lines)
    return any(
        said is not None
        and said["digest"] == digest
        and run.made_at is not None
        and abs(entry.at - run.made_at) < _AT_ONCE
        for entry, said in noted
    )


def said(run: ProofRun, language: str) -> tuple[Said, ...]:
    """The promises and findings, the broken ones first; in the nearest language that there is."""
    checks = {check["n"]: check for check in run.lines["checks"]}
    found = [_said(each, checks, language) for each in run.lines["promises"]]
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.finding), each.id)))


def problems(run: ProofRun, language: str) -> tuple[Problem, ...]:
    """How the house stands in the recurring problems with erasure."""
    return tuple(
        Problem(
            id=each["id"],
            title=_speak(each["title"], language),
            asks=_speak(each["asks"], language),
            finding=Finding(each["finding"]),
            reason=_speak(each["reason"], language),
            promises=tuple(made["promise"] for made in each["promises"]),
            secondary=each["reference"] != "report",
        )
        for each in run.lines["erasure"]
    )


def counts(run: ProofRun) -> dict[Finding, int]:
    """How many promises have which finding, as they are counted."""
    return {Finding(finding): n for finding, n in run.lines["counts"].items()}


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(signing.canonical(document)).hexdigest()


def _said(each: Mapping[str, Any], checks: Mapping[int, Mapping[str, Any]], language: str) -> Said:
    return Said(
        id=each["promise"],
        area=each["area"],
        article=each["article"],
        path=each["field"],
        sentence=_speak(each["sentence"], language),
        finding=report.shown(each),
        reason=_speak(each["reason"], language),
        mend=_speak(each["mend"], language),
        entries=", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in each["entries"]),
        weighed=sum(b - a + 1 for a, b in each["entries"]),
        checks=tuple(_checked(checks[n], language) for n in each["checks"]),
        as_of=datetime.fromisoformat(each["newest"]) if each["newest"] else None,
    )


def _checked(check: Mapping[str, Any], language: str) -> Checked:
    return Checked(
        asked=_speak(check["asked"], language),
        counted=_speak(check["counted"], language),
        at=datetime.fromisoformat(check["at"]),
    )


def _speak(texts: Mapping[str, str] | None, language: str) -> str:
    return (texts.get(language) or next(iter(texts.values()), "")) if texts else ""
