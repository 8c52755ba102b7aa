"""Faults as SARIF 2.1.0 (OASIS), which code hosts show beside the line."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from lofte.cli.screen import sentence
from lofte.datamap.checks import catalogue as of_map
from lofte.fault import Fault, Severity
from lofte.policy.checks import catalogue as of_policy
from lofte.policy.cookies.against import DEMANDS as OF_SITES

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif(faults: Iterable[Fault]) -> dict[str, Any]:
    """One run with all faults."""
    found = tuple(faults)
    numbers = sorted({fault.number for fault in found})
    known = demands()
    driver = {
        "name": "lofte",
        "version": version("lofte"),
        "rules": [_rule(number, known.get(number)) for number in numbers],
    }
    results = [_result(fault, numbers.index(fault.number)) for fault in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def demands() -> dict[str, str]:
    """What each number demands, in one sentence."""
    return {demand.number: demand.demands for demand in (*of_policy(), *of_map())} | dict(OF_SITES)


def _rule(number: str, says: str | None) -> dict[str, Any]:
    return {"id": number, **({"shortDescription": {"text": says}} if says else {})}


def _result(fault: Fault, index: int) -> dict[str, Any]:
    text = f"{sentence(fault.what)} {sentence(fault.mend)}"
    result: dict[str, Any] = {
        "ruleId": fault.number,
        "ruleIndex": index,
        "level": _LEVEL[fault.severity],
        "message": {"text": text},
    }
    if fault.place.file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": quote(fault.place.file)}}
        if fault.place.line:
            physical["region"] = {
                "startLine": fault.place.line,
                "startColumn": max(fault.place.column, 1),
            }
        location: dict[str, Any] = {"physicalLocation": physical}
        if fault.place.path:
            location["logicalLocations"] = [{"fullyQualifiedName": fault.place.path}]
        result["locations"] = [location]
    return result
