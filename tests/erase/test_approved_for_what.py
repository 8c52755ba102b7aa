"""An approval is of what was seen: these grounds, this policy and map, this person; and by another."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from lofte.accounts.models import Handler
from lofte.accounts.roles import Role
from lofte.datamap.document import DataMap, Kind
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused
from lofte.execution.book import recorded
from lofte.law.rights import Right
from lofte.plan.records import Verb
from lofte.policy.document import Policy
from lofte.requests.course.move import move
from lofte.requests.course.receive import receive
from lofte.requests.course.roads import State
from lofte.requests.door.identify import Level, identify
from lofte.requests.erasure.approve import approve
from lofte.requests.erasure.as_approved import NotApproved
from lofte.requests.erasure.erase import erase
from lofte.requests.erasure.preview import preview
from tests.erase.conftest import BERTIL, asks
from tests.erase.small import PERSONS, POLICY, TECHNICAL, Small, dataset, number, persons, reference, system

ANNA = Identity(kind=Kind.EMAIL, value="a@x.example")
DORIS = "d" * 32


@pytest.fixture
def small(tmp_path) -> Small:
    metadata = sa.MetaData()
    persons(metadata)
    sa.Table("letters", metadata, number(), number("person", sa.ForeignKey("persons.id")))
    letters = dataset([reference(["person"], "persons")], {"person": TECHNICAL})
    made = Small(f"sqlite:///{tmp_path}/small.db", metadata, system(persons=PERSONS, letters=letters))
    made.put("persons", {"id": 1, "email": ANNA.value})
    return made


@pytest.fixture
def firm(fjordhem, store, small):
    """A house whose policy asks for a second person."""
    plain = POLICY.model_dump(mode="json", by_alias=True, exclude_none=True)
    policy = Policy.model_validate(plain | {"rights": {"erasure": {"approval": "second_person"}}})
    return dataclasses.replace(fjordhem, policy=policy, datamap=DataMap(systems=(small.map,)))


@pytest.fixture
def doris(store) -> Handler:
    return Handler.objects.create(email="doris@fjordhem.example", role=Role.APPROVER, ref=DORIS)


@pytest.fixture
def connect(small):
    return lambda _: small.connector()


def stopped(house, request, small, connect, **how) -> None:
    with pytest.raises(NotApproved, match="approved anew"):
        erase(house, [request], connect, **how)
    assert small.rows("persons")


def test_what_was_approved_on_one_ground_is_not_carried_out_on_another(firm, small, connect, doris):
    request = asks(firm, ANNA)
    approve(firm, request, preview(firm, request, connect, grounds=("17.1.b",)), by=DORIS)
    stopped(firm, request, small, connect, grounds=("17.1.d",))


def test_what_was_approved_by_one_policy_is_not_carried_out_by_another(firm, small, connect, doris):
    request = asks(firm, ANNA)
    seen = preview(firm, request, connect)
    approve(firm, request, seen, by=DORIS)
    plain = firm.policy.model_dump(mode="json", by_alias=True, exclude_none=True)
    plain["controller"]["legal_name"] = "Andra AB"
    other = dataclasses.replace(firm, policy=Policy.model_validate(plain))
    stopped(other, request, small, connect)
    with pytest.raises(Conflict, match="look at it again"):
        approve(other, request, seen, by=DORIS)


def test_what_was_seen_to_be_kept_is_not_erased(firm, small, connect, doris):
    """One row, seen to be kept, is within the room for rows that have come since."""
    request = asks(firm, ANNA)
    seen = preview(firm, request, connect)
    kept = tuple(dataclasses.replace(line, verb=Verb.KEEP) for line in seen.lines)
    approve(firm, request, dataclasses.replace(seen, lines=kept), by=DORIS)
    stopped(firm, request, small, connect)


def test_a_dataset_in_which_nothing_was_seen_is_not_erased_from(firm, small, connect, doris):
    request = asks(firm, ANNA)
    approve(firm, request, preview(firm, request, connect), by=DORIS)
    small.put("letters", {"id": 1, "person": 1})
    stopped(firm, request, small, connect)


def test_who_was_sent_back_is_approved_anew(firm, small, connect, doris):
    request = asks(firm, ANNA)
    approve(firm, request, preview(firm, request, connect), by=DORIS)
    with recorded(firm):
        move(firm, request, State.RECEIVED, why="ambiguous")
    identify(firm, request, method="BankID", level=Level.PROVEN, by=BERTIL)
    stopped(firm, request, small, connect)
    approve(firm, request, preview(firm, request, connect), by=DORIS)
    (done,) = erase(firm, [request], connect)
    assert done.state == "delivered"


def test_who_has_approved_does_not_identify_and_let_it_go(firm, small, connect, doris):
    request = asks(firm, ANNA)
    approve(firm, request, preview(firm, request, connect), by=DORIS)
    with recorded(firm):
        move(firm, request, State.RECEIVED, why="ambiguous")
    identify(firm, request, method="BankID", level=Level.PROVEN, by=DORIS)
    stopped(firm, request, small, connect, by=DORIS)
    with pytest.raises(Refused, match="second person"):
        approve(firm, request, preview(firm, request, connect), by=DORIS)


@pytest.mark.parametrize(("received", "identified"), [("", ""), ("", BERTIL), (BERTIL, "")])
def test_nobody_is_no_first_person(firm, small, connect, doris, received, identified):
    request = receive(firm, right=Right.ERASURE, identities=[ANNA], channel="letter", by=received)
    request = identify(firm, request, method="BankID", level=Level.PROVEN, by=identified)
    with pytest.raises(Refused, match="nobody has signed"):
        approve(firm, request, preview(firm, request, connect), by=DORIS)
