"""A row that only mentions the person is given when somebody has looked at it, not before (art. 15.4)."""

from __future__ import annotations

import zipfile

import pytest

from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.requests.answer import weigh
from lofte.requests.answer.anew import make_anew
from lofte.requests.answer.deliver import mark_delivered
from lofte.requests.answer.weigh import Verdict, decide, look, undecided
from lofte.requests.course.lock import alone, shown
from lofte.requests.models import Finding, Mention, Request, Weighed
from lofte.requests.worker.errands import do_ordered
from tests.requests.test_fulfil import billing, fulfilled, house, identified, quick_pdf

__all__ = ["billing", "house", "quick_pdf"]

WORD = "Domän"


def _ready(house, billing):
    billing.unsure = WORD
    request = identified(house)
    fulfilled(house, request, billing, None)
    request.refresh_from_db()
    return request


def _anew(house, request, billing, clock):
    clock.go(minutes=1)
    make_anew(house, request, by="")
    do_ordered(house, lambda system: billing)
    request.refresh_from_db()
    return request


def _data(house, request, billing, tmp_path):
    answer = fulfilled(house, request, billing, tmp_path / "out")
    with zipfile.ZipFile(answer.path) as package:
        return package.read("data.json").decode(), package.read("index.html").decode()


def test_a_row_waits_sealed_until_somebody_has_looked(store, house, billing):
    request = _ready(house, billing)
    (mention,) = Mention.objects.all()
    assert undecided(request) == 1 and b"tallkotten" not in bytes(mention.row)
    shown = look(house, request, by="")
    assert any(WORD in str(value) for value in shown.fields.values()) and shown.left == 1
    assert [entry.kind for entry in book.entries()][-1] == "mention.shown"


def test_what_is_given_stands_in_the_answer_that_is_made_anew(store, house, billing, clock, tmp_path):
    request = _ready(house, billing)
    clock.go(minutes=1)
    decide(house, request, Mention.objects.get().ref, Verdict.GIVE, by="")
    assert _anew(house, request, billing, clock).state == "ready"
    assert (Finding.objects.get(dataset="invoice").rows, undecided(request)) == (2, 0)
    assert "tallkotten.example" in _data(house, request, billing, tmp_path)[0]


def test_words_that_are_taken_out_are_dots_in_every_file_and_it_is_told(
    store, house, billing, clock, tmp_path
):
    request = _ready(house, billing)
    clock.go(minutes=1)
    decide(house, request, Mention.objects.get().ref, Verdict.GIVE, ["tallkotten.example"], by="")
    _anew(house, request, billing, clock)
    data, page = _data(house, request, billing, tmp_path)
    assert "tallkotten.example" not in data + page and "•••••" in data and WORD in data
    assert '"masked":[{' in data.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("verdict", [Verdict.OTHERS, Verdict.NOT_THEIRS])
def test_what_is_kept_back_is_told_and_not_given(store, house, billing, clock, tmp_path, verdict):
    request = _ready(house, billing)
    clock.go(minutes=1)
    decide(house, request, Mention.objects.get().ref, verdict, by="")
    _anew(house, request, billing, clock)
    data, page = _data(house, request, billing, tmp_path)
    assert "tallkotten.example" not in data and "Rader som vi har läst och inte lämnar ut" in page


def test_a_row_that_says_something_else_by_then_is_looked_at_anew(store, house, billing, clock, tmp_path):
    request = _ready(house, billing)
    clock.go(minutes=1)
    decide(house, request, Mention.objects.get().ref, Verdict.GIVE, by="")
    billing.invoices[-1]["text"] = "Domän grankotten.example"
    _anew(house, request, billing, clock)
    assert undecided(request) == 1
    assert "grankotten.example" not in _data(house, request, billing, tmp_path)[0]


def test_the_last_word_counts(store, house, billing, clock, tmp_path):
    request = _ready(house, billing)
    ref = Mention.objects.get().ref
    for verdict in (Verdict.GIVE, Verdict.OTHERS):
        clock.go(minutes=1)
        decide(house, request, ref, verdict, by="")
    _anew(house, request, billing, clock)
    assert Weighed.objects.count() == 2
    assert "tallkotten.example" not in _data(house, request, billing, tmp_path)[0]


def test_nothing_is_decided_when_the_answer_is_given(store, house, billing, tmp_path):
    request = _ready(house, billing)
    fulfilled(house, request, billing, tmp_path / "out")
    with pytest.raises(Conflict):
        decide(house, request, Mention.objects.get().ref, Verdict.GIVE, by="")


def test_the_answer_is_not_made_anew_for_nothing(store, house, billing):
    request = _ready(house, billing)
    with pytest.raises(Refused, match="look at a row"):
        make_anew(house, request, by="")
    assert Request.objects.get().state == "ready"


def test_another_request_s_row_is_not_found(store, house, billing):
    request = _ready(house, billing)
    with pytest.raises(Conflict):
        decide(house, request, "f" * 32, Verdict.GIVE, by="")
    assert look(house, request, "f" * 32, by="") is None


def test_more_rows_than_anybody_reads_are_told_by_number(store, house, billing, monkeypatch):
    monkeypatch.setattr(weigh, "MOST", 0)
    request = _ready(house, billing)
    assert Mention.objects.count() == 0 and Finding.objects.get(dataset="invoice").waiting == 1
    assert undecided(request) == 0


def test_what_was_decided_is_noted_without_a_word_of_it(store, house, billing, clock):
    request = _ready(house, billing)
    decide(house, request, Mention.objects.get().ref, Verdict.GIVE, ["tallkotten.example"], by="")
    with store.open("rb") as file:
        assert b"tallkotten" not in file.read()
    assert [entry.kind for entry in book.entries()][-1] == "mention.weighed"


def test_an_answer_that_is_being_made_anew_is_not_handed_out(store, house, billing, clock, tmp_path):
    request = _ready(house, billing)
    clock.go(minutes=1)
    decide(house, request, Mention.objects.get().ref, Verdict.OTHERS, by="")
    make_anew(house, request, by="")
    with pytest.raises(Conflict):
        mark_delivered(house, request, by="")
    assert Request.objects.get().state == "identified"


def test_an_order_that_met_somebody_at_work_is_tried_again(store, house, billing, clock):
    request = _ready(house, billing)
    clock.go(minutes=1)
    decide(house, request, Mention.objects.get().ref, Verdict.GIVE, by="")
    make_anew(house, request, by="")
    with alone(house, "somebody", shown([request])):
        do_ordered(house, lambda system: billing)
    assert Request.objects.get().state == "identified"
    clock.go(hours=2)
    do_ordered(house, lambda system: billing)
    assert Request.objects.get().state == "ready"
