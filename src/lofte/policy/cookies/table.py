"""A draft of the cookie table, from what was seen of a site. What nobody can see is marked with `?`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from lofte.policy.cookies.seen import Seen, State
from lofte.policy.cookies.well_known import matches, proposed
from lofte.policy.document import Cookie, Policy

UNKNOWN = "?"


def table(seen: Seen, policy: Policy) -> str:
    """`cookies.table` in YAML: the rows that the policy has, and one for each thing that it does not tell of.
    Purposes and providers of new rows are proposals, and say so."""
    terms = policy.cookies
    rows = terms.table if terms and isinstance(terms.table, tuple) else ()
    lines = ["cookies:", "  consent: prior_opt_in", "  table:"]
    lines += [f"    - {_written(row)}" for row in rows]
    longest: dict[str, float | None] = {}
    for each in seen.stored:
        days = None if each.kind in ("session", "cookie") and each.days is None else each.days or 365
        longest[each.name] = max(longest.get(each.name) or 0, days or 0) or None
    before = {each.name for each in seen.kept(State.BEFORE)}
    ours = policy.controller.trade_name or policy.controller.legal_name or UNKNOWN
    for name, days in longest.items():
        if any(matches(row.name, name) for row in rows):
            continue
        known = proposed(name)
        kind, who = known or (UNKNOWN, UNKNOWN)
        row = {
            "name": name,
            "purpose": kind,
            "provider": (who or ours) if known else UNKNOWN,
            "lifetime": f"P{max(1, round(days))}D" if days else "session",
        }
        why = "proposed: usual for this name" if known else "say what it is for and who sets it"
        when = "; it is set before any choice" if name in before else ""
        lines.append(f"    - {_flow(row)}  # {why}{when}")
    return "\n".join(lines) + "\n"


def _written(row: Cookie) -> str:
    made = {"name": row.name, "purpose": row.purpose, "provider": row.provider, "lifetime": row.lifetime}
    text = row.text.model_dump(exclude_none=True) if row.text else None
    return _flow({**made, "text": text} if text else made)


def _flow(row: Mapping[str, object]) -> str:
    """JSON is YAML; this is on one line."""
    return json.dumps(row, ensure_ascii=False)
