"""Figures leave the company when the policy says to whom and nobody can be told from them; it is noted."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from lofte.datamap.figures import Figures, FiguresDocument, check
from lofte.errors import Refused
from lofte.execution import book
from lofte.ledger.kinds import Kind
from lofte.plan.figures import NotAnonymous
from lofte.policy.document import Statistics
from lofte.policy.reading import read
from lofte.retention.figures import release
from lofte.site.workspace import load
from tests.due.test_due_days import policy_of
from tests.retention.world import PURPOSES, RULES

YAML = """
statistics: 1
releases:
  tickets_by_kind:
    name: {{sv: Ärenden per slag, en: Tickets by kind}}
    system: {system}
    dataset: {dataset}
    by: [{{column: {column}}}]
    recipients: [{to}]
"""


def figures(company, **more: str) -> Figures:
    return document(company, **more).releases["tickets_by_kind"]


def document(company, **more: str) -> FiguresDocument:
    said = {
        "system": company.house.datamap.systems[0].id,
        "dataset": "tickets",
        "column": "kind",
        "to": "town",
    }
    found = read(YAML.format(**said | more), "statistics.yaml", FiguresDocument)
    assert found.document is not None, found.faults
    return found.document


def tickets(company, **kinds: int) -> None:
    """So many persons with a ticket of each kind, the first of whom has three."""
    rows, number, person = [], 0, 10
    for name, count in kinds.items():
        for n in range(count):
            person += 1
            for _ in range(3 if n == 0 else 1):
                number += 1
                rows.append({"id": number, "person": person, "said": "x", "kind": name, "closed": None})
    company.put("persons", *({"id": n, "email": f"p{n}@kund.example"} for n in range(11, person + 1)))
    company.put("tickets", *rows)


def out(company, made_of, **more: Any):
    return release(
        company.house,
        company.connect,
        "tickets_by_kind",
        made_of,
        **{"to": "town", "by": "", "language": "en"} | more,
    )


def test_persons_are_counted_and_not_rows(any_company):
    tickets(any_company, phone=11, mail=7)
    made = out(any_company, figures(any_company))
    assert list(csv.reader(io.StringIO(made.text)))[1:] == [["mail", "5"], ["phone", "10"]]
    assert made.table.smallest == 7


def test_a_group_of_few_is_not_named(company):
    tickets(company, phone=11, mail=7, chat=2)
    text = out(company, figures(company)).text
    assert "chat" not in text and "mail" not in text and "others" in text


def test_what_is_refused_and_what_leaves_is_noted(company):
    tickets(company, phone=11, mail=2)
    with pytest.raises(NotAnonymous):
        out(company, figures(company))
    tickets_more(company)
    out(company, figures(company))
    said = {e.kind: p for e, p in book.opened() if e.kind.startswith("figures")}
    assert said[Kind.FIGURES_REFUSED] == {"release": "tickets_by_kind", "recipient": "town", "k": 5}
    assert said[Kind.FIGURES_RELEASED]["smallest"] >= said[Kind.FIGURES_RELEASED]["k"] == 5


def tickets_more(company) -> None:
    company.put("persons", *({"id": n, "email": f"p{n}@kund.example"} for n in range(50, 56)))
    company.put(
        "tickets",
        *({"id": n, "person": n, "said": "x", "kind": "mail", "closed": None} for n in range(50, 56)),
    )


def test_nobody_gets_figures_that_are_not_theirs(company):
    tickets(company, phone=11, mail=7)
    with pytest.raises(Refused, match="its recipients are: town"):
        out(company, figures(company), to="ad_network")
    assert not [e for e, _ in book.opened() if e.kind.startswith("figures")]


def test_what_a_spreadsheet_would_run_is_text(company):
    tickets(company, **{"=cmd": 11, "mail": 7})
    assert "'=cmd,10" in out(company, figures(company)).text


def test_a_ledger_that_cannot_be_written_lets_nothing_out(company, monkeypatch):
    from lofte.errors import LedgerClosed

    def shut(*_: Any, **__: Any) -> None:
        raise LedgerClosed("shut")

    tickets(company, phone=11, mail=7)
    monkeypatch.setattr("lofte.retention.figures.note", shut)
    with pytest.raises(LedgerClosed):
        out(company, figures(company))


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({"dataset": "tikets"}, "M301"),
        ({"column": "kinds"}, "M302"),
        ({"column": "id"}, "M303"),
        ({"to": "strangers"}, "M304"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_where_it_stands(company, wrong, number):
    terms = Statistics(min_group=5, recipients=("town",))
    policy = policy_of(RULES, PURPOSES).model_copy(update={"statistics": terms})
    assert not list(check(document(company), policy, company.house.datamap))
    found = list(check(document(company, **wrong), policy, company.house.datamap))
    assert [fault.number for fault in found] == [number]
    assert found[0].mend


def test_the_example_company_may_hand_out_its_own():
    workspace = load(Path("examples/consultancy"))
    text = Path("examples/consultancy/statistics.yaml").read_text(encoding="utf-8")
    found = read(text, "statistics.yaml", FiguresDocument)
    assert found.document and workspace.policy
    assert not list(check(found.document, workspace.policy, workspace.datamap))
