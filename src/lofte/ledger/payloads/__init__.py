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
from lofte.ledger.payloads import consent, erasure, house, letters, notices, requests

ALLOWED: Mapping[Kind, Mapping[str, Form]] = {
    **house.ALLOWED,
    **notices.ALLOWED,
    **requests.ALLOWED,
    **letters.ALLOWED,
    **consent.ALLOWED,
    **erasure.ALLOWED,
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
