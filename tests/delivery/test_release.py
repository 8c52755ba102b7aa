"""The answer is let go, the person is told, and fetches it: so often, so long, behind their proof."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from django.db import connection, connections

from lofte.errors import Conflict, LedgerClosed, NotIdentified, Refused
from lofte.execution import book
from lofte.execution.models import LedgerEntry
from lofte.mail.models import Outgoing
from lofte.mail.send import message_of
from lofte.mail.way import Way
from lofte.requests.answer import expired
from lofte.requests.answer.deliver import latest_package, mark_delivered
from lofte.requests.answer.fetch import TIMES, fetch, fetch_own, waiting
from lofte.requests.answer.reissue import reissue
from lofte.requests.answer.release import release
from lofte.requests.course.receive import identities_of
from lofte.requests.door.identify import Level
from lofte.requests.models import Fetched, PackageRecord, Request
from lofte.requests.worker.errands import do_ordered
from tests.delivery.conftest import ANNA, BERTIL, billing

WAY = Way(address="dataskydd@norrsken.example")


def kinds(request: Request) -> list[str]:
    return [e.kind for e in book.entries() if e.object == request.ref]


def test_letting_go_answers_the_request_and_tells_the_proven_contact(ready, house, clock):
    request = ready()
    released = release(house, request, by=BERTIL)
    assert request.state == "delivered" and released.told == 1
    letter = message_of(house, Outgoing.objects.get(), WAY)
    assert letter.to == [ANNA.value] and request.number in letter.subject
    assert "12 mars 2026" in letter.body and "https://portal.example/mine" in letter.body
    for word in ("Åkesson", "Tallkotten", "Anna", request.ref, "/fetch"):
        assert word not in letter.body + letter.subject
    *_, (_, delivered), (entry, said) = book.opened()
    digest = latest_package(request).sha256
    assert delivered == {"digest": digest, "by": BERTIL} and entry.kind == "package.released"
    assert said == {"digest": digest, "until": "2026-03-12", "level": 2, "told": 1, "by": BERTIL}


def test_who_has_shown_nothing_in_the_portal_is_answered_in_another_way(ready, house):
    request = ready(by=BERTIL)
    with pytest.raises(Refused, match="hand the answer over"):
        release(house, request, by=BERTIL)
    assert request.state == "ready" and not Outgoing.objects.exists()


def test_no_address_but_a_proven_one_is_written_to(ready, house):
    """The address that was typed stands in the request, and no code came back from it."""
    request = ready(contact=False)
    assert identities_of(house, request) == (ANNA,)
    assert release(house, request, by=BERTIL).told == 0 and not Outgoing.objects.exists()


def test_only_what_is_ready_is_let_go_and_once(ready, house):
    request = ready()
    release(house, request, by=BERTIL)
    with pytest.raises(Conflict):
        release(house, request, by=BERTIL)
    assert kinds(request).count("package.released") == kinds(request).count("request.delivered") == 1


def test_what_was_handed_over_on_paper_is_not_fetched_in_the_portal(ready, house):
    request = ready()
    mark_delivered(house, request, by=BERTIL)
    assert waiting(request, house.now) is None
    with pytest.raises(Conflict):
        fetch_own(house, request, level=Level.PROVEN)


def test_it_is_noted_and_counted_before_a_byte_is_read(ready, house):
    request = ready()
    release(house, request, by=BERTIL)
    content, package = fetch_own(house, request, level=Level.PROVEN)
    assert kinds(request)[-1] == "package.fetched" and book.waiting() == 0
    assert list(Fetched.objects.values_list("package", "level")) == [(package.pk, 3)]
    *_, (_, said) = book.opened()
    assert said == {"digest": package.sha256, "level": 3}
    assert content.read(2) == b"PK"


@pytest.mark.parametrize("level", [Level.NOTHING, Level.CONTACT])
def test_below_its_level_nothing_is_given_or_counted(ready, house, level):
    request = ready()
    release(house, request, by=BERTIL)
    with pytest.raises(NotIdentified, match="level 2"):
        fetch_own(house, request, level=level)
    assert not Fetched.objects.exists() and "package.fetched" not in kinds(request)


def test_it_can_be_fetched_three_times_and_then_no_more(ready, house):
    request = ready()
    release(house, request, by=BERTIL)
    for left in range(TIMES, 0, -1):
        assert waiting(request, house.now).left == left
        fetch_own(house, request, level=Level.PROVEN)[0].close()
    with pytest.raises(Conflict, match="as often"):
        fetch_own(house, request, level=Level.PROVEN)
    assert waiting(request, house.now).over


def test_it_can_be_fetched_for_seven_days_and_then_no_more(ready, house, clock):
    request = ready()
    release(house, request, by=BERTIL)
    clock.go(days=7, seconds=-1)
    fetch_own(house, request, level=Level.PROVEN)[0].close()
    clock.go(seconds=1)
    assert waiting(request, house.now).over
    with pytest.raises(Conflict, match="days"):
        fetch_own(house, request, level=Level.PROVEN)


def test_of_many_who_come_at_once_three_get_it(any_store, ready, house):
    request = ready()
    release(house, request, by=BERTIL)
    got, start = [], threading.Barrier(8)

    def come() -> None:
        start.wait()
        try:
            content, _ = fetch_own(house, Request.objects.get(pk=request.pk), level=Level.PROVEN)
            got.append(content.read(2))
        except Conflict:
            got.append(b"")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [b""] * 5 + [b"PK"] * 3 and Fetched.objects.count() == 3


def test_killed_between_the_note_and_the_bytes_it_counts_and_gives_nothing(ready, house, tmp_path):
    request = ready()
    release(house, request, by=BERTIL)
    connections.close_all()
    if (child := os.fork()) == 0:
        fetch_own(house, request, level=Level.PROVEN)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert Fetched.objects.count() == 1 and kinds(request)[-1] == "package.fetched"
    assert waiting(request, house.now).left == TIMES - 1


def test_a_closed_ledger_gives_nothing_and_counts_nothing(ready, house):
    request = ready()
    release(house, request, by=BERTIL)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER closed BEFORE INSERT ON {LedgerEntry._meta.db_table}"
            " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(LedgerClosed):
        fetch_own(house, request, level=Level.PROVEN)
    assert not Fetched.objects.exists()


def test_what_was_not_fetched_in_time_is_issued_again_as_a_request_of_its_own(ready, house, clock):
    request = ready()
    release(house, request, by=BERTIL)
    clock.go(days=8)
    expired.destroy_due(house.folder, clock.now)
    expired.note_gone(house)
    again = reissue(house, request)
    assert again.case == request.case and again.number != request.number
    assert identities_of(house, again) == (ANNA,) and again.due_on > request.due_on
    assert do_ordered(house, lambda system: billing()) == 1
    again.refresh_from_db()
    request.refresh_from_db()
    assert (again.state, request.state) == ("ready", "delivered")
    assert release(house, again, by=BERTIL).told == 1
    assert fetch_own(house, again, level=Level.PROVEN)[0].read(2) == b"PK"


def test_it_is_not_issued_again_while_it_can_be_fetched_or_is_under_way(ready, house, clock):
    request = ready()
    release(house, request, by=BERTIL)
    with pytest.raises(Conflict, match="still"):
        reissue(house, request)
    clock.go(days=8)
    reissue(house, request)
    with pytest.raises(Conflict, match="already"):
        reissue(house, request)
    assert Request.objects.count() == 2


def test_a_package_that_a_later_one_took_the_place_of_goes_at_once(ready, house, clock):
    request = ready()
    first = latest_package(request)
    PackageRecord.objects.create(
        request=request, sha256="0" * 64, path=first.path + "2", size=1, made_at=clock.now
    )
    assert expired.destroy_due(house.folder, clock.now) == 1 == expired.note_gone(house)
    first.refresh_from_db()
    assert first.gone_at is not None


def test_a_handler_may_look_at_it_as_long_as_its_key_lives(ready, house, clock):
    request = ready()
    release(house, request, by=BERTIL)
    for _ in range(TIMES + 1):
        fetch(house, request, by=BERTIL).close()
    assert not Fetched.objects.exists() and waiting(request, house.now).left == TIMES
