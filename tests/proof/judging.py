"""One promise of an example company, judged by evidence that a test makes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lofte.datamap.catalogue import Catalogue, LiveColumn, LiveTable, TypeClass
from lofte.datamap.document import DataMap
from lofte.datamap.paths import table_of
from lofte.policy.digest import digest
from lofte.policy.document import Policy
from lofte.policy.notice import notice
from lofte.policy.processors import ProcessorRegister
from lofte.policy.promises import promises
from lofte.proof.evaluate import judge
from lofte.proof.records import Case, Check, Evidence, Finding, Verdict
from lofte.site.workspace import Workspace, load

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA, EVA = "a" * 32, "e" * 32


@lru_cache
def workspace(company: str) -> Workspace:
    return load(EXAMPLES / company)


@lru_cache
def _written(company: str) -> dict[str, Any]:
    written: dict[str, Any] = YAML(typ="safe").load(EXAMPLES / company / "policy.yaml")
    return written


def policy_of(company: str, **changed: Any) -> Policy:
    """The company's policy; `purposes__invoice__text=None` changes what stands there."""
    document = _written(company)
    for way, value in changed.items():
        *above, last = way.split("__")
        document = dict(document)
        at = document
        for key in above:
            at[key] = dict(at[key])
            at = at[key]
        at[last] = value
    return Policy.model_validate(document)


def datamap_of(company: str) -> DataMap:
    return workspace(company).datamap


def register_of(company: str) -> ProcessorRegister:
    reading = workspace(company).register
    assert reading is not None and reading.document is not None
    return reading.document


def live(datamap: DataMap, *more: tuple[str, str]) -> dict[str, Catalogue]:
    """Databases that have just the tables and columns of the map, and these columns (table, name) more."""
    found = {}
    for system in datamap.systems:
        tables: dict[tuple[str | None, str], set[str]] = {}
        for id_, dataset in system.datasets.items():
            tables.setdefault((dataset.schema_, table_of(id_, dataset)), set()).update(dataset.fields)
        for (schema, name), columns in tables.items():
            columns |= {column for table, column in more if table == name}
            assert schema is None
        found[system.id] = Catalogue(
            system=system.id,
            dialect="sqlite",
            tables=tuple(
                LiveTable(
                    schema=schema,
                    name=name,
                    columns=tuple(LiveColumn(name=c, type=TypeClass.TEXT) for c in sorted(columns)),
                )
                for (schema, name), columns in tables.items()
            ),
        )
    return found


def verdict(
    company: str, id_: str, evidence: Iterable[Evidence] = (), policy: Policy | None = None
) -> Verdict:
    """What is found on a promise that the company makes. Raises StopIteration when it makes no such one."""
    policy = policy or policy_of(company)
    promise = next(each for each in promises(policy, "en") if each.id == id_)
    ordered = tuple(sorted(evidence, key=lambda e: (e.entry is None, e.entry or 0, e.at)))
    texts = {spoken: notice(policy, spoken) for spoken in policy.meta.languages}
    found = judge(Case(promise=promise, policy=policy, evidence=ordered, now=NOW, texts=texts))
    assert found.finding is not Finding.KEPT or found.evidence, "kept without evidence"
    assert found.reason.sv and found.reason.en
    assert found.finding is not Finding.BROKEN or found.mend
    return found


def finding(company: str, id_: str, *evidence: Evidence, policy: Policy | None = None) -> Finding:
    return verdict(company, id_, evidence, policy).finding


def checked(kind: Check, **facts: int | str) -> Evidence:
    return Evidence(kind=kind, at=NOW, facts=facts)


def noted(kind: str, entry: int = 10, ref: str = ANNA, days: int = 3, **facts: int | str) -> Evidence:
    """An entry of the ledger, made so many days ago."""
    return Evidence(kind=kind, at=NOW - timedelta(days=days), entry=entry, object=ref, facts=facts)


def published(policy: Policy) -> Evidence:
    facts = {"version": policy.meta.version, "digest": digest(policy)}
    return noted("policy.published", entry=1, days=60, **facts)


def measured(measure: str, total: int, wrong: int = 0, **more: int) -> Evidence:
    return checked(Check.MEASURE, measure=measure, total=total, wrong=wrong, **more)
