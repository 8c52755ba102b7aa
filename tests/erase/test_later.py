"""What was kept for a time goes on its day, and one broken system keeps nothing else from going."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from lofte.datamap.document import DataMap
from lofte.errors import Refused, Unreachable
from lofte.execution.models import Step
from lofte.plan.holds import HoldKind
from lofte.requests.erasure import holds
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.later import due_later, erase_later
from lofte.requests.models import Deferral, Erasure
from tests.erase.conftest import BERTIL, asks, customer, dump

CLOSED, OTHER = 32, 33


@pytest.fixture
def waiting(fjordhem, world, store, connect, clock, hosting_url):
    """The first day on which something that was kept is to go. Nothing that we only process for others
    points at it, so that every day is known."""
    engine = sa.create_engine(hosting_url)
    with engine.begin() as db:
        db.execute(sa.text("delete from http_requests"))
    engine.dispose()
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect)
    first = Deferral.objects.order_by("due_on").first().due_on
    clock.now = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
    return request


def test_nothing_is_due_before_its_day(waiting, fjordhem, clock):
    assert due_later(clock.now)
    clock.go(days=-1)
    assert not due_later(clock.now)


def test_a_system_that_does_not_answer_is_tried_again(waiting, fjordhem, connect, clock):
    def silent(system):
        raise Unreachable("down")

    (failure,) = erase_later(fjordhem, silent)
    assert isinstance(failure.error, Unreachable)
    step = Step.objects.get(pk=failure.claim.step)
    assert step.state == "waiting" and step.failure == "unreachable" and step.not_before > clock.now
    clock.go(minutes=5)
    assert erase_later(fjordhem, connect) == ()
    assert Deferral.objects.exclude(done_at=None).exists()


def test_a_system_that_left_the_map_is_told_and_stops_nothing(waiting, fjordhem, connect):
    empty = dataclasses.replace(fjordhem, datamap=DataMap())
    (failure,) = erase_later(empty, connect)
    assert isinstance(failure.error, Refused) and "hosting" in str(failure.error)


def test_one_that_fails_holds_up_no_other(waiting, fjordhem, world, connect, clock):
    """Two requests have something due; the system answers only the second time it is asked."""
    second = asks(fjordhem, customer(world, OTHER))
    step = Step.objects.filter(request=waiting.ref, kind="erase-later").order_by("not_before").first()
    Step.objects.create(
        request=second.ref, kind="erase-later", target=step.target, position=9, not_before=clock.now
    )
    asked = []

    def once_silent(system):
        asked.append(system.id)
        if len(asked) == 1:
            raise Unreachable("down")
        return connect(system)

    told: list[str] = []
    failures = erase_later(fjordhem, once_silent, tell=lambda _, system: told.append(system))
    assert len(failures) == 1 and told == ["hosting", "hosting"]


def test_a_hold_that_has_come_since_keeps_it(waiting, fjordhem, world, connect, hosting_url):
    before = dump(hosting_url)
    holds.place(
        fjordhem, kind=HoldKind.LEGAL_CLAIM, identities=[customer(world, CLOSED)], case="T 9-30",
        review_on=date(fjordhem.today.year + 1, 1, 1), why="tvist", by=BERTIL,
    )  # fmt: skip
    assert erase_later(fjordhem, connect) == ()
    assert dump(hosting_url) == before


def hold(house, world, case="T 9-30", year=3):
    return holds.place(
        house, kind=HoldKind.LEGAL_CLAIM, identities=[customer(world, CLOSED)], case=case,
        review_on=date(house.today.year + year, 1, 1), why="tvist", by=BERTIL,
    ).ref  # fmt: skip


@pytest.fixture
def held(fjordhem, world, store, connect):
    """Somebody asked while a hold of three years stood on all of it."""
    ref = hold(fjordhem, world)
    erase(fjordhem, [asks(fjordhem, customer(world, CLOSED))], connect)
    return ref


def test_what_only_a_hold_kept_goes_when_it_is_lifted(held, fjordhem, connect, clock, hosting_url):
    before = dump(hosting_url)
    assert not due_later(clock.now)
    holds.lift(fjordhem, held, why="förlikning", by=BERTIL)
    assert due_later(clock.now)
    assert erase_later(fjordhem, connect) == () and not due_later(clock.now)
    went = {name for name, rows in dump(hosting_url).items() if len(rows) < len(before[name])}
    assert {"contacts", "login_history"} <= went and "invoices" not in went


def test_what_a_law_keeps_too_gets_its_own_day_when_the_hold_is_lifted(held, fjordhem, connect, clock):
    holds.lift(fjordhem, held, why="förlikning", by=BERTIL)
    assert erase_later(fjordhem, connect) == ()
    left = Deferral.objects.filter(done_at=None)
    assert left.exists() and not left.filter(due_on__lte=fjordhem.today).exists()
    waits = Step.objects.filter(kind="erase-later", state="waiting").values_list("target", flat=True)
    assert {f"hosting-{day:%Y%m%d}" for day in left.values_list("due_on", flat=True)} <= set(waits)


def test_another_hold_keeps_it_when_one_is_lifted(held, fjordhem, world, connect, hosting_url):
    second = hold(fjordhem, world, "T 9-31", year=4)
    before = dump(hosting_url)
    holds.lift(fjordhem, held, why="förlikning", by=BERTIL)
    assert erase_later(fjordhem, connect) == () and dump(hosting_url) == before
    holds.lift(fjordhem, second, why="förlikning", by=BERTIL)
    assert erase_later(fjordhem, connect) == () and dump(hosting_url) != before
    assert Erasure.objects.filter(step__startswith="erase-later", verb="delete").exists()


def test_lifting_somebody_elses_hold_hurries_nothing(held, fjordhem, world, clock):
    ref = holds.place(
        fjordhem, kind=HoldKind.LEGAL_CLAIM, identities=[customer(world, OTHER)], case="T 1",
        review_on=date(2029, 1, 1), why="tvist", by=BERTIL,
    ).ref  # fmt: skip
    holds.lift(fjordhem, ref, why="förlikning", by=BERTIL)
    assert not due_later(clock.now)


def test_overdue_reviews_come_first(fjordhem, world, store, clock):
    for case, day in (("B-2", date(2027, 6, 1)), ("A-1", date(2026, 12, 1))):
        holds.place(
            fjordhem, kind=HoldKind.INCIDENT, identities=[customer(world, CLOSED)], case=case,
            review_on=day, why="utreds", by=BERTIL,
        )  # fmt: skip
    clock.go(days=30)
    found = holds.all_standing(fjordhem)
    assert [(h.hold.case, h.overdue, h.hold.why) for h in found] == [
        ("A-1", True, "utreds"),
        ("B-2", False, "utreds"),
    ]
    assert holds.named(found[0].hold.ref[:12]) == found[0].hold.ref
    for beginning in ("", found[0].hold.ref[:7], "f" * 32):
        with pytest.raises(Refused, match="no such hold"):
            holds.named(beginning)


def test_a_hold_names_categories_that_the_policy_has(fjordhem, world, store):
    with pytest.raises(Refused, match="no category `shoes`"):
        holds.place(
            fjordhem, kind=HoldKind.INCIDENT, identities=[customer(world, CLOSED)], case="C 1",
            review_on=date(2027, 1, 1), why="utreds", by=BERTIL, categories=["shoes"],
        )  # fmt: skip
