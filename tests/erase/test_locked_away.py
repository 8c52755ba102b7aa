"""A row that waits for its day and is moved to a locked copy meanwhile is forgotten in neither place."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from lofte.connectors.sql import telling
from lofte.connectors.sql.connector import open_sql
from lofte.consent.enforce import enforce, put_back
from lofte.consent.restrict import announce_release, lift, restrict, tell, waiting_notices
from lofte.datamap.copies import with_copies
from lofte.datamap.document import DataMap, Kind
from lofte.datamap.identity import Identity
from lofte.plan.restriction import Ground, Outcome
from lofte.requests.erasure import doubted
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.later import erase_later
from lofte.requests.models import Deferral
from tests.erase.conftest import BERTIL, asks
from tests.erase.small import PERSONS, POLICY, TECHNICAL, Small, persons, system

ANNA = Identity(kind=Kind.EMAIL, value="a@x.example")


@pytest.mark.parametrize("older", [False, True])
def test_it_waits_in_the_copy_and_goes_when_it_is_back(fjordhem, store, any_empty, clock, monkeypatch, older):
    m = sa.MetaData()
    persons(m, sa.Column("ended", sa.Date))
    sa.Table("persons_locked", m, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("email", sa.String(100)), sa.Column("ended", sa.Date))  # fmt: skip
    map_ = system(
        persons=PERSONS
        | {
            "fields": PERSONS["fields"] | {"ended": TECHNICAL},
            "purposes": ["sell", "serve"],
            "anchors": {"contract.end": {"column": "ended"}},
            "restrict": {"copy": "persons_locked"},
        }
    )
    small = Small(any_empty, m, map_)
    small.put("persons", {"id": 1, "email": ANNA.value}, {"id": 2, "email": "b@x.example"})
    house = dataclasses.replace(fjordhem, policy=POLICY, datamap=DataMap(systems=(with_copies(map_),)))

    def connect(system):
        return open_sql(system, small.url)

    def tell_all():
        for notice in waiting_notices():
            tell(house, notice, channel="email")

    def told_as_before(deferral):
        """What the row tells, as it was written down when a copy told by its own id."""
        with monkeypatch.context() as before:
            before.setattr(telling, "copies", lambda _: {})
            return doubted._stamps(house, [doubted.Doubt(deferral=deferral)], connect)[deferral.pk]

    def next_day():
        due = Deferral.objects.get(done_at=None).due_on
        clock.now = datetime(due.year, due.month, due.day, 9, tzinfo=UTC)
        assert erase_later(house, connect) == ()

    erase(house, [asks(house, ANNA)], connect)
    restriction = restrict(house, [ANNA], Ground.ACCURACY)
    tell_all()
    enforce(house, restriction, [ANNA], connect)
    assert [row[0] for row in small.rows("persons_locked")] == [1]
    next_day()
    assert [row[0] for row in small.rows("persons_locked")] == [1]
    waiting = Deferral.objects.get(done_at=None)
    assert waiting.dataset == "persons_restricted"
    if older:
        Deferral.objects.filter(pk=waiting.pk).update(stamp=told_as_before(waiting))
        next_day()
        assert Deferral.objects.get(done_at=None).dataset == "persons_restricted"
        waiting = Deferral.objects.get(done_at=None)
        Deferral.objects.filter(pk=waiting.pk).update(stamp=told_as_before(waiting))
    announce_release(house, restriction)
    tell_all()
    lift(house, restriction, Outcome.ESTABLISHED, by=BERTIL)
    put_back(house, restriction, connect)
    assert [row[0] for row in small.rows("persons")] == [1, 2]
    next_day()  # the contract runs still
    assert Deferral.objects.get(done_at=None).dataset == "persons"
    small.run(f"update persons set ended = '{date(2026, 12, 1)}' where id = 1")
    clock.go(days=400)
    assert erase_later(house, connect) == ()
    assert [row[0] for row in small.rows("persons")] == [2]
    assert not Deferral.objects.filter(done_at=None).exists()
    small.close()
