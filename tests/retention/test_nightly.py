"""Once a night, by itself, and not before somebody has approved anything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lofte.retention import nightly
from lofte.retention.models import Slot, Sweep
from tests.retention.world import NOW, done


def run(company):
    assert nightly.due(company.clock())
    return nightly.run(company.house, company.connect)


def test_nothing_is_begun_before_somebody_has_approved_a_rule(company):
    company.logs(1)
    assert not nightly.due(NOW)
    company.approve()
    assert nightly.due(NOW)


def test_a_night_is_swept_once_from_two_oclock_in_sweden(company):
    company.approve()
    company.logs(2)
    assert not nightly.due(NOW - timedelta(hours=2))  # 01.30
    assert done(run(company)) == {"logs": (2, 0, 0)}
    assert not nightly.due(company.clock())
    assert nightly.run(company.house, company.connect) is None
    assert Slot.objects.count() == 1
    company.clock.go(days=1)
    assert nightly.due(company.clock())


def test_a_night_that_was_stopped_goes_on(company, monkeypatch):
    company.approve()
    company.logs(2)
    from lofte.retention import part

    act = part.act
    monkeypatch.setattr(part, "act", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(company)
    monkeypatch.setattr(part, "act", act)
    assert done(run(company)) == {"logs": (2, 0, 0)}
    assert Sweep.objects.count() == 1
