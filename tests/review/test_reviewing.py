"""A human being looks at what a machine decided, and answers (art. 22.3)."""

from __future__ import annotations

import copy
import dataclasses

import pytest

from lofte.accounts.models import Handler
from lofte.consent.withdraw import withdraw
from lofte.datamap.document import Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.law.rights import Right
from lofte.plan.review import Outcome
from lofte.policy.document import Policy
from lofte.requests.answer import review as reviews
from lofte.requests.course.receive import receive
from lofte.requests.door.identify import Level, identify
from lofte.requests.models import Decision, ReviewDecided
from tests.conftest import POLICY
from tests.requests.memory import datamap

ANNA = Identity(kind=Kind.EMAIL, value="anna@kund.example")
BERTIL, CECILIA, DAVID, EVA = ("b" * 32, "c" * 32, "d" * 32, "e" * 32)
VIEW = "Jag heter Anna och har visst betalat"
LOGIC = {"sv": "Den räknar obetalda fakturor.", "en": "It counts unpaid invoices."}
EFFECTS = {"sv": "Du får inte handla på kredit.", "en": "You may not buy on credit."}


def policy(**decisions):
    plain = copy.deepcopy(POLICY)
    same = {"exists": True, "logic": LOGIC, "effects": EFFECTS}
    plain["purposes"]["scoring"] = {
        "categories": ["contact"], "legal_basis": "6.1.a", "retention": ["contract"],
    }  # fmt: skip
    plain["purposes"]["photos"] = plain["purposes"]["scoring"]
    plain["automated_decisions"] = {
        "credit": {**same, "art22": True, "basis": "contract", "name": {"sv": "Kredit", "en": "Credit"}},
        "score": {**same, "art22": True, "basis": "explicit_consent", "purposes": ["scoring"]},
        "traffic": same,
        "lock": same,
        "gone": {**same, "exists": False, "art22": True},
        "groundless": {**same, "art22": True},
    }
    plain["rights"]["human_review"] = {"channels": ["email"], "for": ["credit", "score", "lock"]}
    return Policy.model_validate(plain)


@pytest.fixture
def office(house, store):
    for ref, role in ((BERTIL, "handler"), (CECILIA, "approver"), (DAVID, "finance"), (EVA, "handler")):
        Handler.objects.create(email=f"{role}-{ref[0]}@norrsken.example", ref=ref, role=role)
    return dataclasses.replace(house, policy=policy(), datamap=datamap("billing"))


def asks(house, decision="credit", **more):
    request = receive(house, right=Right.HUMAN_REVIEW, identities=[ANNA], channel="email", by=BERTIL)
    request = identify(house, request, method="svar på e-post", level=Level.CONTACT, by=BERTIL)
    return reviews.ask(house, request, decision, by=BERTIL, **more)


def payloads(kind):
    return [payload for entry, payload in book.opened() if entry.kind == kind]


@pytest.mark.parametrize("decision", ["credit", "score"])
def test_a_decision_of_article_22_is_reviewed(office, decision):
    review = asks(office, decision, view=VIEW, case="K-17")
    assert reviews.view_of(office, review) == VIEW and b"Anna" not in bytes(review.view)
    assert [w.number for w in reviews.waiting(office)] == [review.request.number]


def test_analysis_is_no_decision_and_the_refusal_says_what_to_do_instead(office):
    with pytest.raises(Refused, match="objection"):
        asks(office, "traffic")


@pytest.mark.parametrize("decision", ["gone", "unheard_of"])
def test_what_the_machine_does_not_decide_is_not_reviewed(office, decision):
    with pytest.raises(Refused, match="those that are reviewed: credit, score, lock"):
        asks(office, decision)


def test_what_the_policy_promises_beyond_the_law_is_reviewed_too(office):
    review = asks(office, "lock")
    reviews.decide(office, review, Outcome.CHANGED, why="Du får öppna själv.", by=CECILIA)
    assert "vi har lovat" in reviews.letter(office, review).sv


def test_a_decision_that_nothing_allows_is_not_answered_before_the_policy_is_mended(office):
    with pytest.raises(Refused, match="basis"):
        asks(office, "groundless")


def test_a_name_is_no_number_of_a_case(office):
    with pytest.raises(Refused):
        asks(office, case="Åsa Öberg, som ringde")


def test_the_request_is_delivered_by_the_decision_of_a_human_being(office):
    review = asks(office)
    assert review.request.state == "identified"
    reviews.decide(office, review, Outcome.ANNULLED, why="Fakturan var betald.", by=CECILIA)
    review.request.refresh_from_db()
    assert review.request.state == "delivered" and reviews.waiting(office) == ()
    made = Decision.objects.get(request=review.request)
    assert (made.outcome, made.article, made.by) == ("annulled", "22.3", CECILIA)
    assert payloads("review.decided") == [
        {"article": "22.3", "decision": "credit", "outcome": "annulled", "by": CECILIA}
    ]


@pytest.mark.parametrize("nobody", ["", DAVID, "f" * 32])
def test_nobody_without_the_permission_decides(office, nobody):
    review = asks(office)
    with pytest.raises(Refused):
        reviews.decide(office, review, Outcome.UPHELD, why="Så är det.", by=nobody)
    review.request.refresh_from_db()
    assert review.request.state == "identified" and not ReviewDecided.objects.exists()


def test_whoever_stood_behind_the_decision_does_not_review_it(office):
    review = asks(office, made_by=CECILIA)
    with pytest.raises(Refused, match="somebody else"):
        reviews.assign(office, review, to=CECILIA, by=BERTIL)
    with pytest.raises(Refused, match="somebody else"):
        reviews.decide(office, review, Outcome.UPHELD, why="Så är det.", by=CECILIA)


def test_nobody_but_the_one_it_is_assigned_to_decides(office):
    review = asks(office)
    reviews.assign(office, review, to=EVA, by=BERTIL)
    with pytest.raises(Refused, match="assigned"):
        reviews.decide(office, review, Outcome.UPHELD, why="Så är det.", by=CECILIA)
    reviews.assign(office, review, to=CECILIA, by=BERTIL)
    reviews.decide(office, review, Outcome.UPHELD, why="Så är det.", by=CECILIA)
    assert payloads("review.assigned") == [{"to": EVA, "by": BERTIL}, {"to": CECILIA, "by": BERTIL}]


def test_a_decision_has_reasons(office):
    with pytest.raises(Refused, match="reasons"):
        reviews.decide(office, asks(office), Outcome.UPHELD, why="  ", by=CECILIA)


def test_it_is_decided_once(office):
    review = asks(office)
    reviews.decide(office, review, Outcome.UPHELD, why="Så är det.", by=CECILIA)
    with pytest.raises(Conflict):
        reviews.decide(office, review, Outcome.CHANGED, why="Nej.", by=EVA)
    with pytest.raises(Conflict):
        reviews.assign(office, review, to=EVA, by=BERTIL)


def test_the_letter_tells_logic_effects_basis_and_reasons(office):
    review = asks(office)
    with pytest.raises(Refused):
        reviews.letter(office, review)
    record = reviews.decide(office, review, Outcome.UPHELD, why="Två fakturor är obetalda.", by=CECILIA)
    letter = reviews.letter(office, review)
    told = (LOGIC["sv"], EFFECTS["sv"], "artikel 22.2 a", "Två fakturor är obetalda.", "Det står fast", "IMY")
    assert all(words in letter.sv for words in told)
    assert LOGIC["en"] in letter.en and "Article 22(2)(a)" in letter.en and "Credit" in letter.en
    assert b"fakturor" not in bytes(record.why)


def test_without_the_consent_it_rests_on_a_machines_decision_does_not_stand(office):
    withdraw(office, [ANNA], ["scoring"])
    review = asks(office, "score")
    assert reviews.waiting(office)[0].withdrawn and payloads("review.asked")[0]["withdrawn"] == 1
    with pytest.raises(Refused, match="taken back"):
        reviews.decide(office, review, Outcome.UPHELD, why="Så är det.", by=CECILIA)
    reviews.decide(office, review, Outcome.ANNULLED, why="Samtycket är borta.", by=CECILIA)
    assert "tagit tillbaka ditt samtycke" in reviews.letter(office, review).sv


def test_another_consent_that_is_taken_back_does_not_touch_the_decision(office):
    withdraw(office, [ANNA], ["photos"])
    review = asks(office, "score")
    assert payloads("review.asked")[0]["withdrawn"] == 0
    reviews.decide(office, review, Outcome.UPHELD, why="Så är det.", by=CECILIA)


def test_a_decision_on_contract_asks_no_consent(office):
    withdraw(office, [ANNA])
    asks(office)
    assert payloads("review.asked")[0] == {
        "article": "22.3", "decision": "credit", "basis": "contract", "withdrawn": 0, "by": BERTIL,
    }  # fmt: skip


def test_a_request_for_something_else_holds_no_review(office):
    request = receive(office, right=Right.ACCESS, identities=[ANNA], channel="email")
    with pytest.raises(Refused):
        reviews.ask(office, request, "credit")


def test_whoever_is_not_identified_gets_no_review(office):
    request = receive(office, right=Right.HUMAN_REVIEW, identities=[ANNA], channel="email")
    with pytest.raises(Refused, match="identif"):
        reviews.ask(office, request, "credit")
