"""While rows stand in the copy the person keeps all rights, and our own plans obey."""

from __future__ import annotations

import dataclasses
import zipfile

import pytest

from lofte.connectors.sql.connector import open_sql
from lofte.consent.enforce import enforce, look_after, put_back
from lofte.consent.object import object_to
from lofte.consent.restrict import announce_release, lift, restrict, tell, waiting_notices
from lofte.consent.withdraw import withdraw
from lofte.datamap.copies import with_copies
from lofte.datamap.document import DataMap, System
from lofte.execution import book
from lofte.law.rights import Right
from lofte.plan.rectify import Correction
from lofte.plan.restriction import Ground, Outcome
from lofte.policy.document import Policy
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.answer.portable import fulfil_portability
from lofte.requests.answer.rectify import rectify
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.erasure.erase import erase
from tests.conftest import POLICY
from tests.restriction.test_locked_copy import ANNA, MAP, NUMBER, dump, run
from tests.restriction.test_locked_copy import lite as lite
from tests.restriction.test_locked_copy import url as url

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
TEXT = {"sv": "T", "en": "T"}
BERTIL = "b" * 32
ITEMS = {"email": "email", "number": "number", "name": "name"}


def mapped():
    datasets = {id_: dict(dataset) for id_, dataset in MAP["datasets"].items()}
    fields = {
        name: {**field, "item": ITEMS[name]} if name in ITEMS else field
        for name, field in datasets["customers"]["fields"].items()
    }
    datasets["customers"] = {**datasets["customers"], "fields": fields}
    return with_copies(System.model_validate({**MAP, "datasets": datasets}))


@pytest.fixture
def house(house):
    plain = {**POLICY, "categories": {"contact": {"name": TEXT, "items": [{"id": i} for i in ITEMS]}}}
    plain["purposes"] = {
        **POLICY["purposes"],
        "photos": {"categories": ["contact"], "legal_basis": "6.1.a", "retention": ["contract"]},
        "support": {"categories": ["contact"], "legal_basis": "6.1.f", "retention": ["contract"]},
    }
    policy = Policy.model_validate(plain)
    return dataclasses.replace(house, policy=policy, datamap=DataMap(systems=(mapped(),)))


def reach(url):
    return lambda system: open_sql(system, url)


def tell_all(house):
    for notice in waiting_notices():
        tell(house, notice, channel="email")


def held(house, url, ground=Ground.ACCURACY):
    restriction = restrict(house, [ANNA], ground)
    tell_all(house)
    enforce(house, restriction, [ANNA], reach(url))
    return restriction


def lifted(house, url, restriction):
    announce_release(house, restriction)
    tell_all(house)
    lift(house, restriction, Outcome.CORRECTED, by=BERTIL)
    put_back(house, restriction, reach(url))


def asked(house, right, who=ANNA):
    request = receive(house, right=right, identities=[who], channel="email")
    return identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)


def corrected(house, url, was, now):
    correction = Correction(category="contact", item="name", was=was, now=now)
    return rectify(house, asked(house, Right.RECTIFICATION), correction, reach(url), by=BERTIL)


def package(fulfil, house, url, right, out, who=ANNA):
    answer = fulfil(house, asked(house, right, who), reach(url), out)
    with zipfile.ZipFile(answer.path) as whole:
        return {name: whole.read(name).decode("utf-8", "replace") for name in whole.namelist()}


@pytest.mark.parametrize("who", [ANNA, NUMBER], ids=["email", "number"])
def test_she_is_given_what_stands_in_the_copy(store, house, url, tmp_path, who):
    held(house, url)
    files = package(fulfil_access, house, url, Right.ACCESS, tmp_path / "out", who)
    every = "".join(files.values())
    assert "Anna  Å" in every and "10.5" in every and "Eva" not in every


def test_the_same_rows_are_given_whether_they_are_moved_or_not(store, house, lite, tmp_path):
    def given():
        request = asked(house, Right.ACCESS)
        fulfil_access(house, request, reach(lite), tmp_path / request.number)
        told = [payload for entry, payload in book.opened() if entry.kind == "package.sealed"]
        return told[-1]["rows"]

    before = given()
    held(house, lite)
    assert given() == before == 4


def test_what_is_rectified_in_the_copy_comes_back_rectified(store, house, url):
    restriction = held(house, url)
    done = corrected(house, url, "Anna  Å", "Anna Åkesson")
    assert done.rows[("shop", "customers_restricted", "name")] == 1 and done.state == "delivered"
    assert look_after(house, restriction, reach(url)) == []
    lifted(house, url, restriction)
    assert run(url, "select name from customers where id = 1") == [("Anna Åkesson",)]
    assert run(url, "select * from customers_locked") == []


def test_what_is_erased_is_erased_from_the_copy_and_does_not_come_back(store, house, url):
    restriction = held(house, url)
    eva = {
        table: [row for row in rows if row[1 if table == "visits" else 0] == 2]
        for table, rows in dump(url).items()
    }
    (done,) = erase(house, [asked(house, Right.ERASURE)], reach(url))
    assert done.rows[("shop", "customers_restricted", "delete")] == 1
    assert done.rows[("shop", "orders_restricted", "delete")] == 2
    assert dump(url) == eva
    assert look_after(house, restriction, reach(url)) == []
    lifted(house, url, restriction)
    assert dump(url) == eva


def test_what_another_program_wrote_before_our_plan_is_still_a_breach_after_it(store, house, lite):
    restriction = held(house, lite)
    run(lite, "update customers_locked set number = 'K-1 '")
    run(lite, "insert into visits values (9, 1, 'x')")
    corrected(house, lite, "Anna  Å", "Anna Åkesson")
    found = {b.dataset: (b.changed, b.added) for b in look_after(house, restriction, reach(lite))}
    assert found == {"customers_restricted": (1, 0), "visits": (0, 1)}


ROADS = {
    Right.ACCESS: lambda house, url, out: fulfil_access(house, asked(house, Right.ACCESS), reach(url), out),
    Right.PORTABILITY: lambda house, url, out: fulfil_portability(
        house, asked(house, Right.PORTABILITY), reach(url), out
    ),
    Right.RECTIFICATION: lambda house, url, out: corrected(house, url, "Anna  Å", "Anna"),
    Right.ERASURE: lambda house, url, out: erase(house, [asked(house, Right.ERASURE)], reach(url)),
    Right.OBJECTION: lambda house, url, out: object_to(house, [ANNA], ["support"]),
    Right.WITHDRAWAL: lambda house, url, out: withdraw(house, [ANNA], ["photos"]),
    Right.RESTRICTION: lambda house, url, out: restrict(house, [ANNA], Ground.CLAIM, ["support"]),
}


@pytest.mark.parametrize("ground", list(Ground))
@pytest.mark.parametrize("right", list(ROADS))
def test_what_the_person_asks_for_is_done_meanwhile(store, house, lite, tmp_path, right, ground):
    held(house, lite, ground)
    before = dump(lite)
    ROADS[right](house, lite, tmp_path / "out")
    assert (dump(lite) == before) is (right not in (Right.RECTIFICATION, Right.ERASURE))


def test_every_right_has_its_row_in_the_table():
    # A review of a machine's decision is done by people, on no row (art. 22.3).
    assert set(ROADS) == set(Right) - {Right.HUMAN_REVIEW}
