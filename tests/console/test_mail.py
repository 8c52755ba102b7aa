"""What came by mail is told of on the page of its request."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lofte.intake.take_in import take_in
from lofte.requests.models import Request
from tests.intake.letters import SETTINGS, fetched, message

BOX = "b" * 64


@pytest.mark.parametrize("words", ["Radera alla mina personuppgifter.", "Vilka uppgifter har ni om mig?"])
def test_the_page_of_a_request_tells_that_a_message_waits_to_be_read(work, staff, words):
    take_in(work.house, BOX, 7, fetched(message(words), arrived=work.house.now), SETTINGS)
    page = reverse("console:request", args=[Request.objects.get().number])
    assert "väntar på att läsas" not in staff["handler"].get(page).content.decode()
    answer = message("Jag tar tillbaka det.", name="2", more="In-Reply-To: <1@kund.example>\r\n")
    take_in(work.house, BOX, 7, fetched(answer, 2, work.house.now), SETTINGS)
    said = staff["handler"].get(page).content.decode()
    assert "1 meddelande väntar på att läsas" in said and 'href=""' not in said
