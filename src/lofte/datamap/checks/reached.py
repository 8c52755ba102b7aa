"""Who is reached by what: a person who shows that they are who they say, a customer who is to answer
(art. 12.6, 28.3 e)."""

from __future__ import annotations

from collections.abc import Iterator

from lofte.datamap.checks.case import Case, Check
from lofte.datamap.document import Kind
from lofte.fault import Fault


def m026_what_tells_a_change_is_of_a_contact(case: Case) -> Iterator[Fault]:
    """A column of changes stands beside an e-mail address or a telephone number: no other identity is a
    way to reach somebody (art. 12.6)."""
    for at in case.datasets():
        for name, decided in at.fields():
            if decided.changed and decided.identity not in (Kind.EMAIL, Kind.PHONE):
                what = f"`{name}` says when it was changed, and is no e-mail address or telephone number"
                mend = "Move `changed` to the field with `identity: email` or `identity: phone`."
                yield case.fault("M026", at, ("fields", name), what, mend)


def m027_whose_it_is_is_said_where_it_is_somebody_else_s(case: Case) -> Iterator[Fault]:
    """`whose` is a field of a dataset that the company only processes: of its own data it answers itself
    (art. 28.3 e)."""
    for at in case.datasets():
        whose = at.dataset.whose
        if whose is None:
            continue
        if at.dataset.role != "processor":
            what = f"`whose` is `{whose}`, and the company is itself the controller of this dataset"
            yield case.fault("M027", at, ("whose",), what, "Write `role: processor`, or take `whose` away.")
        elif whose not in at.dataset.fields:
            what = f"`whose` is `{whose}`, and the dataset has no such field"
            mend = "Name the column that says which customer the rows are processed for."
            yield case.fault("M027", at, ("whose",), what, mend)


CHECKS: tuple[Check, ...] = (
    m026_what_tells_a_change_is_of_a_contact,
    m027_whose_it_is_is_said_where_it_is_somebody_else_s,
)
