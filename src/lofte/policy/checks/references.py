"""Every name that is used is a name that is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from lofte.law.statutes import STATUTES
from lofte.policy.checks.rule import Finding, dated_rule, found, rule
from lofte.policy.complaints import nearest, one_of
from lofte.policy.document import Policy
from lofte.policy.keypath import Segment

Path = tuple[Segment, ...]


@rule("P110", "art. 30.1 c")
def categories_exist(policy: Policy) -> Iterator[Finding]:
    """A category that is named is declared under `categories`."""
    for path, names in _categories_named(policy):
        yield from _unknown(path, names, policy.categories, "category")


@rule("P111", "art. 13.1 e")
def recipients_exist(policy: Policy) -> Iterator[Finding]:
    """A recipient that is named is declared under `recipients`."""
    for id_, purpose in policy.purposes.items():
        yield from _unknown(
            ("purposes", id_, "recipients"), purpose.recipients, policy.recipients, "recipient"
        )
    yield from _unknown(
        ("transfers", "exceptions"), policy.transfers.exceptions, policy.recipients, "recipient"
    )
    if policy.statistics:
        names = policy.statistics.recipients
        yield from _unknown(("statistics", "recipients"), names, policy.recipients, "recipient")


@rule("P112", "art. 5.1 e")
def retention_exists(policy: Policy) -> Iterator[Finding]:
    """A retention rule that is named is declared under `retention`."""
    for id_, purpose in policy.purposes.items():
        path = ("purposes", id_, "retention")
        yield from _unknown(path, purpose.retention, policy.retention, "retention rule")


@dated_rule("P113", "art. 6.3")
def statutes_exist(policy: Policy, on: date) -> Iterator[Finding]:
    """A statute that is named is one Löfte knows, and in force."""
    for path, name in _statutes_named(policy):
        statute = STATUTES.get(name)
        if statute is None:
            yield from _unknown(path, (name,), STATUTES, "statute", single=True)
        elif not statute.in_force(on):
            yield found(path, f"`{name}` is not in force", "name the statute that is")


@rule("P114", "art. 30.1 c")
def subjects_exist(policy: Policy) -> Iterator[Finding]:
    """A group of the registered that is named is declared under `subjects`."""
    for id_, purpose in policy.purposes.items():
        yield from _unknown(("purposes", id_, "subjects"), purpose.subjects, policy.subjects, "group")


@rule("P115", "art. 13.1 c")
def used_purposes_exist(policy: Policy) -> Iterator[Finding]:
    """A form, or a decision by machine, names only declared purposes."""
    for id_, form in policy.forms.items():
        yield from _unknown(("forms", id_, "purposes"), form.purposes, policy.purposes, "purpose")
    for id_, decision in policy.automated_decisions.items():
        path = ("automated_decisions", id_, "purposes")
        yield from _unknown(path, decision.purposes, policy.purposes, "purpose")


@rule("P116", "art. 28.3")
def documents_exist(policy: Policy) -> Iterator[Finding]:
    """An agreement or annex that is named is listed under `documents`."""
    known = [document.id for document in policy.documents]
    for index, role in enumerate(policy.roles):
        for key, name in (("agreement", role.agreement), ("annex", role.annex)):
            yield from _unknown(
                ("roles", index, key), (name,) if name else (), known, "document", single=True
            )


@rule("P117", "art. 17.3")
def holds_exist(policy: Policy) -> Iterator[Finding]:
    """A hold that a retention rule names is declared under `holds`."""
    for id_, rule_ in policy.retention.items():
        yield from _unknown(("retention", id_, "hold"), rule_.hold, policy.holds, "hold")


@rule("P118", "art. 22.3")
def decisions_exist(policy: Policy) -> Iterator[Finding]:
    """Human review is promised for declared automated decisions."""
    review = policy.rights.human_review
    if review:
        path = ("rights", "human_review", "for")
        yield from _unknown(path, review.for_, policy.automated_decisions, "automated decision")


def _categories_named(policy: Policy) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for id_, purpose in policy.purposes.items():
        yield ("purposes", id_, "categories"), purpose.categories
    for id_, source in policy.sources.items():
        yield ("sources", id_, "categories"), source.categories
    for id_, form in policy.forms.items():
        yield ("forms", id_, "categories"), form.categories
    for id_, recipient in policy.recipients.items():
        yield ("recipients", id_, "categories"), recipient.categories


def _statutes_named(policy: Policy) -> Iterator[tuple[Path, str]]:
    for id_, purpose in policy.purposes.items():
        for index, name in enumerate(purpose.law):
            yield ("purposes", id_, "law", index), name
    for id_, rule_ in policy.retention.items():
        if rule_.law:
            yield ("retention", id_, "law"), rule_.law
    for id_, category in policy.categories.items():
        if category.ground:
            yield ("categories", id_, "ground", "law"), category.ground.law
    if policy.cookies:
        yield ("cookies", "law"), policy.cookies.law


def _unknown(
    path: Path, names: tuple[str, ...], known: Collection[str], kind: str, *, single: bool = False
) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if name in known:
            continue
        close = nearest(name, known)
        if close:
            mend = f"did you mean `{close}`?"
        else:
            mend = f"declare it, or write {one_of(sorted(known))}" if known else "declare it"
        yield found(path if single else (*path, index), f"`{name}` is no {kind} that is declared", mend)


CHECKS = (
    categories_exist,
    recipients_exist,
    retention_exists,
    statutes_exist,
    subjects_exist,
    used_purposes_exist,
    documents_exist,
    holds_exist,
    decisions_exist,
)
