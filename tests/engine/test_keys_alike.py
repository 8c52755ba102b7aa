"""Rows whose text keys the database takes for equal: only those that the plan names go, or change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from lofte.connectors.sql import exact
from lofte.plan.due import timing
from lofte.plan.records import Verb
from tests.engine.test_collations import MARIADB
from tests.erase.small import ON, POLICY, TECHNICAL, Small, dataset, field, reference, system
from tests.services import mariadb_database, postgres_database

ALIKE = ("anna", "Anna", "ANNA", "anna ", "änna")
LOOSE = {
    "blind to case": "provider = icu, locale = 'sv-u-ks-level2'",
    "blind to case and accent": "provider = icu, locale = 'und-u-ks-level1'",
}
"""Collations of PostgreSQL."""

DATABASES = [
    "sqlite",
    *(pytest.param(f"postgres {name}", marks=pytest.mark.postgres) for name in LOOSE),
    *(pytest.param(f"mariadb {name}", marks=pytest.mark.mariadb) for name in MARIADB),
]


def _text(kind: str, collation: str, url: str) -> sa.types.TypeEngine[str]:
    """A text that compares as loosely as this database can."""
    if kind == "sqlite":
        return sa.Text(collation="NOCASE")
    if kind == "mariadb":
        return sa.String(60)
    engine = sa.create_engine(url)
    with engine.begin() as db:
        db.exec_driver_sql(f"CREATE COLLATION loose ({LOOSE[collation]}, deterministic = false)")
    engine.dispose()
    return sa.Text(collation="loose")


@pytest.fixture(params=DATABASES)
def small(request: pytest.FixtureRequest) -> Iterator[Small]:
    """Persons with keys that look alike; books of each, named by that key and a number."""
    kind, _, collation = request.param.partition(" ")
    with ExitStack() as stack:
        match kind:
            case "sqlite":
                url = request.getfixturevalue("sqlite_url")
            case "postgres":
                url = stack.enter_context(postgres_database())
            case _:
                url = stack.enter_context(mariadb_database(collation))
        made = _filled(url, _text(kind, collation, url))
        stack.callback(made.close)
        yield made


def _filled(url: str, text: sa.types.TypeEngine[str]) -> Small:
    """No unique keys, as a loose collation would refuse them; but an index, as houses have."""
    m = sa.MetaData()
    sa.Table("persons", m, sa.Column("code", text, index=True), sa.Column("email", sa.String(60)))
    sa.Table(
        "books",
        m,
        sa.Column("code", text, index=True),
        sa.Column("number", sa.Integer),
        sa.Column("made", sa.Date),
        sa.Column("words", sa.String(60)),
    )
    sa.Table("letters", m, *(sa.Column(name, text) for name in ("code", "answers", "sender")))
    law = {"erase": "keep", "law": "BFL-7-2"}
    persons = dataset([{"by": "own"}], {"code": TECHNICAL, "email": field(identity="email")}, key="code")
    books = dataset(
        [reference("code", "persons")],
        {"code": TECHNICAL, "number": TECHNICAL, "made": field("books", **law), "words": field()},
        key=["code", "number"],
        purposes=["keep_books"],
        anchors={"fiscal_year.end": {"column": "made", "fiscal_year": True}},
    )
    for each in (persons, books):
        del each["fields"]["id"]
    letters = dataset(
        [reference("answers", "letters"), reference("sender", "persons")],
        {"code": TECHNICAL, "answers": TECHNICAL, "sender": TECHNICAL},
        key="code",
    )
    del letters["fields"]["id"]
    made = Small(url, m, system(persons=persons, books=books, letters=letters))
    made.put_all("persons", [{"code": code, "email": _mail(n)} for n, code in enumerate(ALIKE)])
    made.put_all("books", [_book(code, number) for code in ALIKE for number in (1, 2)])
    made.put_all("letters", [letter for code in ALIKE for letter in _letters(code)])
    return made


def _mail(n: int) -> str:
    return f"p{n}@kund.example"


def _book(code: str, number: int) -> dict[str, Any]:
    """The first is kept by the law and minimised; the second is past its time, and goes."""
    made = date(2024, 1, 1) if number == 1 else date(2010, 1, 1)
    return {"code": code, "number": number, "made": made, "words": f"till {code}"}


def _letters(code: str) -> list[dict[str, Any]]:
    """One that the person has sent, an answer to it, and an answer to that."""
    keys = (code, f"{code}/1", f"{code}/2")
    above = zip(keys, (None, *keys), (code, None, None), strict=False)
    return [{"code": key, "answers": answers, "sender": sender} for key, answers, sender in above]


def test_nobody_loses_a_row_to_one_whose_key_looks_alike(small):
    gone: set[str] = set()
    for n, code in enumerate(ALIKE):
        plan = small.erase(_mail(n))
        gone.add(code)
        assert Counter(v.verb for v in plan.verdicts) == {Verb.CHANGE: 1, Verb.DELETE: 5}, code
        assert small.rows("persons") == _sorted((c, _mail(m)) for m, c in enumerate(ALIKE) if c not in gone)
        assert small.rows("books") == _sorted(_left(gone)), code
        assert small.rows("letters") == _sorted(
            tuple(letter.values()) for c in ALIKE if c not in gone for letter in _letters(c)
        )


def test_a_row_is_let_go_by_the_bytes_of_its_key(small):
    timed = timing(POLICY, small.map.datasets["books"])
    connector = small.connector()
    with connector.acting() as session:
        due = session.due(POLICY.controller.fiscal_year_end)
        rows = due.page("books", timed, ON, use=False, after=None, size=100).rows
        assert {row.key for row in rows} == {(code, "2") for code in ALIKE}
        for n, row in enumerate(rows, 1):
            assert due.remove("books", timed, ON, [row]) == 1, row.key
            assert due.there("books", [r.key for r in rows]) == {r.key for r in rows[n:]}
    connector.close()


def test_a_row_is_written_by_the_bytes_of_its_key(small):
    engine = sa.create_engine(small.url)
    with engine.begin() as db:
        persons, books = (exact.table_of(db, None, name) for name in ("persons", "books"))
        for n, code in enumerate(ALIKE):
            assert exact.update(db, persons, {"code": code}, {"email": f"ny {n}"}) == 1, code
            assert exact.update(db, books, {"code": code, "number": 2}, {"words": f"ny {n}"}) == 1, code
    engine.dispose()
    assert small.rows("persons") == _sorted((code, f"ny {n}") for n, code in enumerate(ALIKE))
    written = {(code, number): words for code, number, _, words in small.rows("books")}
    assert written == {(code, 1): f"till {code}" for code in ALIKE} | {
        (code, 2): f"ny {n}" for n, code in enumerate(ALIKE)
    }


def _left(gone: set[str]) -> Iterator[tuple[Any, ...]]:
    for code in ALIKE:
        if code not in gone:
            yield from (tuple(_book(code, number).values()) for number in (1, 2))
        else:
            yield tuple({**_book(code, 1), "words": None}.values())


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)
