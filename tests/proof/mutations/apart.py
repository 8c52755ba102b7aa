"""Breaks in what was told, when and where; and of promises that this company does not make, each judged by
itself in its world. How to add one stands in `breaks`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from lofte.ledger.kinds import Kind as K
from lofte.proof.records import Check, Evidence
from lofte.proof.report import Judging
from tests.proof.mutations.breaks import CORRECTED, Break, policy_says
from tests.proof.mutations.world import counted, said, seen, with_policy, without


def _unread(j: Judging) -> Judging:
    """As if somebody had written a month ago, and nobody had looked."""
    number = max(e.entry or 0 for e in j.evidence) + 1
    at = j.moment - timedelta(days=40)
    taken = Evidence(kind=K.MAIL_TAKEN, at=at, entry=number, object="f" * 32, facts={"outcome": "held"})
    return replace(j, evidence=(*j.evidence, taken))


TOLD = [
    Break("the agreement that is offered is gone", "P035 P036", lambda j: with_policy(j, documents=[])),
    Break("a kind of data without a source", "P015", lambda j: said(j, Check.SOURCES, unsourced="contact")),
    Break(
        "a source from which nothing comes",
        "P016 P017",
        lambda j: said(j, Check.SOURCES, idle_sources="logs"),
    ),
    Break("a form asks for what is held nowhere", "P018", lambda j: said(j, Check.SOURCES, unheld="name")),
    Break(
        "a recipient abroad without a safeguard",
        "P088",
        policy_says("recipients.registry_abroad.safeguard", None),
    ),
    Break(
        "what was changed by the portal is not changed everywhere",
        "P102 P103",
        lambda j: without(
            said(j, K.REQUEST_RECEIVED, CORRECTED, channel="portal"), K.RECTIFICATION_DONE, CORRECTED
        ),
    ),
    Break("a message that nobody looked at for a month", "P114 P145", _unread),
    Break("a published version was changed afterwards", "P140", lambda j: said(j, Check.VERSIONS, changed=1)),
    Break("a version is gone from the archive", "P144", lambda j: said(j, Check.VERSIONS, versions=0)),
    Break(
        "an invoice past the seventh year",
        "P043 P134 P135 P136 P137",
        lambda j: counted(j, Check.RETENTION, {"rule": "accounting"}, past=1),
    ),
]


@dataclass(frozen=True)
class Alone:
    """One thing broken, and one promise that this company does not make."""

    what: str
    turns: str
    how: Callable[[Judging], Judging]
    path: str = "purposes.deliver"


ALONE: tuple[Alone, ...] = (
    Alone(
        "data about visitors without a purpose", "P050", lambda j: counted(j, Check.PURPOSE, {}, untagged=1)
    ),
    Alone("a purpose that is not explained", "P051", policy_says("purposes.deliver.text", None)),
    Alone(
        "a supplier gets more than it looks for", "P067", lambda j: counted(j, Check.RECIPIENT, {}, apart=1)
    ),
    Alone("more people than need it get it", "P073", lambda j: counted(j, Check.RECIPIENT, {}, apart=1)),
    Alone(
        "who measures is not bound",
        "P082",
        lambda j: counted(j, Check.PROCESSOR, {}, instructed=0),
        "recipients.datacentre",
    ),
    Alone(
        "the register says no kind of work",
        "P085",
        lambda j: said(j, Check.PROCESSOR, **{"kind": ""}),
        "recipients.datacentre",
    ),
    Alone(
        "nobody knows whom they engage",
        "P086",
        lambda j: counted(j, Check.PROCESSOR, {}, chain=0),
        "recipients.datacentre",
    ),
    Alone(
        "no safeguard abroad", "P089", policy_says("recipients.registry_abroad.safeguard", None), "recipients"
    ),
    Alone(
        "a column in use without a decision", "P094", lambda j: seen(j, Check.MAP, errors=1, gaps=1, live=1)
    ),
)
