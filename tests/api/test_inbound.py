"""What a ticket system or a chat hands in becomes a case, waits for a handler, or is nothing of ours."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from lofte.api import sign
from lofte.intake import settle
from lofte.intake.models import Mail
from lofte.law.rights import Right
from lofte.requests.course.receive import identities_of
from lofte.requests.models import Request

WISH = "Hej! Jag vill ha ut en kopia av alla personuppgifter ni har om mig. /Anna"
ORDINARY = "Hej, min skrivare fungerar inte sedan i går. Kan ni hjälpa mig?"
UNSURE = "Hej, jag undrar lite om GDPR och hur ni gör."


class Tickets:
    """Another program that hands in messages."""

    def __init__(self, made: dict[str, str]) -> None:
        self.name, self.secret, self.ref = made["name"], made["secret"], made["ref"]

    def hand_in(self, words=WISH, id_="msg-1", *, at=None, name="", signature=None, body=None, **more):
        said = json.dumps({"words": words, **more}) if body is None else body
        at = str(int(time.time()) if at is None else at)
        shown = sign.signature(self.secret, id_, int(at), said.encode()) if signature is None else signature
        headers = {"webhook-id": id_, "webhook-timestamp": at, "webhook-signature": shown}
        return Client(headers=headers).generic(
            "POST", f"/api/v1/inbound/{name or self.name}", said, content_type="application/json"
        )


@pytest.fixture
def tickets(company, officer):
    return Tickets(officer.post("/sources", {"name": "zammad", "channel": "ticket"}).json())


def test_a_wish_becomes_a_case_with_its_number_and_day(tickets, work):
    said = tickets.hand_in(sender="Anna.Hemlig@kund.example").json()
    request = Request.objects.get()
    assert said["outcome"] == "opened"
    assert said["requests"] == [{"number": request.number, "due_on": request.due_on.isoformat()}]
    assert (request.right, request.channel, request.state) == (Right.ACCESS, "ticket", "received")
    assert identities_of(work.house, request) == ()  # what a program says of the sender proves nothing
    assert Mail.objects.get().channel == "ticket" and not hasattr(Mail.objects.get(), "acknowledgement")


def test_a_chat_without_an_address_is_a_case_too(tickets):
    assert tickets.hand_in().json()["outcome"] == "opened"


def test_an_ordinary_message_is_not_kept(tickets):
    assert tickets.hand_in(ORDINARY).json() == {"outcome": "ordinary", "requests": []}
    assert not Mail.objects.exists() and not Request.objects.exists()


def test_what_may_be_a_wish_waits_for_a_handler(tickets, work):
    assert tickets.hand_in(UNSURE, sender="anna@kund.example").json()["outcome"] == "suggested"
    (waiting,) = settle.waiting()
    shown = settle.show(work.house, waiting.ref)
    assert "GDPR" in shown.letter.words and shown.letter.sender == "anna@kund.example"
    (request,) = settle.settle(work.house, waiting.ref, [Right.ACCESS], by="b" * 32)
    assert request.channel == "ticket" and not hasattr(waiting, "acknowledgement")


def test_the_same_message_again_changes_nothing(tickets):
    first = tickets.hand_in().json()
    again = tickets.hand_in().json()
    assert first["outcome"] == "opened" and again["outcome"] == "duplicate"
    assert Request.objects.count() == 1


def test_what_is_said_later_in_the_conversation_joins_its_case(tickets):
    first = tickets.hand_in(id_="msg-1").json()
    later = tickets.hand_in("Har ni hunnit titta på det?", "msg-2", answers="msg-1").json()
    assert (later["outcome"], later["requests"]) == ("joined", first["requests"])
    assert tickets.hand_in("Har ni hunnit?", "msg-3", answers="msg-0").json()["outcome"] == "ordinary"


def test_the_time_runs_from_when_it_came(tickets):
    came = datetime.now(UTC).replace(microsecond=0) - timedelta(days=5)
    tickets.hand_in(received_at=came.isoformat())
    assert Request.objects.get().received_at == came
    for long_ago in ("0001-01-01T00:00:00+00:00", "1999-01-01T00:00:00+00:00"):
        assert tickets.hand_in(id_=long_ago, received_at=long_ago).status_code == 422


def test_the_conversation_of_another_program_is_not_joined(tickets, officer):
    tickets.hand_in(id_="msg-1")
    chat = Tickets(officer.post("/sources", {"name": "chat", "channel": "chat"}).json())
    assert chat.hand_in("Har ni hunnit titta?", "msg-2", answers="msg-1").json()["outcome"] == "ordinary"


def test_only_what_was_signed_just_now_is_taken(tickets):
    old = int(time.time()) - 600
    good = sign.signature(tickets.secret, "msg-1", int(time.time()), b"{}")
    wrong = [
        tickets.hand_in(at=old),
        tickets.hand_in(at=int(time.time()) + 600),
        tickets.hand_in(signature=""),
        tickets.hand_in(signature=good),
        tickets.hand_in(signature="v1,åäö".encode().decode("latin-1")),
        tickets.hand_in(signature="v1a,AAAA"),
        tickets.hand_in(id_=""),
        tickets.hand_in(id_="x" * 256),
        tickets.hand_in(name="no-such-source"),
    ]
    for answer in wrong:
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:lofte:problem:bad-signature")
    assert len({answer.content for answer in wrong}) == 1 and not Mail.objects.exists()


def test_one_right_signature_among_several_is_enough(tickets):
    body, now = json.dumps({"words": WISH}), int(time.time())
    right = sign.signature(tickets.secret, "msg-1", now, body.encode())
    assert tickets.hand_in(signature=f"v1,AAAA {right}", body=body, at=now).status_code == 200


def test_a_source_that_is_ended_hands_in_no_more(tickets, officer):
    assert officer.ask("DELETE", f"/sources/{tickets.ref}").status_code == 204
    assert tickets.hand_in().status_code == 401
    assert officer.get("/sources").json() == {"items": []}
    assert officer.post("/sources", {"name": "zammad", "channel": "chat"}).status_code == 409


def test_the_signature_of_the_specification_holds():
    """The example of Standard Webhooks, reckoned by others."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    shown = sign.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert shown == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("subject", ["a\nBcc: x@y.example", "x" * 400, "åäö \u202e", ""])
def test_whatever_stands_in_it_is_only_words(tickets, work, subject):
    answer = tickets.hand_in(UNSURE, subject=subject, sender="anna@kund.example\nBcc: eva@kund.example")
    assert answer.status_code == 200
    (waiting,) = settle.waiting()
    letter = settle.show(work.house, waiting.ref).letter
    assert "bcc" not in letter.headers and letter.sender in ("", "anna@kund.example")
