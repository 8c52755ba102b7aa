"""What erasing a person of an example company would do with each row."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from examples.common.people import Spelled
from examples.common.world import TODAY
from lofte.connectors.sql.connector import open_sql
from lofte.plan import erase as erasing
from lofte.plan.records import Verb
from lofte.plan.verdict import Verdict
from tests.examples.test_webhost_oracle import subject
from tests.examples.workspaces import Workspace

Verdicts = dict[str, dict[Any, Verdict]]


def erased(firm: Workspace, *spelled: Spelled) -> Verdicts:
    """Dataset -> key as in the database -> what becomes of the row when this person is erased."""
    subjects = [subject("one", spelled)]
    connector = open_sql(firm.system, firm.url)
    try:
        with connector.session() as session:
            facts = session.facts(subjects, TODAY)
            plan = erasing.plan(firm.policy, firm.datamap, facts, subjects, TODAY)
    finally:
        connector.close()
    found: Verdicts = defaultdict(dict)
    for verdict in plan.verdicts:
        found[verdict.fact.at.dataset][tuple(verdict.fact.raw_key)] = verdict
    return found


def verbs(verdicts: dict[Any, Verdict]) -> set[Verb]:
    """What becomes of these rows."""
    return {verdict.verb for verdict in verdicts.values()}


def given(firm: Workspace, *spelled: Spelled) -> dict[str, set[Any]]:
    """Dataset -> keys of the rows that somebody who shows this is given."""
    return {name: keys for name, keys in firm.asked(spelled).sure[0].items() if keys}
