"""What each live check asks the systems, in words; and what is counted, in words.

A check that is not here is told by its own name, so that none is ever left out of a report.
"""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.document import Text
from lofte.proof.records import Check, Evidence

ASKED: Mapping[str, Text] = {
    Check.MAP: Text(
        sv="Täcker policyn och datakartan varje tabell och kolumn som finns i systemen?",
        en="Do policy and data map cover every table and column that there is in the systems?",
    ),
    Check.FORWARDING: Text(
        sv="Har någon rad lämnats ut som vi bara är biträde för, och hur många har skickats vidare?",
        en="Has any row been given out that we hold only as processor, and how many were passed on?",
    ),
    Check.KEPT: Text(
        sv="Vad har raderingar låtit vara kvar, med vilket stöd, och vilka stopp gäller?",
        en="What have erasures left, on which ground, and which holds are in force?",
    ),
    Check.RETENTION: Text(
        sv="Finns det rader som har passerat sin tid?",
        en="Are there rows that are past their time?",
    ),
    Check.PACK: Text(
        sv="Vilka regler ur lagen är proven gjorda efter, och hur länge sedan är det någon såg över dem?",
        en="By which rules of the law were the checks made, and how long ago did somebody look at them?",
    ),
}
"""Kind of check -> the question it asks."""

COUNTED: Mapping[str, Text] = {
    "dataset": Text(sv="datamängd", en="dataset"),
    "rule": Text(sv="gallringsregel", en="retention rule"),
    "rows": Text(sv="rader", en="rows"),
    "past": Text(sv="har passerat sin tid", en="past their time"),
    "excused": Text(sv="kvar med skäl", en="left with reason"),
    "unknown": Text(sv="utan känt slut", en="without a known end"),
    "errors": Text(sv="fel", en="faults"),
    "gaps": Text(sv="luckor", en="gaps"),
    "live": Text(sv="mot levande system (1 = ja)", en="against live systems (1 = yes)"),
    "given": Text(sv="utlämnade", en="given out"),
    "forwarded": Text(sv="skickade vidare", en="passed on"),
    "law_rows": Text(sv="rader kvar för en lag", en="rows kept for a law"),
    "law_without_end": Text(sv="av dem utan slutdag", en="of them without an end"),
    "contract_rows": Text(sv="rader kvar för avtal", en="rows kept for contracts"),
    "holds": Text(sv="gallringsstopp", en="holds"),
    "version": Text(sv="version", en="version"),
    "age": Text(sv="dagar sedan de sågs över", en="days since they were looked at"),
    "stale": Text(sv="för gamla (1 = ja)", en="too old (1 = yes)"),
    "holds_overdue": Text(sv="stopp som skulle ha prövats", en="holds that should have been looked at"),
}
"""Name of a counted fact -> what people read."""


def asked(check: Evidence) -> Text:
    """The question that this check asks."""
    return ASKED.get(check.kind) or Text(sv=f"Kontrollen {check.kind}.", en=f"The check {check.kind}.")


def counted(check: Evidence) -> Text:
    """What it counted, in one line."""
    said = [(COUNTED.get(name) or Text(sv=name, en=name), value) for name, value in check.facts.items()]
    return Text(
        sv=", ".join(f"{name.sv}: {value}" for name, value in said),
        en=", ".join(f"{name.en}: {value}" for name, value in said),
    )
