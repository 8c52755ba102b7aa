"""Somebody has seen what a rule would do the first time, and lets it (art. 5.2, 24)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind
from lofte.retention.ahead import Task, approved
from lofte.retention.models import Approval


def approve(house: House, tasks: Iterable[Task], *, by: str) -> tuple[Approval, ...]:
    """Let these be done from now on. What is approved already stays as it is. Raises Refused when nobody
    says who approves."""
    if not by:
        raise Refused("say who approves it: --by with the e-mail address of a handler who may approve")
    made = []
    with recorded(house):
        for task in tasks:
            if approved(task) is not None:
                continue
            approval = Approval.objects.create(
                ref=secrets.token_hex(16),
                system=task.system,
                dataset=task.dataset,
                fate=task.fate,
                digest=task.digest,
                rows=task.rows,
                by=by,
                at=house.now,
            )
            note(
                Kind.SWEEP_APPROVED,
                approval.ref,
                {
                    "system": task.system,
                    "dataset": task.dataset,
                    "fate": task.fate.value,
                    "rows": task.rows,
                    "digest": task.digest,
                    "by": by,
                },
                at=house.now,
                policy_version=house.policy_version,
            )
            made.append(approval)
    return tuple(made)
