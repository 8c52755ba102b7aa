"""Values that go with what is noted of what people say no to, and the gate."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.ledger.forms import Form
from lofte.ledger.kinds import Kind

ALLOWED: Mapping[Kind, Mapping[str, Form]] = {
    Kind.SUPPRESSION_PLACED: {
        "article": Form.ARTICLE,
        "channel": Form.CHANNEL,
        "why": Form.PLACED_FOR,
        "by": Form.ID,
    },
    Kind.SUPPRESSION_LIFTED: {"why": Form.LIFTED_FOR, "by": Form.ID},
    Kind.OBJECTION_RECORDED: {"article": Form.ARTICLE, "purposes": Form.COUNT, "by": Form.ID},
    Kind.OBJECTION_DECIDED: {"article": Form.ARTICLE, "outcome": Form.OUTCOME, "by": Form.ID},
    Kind.CONSENT_SHOWN: {"version": Form.VERSION, "digest": Form.DIGEST},
    Kind.CONSENT_RECORDED: {"records": Form.COUNT, "last": Form.COUNT, "head": Form.DIGEST},
    Kind.CONSENT_FORGOTTEN: {"records": Form.COUNT, "last": Form.COUNT, "head": Form.DIGEST},
    Kind.CONSENT_GIVEN: {
        "how": Form.CONSENT_WAY,
        "purposes": Form.COUNT,
        "text": Form.DIGEST,
        "by": Form.ID,
    },
    Kind.CONSENT_ASKED: {"channel": Form.CHANNEL},
    Kind.BROWSER_LINKED: {"article": Form.ARTICLE},
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
    Kind.GATE_REFUSED: {
        "gate": Form.GATE,
        "why": Form.STOPPED_BY,
        "asked": Form.COUNT,
        "refused": Form.COUNT,
    },
}
