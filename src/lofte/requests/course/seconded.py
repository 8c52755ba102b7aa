"""What the policy wants a second person for is done only as somebody else has proposed it."""

from __future__ import annotations

from enum import StrEnum

from lofte.accounts.token import same_person
from lofte.errors import Conflict, Refused
from lofte.execution.house import House
from lofte.requests.models import Proposal, ProposalSettled, Request


class What(StrEnum):
    """What may need a second person, as the policy names it."""

    REFUSAL = "refusal"
    EXTENSION = "extension"


def needed(house: House, what: What) -> bool:
    """Whether the policy wants a second person for this."""
    return what.value in house.policy.rights.defaults.second_person


def second(house: House, request: Request, what: What, proposal: Proposal | None, *, by: str) -> None:
    """Nothing where one person is enough; else the proposal is settled by this person, inside the caller's
    transaction. Raises Refused when nobody or the same person proposed it, Conflict when it is settled."""
    if proposal is None:
        if needed(house, what):
            raise Refused("the policy wants a second person for this; propose it, and let another decide")
        return
    if not by or same_person(by, proposal.by):
        raise Refused("whoever proposed this does not decide on it; let another person do it")
    stands = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if stands.request_id != request.pk or stands.what != what or settled(stands):
        raise Conflict("this proposal is settled, or is about something else; read the request again")
    ProposalSettled.objects.create(proposal=stands, agreed=True, by=by, at=house.now)


def settled(proposal: Proposal) -> bool:
    """Whether somebody has decided on it."""
    return ProposalSettled.objects.filter(proposal=proposal).exists()
