"""What the console can do another program can do, by the same operations and the same rules: two persons
where the policy wants two, and nothing that says who it is about."""

from __future__ import annotations

import dataclasses

import pytest
from django.conf import settings

from lofte.accounts.scopes import Scope
from lofte.execution import book
from lofte.requests.models import Approval, HoldRecord, Request
from lofte.requests.worker.errands import do_ordered

PROOF = {"method": "Visade legitimation", "level": 3}
NO = {"what": "refusal", "ground": "unfounded", "why": "Tredje gången i veckan."}


def known(world, n=2):
    return [{"kind": "customer_no", "value": world.rows["customers"][n - 1]["customer_no"]}]


def asked(program, right, shown, identified=True):
    """The address of a new request."""
    made = program.post("/cases", {"rights": [right], "identities": shown}).json()
    at = f"/requests/{made['requests'][0]['number']}"
    if identified:
        assert program.post(f"{at}/identification", PROOF).status_code == 200
    return at


def kinds(program, at):
    return [each["kind"] for each in program.get(f"{at}/ledger").json()["items"]]


def test_what_one_proposes_another_decides(company, world, bertil, officer, astrid):
    at = asked(bertil, "access", known(world))
    made = bertil.post(f"{at}/proposals", NO)
    assert made.status_code == 201 and "Tredje" not in made.content.decode()
    ref = made.json()["ref"]
    assert bertil.get(at).json()["state"] == "identified"
    done = astrid.post(f"{at}/proposals/{ref}/decision", {"agree": True}).json()
    assert done["state"] == "refused"
    (told,) = officer.get(f"{at}/proposals").json()["items"]
    assert (told["settled"], told["agreed"]) == (True, True)


def test_two_programs_of_one_person_are_one(company, world, let_in):
    first = let_in("officer", Scope.REQUESTS_RECEIVE, Scope.REQUESTS_IDENTIFY, Scope.REQUESTS_REFUSE)
    other = let_in("officer", Scope.REQUESTS_REFUSE)
    from lofte.requests.course.propose import Terms, propose
    from lofte.requests.course.seconded import What

    at = asked(first, "access", known(world))
    house = settings.LOFTE_AT_WORK().house
    request = Request.objects.get(number=at.rpartition("/")[2])
    terms = Terms(what=What.REFUSAL, ground="unfounded", why="Nej.")
    made = propose(house, request, terms, by=first.ref)
    for said in ({"agree": True}, {"agree": False, "why": "Nej."}):
        answer = other.post(f"{at}/proposals/{made.ref}/decision", said)
        assert answer.json()["type"] == "urn:lofte:problem:refused"
    assert Request.objects.get(pk=request.pk).state == "identified"


def test_a_proposal_lacks_nothing_that_it_needs(company, world, bertil):
    at = asked(bertil, "access", known(world))
    for said, where in (
        ({"what": "refusal"}, "body.ground"),
        ({"what": "extension", "because": "many", "why": "x"}, "body.months"),
        ({"what": "extension", "months": 1, "why": "x"}, "body.because"),
    ):
        answer = bertil.post(f"{at}/proposals", said)
        assert (answer.status_code, answer.json()["where"][0]["at"]) == (422, where)


@pytest.fixture
def second_person(company, work, monkeypatch):
    """The policy wants a second person for an erasure."""
    rights = work.house.policy.rights
    erasure = rights.erasure.model_copy(update={"approval": "second_person"})
    policy = work.house.policy.model_copy(update={"rights": rights.model_copy(update={"erasure": erasure})})
    there = dataclasses.replace(work, house=dataclasses.replace(work.house, policy=policy))
    monkeypatch.setattr(settings, "LOFTE_AT_WORK", lambda: there)
    return there


def test_an_erasure_is_seen_approved_by_another_and_carried_out(second_person, world, bertil, astrid):
    at = asked(bertil, "erasure", known(world))
    plan = bertil.post(f"{at}/plan").json()
    assert plan["lines"] and not plan["ambiguous"]
    other = astrid.post(f"{at}/approval", {"digest": "0" * 64})
    assert other.json()["type"] == "urn:lofte:problem:conflict"
    approved = astrid.post(f"{at}/approval", {"digest": plan["digest"]})
    assert approved.json()["approved"] is True
    assert Approval.objects.get().by == astrid.ref
    assert bertil.post(f"{at}/erasure").status_code == 202
    do_ordered(second_person.house, second_person.connect)
    assert "erasure.verified" in kinds(bertil, at)


def test_whoever_took_it_in_does_not_approve_it_by_a_program(second_person, world, let_in, bertil):
    from lofte.accounts.models import Handler

    at = asked(bertil, "erasure", known(world))
    plan = bertil.post(f"{at}/plan").json()
    Handler.objects.filter(role="handler").update(role="approver")
    hers = let_in("approver", Scope.ERASURES_APPROVE)
    answer = hers.post(f"{at}/approval", {"digest": plan["digest"]})
    assert answer.json()["type"] == "urn:lofte:problem:refused" and not Approval.objects.exists()


def test_a_no_to_marketing_holds_and_is_answered_at_once(company, bertil):
    anna = {"kind": "email", "value": "anna@kund.example"}
    at = asked(bertil, "objection", [anna], identified=False)
    assert bertil.post(f"{at}/objection", {}).json()["state"] == "delivered"
    gate = {"address": anna["value"], "message": "marketing"}
    assert bertil.post("/gate/send", gate).json()["allowed"] is False


def test_an_objection_that_is_weighed_is_decided_by_somebody(company, work, world, bertil, astrid):
    weighed = next(
        id_ for id_, p in work.house.policy.purposes.items() if p.legal_basis == "6.1.f" and not p.marketing
    )
    at = asked(bertil, "objection", known(world))
    said = {"purposes": [weighed], "words": "Jag har skäl."}
    assert bertil.post(f"{at}/objection", said).json()["state"] == "identified"
    short = astrid.post(f"{at}/objection/decision", {"outcome": "grounds_shown"})
    assert short.json()["type"] == "urn:lofte:problem:refused"
    assert astrid.post(f"{at}/objection/decision", {"outcome": "upheld"}).json()["state"] == "delivered"
    assert "skäl" not in str(list(book.entries()))


def test_a_restriction_is_placed_told_announced_and_lifted(company, world, bertil):
    at = asked(bertil, "restriction", known(world))
    assert bertil.post(f"{at}/restriction", {"ground": "accuracy"}).status_code == 200
    early = bertil.post(f"{at}/restriction/lift", {"outcome": "corrected"})
    assert early.json()["type"] == "urn:lofte:problem:refused"
    told = {"channel": "email"}
    stop = bertil.post(f"{at}/restriction/told", {"what": "stop", **told})
    assert stop.status_code in (200, 404)
    assert bertil.post(f"{at}/restriction/release").status_code == 200
    assert bertil.post(f"{at}/restriction/told", {"what": "release", **told}).status_code == 200
    lifted = bertil.post(f"{at}/restriction/lift", {"outcome": "corrected"}).json()
    assert lifted["state"] == "delivered"


def test_what_is_wrong_is_rectified_and_what_is_lacking_stands_beside(company, work, world, bertil):
    row = world.rows["customers"][1]
    at = asked(bertil, "rectification", known(world))
    kept = bertil.post(f"{at}/statement", {"words": "Fakturan 17 är betald."})
    assert kept.json()["state"] == "delivered" and "betald" not in kept.content.decode()
    other = asked(bertil, "rectification", known(world))
    said = {"category": "contact", "item": "phone", "was": row["phone"], "now": "+46701740699"}
    answer = bertil.post(f"{other}/rectification", said)
    assert answer.status_code in (200, 422), answer.content


def test_a_request_is_for_the_right_that_its_route_is_for(company, world, bertil):
    at = asked(bertil, "access", known(world))
    for path, said in (("objection", {}), ("restriction", {"ground": "claim"}), ("plan", None)):
        answer = bertil.post(f"{at}/{path}", said)
        assert answer.json()["type"] == "urn:lofte:problem:refused", path


def test_a_hold_is_placed_seen_and_lifted(company, world, bertil):
    said = {
        "kind": "legal_claim", "identities": known(world), "case": "2026-17", "review_on": "2035-01-31",
        "why": "Tvist om en faktura.",
    }  # fmt: skip
    made = bertil.post("/holds", said)
    assert made.status_code == 201, made.content
    (there,) = bertil.get("/holds").json()["items"]
    assert there == made.json()
    assert bertil.post(f"/holds/{there['ref']}/lift", {"why": "Förlikning."}).status_code == 204
    assert bertil.get("/holds").json()["items"] == [] and HoldRecord.objects.count() == 1
    past = bertil.post("/holds", {**said, "review_on": "2020-01-31"})
    assert past.json()["where"][0]["at"] == "body.review_on"


def test_a_request_is_given_to_somebody_and_remarked_on(company, world, bertil, astrid):
    at = asked(bertil, "access", known(world))
    who = bertil.get("/handlers").json()["items"]
    assert bertil.post(f"{at}/assignment", {"to": who[0]["ref"]}).status_code == 204
    assert bertil.post(f"{at}/assignment", {"to": "f" * 32}).status_code == 422
    assert bertil.post(f"{at}/assignment", {"to": None}).status_code == 204
    assert bertil.post(f"{at}/remarks", {"words": "Hon ringde igen."}).status_code == 204
    assert {"request.assigned", "remark.written"} <= set(kinds(bertil, at))


def test_an_answer_is_handed_over_and_not_let_go_to_whom_nobody_knows(company, work, world, bertil):
    at = asked(bertil, "access", known(world))
    bertil.post(f"{at}/search")
    do_ordered(work.house, work.connect)
    unknown = bertil.post(f"{at}/release")
    assert unknown.json()["type"] == "urn:lofte:problem:refused"
    assert bertil.post(f"{at}/handed-over").json()["state"] == "delivered"
