"""A list of persons is read as a whole, or every fault of it is told with its line."""

from __future__ import annotations

from datetime import date

import pytest

from lofte.datamap.document import DataMap, Kind
from lofte.datamap.listed import MOST, read_list

ON = date(2026, 11, 20)
MAP = DataMap()


def faults(text: str) -> list[tuple[str, int]]:
    reading = read_list(text, MAP, ON)
    assert not (reading.persons and reading.faults)
    return [(each.number, each.place.line) for each in reading.faults]


@pytest.mark.parametrize(
    "text",
    [
        "email,customer_no\nanna@kund.example,K-1\nbo@kund.example,\n",
        "\ufeffemail,customer_no\r\nanna@kund.example,K-1\r\nbo@kund.example,\r\n",
        "email;customer_no\nanna@kund.example;K-1\nbo@kund.example;\n\n",
        'Email , "customer_no"\n"anna@kund.example",K-1\n\n  \nbo@kund.example\n',
    ],
)
def test_a_list_from_any_program_is_read_alike(text):
    reading = read_list(text, MAP, ON)
    assert [[(i.kind, i.value) for i in p.identities] for p in reading.persons] == [
        [(Kind.EMAIL, "anna@kund.example"), (Kind.CUSTOMER_NO, "K-1")],
        [(Kind.EMAIL, "bo@kund.example")],
    ]


def test_every_fault_is_told_with_its_line():
    text = "email,phone\nanna@kund.example,\nnobody,\n,070-174 06 05\nbo@kund.example,,x\n"
    assert faults(text) == [("R001", 3), ("R008", 4), ("R014", 5)]


def test_what_was_written_is_never_repeated():
    reading = read_list("email\nhemlig at kund.example\n", MAP, ON)
    assert all("hemlig" not in str(each) for each in reading.faults)


@pytest.mark.parametrize("head", ["name", "email,name", "email,email", "email,,phone"])
def test_a_column_that_says_nothing_of_whom_stops_the_list(head):
    assert faults(f"{head}\nx,y,z\n") == [("R010", 1)]


def test_a_person_who_stands_there_twice_is_told():
    text = "email,customer_no\nanna@kund.example,K-1\nbo@kund.example,K-2\nANNA@kund.example,K-3\n"
    reading = read_list(text, MAP, ON)
    assert [(f.number, f.place.line, f.place.path) for f in reading.faults] == [("R011", 4, "2")]


@pytest.mark.parametrize("text", ["", "\n", "email\n", "email\n\n , \n"])
def test_a_list_of_nobody_is_told(text):
    found = read_list(text, MAP, ON).faults
    assert found and {f.number for f in found} <= {"R010", "R012", "R014"}


def test_a_list_that_is_too_long_is_not_read_in_part():
    rows = [f"k{n}@kund.example\n" for n in range(MOST + 1)]
    assert faults("".join(["email\n", *rows])) == [("R013", MOST + 2)]
    assert len(read_list("".join(["email\n", *rows[:-1]]), MAP, ON).persons) == MOST


def test_a_quotation_mark_that_is_never_closed_is_told():
    assert [number for number, _ in faults('email\n"anna@kund.example\n')] == ["R014"]
