"""Rectification: the right value wherever the wrong one stood, and nowhere else (art. 16)."""

from __future__ import annotations

import dataclasses
import zipfile

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.connector import open_sql
from lofte.consent.restrict import restrict
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.errors import Broken, LedgerClosed, Refused, Unreachable
from lofte.execution import book
from lofte.execution.models import LedgerOutbox
from lofte.law.rights import Right
from lofte.plan.rectify import Correction
from lofte.plan.restriction import Ground
from lofte.policy.document import Policy
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.answer.rectify import before_and_after, rectify, state, statements_of
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import CorrectedRows, Request, Statement
from tests.conftest import POLICY
from tests.services import mariadb_database, postgres_database, sqlite_database

ANNA = Identity(kind=Kind.CUSTOMER_NO, value="K1")
EVA = Identity(kind=Kind.CUSTOMER_NO, value="K2")
BERTIL = "b" * 32
TEXT = {"sv": "T", "en": "T"}


def dataset(key, paths, plain, **fields):
    technical = {name: {"technical": True} for name in plain}
    return {
        "name": TEXT,
        "key": key,
        "purposes": ["deliver"],
        "subject": paths,
        "fields": {**technical, **fields},
    }


NAME = {"category": "contact", "item": "name"}
EMAIL = {"category": "contact", "item": "email", "identity": "email"}
OWN = [{"by": "own"}]
HERS = [{"by": "reference", "columns": "customer", "to": "customers"}]
MAP = {
    "system": 1,
    "id": "shop",
    "name": TEXT,
    "url": "x",
    "datasets": {
        "customers": dataset(
            "id",
            OWN,
            plain=["id"],
            customer_no={"category": "contact", "item": "number", "identity": "customer_no"},
            full_name=NAME,
            email=EMAIL,
            phone={"category": "contact", "item": "phone", "identity": "phone"},
        ),
        "contacts": dataset(
            "id",
            [*HERS, {"by": "identity", "column": "mail", "kind": "email"}],
            plain=["id", "customer"],
            called=NAME,
            mail=EMAIL,
        ),
        "invoices": dataset(
            "no",
            HERS,
            plain=["no", "customer"],
            billed_to={**NAME, "erase": "keep", "law": "BFL-7-2"},
        ),
        "notes": dataset("id", HERS, plain=["id", "customer"], body={**NAME, "text": True}),
    },
}
TABLES = {
    "customers": [
        "id int primary key, customer_no varchar(9), full_name varchar(80), email varchar(80), phone text",
        (1, "K1", "Ana Åkesson", "Anna@kund.example", None),
        (2, "K2", "Ana Åkesson", "eva@kund.example", None),
    ],
    "contacts": [
        ("id int primary key, customer int, called varchar(80), mail varchar(80)"),
        (1, 1, "Ana Åkesson", "anna@kund.example"),
        (2, 1, "Ture Berg", "ture@kund.example"),
        (3, 2, "Ana Åkesson", "anna@kund.example"),
    ],
    "invoices": [("no int primary key, customer int, billed_to varchar(80)"), (7, 1, "Ana Åkesson")],
    "notes": [("id int primary key, customer int, body varchar(80)"), (1, 1, "Ana Åkesson ringde")],
}
DATABASES = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")


def fill(url):
    engine = sa.create_engine(url)
    with engine.begin() as db:
        for table, (columns, *rows) in TABLES.items():
            db.execute(sa.text(f"create table {table} ({columns})"))
            for row in rows:
                marks = [f"p{n}" for n in range(len(row))]
                into = sa.text(f"insert into {table} values ({', '.join(':' + m for m in marks)})")
                db.execute(into, dict(zip(marks, row, strict=True)))
    engine.dispose()
    return url


def rows(url, table):
    engine = sa.create_engine(url)
    with engine.begin() as db:
        found = [tuple(r) for r in db.execute(sa.text(f"select * from {table} order by 1"))]
    engine.dispose()
    return found


@pytest.fixture(params=DATABASES)
def any_url(request, tmp_path):
    if request.param == "sqlite":
        yield fill(sqlite_database(tmp_path))
        return
    kind = postgres_database() if request.param == "postgres" else mariadb_database("utf8mb4_general_ci")
    with kind as url:
        yield fill(url)


@pytest.fixture
def url(tmp_path):
    return fill(sqlite_database(tmp_path))


@pytest.fixture
def house(house):
    items = [{"id": i} for i in ("name", "email", "phone", "number")]
    plain = {**POLICY, "categories": {"contact": {"name": TEXT, "items": items}}}
    policy = Policy.model_validate(plain)
    return dataclasses.replace(house, policy=policy, datamap=DataMap(systems=(System.model_validate(MAP),)))


def asked(house, who=ANNA, right=Right.RECTIFICATION):
    request = receive(house, right=right, identities=[who], channel="email")
    return identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)


def corrected(house, url, was, now, item="name", request=None, who=ANNA):
    correction = Correction(category="contact", item=item, was=was, now=now)
    return rectify(house, request or asked(house, who), correction, lambda s: open_sql(s, url), by=BERTIL)


def kinds():
    return [e.kind for e in book.entries()]


def test_the_right_name_stands_wherever_the_wrong_one_stood(store, house, any_url):
    done = corrected(house, any_url, "Ana Åkesson", "Anna Åkesson")
    assert rows(any_url, "customers")[0][2] == "Anna Åkesson"
    assert rows(any_url, "contacts")[0][2] == "Anna Åkesson"
    assert sum(done.rows.values()) == 2 and done.state == "delivered"


def test_nobody_elses_row_is_touched(store, house, any_url):
    corrected(house, any_url, "Ana Åkesson", "Anna Åkesson")
    assert rows(any_url, "customers")[1] == TABLES["customers"][2]
    assert rows(any_url, "contacts")[1:] == TABLES["contacts"][2:]


def test_a_row_that_is_another_s_too_is_left_and_counted(store, house, url):
    assert corrected(house, url, "Ana Åkesson", "Anna Åkesson").left == 1


def test_the_books_and_free_text_stay_with_their_reason(store, house, url):
    done = corrected(house, url, "Ana Åkesson", "Anna Åkesson")
    assert rows(url, "invoices") == TABLES["invoices"][1:] and rows(url, "notes") == TABLES["notes"][1:]
    assert {(k.at.dataset, k.ground) for k in done.kept} == {("invoices", "law"), ("notes", "text")}


def test_an_identity_is_known_in_any_spelling(store, house, url):
    corrected(house, url, "ANNA@kund.example", "anna.ny@kund.example", item="email")
    assert rows(url, "customers")[0][3] == "anna.ny@kund.example"
    assert rows(url, "contacts")[1] == TABLES["contacts"][2]


def test_what_another_person_is_known_by_is_refused(store, house, url):
    with pytest.raises(Refused):
        corrected(house, url, "anna@kund.example", "EVA@kund.example", item="email")
    assert rows(url, "customers") == TABLES["customers"][1:]


def test_what_is_missing_is_completed_on_her_own_row(store, house, any_url):
    done = corrected(house, any_url, None, "070-174 06 05", item="phone")
    assert rows(any_url, "customers")[0][4] == "070-174 06 05" and rows(any_url, "customers")[1][4] is None
    assert done.rows == {("shop", "customers", "phone"): 1}


def test_before_and_after_are_kept_sealed(store, house, url):
    request = asked(house)
    corrected(house, url, "Ana Åkesson", "Anna Åkesson", request=request)
    told = {at.dataset: (names, changed) for at, names, changed in before_and_after(house, request)}
    assert told["customers"] == (("id", "full_name", "after"), [(1, "Ana Åkesson", "Anna Åkesson")])
    assert all(b"kesson" not in bytes(c.rows) for c in CorrectedRows.objects.all())


def test_doing_it_twice_is_doing_it_once(store, house, url):
    request = asked(house)
    corrected(house, url, "Ana Åkesson", "Anna Åkesson", request=request)
    again = corrected(house, url, "Ana Åkesson", "Anna Åkesson", request=request)
    assert sum(again.rows.values()) == 0 and kinds().count("request.granted") == 1


def test_a_value_found_nowhere_leaves_the_request_open(store, house, url):
    done = corrected(house, url, "Annika", "Anna")
    assert done.state == "identified" and not CorrectedRows.objects.exists()


@pytest.mark.parametrize(
    ("was", "now", "item"), [("a", "a", "name"), (None, None, "name"), ("a", "b", "shoe")]
)
def test_what_says_nothing_is_refused(store, house, url, was, now, item):
    with pytest.raises(Refused):
        corrected(house, url, was, now, item=item)


@pytest.mark.parametrize("ground", list(Ground))
def test_who_has_had_the_data_restricted_may_have_them_rectified(store, house, url, ground):
    restrict(house, [ANNA], ground)
    assert corrected(house, url, "Ana Åkesson", "Anna Åkesson").rows


def test_a_system_that_is_silent_leaves_the_request_open(store, house, url):
    def silent(system):
        raise Unreachable("it does not answer; it is tried again")

    request = asked(house)
    wrong = Correction(category="contact", item="name", was="Ana Åkesson", now="Anna Åkesson")
    with pytest.raises(Unreachable):
        rectify(house, request, wrong, silent)
    assert Request.objects.get().state == "identified"
    assert corrected(house, url, "Ana Åkesson", "Anna Åkesson", request=request).state == "delivered"


def test_a_power_cut_changes_nothing_and_can_be_done_again(store, house, url, monkeypatch):
    from lofte.connectors.sql import rectify as hand

    request = asked(house)
    with monkeypatch.context() as patched:
        patched.setattr(hand.exact, "update", lambda *_: 0)
        with pytest.raises(Broken):
            corrected(house, url, "Ana Åkesson", "Anna Åkesson", request=request)
    assert rows(url, "customers") == TABLES["customers"][1:]
    assert corrected(house, url, "Ana Åkesson", "Anna Åkesson", request=request).state == "delivered"


def test_nothing_is_changed_while_the_ledger_is_closed(store, house, url):
    from django.db import connection

    request = asked(house)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table {LedgerOutbox._meta.db_table}")
    with pytest.raises(LedgerClosed):
        corrected(house, url, "Ana Åkesson", "Anna Åkesson", request=request)
    assert rows(url, "customers") == TABLES["customers"][1:]


def test_each_step_leaves_its_entry(store, house, url):
    corrected(house, url, "Ana Åkesson", "Anna Åkesson")
    assert kinds() == [
        "request.received",
        "request.identified",
        "rectification.intended",
        "rectification.recorded",
        "rectification.recorded",
        "rectification.done",
        "step.done",
        "request.granted",
    ]
    assert book.verify(house.keys.ledger) is None


def test_a_statement_stands_in_every_later_answer(store, house, url, tmp_path, monkeypatch):
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")
    state(house, asked(house), "Jag betalade den 3 mars.", by=BERTIL)
    answers = {}
    for who in (ANNA, EVA):
        answer = fulfil_access(house, asked(house, who, Right.ACCESS), lambda s: open_sql(s, url), tmp_path)
        with zipfile.ZipFile(answer.path) as package:
            names = package.namelist()
            answers[who] = package.read("statements.txt").decode() if "statements.txt" in names else ""
    assert "Jag betalade den 3 mars." in answers[ANNA] and answers[EVA] == ""


def test_a_statement_lies_sealed_and_is_hers_alone(store, house):
    state(house, asked(house), "Jag betalade den 3 mars.", by=BERTIL)
    assert b"betalade" not in bytes(Statement.objects.get().words)
    assert [s.text for s in statements_of(house, [ANNA])] == ["Jag betalade den 3 mars."]
    assert statements_of(house, [EVA]) == ()
    with pytest.raises(Refused):
        state(house, asked(house), "   ")


def test_a_statement_is_kept_of_nobody_who_is_not_identified(store, house):
    request = receive(house, right=Right.RECTIFICATION, identities=[ANNA], channel="email")
    with pytest.raises(Refused, match="not identified"):
        state(house, request, "Jag betalade den 3 mars.", by=BERTIL)
    assert not Statement.objects.exists()
