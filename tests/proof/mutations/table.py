"""All breaks, and the evaluators that none can turn red. How to add a break stands in `breaks`."""

from __future__ import annotations

from collections.abc import Mapping

from tests.proof.mutations import apart, cases, holdings
from tests.proof.mutations.breaks import Break

BREAKS: tuple[Break, ...] = (
    *cases.TEXT,
    *cases.MAP,
    *cases.IN_TIME,
    *cases.PACKAGES,
    *cases.ERASURE,
    *cases.RIGHTS,
    *cases.RESTRICTION,
    *cases.RETENTION,
    *cases.PROCESSOR,
    *holdings.HELD_DATA,
    *holdings.PARTIES,
    *holdings.SECURITY,
    *holdings.ASKED,
    *apart.TOLD,
)

NEVER: Mapping[str, str] = {
    "P001": "the four parts are sections that the renderer always makes; without them no policy is read",
    "P037": "the ground is stated in the policy, and rows are not sampled: never more than unproven",
    "P104": "a statement is kept where the data are, by one step; without statements it is unproven",
    "P120": "a contract that runs is a hold of the plan itself; without such rows it is unproven",
    "P149": "no policy is read without the link to the authority",
    "P150": "no policy is read without the link to the authority",
    "P090": "the network is out of sight: always unproven, and the missing part is named",
    "P092": "the systems' alarms are out of sight: always unproven, and the missing part is named",
    "P093": "what keeps intruders out is out of sight: always unproven, and the missing part is named",
}
"""Evaluators that nothing can turn red, and why."""
