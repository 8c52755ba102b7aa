"""What is carried out is what somebody has seen and approved, and no wider."""

from __future__ import annotations

import dataclasses
import logging
from datetime import date

import pytest
import sqlalchemy as sa

from lofte.accounts.models import Handler
from lofte.accounts.roles import Role
from lofte.errors import Ambiguous, Conflict, Refused, Unreachable
from lofte.execution import book
from lofte.execution.models import Step
from lofte.law.rights import Right
from lofte.plan.holds import HoldKind
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.erasure import holds
from lofte.requests.erasure.approve import approval_of, approve
from lofte.requests.erasure.as_approved import NotApproved, OverCap
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.outcome import outcome
from lofte.requests.erasure.preview import preview
from tests.erase.conftest import BERTIL, asks, customer, dump

CLOSED, OTHER = 32, 33


@pytest.fixture
def cecilia(store) -> Handler:
    return Handler.objects.create(email="cecilia@fjordhem.example", role=Role.APPROVER, ref="c" * 32)


def terms(house, **erasure):
    """The house, with other terms of erasure in its policy."""
    rights = house.policy.rights
    changed = type(rights.erasure).model_validate(rights.erasure.model_dump() | erasure)
    policy = house.policy.model_copy(update={"rights": rights.model_copy(update={"erasure": changed})})
    return dataclasses.replace(house, policy=policy)


def said(kind: str) -> list:
    return [payload for entry, payload in book.opened() if entry.kind == kind]


def sign_in(url: str, rows: int) -> None:
    """The person signs in so many times more."""
    engine = sa.create_engine(url)
    try:
        with engine.begin() as db:
            table = sa.Table("login_history", sa.MetaData(), autoload_with=db)
            one = db.execute(sa.select(table).where(table.c.customer_id == CLOSED)).mappings().first()
            last = db.execute(sa.select(sa.func.max(table.c.id))).scalar()
            db.execute(sa.insert(table), [dict(one) | {"id": last + n} for n in range(1, rows + 1)])
    finally:
        engine.dispose()


def test_what_is_carried_out_as_approved_is_noted_so(fjordhem, world, store, connect, cecilia):
    request = asks(fjordhem, customer(world, CLOSED))
    approve(fjordhem, request, preview(fjordhem, request, connect), by=cecilia.ref)
    erase(fjordhem, [request], connect, by=BERTIL)
    (done,) = said("erasure.done")
    assert done["as_approved"] == 1
    (approved,) = said("erasure.approved")
    assert approved["by"] == cecilia.ref and approved["rows"] >= done["deleted"] + done["changed"] > 0


def test_who_may_not_approve_is_refused(fjordhem, world, store, connect):
    request = asks(fjordhem, customer(world, CLOSED))
    bertil = Handler.objects.create(email="bertil@fjordhem.example", role=Role.HANDLER, ref=BERTIL)
    seen = preview(fjordhem, request, connect)
    for by in (bertil.ref, "", "f" * 32):
        with pytest.raises(Refused, match="may not approve"):
            approve(fjordhem, request, seen, by=by)
    assert approval_of(request) is None


def test_a_second_person_is_not_the_one_who_took_it_in(fjordhem, world, store, connect, cecilia):
    Handler.objects.create(email="bertil@fjordhem.example", role=Role.APPROVER, ref=BERTIL)
    house = terms(fjordhem, approval="second_person")
    request = asks(house, customer(world, CLOSED))
    seen = preview(house, request, connect)
    with pytest.raises(Refused, match="second person"):
        approve(house, request, seen, by=BERTIL)
    assert approve(house, request, seen, by=cecilia.ref).by == cecilia.ref


@pytest.mark.parametrize(("channel", "may"), [("portal", True), ("letter", False)])
def test_what_a_person_asked_and_proved_in_the_portal_has_no_first_person_here(
    fjordhem, world, store, connect, cecilia, channel, may
):
    """By letter, with nobody who signs for it, somebody is missing; in the portal nobody is."""
    house = terms(fjordhem, approval="second_person")
    shown = [customer(world, CLOSED)]
    request = receive(house, right=Right.ERASURE, identities=shown, channel=channel)
    request = identify(house, request, method="kod", level=Level.PROVEN, by="")
    seen = preview(house, request, connect)
    if not may:
        with pytest.raises(Refused, match="second person"):
            approve(house, request, seen, by=cecilia.ref)
        return
    approve(house, request, seen, by=cecilia.ref)
    (done,) = erase(house, [request], connect, by=BERTIL)
    assert done.state == "delivered"


def test_nothing_goes_unapproved_where_the_policy_asks_for_approval(
    fjordhem, world, store, connect, hosting_url, cecilia
):
    house, before = terms(fjordhem, approval="required"), dump(hosting_url)
    request = asks(house, customer(world, CLOSED))
    with pytest.raises(NotApproved):
        erase(house, [request], connect)
    assert dump(hosting_url) == before and said("erasure.stopped")[0]["why"] == "not_approved"
    approve(house, request, preview(house, request, connect), by=cecilia.ref)
    (done,) = erase(house, [request], connect)
    assert done.state == "delivered"


def test_a_plan_that_has_grown_stops_until_it_is_approved_anew(
    fjordhem, world, store, connect, hosting_url, cecilia, caplog
):
    request = asks(fjordhem, customer(world, CLOSED))
    approve(fjordhem, request, preview(fjordhem, request, connect), by=cecilia.ref)
    sign_in(hosting_url, 11)
    before = dump(hosting_url)
    with caplog.at_level(logging.WARNING), pytest.raises(Conflict, match="approved anew"):
        erase(fjordhem, [request], connect)
    assert dump(hosting_url) == before
    (stopped,) = said("erasure.stopped")
    assert (stopped["why"], stopped["rows"], stopped["allowed"]) == ("wider", 22, 11)
    assert "erasure stopped" in caplog.text
    (waiting, _) = outcome(fjordhem, request)
    assert (waiting.state, waiting.why) == ("failed", "not_approved")
    approve(fjordhem, request, preview(fjordhem, request, connect), by=cecilia.ref)
    (done,) = erase(fjordhem, [request], connect)
    assert done.state == "delivered"


def test_a_little_more_than_was_approved_goes_too(fjordhem, world, store, connect, hosting_url, cecilia):
    request = asks(fjordhem, customer(world, CLOSED))
    approve(fjordhem, request, preview(fjordhem, request, connect), by=cecilia.ref)
    sign_in(hosting_url, 10)
    (done,) = erase(fjordhem, [request], connect)
    assert done.rows["hosting", "login_history", "delete"] == 21
    assert said("erasure.done")[0]["as_approved"] == 0


def test_what_nobody_has_seen_is_not_approved(fjordhem, world, store, connect, hosting_url, cecilia):
    """A system that was silent when the rest was looked at."""
    request, before = asks(fjordhem, customer(world, CLOSED)), dump(hosting_url)
    seen = dataclasses.replace(preview(fjordhem, request, connect), lines=(), digests={"elsewhere": "0" * 64})
    approve(fjordhem, request, seen, by=cecilia.ref)
    with pytest.raises(NotApproved):
        erase(fjordhem, [request], connect)
    assert dump(hosting_url) == before


def test_silence_everywhere_cannot_be_approved(fjordhem, world, store, connect, cecilia):
    def silent(system):
        raise Unreachable("down")

    request = asks(fjordhem, customer(world, CLOSED))
    with pytest.raises(Refused, match="no system answered"):
        approve(fjordhem, request, preview(fjordhem, request, silent), by=cecilia.ref)


def test_a_person_who_cannot_be_told_apart_is_not_approved(fjordhem, world, store, connect, cecilia):
    request = asks(fjordhem, customer(world, CLOSED))
    seen = dataclasses.replace(preview(fjordhem, request, connect), ambiguous=2)
    with pytest.raises(Ambiguous):
        approve(fjordhem, request, seen, by=cecilia.ref)


def test_the_preview_of_another_is_not_approved(fjordhem, world, store, connect, cecilia):
    first, second = (asks(fjordhem, customer(world, n)) for n in (CLOSED, OTHER))
    with pytest.raises(Refused, match="another request"):
        approve(fjordhem, first, preview(fjordhem, second, connect), by=cecilia.ref)


def test_a_hold_after_the_approval_wins(fjordhem, world, store, connect, hosting_url, cecilia):
    identity = customer(world, CLOSED)
    request = asks(fjordhem, identity)
    approve(fjordhem, request, preview(fjordhem, request, connect), by=cecilia.ref)
    holds.place(
        fjordhem, kind=HoldKind.LEGAL_CLAIM, identities=[identity], case="T 1-26",
        review_on=date(2027, 5, 1), why="tvist", by=BERTIL,
    )  # fmt: skip
    before = dump(hosting_url)
    (done,) = erase(fjordhem, [request], connect)
    assert dump(hosting_url) == before and {verb for _, _, verb in done.rows} == {"keep"}
    assert said("erasure.done")[0]["as_approved"] == 0


@pytest.mark.parametrize("cap", [{"rows": 20}, {"percent": 1, "of_at_least": 50}], ids=["rows", "percent"])
def test_a_plan_over_the_cap_stops_with_an_alarm(fjordhem, world, store, connect, hosting_url, cap):
    house, before = terms(fjordhem, cap=cap), dump(hosting_url)
    request = asks(house, customer(world, CLOSED))
    with pytest.raises(OverCap):
        erase(house, [request], connect)
    assert dump(hosting_url) == before
    stopped = said("erasure.stopped")
    assert {each["why"] for each in stopped} == {"too_wide"}
    assert all(each["rows"] > each["allowed"] for each in stopped)
    assert Step.objects.get(request=request.ref, kind="erase").failure == "too_wide"


def test_it_is_let_through_by_name_with_a_reason(fjordhem, world, store, connect, cecilia):
    house = terms(fjordhem, cap={"rows": 20})
    request = asks(house, customer(world, CLOSED))
    seen = preview(house, request, connect)
    assert seen.wide and "20" in seen.too_wide[0].say().say("sv")
    with pytest.raises(OverCap, match="with a reason"):
        approve(house, request, seen, by=cecilia.ref, wide="  ")
    approval = approve(house, request, seen, by=cecilia.ref, wide="en storkund, kontrollerad rad för rad")
    assert b"storkund" not in bytes(approval.wide)
    (done,) = erase(house, [request], connect)
    assert done.state == "delivered" and said("erasure.approved")[0]["wide"] == 1


def test_who_is_stopped_holds_up_no_other(fjordhem, world, store, connect, hosting_url, cecilia):
    first, second = (asks(fjordhem, customer(world, n)) for n in (CLOSED, OTHER))
    for request in (first, second):
        approve(fjordhem, request, preview(fjordhem, request, connect), by=cecilia.ref)
    sign_in(hosting_url, 30)
    with pytest.raises(NotApproved):
        erase(fjordhem, [first, second], connect)
    for request, state in ((first, "searching"), (second, "delivered")):
        request.refresh_from_db()
        assert request.state == state
