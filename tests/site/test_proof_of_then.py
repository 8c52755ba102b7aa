"""A proof of a day that is past is of the version that held then."""

from __future__ import annotations

from datetime import timedelta

from lofte.site.proving import judged
from tests.notices.world import coming, company, shop, told


def test_a_change_that_had_not_been_told_for_long_enough_did_not_hold(store, house, clock, tmp_path):
    """It says that it applies from day 31; told on day 20, it holds from day 50."""
    shop(tmp_path, [("anna@kund.example", 0)])
    house = company(house, tmp_path)
    new, _ = coming(house, days=31)
    clock.go(days=20)
    told(house, tmp_path)
    clock.go(days=40)

    def held(days_ago):
        on = house.today - timedelta(days=days_ago)
        return judged(house, None, on=on, offline=True, look=lambda system: None).policy.meta.version

    assert held(20) == house.policy.meta.version
    assert held(1) == new.policy.meta.version
