"""Rows stay for statistics, and nothing in them tells whose they were (P112)."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from lofte.connectors.sql.back import open_back
from lofte.datamap.document import DataMap
from lofte.execution import book
from lofte.plan.anonymity import Recognisable
from lofte.requests.answer import recipients
from lofte.requests.erasure import deidentify as deidentify_
from lofte.requests.erasure.deidentify import deidentify
from lofte.requests.erasure.letter import letter
from lofte.requests.erasure.undo import undo
from lofte.requests.models import Decision, Erasure
from tests.deidentify.conftest import BERTIL, asks, connecting, dump, gym, policy, run


def of(rows, table, *keys):
    return {row[0]: row[1:] for row in rows[table] if not keys or row[0] in keys}


def payloads(kind):
    return [payload for entry, payload in book.opened() if entry.kind == kind]


def test_the_rows_stay_and_tell_nobody(club, store, any_url):
    before = dump(any_url)
    done = deidentify(club, asks(club), connecting(any_url), by=BERTIL)
    after = dump(any_url)
    assert done.state == "delivered"
    assert 1 not in of(after, "members")
    assert of(after, "visits", 10, 11) == {
        10: (None, None, date(2026, 1, 1), "11", "styrka", None),
        11: (None, None, date(2026, 2, 1), "11", "yoga", None),
    }
    assert of(after, "lessons", 10) == {10: (None, "1")}
    others = {t: [r for r in before[t] if r[0] not in (1, 10, 11, 12, 13)] for t in before}
    assert {t: [r for r in after[t] if r[0] not in (1, 10, 11, 12, 13)] for t in after} == others
    assert b"m1@gym" not in repr(after).encode()


def test_a_row_whose_link_cannot_be_emptied_goes(club, store, url):
    deidentify(club, asks(club), connecting(url))
    assert 1 not in of(dump(url), "lockers")


def test_an_adversary_who_knows_all_of_the_person_finds_no_fewer_than_k(club, store, any_url):
    """They know each visit to the last digit, and read the visits as coarse as the map makes them."""
    before = dump(any_url)
    deidentify(club, asks(club), connecting(any_url))
    after = dump(any_url)
    owner = {row[0]: row[1] for row in before["visits"]}

    def coarse(row):
        return row[3].replace(day=1), row[4][:2], row[5]

    for known in (row for row in before["visits"] if row[1] == 1):
        candidates = [row for row in after["visits"] if coarse(row) == coarse(known)]
        assert len({owner[row[0]] for row in candidates}) >= 4
        exact = [row for row in after["visits"] if row[3:6] == known[3:6]]
        assert exact == []
    assert not any(row[1] == 1 for t in ("visits", "lockers", "invoices") for row in after[t])


def test_no_two_rows_that_stay_can_be_laid_side_by_side(club, store, url):
    deidentify(club, asks(club), connecting(url))
    after = dump(url)
    assert {row[1] for row in after["lessons"] if row[0] in (10, 11, 12, 13)} == {None}
    assert {(row[1], row[2]) for row in after["visits"] if row[0] in (10, 11, 12, 13)} == {(None, None)}


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"visits": {"place": {"category": "contact"}}}, "gym.visits.place"),
        ({"visits": {"day": {"category": "usage"}}}, "gym.visits.day"),
    ],
)
def test_what_would_tell_who_it_was_is_refused_by_name(club, store, url, said, named):
    telling = dataclasses.replace(club, datamap=DataMap(systems=(gym(**said),)))
    before = dump(url)
    request = asks(telling)
    with pytest.raises(Recognisable, match=named):
        deidentify(telling, request, connecting(url))
    assert dump(url) == before
    request.refresh_from_db()
    assert request.state == "identified" and not Erasure.objects.exists()
    assert [(p["passed"], p["smallest"]) for p in payloads("deidentification.tested")] == [(0, 1)]


def test_values_that_are_common_one_by_one_and_rare_together_are_refused(club, store, url):
    """Others have been to the spa, and others came in July; nobody else did both."""
    run(url, "update visits set kind = 'spa' where id in (10, 21, 31, 41)",
        "update visits set day = '2026-07-01' where id in (10, 22, 32, 42)")  # fmt: skip
    before = dump(url)
    with pytest.raises(Recognisable, match="together"):
        deidentify(club, asks(club), connecting(url))
    assert dump(url) == before


def test_rows_are_counted_by_persons(club, store, url):
    """Thirty visits like hers, all of one other member, hide nobody."""
    run(url, "update visits set kind = 'spa' where id = 10")
    for n in range(30):
        run(url, f"insert into visits values ({500 + n}, 2, null, '2026-01-09', '11002', 'spa', null)")
    with pytest.raises(Recognisable, match="kind"):
        deidentify(club, asks(club), connecting(url))


def test_rows_that_were_deidentified_before_hide_nobody(club, store, url):
    run(url, "update visits set kind = 'spa' where id in (10, 20, 30, 40)",
        "update visits set member = null, mail = null where id in (20, 30, 40)")  # fmt: skip
    with pytest.raises(Recognisable, match="kind"):
        deidentify(club, asks(club), connecting(url))


def test_something_of_the_person_left_anywhere_is_refused(club, store, url):
    run(url, "update members set full_name = 'gift med m1@gym.example' where id = 5")
    before = dump(url)
    with pytest.raises(Recognisable, match=r"gym\.members\.full_name"):
        deidentify(club, asks(club), connecting(url))
    assert dump(url) == before
    assert payloads("deidentification.tested")[0]["residual"] == 1


def test_with_too_few_members_nobody_is_deidentified(club, store, url):
    strict = dataclasses.replace(club, policy=policy(k=13))
    with pytest.raises(Recognisable):
        deidentify(strict, asks(strict), connecting(url))


def test_without_a_word_in_the_policy_five_must_share(club, store, url):
    usual = dataclasses.replace(club, policy=policy(k=None))
    (test,) = deidentify(usual, asks(usual), connecting(url)).tests
    assert test.k == 5 and test.smallest >= 5


def test_a_trial_changes_nothing(club, store, any_url, monkeypatch):
    before = dump(any_url)
    request = asks(club)

    def stopped(work, _request, _approved_by):
        raise KeyboardInterrupt

    monkeypatch.setattr(deidentify_, "_intend", stopped)
    with pytest.raises(KeyboardInterrupt):
        deidentify(club, request, connecting(any_url))
    assert dump(any_url) == before
    assert not list(club.folder.glob("restore/*")) and not list(club.folder.glob("tombstones/*"))
    request.refresh_from_db()
    assert request.state == "identified"


def test_a_law_keeps_its_rows_and_they_lead_to_none_of_the_others(club, store, url):
    run(url, "insert into invoices values (1, 1, '2026-02-01', 'm1@gym.example')")
    done = deidentify(club, asks(club), connecting(url))
    after = dump(url)
    assert of(after, "invoices") == {1: (1, date(2026, 2, 1), "m1@gym.example")}
    assert of(after, "members", 1)[1][0] is None
    assert done.rows["gym", "invoices", "keep"] == 1
    assert {row[1] for row in after["visits"] if row[0] in (10, 11, 12, 13)} == {None}
    assert done.rows["gym", "visits", "deidentified"] == 4


def test_the_decision_the_ledger_and_the_letter_say_so(club, store, url):
    request = asks(club)
    deidentify(club, request, connecting(url), by=BERTIL, approved_by="c" * 32)
    assert Decision.objects.get(request=request).outcome == "deidentified"
    kinds = [e.kind for e in book.entries() if e.object == request.ref][2:]
    assert kinds == [
        "deidentification.intended", "step.done", "erasure.done", "recipient.queued",
        "deidentification.tested", "erasure.verified", "step.done", "letter.made", "request.granted",
    ]  # fmt: skip
    assert payloads("deidentification.tested") == [
        {"target": "gym", "passed": 1, "residual": 0, "k": 4, "smallest": 4, "rows": 8, "datasets": 2}
    ]
    assert "avidentifierat" in letter(club, request, "sv") and "Besök" in letter(club, request, "sv")
    assert [w.recipient for w in recipients.waiting(club)] == ["counter"]


def test_it_is_undone_byte_for_byte(club, store, any_url):
    before = dump(any_url)
    request = asks(club)
    deidentify(club, request, connecting(any_url))
    assert dump(any_url) != before
    undo(club, request.number, lambda system: open_back(system, any_url))
    assert dump(any_url) == before


def test_doing_it_again_changes_nothing(club, store, url):
    request = asks(club)
    first = deidentify(club, request, connecting(url))
    after = dump(url)
    again = deidentify(club, request, connecting(url))
    assert dump(url) == after and again.rows == first.rows
