"""Logs that hold nobody's data.

Hard rules:
- A line of ours is a constant sentence with counts, codes, route names and random ids.
- Of an exception only its class and the places in the code are written. Its message may quote a
  row (`Key (email)=(...) already exists`), a path or a query.
- A foreign logger's line is written as its constant part, without what was filled in.
"""

from __future__ import annotations

import logging
import time
import traceback
from types import TracebackType

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class NothingPersonal(logging.Filter):
    """Drops what was filled into the lines of others, and what hangs on the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line passes; only its arguments do not."""
        if not record.name.startswith("lofte"):
            record.msg, record.args = str(record.msg) if record.args else record.name, None
        return True


class Plain(logging.Formatter):
    """One line in UTC; for an exception, classes and places."""

    converter = staticmethod(time.gmtime)
    default_msec_format = "%s.%03d"

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: _ExcInfo) -> str:
        """The classes of the exceptions and where in the code, never their messages."""
        lines = []
        error: BaseException | None = ei[1]
        while error is not None:
            missing = f" ({error.name})" if isinstance(error, ImportError) and error.name else ""
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}{missing}")
            lines += [
                f"  {frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)

    def formatStack(self, stack_info: str) -> str:
        """Nothing: a stack quotes source lines with values in them."""
        return ""
