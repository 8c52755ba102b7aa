"""Judging every promise, kept as it was found (art. 5.2): asked for, made by the server, and read by anybody.

Hard rules:
- A finding is computed and never set by hand; what is kept is what was computed.
- A proof is of one moment; whoever shows it says how old it is.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lofte.execution import checkpoints
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.notices.models import ProofRun, PublishedPolicy
from lofte.policy.document import Language
from lofte.proof.records import Finding, Line

EVERY = timedelta(days=1)
"""How often the house judges itself."""
KEPT = 400
"""Proofs that are kept; the oldest leave."""
_ORDER = (Finding.BROKEN, Finding.UNPROVEN, Finding.NOT_BUILT, Finding.KEPT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A promise and what was found, in one language."""

    id: str
    article: str
    path: str
    sentence: str
    finding: Finding
    reason: str
    mend: str
    entries: tuple[int, ...]
    """Numbers of the ledger's entries that were weighed."""
    as_of: datetime | None
    """When the newest of the evidence was made."""


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


def newest() -> ProofRun | None:
    """The newest proof that is made."""
    return ProofRun.objects.exclude(made_at=None).order_by("-made_at", "-id").first()


def waits() -> bool:
    """Whether one is asked for and not made yet."""
    return ProofRun.objects.filter(made_at=None).exists()


def keep(house: House, lines: Mapping[Language, Sequence[Line]]) -> ProofRun:
    """Keep what was found, in each language, and note it. Raises LedgerClosed."""
    run = ask(house)
    signed = checkpoints.latest(house)
    first = next(iter(lines.values()), ())
    counted = Counter(line.counted.value for line in first)
    with recorded(house):
        run.made_at, run.version = house.now, house.policy_version
        run.lines = _plain(lines)
        run.checkpoint = signed.note if signed else ""
        run.save()
        note(
            Kind.PROOF_MADE,
            run.ref,
            {finding.value: counted[finding.value] for finding in Finding},
            at=house.now,
            policy_version=house.policy_version,
        )
        old = ProofRun.objects.exclude(made_at=None).order_by("-id").values_list("pk", flat=True)[KEPT:]
        ProofRun.objects.filter(pk__in=list(old)).delete()
    return run


def said(run: ProofRun, language: str) -> tuple[Said, ...]:
    """The promises and findings, the broken ones first; in the nearest language that there is."""
    found = [_said(each, language) for each in run.lines]
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.finding), each.id)))


def counts(run: ProofRun) -> dict[Finding, int]:
    """How many promises have which finding."""
    counted = Counter(each["finding"] for each in run.lines)
    return {finding: counted[finding.value] for finding in Finding}


def _plain(lines: Mapping[Language, Sequence[Line]]) -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = []
    for together in zip(*lines.values(), strict=True):
        line = together[0]
        plain.append(
            {
                "id": line.promise.id,
                "article": line.promise.article,
                "path": line.promise.path,
                "sentence": {
                    language: each.promise.sentence for language, each in zip(lines, together, strict=True)
                },
                "finding": line.counted.value,
                "reason": {language: line.reason.say(language) for language in ("sv", "en")},
                "mend": {language: line.mend.say(language) for language in ("sv", "en")} if line.mend else {},
                "entries": list(line.entries)[:_SHOWN],
                "as_of": line.as_of.isoformat() if line.as_of else None,
            }
        )
    return plain


_SHOWN = 20
"""Entries that are named for one promise; thousands help nobody."""


def _said(each: Mapping[str, Any], language: str) -> Said:
    def speak(texts: Mapping[str, str]) -> str:
        return texts.get(language) or next(iter(texts.values()), "")

    return Said(
        id=each["id"],
        article=each["article"],
        path=each["path"],
        sentence=speak(each["sentence"]),
        finding=Finding(each["finding"]),
        reason=speak(each["reason"]),
        mend=speak(each["mend"]),
        entries=tuple(each["entries"]),
        as_of=datetime.fromisoformat(each["as_of"]) if each["as_of"] else None,
    )
