"""Exit codes: what a script learns from how a command ended."""

from __future__ import annotations

from enum import IntEnum

from lofte.errors import Ambiguous, Conflict, LofteError, NotIdentified, Refused, Residue, Unreachable


class Code(IntEnum):
    """How a command ended."""

    OK = 0
    FAULTS = 1
    USAGE = 2
    NOT_IDENTIFIED = 3
    UNREACHABLE = 4
    INTERNAL = 5
    INTERRUPTED = 130


MEANING: dict[Code, str] = {
    Code.OK: "done",
    Code.FAULTS: "faults were found, or it was refused",
    Code.USAGE: "the command was written wrongly",
    Code.NOT_IDENTIFIED: "the person is not identified, or more than one person answers",
    Code.UNREACHABLE: "a system does not answer",
    Code.INTERNAL: "Löfte itself broke",
    Code.INTERRUPTED: "stopped with Ctrl-C",
}


def code_of(error: BaseException) -> Code:
    """The exit code that says this error."""
    match error:
        case NotIdentified() | Ambiguous():
            return Code.NOT_IDENTIFIED
        case Unreachable():
            return Code.UNREACHABLE
        case Refused() | Conflict() | Residue():
            return Code.FAULTS
        case LofteError():
            return Code.INTERNAL
        case KeyboardInterrupt():
            return Code.INTERRUPTED
    return Code.INTERNAL
