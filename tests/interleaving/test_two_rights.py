"""Two rights of one person at once: the outcome is that of one after the other, for every pair.

The first request came with her e-mail address, the second with her customer number: that they are one
person is known from the systems alone.
"""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass

import pytest

from lofte.errors import Conflict
from lofte.execution.models import PersonLock, Step
from lofte.law.rights import Right
from lofte.requests.models import Request, Review
from lofte.requests.worker import again
from tests.interleaving.person import (
    ACTS,
    EMAIL,
    NUMBER,
    SAYS_NO,
    SYSTEMS,
    Watched,
    asks,
    carry_out,
    datamap,
    fill,
    killed,
    persons,
    policy,
    recorded,
)
from tests.services import sqlite_database

PAIRS = [*itertools.combinations(Right, 2), *((right, right) for right in Right)]
READS = {Right.ACCESS, Right.PORTABILITY}
FIRST, SECOND = "first", "second"


# -- the model -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What two rights come to."""

    rows: dict[str, tuple[str, str] | None]
    """By system: Anna's name and status; None = her row is gone."""
    given: dict[str, list[str]]
    """By request that reads: the names it is given."""
    states: dict[str, str]


def outcome(rights: dict[str, Right], orders: dict[str, list[str]]) -> Outcome:
    """What it comes to when each system is worked with in this order, one after the other."""
    rows: dict[str, tuple[str, str] | None] = {}
    read: dict[str, dict[str, str]] = {who: {} for who in rights}
    changed: set[str] = set()
    for system, order in orders.items():
        row: tuple[str, str] | None = ("Ana", "on")
        for who in order:
            right = rights[who]
            if right is Right.ERASURE:
                row = None
            elif right is Right.RESTRICTION and row:
                row = (row[0], "stopped")
            elif right is Right.RECTIFICATION and row and row[0] == "Ana":
                row = ("Anna", row[1])
                changed.add(who)
            elif right in READS:
                read[who].pop(system, None)
                if row:
                    read[who][system] = row[0]
        rows[system] = row
    return Outcome(
        rows=rows,
        given={who: sorted(read[who].values()) for who, right in rights.items() if right in READS},
        states={who: _state(right, who in changed) for who, right in rights.items()},
    )


def _state(right: Right, changed: bool) -> str:
    if right is Right.HUMAN_REVIEW:
        return "identified"  # until a human being has decided
    if right is Right.RECTIFICATION and not changed:
        return "identified"  # the value stands nowhere: somebody looks at it
    return "delivered"


# -- the world -------------------------------------------------------------------------------------


class Two:
    """Two requests of Anna's, and what came of them."""

    def __init__(self, house, tmp_path, first, second):
        self.house, self.clock = house, house.clock
        self.rights = {FIRST: first, SECOND: second}
        self.urls = {id_: sqlite_database(tmp_path) for id_ in SYSTEMS}
        self.out = tmp_path / "out"
        for url in self.urls.values():
            fill(url)
        self.requests = {FIRST: asks(house, first, EMAIL), SECOND: asks(house, second, NUMBER)}
        self.given = {}

    def watched(self, who):
        return Watched(urls=self.urls, acts=self.rights[who] in ACTS)

    def do(self, who, watched=None):
        request = self.requests[who]
        given = carry_out(self.house, request, (watched or self.watched(who)).connect, self.out)
        self.given[who] = given
        return request

    def blocked(self):
        """The second comes while the first is at work: it waits, but a no holds at once."""
        right = self.rights[SECOND]
        if right is Right.HUMAN_REVIEW:
            self.do(SECOND)
            return
        with pytest.raises(Conflict, match=self.requests[FIRST].number):
            self.do(SECOND)
        assert right not in SAYS_NO or self.holds(right)

    def holds(self, right):
        """A no is on record; said twice it may stand once."""
        return any(recorded(r) for who, r in self.requests.items() if self.rights[who] is right)

    def rest(self):
        """Who was turned away comes again, and by then the house has gone on by itself."""
        self.clock.go(minutes=10)
        connect = self.watched(SECOND).connect
        for _ in range(3):
            again.do_due(self.house, connect)
            self.clock.go(minutes=10)
        for who, right in self.rights.items():
            request = Request.objects.get(pk=self.requests[who].pk)
            waits = right is not Right.HUMAN_REVIEW or not Review.objects.filter(request=request).exists()
            if who not in self.given and waits:
                self.do(who)

    def came_to(self):
        rows = {}
        for id_, url in self.urls.items():
            found = persons(url)
            assert found[2] == ("Ana", "on"), "Eva's row is Eva's"
            rows[id_] = found.get(1)
        return Outcome(
            rows=rows,
            given={who: sorted(self.given[who]) for who, right in self.rights.items() if right in READS},
            states={who: Request.objects.get(pk=r.pk).state for who, r in self.requests.items()},
        )


@pytest.fixture
def two(request, store, house, tmp_path, monkeypatch):
    monkeypatch.setattr("lofte.requests.package.seal.answer_pdf", lambda *_: b"%PDF")
    house = dataclasses.replace(house, policy=policy(), datamap=datamap())
    pair = Two(house, tmp_path, *request.param)
    yield pair
    for who in pair.requests.values():
        open_ = Step.objects.filter(request=who.ref).exclude(state="done")
        assert not open_.exists(), list(open_.values("kind", "target", "state", "failure"))
    assert not PersonLock.objects.exists()
    for who, right in pair.rights.items():
        assert right not in SAYS_NO or pair.holds(right), who


every_pair = pytest.mark.parametrize("two", PAIRS, indirect=True, ids=lambda pair: f"{pair[0]}-{pair[1]}")
ONE_BY_ONE = {id_: [FIRST, SECOND] for id_ in SYSTEMS}


@every_pair
def test_one_after_the_other(two):
    two.do(FIRST)
    two.do(SECOND)
    assert two.came_to() == outcome(two.rights, ONE_BY_ONE)


@every_pair
def test_the_other_first(two):
    two.do(SECOND)
    two.do(FIRST)
    assert two.came_to() == outcome(two.rights, {id_: [SECOND, FIRST] for id_ in SYSTEMS})


@every_pair
def test_the_second_comes_when_the_first_is_about_to_begin(two):
    watched = two.watched(FIRST)
    watched.before_first = two.blocked
    two.do(FIRST, watched)
    two.rest()
    assert two.came_to() == outcome(two.rights, ONE_BY_ONE)


@every_pair
def test_the_second_comes_when_the_first_has_acted_on_one_of_two_systems(two):
    watched = two.watched(FIRST)
    watched.between = two.blocked
    two.do(FIRST, watched)
    two.rest()
    assert two.came_to() == outcome(two.rights, ONE_BY_ONE)


@every_pair
def test_the_first_is_killed_after_acting_and_goes_on_after_the_second(two):
    watched = two.watched(FIRST)
    with killed(watched):
        two.do(FIRST, watched)
    if two.rights[FIRST] is Right.HUMAN_REVIEW:
        two.do(SECOND)
        assert two.came_to() == outcome(two.rights, ONE_BY_ONE)
        return
    two.blocked()
    two.clock.go(minutes=6)
    if two.rights[SECOND] is not Right.HUMAN_REVIEW:
        two.do(SECOND)
    two.clock.go(minutes=6)
    two.do(FIRST)
    first, *others = SYSTEMS
    orders = {first: [FIRST, SECOND, FIRST], **{id_: [SECOND, FIRST] for id_ in others}}
    assert two.came_to() == outcome(two.rights, orders)
