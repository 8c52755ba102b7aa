"""The map against the policy: is what we hold what we promised, and the other way round?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from lofte.datamap.checks.case import At, Case, Check, Way, nearest, severity_of
from lofte.datamap.document import Give, Kind
from lofte.datamap.paths import target_of
from lofte.datamap.terms import rules_of
from lofte.fault import Fault, Severity
from lofte.policy.document import Policy
from lofte.policy.retention_words import ANCHORS

_ANCHOR = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*").findall


def with_policy(check: Callable[[Case, Policy], Iterator[Fault]]) -> Check:
    """Without a policy there is nothing to compare with."""

    def judged(case: Case) -> Iterator[Fault]:
        if case.policy is not None:
            yield from check(case, case.policy)

    judged.__name__, judged.__doc__ = check.__name__, check.__doc__
    return judged


def _unknown(
    case: Case, number: str, at: At, way: Way, id_: str | None, known: Iterable[str], what: str
) -> Iterator[Fault]:
    names = tuple(known)
    if id_ is not None and id_ not in names:
        mend = nearest(id_, names, f"Name one that the policy has, or add `{id_}` to the policy.")
        yield case.fault(number, at, way, f"the policy has no {what} `{id_}`", mend)


@with_policy
def m101_a_category_is_in_the_policy(case: Case, policy: Policy) -> Iterator[Fault]:
    """The category of a field is one that the policy tells people about (art. 13, 14)."""
    for at in case.datasets():
        for name, decided in at.fields():
            way = ("fields", name, "category")
            yield from _unknown(case, "M101", at, way, decided.category, policy.categories, "category")


@with_policy
def m102_an_item_is_in_its_category(case: Case, policy: Policy) -> Iterator[Fault]:
    """The item of a field is one that its category lists."""
    for at in case.datasets():
        for name, decided in at.fields():
            category = policy.categories.get(decided.category or "")
            items = [item.id for item in category.items] if category else []
            if category and decided.item and decided.item not in items:
                mend = nearest(decided.item, items, "Add it to the category in the policy, or take it out.")
                what = f"the category `{decided.category}` has no item `{decided.item}`"
                yield case.fault("M102", at, ("fields", name, "item"), what, mend)


@with_policy
def m103_a_purpose_is_in_the_policy(case: Case, policy: Policy) -> Iterator[Fault]:
    """The purposes of a dataset are ones that the policy states (art. 5.1 b)."""
    for at in case.datasets():
        for index, purpose in enumerate(at.dataset.purposes):
            way = ("purposes", index)
            yield from _unknown(case, "M103", at, way, purpose, policy.purposes, "purpose")


@with_policy
def m104_a_dataset_has_a_purpose(case: Case, policy: Policy) -> Iterator[Fault]:
    """Personal data are held for a purpose, or not at all (art. 5.1 b)."""
    for at in case.datasets():
        personal = any(decided.category for _, decided in at.fields())
        if personal and at.dataset.role == "controller" and not at.dataset.purposes:
            mend = "Name the purposes under `purposes`, or stop keeping the data."
            yield case.fault("M104", at, (), f"`{at.id}` holds personal data without a purpose", mend)


@with_policy
def m105_a_purpose_covers_the_category(case: Case, policy: Policy) -> Iterator[Fault]:
    """Each category in a dataset is used by one of the dataset's purposes (art. 5.1 b-c)."""
    for at in case.datasets():
        purposes = [policy.purposes[p] for p in at.dataset.purposes if p in policy.purposes]
        covered = {category for purpose in purposes for category in purpose.categories}
        for name, decided in at.fields() if purposes and at.dataset.role == "controller" else ():
            if decided.category in policy.categories and decided.category not in covered:
                what = f"no purpose of `{at.id}` uses the category `{decided.category}`"
                mend = "Add the category to a purpose in the policy, or the right purpose to the dataset."
                yield case.fault("M105", at, ("fields", name), what, mend)


@with_policy
def m106_a_promise_is_about_data_we_hold(case: Case, policy: Policy) -> Iterator[Fault]:
    """A category that a purpose uses stands in some dataset; else we tell of data nobody has."""
    if not case.datamap.systems:
        return
    held = {decided.category for at in case.datasets() for _, decided in at.fields()}
    used = {category for purpose in policy.purposes.values() for category in purpose.categories}
    for category in policy.categories:
        if category in used and category not in held:
            yield Fault(
                number="M106",
                place=case.places.policy(f"categories.{category}"),
                what=f"the policy tells of `{category}`, and no dataset holds any",
                mend="Map the data where they are, or take the category out of the policy.",
                severity=severity_of("M106"),
            )


@with_policy
def m107_subjects_are_in_the_policy(case: Case, policy: Policy) -> Iterator[Fault]:
    """The group of persons in a dataset is one the policy names (art. 30.1 c)."""
    for at in case.datasets():
        way = ("subjects",)
        yield from _unknown(case, "M107", at, way, at.dataset.subjects, policy.subjects, "group of subjects")


@with_policy
def m108_recipients_are_in_the_policy(case: Case, policy: Policy) -> Iterator[Fault]:
    """Whoever gets rows of a dataset is a recipient the policy names (art. 13.1 e)."""
    for at in case.datasets():
        for index, recipient in enumerate(at.dataset.recipients):
            way = ("recipients", index)
            yield from _unknown(case, "M108", at, way, recipient, policy.recipients, "recipient")


@with_policy
def m109_a_source_is_in_the_policy(case: Case, policy: Policy) -> Iterator[Fault]:
    """The source of a dataset or field is one the policy names (art. 14.2 f)."""
    for at in case.datasets():
        yield from _unknown(case, "M109", at, ("source",), at.dataset.source, policy.sources, "source")
        for name, decided in at.fields():
            way = ("fields", name, "source")
            yield from _unknown(case, "M109", at, way, decided.source, policy.sources, "source")


@with_policy
def m110_retention_has_its_date(case: Case, policy: Policy) -> Iterator[Fault]:
    """The dates that a purpose's retention counts from are in the dataset or in one it points at. One that
    nothing has, and that is nearly the name of a known one, is misspelt: an error."""
    known = {anchor for at in case.datasets() for anchor in at.dataset.anchors}
    for at in case.datasets():
        if at.dataset.role != "controller" or at.dataset.nobody is not None:
            continue
        given = _anchors(at)
        for anchor, rule in _counted_from(policy, at):
            if anchor not in given:
                what = f"the rule `{rule}` counts from `{anchor}`, which `{at.id}` does not have"
                mend = f"Say under `anchors` which column holds `{anchor}`."
                meant = (
                    "" if anchor in known | ANCHORS.keys() else nearest(anchor, known | ANCHORS.keys(), "")
                )
                severity = Severity.ERROR if meant else None
                yield case.fault("M110", at, ("anchors",), what, meant or mend, severity)


def _counted_from(policy: Policy, at: At) -> dict[tuple[str, str], None]:
    """Anchor and rule, once each, for all purposes of the dataset."""
    pairs: dict[tuple[str, str], None] = {}
    for rule in rules_of(policy, at.dataset):
        for anchor in _ANCHOR(policy.retention[rule].keep_until):
            if anchor not in {known for known, _ in pairs}:
                pairs[anchor, rule] = None
    return pairs


def _anchors(at: At) -> set[str]:
    """The anchors of the dataset and of all that it points at, however far."""
    seen: set[str] = set()
    waiting = [at.id]
    while waiting:
        id_ = waiting.pop()
        if id_ in seen or id_ not in at.system.datasets:
            continue
        seen.add(id_)
        waiting += [target for path in at.system.datasets[id_].subject if (target := target_of(path))]
    return {anchor for id_ in seen for anchor in at.system.datasets[id_].anchors}


@with_policy
def m111_a_processor_says_so(case: Case, policy: Policy) -> Iterator[Fault]:
    """What we hold for somebody else, the policy says we hold as processor (art. 4.8, 28)."""
    for_others = {group for role in policy.roles if role.as_ == "processor" for group in role.for_}
    for at in case.datasets():
        if at.dataset.role != "processor":
            continue
        if not for_others or (at.dataset.subjects and at.dataset.subjects not in for_others):
            what = f"`{at.id}` is held as processor, and the policy does not say so"
            mend = "Add a role `as: processor` for this group of persons to the policy."
            yield case.fault("M111", at, ("role",), what, mend)


@with_policy
def m112_a_controller_says_so(case: Case, policy: Policy) -> Iterator[Fault]:
    """What the policy says we hold only as processor is not held for our own purposes."""
    ours = {group for role in policy.roles if role.as_ == "controller" for group in role.for_}
    for_others = {group for role in policy.roles if role.as_ == "processor" for group in role.for_} - ours
    for at in case.datasets():
        if at.dataset.role == "controller" and at.dataset.subjects in for_others:
            what = (
                f"`{at.id}` is ours, and the policy says we only process `{at.dataset.subjects}` for others"
            )
            mend = "Say `role: processor`, or change the roles of the policy."
            yield case.fault("M112", at, ("role",), what, mend)


@with_policy
def m113_a_personnummer_has_a_ground(case: Case, policy: Policy) -> Iterator[Fault]:
    """A personnummer stands in a category that says why it is needed (dataskyddslagen 3 kap. 10 §)."""
    for at in case.datasets():
        for name, decided in at.fields():
            category = policy.categories.get(decided.category or "")
            if decided.identity is Kind.PERSONNUMMER and category and category.ground is None:
                what = f"`{name}` holds personnummer in `{decided.category}`, which gives no ground for it"
                mend = "Put it in a category with a `ground`, or add the ground to this one."
                yield case.fault("M113", at, ("fields", name, "category"), what, mend)


@with_policy
def m114_a_promised_mask_is_kept(case: Case, policy: Policy) -> Iterator[Fault]:
    """What the policy says is shown only by its last four characters is not given whole (art. 5.1 a)."""
    for at in case.datasets():
        for name, decided in at.fields() if at.dataset.role == "controller" else ():
            category = policy.categories.get(decided.category or "")
            if category and category.mask == "last4" and decided.give is Give.GIVE:
                what = f"`{name}` is given whole, and the policy masks `{decided.category}`"
                mend = "Write `give: mask` and why, or take `mask` out of the category."
                yield case.fault("M114", at, ("fields", name), what, mend)


CHECKS: tuple[Check, ...] = (
    m101_a_category_is_in_the_policy,
    m102_an_item_is_in_its_category,
    m103_a_purpose_is_in_the_policy,
    m104_a_dataset_has_a_purpose,
    m105_a_purpose_covers_the_category,
    m106_a_promise_is_about_data_we_hold,
    m107_subjects_are_in_the_policy,
    m108_recipients_are_in_the_policy,
    m109_a_source_is_in_the_policy,
    m110_retention_has_its_date,
    m111_a_processor_says_so,
    m112_a_controller_says_so,
    m113_a_personnummer_has_a_ground,
    m114_a_promised_mask_is_kept,
)
