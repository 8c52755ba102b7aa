"""Values that go with what is noted of the cases of a right, from receipt to answer."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.ledger.forms import Form
from lofte.ledger.kinds import Kind

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
    Kind.REQUEST_RECEIVED: {
        "number": Form.NUMBER,
        "right": Form.RIGHT,
        "article": Form.ARTICLE,
        "channel": Form.CHANNEL,
        "identities": Form.COUNT,
        "categories": Form.COUNT,
        "due_on": Form.DAY,
        "by": Form.ID,
    },
    Kind.REQUEST_REPEATED: {"channel": Form.CHANNEL, "by": Form.ID},
    Kind.REQUEST_SCOPED: {"categories": Form.COUNT, "by": Form.ID},
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
    Kind.OWN_DATA_SOUGHT: {"systems": Form.COUNT, "datasets": Form.COUNT},
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
}
