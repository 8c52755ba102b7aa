"""A handler takes a request that came by mail on from where it stands, and reads what is answered."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from lofte.console.watch import elsewhere
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.intake.settle import settle, waiting
from lofte.intake.take_in import take_in
from lofte.requests.course.receive import identities_of
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Request
from tests.intake.letters import SETTINGS, fetched, message


def test_whoever_is_identified_is_the_one_it_is_about(store, house):
    """And not whose address stood in From."""
    take_in(house, "b" * 64, 7, fetched(message(sender="eva@kund.example")), SETTINGS)
    anna = Identity(kind=Kind.PERSONNUMMER, value="199001012385")
    done = identify(house, Request.objects.get(), method="pass", level=Level.PROVEN, by="", proven=[anna])
    assert done.state == "identified" and identities_of(house, done) == (anna,)


@pytest.mark.parametrize(
    "words", ["Jag har ångrat mig.", "Jag tar tillbaka min begäran.", "Radera mina uppgifter!"]
)
def test_an_answer_waits_until_a_handler_has_read_it(store, house, words):
    take_in(house, "b" * 64, 7, fetched(message()), SETTINGS)
    request = Request.objects.get()
    assert waiting() == [] and elsewhere(request) == ()
    answer = message(words, name="2", more="In-Reply-To: <1@kund.example>\r\n")
    taken = take_in(house, "b" * 64, 7, fetched(answer, 2), SETTINGS)
    with override("sv"):
        assert elsewhere(request) == (("/console/mail", "1 meddelande väntar på att läsas"),)
    settle(house, taken.ref, (), by="")
    assert waiting() == [] and elsewhere(request) == ()
