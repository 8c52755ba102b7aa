"""A handler looks at rows that mention the person, one by one, in the console (art. 15.4)."""

from __future__ import annotations

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
    assert "Titta på rader som nämner personen" in text
    assert "/mentions" not in staff["officer"].get(f"/console/requests/{ready.number}").text
