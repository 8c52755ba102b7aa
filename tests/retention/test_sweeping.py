"""What has had its time leaves; nothing leaves before, and nothing that is held."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from lofte.connectors.sql.due import SqlDue
from lofte.consent import restrict, suppress
from lofte.consent.models import Notice, Suppression
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.plan.holds import HoldKind
from lofte.plan.restriction import Ground, Outcome
from lofte.requests.erasure import holds
from lofte.retention.models import Part, SweepEnd
from lofte.retention.sweep import alone
from tests.due.test_due_days import policy_of
from tests.retention.world import BERTIL, PURPOSES, RULES, TODAY, ago, done, stopped


def test_the_first_time_nothing_goes_before_somebody_has_approved_it(any_company):
    any_company.logs(3)
    swept = any_company.sweep()
    assert (done(swept), stopped(swept)) == ({}, {"logs": "unapproved"})
    assert len(any_company.ids("logs")) == 3
    any_company.approve()
    swept = any_company.sweep()
    assert (done(swept), stopped(swept)) == ({"logs": (3, 0, 0)}, {})
    assert any_company.ids("logs") == []


def test_a_row_goes_the_day_after_its_last_day_and_not_before(any_company):
    any_company.approve()
    any_company.put("logs", *({"id": n, "person": 1, "at": ago(n)} for n in (89, 90, 91, 92)))
    any_company.put("logs", {"id": 1, "person": 1, "at": None})
    any_company.sweep()
    assert any_company.ids("logs") == [1, 89, 90]
    any_company.clock.go(days=1)
    any_company.sweep()
    assert any_company.ids("logs") == [1, 89]


def test_what_is_swept_again_the_same_day_is_nothing(any_company):
    any_company.logs(5)
    any_company.approve()
    any_company.sweep()
    assert done(any_company.sweep()) == {}


def test_a_row_that_others_point_at_is_made_small_and_goes_with_the_last_of_them(any_company):
    any_company.put("contracts", {"id": 1, "person": 1, "name": "Anna", "ended": ago(200)})
    any_company.put("contracts", {"id": 2, "person": 1, "name": "Eva", "ended": ago(200)})
    any_company.put("notes", {"id": 1, "contract": 1, "said": "hej", "at": ago(10)})
    any_company.put("notes", {"id": 2, "contract": 2, "said": "hej", "at": ago(100)})
    any_company.approve()
    assert any_company.tasks()["contracts", "delete"].waiting == 2
    swept = any_company.sweep()
    assert done(swept) == {"notes": (1, 0, 0), "contracts": (1, 1, 0)}
    assert any_company.small.rows("contracts") == [(1, 1, None, ago(200))]
    assert done(any_company.sweep()) == {}
    any_company.small.run(f"update notes set at = '{ago(91)}'")
    assert done(any_company.sweep()) == {"notes": (1, 0, 0), "contracts": (1, 0, 0)}
    assert any_company.ids("contracts") == any_company.ids("notes") == []


def test_rows_that_point_at_rows_of_their_own_kind_go_leaf_by_leaf(any_company):
    any_company.put(
        "replies", *({"id": n, "above": n - 1 or None, "person": 1, "at": ago(99)} for n in range(1, 5))
    )
    any_company.put("replies", {"id": 10, "above": None, "person": 1, "at": ago(99)})
    any_company.put("replies", {"id": 11, "above": 10, "person": 1, "at": ago(9)})
    any_company.approve()
    assert done(any_company.sweep(size=2)) == {"replies": (4, 0, 0)}
    assert any_company.ids("replies") == [10, 11]


def test_a_ticket_is_made_nobodys_and_stays_for_counting(any_company):
    closed = date(2024, 6, 30)
    any_company.put(
        "tickets", {"id": 1, "person": 1, "said": "Anna ringer", "kind": "phone", "closed": closed}
    )
    any_company.approve()
    assert done(any_company.sweep()) == {"tickets": (0, 1, 0)}
    assert any_company.small.rows("tickets") == [(1, None, None, "other", date(2024, 1, 1))]
    assert any_company.tasks()["tickets", "anonymise"].rows == 0
    assert done(any_company.sweep()) == {}


def test_what_only_a_law_keeps_is_made_as_small_as_the_law_needs(any_company):
    row = {"id": 1, "person": 1, "name": "Anna", "total": "100", "issued": ago(400), "ended": ago(1)}
    any_company.put("invoices", row, {**row, "id": 2, "ended": None}, {**row, "id": 3, "ended": TODAY})
    any_company.put("invoices", {**row, "id": 4, "issued": date(2018, 12, 31)})
    any_company.approve()
    assert done(any_company.sweep()) == {"invoices": (1, 1, 0)}
    left = [(row[0], row[2], row[3]) for row in any_company.small.rows("invoices")]
    assert left == [(1, None, "100"), (2, "Anna", "100"), (3, "Anna", "100")]
    assert done(any_company.sweep()) == {}


def test_who_stopped_the_newsletter_is_remembered_as_a_hash_alone(any_company):
    any_company.put("subscribers", {"id": 1, "email": "Anna@kund.example", "stopped": ago(1)})
    any_company.put("subscribers", {"id": 2, "email": "eva@kund.example", "stopped": None})
    any_company.approve()
    assert done(any_company.sweep()) == {"subscribers": (1, 0, 0)}
    assert any_company.ids("subscribers") == [2]
    anna = Identity(kind=Kind.EMAIL, value="anna@kund.example")
    assert suppress.standing(any_company.house, anna, "email", suppress.MARKETING) is not None
    assert "anna" not in str(list(Suppression.objects.values())).lower()


def test_a_hold_stops_rows_until_it_is_lifted(any_company):
    any_company.logs(2, person=1)
    any_company.logs(2, first=10, person=2)
    any_company.approve()
    hold = holds.place(
        any_company.house, kind=HoldKind.LEGAL_CLAIM, identities=[any_company.anna()], case="T 1-26",
        review_on=date(2027, 1, 1), why="tvist", by=BERTIL,
    )  # fmt: skip
    assert any_company.tasks()["logs", "delete"].held == 2
    assert done(any_company.sweep()) == {"logs": (2, 0, 2)}
    assert any_company.ids("logs") == [1, 2]
    holds.lift(any_company.house, hold.ref, why="klart", by=BERTIL)
    assert done(any_company.sweep()) == {"logs": (2, 0, 0)}


def test_a_restriction_stops_rows_until_it_is_lifted(company):
    company.logs(1)
    company.approve()
    restriction = restrict.restrict(company.house, [company.anna()], Ground.ACCURACY)
    assert done(company.sweep()) == {"logs": (0, 0, 1)}
    restrict.announce_release(company.house, restriction)
    for notice in Notice.objects.all():
        restrict.tell(company.house, notice, channel="letter")
    restrict.lift(company.house, restriction, Outcome.CORRECTED, by=BERTIL)
    assert done(company.sweep()) == {"logs": (1, 0, 0)}


@pytest.mark.parametrize("parts", range(5))
def test_a_hold_that_is_placed_between_two_parts_is_obeyed(company, parts):
    company.logs(8)
    company.approve()
    told = []

    def place(line, rows):
        told.append(rows)
        if len(told) == parts:
            holds.place(
                company.house, kind=HoldKind.INCIDENT, identities=[company.anna()], case="I 1",
                review_on=date(2027, 1, 1), why="intrång", by=BERTIL,
            )  # fmt: skip

    company.sweep(size=2, tell=place)
    assert len(company.ids("logs")) == (8 - 2 * parts if parts else 0)


def test_a_hold_that_is_placed_while_rows_are_on_their_way_wins(company, monkeypatch):
    company.logs(4)
    company.approve()
    remove = SqlDue.remove

    def late(self, *arguments):
        went = remove(self, *arguments)
        monkeypatch.setattr(SqlDue, "remove", remove)
        holds.place(
            company.house, kind=HoldKind.LEGAL_CLAIM, identities=[company.anna()], case="T 2",
            review_on=date(2027, 1, 1), why="tvist", by=BERTIL,
        )  # fmt: skip
        return went

    monkeypatch.setattr(SqlDue, "remove", late)
    assert done(company.sweep()) == {"logs": (0, 0, 4)}
    assert len(company.ids("logs")) == 4


def test_rows_that_come_late_go_in_the_same_sweep_or_in_the_next(company):
    company.logs(4, first=10)
    company.approve()
    came = []

    def arrive(line, rows):
        if not came:
            came.append(True)
            company.logs(1, first=1)
            company.logs(1, first=99)

    assert done(company.sweep(size=2, tell=arrive)) == {"logs": (5, 0, 0)}
    assert company.ids("logs") == [1]
    assert done(company.sweep()) == {"logs": (1, 0, 0)}


def test_a_row_with_an_impossible_date_is_told_and_stops_nobody(company):
    company.logs(2)
    company.small.run("insert into logs (id, person, at) values (50, 1, '0000-00-00')")
    company.approve()
    swept = company.sweep()
    line = next(line for line in swept.lines if line.dataset == "logs")
    assert (line.gone, line.unknown, line.wrong) == (2, 1, 1)
    assert company.said("sweep.intended")[0]["wrong"] == 1


def test_a_trigger_that_the_map_does_not_name_stops_its_dataset_alone(company):
    company.logs(2)
    company.put("tickets", {"id": 1, "person": 1, "said": "x", "kind": "y", "closed": date(2024, 1, 2)})
    company.small.run("create table seen (n integer)")
    company.small.run("create trigger looks after delete on logs begin insert into seen values (old.id); end")
    company.approve()
    swept = company.sweep()
    assert (done(swept), stopped(swept)) == ({"tickets": (0, 1, 0)}, {"logs": "faults"})
    assert company.ids("logs") == [1, 2]


def test_a_trigger_that_comes_while_a_sweep_is_at_work_is_seen_by_the_next_dataset(company):
    company.logs(2)
    company.put("notes", {"id": 1, "contract": None, "said": "hej", "at": ago(100)})
    company.approve()
    first = []

    def come(line, rows):
        if not first:
            first.append(line.dataset)
            other = {"logs": "notes", "notes": "logs"}[line.dataset]
            company.small.run("create table seen (n integer)")
            company.small.run(f"create trigger looks after delete on {other} begin delete from seen; end")

    swept = company.sweep(tell=come)
    assert len(done(swept)) == 1
    assert stopped(swept) == {"logs" if first == ["notes"] else "notes": "faults"}


def test_rows_at_which_the_database_acts_by_itself_are_planned_and_take_nobody_with_them(company):
    company.small.run(
        "create table extras (id integer primary key, log integer references logs on delete cascade)"
    )
    company.logs(2)
    company.small.run("insert into extras values (1, 1)")
    company.approve()
    assert done(company.sweep())["logs"][0] == 1
    assert company.ids("logs") == [1]


def test_a_system_that_does_not_answer_is_told_and_the_next_sweep_goes_on(company):
    company.logs(2)
    company.approve()
    good, company.small.url = company.small.url, "postgresql://nobody@127.0.0.1:1/nothing"
    swept = company.sweep()
    assert set(stopped(swept).values()) == {"unreachable"}
    company.small.url = good
    assert done(company.sweep()) == {"logs": (2, 0, 0)}


def test_an_unusual_count_stops_its_dataset_until_somebody_says_why(company):
    company.logs(40)
    company.approve()
    company.sweep()
    company.clock.go(days=1)
    company.logs(121, first=100)
    company.put("subscribers", {"id": 1, "email": "anna@kund.example", "stopped": ago(1)})
    swept = company.sweep()
    assert (done(swept), stopped(swept)) == ({"subscribers": (1, 0, 0)}, {"logs": "unusual"})
    assert (
        company.said("sweep.stopped")[-1] | {"rows": 121, "usual": 40, "why": "unusual"}
        == company.said("sweep.stopped")[-1]
    )
    assert done(company.sweep(wide="nya loggar lästes in i går")) == {"logs": (121, 0, 0)}


def test_a_rule_that_is_changed_is_approved_anew(company):
    company.approve()
    company.logs(2, days=50)
    rules = {**RULES, "event": {"keep_until": "event.time + P30D", "action": "delete"}}
    company.house = dataclasses.replace(company.house, policy=policy_of(rules, PURPOSES))
    assert stopped(company.sweep()) == {"logs": "unapproved"}


def test_one_system_or_one_rule_may_be_asked_for(company):
    company.logs(1)
    company.put("subscribers", {"id": 1, "email": "anna@kund.example", "stopped": ago(1)})
    company.approve()
    assert set(company.tasks(rule="newsletter")) == {("subscribers", "suppress")}
    assert done(company.sweep(rule="newsletter")) == {"subscribers": (1, 0, 0)}
    with pytest.raises(Refused):
        company.sweep(rule="nothing")
    with pytest.raises(Refused):
        company.sweep(system="nowhere")


def test_a_day_that_has_not_come_sweeps_nothing(company):
    with pytest.raises(Refused, match="has not come"):
        company.sweep(as_of=date(2026, 11, 21))


def test_two_sweeps_are_not_at_work_at_once(company):
    with alone(company.house), pytest.raises(Conflict):
        company.sweep()


def test_the_ledger_tells_counts_and_nothing_of_anybody(company):
    company.logs(3)
    company.put("subscribers", {"id": 1, "email": "anna@kund.example", "stopped": ago(1)})
    company.approve()
    company.sweep(size=2)
    intended = {(each["dataset"], each["rows"]) for each in company.said("sweep.intended")}
    assert intended == {("logs", 3), ("subscribers", 1)}
    parts = [each for each in company.said("sweep.done") if each["dataset"] == "logs"]
    assert [(each["part"], each["gone"]) for each in parts] == [(1, 2), (2, 1)]
    assert company.said("sweep.ended")[-1]["gone"] == 4
    assert book.verify(company.house.keys.ledger) is None
    assert not Part.objects.exclude(keys=b"").exists()
    assert SweepEnd.objects.get().outcome == "done"


def test_a_row_that_is_nobodys_and_must_be_changed_is_a_fault_of_the_map(company):
    company.small.map.datasets["tickets"].__dict__["subject"] = ()
    company.small.map.datasets["tickets"].__dict__["nobody"] = None
    company.put("tickets", {"id": 1, "person": 1, "said": "x", "kind": "y", "closed": date(2024, 1, 2)})
    company.approve()
    assert stopped(company.sweep()) == {"tickets": "faults"}
