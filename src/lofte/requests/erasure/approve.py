"""Approving an erasure by what was seen (`as_approved` holds what is carried out to it).

Hard rules:
- What is approved is a preview: which rows by dataset and verb, how many, with which digest.
- It is approved for the grounds, the policy, the map and the identities with which it was seen.
- Where the policy asks for a second person, it is not the one who received or identified the request,
  and somebody did: nobody is no first person.
- A plan that passes a cap is let through by name, with a reason, or not at all.
"""

from __future__ import annotations

import hashlib

from lofte.accounts.models import Handler
from lofte.accounts.roles import Permission
from lofte.accounts.token import makers
from lofte.datamap.digest import digest as map_digest
from lofte.errors import Ambiguous, Conflict, Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan import preview as told
from lofte.plan.scope import marks
from lofte.policy.digest import digest as policy_digest
from lofte.requests import sealing
from lofte.requests.course.before import insist_first
from lofte.requests.course.roads import State
from lofte.requests.erasure.as_approved import OverCap, hands, looked_for, over
from lofte.requests.erasure.as_approved import approval_of as approval_of
from lofte.requests.erasure.preview import Preview
from lofte.requests.models import Approval, Request

_BEFORE = (State.IDENTIFIED, State.SEARCHING)


def approve(house: House, request: Request, preview: Preview, *, by: str, wide: str = "") -> Approval:
    """Let a request be carried out as it was seen. `by` is the random id of the handler, or
    of a program that a handler let in; `wide` is why a plan that passes a cap is let through. Raises
    Refused, Ambiguous, Conflict."""
    request.refresh_from_db()
    _may_be_approved(request, preview)
    insist_first(house, request)
    _is_as_shown(house, request, preview)
    _may_approve(house, request, by)
    why = wide.strip()
    if preview.wide and not why:
        raise OverCap(
            "the plan takes more than the cap for one person; let it through with a reason, or mend the map",
            over(request.ref, preview.too_wide),
        )
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    sealed = sealing.seal_text(key, why, "wide", request.ref) if preview.wide else b""
    counted = told.counts(preview.lines)
    with recorded(house):
        approval = Approval.objects.create(
            request=request,
            digests=dict(preview.digests),
            counts=[[*at, rows] for at, rows in counted.items()],
            grounds=[*preview.grounds, *marks(preview.scope)],
            policy_digest=preview.policy_digest,
            map_digest=preview.map_digest,
            identities=preview.identities,
            identified=request.identifications.count(),
            wide=sealed,
            by=by,
            at=house.now,
        )
        note(
            Kind.ERASURE_APPROVED,
            request.ref,
            {
                "digest": digest_of(preview),
                "systems": len(preview.digests),
                "silent": len(preview.silent),
                "rows": preview.rows_gone + preview.rows_changed,
                "kept": preview.rows_kept,
                "wide": int(preview.wide),
                "by": by,
            },
            at=house.now,
            policy_version=house.policy_version,
        )
    return approval


def digest_of(preview: Preview) -> str:
    """One digest of all systems together: what a person writes down to say which plan they mean."""
    said = "\n".join(f"{system} {digest}" for system, digest in sorted(preview.digests.items()))
    return hashlib.sha256(said.encode()).hexdigest()


def _may_be_approved(request: Request, preview: Preview) -> None:
    if request.right != Right.ERASURE:
        raise Refused(f"this is a request for {request.right}, not for erasure")
    if request.state not in _BEFORE:
        raise Conflict("only a request that is identified and not yet answered can be approved")
    if preview.number != request.number:
        raise Refused("this preview is of another request; look at this one first")
    if preview.ambiguous:
        raise Ambiguous(
            "more than one person answers to this identity; ask for another, as a customer number"
        )
    if not preview.digests and preview.silent:
        raise Refused("no system answered, so nothing was seen; look again when they do")


def _is_as_shown(house: House, request: Request, preview: Preview) -> None:
    """What was seen is of this policy, this map and all that is known of the person now."""
    now = (policy_digest(house.policy), map_digest(house.datamap), looked_for([request])[request.pk])
    if frozenset(request.scope) != preview.scope:
        raise Conflict("the person has said since how far they ask; look at it again, then approve")
    if now != (preview.policy_digest, preview.map_digest, preview.identities):
        raise Conflict(
            "the policy, the map or what is known of the person has changed since this was looked at; "
            "look at it again, then approve"
        )


def _may_approve(house: House, request: Request, by: str) -> None:
    # A program approves as whoever let it in, and is one person with them.
    person = makers([by]).get(by, by)
    handler = Handler.objects.filter(ref=person).first() if by else None
    if handler is None or not handler.may(Permission.APPROVE):
        raise Refused("this handler may not approve an erasure; see `lofte handler list`")
    terms = house.policy.rights.erasure
    if terms is None or terms.approval != "second_person":
        return
    first = hands([request])[request.pk]
    if "" in first:
        raise Refused(
            "the policy asks for a second person, and nobody has signed that they took it in; "
            "let a handler identify the person"
        )
    moved = set(request.transitions.values_list("by", flat=True))
    if {by, person} & {*first, *moved, *makers(moved).values()}:
        raise Refused("the policy asks for a second person; let somebody else than who took it in approve")
