"""Looking at the addresses that the policy names, and noting in the ledger what was found (P004, P039)."""

from __future__ import annotations

import secrets
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from lofte.execution.house import House
from lofte.fault import Fault
from lofte.policy.digest import digest
from lofte.policy.links import Fetch, dead, links
from lofte.site.workspace import Workspace

PATIENCE = 10
"""Seconds."""
_ASKED_OTHERWISE = (403, 405, 501)
"""Servers that do not like HEAD answer so."""


def over_http(url: str) -> int | None:
    """Ask an address without fetching it; one that does not know HEAD is asked once more."""
    for method in ("HEAD", "GET"):
        asked = Request(url, method=method, headers={"User-Agent": "lofte-link-check"})  # noqa: S310
        try:
            with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
                return int(answer.status)
        except HTTPError as error:
            if method == "HEAD" and error.code in _ASKED_OTHERWISE:
                continue
            return error.code
        except (OSError, HTTPException, ValueError):
            return None
    return None


def looked(workspace: Workspace, fetch: Fetch) -> tuple[Fault, ...]:
    """The addresses that lead nowhere, at their lines."""
    if workspace.policy is None:
        return ()
    return tuple(f.at(workspace.reading.place(f.place.path)) for f in dead(workspace.policy, fetch))


def noted(house: House, faults: tuple[Fault, ...]) -> None:
    """Note how many addresses were looked at and how many are dead. Raises LedgerClosed."""
    from lofte.execution.book import note, recorded
    from lofte.ledger.kinds import Kind, Value

    facts: dict[str, Value] = {
        "digest": digest(house.policy),
        "checked": len(links(house.policy)),
        "dead": len(faults),
    }
    with recorded(house):
        note(
            Kind.LINKS_CHECKED,
            secrets.token_hex(16),
            facts,
            at=house.now,
            policy_version=house.policy_version,
        )
