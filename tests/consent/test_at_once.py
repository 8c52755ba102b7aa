"""A no to marketing, and consent taken back, are obeyed by the house itself, as soon as they are said."""

from __future__ import annotations

import pytest

from lofte.consent.gate import may_send
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Refused, Unreachable
from lofte.execution import book
from lofte.law.rights import Right
from lofte.requests.course.take import take
from lofte.requests.door.identify import Level, identify
from lofte.requests.door.withdraw_wish import withdraw_wish
from lofte.requests.models import Request
from lofte.requests.worker.again import do_due
from lofte.requests.worker.at_once import choose, due, obey
from tests.consent.conftest import ANNA, EVA


def shown(value=ANNA):
    return (Identity(kind=Kind.EMAIL, value=value),)


def wish(house, right=Right.OBJECTION, *, channel="portal", words="", by="", value=ANNA):
    case = take(house, rights=[right], identities=shown(value), channel=channel, words=words, by=by)
    return case.items.get()


def states():
    return list(Request.objects.order_by("id").values_list("state", flat=True))


def mailed(house, value=ANNA):
    return bool(may_send(house, Kind.EMAIL, value))


def test_advertising_stops_at_once_and_the_request_is_answered(store, house, billing):
    wish(house)
    assert due() and obey(house, lambda system: billing) == 1
    assert states() == ["delivered"] and not due()
    assert not mailed(house)
    identification = Request.objects.get().identifications.get()
    assert identification.level == Level.NOTHING


def test_consent_is_taken_back_at_once(store, house, billing):
    wish(house, Right.WITHDRAWAL)
    assert obey(house, lambda system: billing) == 1 and states() == ["delivered"]
    assert "withdrawal.recorded" in [entry.kind for entry in book.entries()]


def test_whoever_wrote_of_their_situation_is_read_by_a_person(store, house, billing):
    wish(house, words="Jag vill inte att ni profilerar mig, jag har skyddade uppgifter.")
    assert not due() and obey(house, lambda system: billing) == 0 and states() == ["received"]


@pytest.mark.parametrize(("channel", "by"), [("email", ""), ("phone", "b" * 32), ("portal", "b" * 32)])
def test_what_came_another_way_waits_for_a_handler(store, house, billing, channel, by):
    wish(house, channel=channel, by=by)
    assert not due() and states() == ["received"]


def test_what_needs_proof_is_never_done_by_itself(store, house, billing):
    wish(house, Right.ERASURE)
    assert not due() and obey(house, lambda system: billing) == 0 and states() == ["received"]


def test_a_silent_system_does_not_keep_advertising_going(store, house, billing, clock):
    def silent(system):
        raise Unreachable("the system is down")

    wish(house)
    left = set()
    assert obey(house, silent, left) == 0 and not mailed(house)
    assert not due(left) and states() == ["identified"]
    clock.go(hours=1)
    assert do_due(house, lambda system: billing) == 1 and states() == ["delivered"]


def test_what_cannot_be_done_stops_no_other(store, house, billing):
    wish(house)
    wish(house, value=EVA)
    first = Request.objects.order_by("id")[0]
    Request.objects.filter(pk=first.pk).update(key=b"")
    left = set()
    assert obey(house, lambda system: billing, left) == 1
    assert left == {first.ref} and not due(left) and not mailed(house, EVA)


def test_what_is_taken_back_is_not_done(store, house, billing):
    withdraw_wish(house, wish(house))
    assert obey(house, lambda system: billing) == 0 and mailed(house)


def known(house, right=Right.ACCESS):
    """A case whose person the house itself has identified."""
    request = wish(house, right)
    identify(house, request, method="kod", level=Level.PROVEN, by="")
    return request.case


def test_nothing_is_chosen_for_what_was_only_typed(store, house):
    with pytest.raises(Refused, match="proven"):
        choose(house, wish(house, Right.ACCESS).case, Right.WITHDRAWAL, ["photos"])


def test_a_choice_of_one_purpose_stops_that_and_no_other(store, house, billing):
    case = known(house)
    made = choose(house, case, Right.WITHDRAWAL, ["photos"])
    assert made.case == case and obey(house, lambda system: billing) == 1
    made.refresh_from_db()
    assert made.state == "delivered" and mailed(house)


def test_a_choice_against_what_rests_on_law_is_refused(store, house):
    case = known(house)
    with pytest.raises(Refused, match="books"):
        choose(house, case, Right.OBJECTION, ["books"])
    assert Request.objects.count() == 1


def test_an_objection_that_is_weighed_stops_and_waits_for_a_decision(store, house, billing):
    case = known(house)
    made = choose(house, case, Right.OBJECTION, ["support"])
    assert obey(house, lambda system: billing) == 0
    made.refresh_from_db()
    assert made.state == "identified" and not due()


def test_a_no_that_was_obeyed_and_not_answered_is_answered_by_the_next(store, house, billing, monkeypatch):
    monkeypatch.setattr("lofte.requests.worker.at_once.grant", _dies)
    wish(house)
    with pytest.raises(KeyboardInterrupt):
        obey(house, lambda system: billing)
    monkeypatch.undo()
    assert states() == ["identified"] and due()
    assert obey(house, lambda system: billing) == 1 and states() == ["delivered"]


def _dies(*_args, **_more):
    raise KeyboardInterrupt
