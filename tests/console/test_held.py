"""A hold is told before anything goes, and no longer than it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.plan.holds import HoldKind
from lofte.requests.erasure import holds, shown
from lofte.requests.erasure.later import erase_later
from lofte.requests.models import Deferral, Erasure, Request
from lofte.requests.worker.errands import do_ordered
from tests.console.conftest import CLOSED


@pytest.fixture
def claim(work, world, staff):
    """Somebody claims money, or it is seen that they do not."""

    def placed(categories=(), case="T 1-26"):
        number = world.rows["customers"][CLOSED - 1]["customer_no"]
        return holds.place(
            work.house,
            kind=HoldKind.LEGAL_CLAIM,
            identities=[Identity(kind=Kind.CUSTOMER_NO, value=number)],
            case=case,
            review_on=work.house.today + timedelta(days=90),
            why="En tvist.",
            by=staff.ref("officer"),
            categories=categories,
            connect=work.connect,
        )

    return placed


@pytest.fixture
def approved(asks, staff):
    request = asks()
    place = f"/console/requests/{request.number}"
    staff["handler"].post(f"{place}/plan")
    staff["approver"].post(f"{place}/approval", {"shown": shown.last_shown(request).id})
    return request


def page(staff, request, more=""):
    return staff["handler"].get(f"/console/requests/{request.number}{more}").text


def carried_out(staff, work, request):
    staff["handler"].post(f"/console/requests/{request.number}/carry-out")
    do_ordered(work.house, work.connect)
    assert Request.objects.get(pk=request.pk).state == "delivered"


def test_a_hold_since_the_approval_is_told_where_erase_now_stands(approved, claim, staff):
    assert "gallringsstopp har kommit" not in page(staff, approved, "/carry-out")
    claim()
    for more in ("", "/carry-out"):
        text = page(staff, approved, more)
        assert "Ett gallringsstopp har kommit sedan den godkändes." in text and "T 1-26" in text
        assert "En tvist" not in text


def test_one_that_stood_when_it_was_approved_is_told_without_alarm(asks, claim, staff):
    claim(categories=["payment"])
    request = asks()
    text = page(staff, request)
    assert "T 1-26" in text and "Det behåller:" in text and "har kommit sedan" not in text


def test_one_that_is_lifted_is_not_told(approved, claim, staff, work):
    hold = claim()
    holds.lift(work.house, hold.ref, why="Förlikning.", by=staff.ref("officer"))
    assert "T 1-26" not in page(staff, approved, "/carry-out")


@pytest.fixture
def stopped(approved, claim, staff, work):
    """Answered while a hold kept everything."""
    hold = claim()
    carried_out(staff, work, approved)
    return approved, hold


def test_what_a_hold_keeps_is_answered_and_not_called_carried_out(stopped, staff):
    request, _hold = stopped
    text = page(staff, request)
    assert "Sparas av gallringsstopp" in text and "Inget raderades: ett gallringsstopp" in text
    assert "Besvarad</h3>" in text and "Verkställd" not in text
    assert "Sparas av gallringsstopp" in staff["handler"].get("/console/?show=over").text


def test_when_the_hold_is_lifted_nothing_is_said_to_be_kept_by_it(stopped, staff, work):
    request, hold = stopped
    holds.lift(work.house, hold.ref, why="Förlikning.", by=staff.ref("officer"))
    text = page(staff, request)
    assert "Sparas av gallringsstopp" not in text and "tills det hävs" not in text
    assert "Sparas av gallringsstopp" not in staff["handler"].get("/console/?show=over").text


def test_when_the_rest_has_gone_by_itself_it_is_counted_once_and_the_letter_is_dated(stopped, staff, work):
    request, hold = stopped
    before = sum(Erasure.objects.filter(request=request).values_list("rows", flat=True))
    holds.lift(work.house, hold.ref, why="Förlikning.", by=staff.ref("officer"))
    assert erase_later(work.house, work.connect) == ()
    gone = Erasure.objects.filter(request=request, step__startswith="erase-later", verb="delete")
    assert gone.exists()
    text = page(staff, request)
    assert "Ett rättsligt anspråk" not in text.partition("Brevet")[0] and "tills det hävs" not in text
    assert "Sedan dess har" in text and "Sparas av gallringsstopp" not in text
    from lofte.console.since import lines_now

    now = lines_now(request, request.erasures.all())
    assert sum(line.rows for line in now) <= before, "no row is counted twice"
    assert Deferral.objects.filter(request=request).exists()


def test_another_hold_keeps_what_the_lifted_one_kept(stopped, claim, staff, work):
    request, hold = stopped
    claim(case="T 2-26")
    holds.lift(work.house, hold.ref, why="Förlikning.", by=staff.ref("officer"))
    assert "Sparas av gallringsstopp" in page(staff, request)
