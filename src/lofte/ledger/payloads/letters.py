"""Values that go with what is noted of what is sent, passed on and shown: letters, recipients, mentions."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.ledger.forms import Form
from lofte.ledger.kinds import Kind

ALLOWED: Mapping[Kind, Mapping[str, Form]] = {
    Kind.NOTICE_QUEUED: {"notice": Form.NOTICE, "article": Form.ARTICLE},
    Kind.NOTICE_TOLD: {"notice": Form.NOTICE, "channel": Form.CHANNEL, "by": Form.ID},
    Kind.LETTER_MADE: {"digest": Form.DIGEST, "bytes": Form.COUNT, "kept": Form.COUNT},
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
