"""A restored backup cannot bring erased people back."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest
import sqlalchemy as sa

from lofte.connectors.sql.back import open_back
from lofte.datamap.document import DataMap, Kind, System
from lofte.datamap.identity import Identity
from lofte.errors import Broken, Refused
from lofte.execution import stones, tombstones
from lofte.execution.house import Keys
from lofte.requests.erasure import restored
from tests import services

REQUEST, OTHER = "a" * 32, "b" * 32
ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
EVA = Identity(kind=Kind.EMAIL, value="eva@kund.example")
PHONE = Identity(kind=Kind.PHONE, value="+46701740605")
SYSTEM = {
    "system": 1,
    "id": "shop",
    "name": {"en": "Shop"},
    "url": "",
    "datasets": {
        "customer": {
            "name": {"en": "Customers"},
            "key": ["id"],
            "subject": [{"by": "own"}],
            "fields": {"email": {"identity": "email"}, "phone": {"identity": "phone"}},
        },
        "order": {
            "table": "orders",
            "name": {"en": "Orders"},
            "key": ["id", "line"],
            "subject": [{"by": "reference", "columns": ["customer_id"], "to": "customer"}],
            "fields": {},
        },
        "letter": {
            "name": {"en": "Letters"},
            "key": ["id"],
            "subject": [{"by": "identity", "column": "sender", "kind": "email"}],
            "fields": {},
        },
        "tenant": {
            "name": {"en": "Data of our customers"},
            "key": ["id"],
            "role": "processor",
            "subject": [{"by": "identity", "column": "email", "kind": "email"}],
            "fields": {},
        },
    },
}
TABLES = [
    "create table customer (id int primary key, email varchar(80), phone varchar(20))",
    "create table orders (id int, line int, customer_id int, primary key (id, line))",
    "create table letter (id varchar(20) primary key, sender varchar(80))",
    "create table tenant (id int primary key, email varchar(80))",
]
ROWS = [
    "insert into customer values (1, 'Anna@Kund.example', '070-174 06 05')",
    "insert into customer values (2, 'eva@kund.example', '0701740605')",
    "insert into orders values (1, 1, 1), (1, 2, 1), (2, 1, 2)",
    "insert into letter values ('a-1', 'anna@kund.example'), ('e-1', 'eva@kund.example')",
    "insert into tenant values (1, 'anna@kund.example')",
]


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'shop.db'}"
    else:
        make = services.postgres_database if request.param == "postgres" else services.mariadb_database
        with make() as found:
            yield found


@pytest.fixture
def shop(house, url, store):
    """The house, with the shop in its map and the backup of it restored."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as db:
        for sql in [*TABLES, *ROWS]:
            db.exec_driver_sql(sql)
    system = System.model_validate(SYSTEM | {"url": url})
    return dataclasses.replace(house, datamap=DataMap(systems=(system,)))


def connect(entry):
    return open_back(entry, entry.url)


def note(house, dataset, *keys, request=REQUEST, who=(ANNA,), **more):
    tombstones.note(house, request, "shop", dataset, keys, who, **more)


def found(house, **more):
    return {(a.dataset, a.key, a.by) for a in tombstones.replay(house, "shop", connect, **more).found}


# --- what is found ---


def test_rows_that_came_back_are_found_by_their_keys(shop):
    note(shop, "order", ("1", "1"), ("1", "2"), who=())
    assert found(shop) == {("order", ("1", "1"), "key"), ("order", ("1", "2"), "key")}


def test_a_key_of_one_dataset_says_nothing_of_another(shop):
    note(shop, "order", ("1",), ("11",), who=())
    note(shop, "letter", ("1",), who=())
    assert found(shop) == set()


def test_rows_are_found_by_who_they_say_they_are(shop):
    note(shop, "customer", ("99",))
    assert found(shop) == {("customer", ("1",), "identity"), ("letter", ("a-1",), "identity")}


def test_a_row_is_known_by_both(shop):
    note(shop, "customer", ("1",))
    assert ("customer", ("1",), "both") in found(shop)


def test_a_telephone_that_a_household_shares_brings_nobody_down(shop):
    note(shop, "customer", ("99",), who=(PHONE,))
    assert found(shop) == set()


def test_data_that_we_only_process_are_not_touched(shop):
    note(shop, "customer", ("1",))
    assert "tenant" not in {dataset for dataset, _, _ in found(shop)}


def test_what_was_done_then_is_told_now(shop):
    note(shop, "customer", ("1",), verb="change", grounds=("17.1.b",))
    note(shop, "order", ("1", "1"), who=(), request=OTHER)
    told = {a.dataset: a for a in tombstones.replay(shop, "shop", connect).found}
    customer, order = told["customer"], told["order"]
    assert (customer.verbs, customer.grounds, customer.back) == ({"change"}, {"17.1.b"}, False)
    assert (order.requests, order.back) == ((OTHER,), True)
    assert customer.identities == {ANNA, PHONE}


def test_what_was_erased_before_the_backup_does_not_count(shop, clock):
    note(shop, "order", ("1", "1"), who=())
    clock.go(days=2)
    taken = clock.now
    clock.go(days=1)
    note(shop, "order", ("2", "1"), who=())
    assert found(shop, taken_at=taken) == {("order", ("2", "1"), "key")}


def test_a_backup_taken_while_the_rows_were_going_brings_nobody_back(shop, clock):
    note(shop, "order", ("1", "1"), who=())
    clock.go(minutes=20)
    assert found(shop, taken_at=clock.now) == {("order", ("1", "1"), "key")}


def test_what_was_undone_does_not_count(shop):
    note(shop, "order", ("1", "1"), who=())
    note(shop, "order", ("2", "1"), who=(), request=OTHER)
    stones.lift(shop, REQUEST, "shop")
    assert found(shop) == {("order", ("2", "1"), "key")}
    note(shop, "order", ("1", "1"), who=())
    assert len(found(shop)) == 2


def test_500_erased_persons_are_found_in_one_pass(shop):
    engine = sa.create_engine(shop.datamap.system("shop").url, poolclass=sa.NullPool)
    with engine.begin() as db:
        rows = [{"i": n, "e": f"kund{n}@kund.example"} for n in range(1000, 2000)]
        db.execute(sa.text("insert into customer values (:i, :e, null)"), rows)
    note(shop, "customer", *((str(n),) for n in range(1000, 1500)), who=())
    seen = []

    class Counting:
        def __init__(self, entry):
            self.back = connect(entry)

        def whole(self, dataset, columns):
            seen.append(dataset)
            return self.back.whole(dataset, columns)

        def close(self):
            self.back.close()

    assert len(tombstones.replay(shop, "shop", Counting).found) == 500
    assert sorted(seen) == ["customer", "letter", "order"]


# --- what stands in the file ---


def file_of(house):
    return house.folder / "tombstones" / "shop.log"


def test_no_identity_nor_key_stands_in_clear(house, store):
    note(house, "letter", ("K-10023",))
    bytes_ = file_of(house).read_bytes()
    for word in (b"anna", b"kund", b"K-10023", b"10023"):
        assert word not in bytes_
    assert file_of(house).stat().st_mode & 0o077 == 0


def test_without_the_keys_of_the_house_nothing_can_be_tried_out(house, store):
    note(house, "letter", ("1",))
    keys = Keys(ledger=b"1" * 32, wrapping=b"2" * 32, lookup=b"3" * 32, checkpoint=b"4" * 32)
    other = dataclasses.replace(house, folder=house.folder.parent, keys=keys)
    note(other, "letter", ("1",))
    mine, theirs = file_of(house).read_bytes(), file_of(other).read_bytes()
    assert len(mine) == len(theirs) and mine != theirs


def test_a_tombstone_that_was_changed_is_no_tombstone(shop):
    note(shop, "order", ("1", "1"))
    note(shop, "order", ("1", "2"))
    bytes_ = bytearray(file_of(shop).read_bytes())
    bytes_[60] ^= 1
    file_of(shop).write_bytes(bytes_)
    with pytest.raises(Broken, match="changed"):
        found(shop)


def test_a_writer_that_was_stopped_leaves_nothing_half(shop):
    note(shop, "order", ("1", "1"), who=())
    whole = file_of(shop).read_bytes()
    note(shop, "order", ("1", "2"), who=())
    both = file_of(shop).read_bytes()
    for size in range(len(whole), len(both), 61):
        file_of(shop).write_bytes(both[:size])
        note(shop, "order", ("2", "1"), who=())
        assert found(shop) == {("order", ("1", "1"), "key"), ("order", ("2", "1"), "key")}


def test_a_note_under_another_key_cuts_nothing_off(shop):
    note(shop, "order", ("1", "1"), who=())
    good = file_of(shop).read_bytes()
    keys = dataclasses.replace(shop.keys, lookup=b"another key of thirty-two bytes!")
    with pytest.raises(Broken, match="another key"):
        note(dataclasses.replace(shop, keys=keys), "order", ("1", "2"), who=())
    assert file_of(shop).read_bytes() == good


@pytest.mark.parametrize("at", [0, 2, 5, 7, 20])
@pytest.mark.parametrize("records", [1, 3])
def test_one_flipped_bit_is_never_read_as_nothing(shop, at, records):
    for line in range(records):
        note(shop, "order", ("1", str(line)), who=())
    bytes_ = bytearray(file_of(shop).read_bytes())
    bytes_[at] ^= 1
    file_of(shop).write_bytes(bytes_)
    with pytest.raises(Broken):
        found(shop)
    with contextlib.suppress(Broken):  # after a last record that holds, more may be noted
        note(shop, "order", ("2", "1"), who=())
    assert file_of(shop).read_bytes().startswith(bytes_)


def test_a_torn_end_takes_no_earlier_tombstone_with_it(shop):
    for line in range(4):
        note(shop, "order", ("1", str(line)), who=())
    bytes_ = bytearray(file_of(shop).read_bytes()[:-3])
    bytes_[20] ^= 1
    file_of(shop).write_bytes(bytes_)
    with pytest.raises(Broken):
        note(shop, "order", ("2", "1"), who=())
    assert file_of(shop).read_bytes() == bytes(bytes_)


# --- the lock ---


def test_a_restored_system_locks_the_house_until_it_is_replayed(shop):
    tombstones.insist_replayed(shop.folder)
    tombstones.mark_restored(shop, "shop")
    with pytest.raises(Refused, match="lofte restored shop"):
        tombstones.insist_replayed(shop.folder)
    tombstones.replayed(shop, "shop")
    tombstones.insist_replayed(shop.folder)


def erasing(house, keep=()):
    """Erases what came back, by hand."""

    def erase(system, persons):
        engine = sa.create_engine(house.datamap.system(system).url, poolclass=sa.NullPool)
        for again in (row for person in persons for row in person.rows):
            dataset = house.datamap.system(system).datasets[again.dataset]
            if again.key in keep:
                yield again.dataset, again.key
                continue
            where = " and ".join(
                f"{name} = '{part}'" for name, part in zip(dataset.key, again.key, strict=True)
            )
            with engine.begin() as db:
                db.exec_driver_sql(f"delete from {dataset.table or again.dataset} where {where}")

    return erase


def test_a_replay_erases_again_then_unlocks(shop):
    note(shop, "customer", ("1",))
    note(shop, "order", ("1", "1"), ("1", "2"))
    note(shop, "letter", ("a-1",))
    done = restored.replay(shop, "shop", connect, erasing(shop))
    assert (done.back, done.left) == (4, 0)
    assert found(shop) == set()
    tombstones.insist_replayed(shop.folder)


def test_what_is_still_there_keeps_the_house_locked(shop):
    note(shop, "order", ("1", "1"), who=())
    with pytest.raises(Refused, match="stays locked"):
        restored.replay(shop, "shop", connect, lambda system, persons: ())
    with pytest.raises(Refused):
        tombstones.insist_replayed(shop.folder)
    restored.replay(shop, "shop", connect, erasing(shop))
    tombstones.insist_replayed(shop.folder)


def test_what_a_law_keeps_now_does_not_lock(shop):
    note(shop, "order", ("1", "1"), ("1", "2"), who=())
    done = restored.replay(shop, "shop", connect, erasing(shop, keep={("1", "2")}))
    assert (done.back, done.left) == (2, 1)
    tombstones.insist_replayed(shop.folder)


def test_a_person_who_came_back_by_themselves_is_not_erased_unasked(shop):
    note(shop, "customer", ("77",))
    with pytest.raises(Refused, match="--taken"):
        restored.replay(shop, "shop", connect, erasing(shop))


def test_a_key_that_was_given_anew_is_not_erased_unasked(shop, clock):
    note(shop, "customer", ("2",))
    with pytest.raises(Refused, match="--taken"):
        restored.replay(shop, "shop", connect, erasing(shop))
    clock.go(hours=1)
    restored.replay(shop, "shop", connect, erasing(shop), taken_at=clock.now)
    assert len(tombstones.replay(shop, "shop", connect).found) == 3  # nothing was touched


def test_a_system_the_map_does_not_know_is_not_marked(shop):
    with pytest.raises(KeyError):
        tombstones.mark_restored(shop, "../shop")
    assert not (shop.folder / "tombstones").exists()
