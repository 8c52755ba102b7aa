"""The number of a case: it lies in clear, and so may name nobody."""

from __future__ import annotations

import re
from datetime import date

from lofte.detect.text import scan_text

_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}")


def is_number(case: str, on: date) -> bool:
    """Whether it is a case's number and nobody's: at most 40 letters and digits, with a digit in it,
    and no personal number, telephone or address."""
    return (
        _FORM.fullmatch(case) is not None
        and any(letter.isdigit() for letter in case)
        and not scan_text(case, on)
    )
