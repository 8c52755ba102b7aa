"""Gathering the evidence of every promise: the ledger, our own counts, and a look at the live systems."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lofte.execution.house import House
from lofte.policy.document import Language
from lofte.proof.evaluate import evaluate
from lofte.proof.records import Evidence, Line, map_checked, noted
from lofte.site.judge import judge

if TYPE_CHECKING:
    from lofte.site.workspace import Workspace


def gathered(
    house: House, workspace: Workspace, *, offline: bool, look: Callable[[str], None]
) -> tuple[Evidence, ...]:
    """All that is known. `look` is told which system is being looked into."""
    from lofte.connectors.registry import address
    from lofte.connectors.sql.plainly import PlainReader
    from lofte.execution.book import opened
    from lofte.requests.erasure.kept import counted
    from lofte.retention import past

    faults = judge(workspace, offline=offline, look=look)
    timed = () if offline else past.counted(house, lambda s: PlainReader(s, address(s, workspace.folder)))
    checks = (*counted(house), *timed, map_checked(faults, house.now, house.policy_version, live=not offline))
    # An entry whose record is erased says nothing more.
    entries = [noted(entry, payload) for entry, payload in opened() if payload is not None]
    return (*entries, *checks)


def found(house: House, evidence: tuple[Evidence, ...]) -> dict[Language, tuple[Line, ...]]:
    """What the evidence says of each promise, in each language of the policy."""
    return {
        language: evaluate(house.policy, evidence, house.now, language)
        for language in house.policy.meta.languages
    }
