"""What comes in becomes a draft that reads; nothing is invented, and nothing a stranger writes breaks it."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from lofte.cli.main import make_app
from lofte.datamap.document import System
from lofte.datamap.exchange import fides_in
from lofte.datamap.exchange.fides import fides
from lofte.policy.document import Policy
from lofte.policy.exchange import tilt_in
from lofte.policy.exchange.faults import DEMANDS, page
from lofte.policy.exchange.tilt import tilt
from lofte.policy.exchange.yaml_text import yaml_text
from lofte.policy.reading import read
from lofte.policy.tree import grow
from tests.exchange.conftest import EXAMPLES
from tests.exchange.test_tilt import broken

TODAY = date(2026, 11, 21)
KEYS = ["purposes", "category", "purpose", "storage", "x"]
BARE = {"meta": {"name": "Policy", "language": "en"}, "controller": {"name": "Firm AB"}, "dataDisclosed": []}


def imported(document, file="in.json"):
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    return tilt_in.draft(text, file, TODAY)


def policy_of(drafted):
    reading = read(drafted.text, "draft.yaml", Policy)
    assert reading.document is not None, [str(fault) for fault in reading.faults]
    return reading.document


def numbers(drafted):
    return {fault.number for fault in drafted.faults}


class TestTilt:
    def test_what_we_export_comes_back(self, any_company, language):
        ours = any_company.policy
        back = policy_of(imported(tilt(ours, language).document))
        assert back.controller.legal_name == ours.controller.legal_name
        assert len(back.categories) == len(ours.categories)

        def told(policy):
            return {
                (p.name.say(language), p.legal_basis, len(p.categories))
                for p in policy.purposes.values()
                if p.name
            }

        assert told(back) == told(ours)
        rules = {r for p in ours.purposes.values() for r in p.retention}
        assert {str(r.keep_until) for r in back.retention.values()} == {
            ours.retention[r].keep_until for r in rules
        }

    def test_a_bare_document_gives_a_draft_and_its_gaps(self):
        drafted = imported(BARE)
        policy = policy_of(drafted)
        assert policy.authority.name.en == "TODO" and policy.purposes == {}
        assert policy.meta.effective_from == TODAY
        gaps = {fault.place.path for fault in drafted.faults}
        assert {"meta.modified", "dataProtectionOfficer", "rightToComplain"} <= gaps

    def test_a_gap_has_its_line(self):
        text = json.dumps(BARE | {"meta": {"name": None, "language": "fi"}}, indent=1)
        (fault,) = [f for f in imported(text).faults if f.number == "E016"]
        assert text.split("\n")[fault.place.line - 1].strip().startswith('"language"')

    def test_a_purpose_whose_basis_cannot_be_told_is_left_out_by_name(self):
        data = {"category": "Name", "purposes": [{"purpose": "Send"}], "recipients": [], "storage": []}
        two = [{"reference": "GDPR-6-1-a"}, {"reference": "GDPR-6-1-b"}]
        drafted = imported(BARE | {"dataDisclosed": [data | {"legalBases": two}]})
        assert policy_of(drafted).purposes == {} and "E013" in numbers(drafted)
        assert "left out: the purpose Send" in drafted.text

    def test_a_basis_that_only_one_category_leaves_open_is_told_by_the_other(self):
        bases = [["GDPR-6-1-a", "GDPR-6-1-b"], ["GDPR-6-1-b", "GDPR-6-1-c"]]
        data = [
            {
                "category": f"C{n}",
                "purposes": [{"purpose": "Send"}],
                "legalBases": [{"reference": r} for r in each],
            }
            for n, each in enumerate(bases)
        ]  # fmt: skip
        policy = policy_of(imported(BARE | {"dataDisclosed": data}))
        assert [p.legal_basis for p in policy.purposes.values()] == ["6.1.b"]

    @pytest.mark.parametrize("written", ["GDPR-6-1-f", "Art. 6 para 1 lit f GDPR", "GDPR-99-1-a"])
    def test_only_a_reference_that_is_known_is_taken(self, written):
        data = {"category": "C", "purposes": [{"purpose": "Send"}], "legalBases": [{"reference": written}]}
        policy = policy_of(imported(BARE | {"dataDisclosed": [data]}))
        assert bool(policy.purposes) == (written == "GDPR-6-1-f")

    def test_a_recipient_without_a_role_is_left_out(self):
        data = {"category": "C", "purposes": [{"purpose": "Send", "legalBasis": "GDPR-6-1-b"}],
                "recipients": [{"category": "Partners"}]}  # fmt: skip
        drafted = imported(BARE | {"dataDisclosed": [data]})
        assert policy_of(drafted).recipients == {} and "E014" in numbers(drafted)

    def test_a_period_without_a_beginning_is_left_out(self):
        data = {"category": "C", "purposes": [{"purpose": "Send", "legalBasis": "GDPR-6-1-b"}],
                "storage": [{"temporal": [{"description": "a year", "ttl": "P1Y"}]}]}  # fmt: skip
        drafted = imported(BARE | {"dataDisclosed": [data]})
        assert policy_of(drafted).retention == {} and "E015" in numbers(drafted)
        assert "a period of P1Y: a year" in drafted.text

    def test_a_placeholder_is_not_taken_for_a_name(self, guides):
        drafted = imported(tilt(guides.policy, "sv").document)
        policy = policy_of(drafted)
        assert policy.controller.representative is None and policy.dpo.designated == "unknown"
        assert "E012" in numbers(drafted)

    def test_whatever_is_broken_the_draft_still_reads(self, guides):
        document = tilt(guides.policy, "sv").document
        rng = random.Random(7)
        for _ in range(60):
            policy_of(imported(broken(document, rng)))

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "7", "{", "null", "{}", '{"a": ' * 5000, "[" * 200_000, '{"meta": "\\ud800"}',
         b"\xff\xfe\x00", "&a [*a]", '{"x": "' + "y" * 1_100_000 + '"}', '{"meta": ' + "9" * 5000 + "}"],
    )  # fmt: skip
    def test_what_is_no_tilt_is_a_fault_and_no_draft(self, text):
        drafted = imported(text)
        assert drafted.faults and (drafted.text is None or policy_of(drafted))

    def test_tabs_and_halves_of_letters_are_read_as_json_reads_them(self):
        text = json.dumps(BARE | {"controller": {"name": "Firm \U0001f600 AB"}}, indent="\t")
        assert "\\ud83d" in text
        assert policy_of(imported(text)).controller.legal_name == "Firm \U0001f600 AB"

    @settings(max_examples=40, deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
            max_leaves=12,
        )
    )  # fmt: skip
    def test_nothing_a_stranger_writes_breaks_it(self, anything):
        drafted = imported(
            BARE | {"dataDisclosed": anything, "sources": anything, "rightToComplain": anything}
        )
        # Half a letter is in no file: such a one is a fault of reading.
        assert drafted.faults
        if drafted.text is not None:
            policy_of(drafted)


class TestFideslang:
    def drafted(self, company):
        return fides_in.draft({"m.yml": fides(company.policy, company.datamap, "en").text})

    def test_each_dataset_is_a_system_that_reads(self, any_company):
        drafted = self.drafted(any_company)
        for system in any_company.datamap.systems:
            found = read(drafted.files[f"systems/{system.id}.yaml"], "x.yaml", System)
            assert found.document is not None, [str(f) for f in found.faults]
            tables = {d.table or id_ for id_, d in system.datasets.items()}
            assert {d.table for d in found.document.datasets.values()} == tables

    def test_keys_and_identities_come_along(self, guides):
        text = self.drafted(guides).files["systems/guides.yaml"]
        members = read(text, "x.yaml", System).document.datasets["members"]
        assert members.key == ("id",) and members.fields["email"].identity == "email"
        assert {path.by for path in members.subject} == {"identity"}

    def test_a_field_without_a_category_stays_undecided(self):
        fields = "[{name: c}, {name: d, data_categories: [x.y]}]"
        text = f"dataset: [{{fides_key: a, collections: [{{name: t, fields: {fields}}}]}}]"
        drafted = fides_in.draft({"m.yml": text})
        found = read(drafted.files["systems/a.yaml"], "x.yaml", System).document.datasets["t"]
        assert all(f.category is None and not f.technical for f in found.fields.values())
        assert {f.number for f in drafted.faults} == {"E030", "E031", "E032", "E033"}

    def test_a_reference_to_nowhere_is_a_fault(self):
        text = (
            "dataset: [{fides_key: a, collections: [{name: t, fields: "
            "[{name: c, data_categories: [user.name], "
            "fides_meta: {references: [{dataset: b, field: t.x}]}}]}]}]"
        )
        assert "E035" in {f.number for f in fides_in.draft({"m.yml": text}).faults}

    def test_declarations_become_purposes_with_their_basis(self, guides):
        parts = grow(self.drafted(guides).files["policy-draft.yaml"]).root.plain()
        told = {p["name"]["en"]: p.get("legal_basis") for p in parts["purposes"].values()}
        assert told["Carry out the booking"] == "6.1.b"
        assert parts["recipients"]["betalbron_ab"] == {"name": "Betalbron AB", "role": "processor"}

    @pytest.mark.parametrize(
        "text",
        ["", "- 1", "x: &a [*a]", "dataset: 7", "dataset: [[]]", "dataset: [{collections: {}}]",
         "system: [{privacy_declarations: [7, {}]}]", "[" * 100_000],
    )  # fmt: skip
    def test_what_is_no_manifest_breaks_nothing(self, text):
        assert fides_in.draft({"m.yml": text}).faults


def test_what_a_stranger_wrote_ends_no_line():
    odd = {"a": "x\n# y: z", "b": "\x85\u2028\x07", "c": ["no", "1", "*a"], "d": {"e\n": "{}"}}
    assert grow(yaml_text(odd, ["one\ntwo"])).root.plain() == odd


def test_the_reference_page_is_made_from_the_code():
    written = (EXAMPLES.parent / "docs/reference/faults-exchange.md").read_text("utf-8")
    assert written == page()


def test_every_number_is_told():
    folder = Path(tilt_in.__file__).parent
    code = "".join(file.read_text("utf-8") for file in (*folder.glob("*.py"), Path(fides_in.__file__)))
    assert all(code.count(f'"{number}"') >= 2 for number in DEMANDS)


class TestCommand:
    def run(self, *arguments):
        return CliRunner().invoke(make_app("en"), [str(each) for each in arguments])

    def test_a_draft_is_written_beside_its_gaps(self, tmp_path):
        (tmp_path / "in.json").write_text(json.dumps(BARE))
        answer = self.run("import", "tilt", tmp_path / "in.json", "-o", tmp_path / "out.yaml")
        assert answer.exit_code == 0 and "E010" in answer.output
        assert read((tmp_path / "out.yaml").read_text(), "out.yaml", Policy).document

    def test_no_file_is_replaced(self, tmp_path):
        (tmp_path / "in.json").write_text(json.dumps(BARE))
        answer = self.run("import", "tilt", tmp_path / "in.json", "-o", tmp_path / "in.json")
        assert answer.exit_code != 0
        assert json.loads((tmp_path / "in.json").read_text()) == BARE

    def test_an_export_replaces_no_file_of_the_workspace(self, tmp_path):
        import shutil

        folder = tmp_path / "guides"
        shutil.copytree(EXAMPLES / "guides", folder)
        before = (folder / "policy.yaml").read_bytes()
        answer = self.run("--workspace", folder, "export", "tilt", "-o", folder / "policy.yaml")
        assert answer.exit_code != 0 and (folder / "policy.yaml").read_bytes() == before

    @pytest.mark.parametrize("form", ["tilt", "dpv", "fideslang", "art30", "art30-pdf", "cookies"])
    def test_every_format_is_written(self, tmp_path, form):
        answer = self.run("--workspace", EXAMPLES / "guides", "export", form, "-o", tmp_path / "out")
        assert answer.exit_code == 0, answer.output
        assert (tmp_path / "out").stat().st_size > 500
