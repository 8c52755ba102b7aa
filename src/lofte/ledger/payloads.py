"""Which values each kind of entry may hold.

Hard rules:
- An entry holds ids, counts, article numbers, dates, digests and codes. Never a name, an
  address, a number of a person, nor any sentence: the ledger is never erased (art. 5.2, 17).
- Every value has a form. A key that is not listed, or a value that has another form, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lofte.errors import Refused
from lofte.ledger.forms import Form
from lofte.ledger.kinds import Kind, Value

_READING: Mapping[str, Form] = {
    "article": Form.ARTICLE,
    "systems": Form.COUNT,
    "datasets": Form.COUNT,
    "kept": Form.COUNT,
    "policy_digest": Form.DIGEST,
    "map_digest": Form.DIGEST,
}
"""What is said before a person's data are read."""

ALLOWED: Mapping[Kind, Mapping[str, Form]] = {
    Kind.POLICY_PUBLISHED: {
        "version": Form.VERSION,
        "digest": Form.DIGEST,
        "map_digest": Form.DIGEST,
        "effective_from": Form.DAY,
        "waived": Form.COUNT,
    },
    Kind.HANDLER_ADDED: {"role": Form.ROLE},
    Kind.TOKEN_MADE: {"scopes": Form.COUNT, "days": Form.COUNT, "by": Form.ID},
    Kind.TOKEN_ENDED: {"by": Form.ID},
    Kind.WEBHOOK_ADDED: {"events": Form.COUNT, "by": Form.ID},
    Kind.WEBHOOK_ENDED: {"by": Form.ID},
    Kind.SOURCE_ADDED: {"channel": Form.CHANNEL, "by": Form.ID},
    Kind.SOURCE_ENDED: {"by": Form.ID},
    Kind.REQUEST_RECEIVED: {
        "number": Form.NUMBER,
        "right": Form.RIGHT,
        "article": Form.ARTICLE,
        "channel": Form.CHANNEL,
        "identities": Form.COUNT,
        "due_on": Form.DAY,
        "by": Form.ID,
    },
    Kind.REQUEST_REPEATED: {"channel": Form.CHANNEL, "by": Form.ID},
    Kind.REQUEST_IDENTIFIED: {"level": Form.COUNT, "by": Form.ID},
    Kind.IDENTITY_SHOWN: {"identities": Form.COUNT, "by": Form.ID},
    Kind.PERSON_LOOKED_FOR: {"kinds": Form.COUNT, "found": Form.COUNT},
    Kind.WORDS_SHOWN: {"what": Form.SLUG, "items": Form.COUNT, "by": Form.ID},
    Kind.REMARK_WRITTEN: {"by": Form.ID},
    Kind.REQUEST_ASSIGNED: {"to": Form.ID, "by": Form.ID},
    Kind.DEADLINE_WARNED: {"mark": Form.SLUG, "due_on": Form.DAY, "letters": Form.COUNT},
    Kind.REQUEST_AMBIGUOUS: {"system": Form.SLUG, "persons": Form.COUNT},
    Kind.REQUEST_REFUSED: {"ground": Form.GROUND, "article": Form.ARTICLE, "by": Form.ID},
    Kind.REQUEST_WITHDRAWN: {"right": Form.RIGHT},
    Kind.CODE_SENT: {"way": Form.WAY, "contacts": Form.COUNT, "by": Form.ID},
    Kind.CODE_PASSED: {"way": Form.WAY, "level": Form.COUNT},
    Kind.PROTECTION_BEGUN: {"letters": Form.COUNT, "by": Form.ID},
    Kind.PROTECTION_ENDED: {"by": Form.ID},
    Kind.OWN_DATA_SHOWN: {"datasets": Form.COUNT, "rows": Form.COUNT, "level": Form.COUNT},
    Kind.REQUEST_DELIVERED: {"digest": Form.DIGEST, "by": Form.ID},
    Kind.DECISION_PROPOSED: {"what": Form.PROPOSED, "by": Form.ID},
    Kind.DECISION_DECLINED: {"what": Form.PROPOSED, "by": Form.ID},
    Kind.DEADLINE_STOPPED: {"waits": Form.WAITS, "by": Form.ID},
    Kind.DEADLINE_RESUMED: {"days": Form.COUNT, "due_on": Form.DAY, "by": Form.ID},
    Kind.DEADLINE_EXTENDED: {
        "months": Form.COUNT,
        "because": Form.BECAUSE,
        "article": Form.ARTICLE,
        "due_on": Form.DAY,
        "by": Form.ID,
    },
    Kind.ACCESS_INTENDED: _READING,
    Kind.PORTABILITY_INTENDED: _READING,
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
    Kind.PACKAGE_FETCHED: {"digest": Form.DIGEST, "level": Form.COUNT, "by": Form.ID},
    Kind.PACKAGE_RELEASED: {
        "digest": Form.DIGEST,
        "until": Form.DAY,
        "level": Form.COUNT,
        "told": Form.COUNT,
        "by": Form.ID,
    },
    Kind.PACKAGE_EXPIRED: {"digest": Form.DIGEST, "fetched": Form.COUNT},
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
    Kind.RESTRICTION_BREACHED: {
        "system": Form.SLUG,
        "dataset": Form.SLUG,
        "changed": Form.COUNT,
        "gone": Form.COUNT,
        "overwritten": Form.COUNT,
        "added": Form.COUNT,
    },
    Kind.BREACH_ENDED: {"system": Form.SLUG, "dataset": Form.SLUG, "how": Form.BREACH_END, "by": Form.ID},
    Kind.RESTRICTION_LOOKED: {"systems": Form.COUNT, "open": Form.COUNT},
    Kind.WATCH_BEGUN: {"system": Form.SLUG, "datasets": Form.COUNT, "rows": Form.COUNT},
    Kind.MOVE_INTENDED: {"system": Form.SLUG, "dataset": Form.SLUG, "rows": Form.COUNT},
    Kind.ROWS_MOVED: {"system": Form.SLUG, "datasets": Form.COUNT, "rows": Form.COUNT},
    Kind.ROWS_MOVED_BACK: {
        "system": Form.SLUG,
        "dataset": Form.SLUG,
        "rows": Form.COUNT,
        "left": Form.COUNT,
    },
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
    Kind.ERASURE_APPROVED: {
        "digest": Form.DIGEST,
        "systems": Form.COUNT,
        "silent": Form.COUNT,
        "rows": Form.COUNT,
        "kept": Form.COUNT,
        "wide": Form.COUNT,
        "by": Form.ID,
    },
    Kind.ERASURE_STOPPED: {
        "target": Form.SLUG,
        "why": Form.ALARM,
        "rows": Form.COUNT,
        "allowed": Form.COUNT,
    },
    Kind.LETTER_MADE: {"digest": Form.DIGEST, "bytes": Form.COUNT, "kept": Form.COUNT},
    Kind.ERASURE_ORDERED: {"article": Form.ARTICLE, "requests": Form.COUNT, "by": Form.ID},
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
        "as_approved": Form.COUNT,
        "deleted": Form.COUNT,
        "changed": Form.COUNT,
        "unlinked": Form.COUNT,
        "kept": Form.COUNT,
        "waiting": Form.COUNT,
        "shared": Form.COUNT,
        "deferred": Form.COUNT,
        "layers": Form.COUNT,
        "layers_declared": Form.COUNT,
        "layer_days": Form.COUNT,
        "statements": Form.COUNT,
    },
    Kind.ERASURE_VERIFIED: {
        "systems": Form.COUNT,
        "residual": Form.COUNT,
        "accepted": Form.COUNT,
        "weak": Form.COUNT,
        "by": Form.ID,
    },
    Kind.RECIPIENT_QUEUED: {
        "recipient": Form.SLUG,
        "right": Form.RIGHT,
        "article": Form.ARTICLE,
        "datasets": Form.COUNT,
        "rows": Form.COUNT,
    },
    Kind.RECIPIENT_TOLD: {"recipient": Form.SLUG, "channel": Form.CHANNEL, "by": Form.ID},
    Kind.RECIPIENT_IMPOSSIBLE: {"recipient": Form.SLUG, "by": Form.ID},
    Kind.RECIPIENT_RECALLED: {"recipient": Form.SLUG, "by": Form.ID},
    Kind.REVIEW_ASKED: {
        "article": Form.ARTICLE,
        "decision": Form.SLUG,
        "basis": Form.BASIS,
        "withdrawn": Form.COUNT,
        "by": Form.ID,
    },
    Kind.REVIEW_ASSIGNED: {"to": Form.ID, "by": Form.ID},
    Kind.REVIEW_DECIDED: {
        "article": Form.ARTICLE,
        "decision": Form.SLUG,
        "outcome": Form.REVIEWED,
        "by": Form.ID,
    },
    Kind.DEIDENTIFY_INTENDED: {
        "article": Form.ARTICLE,
        "systems": Form.COUNT,
        "k": Form.COUNT,
        "policy_digest": Form.DIGEST,
        "map_digest": Form.DIGEST,
        "by": Form.ID,
        "approved_by": Form.ID,
    },
    Kind.DEIDENTIFY_TESTED: {
        "target": Form.SLUG,
        "passed": Form.COUNT,
        "residual": Form.COUNT,
        "k": Form.COUNT,
        "smallest": Form.COUNT,
        "rows": Form.COUNT,
        "datasets": Form.COUNT,
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
    Kind.SWEEP_APPROVED: {
        "system": Form.SLUG,
        "dataset": Form.SLUG,
        "fate": Form.FATE,
        "rows": Form.COUNT,
        "digest": Form.DIGEST,
        "by": Form.ID,
    },
    Kind.SWEEP_INTENDED: {
        "article": Form.ARTICLE,
        "as_of": Form.DAY,
        "system": Form.SLUG,
        "dataset": Form.SLUG,
        "fate": Form.FATE,
        "rows": Form.COUNT,
        "waiting": Form.COUNT,
        "held": Form.COUNT,
        "unknown": Form.COUNT,
        "wrong": Form.COUNT,
        "digest": Form.DIGEST,
        "by": Form.ID,
    },
    Kind.SWEEP_DONE: {
        "system": Form.SLUG,
        "dataset": Form.SLUG,
        "fate": Form.FATE,
        "part": Form.COUNT,
        "gone": Form.COUNT,
        "changed": Form.COUNT,
        "held": Form.COUNT,
        "waiting": Form.COUNT,
        "unclear": Form.COUNT,
    },
    Kind.SWEEP_STOPPED: {
        "system": Form.SLUG,
        "dataset": Form.SLUG,
        "fate": Form.FATE,
        "why": Form.SWEEP_STOP,
        "rows": Form.COUNT,
        "usual": Form.COUNT,
    },
    Kind.SWEEP_ENDED: {
        "as_of": Form.DAY,
        "gone": Form.COUNT,
        "changed": Form.COUNT,
        "held": Form.COUNT,
        "unknown": Form.COUNT,
        "stopped": Form.COUNT,
    },
    Kind.CLOCK_CONFIRMED: {"by": Form.ID},
    Kind.ERASURE_UNDO_INTENDED: {"target": Form.SLUG},
    Kind.ERASURE_UNDONE: {
        "target": Form.SLUG,
        "rows": Form.COUNT,
        "since": Form.COUNT,
        "deferred": Form.COUNT,
        "by": Form.ID,
    },
    Kind.ERASURE_REPLAY_INTENDED: {"target": Form.SLUG, "rows": Form.COUNT, "plan_digest": Form.DIGEST},
    Kind.ERASURE_REPLAYED: {"target": Form.SLUG, "rows": Form.COUNT},
    Kind.DOUBT_SETTLED: {"target": Form.SLUG, "rows": Form.COUNT, "whose": Form.SLUG, "by": Form.ID},
    Kind.KEY_SHREDDED: {"right": Form.RIGHT, "identities": Form.COUNT, "days": Form.COUNT},
    Kind.TOMBSTONES_LOST: {"target": Form.SLUG, "records": Form.COUNT, "by": Form.ID},
    Kind.LEDGER_CUT: {"entries": Form.COUNT, "by": Form.ID},
    Kind.FORWARD_QUEUED: {"customers": Form.COUNT, "article": Form.ARTICLE},
    Kind.FORWARD_TOLD: {
        "system": Form.SLUG,
        "dataset": Form.SLUG,
        "channel": Form.CHANNEL,
        "by": Form.ID,
    },
    Kind.MENTION_SHOWN: {"system": Form.SLUG, "dataset": Form.SLUG, "by": Form.ID},
    Kind.MENTION_WEIGHED: {
        "system": Form.SLUG,
        "dataset": Form.SLUG,
        "verdict": Form.VERDICT,
        "masked": Form.COUNT,
        "by": Form.ID,
    },
    Kind.MAIL_TAKEN: {"outcome": Form.MAIL, "requests": Form.COUNT, "faults": Form.COUNT},
    Kind.MAIL_SETTLED: {"requests": Form.COUNT, "by": Form.ID},
    Kind.MAIL_ACKNOWLEDGED: {"attempt": Form.COUNT, "requests": Form.COUNT},
    Kind.MAIL_SENT: {"letter": Form.SLUG, "version": Form.COUNT, "attempt": Form.COUNT},
    Kind.MAIL_GIVEN_UP: {"letter": Form.SLUG, "attempt": Form.COUNT},
    Kind.MAIL_BOUNCED: {"letter": Form.SLUG, "status": Form.MAIL_STATUS},
}


def checked(kind: Kind, payload: Mapping[str, Value]) -> dict[str, Value]:
    """The payload, if it may be noted under this kind. Raises Refused; the message names the
    key and never the value, which may be somebody's."""
    allowed = ALLOWED[kind]
    for key, value in payload.items():
        form = allowed.get(key)
        if form is None:
            raise Refused(
                f"the ledger takes no such key under {kind}; add it to `ledger.payloads` if it is safe"
            )
        if not _fits(form, value):
            raise Refused(f"`{key}` under {kind} has not the form {form.name.lower()}; note an id or a count")
    return dict(payload)


def _fits(form: Form, value: object) -> bool:
    if form is Form.COUNT:
        return type(value) is int and 0 <= value < 10**18
    return isinstance(value, str) and re.fullmatch(form.value, value, re.ASCII) is not None
