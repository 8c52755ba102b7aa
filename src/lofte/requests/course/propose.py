"""One person proposes, another decides: a refusal, or more time (`rights.defaults.second_person`).

Hard rules:
- A proposal changes nothing, and stops no clock.
- Who decides is not who proposed. What is done is what was proposed, to the word.
- A no is a record with its reason, as a yes is.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from lofte.accounts.token import same_person
from lofte.errors import Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.clock import Because
from lofte.ledger.kinds import Kind
from lofte.requests import sealing
from lofte.requests.course import ticking
from lofte.requests.course.refuse import SHOWN, Ground, refuse
from lofte.requests.course.roads import State
from lofte.requests.course.seconded import What, settled
from lofte.requests.models import Proposal, ProposalSettled, Request

_TERMS, _NO = "proposal", "proposal declined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What is proposed, to the word."""

    what: What
    why: str = ""
    ground: str = ""
    """Of a refusal: a `refuse.Ground`."""
    months: int = 0
    because: str = ""
    """Of an extension: a `law.clock.Because`."""


def propose(house: House, request: Request, terms: Terms, *, by: str) -> Proposal:
    """Write down what somebody proposes. Raises Refused when a reason that the law asks for is lacking,
    Conflict when the request is answered or the same is proposed already."""
    if not by:
        raise Refused("say who proposes it; another person is to decide")
    _insist_reasoned(terms)
    with recorded(house):
        stands = Request.objects.select_for_update().get(pk=request.pk)
        if not State(stands.state).open:
            raise Conflict("the request is answered; there is nothing to propose")
        if open_proposal(stands, terms.what) is not None:
            raise Conflict("this is proposed already, and waits for another person to decide")
        if terms.what is What.EXTENSION:
            ticking.clock_of(stands).extend(terms.months, house.today)
        key = sealing.unwrap(house.keys.wrapping, stands.key, stands.ref)
        content = json.dumps(
            {
                "why": terms.why.strip(),
                "ground": terms.ground,
                "months": terms.months,
                "because": terms.because,
            }
        )
        made = Proposal.objects.create(
            ref=secrets.token_hex(16),
            request=stands,
            what=terms.what,
            terms=sealing.seal_text(key, content, _TERMS, stands.ref),
            by=by,
            at=house.now,
        )
        _note(house, Kind.DECISION_PROPOSED, made, by)
    return made


def agree(house: House, proposal: Proposal, *, by: str) -> None:
    """Do as proposed. Raises Refused when the same person proposed it, Conflict when it is settled or cannot
    be done any more; then nothing is done and the proposal stands."""
    terms, request = terms_of(house, proposal), proposal.request
    if terms.what is What.REFUSAL:
        ground = Ground(terms.ground)
        refuse(house, request, ground=ground, why=terms.why, by=by, proposal=proposal)
    else:
        because = Because(terms.because)
        ticking.extend(
            house, request, months=terms.months, because=because, why=terms.why, by=by, proposal=proposal
        )


def decline(house: House, proposal: Proposal, *, why: str, by: str) -> ProposalSettled:
    """Say no, and why. Raises Refused, Conflict."""
    if not why.strip():
        raise Refused("write why not, so that whoever proposed it knows what to do instead")
    if not by or same_person(by, proposal.by):
        raise Refused("whoever proposed this does not decide on it; let another person do it")
    request = proposal.request
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    with recorded(house):
        stands = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if settled(stands):
            raise Conflict("this proposal is settled; read the request again")
        made = ProposalSettled.objects.create(
            proposal=stands,
            agreed=False,
            why=sealing.seal_text(key, why.strip(), _NO, request.ref),
            by=by,
            at=house.now,
        )
        _note(house, Kind.DECISION_DECLINED, stands, by)
    return made


def open_proposal(request: Request, what: What | None = None) -> Proposal | None:
    """What is proposed and waits for a second person; None when nothing does."""
    waiting = request.proposals.filter(settled=None)
    return (waiting.filter(what=what) if what else waiting).last()


def terms_of(house: House, proposal: Proposal) -> Terms:
    """What is proposed, opened."""
    request = proposal.request
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    said = json.loads(sealing.unseal_text(key, proposal.terms, _TERMS, request.ref))
    return Terms(what=What(proposal.what), **said)


def why_not(house: House, proposal: Proposal) -> str:
    """Why somebody said no, in their words; empty when nobody did."""
    said = ProposalSettled.objects.filter(proposal=proposal, agreed=False).first()
    if said is None:
        return ""
    request = proposal.request
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return sealing.unseal_text(key, said.why, _NO, request.ref)


def _insist_reasoned(terms: Terms) -> None:
    needs = terms.what is What.EXTENSION or Ground(terms.ground) in SHOWN
    if needs and not terms.why.strip():
        raise Refused("write why; the person is told the reasons (art. 12.3-12.5)")


def _note(house: House, kind: Kind, proposal: Proposal, by: str) -> None:
    note(
        kind,
        proposal.request.ref,
        {"what": proposal.what, "by": by},
        at=house.now,
        policy_version=house.policy_version,
    )
