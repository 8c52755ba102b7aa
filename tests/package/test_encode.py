"""Promises of the encoders: JSON is faithful, and no CSV cell can be run."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from base64 import b64encode
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lofte.requests.package.encode import csv_head, csv_rows, json_rows, neutral

SIGNS = "=+-@"
LEADS = " \t\r\n\u00a0\u200b\ufeff\u3000\x00\x1c\u2028\u202e"
CELLS = st.text(alphabet=st.sampled_from([*"=+-@ab1,;\"'|", *LEADS, *"＝＋－＠﹢﹣﹦﹫−åÅ\\"]), max_size=12)


def runs(cell: str) -> bool:
    """What a spreadsheet may take for a formula, said here in another way than in the code."""
    if cell[:1] in ("\t", "\r", "\n"):
        return True
    bare = unicodedata.normalize("NFKC", "".join(c for c in cell if c.isprintable() and not c.isspace()))
    return bare[:1] in SIGNS and bare != ""


def read(data: bytes, delimiter: str) -> list[str]:
    text = data.decode("utf-8").replace("\x00", "")
    quoting = csv.QUOTE_MINIMAL if delimiter == "," else csv.QUOTE_NONE
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)
    return [cell for line in lines for cell in line]


@settings(max_examples=500)
@given(st.lists(st.tuples(CELLS, CELLS, st.integers()), min_size=1, max_size=4))
def test_no_cell_of_text_can_be_run_as_a_formula(rows: list[tuple[str, str, int]]) -> None:
    lines = list(csv.reader(io.StringIO(csv_rows(rows).decode().replace("\x00", ""), newline="")))
    for line in lines:
        assert not any(runs(cell) for cell in line[:2] if cell)


@settings(max_examples=500)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_nor_where_semicolons_and_lines_part_cells(rows: list[tuple[str, str]]) -> None:
    """A Swedish spreadsheet that opens the file by double click splits it at semicolons."""
    for line in csv_rows(rows).decode().replace("\x00", "").splitlines():
        for number, cell in enumerate(line.split(";")):
            assert number == 0 or not runs(cell.strip('"\t')), (line, cell)


@given(CELLS)
def test_neutral_only_adds_apostrophes(text: str) -> None:
    assert neutral(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("harmless", ["Anna", "1-2", "a=b", "2026-11-20", "a+b@c", "", "åäö", "O'Hara"])
def test_what_is_harmless_stands_as_it_is(harmless: str) -> None:
    assert neutral(harmless) == harmless


def test_a_negative_number_stays_a_number() -> None:
    assert csv_rows([(-5, -1.5, Decimal("-2.50"))]) == b"-5,-1.5,-2.50\r\n"


def test_the_head_says_utf8_and_cannot_be_run() -> None:
    assert csv_head(("namn", "=ond")) == "\ufeffnamn,'=ond\r\n".encode()


def test_every_kind_of_value_stands_in_json_as_text_a_person_can_read() -> None:
    row = (
        None, True, 3, "åäö", Decimal("12.50"), date(2026, 3, 1), datetime(2026, 3, 1, 12, tzinfo=UTC),
        time(8, 5), b"\x00\xff", UUID(int=1), timedelta(days=1, seconds=2), {"b": [1, Decimal("2")]},
        math.nan, "\ud800x", 2**70,
    )  # fmt: skip
    names = tuple("abcdefghijklmno")
    text = json_rows(names, [row]).decode()
    assert "åäö" in text
    assert list(json.loads(text).values()) == [
        None, True, 3, "åäö", "12.50", "2026-03-01", "2026-03-01T12:00:00+00:00", "08:05:00",
        b64encode(b"\x00\xff").decode(), str(UUID(int=1)), "PT86402S", {"b": [1, "2"]},
        "nan", "\ufffdx", 2**70,
    ]  # fmt: skip


def test_every_kind_of_value_stands_in_csv_too() -> None:
    line = csv_rows([(None, True, b"\x01", {"a": 1}, datetime(2026, 3, 1, tzinfo=UTC), ["=1"])]).decode()
    assert line == ',true,AQ==,"{""a"":1}",2026-03-01 00:00:00+00:00,"[""=1""]"\r\n'


@given(
    st.lists(
        st.tuples(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)), max_size=5
    )
)
def test_json_gives_back_what_was_put_in(rows: list[tuple[str, int, float]]) -> None:
    back = json.loads(b"[" + json_rows(("a", "b", "c"), rows) + b"]")
    assert [tuple(r.values()) for r in back] == rows


@settings(max_examples=300)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_the_quick_look_at_many_rows_misses_nothing_the_look_at_each_cell_finds(
    rows: list[tuple[str, str]],
) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([tuple(map(neutral, row)) for row in rows])
    assert csv_rows(rows).decode() == out.getvalue()
