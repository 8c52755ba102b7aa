"""A row that only mentions the person is given when somebody has looked at it, not before (art. 15.4)."""

from __future__ import annotations

import dataclasses
import zipfile

import pytest

from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.requests.answer import weigh
from lofte.requests.answer.anew import make_anew
from lofte.requests.answer.deliver import mark_delivered
from lofte.requests.answer.named import give_named, named
from lofte.requests.answer.weigh import Verdict, decide, look, undecided
from lofte.requests.course.lock import alone, shown
from lofte.requests.course.remark import remark
from lofte.requests.models import Finding, Mention, Request, Weighed
from lofte.requests.worker.again import do_due
from lofte.requests.worker.errands import do_ordered
from tests.requests.memory import datamap_with_texts
from tests.requests.test_fulfil import billing, fulfilled, house, identified, quick_pdf

__all__ = ["billing", "house", "quick_pdf"]

WORD = "Domän"
SIGNE = "a" * 32


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


def test_nothing_is_decided_when_the_request_is_taken_back(store, house, billing):
    request = _ready(house, billing)
    Request.objects.update(state="withdrawn")
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


@pytest.fixture
def texts(house):
    """The house, where what an invoice says is free text."""
    return dataclasses.replace(house, datamap=datamap_with_texts())


def _naming(house, billing, words="Erik Lindgren hämtade paketet åt Anna."):
    """The person's own row, in whose text another is named."""
    billing.invoices[0]["text"] = words
    request = identified(house)
    fulfilled(house, request, billing, None)
    request.refresh_from_db()
    return request


def test_a_row_of_their_own_that_names_another_waits(store, texts, billing):
    request = _naming(texts, billing)
    (mention,) = Mention.objects.all()
    found = look(texts, request, mention.ref, by="")
    assert found.own and found.names == ("Erik Lindgren",)
    assert Finding.objects.get(dataset="invoice").waiting == 1


def test_a_row_that_names_nobody_but_the_person_is_given_at_once(store, texts, billing, tmp_path):
    request = _naming(texts, billing, "Anna Åkesson hämtade själv.")
    assert not Mention.objects.exists()
    assert "hämtade själv" in _data(texts, request, billing, tmp_path)[0]


def test_all_names_are_decided_at_once(store, texts, billing, clock, tmp_path):
    request = _naming(texts, billing, "Erik Lindgren hämtade paketet. Hälsar Lisa i kassan.")
    found = named(texts, request, by=SIGNE)
    assert [each.name for each in found.names] == ["Erik Lindgren", "Lisa"] and found.rows == 1
    clock.go(minutes=1)
    assert give_named(texts, request, ["Erik Lindgren"], seen=found.seen, by="") == 1
    _anew(texts, request, billing, clock)
    data, _page = _data(texts, request, billing, tmp_path)
    assert "Erik" not in data and "Lisa i kassan" in data and undecided(request) == 0


def test_names_that_came_since_are_not_decided_unseen(store, texts, billing, clock):
    request = _naming(texts, billing)
    found = named(texts, request, by=SIGNE)
    clock.go(minutes=1)
    decide(texts, request, Mention.objects.get().ref, Verdict.OTHERS, by="")
    with pytest.raises(Conflict):
        give_named(texts, request, [], seen=found.seen, by="")


def test_what_only_mentions_them_is_never_given_by_name(store, house, billing):
    request = _ready(house, billing)
    assert named(house, request, by=SIGNE) is None and undecided(request) == 1


def test_a_row_that_was_looked_at_after_the_answer_comes_as_a_supplement(
    store, texts, billing, clock, tmp_path
):
    request = _naming(texts, billing)
    before = fulfilled(texts, request, billing, tmp_path / "out")
    answered = request.transitions.get(to_state="delivered").at
    clock.go(days=2)
    decide(texts, request, Mention.objects.get().ref, Verdict.GIVE, ["Erik Lindgren"], by="")
    _anew(texts, request, billing, clock)
    package = request.packages.order_by("-id").first()
    assert request.state == "delivered" and package.until > texts.now and package.sha256 != before.sha256
    assert request.transitions.get(to_state="delivered").at == answered
    data, page = _data(texts, request, billing, tmp_path)
    assert "hämtade paketet" in data and "Erik" not in data and "Komplettering" in page


def test_a_supplement_is_made_once(store, texts, billing, clock, tmp_path):
    request = _naming(texts, billing)
    fulfilled(texts, request, billing, tmp_path / "out")
    clock.go(minutes=1)
    decide(texts, request, Mention.objects.get().ref, Verdict.GIVE, by="")
    _anew(texts, request, billing, clock)
    with pytest.raises(Refused):
        make_anew(texts, request, by="")
    assert request.packages.count() == 2


def test_a_supplement_waits_for_a_system_that_does_not_answer(store, texts, billing, clock, tmp_path):
    request = _naming(texts, billing)
    fulfilled(texts, request, billing, tmp_path / "out")
    clock.go(minutes=1)
    decide(texts, request, Mention.objects.get().ref, Verdict.GIVE, by="")
    billing.down = True
    _anew(texts, request, billing, clock)
    assert request.packages.count() == 1
    billing.down = False
    clock.go(hours=3)
    do_ordered(texts, lambda system: billing)
    do_due(texts, lambda system: billing)
    assert request.packages.count() == 2 and Request.objects.get().state == "delivered"


def test_remarks_about_the_person_are_in_their_answer(store, house, billing, tmp_path):
    request = identified(house)
    remark(house, request, "Ringde, ville ha svaret på papper. Nås på 070-174 06 05.", by=SIGNE)
    path = fulfilled(house, request, billing, tmp_path / "out").path
    with zipfile.ZipFile(path) as package:
        said = package.read("remarks.txt").decode()
        assert "remarks.txt" in package.read("index.html").decode()
    assert "ville ha svaret på papper" in said and "174" not in said


def test_a_remark_that_names_another_waits_for_somebody_to_look(store, house, billing, clock, tmp_path):
    request = identified(house)
    remark(house, request, "Hennes bror Erik Lindgren ringde.", by=SIGNE)
    fulfilled(house, request, billing, None)
    request.refresh_from_db()
    assert Finding.objects.get(system="lofte").waiting == 1
    clock.go(minutes=1)
    decide(house, request, Mention.objects.get().ref, Verdict.GIVE, ["Erik Lindgren"], by="")
    _anew(house, request, billing, clock)
    path = fulfilled(house, request, billing, tmp_path / "out").path
    with zipfile.ZipFile(path) as package:
        said = package.read("remarks.txt").decode()
    assert "bror ••••• ringde" in said
