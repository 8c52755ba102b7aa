"""Retention in the console: what each rule has before it, what will leave, what has left."""

from __future__ import annotations

import pytest

from lofte.retention import outlook
from lofte.retention.models import Approval, Outlook
from lofte.retention.pace import standing
from lofte.retention.sweep import sweep

PAGE = "/console/retention"


@pytest.fixture
def looked(work):
    return outlook.make(work.house, work.connect)


def chosen(run):
    return [outlook.name(p.task) for p in outlook.prospects(run) if p.task.why == "unapproved"]


def test_before_anybody_has_looked_nothing_is_claimed(work, staff):
    assert "Ingen har tittat än." in staff["auditor"].get(PAGE).text
    assert "Ingen har tittat än." in staff["auditor"].get(f"{PAGE}/ahead").text
    assert "Inga gallringar än" in staff["auditor"].get(f"{PAGE}/sweeps").text


def test_each_rule_is_shown_in_the_words_that_people_are_told(looked, staff):
    text = staff["officer"].get(PAGE).text
    assert (
        "till och med det sjunde året efter utgången av det kalenderår då räkenskapsåret avslutades" in text
    )
    assert "Väntar på godkännande" in text


def test_whoever_may_approve_lets_loose_what_was_seen(work, looked, staff):
    wanted = chosen(looked)[:2]
    answer = staff["approver"].post(f"{PAGE}/approve", {"what": wanted}, follow=True)
    assert "2 är godkända." in answer.text
    assert Approval.objects.count() == 2
    assert outlook.waits()


def test_nothing_is_approved_when_nothing_is_ticked(looked, staff):
    answer = staff["approver"].post(f"{PAGE}/approve", {}, follow=True)
    assert answer.status_code == 200 and not Approval.objects.exists()


@pytest.mark.parametrize("role", ["handler", "auditor", "officer"])
def test_others_see_and_approve_nothing(looked, staff, role):
    assert "Godkänn det som är ikryssat" not in staff[role].get(PAGE).text
    assert staff[role].post(f"{PAGE}/approve", {"what": chosen(looked)}).status_code == 403


def test_asking_twice_is_one_look(work, staff):
    for _ in range(2):
        staff["auditor"].post(f"{PAGE}/again")
    assert Outlook.objects.filter(made_at=None).count() == 1
    assert "Granska nu" not in staff["auditor"].get(PAGE).text


def test_what_will_leave_is_counted_week_by_week(looked, staff):
    text = staff["auditor"].get(f"{PAGE}/ahead").text
    assert str(sum(each.rows for each in outlook.leaving(looked))) in text.replace("\xa0", "")


def test_a_sweep_that_has_been_is_shown_with_what_it_left_undone(work, looked, staff):
    outlook.approve_seen(work.house, chosen(looked)[:1], by=staff["approver"] and staff.refs["approver"])
    done = sweep(work.house, work.connect)
    listed = staff["auditor"].get(f"{PAGE}/sweeps").text
    assert f"{PAGE}/sweeps/{done.ref}" in listed
    text = staff["auditor"].get(f"{PAGE}/sweeps/{done.ref}").text
    assert "Vad som inte blev gjort" in text and "Väntar på godkännande" in text
    assert staff["auditor"].get(f"{PAGE}/sweeps/{'0' * 32}").status_code == 404


def test_whoever_may_approve_pauses_the_sweeps_with_a_reason_and_lets_them_go_on(work, staff):
    staff["approver"].post(f"{PAGE}/pause", {"why": ""})
    assert standing() is None
    answer = staff["approver"].post(f"{PAGE}/pause", {"why": "kampanj pågår"}, follow=True)
    assert "Gallringen är pausad" in answer.text and standing() is not None
    assert "kampanj" not in staff["handler"].get(PAGE).text
    staff["approver"].post(f"{PAGE}/resume")
    assert standing() is None
