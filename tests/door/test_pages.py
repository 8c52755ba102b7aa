"""The pages at the door: asked, proven, seen, taken back, left."""

from __future__ import annotations

from django.core.cache import cache  # noqa: F401

from lofte.requests.models import Request
from tests.door.company import ANNA


def send(client, address=ANNA, rights=("access",), **more):
    return client.post("/ask", {"rights": list(rights), "email": address, **more}, REMOTE_ADDR="203.0.113.9")


def test_the_whole_way_from_asking_to_taking_back(door, client):
    assert client.get("/ask").status_code == 200
    assert send(client, rights=["access", "rectification"]).headers["Location"] == "/ask/received"
    page = client.get("/ask/received")
    numbers = list(Request.objects.order_by("id").values_list("number", flat=True))
    assert all(number in page.text for number in numbers)
    door.answer()
    answer = client.post("/mine/code", {"code": door.codes()[ANNA]})
    assert answer.headers["Location"] == "/mine"
    page = client.get("/mine")
    assert all(number in page.text for number in numbers)
    assert client.get(f"/mine/{numbers[1]}/take-back").status_code == 200
    client.post(f"/mine/{numbers[1]}/take-back")
    assert Request.objects.get(number=numbers[1]).state == "withdrawn"
    assert [said["to"] for said in door.letters("withdrawn")] == [ANNA]
    client.post("/mine/leave")
    assert numbers[0] not in client.get("/mine").text
