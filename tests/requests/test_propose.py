"""Where the policy wants a second person, one proposes and another decides."""

from __future__ import annotations

import dataclasses

import pytest

from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution import book
from lofte.law.clock import Because
from lofte.law.rights import Right
from lofte.mail.models import Outgoing
from lofte.policy.document import Policy
from lofte.requests.course.propose import Terms, agree, decline, open_proposal, propose, terms_of, why_not
from lofte.requests.course.receive import receive
from lofte.requests.course.refuse import Ground, refuse
from lofte.requests.course.seconded import What
from lofte.requests.course.ticking import clock_of, extend
from lofte.requests.models import Decision, Proposal
from tests.conftest import POLICY

BERTIL, CECILIA = "b" * 32, "c" * 32
NO = Terms(what=What.REFUSAL, ground="unfounded", why="Samma sak för tionde gången, med hot.")
LATER = Terms(what=What.EXTENSION, months=2, because="complex", why="Många system och år.")


@pytest.fixture
def strict(house):
    more = {"rights": {**POLICY["rights"], "defaults": {"second_person": ["refusal", "extension"]}}}
    return dataclasses.replace(house, policy=Policy.model_validate(POLICY | more))


@pytest.fixture
def request_(store, strict):
    shown = [Identity(kind=IdentityKind.EMAIL, value="anna@kund.example")]
    return receive(strict, right=Right.OBJECTION, identities=shown, channel="letter", by=BERTIL)


def test_alone_nobody_refuses_and_nobody_extends(strict, request_):
    with pytest.raises(Refused, match="second person"):
        refuse(strict, request_, ground=Ground.UNIDENTIFIED, by=BERTIL)
    with pytest.raises(Refused, match="second person"):
        extend(strict, request_, months=1, because=Because.MANY, why="Många.", by=BERTIL)
    request_.refresh_from_db()
    assert request_.state == "received" and clock_of(request_).months == 1


def test_where_the_policy_asks_for_nobody_else_one_is_enough(store, house):
    shown = [Identity(kind=IdentityKind.EMAIL, value="anna@kund.example")]
    request = receive(house, right=Right.OBJECTION, identities=shown, channel="letter", by=BERTIL)
    assert refuse(house, request, ground=Ground.UNIDENTIFIED, by=BERTIL).state == "refused"


def test_a_proposal_changes_nothing_and_another_does_as_proposed(strict, request_):
    made = propose(strict, request_, NO, by=BERTIL)
    request_.refresh_from_db()
    assert request_.state == "received" and terms_of(strict, made) == NO
    agree(strict, made, by=CECILIA)
    request_.refresh_from_db()
    decision = Decision.objects.get()
    assert (request_.state, decision.ground, decision.by) == ("refused", "unfounded", CECILIA)
    assert open_proposal(request_) is None


def test_more_time_is_proposed_too(strict, request_):
    agree(strict, propose(strict, request_, LATER, by=BERTIL), by=CECILIA)
    assert clock_of(request_).months == 3


@pytest.mark.parametrize("by", [BERTIL, ""])
@pytest.mark.parametrize("answer", [agree, lambda h, p, by: decline(h, p, why="Nej.", by=by)])
def test_who_proposed_it_does_not_decide_and_nor_does_nobody(strict, request_, answer, by):
    made = propose(strict, request_, NO, by=BERTIL)
    with pytest.raises(Refused):
        answer(strict, made, by=by)
    request_.refresh_from_db()
    assert request_.state == "received" and open_proposal(request_) == made


def test_a_no_is_kept_with_its_reason_and_something_else_may_be_proposed(strict, request_):
    made = propose(strict, request_, NO, by=BERTIL)
    decline(strict, made, why="Den är inte ogrundad.", by=CECILIA)
    assert why_not(strict, made) == "Den är inte ogrundad." and open_proposal(request_) is None
    with pytest.raises(Conflict):
        agree(strict, made, by=CECILIA)
    assert propose(strict, request_, LATER, by=BERTIL)


def test_the_same_is_not_proposed_twice(strict, request_):
    propose(strict, request_, NO, by=BERTIL)
    with pytest.raises(Conflict):
        propose(strict, request_, NO, by=CECILIA)


def test_a_proposal_for_one_request_opens_no_other(strict, request_, house):
    shown = [Identity(kind=IdentityKind.EMAIL, value="eva@kund.example")]
    other = receive(strict, right=Right.OBJECTION, identities=shown, channel="letter", by=BERTIL)
    made = propose(strict, request_, NO, by=BERTIL)
    with pytest.raises(Conflict):
        refuse(strict, other, ground=Ground.UNFOUNDED, why="x", by=CECILIA, proposal=made)
    assert Proposal.objects.get(settled=None) == made


def test_reasons_that_the_law_asks_for_are_asked_for_when_it_is_proposed(strict, request_):
    with pytest.raises(Refused, match="write why"):
        propose(strict, request_, dataclasses.replace(NO, why=" "), by=BERTIL)
    with pytest.raises(Refused, match="write why not"):
        decline(strict, propose(strict, request_, NO, by=BERTIL), why="", by=CECILIA)


def test_what_is_proposed_lies_sealed_and_that_it_was_is_noted(strict, request_, store):
    propose(strict, request_, NO, by=BERTIL)
    assert b"hot" not in bytes(Proposal.objects.get().terms)
    assert [entry.kind for entry in book.entries()][-1] == "decision.proposed"


def test_who_has_proven_no_address_gets_no_e_mail(strict, request_):
    agree(strict, propose(strict, request_, NO, by=BERTIL), by=CECILIA)
    assert not Outgoing.objects.exists()
