"""What runs: every state of the choice, every kind of embed, every strictness of the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.banner.conftest import Visiting, Visitor
from tests.banner.site import kept

pytestmark = pytest.mark.browser

MODES = ("plain", "csp", "tt", "nojs")
KINDS = {"script": "tracker.js", "iframe": "frame", "image": "pixel.gif"}
ALL = {"script", "iframe", "image"}


@dataclass(frozen=True, kw_only=True)
class State:
    """How a visitor comes to it, and what runs then."""

    runs: frozenset[str] = frozenset()
    gpc: bool = False
    cookie: Callable[[], str] | None = None
    acts: Callable[[Visitor], None] = lambda _: None
    again: bool = False
    """Whether it is the next page that counts."""
    asks: bool = False


def accept(visitor: Visitor) -> None:
    visitor.press("accept")
    visitor.settle()


def reject(visitor: Visitor) -> None:
    visitor.press("reject")
    visitor.settle()


def partial(visitor: Visitor) -> None:
    visitor.press("choose")
    visitor.page.locator("dialog input[name=statistics]").check()
    visitor.press("save")
    visitor.settle()


def withdraw(visitor: Visitor) -> None:
    accept(visitor)
    visitor.page.locator("[data-consent-open]").click()
    visitor.page.locator("dialog [data-lofte=reject]").click()
    visitor.settle()
    visitor.site.asked.clear()


STATES = {
    "no choice": State(asks=True),
    "accept": State(runs=frozenset(ALL), acts=accept),
    "reject": State(acts=reject),
    "partial": State(runs=frozenset({"script"}), acts=partial),
    "withdraw": State(acts=withdraw, again=True),
    "GPC": State(gpc=True, asks=True),
    "expired": State(
        cookie=lambda: kept(days_ago=366, allow="statistics~marketing", now=time.time()), asks=True
    ),
    "changed policy": State(
        cookie=lambda: kept(edition="aaaaaaaa", allow="statistics~marketing", now=time.time()), asks=True
    ),
}


@pytest.fixture(scope="module")
def seen() -> dict[tuple[str, str], tuple[set[str], list[str], bool]]:
    """What ran, what the browser complained of and whether the banner stands, for what has been looked at."""
    return {}


def looked(state: str, mode: str, visitor: Visiting) -> tuple[set[str], list[str], bool]:
    what = STATES[state]
    somebody = visitor(gpc=what.gpc, java_script_enabled=mode != "nojs")
    visit = f"{state}-{mode}".replace(" ", "-")
    if what.cookie:
        somebody.keep(what.cookie())
    somebody.go(visit, mode=mode)
    if mode != "nojs":
        what.acts(somebody)
        if what.again:
            somebody.go(visit, mode=mode)
    asked = somebody.site.third_party(visit)
    ran = {kind for kind, name in KINDS.items() if any(path.endswith(name) for path in asked)}
    return ran, somebody.complaints, somebody.banner.count() == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_only_what_was_allowed_runs(kind, state, mode, visitor, seen):
    if (state, mode) not in seen:
        seen[state, mode] = looked(state, mode, visitor)
    ran, complaints, asks = seen[state, mode]
    expected = STATES[state].runs if mode != "nojs" else frozenset()
    assert (kind in ran) == (kind in expected)
    assert not complaints
    if mode != "nojs":
        assert asks == STATES[state].asks


def test_a_banner_that_lets_all_through_is_found_out(visitor, site):
    """The matrix can fail: a page that loads at once is seen."""
    site.pages["seeded"] = f'<!doctype html><title>x</title><img src="{site.third}/seeded/pixel.gif" alt="">'
    somebody = visitor()
    somebody.go("seeded")
    assert site.third_party("seeded")
