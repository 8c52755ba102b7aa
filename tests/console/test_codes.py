"""A handler gives a code by hand in the console, and notes a protected identity (art. 12.6)."""

from __future__ import annotations

import re

import pytest

from lofte.requests.models import Challenge, Request
from tests.console.conftest import RUNNING


@pytest.fixture
def asked(staff, work, world):
    """A request by telephone, whose person a system knows."""
    customer = world.rows["customers"][RUNNING - 1]
    staff["handler"].post(
        "/console/requests/new",
        {
            "right": "access",
            "channel": "phone",
            "language": "sv",
            "received_on": work.house.today.isoformat(),
            "customer_no": customer["customer_no"],
        },
    )
    return f"/console/requests/{Request.objects.latest('id').number}"


def test_the_letter_is_printed_with_a_code_that_is_kept_nowhere(asked, staff, store):
    client = staff["handler"]
    assert "Ge en kod" in client.get(asked).text
    text = client.post(f"{asked}/code/letter").text
    code = re.search(r"Din kod: ([\d ]+)", text)[1].strip()
    assert 'class="card printed"' in text and Challenge.objects.get().way == "letter"
    with store.open("rb") as file:
        assert code.encode() not in file.read()


def test_a_call_shows_the_number_on_file_and_what_to_say(asked, staff):
    answer = staff["handler"].post(f"{asked}/code/call", follow=True)
    if Challenge.objects.filter(way="call").exists():
        assert "Vad du säger" in answer.text and "Telefon" in answer.text
    else:
        assert "skicka ett brev" in answer.text.lower()


def test_a_protected_identity_is_noted_and_taken_back(asked, staff):
    client = staff["handler"]
    text = client.post(f"{asked}/protect", follow=True).text
    assert "Skyddad identitet" in text and "Skatteverket" in text
    assert "Med samtal" not in client.get(f"{asked}/code").text
    assert "inte är skyddad längre" in client.post(f"{asked}/protect", {"off": "1"}, follow=True).text
