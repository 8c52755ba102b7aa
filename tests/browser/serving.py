"""The real server on a store of its own, filled so that every page has something to show.

Run as `python -m tests.browser.serving FOLDER`; prints its address when it answers.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

PASSWORD = "tall-granskog-vid-fjorden"
HANDLER, AUDITOR = "hanna@fjordhem.example", "rut@fjordhem.example"
APPROVER = "astrid@fjordhem.example"
ADMINISTRATOR = "agneta@fjordhem.example"
WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"
READY, LATE, NOTHING, NEW = "2026-000118", "2026-000101", "2026-000119", "2026-000121"
DELIVERED = "2026-000097"


def main(folder: Path) -> None:
    company = folder.parent / "company"
    os.environ |= {"LOFTE_HOME": str(folder), "LOFTE_WORKSPACE": str(company)}
    from lofte.site.store import prepare, set_up
    from tests.browser import erasing

    set_up()
    prepare()
    world = erasing.found(company)
    fill(folder)
    erasing.fill(world, folder.parent)
    from lofte.site.serve import serve

    serve(port=0, on_ready=lambda address: print(address, flush=True))


def fill(folder: Path) -> None:
    """A policy in force, two who work here, and requests in every state."""
    from lofte.accounts.handler import create_handler
    from lofte.accounts.roles import Role
    from lofte.datamap.document import DataMap
    from lofte.execution.house import House
    from lofte.notices.publish import publish
    from lofte.policy.document import Policy
    from lofte.policy.reading import read
    from lofte.site.home import keys

    text = (WEBHOST / "policy.yaml").read_text(encoding="utf-8")
    policy = read(text, "policy.yaml", Policy).document
    assert policy is not None
    house = House(policy=policy, datamap=DataMap(), keys=keys(), folder=folder)
    publish(house, text)
    hanna = create_handler(house, email=HANDLER, password=PASSWORD, role=Role.HANDLER, name="Hanna Lindqvist")
    create_handler(house, email=AUDITOR, password=PASSWORD, role=Role.AUDITOR, name="Rut Ekdahl")
    create_handler(house, email=APPROVER, password=PASSWORD, role=Role.APPROVER, name="Astrid Norén")
    create_handler(house, email=ADMINISTRATOR, password=PASSWORD, role=Role.ADMINISTRATOR, name="Agneta Holm")

    requests = [
        (LATE, 36, "letter", "received identified searching"),
        ("2026-000109", 27, "email", "received"),
        ("2026-000112", 24, "portal", "received identified"),
        (READY, 12, "phone", "received identified searching ready"),
        (NOTHING, 8, "phone", "received identified searching ready"),
        ("2026-000120", 3, "portal", "received identified searching"),
        (NEW, 0, "form", "received"),
        (DELIVERED, 44, "email", "received identified searching ready delivered"),
        ("2026-000088", 60, "visit", "received refused"),
    ]
    for number, days, channel, states in requests:
        put_request(number, days, channel, states.split(), hanna.ref)
    put_findings(READY, folder)


def put_request(number: str, days: int, channel: str, states: list[str], by: str) -> None:
    from django.utils import timezone

    from lofte.requests.models import Identification, Request, Transition

    received = timezone.now() - timedelta(days=days)
    request = Request.objects.create(
        ref=number.replace("-", "").rjust(32, "0"),
        number=number,
        right="access",
        channel=channel,
        language="sv",
        received_at=received,
        due_on=timezone.localdate(received) + timedelta(days=31),
        policy_version="2026.1",
        state=states[-1],
        key=b"",
    )
    for step, (before, after) in enumerate(zip(["", *states], states, strict=False)):
        Transition.objects.create(
            request=request,
            from_state=before,
            to_state=after,
            why="unidentified" if after == "refused" else "",
            by="" if after in {"searching", "ready"} else by,
            at=received + timedelta(hours=3 * step),
        )
    if "identified" in states:
        Identification.objects.create(
            request=request, method=b"", level=2, by=by, at=received + timedelta(hours=3)
        )


def put_findings(number: str, folder: Path) -> None:
    from django.utils import timezone

    from lofte.requests.models import Finding, PackageRecord, Request

    request = Request.objects.get(number=number)
    found = {
        "customers": (1, 0),
        "contacts": (2, 0),
        "contracts": (2, 0),
        "services": (6, 0),
        "domains": (4, 0),
        "invoices": (38, 0),
        "invoice_lines": (112, 0),
        "payments": (36, 2),
        "login_history": (241, 0),
        "site_requests": (87, 0),
        "tickets": (5, 0),
        "ticket_messages": (19, 1),
        "newsletter": (1, 0),
        "refunds": (0, 0),
        "job_applications": (0, 0),
    }
    for dataset, (rows, shared) in found.items():
        verb = "forward" if dataset == "site_requests" else "give"
        Finding.objects.create(
            request=request, system="hosting", dataset=dataset, verb=verb, rows=rows, shared=shared
        )
    put_nothing_found(NOTHING, found)
    path = folder / "package.zip"
    empty = b"PK\x05\x06" + bytes(18)
    path.write_bytes(empty)
    PackageRecord.objects.create(
        request=request,
        sha256=hashlib.sha256(empty).hexdigest(),
        path=str(path),
        size=284_311,
        made_at=timezone.now() - timedelta(days=11),
    )


def put_nothing_found(number: str, datasets: Iterable[str]) -> None:
    from lofte.requests.models import Finding, Request

    request = Request.objects.get(number=number)
    for dataset in datasets:
        Finding.objects.create(request=request, system="hosting", dataset=dataset, verb="give", rows=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
