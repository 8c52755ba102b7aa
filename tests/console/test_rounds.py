"""Many persons at once: a list is taken in whole or not at all, seen, approved and carried out together."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lofte.console import rounds
from lofte.execution import book
from lofte.requests.erasure.shown import last_shown
from lofte.requests.models import Approval, Order, Request, Round, ShownPlan
from lofte.requests.worker.errands import do_ordered

FORM = {"method": "BankID på kontoret", "level": "3", "channel": "letter", "language": "sv"}


def csv(world, *numbers: int) -> bytes:
    customers = world.rows["customers"]
    lines = [customers[number - 1]["customer_no"] for number in numbers]
    return "\n".join(["customer_no", *lines, ""]).encode()


def upload(client, content: bytes, **more: str):
    file = SimpleUploadedFile("lista.csv", content, content_type="text/csv")
    return client.post("/console/rounds/new", {**FORM, **more, "file": file}, follow=True)


@pytest.fixture
def round_(company, staff, world):
    upload(staff["handler"], csv(world, 32, 40, 42))
    return Round.objects.get()


def place(round_: Round, more: str = "") -> str:
    return f"/console/rounds/{round_.ref}{more}"


def seen(staff, round_: Round) -> str:
    return staff["handler"].post(place(round_, "/plan"), follow=True).text


def approved(staff, round_: Round) -> str:
    last = max(last_shown(each).id for each in round_.requests.all())
    return staff["approver"].post(place(round_, "/approval"), {"shown": last}, follow=True).text


def test_each_person_gets_a_request_of_their_own(round_, staff):
    requests = list(round_.requests.order_by("number"))
    assert [each.number[4:] for each in requests] == ["-000001", "-000002", "-000003"]
    assert {each.state for each in requests} == {"identified"}
    assert {i.by for each in requests for i in each.identifications.all()} == {staff.ref("handler")}
    noted = [entry.kind for entry in book.entries() if entry.object == requests[1].ref]
    assert noted == ["request.received", "request.identified"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"email\nanna@kund.example\nnobody\n", "Rad 3, e-postadress: R001"),
        (b"namn\nAnna\n", "Rad 1: R010"),
        (b"", "Filen är tom."),
        (b"email\n", "Det finns ingen i listan."),
        ("email\nåsa@kund.example\n".encode("latin-1"), "Filen är inte UTF-8."),
    ],
)
def test_with_a_fault_nothing_is_taken_in(company, staff, content, words):
    answer = upload(staff["handler"], content)
    assert words in answer.text and not Request.objects.exists() and not Round.objects.exists()
    assert "BankID på kontoret" in answer.text, "what was typed stays"


def test_a_list_that_is_too_large_is_not_read(company, staff, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = upload(staff["handler"], b"email\n" + b"x" * 2000)
    assert "Välj en fil på högst 1 MB." in answer.text and not Round.objects.exists()


def test_a_list_never_lies_in_a_file_of_ours(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]


def test_who_has_asked_already_is_told_with_the_number(round_, staff, world):
    answer = upload(staff["handler"], csv(world, 80, 40))
    assert "Rad 3: R015" in answer.text and "-000002" in answer.text
    assert Round.objects.count() == 1 and Request.objects.count() == 3


def test_all_are_seen_in_one_pass_and_in_one_table(round_, staff, monkeypatch):
    from lofte.requests.erasure import shown

    passes = []
    before = shown.previews
    monkeypatch.setattr(
        shown, "previews", lambda *given, **more: passes.append(len(given[1])) or before(*given, **more)
    )
    text = seen(staff, round_)
    assert passes == [3] and ShownPlan.objects.count() == 3
    assert "Vad som skulle hända med alla" in text and text.count("-00000") >= 3
    whole = rounds._page(round_)
    by_person = [last_shown(each).preview for each in round_.requests.all()]
    assert whole.fates is not None
    assert whole.fates.rows == sum(p.rows_gone + p.rows_changed + p.rows_kept for p in by_person)


def test_all_are_approved_together_and_carried_out_in_one_order(round_, staff, work):
    seen(staff, round_)
    assert "Godkända: 3" in approved(staff, round_)
    assert {each.by for each in Approval.objects.all()} == {staff.ref("approver")}
    assert "3 personer är godkända" in staff["handler"].get(place(round_, "/carry-out")).text
    staff["handler"].post(place(round_, "/carry-out"))
    assert Order.objects.get().requests.count() == 3
    assert do_ordered(work.house, work.connect) == 1
    assert set(Request.objects.values_list("state", flat=True)) == {"delivered"}
    text = staff["handler"].get(place(round_)).text
    assert "Alla är besvarade." in text and "Vad som gjordes" in text
    assert "Vad som skulle hända" not in text


def test_what_is_left_of_one_holds_up_no_other(company, staff, world, work):
    # Something of the last two still stands in a setting that the map leaves alone.
    upload(staff["handler"], csv(world, 32, 40, 60, 61, 62))
    round_ = Round.objects.get()
    seen(staff, round_)
    approved(staff, round_)
    staff["handler"].post(place(round_, "/carry-out"))
    do_ordered(work.house, work.connect)
    states = list(round_.requests.order_by("id").values_list("state", flat=True))
    assert states[:2] == ["delivered", "delivered"] and "searching" in states
    left = round_.requests.filter(state="searching")[0]
    text = staff["handler"].get(f"/console/requests/{left.number}").text
    assert "den andra genomsökningen hittar fortfarande något" in text
    assert "<code>hosting.settings.value</code>: 1 rad" in text


def test_one_in_doubt_is_not_approved_with_the_others(round_, staff):
    seen(staff, round_)
    record = ShownPlan.objects.order_by("id")[1]
    record.content["ambiguous"] = 2
    record.save()
    assert "1 är oviss och godkänns inte." in staff["approver"].get(place(round_, "/approval")).text
    assert "Godkända: 2" in approved(staff, round_)
    assert not record.request.approvals.exists()


def test_approving_again_approves_only_what_is_new(round_, staff):
    seen(staff, round_)
    approved(staff, round_)
    assert "Godkända: 0" in approved(staff, round_) and Approval.objects.count() == 3


def test_what_was_seen_before_somebody_looked_again_is_not_approved(round_, staff):
    seen(staff, round_)
    old = max(last_shown(each).id for each in round_.requests.all())
    seen(staff, round_)
    answer = staff["approver"].post(place(round_, "/approval"), {"shown": old}, follow=True)
    assert "Någon har sett efter igen" in answer.text and not Approval.objects.exists()


def test_nothing_is_carried_out_before_somebody_has_approved(round_, staff):
    seen(staff, round_)
    text = staff["handler"].post(place(round_, "/carry-out"), follow=True).text
    assert "inget att verkställa" in text and not Order.objects.exists()
