"""A request for erasure, from receipt to evidence, on the web host's database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.back import open_back
from lofte.connectors.sql.connector import open_sql
from lofte.errors import Conflict, Refused, Unreachable
from lofte.execution import book, restore_log
from lofte.execution.models import Step
from lofte.plan import erase as erasing
from lofte.plan.holds import HoldKind
from lofte.plan.records import Subject
from lofte.requests.course.lock import alone, shown
from lofte.requests.erasure import holds
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.erase_system import One
from lofte.requests.erasure.later import erase_later
from lofte.requests.models import Deferral, Erasure, Request
from tests.erase.conftest import BERTIL, asks, customer, dump

CLOSED = 32
"""A customer whose account is closed, with invoices that must be kept and some that need not."""
RUNNING = 2


def kinds(request: Request) -> list[str]:
    return [e.kind for e in book.entries() if e.object == request.ref]


def ids(tables, name: str) -> set:
    return {row[0] for row in tables[name]}


def test_everything_goes_but_the_books_which_are_minimised(fjordhem, world, store, connect, hosting_url):
    before = dump(hosting_url)
    request = asks(fjordhem, customer(world, CLOSED))
    (done,) = erase(fjordhem, [request], connect, by=BERTIL)
    after = dump(hosting_url)
    assert done.state == "delivered"
    gone = {name: ids(before, name) - ids(after, name) for name in before}
    assert gone["login_history"] and not gone["customers"]
    (row,) = [r for r in after["customers"] if r[0] == CLOSED]
    assert row[1] == f"raderad-{CLOSED}" and row[3] == "Raderad kund" and row[4] is None
    kept = Erasure.objects.filter(request=request, dataset="invoices", verb="keep")
    assert {e.ground for e in kept} == {"BFL-7-2"} and all(e.until >= date(2026, 12, 31) for e in kept)


def test_the_rows_of_all_others_are_as_they_were(fjordhem, world, store, connect, hosting_url):
    before = dump(hosting_url)
    identity = customer(world, CLOSED)
    with open_sql(fjordhem.datamap.systems[0], hosting_url).session() as session:
        subjects = [Subject(ref="x", identities=(identity,))]
        facts = session.facts(subjects, fjordhem.today)
    tables = {id_: d.table or id_ for id_, d in fjordhem.datamap.systems[0].datasets.items()}
    hers = {(tables[row.at.dataset], *row.key) for row in facts.rows}
    erase(fjordhem, [asks(fjordhem, identity)], connect)
    after = dump(hosting_url)
    for name in before:
        was, is_ = ({repr(row): row for row in tables_[name]} for tables_ in (before, after))
        for said in was.keys() ^ is_.keys():
            row = was.get(said) or is_[said]
            assert (name, str(row[0])) in hers or (name, str(row[0]), str(row[1])) in hers


def test_the_ledger_tells_intent_before_act_and_then_what_was_done(fjordhem, world, store, connect):
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect, by=BERTIL, approved_by="c" * 32)
    assert [kind for kind in kinds(request)[2:] if kind != "recipient.queued"] == [
        "erasure.intended", "step.done", "erasure.done", "erasure.verified", "step.done", "letter.made",
        "request.granted",
    ]  # fmt: skip
    said = [payload for entry, payload in book.opened() if entry.kind == "erasure.done"]
    assert said[0]["deleted"] > 10 and said[0]["changed"] > 0 and said[0]["kept"] > 0
    assert book.verify(fjordhem.keys.ledger) is None


def test_a_contract_that_runs_keeps_the_account(fjordhem, world, store, connect, hosting_url):
    before = dump(hosting_url)
    request = asks(fjordhem, customer(world, RUNNING))
    try:
        erase(fjordhem, [request], connect)
    finally:
        after = dump(hosting_url)
        assert before["customers"][RUNNING - 1] == after["customers"][RUNNING - 1]
        assert len(after["login_history"]) < len(before["login_history"])


def test_a_hold_that_comes_after_the_approval_wins(fjordhem, world, store, connect, hosting_url, monkeypatch):
    """It comes when the rows are already on their way."""
    identity = customer(world, CLOSED)
    request = asks(fjordhem, identity)
    before = dump(hosting_url)
    act, placed = One.act, []

    def late(self, session):
        wait = session.act

        def then(*given):
            acted = wait(*given)
            if not placed:
                placed.append(place())
            return acted

        session.act = then
        return act(self, session)

    def place():
        return holds.place(
            fjordhem,
            kind=HoldKind.LEGAL_CLAIM,
            identities=[identity],
            case="T 123-26",
            review_on=date(2027, 5, 1),
            why="tvist om en faktura",
            by=BERTIL,
        )

    monkeypatch.setattr(One, "act", late)
    erase(fjordhem, [request], connect)
    assert placed
    assert dump(hosting_url) == before
    assert set(Erasure.objects.values_list("verb", "ground")) == {("keep", "legal_claim")}


def test_a_lifted_hold_holds_nothing(fjordhem, world, store, connect, hosting_url):
    identity = customer(world, CLOSED)
    hold = holds.place(
        fjordhem, kind=HoldKind.LEGAL_CLAIM, identities=[identity], case="T 1-26",
        review_on=date(2027, 5, 1), why="tvist", by=BERTIL,
    )  # fmt: skip
    assert holds.standing(fjordhem, {0: [identity]})[0][0].ref == hold.ref
    holds.lift(fjordhem, hold.ref, why="förlikning", by=BERTIL)
    assert holds.standing(fjordhem, {0: [identity]}) == {}


def test_what_is_kept_goes_by_itself_on_its_day(fjordhem, world, store, connect, hosting_url, clock):
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect)
    by_law = Deferral.objects.filter(due_on__month=1, due_on__day=1)
    first, last = by_law.order_by("due_on").first().due_on, by_law.order_by("-due_on").first().due_on
    assert first < last
    clock.now = datetime(first.year - 1, 12, 31, 20, tzinfo=UTC)
    assert erase_later(fjordhem, connect) == ()
    assert not Deferral.objects.exclude(done_at=None).exists()
    clock.now = datetime(first.year, 1, 1, 9, tzinfo=UTC)
    assert erase_later(fjordhem, connect) == ()
    assert Deferral.objects.exclude(done_at=None).count() == by_law.filter(due_on=first).count()
    clock.now = datetime(last.year, 1, 1, 9, tzinfo=UTC)
    assert erase_later(fjordhem, connect) == ()
    after = dump(hosting_url)
    assert not by_law.filter(done_at=None).exists()
    contracts = {r["id"] for r in world.rows["contracts"] if r["customer_id"] == CLOSED}
    assert not [r for r in after["invoices"] if r[1] in contracts]


def test_what_is_kept_until_nobody_knows_when_is_looked_at_again(
    fjordhem, world, store, connect, hosting_url, clock
):
    """Rows that we only process for others point at the service; when they are gone it goes, and with it
    what was kept for its sake."""
    erase(fjordhem, [asks(fjordhem, customer(world, CLOSED))], connect)
    (again,) = set(Deferral.objects.exclude(due_on__month=1, due_on__day=1).values_list("due_on", flat=True))
    held = Deferral.objects.filter(due_on=again, dataset="services").count()
    assert held and again == (clock.now + timedelta(days=30)).date()
    clock.go(days=31)
    assert erase_later(fjordhem, connect) == ()
    assert Deferral.objects.filter(dataset="services", done_at=None, due_on__gt=again).count() == held
    engine = sa.create_engine(hosting_url)
    with engine.begin() as db:
        db.execute(sa.text("delete from http_requests"))
    engine.dispose()
    clock.go(days=31)
    assert erase_later(fjordhem, connect) == ()
    assert Deferral.objects.filter(dataset="services").exclude(done_at=None).count() == held


def test_an_answer_that_was_lost_is_not_done_twice_nor_forgotten(
    fjordhem, world, store, connect, hosting_url, monkeypatch
):
    """The database has made it lasting, and the word of it never came back."""
    request = asks(fjordhem, customer(world, CLOSED))
    record, lost = One.record, []

    def lose(self, *given):
        if not lost:
            lost.append(1)
            raise Unreachable("the answer was lost")
        return record(self, *given)

    monkeypatch.setattr(One, "record", lose)
    with pytest.raises(Unreachable):
        erase(fjordhem, [request], connect)
    between = dump(hosting_url)
    (done,) = erase(fjordhem, [request], connect)
    assert done.state == "delivered" and dump(hosting_url) == between
    assert done.rows["hosting", "login_history", "delete"] > 0
    assert done.rows["hosting", "customers", "change"] == 1
    assert Step.objects.get(request=request.ref, kind="erase").state == "done"


def test_erasing_again_changes_nothing(fjordhem, world, store, connect, hosting_url):
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect)
    once, entries = dump(hosting_url), len(list(book.entries()))
    erase(fjordhem, [request], connect)
    assert dump(hosting_url) == once and len(list(book.entries())) == entries


def test_one_person_is_erased_by_one_request_at_a_time(fjordhem, world, store, connect):
    first, second = (asks(fjordhem, customer(world, CLOSED)) for _ in range(2))
    with alone(fjordhem, "erase:elsewhere", shown([first])), pytest.raises(Conflict, match=first.number):
        erase(fjordhem, [second], connect)
    second.refresh_from_db()
    assert second.state == "identified"
    assert erase(fjordhem, [second], connect)[0].state == "delivered"


def test_a_system_that_does_not_answer_is_tried_again(fjordhem, world, store, connect):
    request = asks(fjordhem, customer(world, CLOSED))

    def away(system):
        raise Unreachable(f"{system.id} does not answer")

    with pytest.raises(Unreachable):
        erase(fjordhem, [request], away)
    assert Step.objects.get(request=request.ref, kind="erase").failure == "unreachable"
    (done,) = erase(fjordhem, [request], connect)
    assert done.state == "delivered"


def test_what_a_second_scanner_finds_sends_the_request_back(fjordhem, world, store, connect):
    number = next(
        n
        for n, row in enumerate(world.rows["customers"], 1)
        if row["closed_on"]
        and any(s["name"] == "sender_example" and s["value"] == row["email"] for s in world.rows["settings"])
    )
    request = asks(fjordhem, customer(world, number))
    with pytest.raises(Exception, match=r"hosting\.settings\.value") as found:
        erase(fjordhem, [request], connect)
    assert world.rows["customers"][number - 1]["email"] not in str(found.value)
    request.refresh_from_db()
    assert request.state == "searching"
    (done,) = erase(fjordhem, [request], connect, accepted=["hosting.settings.value"], by=BERTIL)
    assert done.state == "delivered"


def test_only_a_ground_of_the_law_will_do(fjordhem, world, store, connect):
    with pytest.raises(Refused):
        erase(fjordhem, [asks(fjordhem, customer(world, CLOSED))], connect, grounds=["17.1.x"])


def test_nothing_of_the_person_stands_in_our_own_house(fjordhem, world, store, connect):
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect)
    row = world.rows["customers"][CLOSED - 1]
    held = b"".join(p.read_bytes() for p in fjordhem.folder.rglob("*") if p.is_file()) + store.read_bytes()
    for value in (row["email"], row["name"], row["address"]):
        assert value.encode() not in held
    assert list(restore_log.rows(fjordhem, request.ref))


def test_many_are_erased_as_one(fjordhem, world, store, any_hosting, monkeypatch):
    """Whatever their number: two statements to find, one to lock, one to act, one to read back."""
    system = fjordhem.datamap.systems[0]
    counted = {}
    for count in (3, 100):
        subjects = [Subject(ref=str(n), identities=(customer(world, n),)) for n in range(1, count + 1)]
        connector = open_sql(system, any_hosting)
        with connector.session() as session:
            facts = session.facts(subjects, fjordhem.today)
        plan = erasing.plan(
            fjordhem.policy, fjordhem.datamap, facts, subjects, fjordhem.today, grounds=["17.1.d"]
        )
        acts = Counter(a.at.dataset for a in plan.acts)
        with connector.acting() as session:
            acted = session.act(plan, lambda *_: None)
        connector.close()
        counted[count] = facts.statements
        datasets = len(system.datasets)
        assert facts.statements <= 2 * datasets
        assert acted.statements <= 2 * len(acts) + sum(acts.values()) + 2
        assert max(acts.values()) <= 4
    assert counted[100] - counted[3] <= 4


def test_several_requests_go_in_one_pass(fjordhem, world, store, connect):
    closed = [n for n, r in enumerate(world.rows["customers"], 1) if r["closed_on"]][:5]
    requests = [asks(fjordhem, customer(world, n)) for n in closed]
    done = erase(fjordhem, requests, connect, accepted=["hosting.settings.value"])
    assert {d.state for d in done} == {"delivered"}
    assert all(sum(d.rows.values()) for d in done)


def test_a_mistake_is_undone_byte_for_byte(fjordhem, world, store, connect, hosting_url):
    before = dump(hosting_url)
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect)
    restore_log.undo(fjordhem, request.ref, lambda system: open_back(system, hosting_url))
    assert dump(hosting_url) == before
