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
    Check.COLUMNS: Text(
        sv="Vilka kolumner i systemen hör till varje slags uppgifter, och finns det några som inte berättas?",
        en="Which columns of the systems belong to each kind of data, and are there any that are not told?",
    ),
    Check.ITEM: Text(
        sv="Vilka uppgifter som berättas har kolumner i systemen?",
        en="Which of the data that are told have columns in the systems?",
    ),
    Check.PURPOSE: Text(
        sv="Har allt i systemen ett ändamål som berättas, och inget mer än det behöver?",
        en="Does all in the systems have a purpose that is told, and nothing beyond its need?",
    ),
    Check.RECIPIENT: Text(
        sv="Vilka får uppgifter ur systemen, och är det de som berättas?",
        en="Who gets data of the systems, and is it those who are told?",
    ),
    Check.PROCESSOR: Text(
        sv="Vad säger registret om dem som arbetar åt företaget?",
        en="What does the register say of those who work for the company?",
    ),
    Check.PLACE: Text(sv="Var finns uppgifterna?", en="Where are the data?"),
    Check.MEASURE: Text(
        sv="Finns de skydd som berättas, så långt det går att se härifrån?",
        en="Is the protection that is told there, as far as it can be seen from here?",
    ),
    Check.DOOR: Text(sv="Vilka vägar till företaget är öppna?", en="Which ways to the company are open?"),
    Check.GROUP: Text(
        sv="I vilka datamängder kan varje grupp människor hittas?",
        en="In which datasets can each group of people be found?",
    ),
    Check.VERSIONS: Text(
        sv="Finns varje version av policyn kvar, och är gränsen mellan dem klar?",
        en="Is every version of the policy still there, and is it clear which held when?",
    ),
    Check.ANNOUNCED: Text(
        sv="Fick de som berörs veta om ändringen innan den började gälla?",
        en="Were those concerned told of the change before it took force?",
    ),
    Check.PRESENTED: Text(
        sv="Vilken text har visats, var och hur många dagar?",
        en="Which text has been shown, where and on how many days?",
    ),
    Check.SOURCES: Text(
        sv="Kommer uppgifterna från de källor och formulär som policyn berättar om?",
        en="Do the data come from the sources and forms that the policy tells of?",
    ),
    Check.CHOICES: Text(
        sv="Vad har besökare valt, och stämmer varje val med kedjan som det står i?",
        en="What have visitors chosen, and does each choice agree with the chain that it stands in?",
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
    "category": Text(sv="slag av uppgifter", en="kind of data"),
    "item": Text(sv="uppgift", en="item"),
    "columns": Text(sv="kolumner", en="columns"),
    "items": Text(sv="uppgifter som berättas", en="items that are told"),
    "empty": Text(sv="utan kolumn", en="without a column"),
    "numbers": Text(sv="kundnummer", en="customer numbers"),
    "undecided": Text(sv="kolumner utan beslut", en="columns without a decision"),
    "untold": Text(sv="kolumner som inte berättas", en="columns that are not told"),
    "silent": Text(sv="system som inte svarade", en="systems that did not answer"),
    "purpose": Text(sv="ändamål", en="purpose"),
    "datasets": Text(sv="datamängder", en="datasets"),
    "outside": Text(sv="kolumner som inget ändamål behöver", en="columns that no purpose needs"),
    "untagged": Text(sv="datamängder utan ändamål", en="datasets without a purpose"),
    "recipient": Text(sv="mottagare", en="recipient"),
    "listed": Text(sv="berättas (1 = ja)", en="told (1 = yes)"),
    "apart": Text(sv="fick annat än det som berättas", en="got other than is told"),
    "unserved": Text(sv="fick det utan ändamål", en="got it without a purpose"),
    "registered": Text(sv="i registret (1 = ja)", en="in the register (1 = yes)"),
    "agreed": Text(sv="avtal som gäller (1 = ja)", en="agreement in force (1 = yes)"),
    "lacks": Text(sv="villkor som saknas", en="terms that lack"),
    "instructed": Text(sv="bundna till ändamålet (1 = ja)", en="bound to the purpose (1 = yes)"),
    "confidential": Text(sv="bundna till tystnad (1 = ja)", en="bound to silence (1 = yes)"),
    "kind": Text(sv="slag av arbete", en="kind of work"),
    "chain": Text(sv="egna biträden kända (1 = ja)", en="their own processors known (1 = yes)"),
    "elsewhere": Text(sv="i ett annat land (1 = ja)", en="in another country (1 = yes)"),
    "place": Text(sv="plats", en="place"),
    "what": Text(sv="slag av plats", en="kind of place"),
    "country": Text(sv="land", en="country"),
    "eea": Text(sv="inom EES (1 = ja)", en="in the EEA (1 = yes)"),
    "told": Text(sv="berättas (1 = ja)", en="told (1 = yes)"),
    "measure": Text(sv="skydd", en="measure"),
    "total": Text(sv="sedda", en="looked at"),
    "wrong": Text(sv="fel", en="wrong"),
    "channel": Text(sv="väg", en="way"),
    "open": Text(sv="öppen (1 = ja)", en="open (1 = yes)"),
    "subjects": Text(sv="grupp", en="group"),
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
