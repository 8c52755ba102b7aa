"""Which retention rules the rows of a dataset follow (art. 5.1 e)."""

from __future__ import annotations

from collections.abc import Iterable

from lofte.datamap.document import Dataset
from lofte.policy.document import Policy


def rules_of(policy: Policy, dataset: Dataset, purposes: Iterable[str] | None = None) -> tuple[str, ...]:
    """The rules of its purposes (or of these purposes), or those among them that it names itself;
    only rules the policy has, once each."""
    chosen = dataset.purposes if purposes is None else purposes
    found = dict.fromkeys(
        rule
        for id_ in chosen
        if (purpose := policy.purposes.get(id_))
        for rule in purpose.retention
        if rule in policy.retention and (not dataset.retention or rule in dataset.retention)
    )
    return tuple(found)


def kept_by(policy: Policy, dataset: Dataset) -> tuple[str, ...]:
    """The purposes that keep these rows: all, but where the dataset names its rules those whose rules
    are among them."""
    if not dataset.retention:
        return dataset.purposes
    return tuple(id_ for id_ in dataset.purposes if rules_of(policy, dataset, (id_,)))
