"""A request is taken from receipt to answer by another program, and nothing says who it is about."""

from __future__ import annotations

import dataclasses
import io
import zipfile

import pytest

from lofte.accounts.scopes import Scope
from lofte.execution import book
from lofte.requests.models import Message, Request
from lofte.requests.worker.errands import do_ordered

ANNA = [{"kind": "email", "value": "anna.hemlig@kund.example"}]
CASE = {"rights": ["access", "erasure"], "identities": ANNA, "channel": "ticket", "words": "Ge mig allt!"}
PROOF = {"method": "Visade legitimation", "level": 3}


def known(world, n=2):
    return [{"kind": "customer_no", "value": world.rows["customers"][n - 1]["customer_no"]}]


def second_person(house):
    """The same, where an erasure is approved by somebody else than who took it in."""
    rights = house.policy.rights
    erasure = rights.erasure.model_copy(update={"approval": "second_person"})
    policy = house.policy.model_copy(update={"rights": rights.model_copy(update={"erasure": erasure})})
    return dataclasses.replace(house, policy=policy)


def test_one_message_is_a_case_with_a_request_for_each_right(company, bertil):
    answer = bertil.post("/cases", CASE)
    said = answer.json()
    assert answer.status_code == 201 and said["linked"] == []
    assert [each["right"] for each in said["requests"]] == ["access", "erasure"]
    assert {each.by for each in Request.objects.first().transitions.all()} == {bertil.ref}
    assert Message.objects.count() == 2 and "hemlig" not in answer.content.decode()
    assert bertil.get(f"/cases/{said['ref']}").json()["requests"] == said["requests"]


def test_the_same_wish_twice_is_linked(company, bertil):
    first = bertil.post("/cases", CASE).json()
    again = bertil.post("/cases", CASE).json()
    assert again["ref"] == first["ref"] and len(again["linked"]) == 2 and Request.objects.count() == 2


def test_a_right_is_asked_of_some_categories_and_the_answer_to_what_is_meant_is_noted_once(company, bertil):
    part = {"right": "erasure", "scope": ["contact"]}
    made = bertil.post("/cases", CASE | {"rights": ["access", part]}).json()["requests"]
    assert [(each["right"], each["scope"]) for each in made] == [("access", []), ("erasure", ["contact"])]
    again = bertil.post("/cases", CASE | {"rights": [part]}).json()
    assert again["linked"] == [made[1]["number"]]
    wider = bertil.post("/cases", CASE | {"rights": ["erasure"]}).json()
    assert wider["linked"] == [] and len(wider["requests"]) == 1
    wrong = bertil.post("/cases", CASE | {"rights": [part | {"scope": ["shoes"]}]})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "urn:lofte:problem:refused")
    at = f"/requests/{made[0]['number']}"
    answer = {"scope": ["contact", "payment"]}
    assert bertil.post(f"{at}/scope", answer).status_code == 409
    assert bertil.post(f"{at}/wait", {"waits": "scope", "why": "Vilka uppgifter?"}).status_code == 200
    said = bertil.post(f"{at}/scope", answer).json()
    assert said["scope"] == ["contact", "payment"] and said["clock"]["waits_for"] is None
    assert bertil.post(f"{at}/scope", answer).status_code == 409


def test_the_whole_way_from_receipt_to_package(company, work, world, bertil):
    made = bertil.post("/cases", {"rights": ["access"], "identities": known(world)}).json()
    at = f"/requests/{made['requests'][0]['number']}"
    assert bertil.post(f"{at}/identification", PROOF).json()["state"] == "identified"
    ordered = bertil.post(f"{at}/search")
    assert ordered.status_code == 202 and ordered.json()["ordered"]
    do_ordered(work.house, work.connect)
    whole = bertil.get(at).json()
    assert whole["state"] == "ready" and whole["package"]["bytes"] > 0
    assert sum(each["rows"] for each in bertil.get(f"{at}/findings").json()["items"]) > 0
    package = bertil.post(f"{at}/package")
    assert package.status_code == 200 and package["Cache-Control"] == "no-store"
    content = b"".join(package.streaming_content)
    assert "data.json" in {
        name.rpartition("/")[2] for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
    }
    kinds = {each["kind"]: each["values"] for each in bertil.get(f"{at}/ledger").json()["items"]}
    assert kinds["package.fetched"]["by"] == bertil.ref == kinds["request.received"]["by"]


def test_the_clock_is_stopped_goes_on_and_is_extended(company, bertil):
    at = f"/requests/{bertil.post('/cases', CASE).json()['requests'][0]['number']}"
    stopped = bertil.post(f"{at}/wait", {"waits": "identity", "why": "Bad om kundnummer."}).json()
    assert stopped["clock"]["waits_for"] == "identity"
    assert bertil.post(f"{at}/go-on").json()["clock"]["waits_for"] is None
    more = {"months": 2, "because": "complex", "why": "Många system."}
    longer = bertil.post(f"{at}/extension", more).json()
    assert longer["clock"]["extended_months"] == 2
    assert longer["clock"]["due_on"] > longer["clock"]["first_due_on"]
    again = bertil.post(f"{at}/extension", more)
    assert (again.status_code, again.json()["type"]) == (422, "urn:lofte:problem:refused")


def test_a_request_is_refused_with_its_ground(company, officer, bertil):
    at = f"/requests/{bertil.post('/cases', CASE).json()['requests'][0]['number']}"
    assert officer.post(f"{at}/refusal", {"ground": "unfounded"}).status_code == 422
    refused = officer.post(f"{at}/refusal", {"ground": "unidentified"}).json()
    assert refused["state"] == "refused" and refused["decisions"][0]["article"] == "12.2"
    assert officer.post(f"{at}/refusal", {"ground": "unidentified"}).status_code == 409


def test_an_erasure_that_nobody_has_approved_is_not_carried_out(company, bertil):
    case = bertil.post("/cases", {**CASE, "rights": ["erasure"]}).json()
    at = f"/requests/{case['requests'][0]['number']}"
    bertil.post(f"{at}/identification", PROOF)
    answer = bertil.post(f"{at}/erasure")
    assert answer.status_code == 422 and "approved" in answer.json()["detail"]
    assert bertil.post(f"{at}/search").status_code == 422


def test_too_weak_a_proof_is_told_as_such(company, bertil):
    at = f"/requests/{bertil.post('/cases', CASE).json()['requests'][0]['number']}"
    answer = bertil.post(f"{at}/identification", {**PROOF, "level": 1})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:lofte:problem:not-identified")


def test_the_list_is_read_page_by_page_in_order(company, bertil):
    for n in range(7):
        identities = [{"kind": "email", "value": f"kund{n}@kund.example"}]
        bertil.post("/cases", {"rights": ["access"], "identities": identities})
    seen, cursor = [], ""
    while cursor is not None:
        page = bertil.get(f"/requests?limit=3&cursor={cursor}").json()
        seen += [each["number"] for each in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 7 and seen == sorted(seen)
    assert bertil.get("/requests?state=refused").json() == {"items": [], "next": None}
    assert len(bertil.get("/requests?open=true&right=access&due_by=2999-01-01").json()["items"]) == 7


def test_a_list_costs_the_same_however_long_it_is(company, bertil, django_assert_max_num_queries):
    for n in range(5):
        identities = [{"kind": "email", "value": f"kund{n}@kund.example"}]
        bertil.post("/cases", {"rights": ["access", "erasure"], "identities": identities})
    with django_assert_max_num_queries(8):
        assert len(bertil.get("/requests").json()["items"]) == 10


def test_what_stands_for_the_person_is_told_without_saying_who(company, work, world, bertil, officer):
    case = bertil.post("/cases", {"rights": ["access"], "identities": known(world)}).json()
    said = bertil.get(f"/requests/{case['requests'][0]['number']}/standing").json()
    assert said == {"holds": [], "restrictions": [], "suppressions": []}


def test_the_gate_says_no_with_its_reason(company, work, bertil):
    from lofte.consent.suppress import PlacedFor, suppress
    from lofte.datamap.document import Kind
    from lofte.datamap.identity import Identity

    address = "anna.hemlig@kund.example"
    suppress(work.house, [Identity(kind=Kind.EMAIL, value=address)], why=PlacedFor.UNSUBSCRIBE)
    no = bertil.post("/gate/send", {"address": address})
    assert no.json()["allowed"] is False and no.json()["why"] == "suppression"
    assert address not in no.content.decode()
    notice = bertil.post("/gate/send", {"address": address, "message": "notice"}).json()
    assert notice == {"allowed": True, "why": None, "article": None, "since": None, "ref": None}
    identities = [{"kind": "email", "value": address}]
    unknown = bertil.post("/gate/process", {"identities": identities, "purpose": "no-such-purpose"}).json()
    assert unknown["why"] == "unknown_purpose"


def test_the_policy_tells_its_version(company, work, bertil):
    said = bertil.get("/policy").json()
    assert said["worked_by"] == work.house.policy.meta.version and said["in_force"] is None


def test_a_second_person_is_not_the_one_who_let_the_program_in(company, work, world, let_in):
    """Whoever makes a token, takes a request in with it and becomes an approver, is one person."""
    from lofte.accounts.models import Handler
    from lofte.errors import Refused
    from lofte.requests.erasure import shown
    from lofte.requests.erasure.approve import approve

    program = let_in("handler", Scope.REQUESTS_RECEIVE, Scope.REQUESTS_IDENTIFY)
    case = program.post("/cases", {"rights": ["erasure"], "identities": known(world, 32)}).json()
    number = case["requests"][0]["number"]
    assert program.post(f"/requests/{number}/identification", PROOF).status_code == 200
    Handler.objects.update(role="approver")
    maker = Handler.objects.get()
    request = Request.objects.get()
    house = second_person(work.house)
    shown.show(house, [request], work.connect, by=maker.ref)
    seen = shown.last_shown(request)
    with pytest.raises(Refused, match="second person"):
        approve(house, request, seen.preview, by=maker.ref, wide="x")


def test_what_is_done_stands_in_the_ledger_under_the_token(company, bertil):
    bertil.post("/cases", CASE)
    told = [values["by"] for _, values in book.opened() if values and "by" in values]
    assert told.count(bertil.ref) == 2
