"""The canonical form of a policy and its digest: what exactly was in force.

Two files with the same meaning have the same form: the order of keys, comments, quoting and
values left at their defaults do not matter; the order of lists does. The form is JSON with
sorted keys, no blanks, in UTF-8.
"""

from __future__ import annotations

import hashlib
import json

from lofte.policy.document import Policy


def canonical(policy: Policy) -> bytes:
    """The one way to write this policy."""
    data = policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


_LAST: list[tuple[Policy, str]] = []
"""The last one asked for: a policy in force is never changed, and one act asks many times."""


def digest(policy: Policy) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    for known, found in _LAST:
        if known is policy:
            return found
    found = _computed(policy)
    _LAST[:] = [(policy, found)]
    return found


def _computed(policy: Policy) -> str:
    return hashlib.sha256(canonical(policy)).hexdigest()
