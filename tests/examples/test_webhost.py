"""The web host's example: its map decides about every column, and its world holds every hard case."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from examples.common.people import check_digit
from examples.webhost.generate import PROCESSOR, World, expected, make_world
from examples.webhost.people import Person
from examples.webhost.schema import METADATA
from lofte.connectors.sql.connector import open_sql
from lofte.datamap.checks import check
from lofte.datamap.document import DataMap, Give, System
from lofte.fault import Severity
from lofte.policy.document import Policy
from tests.examples.conftest import WEBHOST, load, read

# -- the map --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.model_validate(read(WEBHOST / "policy.yaml"))


def test_every_table_and_every_column_has_a_decision(hosting: System) -> None:
    mapped: dict[str, set[str]] = {}
    for name, dataset in hosting.datasets.items():
        mapped.setdefault(dataset.table or name, set(dataset.fields))
        assert mapped[dataset.table or name] == set(dataset.fields)
    ignored = {table.table for table in hosting.ignored}
    assert mapped.keys() | ignored == METADATA.tables.keys()
    assert not mapped.keys() & ignored
    for table, columns in mapped.items():
        assert columns == {column.name for column in METADATA.tables[table].columns}


def test_keys_of_the_map_are_the_keys_of_the_tables(hosting: System) -> None:
    for name, dataset in hosting.datasets.items():
        table = METADATA.tables[dataset.table or name]
        assert dataset.key == tuple(column.name for column in table.primary_key.columns)


def test_the_map_uses_every_kind_of_path(hosting: System) -> None:
    used = {path.by for dataset in hosting.datasets.values() for path in dataset.subject}
    assert used == {"own", "reference", "identity", "polymorphic", "json", "value", "mention"}


def test_every_name_and_label_is_in_both_languages(hosting: System) -> None:
    for name, dataset in hosting.datasets.items():
        texts = [dataset.name, *([dataset.text] if dataset.text else [])]
        for field in dataset.fields.values():
            assert field.label is not None, name
            texts += [field.label, *field.codes.values(), *([field.why] if field.why else [])]
        assert all(text.sv and text.en for text in texts), name


def test_every_code_that_the_world_uses_is_explained(world: World, hosting: System) -> None:
    for name, dataset in hosting.datasets.items():
        for column, field in dataset.fields.items():
            if field.codes and (name, column) not in {("settings", "name"), ("notes", "subject_type")}:
                values = {row.get(column) for row in world.rows[dataset.table or name]} - {None}
                assert {str(value) for value in values} <= field.codes.keys(), (name, column)


def test_a_password_hash_is_withheld_with_a_reason(hosting: System) -> None:
    field = hosting.datasets["customers"].fields["password_hash"]
    assert field.give is Give.WITHHOLD
    assert field.why is not None


def test_every_anchor_is_one_that_the_policy_counts_from(hosting: System, policy: Policy) -> None:
    words = " ".join(rule.keep_until for rule in policy.retention.values())
    for dataset in hosting.datasets.values():
        assert all(anchor in words for anchor in dataset.anchors)


def test_the_processor_datasets_are_those_the_answers_pass_on(hosting: System) -> None:
    assert {name for name, dataset in hosting.datasets.items() if dataset.role == "processor"} == PROCESSOR


def test_policy_and_map_and_live_database_agree(hosting: System, policy: Policy, hosting_url: str) -> None:
    connector = open_sql(hosting, hosting_url)
    try:
        faults = check(policy, DataMap(systems=(hosting,)), {"hosting": connector.catalogue()})
    finally:
        connector.close()
    assert [str(fault) for fault in faults if fault.severity is Severity.ERROR] == []


# -- the generator --------------------------------------------------------------------------------


def test_the_same_question_gives_the_same_world(world: World) -> None:
    again = make_world(customers=500, seed=1)
    assert again.rows == world.rows
    assert [p.ways for p in again.persons] == [p.ways for p in world.persons]
    assert [expected(again, p) for p in again.persons] == [expected(world, p) for p in world.persons]


def test_another_seed_or_day_gives_another_world(world: World) -> None:
    assert make_world(customers=40, seed=2).rows != make_world(customers=40, seed=1).rows
    assert make_world(customers=40, today=date(2027, 3, 1)).rows != make_world(customers=40).rows


def test_too_few_customers_for_the_hard_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 40"):
        make_world(customers=39)


@pytest.mark.parametrize("customers", [40, 90, 300])
def test_every_size_holds_together(customers: int) -> None:
    small = make_world(customers=customers, seed=customers)
    assert len(small.rows["customers"]) == customers
    assert all(expected(small, person) for person in small.persons)


def test_every_row_reaches_the_database_as_it_was_made(world: World, hosting_url: str) -> None:
    engine = sa.create_engine(hosting_url)
    try:
        with engine.connect() as connection:
            for table in METADATA.sorted_tables:
                key = [column.name for column in table.primary_key.columns]
                rows = {tuple(row[k] for k in key): row for row in world.rows[table.name]}
                assert len(rows) == len(world.rows[table.name])
                for stored in connection.execute(sa.select(table)).mappings():
                    made = rows.pop(tuple(stored[k] for k in key))
                    assert dict(stored) == {column.name: made.get(column.name) for column in table.columns}
                assert not rows
    finally:
        engine.dispose()


def test_progress_ends_at_the_number_of_rows(tmp_path: Any) -> None:
    small = make_world(customers=40)
    seen: list[tuple[int, int]] = []
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'small.sqlite3'}")
    small.load(engine, progress=lambda done, total: seen.append((done, total)))
    engine.dispose()
    assert seen == sorted(seen)
    assert seen[-1] == (small.total, small.total)


def test_loading_again_replaces(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'again.sqlite3'}"
    load(make_world(customers=60), url)
    load(make_world(customers=40), url)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(METADATA.tables["customers"])) == 40
    engine.dispose()


def test_nothing_in_it_can_be_a_real_person(world: World) -> None:
    everything = "\n".join(
        str(value) for rows in world.rows.values() for row in rows for value in row.values()
    )
    hosts = re.findall(r"@([\w.-]+\.\w+)", everything)
    assert {host.lower().rsplit(".", 1)[1] for host in hosts} == {"example"}
    for phone in re.findall(r"0\d{1,2}-\d{3}[ \d]{4,}", everything):
        assert re.match(r"070-174 06|031-390 06|040-628 04", phone), phone
    for person in world.persons:
        if person.personnummer:
            assert person.personnummer[-4:-1] in {"238", "239", "980", "981"}
            assert check_digit(person.personnummer[2:11]) == person.personnummer[11]


def test_every_dataset_has_rows_of_somebody(world: World, hosting: System) -> None:
    named = Counter(row.dataset for row in world.book.rows if row.tie.of or row.tie.mail)
    assert hosting.datasets.keys() == named.keys()


# -- the right answers ----------------------------------------------------------------------------


def test_no_row_is_given_to_two_who_have_nothing_to_do_with_each_other(world: World) -> None:
    owners: dict[tuple[str, Any], set[Person]] = defaultdict(set)
    for person in world.persons:
        for dataset, keys in expected(world, person).certain.items():
            for key in keys:
                owners[dataset, key].add(person)
    ties = {(row.dataset, row.key): row.tie for row in world.book.rows}
    for at, persons in owners.items():
        if len(persons) > 1:  # each of them is named in the row, or answers to an address in it
            assert persons <= ties[at].of | {
                k for box in ties[at].mail if not box.shared for k in box.keepers
            }
            assert at[0] in {
                "contacts", "domains", "notes", "tickets", "ticket_messages", "ticket_attachments",
                "service_members", "member_permissions",
            }  # fmt: skip


def test_a_row_is_one_thing_to_one_person(world: World) -> None:
    for person in world.persons:
        answer = expected(world, person)
        for first, second in (
            (answer.certain, answer.mention),
            (answer.certain, answer.shared),
            (answer.mention, answer.shared),
        ):
            assert not any(first.get(name, set()) & second.get(name, set()) for name in first)


def test_every_customer_is_given_their_own_accounts_and_no_others(world: World) -> None:
    for person in world.persons:
        keys = expected(world, person).certain.get("customers", set())
        assert keys == {(account.id,) for account in person.accounts}


def test_staff_answer_from_the_domain_of_the_policy(world: World, policy: Policy) -> None:
    domain = str(policy.controller.contact.email).partition("@")[2]
    assert any(row["author_email"] == f"support@{domain}" for row in world.rows["ticket_messages"])
