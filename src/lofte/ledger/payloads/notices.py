"""Values that go with what is noted of versions of the policy: their way into force, and who was told."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.ledger.forms import Form
from lofte.ledger.kinds import Kind

ALLOWED: Mapping[Kind, Mapping[str, Form]] = {
    Kind.POLICY_SUBMITTED: {
        "version": Form.VERSION,
        "digest": Form.DIGEST,
        "faults": Form.COUNT,
        "by": Form.ID,
    },
    Kind.POLICY_APPROVED: {"version": Form.VERSION, "digest": Form.DIGEST, "by": Form.ID},
    Kind.POLICY_RETURNED: {"version": Form.VERSION, "digest": Form.DIGEST, "by": Form.ID},
    Kind.POLICY_IN_FORCE: {"version": Form.VERSION, "digest": Form.DIGEST, "day": Form.DAY},
    Kind.NOTICE_ANNOUNCING: {"version": Form.VERSION, "major": Form.COUNT, "everyone": Form.COUNT},
    Kind.NOTICE_ANNOUNCED: {
        "version": Form.VERSION,
        "written": Form.COUNT,
        "left": Form.COUNT,
        "failed": Form.COUNT,
        "protected": Form.COUNT,
        "unreadable": Form.COUNT,
        "earliest": Form.DAY,
    },
    Kind.NOTICE_READ: {"version": Form.VERSION},
    Kind.SUBSCRIPTION_BEGUN: {},
    Kind.SUBSCRIPTION_ENDED: {},
    Kind.SUBSCRIPTION_EXPIRED: {"subscriptions": Form.COUNT},
}
