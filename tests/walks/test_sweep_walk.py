"""The walk of a sweep: `docs/walks/sweep.md`, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lofte.connectors.sql.plainly import PlainReader
from lofte.execution import book
from lofte.plan.due import newest, timing
from lofte.plan.holds import HoldKind
from lofte.policy.promises import promises
from lofte.policy.retention import read
from lofte.proof.evaluate import EVALUATORS
from lofte.proof.records import Case, Finding, noted
from lofte.requests.erasure import holds
from lofte.retention import clock, past
from lofte.retention.models import Part
from tests.retention.conftest import company  # noqa: F401
from tests.retention.world import BERTIL, TODAY, ago, done, stopped
from tests.walks.walking import Walk

DOCUMENT = Path(__file__).parents[2] / "docs/walks/sweep.md"


def test_the_walk_of_a_sweep(company):  # noqa: F811
    ordinary = {id_: p for id_, p in company.house.policy.purposes.items() if id_ != "forever"}
    company.house = replace(
        company.house, policy=company.house.policy.model_copy(update={"purposes": ordinary})
    )
    company.logs(200, person=1)
    company.logs(2, first=900, person=2)
    company.put("logs", {"id": 1000, "person": 1, "at": None}, {"id": 1001, "person": 1, "at": ago(90)})
    with Walk(DOCUMENT) as walk:
        with walk.step(1, "Rules become days"):
            timed = timing(company.house.policy, company.small.map.datasets["logs"])
            assert timed.rules == ("event",)
            assert newest([read("event.time + P90D")], TODAY) == ago(91)
        with walk.step(2, "It is counted what is ahead"):
            task = company.tasks()["logs", "delete"]
            assert (task.rows, task.unknown, task.newest) == (202, 1, ago(91))
        with walk.step(3, "Somebody approves"):
            assert stopped(company.sweep()) == {"logs": "unapproved"}
            company.approve()
        with walk.step(4, "The clock is trusted"):
            company.clock.go(days=40)
            with pytest.raises(clock.ClockDoubted):
                company.sweep()
            company.clock.go(days=-40)
            assert clock.doubt(company.house) == ""
        with walk.step(5, "The count is usual"):
            company.logs(600, first=2000)
            assert stopped(company.sweep()) == {"logs": "unusual"}
            company.small.run("delete from logs where id >= 2000")
        with walk.step(6, "It is written down what is about to go"):
            holds.place(
                company.house, kind=HoldKind.LEGAL_CLAIM, identities=[company.anna(2)], case="T 7-26",
                review_on=date(2027, 5, 1), why="krav", by=BERTIL,
            )  # fmt: skip
            swept = company.sweep(size=80)
            kinds = [entry.kind for entry in book.entries() if entry.object == swept.ref]
            assert kinds[0] == "sweep.intended" and company.said("sweep.intended")[-1]["held"] == 2
        with walk.step(7, "Part by part, the rows go"):
            assert company.ids("logs") == [900, 901, 1000, 1001]
            assert kinds.count("sweep.done") == 3
        with walk.step(8, "What was done is evidence"):
            assert done(swept) == {"logs": (200, 0, 2)}
            assert not Part.objects.exclude(keys=b"").exists()
            assert book.verify(company.house.keys.ledger) is None
        with walk.step(9, "The sweep ends, and is not done twice"):
            assert kinds[-1] == "sweep.ended"
            assert done(company.sweep()) == {"logs": (0, 0, 2)}
        with walk.step(10, "The promise is proven"):
            checks = past.counted(company.house, lambda system: PlainReader(system, company.small.url))
            told = (noted(entry, payload) for entry, payload in book.opened() if payload is not None)
            some = replace(next(iter(promises(company.house.policy))), id="P134")
            case = Case(promise=some, policy=company.house.policy, evidence=(*told, *checks),
                        now=company.house.now, texts={})  # fmt: skip
            assert EVALUATORS["P134"](case).finding is Finding.KEPT
