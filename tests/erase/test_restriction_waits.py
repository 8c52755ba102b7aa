"""What the house would erase by itself waits while the person has had the processing restricted (art. 18)."""

from __future__ import annotations

from datetime import UTC, datetime

from lofte.consent.restrict import announce_release, lift, restrict, tell, waiting_notices
from lofte.plan.restriction import Ground, Outcome
from lofte.requests.course.receive import identities_of
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.later import erase_later
from lofte.requests.models import Deferral
from tests.erase.conftest import BERTIL, asks, customer, dump

CLOSED = 32


def test_rows_that_would_go_on_their_day_wait_for_a_restriction_to_end(
    fjordhem, world, store, connect, hosting_url, clock
):
    request = asks(fjordhem, customer(world, CLOSED))
    erase(fjordhem, [request], connect)
    restriction = restrict(fjordhem, identities_of(fjordhem, request), Ground.CLAIM)
    by_law = Deferral.objects.filter(due_on__month=1, due_on__day=1)
    first, before = by_law.order_by("due_on").first().due_on, dump(hosting_url)
    clock.now = datetime(first.year, 1, 1, 9, tzinfo=UTC)
    assert erase_later(fjordhem, connect) == ()
    assert dump(hosting_url) == before and not Deferral.objects.exclude(done_at=None).exists()
    announce_release(fjordhem, restriction)
    for notice in waiting_notices():
        tell(fjordhem, notice, channel="letter", by=BERTIL)
    lift(fjordhem, restriction, Outcome.ESTABLISHED, by=BERTIL)
    assert erase_later(fjordhem, connect) == ()
    assert dump(hosting_url) != before and Deferral.objects.exclude(done_at=None).exists()
