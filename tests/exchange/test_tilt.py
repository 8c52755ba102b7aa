"""What goes out as TILT is valid, says what it had to fill in, and is the policy's own words."""

from __future__ import annotations

import copy
import json
import os
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker
from pydantic import ValidationError

from lofte.policy.digest import digest
from lofte.policy.document import Policy
from lofte.policy.exchange.tilt import NOBODY, reference, tilt
from lofte.policy.exchange.tilt_shape import Tilt, TiltBasis

OFFICIAL = os.environ.get("LOFTE_TILT_SCHEMA", "")
"""The path of the format's own schema, for who has fetched it; it is not kept here."""


@cache
def official() -> Draft7Validator:
    return Draft7Validator(json.loads(Path(OFFICIAL).read_text("utf-8")), format_checker=FormatChecker())


def ours(document: Any) -> bool:
    try:
        Tilt.model_validate(document)
    except ValidationError:
        return False
    return True


def wrongs(document: Any) -> list[str]:
    """By the official schema when it is there, else by our model of the same shape."""
    if OFFICIAL:
        return [f"{list(e.path)}: {e.message}" for e in official().iter_errors(document)]
    return [] if ours(document) else ["our model does not take it"]


def test_every_company_is_valid_in_both_languages(any_company, language):
    document = tilt(any_company.policy, language).document
    assert wrongs(document) == [] and ours(document)


def test_the_file_says_that_it_is_derived_and_of_what(guides, language):
    said = tilt(guides.policy, language).document["lofte"]
    assert said["digest"] == f"sha256:{digest(guides.policy)}"
    assert said["version"] == "2026.3" and "lofte export" in said["derived"]


def test_every_placeholder_is_told_in_the_file(any_company, language):
    made = tilt(any_company.policy, language)
    assert [p["path"] for p in made.document["lofte"]["placeholders"]] == [p.path for p in made.placeholders]
    body = {key: value for key, value in made.document.items() if key != "lofte"}
    filled = {p.path.split(".")[0] for p in made.placeholders}
    for part, value in body.items():
        # "-" and the address of nobody stand only where a placeholder is told.
        if '"-"' in json.dumps(value) or NOBODY in json.dumps(value):
            assert part in filled


def test_a_policy_that_lacks_nothing_has_no_placeholder(guides):
    plain = guides.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    plain["meta"]["version"] = "7"
    plain["controller"]["representative"] = "Ombudet AB"
    plain["dpo"] = {"designated": "yes", "name": "Dag Ombud", "email": "dso@stigvis.example"}
    made = tilt(Policy.model_validate(plain), "sv")
    assert made.placeholders == () and wrongs(made.document) == []


def test_each_category_stands_with_what_the_policy_says_of_it(any_company):
    policy = any_company.policy
    for entry in tilt(policy, "en").document["dataDisclosed"]:
        used = [p for p in policy.purposes.values() if entry["_id"] in p.categories]
        assert len(entry["purposes"]) == len(used)
        assert {p["legalBasis"] for p in entry["purposes"]} == {reference(p.legal_basis) for p in used}
        rules = [r for p in used for r in p.retention]
        assert sum(len(s["temporal"]) for s in entry["storage"]) == len(rules)


def test_every_country_outside_the_eea_is_told_with_its_tool(any_company):
    told = tilt(any_company.policy, "en").document["thirdCountryTransfers"]
    wanted = [
        country
        for r in any_company.policy.recipients.values()
        for country in r.country
        if country in ("US", "GB", "CH", "IN")
    ]
    assert [entry["country"] for entry in told] == wanted


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in paths(each, (*path, key)))]


def broken(document: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The document with one thing taken away, emptied, or turned into another kind."""
    changed = copy.deepcopy(document)
    path = rng.choice([p for p in paths(changed) if p and p[0] != "lofte"])
    inner: Any = changed
    for key in path[:-1]:
        inner = inner[key]
    how = rng.randrange(5)
    if how == 0:
        del inner[path[-1]]
    else:
        inner[path[-1]] = [None, 7, "?", {"x": []}][how - 1]
    return changed


@pytest.mark.skipif(not OFFICIAL, reason="LOFTE_TILT_SCHEMA names no schema")
def test_our_shape_and_the_official_schema_judge_alike(any_company):
    document = tilt(any_company.policy, "sv").document
    rng = random.Random(any_company.name)
    for _ in range(400):
        tried = broken(document, rng)
        assert ours(tried) == official().is_valid(tried)


@pytest.mark.parametrize("part", ["meta", "controller", "dataDisclosed", "rightToComplain", "sources"])
def test_a_part_that_is_missing_is_no_tilt(guides, part):
    document = dict(tilt(guides.policy, "sv").document)
    del document[part]
    assert wrongs(document) != []


def test_null_is_no_way_to_leave_something_out(guides):
    document = copy.deepcopy(tilt(guides.policy, "sv").document)
    document["controller"]["division"] = None
    assert wrongs(document) != []


def test_a_long_bad_reference_takes_no_time():
    # The format's own pattern doubles its time with each letter: this one would take years.
    with pytest.raises(ValidationError):
        TiltBasis.model_validate({"reference": "0" * 60 + "!"})


@pytest.mark.parametrize(
    ("law", "written"),
    [("6.1.b", "GDPR-6-1-b"), ("9.2.a", "GDPR-9-2-a"), ("BFL-7-2", "BFL-7-2"), ("MFL-19-2", "MFL-19-2"),
     ("2018:218-3-10", "SFS-2018-218-3-10")],
)  # fmt: skip
def test_a_place_in_the_law_is_written_as_tilt_takes_it(law, written):
    assert reference(law) == written
    TiltBasis.model_validate({"reference": written})
