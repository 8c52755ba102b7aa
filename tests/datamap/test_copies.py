"""A table that restricted rows are moved to is a dataset of its own, found by the same paths (art. 18)."""

from __future__ import annotations

import pytest

from lofte.datamap.catalogue import Catalogue, LiveColumn, LiveTable, LiveTrigger, TypeClass
from lofte.datamap.checks import check
from lofte.datamap.copies import as_written, copies, with_copies
from lofte.datamap.digest import digest
from lofte.datamap.document import DataMap, System
from lofte.datamap.reading import read_map

MAP = """\
system: 1
id: shop
name: {sv: Butik, en: Shop}
url: sqlite:///shop.db
datasets:
  customers:
    name: {sv: Kunder, en: Customers}
    key: id
    subject: [{by: own}]
    restrict: {copy: customers_locked}
    fields:
      id: {technical: true}
      email: {category: contact, identity: email}
  orders:
    name: {sv: Ordrar}
    key: id
    subject: [{by: reference, columns: customer, to: customers}]
    fields: {id: {technical: true}, customer: {technical: true}}
"""
INTEGER, TEXT = TypeClass.INTEGER, TypeClass.TEXT


def shop(text=MAP):
    reading = read_map({"shop.yaml": text})
    assert not reading.faults, reading.faults
    return reading.datamap.system("shop")


def table(name, key=("id",), triggers=(), **columns):
    listed = tuple(LiveColumn(name=n, type=t) for n, t in columns.items())
    return LiveTable(schema=None, name=name, key=key, columns=listed, triggers=triggers)


def faults(*copies_, text=MAP, dialect="postgresql"):
    tables = (
        table("customers", id=INTEGER, email=TEXT),
        table("orders", id=INTEGER, customer=INTEGER),
        *copies_,
    )
    catalogue = {"shop": Catalogue(system="shop", dialect=dialect, tables=tables)}
    found = check(None, DataMap(systems=(shop(text),)), catalogue)
    return [fault for fault in found if fault.number in ("M024", "M025", "M204", "M214")]


def test_the_copy_has_the_fields_and_paths_of_its_dataset_and_a_name_that_says_so():
    copy = shop().datasets["customers_restricted"]
    customers = shop().datasets["customers"]
    assert (copy.table, copy.restrict) == ("customers_locked", None)
    assert (copy.fields, copy.key, copy.subject) == (customers.fields, customers.key, customers.subject)
    assert (copy.name.sv, copy.name.en) == ("Kunder (begränsade)", "Customers (restricted)")


def test_what_refers_to_the_rows_refers_to_the_copy_too():
    assert [path.to for path in shop().datasets["orders"].subject] == ["customers", "customers_restricted"]
    assert [path.to for path in as_written(shop())["orders"].subject] == ["customers"]


def test_a_map_is_read_once_or_twice_alike():
    once = shop()
    assert with_copies(once) == once
    assert copies(once) == {"customers_restricted": "customers"}
    assert digest(DataMap(systems=(once,))) == digest(DataMap(systems=(with_copies(once),)))


def test_a_map_without_copies_is_as_it_was_written():
    plain = System.model_validate({"system": 1, "id": "a", "name": {"sv": "A"}, "url": "x", "datasets": {}})
    assert with_copies(plain) is plain


def test_a_copy_that_is_like_its_table_has_no_fault():
    assert faults(table("customers_locked", id=INTEGER, email=TEXT)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param((), id="missing"),
        pytest.param((table("customers_locked", id=INTEGER),), id="a column less"),
        pytest.param((table("customers_locked", id=TEXT, email=TEXT),), id="another type"),
        pytest.param((table("customers_locked", key=(), id=INTEGER, email=TEXT),), id="no key"),
        pytest.param(
            (
                table(
                    "customers_locked",
                    triggers=(LiveTrigger(name="t", events=frozenset({"insert"})),),
                    id=INTEGER,
                    email=TEXT,
                ),
            ),
            id="a trigger",
        ),
    ],
)
def test_a_copy_that_cannot_take_the_rows_is_a_fault(wrong):
    assert [fault.number for fault in faults(*wrong)] == ["M214"]


@pytest.mark.parametrize(
    ("dialect", "line"),
    [
        ("postgresql", 'create table "customers_locked" (like "customers" including all)'),
        ("mariadb", "create table `customers_locked` like `customers`"),
        ("sqlite", 'create table "customers_locked" with the columns'),
    ],
)
def test_a_copy_that_is_missing_is_met_with_the_line_that_makes_it(dialect, line):
    (fault,) = faults(dialect=dialect)
    assert line in fault.mend


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("copy: customers_locked", "copy: orders"),
        ("  orders:", "  customers_restricted:"),
        ("subject: [{by: own}]", "subject: [{by: own}, {by: reference, columns: id, to: customers}]"),
        (
            "{by: reference, columns: customer, to: customers}",
            "{by: json, column: customer, at: [a], to: customers}",
        ),
        ("    key: id\n    subject: [{by: own}]", "    key: id\n    nobody: {sv: Ingen}"),
    ],
    ids=["a mapped table", "the id is taken", "over rows of itself", "from a json column", "nobody's"],
)
def test_rows_that_could_not_be_found_in_a_copy_have_none(old, new):
    text = MAP.replace(old, new)
    assert text != MAP
    copy = table("customers_locked", id=INTEGER, email=TEXT)
    assert "M025" in {fault.number for fault in faults(copy, text=text)}
