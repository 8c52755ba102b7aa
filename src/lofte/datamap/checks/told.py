"""The map against what people are told: names beside identities, rules of retention, kinds of data."""

from __future__ import annotations

from collections.abc import Iterator

from lofte.datamap.checks.case import At, Case, Check, nearest, severity_of
from lofte.datamap.checks.promised import with_policy
from lofte.datamap.document import FieldMap, Give
from lofte.fault import Fault
from lofte.policy.document import Policy


@with_policy
def m115_a_name_goes_with_its_identity(case: Case, policy: Policy) -> Iterator[Fault]:
    """Where another person's address or number is masked, the name beside it is too (art. 15.4)."""
    for at in case.datasets():
        if at.dataset.role != "controller" or at.dataset.author or not _masks_identities(at):
            continue
        beside = {column for path in at.dataset.subject for column in getattr(path, "beside", ())}
        for name, decided in at.fields():
            if decided.give is Give.GIVE and not decided.identity and _is_name(policy, decided, name, beside):
                what = f"`{name}` is given, and the identity beside it is masked when it is another's"
                yield case.fault("M115", at, ("fields", name), what, "Write `give: mask_others`.")


def _masks_identities(at: At) -> bool:
    if any(path.by == "own" for path in at.dataset.subject):
        return False
    return any(f.identity and f.give is Give.MASK_OTHERS for _, f in at.fields())


def _is_name(policy: Policy, decided: FieldMap, name: str, beside: set[str]) -> bool:
    if decided.item == "name" or name in beside:
        return True
    category = policy.categories.get(decided.category or "")
    return any(i.id == decided.item and i.dpv == "pd:Name" for i in category.items) if category else False


@with_policy
def m116_a_retention_rule_is_of_a_purpose(case: Case, policy: Policy) -> Iterator[Fault]:
    """A rule that a dataset names is one of a purpose that the dataset serves (art. 5.1 e)."""
    for at in case.datasets():
        purposes = [policy.purposes[p] for p in at.dataset.purposes if p in policy.purposes]
        known = dict.fromkeys(rule for purpose in purposes for rule in purpose.retention)
        for index, rule in enumerate(at.dataset.retention):
            if rule not in known:
                mend = nearest(rule, known, "Name a rule of one of its purposes, or add it to the purpose.")
                what = f"no purpose of `{at.id}` has the retention rule `{rule}`"
                yield case.fault("M116", at, ("retention", index), what, mend)


@with_policy
def m117_an_item_is_of_data_we_hold(case: Case, policy: Policy) -> Iterator[Fault]:
    """Each kind of data that a held category lists stands in some field; else we tell of what nobody has
    (art. 5.1 a)."""
    held = {(f.category, f.item) for at in case.datasets() for _, f in at.fields() if f.item}
    for id_, category in policy.categories.items():
        if id_ not in {known for known, _ in held}:
            continue
        for index, item in enumerate(category.items):
            if (id_, item.id) not in held:
                yield Fault(
                    number="M117",
                    place=case.places.policy(f"categories.{id_}.items[{index}]"),
                    what=f"the policy tells of `{item.id}` in `{id_}`, and no field holds it",
                    mend="Say `item` at the field that holds it, or take it out of the category.",
                    severity=severity_of("M117"),
                )


CHECKS: tuple[Check, ...] = (
    m115_a_name_goes_with_its_identity,
    m116_a_retention_rule_is_of_a_purpose,
    m117_an_item_is_of_data_we_hold,
)
