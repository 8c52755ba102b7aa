"""Somebody else who writes to restricted rows is stopped or reported, by whatever means they are held."""

from __future__ import annotations

import dataclasses

import pytest

from lofte.connectors.sql.connector import open_sql
from lofte.consent import watch
from lofte.consent.enforce import enforce, look_after, look_after_all, put_back
from lofte.consent.models import BreachEnded, RestrictionBreach, StatusSet, Watched
from lofte.consent.restrict import announce_release, lift, restrict, tell, waiting_notices
from lofte.datamap.copies import with_copies
from lofte.datamap.document import DataMap, System
from lofte.errors import Refused, Unreachable
from lofte.execution import book
from lofte.plan.restriction import Difference, Ground, Outcome, difference
from tests.restriction.second import write
from tests.restriction.test_locked_copy import ANNA, DATABASES, MAP, fill, run
from tests.services import mariadb_database, postgres_database, sqlite_database

pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
STATUS = {"column": "state", "value": "restricted"}
MEANS = ["copy", "status", "gate"]
WRITES = {
    "changed": "update customers set name = 'X' where number = 'K-1'",
    "gone": "delete from visits where customer = 1",
    "added": "insert into visits values (3, 1, 'c')",
}


def system(means):
    datasets = {id_: dict(dataset) for id_, dataset in MAP["datasets"].items()}
    fields = {**datasets["customers"]["fields"], "state": {"technical": True}}
    datasets["customers"] = {**datasets["customers"], "fields": fields}
    for dataset in datasets.values():
        dataset.pop("restrict", None)
    if means == "copy":
        for id_ in ("customers", "orders"):
            datasets[id_]["restrict"] = {"copy": f"{id_}_locked"}
    if means == "status":
        datasets["customers"]["restrict"] = STATUS
    return with_copies(System.model_validate({**MAP, "datasets": datasets}))


def house_of(house, means):
    return dataclasses.replace(house, datamap=DataMap(systems=(system(means),)))


def prepared(url):
    fill(url)
    for table in ("customers", "customers_locked"):
        run(url, f"alter table {table} add column state varchar(20)")
    run(url, "update customers set state = 'active'")
    return url


@pytest.fixture(params=DATABASES)
def url(request, tmp_path):
    if request.param == "sqlite":
        yield prepared(sqlite_database(tmp_path))
        return
    with postgres_database() if request.param == "postgres" else mariadb_database("utf8mb4_bin") as url:
        yield prepared(url)


@pytest.fixture
def lite(tmp_path):
    return prepared(sqlite_database(tmp_path))


def reach(url):
    return lambda system: open_sql(system, url)


def tell_all(house):
    for notice in waiting_notices():
        tell(house, notice, channel="email")


def held(house, url, ground=Ground.ACCURACY, purposes=()):
    restriction = restrict(house, [ANNA], ground, purposes)
    tell_all(house)
    enforce(house, restriction, [ANNA], reach(url))
    return restriction


def lifted(house, url, restriction):
    announce_release(house, restriction)
    tell_all(house)
    lift(house, restriction, Outcome.ESTABLISHED, by="b" * 32)
    put_back(house, restriction, reach(url))


def counts(breaches):
    return {
        b.dataset: {n: getattr(b, n) for n in ("changed", "gone", "overwritten", "added") if getattr(b, n)}
        for b in breaches
    }


@pytest.mark.parametrize("means", MEANS)
def test_while_nobody_writes_there_is_nothing_to_report(store, house, url, means):
    house = house_of(house, means)
    restriction = held(house, url)
    assert look_after(house, restriction, reach(url)) == []
    write(
        url, "update customers set name = 'Y' where number = 'K-2'", "delete from visits where customer = 2"
    )
    assert look_after(house, restriction, reach(url)) == []


@pytest.mark.parametrize("means", ["status", "gate"])
@pytest.mark.parametrize("what", sorted(WRITES))
def test_what_another_program_writes_is_reported(store, house, url, means, what):
    house = house_of(house, means)
    restriction = held(house, url)
    assert write(url, WRITES[what]) == [1]
    dataset = "customers" if what == "changed" else "visits"
    assert counts(look_after(house, restriction, reach(url))) == {dataset: {what: 1}}


def test_with_the_copy_another_program_hits_nothing_and_what_it_adds_is_reported(store, house, url):
    house = house_of(house, "copy")
    restriction = held(house, url)
    wanted = "update orders set amount = 0 where customer = 1"
    assert write(url, WRITES["changed"], wanted, "delete from customers where id = 1") == [0, 0, 0]
    assert look_after(house, restriction, reach(url)) == []
    write(url, "insert into customers values (8, 'anna@kund.example', 'K-1', 'A', null, null)")
    assert counts(look_after(house, restriction, reach(url))) == {"customers": {"added": 1}}


def test_somebody_who_writes_to_the_copy_itself_is_reported(store, house, lite):
    house = house_of(house, "copy")
    restriction = held(house, lite)
    write(lite, "update customers_locked set name = 'X'")
    assert counts(look_after(house, restriction, reach(lite))) == {"customers_restricted": {"changed": 1}}


def test_a_column_that_was_overwritten_says_it_again_and_that_it_did_is_recorded(store, house, url):
    house = house_of(house, "status")
    restriction = held(house, url)
    write(url, "update customers set state = 'vip' where id = 1")
    (breach,) = look_after(house, restriction, reach(url))
    assert counts([breach]) == {"customers": {"overwritten": 1}}
    assert run(url, "select state from customers where id = 1") == [("restricted",)]
    assert StatusSet.objects.filter(restriction=restriction).count() == 2
    assert look_after(house, restriction, reach(url)) == []
    assert BreachEnded.objects.get(breach=breach).how == "mended"
    lifted(house, url, restriction)
    # The last that a program of the company wanted there.
    assert run(url, "select state from customers where id = 1") == [("vip",)]


def test_a_breach_is_told_once_and_once_more_when_it_grows(store, house, lite):
    house = house_of(house, "gate")
    restriction = held(house, lite)
    write(lite, WRITES["added"])
    (first,) = look_after(house, restriction, reach(lite))
    assert look_after(house, restriction, reach(lite)) == [first]
    house.clock.go(hours=1)
    write(lite, "insert into visits values (4, 1, 'd')")
    (grown,) = look_after(house, restriction, reach(lite))
    assert counts([grown]) == {"visits": {"added": 2}} and grown.since == first.since
    told = [(e.kind, p["dataset"]) for e, p in book.opened() if "breach" in e.kind]
    assert told == [
        ("restriction.breached", "visits"),
        ("restriction.breach_ended", "visits"),
        ("restriction.breached", "visits"),
    ]
    assert book.verify(house.keys.ledger) is None


def test_rows_that_say_again_what_they_said_have_mended_it(store, house, lite):
    house = house_of(house, "gate")
    restriction = held(house, lite)
    write(lite, WRITES["changed"])
    (breach,) = look_after(house, restriction, reach(lite))
    write(lite, "update customers set name = 'Anna  Å' where id = 1")
    assert look_after(house, restriction, reach(lite)) == []
    assert BreachEnded.objects.get(breach=breach).how == "mended"


def test_somebody_may_settle_it_with_a_reason_and_what_comes_after_is_new(store, house, lite):
    house = house_of(house, "gate")
    restriction = held(house, lite)
    with pytest.raises(Refused):
        watch.settle(house, restriction, reach(lite), why="nothing to settle")
    write(lite, WRITES["added"], WRITES["changed"])
    look_after(house, restriction, reach(lite))
    with pytest.raises(Refused):
        watch.settle(house, restriction, reach(lite), why=" ")
    assert watch.settle(house, restriction, reach(lite), why="The law demands it.", by="b" * 32) == 2
    assert look_after(house, restriction, reach(lite)) == []
    ended = BreachEnded.objects.first()
    assert (ended.how, ended.by) == ("settled", "b" * 32) and b"law" not in bytes(ended.words)
    write(lite, "update customers set name = 'Z' where id = 1")
    assert counts(look_after(house, restriction, reach(lite))) == {"customers": {"changed": 1}}


def test_when_it_ends_what_was_known_is_forgotten_and_what_happened_before_is_told(store, house, lite):
    house = house_of(house, "status")
    restriction = held(house, lite)
    assert Watched.objects.exists()
    write(lite, WRITES["added"])
    lifted(house, lite, restriction)
    assert not Watched.objects.exists()
    assert BreachEnded.objects.get(breach=RestrictionBreach.objects.get()).how == "lifted"


def test_what_is_known_of_a_row_says_nothing_without_the_keys(store, house, lite):
    held(house_of(house, "gate"), lite)
    sealed = b"".join(bytes(w.seen) + bytes(w.key) for w in Watched.objects.all())
    assert b"anna" not in sealed and b"K-1" not in sealed and b"customers" not in sealed


def test_before_the_service_stops_nobody_is_watched(store, house, lite):
    house = house_of(house, "gate")
    restriction = restrict(house, [ANNA], Ground.ACCURACY)
    write(lite, WRITES["added"])
    assert look_after(house, restriction, reach(lite)) == [] and not Watched.objects.exists()


def test_a_dataset_that_serves_what_is_not_restricted_is_not_watched(store, house, lite):
    house = house_of(house, "gate")
    restriction = held(house, lite, purposes=["support"])
    write(lite, WRITES["changed"])
    assert look_after(house, restriction, reach(lite)) == [] and not Watched.objects.exists()


def test_a_column_that_the_company_adds_to_a_table_is_no_breach(store, house, lite):
    house = house_of(house, "gate")
    restriction = held(house, lite)
    run(lite, "alter table customers add column more int default 5")
    assert look_after(house, restriction, reach(lite)) == []


def test_a_system_that_is_silent_hides_no_other_and_is_told(store, house, lite):
    house = house_of(house, "gate")
    restriction = held(house, lite)

    def silent(system):
        raise Unreachable("it does not answer")

    with pytest.raises(Unreachable):
        look_after(house, restriction, silent)
    with pytest.raises(Unreachable):
        look_after_all(house, silent)
    write(lite, WRITES["added"])
    assert list(look_after_all(house, reach(lite))) == [restriction]


def test_two_restrictions_are_watched_and_enforcing_the_second_is_no_breach_of_the_first(store, house, lite):
    house = house_of(house, "copy")
    first = held(house, lite)
    second = held(house, lite, Ground.CLAIM)
    assert look_after_all(house, reach(lite)) == {}
    lifted(house, lite, first)
    assert look_after(house, second, reach(lite)) == []


def test_differences_are_counted_once_each():
    before = {"a": ("1", True), "b": ("1", False), "c": ("1", False), "d": ("1", True)}
    now = {"a": ("1", False), "b": ("2", False), "e": ("1", False), "d": ("1", True)}
    assert difference(before, now) == Difference(changed=1, gone=1, overwritten=1, added=1)
    assert not difference(before, before)
