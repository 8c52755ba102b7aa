"""The forms of the values that an entry of the ledger may hold."""

from __future__ import annotations

from enum import StrEnum


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
    CHANNEL = "portal|email|sms|phone|chat|ticket|letter|visit|form|website|api"
    GROUND = "unidentified|unfounded|excessive|not_controller|law"
    WAITS = "identity|scope"
    BECAUSE = "complex|many"
    FAILURE = "unreachable|broken|conflict|residual|not_approved|too_wide|unknown"
    ALARM = "not_approved|wider|too_wide"
    HOLD = "legal_claim|incident"
    OUTCOME = "grounds_shown|upheld|corrected|established"
    STOPPED_BY = (
        "objection|withdrawal|restriction|suppression|unknown_purpose|unreadable|not_promised|channel"
        "|no_consent"
    )
    PLACED_FOR = "objection|withdrawal|unsubscribe|channel"
    CONSENT_WAY = "form|portal|api|double_opt_in|sale|handler"
    LIFTED_FOR = "consent|mistake"
    NOTICE = "stop|release"
    GATE = "send|process"
    BREACH_END = "mended|settled|lifted|grown"
    REVIEWED = "upheld|changed|annulled"
    BASIS = "contract|law|explicit_consent"
    RESTRICTED_USE = "consent|claims|rights_of_others|public_interest"
    FATE = "delete|suppress|anonymise|restrict|minimise"
    SWEEP_STOP = "unapproved|unusual|clock|faults|unclear|unreachable|broken|conflict|unknown"
    ROLE = "officer|handler|approver|finance|auditor|system_owner|administrator"
    WAY = "email|sms|letter|call"
    PROPOSED = "refusal|extension"
    VERDICT = "give|others|not_theirs"
    MAIL = "opened|joined|suggested|held|duplicate"
    MAIL_STATUS = r"[245]\.\d{1,3}\.\d{1,3}"
    """RFC 3463."""
