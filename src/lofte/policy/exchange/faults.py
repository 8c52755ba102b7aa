"""What can be amiss in a file that is imported: numbers, and what each demands; a draft is made anyway."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.fault import Fault, Place, Severity

DEMANDS: Mapping[str, tuple[Severity, str]] = {
    "E001": (Severity.ERROR, "The file is a document of the kind that was said."),
    "E010": (Severity.WARNING, "What a policy must tell stands in the file."),
    "E011": (Severity.WARNING, "A value is of the kind that its field takes."),
    "E012": (Severity.WARNING, "What stands in the file is known, and no placeholder."),
    "E013": (Severity.WARNING, "Each purpose has one legal basis that the file tells."),
    "E014": (Severity.WARNING, "Each recipient has a role: processor, controller, authority."),
    "E015": (Severity.WARNING, "Each period says from when it is counted."),
    "E016": (Severity.NOTE, "The text is in Swedish or English."),
    "E017": (Severity.NOTE, "A reference is to a law that Löfte knows."),
    "E018": (Severity.WARNING, "Each recipient is told for the purposes that it gets data for."),
    "E030": (Severity.WARNING, "Each field has a data category."),
    "E031": (Severity.WARNING, "A data category, use or subject is one of Fideslang's."),
    "E032": (Severity.WARNING, "Each collection says which field is its key."),
    "E033": (Severity.WARNING, "Each collection says how a row belongs to a person."),
    "E034": (Severity.WARNING, "An identity is of a kind that Löfte knows."),
    "E035": (Severity.WARNING, "A reference leads to a collection that is there."),
    "E036": (Severity.WARNING, "A field is a column, and holds no fields of its own."),
    "E037": (Severity.WARNING, "A name stands once."),
    "E038": (Severity.NOTE, "What the file says has a place in Löfte."),
}
"""Severity and demand by number. Faults of reading itself are P001-P006."""


def gap(number: str, file: str, place: Place | None, path: str, what: str, mend: str) -> Fault:
    """A fault of an imported file."""
    at = place or Place(file=file, path=path)
    return Fault(number=number, place=at, what=what, mend=mend, severity=DEMANDS[number][0])


def page() -> str:
    """The reference page, `docs/reference/faults-exchange.md`."""
    rows = [f"| {number} | {severity} | {demand} |" for number, (severity, demand) in DEMANDS.items()]
    return "\n".join([_HEAD, *rows, ""])


_HEAD = """# Faults of imported files

`lofte import` makes a draft whatever is amiss, and says what it had to leave out: nothing is invented. Only a
file that cannot be read at all gives no draft. Faults of reading have the numbers of a policy's (P001-P006).

This page is made from the code by `lofte.policy.exchange.faults`.

| number | severity | what it demands |
|---|---|---|"""
