"""What a proof is made of: evidence in, findings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from lofte.fault import Fault, Severity
from lofte.law.calendar import civil_date
from lofte.ledger.entry import Entry
from lofte.ledger.kinds import Value
from lofte.policy.document import Language, Policy, Text
from lofte.policy.notice.records import Notice
from lofte.policy.promises import Promise


class Finding(StrEnum):
    """What the evidence says of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    UNPROVEN = "unproven"
    """It could be shown, but the evidence is not there."""
    NOT_BUILT = "not_built"
    """Unproven because a part of Löfte is missing: what such a promise is counted as (`Line.counted`), and
    never a finding by itself."""


class Check(StrEnum):
    """Live checks, which are evidence beside the ledger."""

    MAP = "check.map"
    """The data map judged against policy and live catalogues: `errors`, `gaps`, `live`."""
    PACK = "check.pack"
    """A pack of the law that the proof is judged by: its `version`, its `age` in days, if it is `stale`."""
    COLUMNS = "check.columns"
    """Live columns of one `category`: `columns`, `items` that are told, `empty` items without a column,
    `given` to who asks, `numbers` of customers, `undecided` and `untold` columns; `silent` systems."""
    ITEM = "check.item"
    """Live columns of one `item` of a `category`: `columns`."""
    PURPOSE = "check.purpose"
    """Live datasets of one `purpose`: `datasets`, `outside` columns that no purpose of theirs uses; and
    `untagged` datasets of no purpose that is told, `silent` systems."""
    RECIPIENT = "check.recipient"
    """Live datasets whose rows one `recipient` got: `datasets`, `apart` (none of its data are told to go
    there), `unserved` (no purpose names it), whether it is `listed`; `silent` systems."""
    PROCESSOR = "check.processor"
    """One `recipient` that is a processor, by the register: `registered`, `agreed` today, `clauses` that
    lack, `instructed`, `confidential`, `kind`, `elsewhere` (another country), `chain`."""
    PLACE = "check.place"
    """Where one `place` is: its `country`, of which `what` (recipient, processor, system), if `told`."""
    MEASURE = "check.measure"
    """One `measure` of security: what was looked at (`total`), and what is `wrong`."""
    DOOR = "check.door"
    """One way to reach the company: its `channel`, whether it is `open`."""
    CHOICES = "check.choices"
    """What visitors chose about cookies: `records`, and `flaws` where they are not as they were recorded."""
    GROUP = "check.group"
    """One group of `subjects`: live `datasets` in which its people are found."""
    VERSIONS = "check.versions"
    """The archive: `versions` that were published, of them `changed` since, and `unreadable`."""
    ANNOUNCED = "check.announced"
    """The telling of one major change (`object`): letters `written`, `waiting`, `left`, `failed`; people with
    a `protected` identity, whether they got their letters (`posted`); the promised `lead_time`."""
    FORWARDING = "check.forwarding"
    """Rows of datasets where the company is only processor: `given`, `forwarded`."""
    KEPT = "check.kept"
    """What erasures have kept: `law_rows`, `law_without_end`, `contract_rows`; and the holds that are in
    force: `holds`, `holds_overdue`."""
    PRESENTED = "check.presented"
    """How many times a text was shown: `digest` of the version, `form` (empty = the whole notice),
    `language`, `times`, and the day of the `last`."""
    SOURCES = "check.sources"
    """Forms, sources and columns beside each other, as `proof.forms.compared` counts them."""
    RETENTION = "check.retention"
    """Rows of one dataset under one rule, counted by other code than the sweep: `rows`, `past` (should be
    gone), `excused` (the last sweep let them be, with reason), `unknown` (no known end)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One thing that was noted or checked. Counts, dates and ids; never anybody's data."""

    kind: str
    """A kind of the ledger, or a `Check`."""
    at: datetime
    entry: int | None = None
    """The number of the ledger entry; none for a live check."""
    object: str = ""
    """The random id of the request or version that it is about."""
    policy_version: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)

    def count(self, name: str) -> int | None:
        """A counted fact, or None where nothing was counted."""
        value = self.facts.get(name)
        return value if isinstance(value, int) else None


def noted(entry: Entry, payload: Mapping[str, Value]) -> Evidence:
    """An entry of the ledger and the payload its commitment opens to, as evidence."""
    return Evidence(
        kind=entry.kind,
        at=entry.at,
        entry=entry.seq,
        object=entry.object,
        policy_version=entry.policy_version,
        facts=dict(payload),
    )


def map_checked(faults: Iterable[Fault], at: datetime, policy_version: str, *, live: bool) -> Evidence:
    """What the checks of map, policy and (when `live`) catalogues found, as evidence."""
    errors = [fault for fault in faults if fault.severity is Severity.ERROR]
    gaps = sum(1 for fault in errors if fault.number.startswith(("M1", "M2")))
    facts = {"errors": len(errors), "gaps": gaps, "live": int(live)}
    return Evidence(kind=Check.MAP, at=at, policy_version=policy_version, facts=facts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What an evaluator judges: one promise, the policy in force, and all evidence."""

    promise: Promise
    policy: Policy
    evidence: tuple[Evidence, ...]
    now: datetime
    texts: Mapping[Language, Notice]
    """The published text in each of the policy's languages."""

    @property
    def today(self) -> date:
        """The civil date; time limits run by it."""
        return civil_date(self.now)

    def of(self, kind: str) -> Iterator[Evidence]:
        """The evidence of one kind, oldest first."""
        return (e for e in self.evidence if e.kind == kind)

    def called(self, recipient: object) -> str:
        """What a recipient is called: its name, else its id."""
        found = self.policy.recipients.get(str(recipient))
        return (found.name if found else None) or str(recipient)

    def last(self, kind: str) -> Evidence | None:
        """The newest evidence of one kind."""
        return next((e for e in reversed(self.evidence) if e.kind == kind), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What an evaluator found, why, on which evidence, and what would mend it."""

    finding: Finding
    reason: Text
    evidence: tuple[Evidence, ...] = ()
    mend: Text | None = None
    missing: Text | None = None
    """The part of Löfte that would show it and does not exist yet; only of what is unproven."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One promise in the proof: the sentence people read, and whether it is kept."""

    promise: Promise
    finding: Finding
    reason: Text
    entries: tuple[int, ...]
    """Numbers of the ledger entries that were weighed."""
    as_of: datetime | None
    """When the newest of the evidence was made."""
    mend: Text | None
    checks: tuple[Evidence, ...] = ()
    """The live checks that were weighed."""
    missing: Text | None = None
    """The part of Löfte that this promise waits for, when it is unproven for want of it."""

    @property
    def counted(self) -> Finding:
        """The finding; of what is unproven, those that wait for a part of Löfte are counted by themselves."""
        return Finding.NOT_BUILT if self.missing else self.finding


def kept(sv: str, en: str, *evidence: Evidence) -> Verdict:
    """The promise is kept, on this evidence."""
    return Verdict(finding=Finding.KEPT, reason=Text(sv=sv, en=en), evidence=evidence)


def broken(reason: Text, mend: Text, *evidence: Evidence) -> Verdict:
    """The promise is broken, on this evidence."""
    return Verdict(finding=Finding.BROKEN, reason=reason, evidence=evidence, mend=mend)


def unproven(reason: Text, mend: Text | None = None, *evidence: Evidence) -> Verdict:
    """Nothing says that the promise is broken, but nothing shows that it is kept."""
    return Verdict(finding=Finding.UNPROVEN, reason=reason, evidence=evidence, mend=mend)


def lacking(part: Text, seen: Text | None = None, *evidence: Evidence) -> Verdict:
    """Unproven, for the part of Löfte that would show it does not exist yet; `seen` says what was looked
    at all the same."""
    reason = Text(sv=f"Saknas i Löfte än: {part.sv}.", en=f"Not yet in Löfte: {part.en}.")
    if seen:
        reason = Text(sv=f"{seen.sv} {reason.sv}", en=f"{seen.en} {reason.en}")
    return Verdict(finding=Finding.UNPROVEN, reason=reason, evidence=evidence, missing=part)
