"""The web host's database under the served site, and requests for erasure in every state."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"
CUSTOMERS = 120
CLOSED, JOURNEY = 32, 11
PLACES = "places.json"


def found(company: Path) -> Any:
    """The workspace of a company, with its database."""
    import sqlalchemy as sa

    from examples.webhost.generate import make_world

    shutil.copytree(WEBHOST, company, ignore=shutil.ignore_patterns("*.py", "__pycache__", "data"))
    (company / "data").mkdir()
    world = make_world(customers=CUSTOMERS, seed=1)
    engine = sa.create_engine(f"sqlite:///{company / 'data' / 'hosting.sqlite3'}")
    world.load(engine)
    engine.dispose()
    return world


def fill(world: Any, folder: Path) -> None:
    """Erasures seen, approved, waiting and done; a list; and what goes on beside the requests. Where each
    stands is written down for the tests."""
    from lofte.accounts.models import Handler
    from lofte.site.at_work import at_work as opened
    from tests.browser import at_work
    from tests.browser.serving import APPROVER, HANDLER

    hanna, astrid = (Handler.objects.get(email=each).ref for each in (HANDLER, APPROVER))
    work = opened()
    ask = _asker(world, work, hanna)
    places = {
        "erase-new": _at(ask(40)),
        "erase-journey": _at(ask(JOURNEY)),
        "erase-seen": _at(seen := ask(CLOSED)),
        "erase-waiting": _at(waiting := ask(41)),
        "erase-done": _at(done := ask(42)),
    }
    _show(work, [seen, waiting, done], hanna)
    _approved(work, [waiting, done], astrid)
    _wait(work, waiting)
    _erased(work, done, hanna, astrid)
    places |= _round(world, work, hanna, astrid)
    places |= _beside(world, work, ask, hanna)
    places |= at_work.fill(world, work, hanna, astrid)
    (folder / PLACES).write_text(json.dumps(places), encoding="utf-8")


def _at(request: Any) -> str:
    return f"/console/requests/{request.number}"


def _identity(world: Any, number: int) -> Any:
    from lofte.datamap.document import Kind
    from lofte.datamap.identity import Identity

    return Identity(kind=Kind.CUSTOMER_NO, value=world.rows["customers"][number - 1]["customer_no"])


def _asker(world: Any, work: Any, by: str) -> Callable[..., Any]:
    from lofte.law.rights import Right
    from lofte.requests.course.receive import receive
    from lofte.requests.door.identify import Level, identify

    def ask(number: int, right: Right = Right.ERASURE, known: bool = True) -> Any:
        shown = [_identity(world, number)]
        request = receive(work.house, right=right, identities=shown, channel="letter", by=by)
        if not known:
            return request
        return identify(work.house, request, method="BankID", level=Level.PROVEN, by=by)

    return ask


def _show(work: Any, requests: list[Any], by: str) -> None:
    from lofte.requests.erasure import shown

    shown.show(work.house, requests, work.connect, by=by)


def _approved(work: Any, requests: list[Any], by: str) -> None:
    from lofte.requests.erasure.approve import approve
    from lofte.requests.erasure.shown import last_shown

    for request in requests:
        approve(work.house, request, last_shown(request).preview, by=by)


def _wait(work: Any, request: Any) -> None:
    """A system has not answered, and is not tried again while the tests look."""
    from lofte.execution import journal
    from lofte.execution.book import recorded
    from lofte.execution.models import Step
    from lofte.requests.course.move import move
    from lofte.requests.course.roads import State

    house = work.house
    with recorded(house):
        move(house, request, State.SEARCHING)
        journal.begin(request.ref, [("erase", "hosting"), ("verify", "systems")], house.now)
    claim = journal.claim("test", house.now, request=request.ref, kinds=["erase"])
    journal.fail(house, claim, "unreachable")
    Step.objects.filter(request=request.ref).update(not_before=house.now + timedelta(hours=3))


def _erased(work: Any, request: Any, by: str, approved_by: str) -> None:
    from lofte.requests.erasure.erase import erase

    erase(work.house, [request], work.connect, by=by, approved_by=approved_by)


def _round(world: Any, work: Any, by: str, approver: str) -> dict[str, str]:
    from lofte.requests.door.identify import Level
    from lofte.requests.erasure.together import receive_round

    persons = [(_identity(world, number),) for number in range(60, 66)]
    made = receive_round(
        work.house, persons, method="BankID", level=Level.PROVEN, channel="form", language="sv", by=by
    )
    requests = list(made.requests.order_by("id"))
    _show(work, requests, by)
    _approved(work, requests[:2], approver)
    return {"round": f"/console/rounds/{made.ref}"}


def _beside(world: Any, work: Any, ask: Callable[..., Any], by: str) -> dict[str, str]:
    import dataclasses
    import secrets

    from lofte.consent import restrict
    from lofte.law.rights import Right
    from lofte.plan.holds import HoldKind
    from lofte.plan.restriction import Ground
    from lofte.requests import sealing
    from lofte.requests.erasure import holds
    from lofte.requests.models import HoldRecord, RecipientNotice, Review

    now = work.house.now
    earlier = dataclasses.replace(work.house, clock=lambda: now - timedelta(days=200))
    for number, case, days in ((70, "T 118-26", 100), (71, "T 204-26", 230), (72, "INC-7", 900)):
        holds.place(
            earlier,
            kind=HoldKind.LEGAL_CLAIM if case[0] == "T" else HoldKind.INCIDENT,
            identities=[_identity(world, number)],
            case=case,
            review_on=earlier.today + timedelta(days=days),
            why="En tvist om en faktura.",
            by=by,
            categories=["payment"] if days > 500 else (),
        )
    restricted = ask(73, Right.RESTRICTION)
    restrict.restrict(work.house, [_identity(world, 73)], Ground.ACCURACY, by=by, request=restricted.ref)
    reviewed = ask(74, Right.HUMAN_REVIEW)
    key = sealing.unwrap(work.house.keys.wrapping, reviewed.key, reviewed.ref)
    Review.objects.create(
        ref=secrets.token_hex(16),
        request=reviewed,
        decision="abuse_lock",
        case="K-311",
        at=now,
        view=sealing.seal_text(key, "Jag hade bara glömt lösenordet.", "view", reviewed.ref),
    )
    received = ask(75, Right.ACCESS, known=False)
    hold = HoldRecord.objects.first()
    told = RecipientNotice.objects.first()
    return {
        "received": f"/console/requests/{received.number}",
        "lift-hold": f"/console/holds/{hold.ref}/lift",
        "restriction": f"/console/restrictions/{restricted.number}",
        "restriction-lift": f"/console/restrictions/{restricted.number}/lift",
        "review": f"/console/reviews/{reviewed.number}",
        **({"recipient": f"/console/recipients/{told.ref}"} if told else {}),
    }
