"""A major change is told to everybody whom it touches before it takes force, and that can be shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lofte.connectors.registry import open_system
from lofte.consent.suppress import PlacedFor, suppress
from lofte.datamap.document import Kind as Kind_
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused, Unreachable
from lofte.execution import book
from lofte.ledger.kinds import Kind
from lofte.mail.bounce import came_back
from lofte.mail.models import Outgoing
from lofte.mail.post import DAY
from lofte.mail.send import send_due
from lofte.notices import announce as announcing
from lofte.notices.announce import announce, count, posted, tally, turn
from lofte.notices.classified import takes_force
from lofte.notices.models import Announcement, Told
from lofte.notices.publish import coming as comes_next
from lofte.notices.publish import in_force
from lofte.notices.versions import when_told
from tests.notices.world import WAY, coming, company, letters, shop, told, with_

ANNA, BO, CILLA = "anna@kund.example", "bo@kund.example", "cilla@kund.example"


@pytest.fixture
def shop_house(store, house, tmp_path):
    shop(tmp_path, [(ANNA, 0), (BO.upper(), 0)], orders=[ANNA, CILLA, "not an address"])
    return company(house, tmp_path)


def test_a_major_change_cannot_take_force_before_its_lead_time(shop_house):
    with pytest.raises(Refused, match="2026-04-04 or later"):
        coming(shop_house, days=29)
    assert comes_next(shop_house.today) is None


def test_a_minor_change_may_take_force_at_once(shop_house):
    title = {"sv": "Ny rubrik", "en": "New heading"}
    _, published = coming(shop_house, days=0, title=title)
    assert in_force(shop_house.today) == published


def test_everybody_whom_it_touches_is_told_once(shop_house, tmp_path):
    _, published = coming(shop_house)
    told(shop_house, tmp_path)
    told(shop_house, tmp_path)
    assert sorted(each.split("\n")[0] for each in letters(shop_house)) == [
        f"To: {ANNA}",
        f"To: {BO}",
        f"To: {CILLA}",
    ]
    assert "Leverera tjänsten: sparas längre än förut" in letters(shop_house)[0]
    assert f"/policy/versions/2026-01-01..{published.version}" in letters(shop_house)[0]
    published.announcement.refresh_from_db()
    assert tally(published.announcement).left == 3 and tally(published.announcement).unreadable == 1


def test_those_of_whom_the_company_is_only_processor_are_not_told(shop_house, tmp_path):
    coming(shop_house)
    told(shop_house, tmp_path)
    assert not any("visitor@elsewhere.example" in each for each in letters(shop_house))


def test_those_whom_the_change_does_not_touch_are_not_told(shop_house, tmp_path):
    house = with_(
        shop_house,
        subjects={
            **shop_house.policy.model_dump(mode="json")["subjects"],
            "applicants": {"name": {"sv": "A"}},
        },
    )
    purpose = {"subjects": ["applicants"], "categories": ["contact"], "legal_basis": "6.1.b"}
    plain = house.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    _, published = coming(house, purposes={**plain["purposes"], "recruit": purpose})
    assert published.reasons
    told(house, tmp_path)
    assert tally(published.announcement).written == 0 and published.announcement.everyone


def test_it_goes_on_where_it_was_stopped_and_writes_nobody_twice(shop_house, tmp_path, monkeypatch):
    coming(shop_house)
    monkeypatch.setattr(announcing, "_BATCH", 1)
    written = []

    def stop(system, n):
        written.append(n)
        if n == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        announce(shop_house, lambda s: open_system(s, tmp_path), Announcement.objects.get(), stop)
    assert Told.objects.count() == 2
    told(shop_house, tmp_path)
    assert Told.objects.count() == Outgoing.objects.count() == 3


def test_what_is_not_told_in_time_takes_force_later(shop_house, tmp_path, clock):
    _, published = coming(shop_house, days=31)
    assert takes_force(published) is None
    clock.go(days=10)
    told(shop_house, tmp_path)
    published.refresh_from_db()
    assert takes_force(published) == shop_house.today + timedelta(days=30)
    clock.go(days=25)
    assert in_force(shop_house.today).version == "2026-01-01"
    clock.go(days=5)
    assert in_force(shop_house.today) == published


def test_what_is_never_told_never_takes_force(shop_house, clock):
    coming(shop_house)
    clock.go(days=400)
    assert in_force(shop_house.today).version == "2026-01-01"


def test_a_system_that_does_not_answer_holds_the_telling_up(shop_house, tmp_path):
    coming(shop_house)
    (tmp_path / "shop.sqlite").unlink()
    with pytest.raises(Unreachable):
        turn(shop_house, lambda s: open_system(s, tmp_path))
    assert Announcement.objects.get().queued_at is None


def test_a_block_for_mailings_does_not_stop_a_notice(shop_house, tmp_path):
    suppress(shop_house, [Identity(kind=Kind_.EMAIL, value=ANNA)], why=PlacedFor.UNSUBSCRIBE)
    coming(shop_house)
    told(shop_house, tmp_path)
    assert any(each.startswith(f"To: {ANNA}") for each in letters(shop_house))


def test_whoever_has_a_protected_identity_gets_no_email(store, house, tmp_path):
    shop(tmp_path, [(ANNA, 1), (BO, 0)], orders=[ANNA])
    house = company(house, tmp_path)
    _, published = coming(house)
    told(house, tmp_path)
    assert [each.split("\n")[0] for each in letters(house)] == [f"To: {BO}"]
    assert tally(published.announcement).protected == 1
    posted(house, published.announcement, by="")
    with pytest.raises(Conflict):
        posted(house, published.announcement, by="")


def test_a_letter_that_comes_back_counts_as_not_told(shop_house, tmp_path):
    _, published = coming(shop_house)
    told(shop_house, tmp_path)
    letter = Outgoing.objects.first()
    from lofte.execution.book import recorded

    with recorded(shop_house):
        came_back(shop_house, f"Status: 5.1.1\nMessage-ID: <lofte.{letter.ref}@norrsken.example>".encode())
    assert (tally(published.announcement).left, tally(published.announcement).failed) == (2, 1)


def not_sent(monkeypatch, refs):
    """The server takes no letter of these."""
    from lofte.mail import send

    made = send.message_of

    def taken(house, outgoing, way):
        if outgoing.ref in refs:
            raise OSError
        return made(house, outgoing, way)

    monkeypatch.setattr("lofte.mail.send.message_of", taken)


def days_of_sending(house, clock):
    for _ in range(8):
        send_due(house, WAY)
        clock.now += DAY


def test_a_letter_that_no_server_takes_is_given_up_and_the_lead_time_begins(
    shop_house, tmp_path, monkeypatch, clock
):
    _, published = coming(shop_house)
    turn(shop_house, lambda s: open_system(s, tmp_path))
    _first, *others = Outgoing.objects.values_list("ref", flat=True)
    not_sent(monkeypatch, others)
    days_of_sending(shop_house, clock)
    turn(shop_house, lambda s: open_system(s, tmp_path))
    published.refresh_from_db()
    assert (tally(published.announcement).left, tally(published.announcement).failed) == (1, 2)
    assert takes_force(published) is not None


def test_where_no_letter_left_nobody_was_told_and_all_are_written_anew(
    shop_house, tmp_path, monkeypatch, clock
):
    _, published = coming(shop_house)
    turn(shop_house, lambda s: open_system(s, tmp_path))
    not_sent(monkeypatch, set(Outgoing.objects.values_list("ref", flat=True)))
    days_of_sending(shop_house, clock)
    turn(shop_house, lambda s: open_system(s, tmp_path))
    published.refresh_from_db()
    assert takes_force(published) is None and published.announcement.done_at is None
    turn(shop_house, lambda s: open_system(s, tmp_path))
    days_of_sending(shop_house, clock)
    turn(shop_house, lambda s: open_system(s, tmp_path))
    published.refresh_from_db()
    assert tally(published.announcement).left == 3 and takes_force(published) is not None


def test_the_ledger_says_how_many_and_never_who(shop_house, tmp_path):
    _, published = coming(shop_house)
    told(shop_house, tmp_path)
    [(entry, said)] = [each for each in book.opened() if each[0].kind == Kind.NOTICE_ANNOUNCED]
    assert entry.object == published.ref
    assert (said["written"], said["left"], said["failed"]) == (3, 3, 0)
    assert not any(address in str(list(book.opened())).lower() for address in (ANNA, BO, CILLA))


def test_it_can_be_told_when_a_person_was_told(shop_house, tmp_path):
    _, published = coming(shop_house)
    told(shop_house, tmp_path)
    [found] = when_told(shop_house, " Anna@Kund.example ")
    assert (found.version, found.at) == (published.version, shop_house.now)
    assert when_told(shop_house, "nobody@kund.example") == ()


def test_how_many_would_be_told_is_known_beforehand(shop_house, tmp_path):
    new = with_(shop_house, retention={"contract": {"keep_until": "contract.end + P24M", "action": "delete"}})
    from tests.notices.world import written

    held = in_force(shop_house.today)
    assert count(shop_house, lambda s: open_system(s, tmp_path), held, written(new)) == 3
    assert not Told.objects.exists()
