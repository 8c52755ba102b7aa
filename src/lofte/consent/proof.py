"""Proof of a choice: what was shown, what was chosen, when, how; and what holds now (art. 7.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lofte.consent import chain, shown
from lofte.consent.models import Choice


@dataclass(frozen=True, kw_only=True, slots=True)
class Proven:
    """One choice, with what was shown when it was made."""

    receipt: str
    person: str
    seq: int
    site: str
    version: str
    sha: str
    at: datetime
    body: Mapping[str, Any]
    """`ingest.wire`: action, surface, purposes, vendors, language, path, gpc, the browser's clock."""
    content: Mapping[str, Any] | None
    """All that was shown; None where a no was said to something that we have not kept."""
    hash: str
    holds: bool
    """It is the latest; a later one has not taken its place."""

    @property
    def names(self) -> dict[str, str]:
        """What purposes and vendors were called."""
        return shown.names(self.content) if self.content else {}


def in_force(person: str, choices: Iterable[Choice] | None = None) -> Choice | None:
    """What holds of this browser: the choice with the highest number; of two with the same, the one that
    says yes to less. `choices` are all of the person, where they are at hand."""
    found = Choice.objects.filter(person=person) if choices is None else choices
    return max(found, key=lambda each: (each.seq, -each.yes, each.receipt), default=None)


def proven(receipt: str) -> Proven | None:
    """The choice with this receipt. Raises Broken when what was shown is not what it was."""
    choice = Choice.objects.filter(receipt=receipt).first()
    return None if choice is None else _proven(choice, in_force(choice.person))


def history(person: str) -> tuple[Proven, ...]:
    """Every choice of one browser, the newest first. Raises Broken."""
    found = list(Choice.objects.filter(person=person))
    held = in_force(person, found)
    ordered = sorted(found, key=lambda each: (each.seq, each.at), reverse=True)
    return tuple(_proven(each, held) for each in ordered)


def _proven(choice: Choice, held: Choice | None) -> Proven:
    return Proven(
        receipt=choice.receipt,
        person=choice.person,
        seq=choice.seq,
        site=choice.site,
        version=choice.version,
        sha=choice.shown,
        at=choice.at,
        body=json.loads(choice.body),
        content=shown.content_of(choice.shown),
        hash=chain.digest(choice).hex(),
        holds=held is not None and held.pk == choice.pk,
    )
