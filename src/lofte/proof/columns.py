"""The list of columns per category: what is told of is what is held, column by column (art. 14.1 d).

* Counted in the live systems. A column without a decision is beyond what is told, and so is one whose
  category or item the policy does not tell.
* A column without a decision stands with the categories of its table: nobody knows yet to which it belongs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lofte.datamap.catalogue import Catalogue, LiveTable
from lofte.datamap.checks.case import NOWHERE, At
from lofte.datamap.checks.case import Case as Judged
from lofte.datamap.document import DataMap, Give, Kind
from lofte.policy.document import Policy, Text
from lofte.proof.records import Case, Check, Evidence, Verdict, broken, kept, unproven

LOOK = Text(
    sv="Titta i systemen: `lofte prove` utan `--offline`.",
    en="Look into the systems: `lofte prove` without `--offline`.",
)
_DECIDE = Text(
    sv="Bestäm om kolumnerna som `lofte check` visar, och berätta om dem i policyn.",
    en="Decide about the columns that `lofte check` shows, and tell of them in the policy.",
)
_SILENT = Text(sv="Ett system svarade inte.", en="A system did not answer.")
_UNSEEN = Text(sv="Kolumnerna är inte lästa i systemen.", en="The columns have not been read in the systems.")


# -- counting -----------------------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class _Held:
    """What the live systems hold of one category."""

    columns: set[tuple[str, str]] = field(default_factory=set)
    """Table and column: a table that is several datasets is counted once."""
    given: int = 0
    numbers: int = 0
    undecided: int = 0
    untold: int = 0


def counted(
    policy: Policy, datamap: DataMap, catalogues: Mapping[str, Catalogue], at: datetime
) -> tuple[Evidence, ...]:
    """For each category and each of its items: how many live columns there are, and what is beyond. The
    catalogues are those of the systems that answered."""
    judged = Judged(policy=policy, datamap=datamap, catalogues=catalogues, places=NOWHERE)
    silent = sum(system.id not in catalogues for system in datamap.systems)
    held = {id_: _Held() for id_ in policy.categories}
    named: Counter[tuple[str, str]] = Counter()
    for found, _, table in judged.live():
        _look(policy, found, table, held, named)
    return tuple(
        Evidence(kind=kind, at=at, policy_version=policy.meta.version, facts=facts)
        for kind, facts in _facts(policy, held, named, silent)
    )


def _look(
    policy: Policy, at: At, table: LiveTable, held: dict[str, _Held], named: Counter[tuple[str, str]]
) -> None:
    columns = {column.name for column in table.columns}
    here: set[str] = set()
    strange = 0
    for name, decided in at.fields():
        if decided.category is None or name not in columns:
            continue
        if (one := held.get(decided.category)) is None:
            strange += 1
            continue
        here.add(decided.category)
        one.columns.add((f"{at.system.id}.{at.table}", name))
        one.given += decided.give is not Give.WITHHOLD
        one.numbers += decided.identity is Kind.CUSTOMER_NO
        items = {item.id for item in policy.categories[decided.category].items}
        if decided.item in items:
            named[decided.category, decided.item or ""] += 1
        elif decided.item is not None:
            one.untold += 1
    for id_ in here:
        held[id_].undecided += len(columns - at.dataset.fields.keys())
        held[id_].untold += strange


def _facts(
    policy: Policy, held: dict[str, _Held], named: Counter[tuple[str, str]], silent: int
) -> list[tuple[Check, dict[str, int | str]]]:
    found: list[tuple[Check, dict[str, int | str]]] = []
    for id_, category in policy.categories.items():
        one = held[id_]
        empty = sum(not named[id_, item.id] for item in category.items)
        facts: dict[str, int | str] = {
            "category": id_,
            "columns": len(one.columns),
            "items": len(category.items),
            "empty": empty,
            "given": one.given,
            "numbers": one.numbers,
            "undecided": one.undecided,
            "untold": one.untold,
            "silent": silent,
        }
        found.append((Check.COLUMNS, facts))
        for item in category.items:
            columns = named[id_, item.id]
            found.append((Check.ITEM, {"category": id_, "item": item.id, "columns": columns}))
    return found


# -- the promises -------------------------------------------------------------------------------------------


def columns_as_told(case: Case) -> Verdict:
    """P022, P024-P026, P029, P030: every kind of data that is told has its columns, and no column is beyond
    what is told."""
    checks = _of(case)
    if not checks:
        return unproven(_UNSEEN, LOOK)
    if any(each.count("silent") for each in checks):
        return unproven(_SILENT, LOOK, *checks)
    if beyond := [e for e in checks if (e.count("undecided") or 0) + (e.count("untold") or 0)]:
        count = sum((e.count("undecided") or 0) + (e.count("untold") or 0) for e in beyond)
        names = _names(beyond)
        return broken(
            Text(
                sv=f"{count} kolumner bland dessa uppgifter står inte i policyn: {names}.",
                en=f"{count} columns among these data are not told of in the policy: {names}.",
            ),
            _DECIDE,
            *beyond,
        )
    if bare := [e for e in checks if not e.count("columns") or e.count("empty")]:
        names = _names(bare)
        return unproven(
            Text(
                sv=f"Policyn berättar om mer än vad kartan visar att ni har: {names}.",
                en=f"The policy tells of more than the map shows that you hold: {names}.",
            ),
            Text(
                sv="Ange `item` vid de fält som har uppgifterna, eller ta bort dem ur policyn.",
                en="Say `item` at the fields that hold the data, or take them out of the policy.",
            ),
            *checks,
        )
    columns = sum(e.count("columns") or 0 for e in checks)
    items = sum(e.count("items") or 0 for e in checks)
    return kept(
        f"{columns} kolumner i systemen hör till det policyn berättar (slag av uppgifter: {items}), och "
        "ingen till något annat.",
        f"{columns} columns of the systems belong to what the policy tells (kinds of data: {items}), and "
        "none to anything else.",
        *checks,
    )


def messages_given(case: Case) -> Verdict:
    """P021, P028: what is written to the company is held where a request for access finds it (art. 15)."""
    checks = _of(case)
    withheld = [e for e in checks if e.count("columns") and not e.count("given")]
    if withheld:
        return broken(
            Text(
                sv=f"Inget av detta lämnas ut till den som frågar: {_names(withheld)}.",
                en=f"Nothing of this is given to who asks: {_names(withheld)}.",
            ),
            Text(
                sv="Ändra `give` för fälten i datakartan.", en="Change `give` of the fields in the data map."
            ),
            *withheld,
        )
    return columns_as_told(case)


def customer_number_found(case: Case) -> Verdict:
    """P031: the customer number is held, and a person is found by it (art. 15)."""
    checks = _of(case)
    if checks and not any(e.count("numbers") for e in checks) and not any(e.count("silent") for e in checks):
        return broken(
            Text(
                sv="Ingen kolumn i systemen är ett kundnummer som en person kan hittas med.",
                en="No column of the systems is a customer number by which a person can be found.",
            ),
            Text(
                sv="Ange `identity: customer_no` vid kolumnen.",
                en="Say `identity: customer_no` at the column.",
            ),
            *checks,
        )
    return columns_as_told(case)


def numbers_are_personal(case: Case) -> Verdict:
    """P032: numbers of companies and accounts are held as personal data, for a company may be one person."""
    within = set(_categories(case))
    items = [e for e in case.of(Check.ITEM) if e.facts.get("item") in ("org_no", "account")]
    items = [e for e in items if e.facts.get("category") in within]
    absent = [e for e in items if not e.count("columns")]
    if absent and not any(e.count("silent") for e in _of(case)):
        names = ", ".join(sorted({str(e.facts["item"]) for e in absent}))
        return broken(
            Text(
                sv=f"Ingen kolumn i systemen är angiven som personuppgift av det slaget: {names}.",
                en=f"No column of the systems is stated to be personal data of that kind: {names}.",
            ),
            Text(
                sv="Ange `item` vid kolumnen som har numret.", en="Say `item` at the column with the number."
            ),
            *absent,
        )
    return columns_as_told(case)


def _categories(case: Case) -> tuple[str, ...]:
    """The categories that the promise stands on."""
    named = (path.split(".")[1] for path in case.promise.paths if path.startswith("categories."))
    return tuple(dict.fromkeys(name for name in named if name in case.policy.categories))


def _of(case: Case) -> tuple[Evidence, ...]:
    """The newest count of each category that the promise stands on."""
    within = _categories(case)
    newest = {e.facts.get("category"): e for e in case.of(Check.COLUMNS)}
    return tuple(newest[id_] for id_ in within if id_ in newest)


def _names(evidence: list[Evidence]) -> str:
    return ", ".join(str(e.facts["category"]) for e in evidence)
