"""Promises of the spool: everything found goes in, only what is given comes out, memory is bounded."""

from __future__ import annotations

import csv
import json
import os
import stat
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lofte.connectors.protocol import Found, Rows
from lofte.datamap.identity import Identity, Kind
from lofte.datamap.tracing import People, Person
from lofte.plan.records import DatasetRef
from lofte.requests.package import spool as spooling
from tests.package import stock
from tests.plan.specimen import ANNA, BO


def data(spool: spooling.Spool, subject: int, folder: Path) -> dict[str, list[dict[str, Any]]]:
    spool.write_data(subject, folder)
    return {d["dataset"]: d["rows"] for d in json.loads((folder / "data.json").read_text())["datasets"]}


def test_each_person_gets_their_own_rows_and_both_get_what_is_both_theirs(tmp_path: Path) -> None:
    with stock.spool(tmp_path, ANNA, BO) as spool:
        one, two, three = stock.invoices(3)
        found = iter([Found((0,), one, "own"), Found((1,), two, "own"), Found((0, 1), three, "own")])
        at = DatasetRef(system="shop", dataset="invoice")
        spool.take("shop", Rows(at=at, columns=stock.INVOICE, found=found))
        assert [r["id"] for r in data(spool, 0, tmp_path / "a")["invoice"]] == [0, 2]
        assert [r["id"] for r in data(spool, 1, tmp_path / "b")["invoice"]] == [1, 2]


def test_withheld_columns_and_columns_without_a_decision_never_come_out(tmp_path: Path) -> None:
    with stock.fill(stock.spool(tmp_path)) as spool:
        spool.write_data(0, tmp_path / "out")
    said = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert b"hemligt" not in said and b"password" not in said
    assert b"undecided" not in said and b"??" not in said


def test_what_another_person_wrote_is_masked_and_the_row_is_there(tmp_path: Path) -> None:
    with stock.fill(stock.spool(tmp_path)) as spool:
        messages = data(spool, 0, tmp_path / "out")["message"]
    assert len(messages) == 3
    assert "bo@soder.example" not in json.dumps(messages) and "Bos" not in json.dumps(messages)
    assert "850709-9805" in messages[0]["body"] and "lagat" in messages[2]["body"]


def test_an_identity_that_was_discovered_is_the_persons_own(tmp_path: Path) -> None:
    with stock.spool(tmp_path) as spool:
        second = Identity(kind=Kind.EMAIL, value="bo@soder.example")
        spool.know("shop", People(persons=(Person(subject=0, identities=frozenset({second})),)))
        stock.fill(spool)
        assert "Bos hemliga brev" in json.dumps(data(spool, 0, tmp_path / "out")["message"])


def test_rows_that_only_mention_the_person_are_counted_and_held_back(tmp_path: Path) -> None:
    with stock.spool(tmp_path) as spool:
        spool.take("shop", stock.mentions(stock.messages()))
        assert data(spool, 0, tmp_path / "out") == {}
        (tally,) = spool.tallies(0)
    assert (tally.rows, tally.waiting) == (0, 3)


def test_rows_we_hold_for_others_are_counted_and_never_kept(tmp_path: Path) -> None:
    with stock.fill(stock.spool(tmp_path)) as spool:
        assert "visitor" not in data(spool, 0, tmp_path / "out")
        assert [t.rows for t in spool.tallies(0) if t.at.dataset == "visitor"] == [1]


def test_rows_another_person_shares_are_counted(tmp_path: Path) -> None:
    with stock.spool(tmp_path) as spool:
        spool.take("shop", stock.rows("message", stock.MESSAGE, [], shared={0: 4}))
        assert [t.shared for t in spool.tallies(0)] == [4]


def test_the_figures_are_those_of_all_rows_also_of_those_that_went_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "HOLD_ROWS", 100)
    with stock.fill(stock.spool(tmp_path), invoice_count=700) as spool:
        tally = next(t for t in spool.tallies(0) if t.at.dataset == "invoice")
        assert tally == next(t for t in spool.tallies(0) if t.at.dataset == "invoice")
        out = data(spool, 0, tmp_path / "out")
    assert (tally.rows, tally.first, tally.last) == (700, date(2019, 3, 5), date(2025, 3, 5))
    assert tally.anchors["fiscal_year.end"].last == date(2025, 3, 5)
    assert [r["id"] for r in out["invoice"]] == list(range(700))


def test_what_went_to_the_file_is_what_would_have_stayed_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stock.fill(stock.spool(tmp_path), 300) as spool:
        whole = data(spool, 0, tmp_path / "whole")
    monkeypatch.setattr(spooling, "HOLD_ROWS", 40)
    with stock.fill(stock.spool(tmp_path), 300) as spool:
        assert data(spool, 0, tmp_path / "parts") == whole
    for name in ("customer", "invoice", "message"):
        parts, all_ = (tmp_path / f / "csv" / f"{name}.csv" for f in ("parts", "whole"))
        assert parts.read_bytes() == all_.read_bytes()
    with (tmp_path / "parts" / "csv" / "invoice.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 300


def test_nobody_else_may_read_and_the_spool_file_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "HOLD_ROWS", 16)
    with stock.fill(stock.spool(tmp_path), 200) as spool:
        assert list(tmp_path.iterdir()) == []
        spool.write_data(0, tmp_path / "out")
    modes = {stat.S_IMODE(os.stat(p).st_mode) for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert modes == {0o600}


def test_a_person_with_very_many_rows_takes_bounded_memory(tmp_path: Path) -> None:
    def many() -> Iterator[tuple[Any, ...]]:
        for i in range(30_000):
            yield (i, 1, f"F{i:07d}" + "x" * 900, date(2019 + i % 7, 3, 5), i, "P")

    tracemalloc.start()
    try:
        with stock.spool(tmp_path) as spool:
            spool.take("shop", stock.rows("invoice", stock.INVOICE, many()))
            spool.write_data(0, tmp_path / "out")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "out" / "data.json").stat().st_size > 29_000_000
    assert peak < 60_000_000
