"""A version takes force on a day that people could know of, and never by way of another one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lofte.errors import Refused
from lofte.notices.publish import in_force, publish
from tests.notices.world import coming, company, letters, shop, told, with_, written

SHORTER = {"contract": {"keep_until": "contract.end + P6M", "action": "delete"}}


@pytest.fixture
def shop_house(store, house, tmp_path):
    shop(tmp_path, [("anna@kund.example", 0)])
    return company(house, tmp_path)


def on_its_way(house, version, days, **changes):
    day = (house.today + timedelta(days=days)).isoformat()
    new = with_(house, meta={"version": version, "effective_from": day}, **changes)
    return publish(new, written(new), policy=new.policy)


def test_a_change_is_major_beside_a_version_that_takes_force_before_it(shop_house):
    """Shorter first and then as it was: each is small beside today's, but the second keeps data longer."""
    on_its_way(shop_house, "2.1", 2, retention=SHORTER)
    with pytest.raises(Refused, match="retention"):
        on_its_way(shop_house, "2.2", 3)


def test_a_version_that_would_make_a_coming_one_major_is_not_put_before_it(shop_house):
    on_its_way(shop_house, "2.5", 5, dpo={})
    with pytest.raises(Refused, match="is coming"):
        on_its_way(shop_house, "2.1", 2, retention=SHORTER)


def test_a_version_may_be_put_before_one_that_told_of_its_change(shop_house, tmp_path):
    coming(shop_house, days=31)
    told(shop_house, tmp_path)
    small = on_its_way(shop_house, "2.0", 1, dpo={})
    assert in_force(shop_house.today + timedelta(days=1)) == small


def test_a_version_holds_from_no_day_on_which_another_was_shown(shop_house, clock):
    """What held yesterday does not become another because of what is published today."""
    clock.go(days=3)
    with pytest.raises(Refused, match="held on"):
        on_its_way(shop_house, "2.0", -1, dpo={})
    small = on_its_way(shop_house, "2.0", 0, dpo={})
    assert in_force(shop_house.today) == small


def test_who_is_told_of_a_change_back_is_everybody_it_touches(shop_house, tmp_path):
    """Beside the version that holds today nothing is changed, so that tells nothing of whom to write to."""
    on_its_way(shop_house, "2.1", 2, retention=SHORTER)
    on_its_way(shop_house, "2.2", 40)
    told(shop_house, tmp_path)
    assert any("To: anna@kund.example" in each for each in letters(shop_house))
