"""What may be noted, and which values each kind of entry may hold.

Hard rules:
- An entry holds ids, counts, article numbers, dates, digests and codes. Never a name, an
  address, a number of a person, nor any sentence: the ledger is never erased (art. 5.2, 17).
- Every value has a form. A key that is not listed, or a value that has another form, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from lofte.errors import Refused

Value = int | str


class Kind(StrEnum):
    """What happened."""

    POLICY_PUBLISHED = "policy.published"
    HANDLER_ADDED = "handler.added"
    REQUEST_RECEIVED = "request.received"
    REQUEST_IDENTIFIED = "request.identified"
    REQUEST_AMBIGUOUS = "request.ambiguous"
    REQUEST_REFUSED = "request.refused"
    REQUEST_DELIVERED = "request.delivered"
    ACCESS_INTENDED = "access.intended"
    PORTABILITY_INTENDED = "portability.intended"
    STEP_DONE = "step.done"
    STEP_FAILED = "step.failed"
    PACKAGE_SEALED = "package.sealed"
    PACKAGE_FETCHED = "package.fetched"
    REQUEST_GRANTED = "request.granted"
    SUPPRESSION_PLACED = "suppression.placed"
    SUPPRESSION_LIFTED = "suppression.lifted"
    OBJECTION_RECORDED = "objection.recorded"
    OBJECTION_DECIDED = "objection.decided"
    WITHDRAWAL_RECORDED = "withdrawal.recorded"
    WITHDRAWAL_ENDED = "withdrawal.ended"
    RESTRICTION_PLACED = "restriction.placed"
    RESTRICTION_LIFTED = "restriction.lifted"
    RESTRICTION_USED = "restriction.used"
    STATUS_INTENDED = "status.intended"
    STATUS_SET = "status.set"
    STATUS_PUT_BACK = "status.put_back"
    RECTIFICATION_INTENDED = "rectification.intended"
    RECTIFICATION_RECORDED = "rectification.recorded"
    RECTIFICATION_DONE = "rectification.done"
    STATEMENT_KEPT = "statement.kept"
    PERSON_MARKED = "person.marked"
    NOTICE_QUEUED = "notice.queued"
    NOTICE_TOLD = "notice.told"
    GATE_REFUSED = "gate.refused"
    ERASURE_INTENDED = "erasure.intended"
    ERASURE_DONE = "erasure.done"
    ERASURE_VERIFIED = "erasure.verified"
    ERASURE_UNDONE = "erasure.undone"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"


class Form(StrEnum):
    """The form of a value. The member's value is the pattern that it must match as a whole."""

    COUNT = r"\d{1,18}"
    ID = r"[0-9a-f]{32}"
    DIGEST = r"[0-9a-f]{64}"
    ARTICLE = r"\d{1,2}(\.\d{1,2})?(\.[a-h])?"
    DAY = r"\d{4}-\d{2}-\d{2}"
    NUMBER = r"\d{4}-\d{6}"
    VERSION = (
        r"20\d{2}-?[01]\d(-?[0-3]\d)?([.-]\d{1,3})?"  # 2026-01-01, 2026-01, 20260101, 2026-01-01.2
        r"|v?\d{1,4}(\.\d{1,3}){0,2}[a-z]?"  # 4, 4.1, v4.1.2, 4b
    )
    SLUG = r"[a-z][a-z0-9_-]{0,63}"
    """An id of the policy or of the data map."""
    RIGHT = "access|rectification|erasure|restriction|portability|objection|withdrawal|human_review"
    CHANNEL = "portal|email|sms|phone|chat|ticket|letter|visit|form|website"
    GROUND = "unidentified|unfounded|excessive|not_controller|law"
    FAILURE = "unreachable|broken|conflict|residual|unknown"
    HOLD = "legal_claim|incident"
    OUTCOME = "grounds_shown|upheld|corrected|established"
    STOPPED_BY = "objection|withdrawal|restriction|suppression|unknown_purpose|unreadable|not_promised"
    PLACED_FOR = "objection|withdrawal|unsubscribe"
    LIFTED_FOR = "consent|mistake"
    NOTICE = "stop|release"
    GATE = "send|process"
    RESTRICTED_USE = "consent|claims|rights_of_others|public_interest"
    ROLE = "officer|handler|approver|finance|auditor"


ALLOWED: Mapping[Kind, Mapping[str, Form]] = {
    Kind.POLICY_PUBLISHED: {
        "version": Form.VERSION,
        "digest": Form.DIGEST,
        "map_digest": Form.DIGEST,
        "effective_from": Form.DAY,
        "waived": Form.COUNT,
    },
    Kind.HANDLER_ADDED: {"role": Form.ROLE},
    Kind.REQUEST_RECEIVED: {
        "number": Form.NUMBER,
        "right": Form.RIGHT,
        "article": Form.ARTICLE,
        "channel": Form.CHANNEL,
        "identities": Form.COUNT,
        "due_on": Form.DAY,
        "by": Form.ID,
    },
    Kind.REQUEST_IDENTIFIED: {"level": Form.COUNT, "by": Form.ID},
    Kind.REQUEST_AMBIGUOUS: {"system": Form.SLUG, "persons": Form.COUNT},
    Kind.REQUEST_REFUSED: {"ground": Form.GROUND, "article": Form.ARTICLE, "by": Form.ID},
    Kind.REQUEST_DELIVERED: {"digest": Form.DIGEST, "by": Form.ID},
    Kind.ACCESS_INTENDED: {
        "article": Form.ARTICLE,
        "systems": Form.COUNT,
        "datasets": Form.COUNT,
        "kept": Form.COUNT,
        "policy_digest": Form.DIGEST,
        "map_digest": Form.DIGEST,
    },
    Kind.PORTABILITY_INTENDED: {
        "article": Form.ARTICLE,
        "systems": Form.COUNT,
        "datasets": Form.COUNT,
        "kept": Form.COUNT,
        "policy_digest": Form.DIGEST,
        "map_digest": Form.DIGEST,
    },
    Kind.STEP_DONE: {
        "step": Form.SLUG,
        "target": Form.SLUG,
        "attempt": Form.COUNT,
        "datasets": Form.COUNT,
        "rows": Form.COUNT,
        "waiting": Form.COUNT,
        "statements": Form.COUNT,
        "alike": Form.COUNT,
        "shared": Form.COUNT,
        "bytes": Form.COUNT,
    },
    Kind.STEP_FAILED: {
        "step": Form.SLUG,
        "target": Form.SLUG,
        "attempt": Form.COUNT,
        "reason": Form.FAILURE,
    },
    Kind.PACKAGE_SEALED: {
        "digest": Form.DIGEST,
        "bytes": Form.COUNT,
        "datasets": Form.COUNT,
        "rows": Form.COUNT,
    },
    Kind.PACKAGE_FETCHED: {"digest": Form.DIGEST, "by": Form.ID},
    Kind.REQUEST_GRANTED: {"article": Form.ARTICLE, "by": Form.ID},
    Kind.SUPPRESSION_PLACED: {
        "article": Form.ARTICLE,
        "channel": Form.CHANNEL,
        "why": Form.PLACED_FOR,
        "by": Form.ID,
    },
    Kind.SUPPRESSION_LIFTED: {"why": Form.LIFTED_FOR, "by": Form.ID},
    Kind.OBJECTION_RECORDED: {"article": Form.ARTICLE, "purposes": Form.COUNT, "by": Form.ID},
    Kind.OBJECTION_DECIDED: {"article": Form.ARTICLE, "outcome": Form.OUTCOME, "by": Form.ID},
    Kind.WITHDRAWAL_RECORDED: {"article": Form.ARTICLE, "purposes": Form.COUNT, "by": Form.ID},
    Kind.WITHDRAWAL_ENDED: {"by": Form.ID},
    Kind.RESTRICTION_PLACED: {"article": Form.ARTICLE, "purposes": Form.COUNT, "by": Form.ID},
    Kind.RESTRICTION_LIFTED: {"outcome": Form.OUTCOME, "by": Form.ID},
    Kind.RESTRICTION_USED: {"article": Form.ARTICLE, "use": Form.RESTRICTED_USE, "purpose": Form.SLUG},
    Kind.STATUS_INTENDED: {"system": Form.SLUG, "dataset": Form.SLUG, "rows": Form.COUNT},
    Kind.STATUS_SET: {"system": Form.SLUG, "datasets": Form.COUNT, "rows": Form.COUNT},
    Kind.STATUS_PUT_BACK: {
        "system": Form.SLUG,
        "dataset": Form.SLUG,
        "rows": Form.COUNT,
        "left": Form.COUNT,
    },
    Kind.RECTIFICATION_INTENDED: {
        "article": Form.ARTICLE,
        "systems": Form.COUNT,
        "fields": Form.COUNT,
        "kept": Form.COUNT,
        "by": Form.ID,
    },
    Kind.RECTIFICATION_RECORDED: {"system": Form.SLUG, "dataset": Form.SLUG, "rows": Form.COUNT},
    Kind.RECTIFICATION_DONE: {"system": Form.SLUG, "rows": Form.COUNT, "left": Form.COUNT},
    Kind.STATEMENT_KEPT: {"article": Form.ARTICLE, "by": Form.ID},
    Kind.PERSON_MARKED: {"identities": Form.COUNT},
    Kind.NOTICE_QUEUED: {"notice": Form.NOTICE, "article": Form.ARTICLE},
    Kind.NOTICE_TOLD: {"notice": Form.NOTICE, "channel": Form.CHANNEL, "by": Form.ID},
    Kind.GATE_REFUSED: {
        "gate": Form.GATE,
        "why": Form.STOPPED_BY,
        "asked": Form.COUNT,
        "refused": Form.COUNT,
    },
    Kind.ERASURE_INTENDED: {
        "article": Form.ARTICLE,
        "systems": Form.COUNT,
        "policy_digest": Form.DIGEST,
        "map_digest": Form.DIGEST,
        "by": Form.ID,
        "approved_by": Form.ID,
    },
    Kind.ERASURE_DONE: {
        "step": Form.SLUG,
        "target": Form.SLUG,
        "plan_digest": Form.DIGEST,
        "deleted": Form.COUNT,
        "changed": Form.COUNT,
        "unlinked": Form.COUNT,
        "kept": Form.COUNT,
        "waiting": Form.COUNT,
        "shared": Form.COUNT,
        "deferred": Form.COUNT,
        "statements": Form.COUNT,
    },
    Kind.ERASURE_VERIFIED: {
        "systems": Form.COUNT,
        "residual": Form.COUNT,
        "accepted": Form.COUNT,
        "weak": Form.COUNT,
        "by": Form.ID,
    },
    Kind.HOLD_PLACED: {
        "article": Form.ARTICLE,
        "hold": Form.HOLD,
        "identities": Form.COUNT,
        "categories": Form.COUNT,
        "review_on": Form.DAY,
        "by": Form.ID,
    },
    Kind.HOLD_LIFTED: {"by": Form.ID},
    Kind.ERASURE_UNDONE: {"target": Form.SLUG, "rows": Form.COUNT},
}


def checked(kind: Kind, payload: Mapping[str, Value]) -> dict[str, Value]:
    """The payload, if it may be noted under this kind. Raises Refused; the message names the
    key and never the value, which may be somebody's."""
    allowed = ALLOWED[kind]
    for key, value in payload.items():
        form = allowed.get(key)
        if form is None:
            raise Refused(
                f"the ledger takes no such key under {kind}; add it to `ledger.kinds` if it is safe"
            )
        if not _fits(form, value):
            raise Refused(f"`{key}` under {kind} has not the form {form.name.lower()}; note an id or a count")
    return dict(payload)


def _fits(form: Form, value: object) -> bool:
    if form is Form.COUNT:
        return type(value) is int and 0 <= value < 10**18
    return isinstance(value, str) and re.fullmatch(form.value, value, re.ASCII) is not None
