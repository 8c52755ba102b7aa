"""Who may do what here (art. 29, 32.4). One table; nobody has a right that does not stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person who works here is."""

    OFFICER = "officer"
    """Data protection officer (art. 37-39): sees all, decides nothing alone."""
    HANDLER = "handler"
    """Takes requests from receipt to answer."""
    APPROVER = "approver"
    """Approves what another has proposed."""
    FINANCE = "finance"
    """Keeps the books; places holds for them."""
    AUDITOR = "auditor"
    """Reads the ledger and the proof, and no case."""
    SYSTEM_OWNER = "system_owner"
    """Answers for a system that data are in: sees how many requests there are, and none of them."""
    ADMINISTRATOR = "administrator"
    """Adds those who work here; sees no case and no ledger."""


class Permission(StrEnum):
    """What there is to do."""

    SEE_REQUESTS = "see_requests"
    WORK_ON_REQUESTS = "work_on_requests"
    """Take requests on and give them to each other, write remarks, and read what was said."""
    SEE_FIGURES = "see_figures"
    """How many there are and how fast they are answered: no case."""
    RECEIVE_REQUEST = "receive_request"
    IDENTIFY_SUBJECT = "identify_subject"
    FULFIL_REQUEST = "fulfil_request"
    FETCH_PACKAGE = "fetch_package"
    REFUSE_REQUEST = "refuse_request"
    APPROVE = "approve"
    PLACE_HOLD = "place_hold"
    REVIEW_DECISION = "review_decision"
    PUBLISH_POLICY = "publish_policy"
    SEE_LEDGER = "see_ledger"
    ADD_HANDLERS = "add_handlers"
    MAKE_TOKENS = "make_tokens"
    """Let another program do what one may do oneself."""


_SEE = {Permission.SEE_REQUESTS, Permission.SEE_FIGURES}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset(
        _SEE
        | {
            Permission.WORK_ON_REQUESTS,
            Permission.RECEIVE_REQUEST,
            Permission.IDENTIFY_SUBJECT,
            Permission.REFUSE_REQUEST,
            Permission.PLACE_HOLD,
            Permission.PUBLISH_POLICY,
            Permission.SEE_LEDGER,
            Permission.ADD_HANDLERS,
            Permission.MAKE_TOKENS,
        }
    ),
    Role.HANDLER: frozenset(
        _SEE
        | {
            Permission.WORK_ON_REQUESTS,
            Permission.RECEIVE_REQUEST,
            Permission.IDENTIFY_SUBJECT,
            Permission.FULFIL_REQUEST,
            Permission.FETCH_PACKAGE,
            Permission.PLACE_HOLD,
            Permission.REVIEW_DECISION,
            Permission.MAKE_TOKENS,
        }
    ),
    Role.APPROVER: frozenset(
        _SEE
        | {
            Permission.WORK_ON_REQUESTS,
            Permission.APPROVE,
            Permission.REFUSE_REQUEST,
            Permission.REVIEW_DECISION,
            Permission.MAKE_TOKENS,
        }
    ),
    Role.FINANCE: frozenset(_SEE | {Permission.PLACE_HOLD}),
    Role.AUDITOR: frozenset({Permission.SEE_LEDGER, Permission.SEE_FIGURES}),
    Role.SYSTEM_OWNER: frozenset({Permission.SEE_FIGURES}),
    Role.ADMINISTRATOR: frozenset({Permission.ADD_HANDLERS}),
}


def may(role: str, permission: Permission) -> bool:
    """True if the table says so."""
    return permission in PERMISSIONS.get(Role(role), frozenset()) if role in set(Role) else False
