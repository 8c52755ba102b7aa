"""Who is reached by what: a person who shows that they are who they say, a customer who is to answer
(art. 12.6, 28.3 e); what they do by themselves (art. 16)."""

from __future__ import annotations

from collections.abc import Iterator

from lofte.datamap.checks.case import Case, Check
from lofte.datamap.document import ByOwn, Kind
from lofte.datamap.harmless import is_harmless
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


def m028_a_mark_of_protection_stands_at_the_person(case: Case) -> Iterator[Fault]:
    """A column that says that an identity is protected stands in the company's own rows of the person
    (art. 32)."""
    for at in case.datasets():
        own = any(isinstance(path, ByOwn) for path in at.dataset.subject)
        for name, decided in at.fields():
            if decided.protected and (at.dataset.role != "controller" or not own):
                what = (
                    f"`{name}` marks a protected identity, and `{at.id}` does not hold the person's own row"
                )
                mend = "Move `protected` to the dataset with `by: own`, of which the company is controller."
                yield case.fault("M028", at, ("fields", name), what, mend)


def m029_what_a_person_corrects_does_no_harm(case: Case) -> Iterator[Fault]:
    """What a person corrects by themselves is an item of the policy, in the company's own data, and nothing
    that somebody is known or reached by (art. 16, 32)."""
    for at in case.datasets():
        for name, decided in at.fields():
            if not decided.correct:
                continue
            if at.dataset.role != "controller" or not (decided.category and decided.item):
                what = f"`{name}` is corrected by the person, and is no item of the company's own data"
            elif not is_harmless(case.datamap, (decided.category, decided.item)):
                what = f"`{name}` is corrected by the person, who is known or reached by it, or it is fixed"
            else:
                continue
            mend = "Take `correct` away; a handler does it when the person asks."
            yield case.fault("M029", at, ("fields", name), what, mend)


CHECKS: tuple[Check, ...] = (
    m026_what_tells_a_change_is_of_a_contact,
    m027_whose_it_is_is_said_where_it_is_somebody_else_s,
    m028_a_mark_of_protection_stands_at_the_person,
    m029_what_a_person_corrects_does_no_harm,
)
