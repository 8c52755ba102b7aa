"""Values that go with what is noted of the house itself: policy, handlers, keys, ledger, proof."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.ledger.forms import Form
from lofte.ledger.kinds import Kind

_SEEN = ("necessary", "functional", "statistics", "marketing", "session", "lasting")
"""Rows of the cookie table that a scan saw, by purpose and by lifetime."""

ALLOWED: Mapping[Kind, Mapping[str, Form]] = {
    Kind.POLICY_PUBLISHED: {
        "version": Form.VERSION,
        "digest": Form.DIGEST,
        "map_digest": Form.DIGEST,
        "effective_from": Form.DAY,
        "waived": Form.COUNT,
        "replaces": Form.VERSION,
        "major": Form.COUNT,
        "by": Form.ID,
    },
    Kind.HANDLER_ADDED: {"role": Form.ROLE, "by": Form.ID},
    Kind.HANDLER_ROLE: {"role": Form.ROLE, "by": Form.ID},
    Kind.HANDLER_CLOSED: {"sessions": Form.COUNT, "tokens": Form.COUNT, "by": Form.ID},
    Kind.HANDLER_OPENED: {"by": Form.ID},
    Kind.HANDLER_RESET: {"sessions": Form.COUNT, "tokens": Form.COUNT, "by": Form.ID},
    Kind.HANDLER_PASSWORD: {},
    Kind.TEXT_WRITTEN: {"version": Form.COUNT, "by": Form.ID},
    Kind.TEXT_TAKEN_OUT: {"version": Form.COUNT, "by": Form.ID},
    Kind.HANDLER_SIGNED_OUT: {"sessions": Form.COUNT, "tokens": Form.COUNT, "by": Form.ID},
    Kind.TOKEN_MADE: {"scopes": Form.COUNT, "days": Form.COUNT, "by": Form.ID},
    Kind.TOKEN_ENDED: {"by": Form.ID},
    Kind.WEBHOOK_ADDED: {"events": Form.COUNT, "by": Form.ID},
    Kind.WEBHOOK_ENDED: {"by": Form.ID},
    Kind.SOURCE_ADDED: {"channel": Form.CHANNEL, "by": Form.ID},
    Kind.SOURCE_ENDED: {"by": Form.ID},
    Kind.CLOCK_CONFIRMED: {"by": Form.ID},
    Kind.KEY_SHREDDED: {"right": Form.RIGHT, "identities": Form.COUNT, "days": Form.COUNT},
    Kind.TOMBSTONES_LOST: {"target": Form.SLUG, "records": Form.COUNT, "by": Form.ID},
    Kind.LEDGER_CUT: {"entries": Form.COUNT, "by": Form.ID},
    Kind.LINKS_CHECKED: {"digest": Form.DIGEST, "checked": Form.COUNT, "dead": Form.COUNT},
    Kind.SITE_SCANNED: {
        "digest": Form.DIGEST,
        "report": Form.DIGEST,
        **dict.fromkeys(("pages", "states", "banner", "stored", "others", "forms"), Form.COUNT),
        **dict.fromkeys((f"seen_{kind}" for kind in _SEEN), Form.COUNT),
        **{f"c{number}": Form.COUNT for number in range(101, 118)},
    },
    Kind.PROOF_MADE: {
        "kept": Form.COUNT,
        "broken": Form.COUNT,
        "unproven": Form.COUNT,
        "not_built": Form.COUNT,
        "digest": Form.DIGEST,
    },
}
