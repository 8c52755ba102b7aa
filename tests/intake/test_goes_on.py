"""A handler takes a request that came by mail on from where it stands."""

from __future__ import annotations

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.intake.take_in import take_in
from lofte.requests.identify import Level, identify
from lofte.requests.models import Request
from lofte.requests.receive import identities_of
from tests.intake.letters import SETTINGS, fetched, message


def test_whoever_is_identified_is_the_one_it_is_about(store, house):
    """And not whose address stood in From."""
    take_in(house, "b" * 64, 7, fetched(message(sender="eva@kund.example")), SETTINGS)
    anna = Identity(kind=Kind.PERSONNUMMER, value="199001012385")
    done = identify(house, Request.objects.get(), method="pass", level=Level.PROVEN, by="", proven=[anna])
    assert done.state == "identified" and identities_of(house, done) == (anna,)
