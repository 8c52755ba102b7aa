"""Who gets data outside the EEA, and what protects them there (art. 44-49)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lofte.fault import Severity
from lofte.law.adequacy import CHECKED_ON, STALE_AFTER_DAYS, certified, inside_eea, outdated, safeguarded
from lofte.policy.checks.rule import Finding, dated_rule, found, rule
from lofte.policy.document import Policy, Recipient


@rule("P140", "art. 44, 46")
def transfer_has_safeguard(policy: Policy) -> Iterator[Finding]:
    """A recipient outside the EEA has a safeguard."""
    for id_, recipient in policy.recipients.items():
        outside = _outside(recipient)
        if outside and recipient.safeguard is None:
            what = f"`{id_}` is in {', '.join(outside)}, outside the EEA, without a safeguard"
            yield found(
                ("recipients", id_, "safeguard"), what, "add one: adequacy, dpf, scc, bcr or derogation"
            )


@rule("P141", "art. 13.1 f")
def transfer_is_told(policy: Policy) -> Iterator[Finding]:
    """Where data stay in the EEA as a rule, each recipient outside it is a declared exception."""
    if policy.transfers.default != "eea_only":
        return
    for id_, recipient in policy.recipients.items():
        outside = _outside(recipient)
        if outside and id_ not in policy.transfers.exceptions:
            what = f"`{id_}` is in {', '.join(outside)}, but data are promised to stay in the EEA"
            yield found(("recipients", id_, "country"), what, f"add `{id_}` to `transfers.exceptions`")


@dated_rule("P142", "art. 45")
def adequacy_is_in_force(policy: Policy, on: date) -> Iterator[Finding]:
    """A safeguard that rests on a decision of adequacy rests on one in force."""
    for id_, recipient in policy.recipients.items():
        kind = recipient.safeguard.kind if recipient.safeguard else None
        for country in _outside(recipient):
            path = ("recipients", id_, "safeguard", "kind")
            if kind == "adequacy" and not safeguarded(country, on):
                what = f"there is no decision of adequacy for {country} on {on}"
                yield found(path, what, "use another safeguard, such as `scc`")
            elif kind == "dpf" and not certified(country, on):
                what = f"the Data Privacy Framework does not cover {country} on {on}"
                yield found(path, what, "use another safeguard, such as `scc`")


@dated_rule("P143", "art. 45.3-5", Severity.WARNING)
def adequacy_is_looked_up(policy: Policy, on: date) -> Iterator[Finding]:
    """What rests on decisions of adequacy is checked against a table that is not too old."""
    if not outdated(on):
        return
    for id_, recipient in policy.recipients.items():
        if recipient.safeguard and recipient.safeguard.kind in ("adequacy", "dpf"):
            what = f"the table was checked on {CHECKED_ON}, more than {STALE_AFTER_DAYS} days before {on}"
            yield found(
                ("recipients", id_, "safeguard", "kind"),
                what,
                "see that the decision stands, and upgrade Löfte",
            )


@rule("P144", "art. 46.2 c", Severity.WARNING)
def clauses_are_named(policy: Policy) -> Iterator[Finding]:
    """Standard clauses are named by decision and module, and a copy can be had."""
    for id_, recipient in policy.recipients.items():
        guard = recipient.safeguard
        if guard and guard.kind == "scc" and not (guard.ref and guard.module and guard.copy_):
            what = f"the standard clauses with `{id_}` are not fully told"
            yield found(("recipients", id_, "safeguard"), what, "write `ref: 2021/914`, `module` and `copy`")


@rule("P145", "art. 13.1 f", Severity.WARNING)
def exceptions_are_needed(policy: Policy) -> Iterator[Finding]:
    """An exception is a recipient outside the EEA."""
    for index, id_ in enumerate(policy.transfers.exceptions):
        recipient = policy.recipients.get(id_)
        if recipient and not _outside(recipient):
            what = f"`{id_}` is an exception, but is not outside the EEA"
            yield found(("transfers", "exceptions", index), what, "take it away, or write its `country`")


def _outside(recipient: Recipient) -> list[str]:
    return [country for country in recipient.country if not inside_eea(country)]


CHECKS = (
    transfer_has_safeguard,
    transfer_is_told,
    adequacy_is_in_force,
    adequacy_is_looked_up,
    clauses_are_named,
    exceptions_are_needed,
)
