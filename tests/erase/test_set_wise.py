"""However many persons are erased in one pass, a dataset takes the same few statements."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from lofte.datamap.document import DataMap
from lofte.plan import erase
from lofte.plan.records import Verb
from tests.erase.small import (
    ON,
    PERSONS,
    POLICY,
    TECHNICAL,
    Small,
    dataset,
    field,
    number,
    persons,
    points,
    reference,
    subjects,
    system,
    text,
)

LAW = {"erase": "keep", "law": "BFL-7-2"}
MANY = 300
OF_A_SYSTEM = 4
"""Statements that a system takes once: two for types, one for who points, one to look back."""


@pytest.fixture
def small(any_empty):
    """Persons with notes that go, orders that are kept by a law and minimised each in its own way, and
    letters that two share."""
    m = sa.MetaData()
    persons(m, text("name"))
    sa.Table("notes", m, number(), points("person", "persons.id"), text("words"))
    sa.Table("orders", m, number(), points("person", "persons.id"), sa.Column("made", sa.Date), text("code"),
             text("zip"), sa.Column("sum", sa.Integer), text("who"))  # fmt: skip
    sa.Table("letters", m, number(), text("sender"), sa.Column("data", sa.JSON), text("words"))
    map_ = system(
        persons={**PERSONS, "fields": {**PERSONS["fields"], "name": field()}},
        notes=dataset([reference("person", "persons")], {"person": TECHNICAL, "words": field()}),
        orders=dataset(
            [reference("person", "persons")],
            {
                "person": TECHNICAL,
                "made": field("books", **LAW),
                "code": field(erase="replace", replace_with="x-{key}"),
                "zip": field(erase="generalise", coarse="start"),
                "sum": field(erase="generalise", coarse="hundreds"),
                "who": field(),
            },
            purposes=["keep_books"],
            anchors={"fiscal_year.end": {"column": "made", "fiscal_year": True}},
        ),
        letters=dataset(
            [
                {"by": "identity", "column": "sender", "kind": "email"},
                {"by": "json", "column": "data", "at": ["to"], "kind": "email"},
                {"by": "json", "column": "data", "at": ["copy", 0], "kind": "email"},
                {"by": "mention", "columns": "words"},
            ],
            {
                "sender": field(),
                "data": field(),
                "words": field(erase="replace", replace_with="[borta]"),
            },
            shared="unlink",
        ),
    )
    made = Small(any_empty, m, map_)
    everybody = range(1, 2 * MANY + 1)
    made.put_all("persons", [{"id": n, "email": mail(n), "name": f"Namn {n}"} for n in everybody])
    made.put_all("notes", [{"id": n, "person": n, "words": "ord"} for n in everybody])
    made.put_all("orders", [order(n) for n in everybody])
    made.put_all("letters", [letter(n) for n in everybody])
    yield made
    made.close()


def mail(n):
    return f"p{n}@kund.example"


def order(n):
    # Every third has nothing to say who it was for: other columns are changed in it.
    return {
        "id": n, "person": n, "made": date(2024, 1, 1), "code": f"k{n}", "zip": f"{10000 + n}",
        "sum": 1000 + n, "who": None if n % 3 == 0 else f"åäö {n}",
    }  # fmt: skip


def letter(n):
    """Of one who goes and one who stays; what ties it to the first stands elsewhere in each."""
    other = mail(2 * MANY)
    data = [{"to": mail(n), "copy": [other]}, {"to": other, "copy": [mail(n)]}, {"to": other, "copy": ["-"]}]
    sender = mail(n) if n % 3 == 2 else other
    return {"id": n, "sender": sender, "data": data[n % 3], "words": f"Hej {mail(n)}, sa {n}."}


def erased(small, persons_):
    """Erase in one transaction; returns the statements of finding and acting, without finding who."""
    connector = small.connector()
    whom = subjects(*(mail(n) for n in persons_))
    try:
        with connector.acting() as session:
            facts = session.facts(whom, ON)
            plan = erase.plan(POLICY, DataMap(systems=(small.map,)), facts, whom, ON)
            who = session.known.statements
            acted = session.act(plan, lambda *_: None)
    finally:
        connector.close()
    return facts.statements - who + acted.statements, acted, plan


def test_many_persons_take_as_many_statements_as_one(small):
    one, _, _ = erased(small, [2 * MANY - 1])
    many, acted, _ = erased(small, range(1, MANY + 1))
    assert many == one
    # Letters are several persons': one more statement tells whose else.
    assert many <= 3 * len(small.map.datasets) + 1 + OF_A_SYSTEM
    assert acted.rows(Verb.DELETE) == 1 * MANY and acted.rows() == 4 * MANY


def test_each_row_of_many_gets_the_values_of_its_own(small):
    before = {name: small.rows(name) for name in ("persons", "notes", "orders", "letters")}
    erased(small, range(1, MANY + 1))
    orders = {row[0]: row for row in small.rows("orders")}
    letters = {row[0]: row for row in small.rows("letters")}
    for n in range(1, MANY + 1):
        assert orders[n][2:] == (date(2024, 1, 1), f"x-{n}", "10", (1000 + n) // 100 * 100, None)
        _, sender, data, words = letters[n]
        data = json.loads(data) if isinstance(data, str) else data
        wanted = letter(n)["data"]
        if n % 3 == 0:
            wanted["to"] = None
        elif n % 3 == 1:
            wanted["copy"][0] = None
        assert (sender, data) == (None if n % 3 == 2 else mail(2 * MANY), wanted)
        assert words == f"Hej [borta], sa {n}."
    assert {row[0] for row in small.rows("notes")} == set(range(MANY + 1, 2 * MANY + 1))
    for name, rows in before.items():
        left = {row[0]: row for row in small.rows(name)}
        assert [row for row in rows if row[0] > MANY and left[row[0]] != row] == []


@pytest.mark.parametrize("any_empty", ["sqlite"], indirect=True)
def test_what_is_counted_is_what_goes_over_the_wire(small):
    """The driver of SQLite tells every statement."""
    heard: list[str] = []

    def listen(raw, *_):
        raw.set_trace_callback(lambda sql: heard.append(sql.lstrip().split()[0].lower()))

    sa.event.listen(sa.pool.Pool, "checkout", listen)
    try:
        said, _, plan = erased(small, range(1, MANY + 1))
    finally:
        sa.event.remove(sa.pool.Pool, "checkout", listen)
    begun = len(heard) - heard[::-1].index("begin")
    sent = [verb for verb in heard[begun:] if verb not in ("commit", "--")]
    who = 1
    assert len(sent) == said + who
    assert (sent.count("delete"), sent.count("update")) == (1, 3)
    assert len(plan.subjects) == MANY
