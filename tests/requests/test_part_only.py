"""A right that is asked of some kinds of data only, from the asking to the answer."""

from __future__ import annotations

import dataclasses
import json
import shutil
import zipfile

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.back import open_back
from lofte.connectors.sql.connector import open_sql
from lofte.datamap.document import DataMap, Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.law.clock import Waits
from lofte.law.rights import Right
from lofte.plan.scope import NOT_ASKED, Item
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.answer.portable import fulfil_portability
from lofte.requests.course import ticking
from lofte.requests.course.before import open_wish
from lofte.requests.course.receive import receive
from lofte.requests.course.scoped import scoped
from lofte.requests.course.take import take
from lofte.requests.door.identify import Level, identify
from lofte.requests.erasure.approve import approve
from lofte.requests.erasure.as_approved import NotApproved
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.erase_again import erasing
from lofte.requests.erasure.letter import letter
from lofte.requests.erasure.preview import preview
from lofte.requests.erasure.restored import replay
from lofte.requests.erasure.undo import undo
from lofte.requests.models import Deferral, Erasure, Request
from tests.erase.small import (
    ANNA,
    EVA,
    PERSONS,
    POLICY,
    TECHNICAL,
    Small,
    dataset,
    field,
    number,
    persons,
    reference,
    system,
    text,
)

BERTIL = "b" * 32
HER = Identity(kind=Kind.EMAIL, value=ANNA)
CONTACT, BOOKS = frozenset({"contact"}), frozenset({"books"})
MAP = system(
    persons=PERSONS,
    notes=dataset(
        [reference("person", "persons")],
        {"person": TECHNICAL, "said": field(), "sum": field("books")},
    ),
)


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch):
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")


@pytest.fixture
def shop(store, tmp_path):
    m = sa.MetaData()
    persons(m)
    sa.Table("notes", m, number(), number("person", nullable=True), text("said"), text("sum"))
    made = Small(f"sqlite:///{tmp_path}/shop.db", m, MAP)
    made.put("persons", {"id": 1, "email": ANNA}, {"id": 2, "email": EVA})
    made.put("notes", {"id": 1, "person": 1, "said": "hej", "sum": "12"})
    made.put("notes", {"id": 2, "person": 2, "said": "nej", "sum": "34"})
    yield made
    made.close()


@pytest.fixture
def house(house):
    return dataclasses.replace(house, policy=POLICY, datamap=DataMap(systems=(MAP,)))


@pytest.fixture
def connect(shop):
    return lambda _system: open_sql(MAP, shop.url)


def asks(house, right, scope):
    request = receive(house, right=right, identities=[HER], channel="letter", by=BERTIL, scope=scope)
    return identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)


def content(path, name):
    with zipfile.ZipFile(path) as package:
        assert not package.testzip()
        return package.read(name).decode()


def test_a_package_holds_what_was_asked_about_and_says_so(house, shop, connect, tmp_path):
    request = asks(house, Right.ACCESS, BOOKS)
    path = fulfil_access(house, request, connect, tmp_path / "out", by=BERTIL).path
    data = json.loads(content(path, "data.json"))
    assert data["case"]["asked"] == ["books"]
    assert [d["dataset"] for d in data["datasets"]] == ["notes"]
    assert [row["sum"] for row in data["datasets"][0]["rows"]] == ["12"]
    assert {c["id"] for c in data["answer"]["categories"]} == {"books"}
    assert not {p["id"] for p in data["answer"]["purposes"]} & {"serve", "sell"}
    page = content(path, "index.html")
    assert "hej" not in json.dumps(data["datasets"]) and "Svaret gäller bara det" in page


def test_what_is_taken_along_is_what_was_asked_about(house, shop, connect, tmp_path):
    policy = POLICY.model_copy(update={"purposes": {**POLICY.purposes}})
    sell = policy.purposes["sell"].model_copy(update={"categories": ("contact", "books")})
    policy = policy.model_copy(update={"purposes": {**policy.purposes, "sell": sell}})
    datasets = {
        id_: d.model_copy(update={"purposes": ("sell",)})
        for id_, d in house.datamap.systems[0].datasets.items()
    }
    map_ = house.datamap.systems[0].model_copy(update={"datasets": datasets})
    house = dataclasses.replace(house, policy=policy, datamap=DataMap(systems=(map_,)))
    request = asks(house, Right.PORTABILITY, BOOKS)
    out = tmp_path / "out"
    path = fulfil_portability(house, request, lambda s: open_sql(s, shop.url), out, by=BERTIL).path
    data = json.loads(content(path, "portable.json"))
    assert data["case"]["asked"] == ["books"]
    (notes,) = data["datasets"]
    assert [f["name"] for f in notes["fields"]] == ["id", "sum"]


def test_an_erasure_of_a_part_leaves_the_rest_and_tells_why(house, shop, connect):
    request = asks(house, Right.ERASURE, BOOKS)
    (done,) = erase(house, [request], connect, grounds=("17.1.d",), by=BERTIL)
    assert done.state == "delivered"
    assert shop.rows("notes") == [(1, 1, "hej", None), (2, 2, "nej", "34")]
    assert (1, ANNA) in shop.rows("persons")
    assert set(Erasure.objects.values_list("ground", flat=True)) == {NOT_ASKED}
    assert not Deferral.objects.exists()
    said = letter(house, request, "en")
    assert "You asked about a part only: Books" in said and "that you did not ask about" in said


def test_what_was_erased_of_a_part_is_put_back_by_an_undoing(house, shop, connect):
    before = shop.rows("notes"), shop.rows("persons")
    request = asks(house, Right.ERASURE, CONTACT)
    erase(house, [request], connect, grounds=("17.1.d",), by=BERTIL)
    assert shop.rows("persons") == [(1, None), (2, EVA)]
    undo(house, request.number, lambda _: open_back(MAP, shop.url), by=BERTIL)
    assert (shop.rows("notes"), shop.rows("persons")) == before


@pytest.mark.parametrize("forgotten", [False, True])
def test_whom_a_backup_brings_back_is_erased_again_as_far_as_they_asked(
    house, shop, connect, clock, tmp_path, forgotten
):
    shutil.copy(f"{tmp_path}/shop.db", f"{tmp_path}/backup.db")
    request = asks(house, Right.ERASURE, CONTACT)
    erase(house, [request], connect, grounds=("17.1.d",), by=BERTIL)
    after = shop.rows("notes"), shop.rows("persons")
    shop.close()
    shutil.copy(f"{tmp_path}/backup.db", f"{tmp_path}/shop.db")
    clock.go(days=1)
    if forgotten:
        Request.objects.all().delete()
    replay(house, "small", lambda s: open_back(s, shop.url), erasing(house, lambda s: open_sql(s, shop.url)))
    assert (shop.rows("notes"), shop.rows("persons")) == after


def test_two_parts_of_one_person_come_to_both(house, shop, connect):
    case = take(
        house,
        rights=[Item(Right.ERASURE, BOOKS), Item(Right.ERASURE, CONTACT)],
        identities=[HER],
        channel="letter",
        by=BERTIL,
    )
    requests = list(case.items.order_by("id"))
    assert [r.scope for r in requests] == [["books"], ["contact"]]
    for request in requests:
        identify(house, request, method="BankID", level=Level.PROVEN, by=BERTIL)
    done = erase(house, requests, connect, grounds=("17.1.d",), by=BERTIL)
    assert [d.state for d in done] == ["delivered", "delivered"]
    assert shop.rows("notes")[0][2:] == (None, None) and shop.rows("persons") == [(1, None), (2, EVA)]


def test_an_approval_is_of_the_part_that_was_seen(house, shop, connect, handlers):
    request = asks(house, Right.ERASURE, BOOKS)
    seen = preview(house, request, connect, grounds=("17.1.d",))
    Request.objects.filter(pk=request.pk).update(scope=["contact"])
    with pytest.raises(Conflict, match="how far they ask"):
        approve(house, request, seen, by=handlers)
    Request.objects.filter(pk=request.pk).update(scope=["books"])
    approve(house, request, seen, by=handlers)
    Request.objects.filter(pk=request.pk).update(scope=[])
    request.refresh_from_db()
    with pytest.raises(NotApproved):
        erase(house, [request], connect, grounds=("17.1.d",), by=BERTIL)


@pytest.fixture
def handlers(store):
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Role

    return Handler.objects.create(ref="c" * 32, email="cecilia@kund.example", role=Role.APPROVER).ref


def test_a_wish_within_an_open_one_is_linked_and_a_wider_one_is_new(store, house):
    part = receive(house, right=Right.ACCESS, identities=[HER], channel="letter", scope=BOOKS)
    assert open_wish(house, Right.ACCESS, [HER], BOOKS) == part
    assert open_wish(house, Right.ACCESS, [HER]) is None
    whole = take(house, rights=[Right.ACCESS], identities=[HER], channel="letter")
    assert Request.objects.count() == 2
    again = take(house, rights=[Item(Right.ACCESS, CONTACT)], identities=[HER], channel="letter")
    assert again == whole and Request.objects.count() == 2


def test_everything_and_a_part_in_one_breath_is_everything(store, house):
    case = take(house, rights=[Item(Right.ACCESS, BOOKS), Right.ACCESS], identities=[HER], channel="letter")
    assert [each.scope for each in case.items.all()] == [[]]


def test_a_category_that_nobody_has_is_refused(store, house):
    with pytest.raises(Refused, match="no category"):
        receive(house, right=Right.ACCESS, identities=[HER], channel="letter", scope=["shoes"])


def test_who_is_asked_what_is_meant_says_it_once_and_the_clock_goes_on(store, house, clock):
    request = asks(house, Right.ACCESS, ())
    with pytest.raises(Conflict, match="not asked what is meant"):
        scoped(house, request, BOOKS)
    ticking.wait(house, request, Waits.SCOPE, why="Vilka uppgifter menar du?", by=BERTIL)
    clock.go(days=3)
    now_is = scoped(house, request, BOOKS)
    assert now_is.scope == ["books"] and ticking.clock_of(now_is).stopped is None
    kinds = [payload for entry, payload in book.opened() if entry.kind == "request.scoped"]
    assert kinds == [{"categories": 1}]
    with pytest.raises(Conflict, match="said it already"):
        scoped(house, request, CONTACT)
