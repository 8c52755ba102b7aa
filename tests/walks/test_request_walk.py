"""The walk of a request, on the example company: `docs/walks/request.md`, step by step."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import io
import logging
import re
import zipfile
from datetime import timedelta
from pathlib import Path

from django.test import Client

from lofte.consent.gate import may_send
from lofte.datamap.document import Kind
from lofte.datamap.email import canonical_email
from lofte.datamap.identity import Identity
from lofte.execution import book
from lofte.mail.send import send_due
from lofte.mail.way import Way
from lofte.plan.records import DatasetRef
from lofte.requests.answer.expired import destroy_due
from lofte.requests.answer.weigh import Scale
from lofte.requests.door.challenge import answer_knocks
from lofte.requests.door.code_by_hand import by_letter
from lofte.requests.door.contacts import on_file
from lofte.requests.models import Mention, PackageRecord, Request
from lofte.requests.worker.at_once import obey
from lofte.requests.worker.errands import do_ordered
from tests.console.conftest import _company, company, staff, work, world
from tests.walks.walking import Walk

__all__ = ["_company", "company", "staff", "work", "world"]
ROOT = Path(__file__).parents[2]
ULLA = "ulla@okand.example"
MENTION = "Ring Erik Lindgren om fakturan."


def _anna(work, world):
    """A customer with an address of her own, that nobody else has."""
    for row in world.rows["customers"]:
        address = canonical_email(row["email"] or "")
        if row["kind"] == "private" and not row["closed_on"] and not row["protected_identity"] and address:
            shown = Identity(kind=Kind.EMAIL, value=address)
            if shown in on_file(work.house, [shown], work.connect).contacts and address.isascii():
                return row | {"email": address}
    raise AssertionError("nobody can be reached")


def _browser():
    return Client(headers={"accept-language": "sv"})


def _letters(house, to):
    """What has left to this address, by the outbox."""
    send_due(house, Way(address="dataskydd@norrsken.example"))
    read = []
    for file in sorted((house.folder / "outbox").glob("*")):
        for part in file.read_bytes().split(b"-" * 79):
            said = email.message_from_bytes(part.strip(), policy=email.policy.default)
            if said["To"] == to:
                read.append(said)
    return read


def _plain(text):
    """A page without its numbers, its days and what is new in every form."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r"20\d\d-\d{6}", "NUMBER", text)


def _code(words):
    match = re.search(r"\b\d{4} \d{4}(?: \d{2})?\b|\b\d{5} \d{5}\b", words)
    assert match, words
    return match[0]


def test_from_a_wish_to_a_package_that_nobody_opens_any_more(work, world, staff, caplog):
    caplog.set_level(logging.INFO)
    house, connect = work.house, work.connect
    anna, her, ulla = _anna(work, world), _browser(), _browser()
    with Walk(ROOT / "docs" / "walks" / "request.md") as walk:
        wish = {"rights": ["access", "objection"], "email": anna["email"]}
        with walk.step(1, "Anna asks in the portal"):
            assert her.get("/ask").status_code == 200
            assert her.post("/ask", wish)["Location"] == "/ask/received"
            access = Request.objects.get(right="access")
            objection = Request.objects.get(right="objection")
            assert access.case == objection.case and access.state == "received"

        with walk.step(2, "Ulla asks the same, and sees the same"):
            ulla.post("/ask", wish | {"email": ULLA}, REMOTE_ADDR="203.0.113.9")
            pages = [_plain(each.get("/ask/received").text) for each in (her, ulla)]
            assert pages[0].replace(anna["email"], "WHO") == pages[1].replace(ULLA, "WHO")

        with walk.step(3, "Both are acknowledged"):
            for address in (anna["email"], ULLA):
                (said,) = _letters(house, address)
                assert "2026-" in said["Subject"] or access.number[:4] in said["Subject"]

        with walk.step(4, "A no to advertising is obeyed at once"):
            assert may_send(house, Kind.EMAIL, anna["email"])
            assert obey(house, connect) == 2
            objection.refresh_from_db()
            assert objection.state == "delivered" and not may_send(house, Kind.EMAIL, anna["email"])

        with walk.step(5, "A code goes to a contact that we had before"):
            answer_knocks(house, connect)
            codes = [said for said in _letters(house, anna["email"]) if "kod" in said["Subject"]]
            assert len(codes) == 1
            assert not [said for said in _letters(house, ULLA) if "kod" in said["Subject"]]

        with walk.step(6, "Anna shows who she is"):
            assert her.post("/mine/code", {"code": _code(codes[0].get_content())})["Location"] == "/mine"
            access.refresh_from_db()
            assert access.state == "received" and access.number in her.get("/mine").text
            printed = by_letter(house, access, connect, by=staff.ref("handler"))
            her.post("/mine", {"number": access.number, "email": anna["email"]})
            answer_knocks(house, connect)
            her.post("/mine/code", {"code": _code(printed.body)})
            access.refresh_from_db()
            assert access.state == "identified"

        with walk.step(7, "The systems are searched, and the package lies sealed"):
            assert do_ordered(house, connect) == 1
            access.refresh_from_db()
            package = PackageRecord.objects.get(request=access)
            assert access.state == "ready" and package.key
            assert not Path(package.path).read_bytes().startswith(b"PK")

        with walk.step(8, "A handler looks at what only mentions her"):
            _mentioned(house, access)
            page = f"/console/requests/{access.number}/mentions"
            handler = staff["handler"]
            assert "Erik" not in handler.get(page).text
            assert "Erik Lindgren" in handler.post(f"{page}/look").text
            said = {"ref": Mention.objects.get().ref, "verdict": "give", "names": ["Erik Lindgren"]}
            handler.post(f"{page}/weigh", said | {"words": ""})
            handler.post(f"{page}/anew")
            assert do_ordered(house, connect) == 1

        with walk.step(9, "The answer is let go"):
            assert handler.post(f"/console/requests/{access.number}/release").status_code == 302
            access.refresh_from_db()
            assert access.state == "delivered"
            notice = _letters(house, anna["email"])[-1]
            assert access.number in notice.get_content() and anna["name"] not in str(notice)

        with walk.step(10, "Anna fetches it"):
            address = f"/mine/{access.number}/fetch"
            assert ulla.post(address).status_code in (302, 403, 404)
            for _ in range(5):
                assert her.get(address).status_code == 200
            answer = her.post(address)
            content = b"".join(answer.streaming_content)
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                assert anna["name"] in opened.read("data.json").decode()
            kinds = [str(entry.kind) for entry in book.entries()]
            assert "package.fetched" in kinds

        with walk.step(11, "After a week nothing opens it"):
            package = PackageRecord.objects.filter(request=access).latest("id")
            assert destroy_due(house.folder, house.now + timedelta(days=8)) >= 1
            assert not Path(package.path).exists()
            assert not her.post(address).streaming

        with walk.step(12, "Somebody calls, and another decides"):
            call = {"right": "access", "channel": "phone", "language": "sv",
                    "received_on": house.today.isoformat(), "customer_no": anna["customer_no"]}  # fmt: skip
            handler.post("/console/requests/new", call)
            called = Request.objects.latest("id")
            page = f"/console/requests/{called.number}"
            handler.post(f"{page}/refuse", {"ground": "excessive", "why": "Samma sak besvarades i går."})
            called.refresh_from_db()
            assert called.state == "received"
            staff["officer"].post(f"{page}/proposal", {"answer": "yes"})
            called.refresh_from_db()
            text = staff["officer"].get(page).text
            assert called.state == "refused" and "domstol" in text and "Samma sak besvarades i går." in text

        with walk.step(13, "The ledger is whole, and holds nobody"):
            assert book.verify(house.keys.ledger) is None
            told = "\n".join(map(repr, book.opened())) + caplog.text
            for secret in (anna["email"], anna["name"], anna["personnummer"], ULLA, "Lindgren", "besvarades"):
                assert secret not in told


def _mentioned(house, request):
    """A row of somebody else's that mentions her, as a search would have met it."""
    later = dataclasses.replace(house, clock=lambda: house.now + timedelta(seconds=1))
    scale = Scale(house=later, request=request)
    system = house.datamap.systems[0]
    dataset, column = next(
        (name, field)
        for name, each in system.datasets.items()
        for field, mapped in each.fields.items()
        if mapped.text
    )
    scale.weigh(DatasetRef(system=system.id, dataset=dataset), {column: MENTION})
    scale.save()
