"""A handler looks at rows that mention the person, one by one, in the console (art. 15.4)."""

from __future__ import annotations

import re

import pytest

from lofte.execution import book
from lofte.law.rights import Right
from lofte.plan.records import DatasetRef
from lofte.requests.answer.weigh import Scale
from lofte.requests.course.order import order
from lofte.requests.models import Mention, Weighed
from lofte.requests.worker.errands import do_ordered
from tests.console.conftest import RUNNING

WORDS = "Ring Erik Lindgren om fakturan, han är sjuk."


@pytest.fixture
def ready(asks, work):
    """A request whose answer is ready, with a row that waits."""
    request = asks(RUNNING, right=Right.ACCESS)
    order(work.house, [request], by="")
    assert do_ordered(work.house, work.connect) == 1
    request.refresh_from_db()
    scale = Scale(house=work.house, request=request)
    system = work.house.datamap.systems[0]
    dataset, field = next(
        (name, column)
        for name, each in system.datasets.items()
        for column, mapped in each.fields.items()
        if mapped.text
    )
    scale.weigh(DatasetRef(system=system.id, dataset=dataset), {field: WORDS})
    scale.save()
    return request


def test_what_a_row_says_is_shown_only_when_it_is_opened_and_that_is_noted(ready, staff):
    page = f"/console/requests/{ready.number}/mentions"
    client = staff["handler"]
    assert "Erik" not in client.get(page).text
    assert "Titta på raden som väntar" in client.get(page).text
    before = [entry.kind for entry in book.entries()].count("mention.shown")
    opened = client.post(f"{page}/look").text
    assert WORDS in opened and "Erik Lindgren" in opened
    assert [entry.kind for entry in book.entries()].count("mention.shown") == before + 1


def test_what_is_said_of_a_row_is_kept_and_the_answer_is_made_anew(ready, staff, work):
    page = f"/console/requests/{ready.number}/mentions"
    client = staff["handler"]
    ref = Mention.objects.get(request=ready).ref
    said = {"ref": ref, "verdict": "give", "names": ["Erik Lindgren"], "words": "sjuk"}
    text = client.post(f"{page}/weigh", said, follow=True).text
    assert "Det är noterat" in text and "Gör svaret på nytt" in text
    assert Weighed.objects.get().verdict == "give" and Weighed.objects.get().by == staff.ref("handler")
    client.post(f"{page}/anew")
    ready.refresh_from_db()
    assert ready.state == "identified"
    assert do_ordered(work.house, work.connect) == 1
    ready.refresh_from_db()
    assert ready.state == "ready"


def test_a_row_is_not_decided_on_without_a_word(ready, staff):
    page = f"/console/requests/{ready.number}/mentions"
    ref = Mention.objects.get(request=ready).ref
    text = staff["handler"].post(f"{page}/weigh", {"ref": ref}).text
    assert 'class="wrong"' in text and WORDS in text
    assert not Weighed.objects.exists()


def test_the_row_of_another_request_is_not_opened(ready, asks, staff):
    other = asks(RUNNING + 1, right=Right.ACCESS)
    ref = Mention.objects.get(request=ready).ref
    text = (
        staff["handler"]
        .post(f"/console/requests/{other.number}/mentions/look", {"ref": ref}, follow=True)
        .text
    )
    assert "Erik" not in text and "Det finns ingen rad som väntar." in text


def test_the_request_leads_there(ready, staff):
    text = staff["handler"].get(f"/console/requests/{ready.number}").text
    assert "Titta på rader som nämner någon" in text
    assert "/mentions" not in staff["officer"].get(f"/console/requests/{ready.number}").text


@pytest.fixture
def naming(ready, work):
    """The same, with rows of the person's own that name two people."""
    scale = Scale(house=work.house, request=ready)
    place = DatasetRef(system="hosting", dataset="tickets")
    scale.weigh(
        place, {"body": "Erik Lindgren hämtar. Hälsar Lisa."}, ["Erik Lindgren", "Lisa"], certain=True
    )
    scale.weigh(place, {"body": "Fråga Erik Lindgren."}, ["Erik Lindgren"], certain=True)
    scale.save()
    return ready


def test_names_in_their_own_rows_are_decided_in_one_go(naming, staff):
    page = f"/console/requests/{naming.number}/mentions"
    client = staff["handler"]
    assert "Titta på namnen" in client.get(page).text
    text = client.post(f"{page}/names").text
    assert text.count("Erik Lindgren") >= 2 and "2 rader" in text
    seen = re.search(r'name="seen" value="([^"]+)"', text)[1]
    said = client.post(f"{page}/give", {"seen": seen, "names": ["Erik Lindgren"]}, follow=True).text
    assert "2 rader lämnas ut" in said and Weighed.objects.filter(verdict="give").count() == 2


def test_names_that_are_not_those_that_were_shown_are_not_given(naming, staff):
    page = f"/console/requests/{naming.number}/mentions"
    staff["handler"].post(f"{page}/give", {"seen": "9-9", "names": []})
    assert not Weighed.objects.exists()


def test_what_is_looked_at_after_the_answer_is_sent_as_a_supplement(naming, staff, work):
    client, page = staff["handler"], f"/console/requests/{naming.number}/mentions"
    client.post(f"/console/requests/{naming.number}/handed-over")
    assert "Titta på rader som nämner någon" in client.get(f"/console/requests/{naming.number}").text
    for mention in Mention.objects.filter(request=naming):
        client.post(f"{page}/weigh", {"ref": mention.ref, "verdict": "give"})
    assert "Skicka kompletteringen" in client.get(page).text
    assert "Kompletteringen görs" in client.post(f"{page}/anew", follow=True).text
    assert do_ordered(work.house, work.connect) == 1
    naming.refresh_from_db()
    assert naming.state == "delivered" and naming.packages.count() == 2
