"""One digest for one meaning; one schema that agrees with the reader."""

# ruff: noqa: E501 (a line of the table is a line)
from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lofte.datamap.document import System
from lofte.policy import tree
from lofte.policy.digest import canonical, digest
from lofte.policy.document import Policy
from lofte.policy.reading import read
from lofte.policy.schema import json_schema
from tests.policy.skyltio import DRAFT, GOOD, changed, policy, reading

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost"


class TestDigest:
    @settings(max_examples=5, deadline=None)
    @given(st.randoms(use_true_random=False))
    def test_the_order_of_keys_does_not_matter(self, random):
        def shuffled(value):
            if isinstance(value, dict):
                return {k: shuffled(value[k]) for k in random.sample(list(value), len(value))}
            return [shuffled(v) for v in value] if isinstance(value, list) else value

        text = changed(("version: 2026.10", 'version: "2026.10"'))
        again = json.dumps(shuffled(tree.grow(text).root.plain()))
        assert digest(policy(again)) == digest(policy())

    def test_comments_blanks_quotes_and_written_defaults_do_not_matter(self):
        text = changed(
            ("trade_name: Skyltio\n", 'trade_name:   "Skyltio"   # as people know us\n'),
            ("rights:\n", "\nrights:\n"),
            ("  supersedes: null\n", ""),
        )
        assert digest(policy(text)) == digest(policy())

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("contract.end + P3M", "contract.end + P4M"),
            ("languages: [sv, en]", "languages: [en, sv]"),
            ("2026-12-01", "2026-12-02"),
            ("version: 2026.10", "version: 2026.1"),
            ("Skyltgatan 1", "Skyltgatan 2"),
            ("  supersedes: null\n", "  supersedes: 2026.9\n"),
        ],
    )
    def test_any_change_of_meaning_changes_it(self, old, new):
        assert digest(policy(changed((old, new)))) != digest(policy())

    def test_the_canonical_form_reads_back_as_the_same_policy(self):
        assert reading(canonical(policy()).decode()).document == policy()

    def test_it_is_a_sha256_in_hexadecimal(self):
        assert len(digest(policy())) == 64 and int(digest(policy()), 16)


class TestSchema:
    def test_both_schemas_are_schemas_of_the_declared_draft(self):
        for schema in (json_schema("policy"), json_schema("system", System)):
            Draft202012Validator.check_schema(schema)
            assert schema["$schema"].endswith("2020-12/schema") and schema["$id"].startswith("urn:lofte:")

    @pytest.mark.parametrize("text", [DRAFT, GOOD, (WEBHOST / "policy.yaml").read_text("utf-8")])
    def test_what_the_reader_takes_the_schema_takes(self, text):
        assert reading(text).document is not None
        assert (
            list(Draft202012Validator(json_schema("policy")).iter_errors(tree.grow(text).root.plain())) == []
        )

    @pytest.mark.parametrize("path", sorted((WEBHOST / "systems").glob("*.yaml")), ids=lambda p: p.name)
    def test_what_the_reader_takes_of_a_system_the_schema_takes(self, path):
        text = path.read_text("utf-8")
        assert read(text, path.name, System).document is not None
        errors = Draft202012Validator(json_schema("system", System)).iter_errors(tree.grow(text).root.plain())
        assert [error.message for error in errors] == []

    @pytest.mark.parametrize(
        ("old", "new"),
        [("trade_name: Skyltio", "tradename: Skyltio"), ("status: draft", "status: x"), ("policy: 1\n", "policy: 2\n"),
         ("automatic: true", "automatic: yes"), ("country: SE\n", "country: Sverige\n")],
    )  # fmt: skip
    def test_what_the_schema_refuses_the_reader_refuses(self, old, new):
        text = changed((old, new))
        assert list(Draft202012Validator(json_schema("policy")).iter_errors(tree.grow(text).root.plain()))
        assert reading(text).document is None

    def test_every_part_explains_itself(self):
        for schema in (json_schema("policy"), json_schema("system", System)):
            for name, part in schema["$defs"].items():
                assert part.get("description"), name

    def test_the_schema_is_the_published_models(self):
        assert set(json_schema("policy")["properties"]) == set(Policy.model_fields)
