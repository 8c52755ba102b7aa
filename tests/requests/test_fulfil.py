"""An access request from receipt to delivered package: exact, noted, and silent about the person."""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import zipfile

import pytest
from django.db import connection

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Ambiguous, Broken, Conflict, LedgerClosed, Refused, Unreachable
from lofte.execution import book, journal
from lofte.execution.models import LedgerEntry, LedgerRecord
from lofte.law.rights import Right
from lofte.requests import sealing
from lofte.requests.answer import fulfil
from lofte.requests.answer.deliver import deliver
from lofte.requests.answer.fulfil import fulfil_access
from lofte.requests.course.receive import add_identities, receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Finding, Request
from lofte.requests.worker.again import do_due, due_again
from lofte.site.logs import NothingPersonal, Plain
from tests.requests.memory import Memory, datamap

ANNA, EVA = "anna@kund.example", "eva@kund.example"
BERTIL = "b" * 32


@pytest.fixture(autouse=True)
def quick_pdf(request, monkeypatch):
    """The PDF has its own tests; setting it takes longer than all the rest."""
    if "whole_package" not in request.fixturenames:
        monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")


@pytest.fixture
def whole_package():
    """With the PDF too."""


@pytest.fixture
def billing():
    return Memory(
        "billing",
        customers=[
            {"id": 1, "email": ANNA, "name": "Anna Åkesson"},
            {"id": 2, "email": EVA, "name": "Anna Åkesson"},
        ],
        invoices=[
            {"id": 10, "customer": 1, "text": "Webbhotell Tallkotten"},
            {"id": 11, "customer": 2, "text": "Webbhotell Grankotten"},
            {"id": 12, "customer": 1, "text": "Domän tallkotten.example"},
        ],
        visitors=[{"id": 20, "email": ANNA}],
    )


@pytest.fixture
def house(house):
    return dataclasses.replace(house, datamap=datamap("billing"))


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def identified(house, *values) -> Request:
    identities = [Identity(kind=Kind.EMAIL, value=v) for v in values or (ANNA,)]
    request = receive(house, right=Right.ACCESS, identities=identities, channel="letter", by=BERTIL)
    return identify(house, request, method="BankID Åkesson", level=Level.PROVEN, by=BERTIL)


def fulfilled(house, request, system, out, **more):
    return fulfil_access(house, request, lambda s: system, out, by=BERTIL, **more)


def kinds():
    return [e.kind for e in book.entries()]


def state(request):
    return Request.objects.get(pk=request.pk).state


def rows_in(path):
    with zipfile.ZipFile(path) as package:
        data = json.loads(package.read("data.json"))
    return {d["id"]: d["rows"] for d in data["datasets"]}


def test_a_person_gets_their_rows_and_nobody_elses(any_store, house, billing, out):
    answer = fulfilled(house, identified(house), billing, out)
    assert answer.path == out / "2026-000001.zip"
    with zipfile.ZipFile(answer.path) as package:
        text = package.read("data.json").decode()
    assert "Tallkotten" in text and "tallkotten.example" in text
    assert "Grankotten" not in text and EVA not in text
    assert state(Request.objects.get()) == "delivered"


def test_each_step_leaves_its_entry_in_order(any_store, house, billing, out):
    fulfilled(house, identified(house), billing, out)
    assert kinds() == [
        "request.received",
        "request.identified",
        "access.intended",
        "step.done",
        "package.sealed",
        "step.done",
        "request.delivered",
    ]
    assert book.verify(house.keys.ledger) is None and book.waiting() == 0


def test_findings_are_counts(store, house, billing, out):
    request = identified(house)
    fulfilled(house, request, billing, out)
    found = {(f.dataset, f.verb): f.rows for f in Finding.objects.all()}
    assert found == {("customer", "give"): 1, ("invoice", "give"): 2, ("visitor", "forward"): 1}


def test_a_mention_waits_for_somebody_to_look_at_it(store, house, billing, out):
    billing.unsure = "Domän"
    answer = fulfilled(house, identified(house), billing, out)
    found = Finding.objects.get(dataset="invoice")
    assert (found.rows, found.waiting) == (1, 1)
    with zipfile.ZipFile(answer.path) as package:
        assert "tallkotten.example" not in package.read("data.json").decode()


def test_nothing_held_is_an_answer_too(store, house, billing, out):
    answer = fulfilled(house, identified(house, "nobody@kund.example"), billing, out)
    assert answer.rows == 0 and answer.path.is_file()


def test_the_search_tells_how_far_it_has_come(store, house, billing, out):
    told = []
    fulfilled(house, identified(house), billing, out, progress=told.append)
    assert [(p.dataset, p.done, p.of) for p in told] == [
        ("customer", 1, 3),
        ("invoice", 2, 3),
        ("visitor", 3, 3),
    ]


def test_without_a_place_to_put_it_the_package_waits_in_the_house(store, house, billing, out):
    request = identified(house)
    waiting = fulfilled(house, request, billing, None)
    assert waiting.state == "ready" and waiting.path.is_file()
    assert waiting.path.stat().st_mode & 0o077 == 0
    delivered = fulfilled(house, request, billing, out)
    assert delivered.sha256 == waiting.sha256 and billing.opened == 1


def test_who_is_not_identified_gets_nothing(store, house, billing, out):
    identity = Identity(kind=Kind.EMAIL, value=ANNA)
    request = receive(house, right=Right.ACCESS, identities=[identity], channel="email")
    with pytest.raises(Conflict):
        fulfilled(house, request, billing, out)
    assert billing.opened == 0 and not out.exists()


def test_two_persons_behind_one_address_are_asked_for_more(store, house, billing, out):
    billing.customers[1]["email"] = ANNA
    request = identified(house)
    with pytest.raises(Ambiguous):
        fulfilled(house, request, billing, out)
    assert state(request) == "received" and not out.exists()
    assert kinds()[-1] == "request.ambiguous"


def test_another_identity_tells_them_apart(store, house, billing, out):
    billing.customers[0]["no"] = "K1"
    billing.customers[1] |= {"email": ANNA, "no": "K2"}
    request = identified(house)
    with pytest.raises(Ambiguous):
        fulfilled(house, request, billing, out)
    more = [Identity(kind=Kind.CUSTOMER_NO, value="K1")]
    identify(house, request, method="visit", level=Level.PROVEN, by=BERTIL, proven=more)
    assert fulfilled(house, request, billing, out).state == "delivered"


def test_identities_of_two_persons_give_nothing_of_either(store, house, billing, out):
    request = identified(house)
    other = [Identity(kind=Kind.EMAIL, value=billing.customers[1]["email"])]
    add_identities(house, request, sealing.unwrap(house.keys.wrapping, request.key, request.ref), other)
    with pytest.raises(Ambiguous):
        fulfilled(house, request, billing, out)
    assert not out.exists() and state(request) == "received"


def test_only_access_is_answered_with_a_package(store, house, billing, out):
    identity = Identity(kind=Kind.EMAIL, value=ANNA)
    request = receive(house, right=Right.ERASURE, identities=[identity], channel="visit")
    with pytest.raises(Refused):
        fulfilled(house, request, billing, out)


def test_one_system_that_is_down_leaves_the_request_searching(store, house, billing, out):
    house = dataclasses.replace(house, datamap=datamap("billing", "support"))
    systems = {"billing": billing, "support": Memory("support", down=True)}
    request = identified(house)
    with pytest.raises(Unreachable):
        fulfil_access(house, request, lambda s: systems[s.id], out)
    assert state(request) == "searching" and billing.opened == 1 and not out.exists()
    assert [(s.target, s.state) for s in journal.steps(request.ref)] == [
        ("billing", "done"),
        ("support", "waiting"),
        ("package", "waiting"),
    ]
    systems["support"].down = False
    assert fulfil_access(house, request, lambda s: systems[s.id], out).path.is_file()


def test_a_system_that_was_down_is_tried_again_when_it_has_waited(any_store, house, billing, out):
    request = identified(house)
    billing.down = True
    for _ in range(2):
        with pytest.raises(Unreachable):
            fulfilled(house, request, billing, None)
    assert due_again(house.now) == []
    house.clock.go(seconds=journal.wait_after(2).total_seconds())
    assert do_due(house, lambda s: billing) == 0 and due_again(house.now) == []
    billing.down = False
    house.clock.go(minutes=10)
    assert do_due(house, lambda s: billing) == 1
    assert state(request) == "ready" and due_again(house.now) == []


def test_what_a_dead_process_left_is_taken_up_when_its_lease_is_out(store, house, billing, out):
    class PowerCutError(BaseException):
        pass

    def cut():
        raise PowerCutError

    request = identified(house)
    billing.before_read = cut
    with pytest.raises(PowerCutError):
        fulfilled(house, request, billing, None)
    billing.before_read = lambda: None
    assert due_again(house.now) == []
    house.clock.go(minutes=6)
    assert do_due(house, lambda s: billing) == 1


def test_a_system_that_never_answers_waits_for_a_person_at_last(store, house, billing, out):
    request = identified(house)
    billing.down = True
    with pytest.raises(Unreachable):
        fulfilled(house, request, billing, None)
    for _ in range(journal.ATTEMPTS):
        house.clock.go(hours=7)
        do_due(house, lambda s: billing)
    assert [s.state for s in journal.steps(request.ref)] == ["failed", "waiting"]
    assert kinds().count("step.failed") == journal.ATTEMPTS


def test_a_long_read_keeps_its_step(store, house, billing, out):
    billing.invoices += [{"id": n, "customer": 1, "text": "rad"} for n in range(100, 12_100)]
    billing.before_read = lambda: house.clock.go(minutes=4)
    seen = []
    request = identified(house)

    def look(progress):
        seen.append(journal.claim("thief", house.now, request=request.ref, kinds=["read"]))

    fulfilled(house, request, billing, out, progress=look)
    assert seen == [None] * 3


def test_whoever_was_at_it_before_is_shut_out(store, house, billing, out):
    """Another begins again while we read: ours does not become a package."""
    request = identified(house)
    billing.before_read = lambda: fulfil._intend(
        fulfil.Work(house=house, request=request, plan=plan_of(house, request), owner="other", by="")
    )
    with pytest.raises(Conflict):
        fulfilled(house, request, billing, out)
    assert state(request) == "searching" and packages(house) == [] and not out.exists()
    billing.before_read = lambda: None
    assert fulfilled(house, request, billing, out).path.is_file()


def test_a_crash_while_reading_leaves_nothing_and_can_be_done_again(store, house, billing, out):
    class PowerCutError(BaseException):
        pass

    def cut():
        raise PowerCutError

    request = identified(house)
    billing.before_read = cut
    with pytest.raises(PowerCutError):
        fulfilled(house, request, billing, out)
    assert packages(house) == [] and list((house.folder / "spool").iterdir()) == []
    billing.before_read = lambda: None
    assert fulfilled(house, request, billing, out).path.is_file()
    assert kinds().count("package.sealed") == 1


@pytest.mark.parametrize("table", [LedgerRecord, LedgerEntry])
def test_a_closed_ledger_lets_nothing_be_read(store, house, billing, out, table):
    request = identified(house)
    close(table)
    with pytest.raises(LedgerClosed):
        fulfilled(house, request, billing, out)
    assert billing.opened == 0 and not out.exists() and state(request) == "identified"


@pytest.mark.parametrize("table", [LedgerRecord, LedgerEntry])
def test_a_ledger_that_closes_while_reading_leaves_no_package(store, house, billing, out, table):
    request = identified(house)
    billing.before_read = lambda: close(table)
    with pytest.raises(LedgerClosed):
        fulfilled(house, request, billing, out)
    assert packages(house) == [] and not out.exists() and state(request) == "searching"


def test_a_ledger_that_closes_before_the_delivery_hands_nothing_out(store, house, billing, out):
    request = identified(house)
    fulfilled(house, request, billing, None)
    close(LedgerEntry)
    with pytest.raises(LedgerClosed):
        deliver(house, request, out)
    assert list(out.iterdir()) == [] and state(request) == "ready"


def test_a_package_that_was_changed_is_not_handed_out(store, house, billing, out):
    request = identified(house)
    waiting = fulfilled(house, request, billing, None)
    with waiting.path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(Broken):
        deliver(house, request, out)
    assert not out.exists() or list(out.iterdir()) == []


def test_handing_out_again_is_no_new_delivery(store, house, billing, out):
    request = identified(house)
    first = fulfilled(house, request, billing, out)
    first.path.unlink()
    assert deliver(house, request, out).path.is_file()
    assert kinds().count("request.delivered") == 1


PERSONAL = [ANNA, "Åkesson", "Tallkotten", "tallkotten", "BankID", "199001012385", "9001012385"]


def test_the_person_stands_nowhere_in_store_ledger_or_log(store, house, billing, out, whole_package, capfd):
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(Plain())
    handler.addFilter(NothingPersonal())
    names = ["", "django", "lofte", "sqlalchemy"]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        identities = [
            Identity(kind=Kind.EMAIL, value=ANNA),
            Identity(kind=Kind.PERSONNUMMER, value="199001012385"),
        ]
        request = receive(house, right=Right.ACCESS, identities=identities, channel="visit", by=BERTIL)
        request = identify(house, request, method="BankID Åkesson", level=Level.PROVEN, by=BERTIL)
        answer = fulfilled(house, request, billing, out)
    finally:
        for name in names:
            logging.getLogger(name).removeHandler(handler)
            logging.getLogger(name).setLevel(levels[name])
    with zipfile.ZipFile(answer.path) as package:
        page = package.read("index.html").decode()
        assert package.read("index.pdf").startswith(b"%PDF-")
    assert "Åkesson" in page  # the words searched for are the right ones
    written = b"".join(f.read_bytes() for f in store.parent.glob(store.name + "*"))
    assert b"2026-000001" in written
    for word in PERSONAL:
        for spelled in (word.encode(), word.encode("utf-16-le"), word.encode("latin-1")):
            assert spelled not in written
        assert word not in log.getvalue() and word not in "".join(capfd.readouterr())
    assert sorted(p.name for p in (house.folder / "spool").iterdir()) == []


def test_nobody_else_may_look_at_work_under_way(store, house, billing, out):
    seen = []
    spool = house.folder / "spool"
    billing.before_read = lambda: seen.extend(p.stat().st_mode & 0o777 for p in (spool, *spool.iterdir()))
    fulfilled(house, identified(house), billing, out)
    assert set(seen) == {0o700}


def plan_of(house, request):
    from lofte.plan.access import plan

    return plan(house.policy, house.datamap, [fulfil.subject_of(house, request)], house.today)


def packages(house):
    folder = house.folder / "packages"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def close(table) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS closed BEFORE INSERT ON {table._meta.db_table}"
            " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
