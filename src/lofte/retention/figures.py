"""Handing out figures: groups of persons that pass the test of anonymity, or nothing (recital 26, art. 5.2).

Hard rules:
- What leaves is the table that `plan.figures` lets through, to a recipient that the policy tells of.
- It is noted before it is handed out; so is a refusal.
"""

from __future__ import annotations

import csv
import hashlib
import io
import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import dataclass

from lofte.connectors.protocol import Connector, Grouping
from lofte.datamap.document import System
from lofte.datamap.figures import Figures
from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind, Value
from lofte.plan.anonymity import k_of
from lofte.plan.figures import NotAnonymous, Said, Table, table
from lofte.policy.document import Language

Connect = Callable[[System], Connector]
_OTHERS = {"sv": "övriga", "en": "others"}
_PERSONS = {"sv": "personer", "en": "persons"}
_NOTHING = {"sv": "inget angivet", "en": "nothing stated"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """Figures that were handed out."""

    ref: str
    table: Table
    text: str
    """CSV, UTF-8."""


def release(
    house: House, connect: Connect, id_: str, figures: Figures, *, to: str, by: str, language: Language
) -> Released:
    """The figures, for a recipient. Raises Refused when it may not have them, NotAnonymous when somebody
    could be told from them, Unreachable, LedgerClosed."""
    if to not in figures.recipients:
        known = ", ".join(figures.recipients) or "nobody"
        raise Refused(f"`{to}` does not get `{id_}`; its recipients are: {known}")
    k, ref = k_of(house.policy), secrets.token_hex(16)
    about: dict[str, Value] = {"release": id_, "recipient": to, "k": k, **({"by": by} if by else {})}
    try:
        made = table(_groups(house, connect, figures), k)
    except NotAnonymous:
        with recorded(house):
            note(Kind.FIGURES_REFUSED, ref, about, at=house.now, policy_version=house.policy_version)
        raise
    text = _written(house, figures, made, language)
    said: dict[str, Value] = {
        **about,
        "groups": len(made.rows),
        "together": made.together,
        "smallest": made.smallest,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
    }
    with recorded(house):
        note(Kind.FIGURES_RELEASED, ref, said, at=house.now, policy_version=house.policy_version)
    return Released(ref=ref, table=made, text=text)


def _groups(house: House, connect: Connect, figures: Figures) -> Mapping[Said, Mapping[str, Set[Hashable]]]:
    connector = connect(house.datamap.system(figures.system))
    try:
        if not isinstance(connector, Grouping):
            raise Refused(f"`{figures.system}` cannot tell how many persons there are; use another system")
        columns = {by.column: by.coarse for by in figures.by}
        return connector.groups(figures.dataset, columns, house.today)
    finally:
        connector.close()


def _written(house: House, figures: Figures, made: Table, language: Language) -> str:
    fields = house.datamap.system(figures.system).datasets[figures.dataset].fields
    labels = [fields[by.column].label for by in figures.by]
    named = [
        label.say(language) if label else by.column for label, by in zip(labels, figures.by, strict=True)
    ]
    found = io.StringIO()
    out = csv.writer(found, lineterminator="\n")
    out.writerow([*named, _PERSONS[language]])
    for said, count in made.rows:
        out.writerow([*_cells(said, language), count])
    if made.together:
        out.writerow([_OTHERS[language], *[""] * (len(named) - 1), made.others])
    return found.getvalue()


def _cells(said: Iterable[str | None], language: Language) -> list[str]:
    # A cell that begins like a formula is one to a spreadsheet.
    told = (_NOTHING[language] if value is None else value for value in said)
    return [f"'{value}" if value[:1] in "=+-@\t\r" else value for value in told]
