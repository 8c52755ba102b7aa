"""A document is read safely; what is wrong with it is said with line, column and mend."""

# ruff: noqa: E501 (a line of the table is a line)
from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lofte.datamap.document import System
from lofte.policy import keypath, tree
from lofte.policy.document import Policy
from lofte.policy.reading import read
from tests.policy.skyltio import DRAFT, GOOD, changed, reading


def only(text, model=Policy):
    """The one fault of the text."""
    (fault,) = read(text, "policy.yaml", model).faults
    return fault


def at(text, fault):
    """The text from the place the fault points at."""
    return text.splitlines()[fault.place.line - 1][fault.place.column - 1 :]


def test_the_whole_document_is_read_without_a_fault():
    got = reading(DRAFT)
    assert got.faults == () and got.document is not None
    assert set(Policy.model_fields) - {"waivers", "texts"} <= set(got.root.value)


def test_bytes_are_read_as_text_is():
    assert (
        reading(GOOD).document
        == reading(GOOD.encode()).document
        == reading(b"\xef\xbb\xbf" + GOOD.encode()).document
    )


def test_a_day_becomes_a_date():
    assert reading(GOOD).document.meta.effective_from == date(2026, 12, 1)


@pytest.mark.parametrize("version", ["2026.10", "1", "007", "1.0", '"2.50"', "v2"])
def test_a_version_stays_as_it_was_written(version):
    document = reading(changed(("version: 2026.10", f"version: {version}"))).document
    assert document.meta.version == version.strip('"')


def test_one_word_stands_for_a_list_of_one():
    assert reading(GOOD).document.recipients["hosting"].country == ("SE",)


class TestWhatIsWrong:
    def test_an_unknown_key_is_told_with_the_nearest_known_name(self):
        text = changed(("trade_name: Skyltio", "tradename: Skyltio"))
        fault = only(text)
        assert (fault.number, fault.place.path) == ("P007", "controller.tradename")
        assert at(text, fault).startswith("tradename") and "`trade_name`" in fault.mend

    def test_a_missing_key_is_told_where_it_should_be(self):
        text = changed(('authority: {id: IMY, name: {sv: Integritetsskyddsmyndigheten, en: IMY}, url: "https://www.imy.se/"}',
                        "authority: {id: IMY, name: {sv: IMY, en: IMY}}"))  # fmt: skip
        fault = only(text)
        assert (fault.number, fault.place.path) == ("P008", "authority.url")
        assert at(text, fault).startswith("authority")

    def test_a_value_outside_the_list_is_told_with_those_allowed(self):
        text = changed(("status: draft", "status: drafft"))
        fault = only(text)
        assert (fault.number, fault.place.path) == ("P009", "meta.status")
        assert at(text, fault).startswith("drafft")
        assert all(f"`{word}`" in fault.mend for word in ("draft", "review", "approved", "published"))

    @pytest.mark.parametrize(
        ("old", "new", "path", "mend"),
        [
            ("automatic: true", "automatic: yes", "sources.service.automatic", "`true` or `false`"),
            ("automatic: true", "automatic: 1", "sources.service.automatic", "`true` or `false`"),
            ("approvals: 2", 'approvals: "2"', "recipients.tax_office.approvals", "without quotes"),
            ("approvals: 2", "approvals: 2.0", "recipients.tax_office.approvals", "without quotes"),
            ("approvals: 2", "approvals: 9", "recipients.tax_office.approvals", "5 or less"),
            ("effective_from: 2026-12-01", "effective_from: 20261201", "meta.effective_from", "2026-12-01"),
            ("effective_from: 2026-12-01", "effective_from: 0", "meta.effective_from", "2026-12-01"),
            ("effective_from: 2026-12-01", "effective_from: 2026-02-30", "meta.effective_from", "2026-12-01"),
            ("effective_from: 2026-12-01", "effective_from: 2026-12-01T00:00:00", "meta.effective_from", "2026-12-01"),
            ("legal_name: Skyltio AB", "legal_name: 5560004615", "controller.legal_name", '"5560004615"'),
            ("trade_name: Skyltio", "trade_name: [Skyltio]", "controller.trade_name", "write text"),
            ("languages: [sv, en]", "languages: sv", "meta.languages", "write a list"),
            ("dpo: {designated: unknown}", "dpo: none", "dpo", "`key: value`"),
            ("id: skyltio-dataskydd", "id: Skyltio Dataskydd", "meta.id", "`skyltio-dataskydd`"),
            ("country: SE\n", "country: Sverige\n", "controller.country", "two capital letters"),
            ("policy: 1\n", "policy: true\n", "policy", "number"),
        ],
    )  # fmt: skip
    def test_a_value_is_taken_as_it_was_written(self, old, new, path, mend):
        text = changed((old, new))
        fault = only(text)
        assert (fault.number, fault.place.path) == ("P009", path)
        assert mend in fault.mend

    def test_a_number_where_the_list_has_text_is_told_to_be_quoted(self):
        fault = only(changed(("items: [login, ip]}", "items: [login, ip], special: 9}")))
        assert fault.mend == 'put it in quotes: "9"'

    def test_a_key_that_is_no_id_is_told_at_the_key(self):
        text = changed(("  stories: {keep", "  Stories: {keep"))
        fault = only(text)
        assert at(text, fault).startswith("Stories:") and "`stories`" in fault.mend

    def test_a_table_of_cookies_is_judged_as_a_table(self):
        fault = only(changed(("purpose: statistics", "purpose: statistic")))
        assert fault.place.path == "cookies.table[1].purpose" and "`statistics`" in fault.mend

    def test_a_name_from_inside_the_program_is_no_key(self):
        fault = only(changed(("- {as: controller,", "- {as_: controller,")))
        assert (fault.number, fault.place.path) == ("P007", "roles[0].as_")

    def test_all_faults_are_told_at_once_the_first_line_first(self):
        text = changed(
            ("status: draft", "status: x"), ("policy: 1\n", "policy: 2\n"), ("approvals: 2", "approval: 2")
        )
        assert [f.number for f in reading(text).faults] == ["P009", "P009", "P007"]

    @pytest.mark.parametrize("text", ["[]", "policy", "- policy: 1", "3", "null"])
    def test_a_document_that_is_no_mapping_is_told_so(self, text):
        assert only(text).number == "P009"


SYSTEM = """\
system: 1
id: crm
name: {sv: Kundregister, en: CRM}
url: sqlite:///crm.db
datasets:
  customer:
    table: "Kund & Co"
    name: {sv: Kunder, en: Customers}
    key: id
    subject:
      - {by: own}
      - {by: reference, columns: parent, to: customer}
    fields:
      "E-post, hem": {category: contact, identity: email, codes: {0: {sv: nej}, 1: {sv: ja}}}
      id.old: {technical: true}
"""


class TestTheDataMapIsReadTheSameWay:
    def test_a_system_is_read(self):
        got = read(SYSTEM, "crm.yaml", System)
        assert got.faults == () and got.document.datasets["customer"].fields["E-post, hem"].codes.keys() == {
            "0",
            "1",
        }

    @pytest.mark.parametrize(
        ("old", "new", "number", "path", "mend"),
        [
            ("category: contact", "categry: contact", "P007", 'datasets.customer.fields["E-post, hem"].categry', "`category`"),
            ("to: customer", "to: [customer]", "P009", "datasets.customer.subject[1].to", "write text"),
            ("{by: own}", "{by: onw}", "P009", "datasets.customer.subject[0].by", "`own`"),
            ("{by: own}", "{bye: own}", "P008", "datasets.customer.subject[0].by", "`by:`"),
            ("identity: email", "identity: e-mail", "P009", 'datasets.customer.fields["E-post, hem"].identity', "`email`"),
            ("technical: true", "technical: on", "P009", 'datasets.customer.fields["id.old"].technical', "`true`"),
        ],
    )  # fmt: skip
    def test_a_fault_is_told_with_its_path_and_mend(self, old, new, number, path, mend):
        faults = read(changed((old, new), text=SYSTEM), "crm.yaml", System).faults
        first = faults[0]
        assert (first.number, first.place.path) == (number, path)
        assert mend in first.mend

    def test_a_place_can_be_found_later_by_its_path(self):
        got = read(SYSTEM, "crm.yaml", System)
        for path, key in (
            ('datasets.customer.fields["E-post, hem"]', '"E-post, hem":'),
            ('datasets.customer.fields["id.old"]', "id.old:"),
        ):
            place = got.place(path)
            assert SYSTEM.splitlines()[place.line - 1][place.column - 1 :].startswith(key)
        path = "datasets.customer.subject[1].to"
        assert str(got.place(path)) == f"crm.yaml:12:42 ({path})"

    def test_a_path_that_is_not_there_has_the_place_of_the_nearest_above(self):
        got = read(SYSTEM, "crm.yaml", System)
        assert got.place("datasets.customer.anchors.x").line == 6
        assert got.place("nowhere.at.all").line == 1

    def test_the_place_of_a_value_is_where_it_begins(self):
        got = read(SYSTEM, "crm.yaml", System)
        assert (got.place("id").column, got.value_place("id").column) == (1, 5)


def bomb():
    lines = ["a: &a [x,x,x,x,x,x,x,x]"]
    lines += [
        f"{new}: &{new} [{','.join([f'*{old}'] * 8)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(lines)


class TestHostileText:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            (bomb(), "P005"),
            ("a: *b", "P005"),
            ("a: !!python/object:os.system {}", "P005"),
            ("a: ! x", "P005"),
            ("&k a: 1", "P005"),
            ("!!str a: 1", "P005"),
            ("[" * 100_000, "P003"),
            ("{a: " * 100_000, "P003"),
            ("- " * 100_000, "P003"),
            ("[" + "a," * 60_000 + "]", "P004"),
            ("# " + "x" * tree.MAX_BYTES, "P002"),
            ("å" * (tree.MAX_BYTES // 2 + 1), "P002"),
            ("", "P001"),
            ("# nothing", "P001"),
            ("a: [", "P001"),
            ("a: b: c", "P001"),
            ("\ta: 1", "P001"),
            ("a: 1\n---\nb: 2", "P001"),
            ("? [a]\n: 1", "P001"),
            ("a: '\x00'", "P001"),
            (b"a: \xff", "P001"),
            ('a: "\\U99999999"', "P001"),
            ('a: "\\ud800"', "P001"),
            ("%YAML 9.9\n---\na: 1", "P001"),
            ("a: 1\na: 2", "P006"),
            ('1: 1\n"1": 2', "P006"),
        ],
    )
    def test_it_is_refused_with_its_number(self, text, number):
        got = read(text, "f.yaml", Policy)
        assert got.document is None and number in [f.number for f in got.faults]

    def test_the_first_alias_ends_the_reading(self):
        fault = only(bomb())
        assert (fault.place.line, fault.place.column) == (1, 4)

    @pytest.mark.parametrize(
        ("text", "named"), [("a: *b", "alias"), ("a: &b c", "anchor"), ("a: !b c", "tag")]
    )
    def test_what_is_shared_is_called_by_its_name(self, text, named):
        assert named in only(text).what

    def test_depth_is_counted_in_levels(self):
        assert tree.grow("[" * 32 + "]" * 32).faults == ()
        assert [f.number for f in tree.grow("[" * 33 + "]" * 33).faults] == ["P003"]

    def test_a_size_just_allowed_is_read(self):
        text = "a: " + "x" * (tree.MAX_BYTES - 3)
        assert tree.grow(text).faults == () and tree.grow(text + "y").faults[0].number == "P002"

    def test_bytes_that_are_no_text_are_told_by_line_and_column(self):
        fault = only(b"a: 1\nb: \xe5\n")
        assert (fault.place.line, fault.place.column) == (2, 4)

    def test_a_key_twice_says_where_the_other_is(self):
        fault = next(f for f in read("meta: {}\nmeta: {}\n", "f", Policy).faults if f.number == "P006")
        assert (fault.place.line, fault.place.path) == (2, "meta") and "line 1" in fault.mend

    @settings(max_examples=300, deadline=None)
    @given(
        st.text()
        | st.text(alphabet=st.sampled_from(list("ab:-[]{}#&*!|>'\"%@`,? \n\t\\~0123.eExX+u")), max_size=60)
        | st.binary()
    )
    @example("? ")
    @example("- - -\n -")
    @example('"\\')
    def test_no_text_can_make_it_raise(self, text):
        got = read(text, "f", Policy)
        assert got.document is None and got.faults


class TestCoreSchema:
    @pytest.mark.parametrize(
        "text",
        ["yes", "no", "on", "off", "Yes", "NO", "y", "2026-12-01", "12:30:00", "0o8", "1_000", "0b1", ".x", "1e", "1.2.3", "<<"],
    )  # fmt: skip
    def test_these_are_text(self, text):
        assert tree.scalar(text) == text

    @pytest.mark.parametrize(
        ("text", "value"),
        [("true", True), ("FALSE", False), ("~", None), ("", None), ("Null", None), ("0o17", 15), ("0xfF", 255),
         ("-12", -12), ("+3", 3), ("010", 10), ("1e3", 1000.0), (".5", 0.5), ("-.inf", float("-inf")), ("2.", 2.0)],
    )  # fmt: skip
    def test_these_are_values(self, text, value):
        assert tree.scalar(text) == value
        assert isinstance(tree.scalar(text), type(value))

    def test_quotes_make_text(self):
        assert tree.grow("[\"1\", '~', \"true\", '']").root.plain() == ["1", "~", "true", ""]

    @given(st.integers(-(10**30), 10**30))
    def test_every_whole_number_is_read_back(self, number):
        assert tree.scalar(str(number)) == number

    @given(st.floats(allow_nan=False, allow_infinity=False))
    def test_every_decimal_is_read_back(self, number):
        assert tree.scalar(repr(number)) == number

    JSON = st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x7E)),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet="abc .[]\"\\å", min_size=1, max_size=5), inner, max_size=4),
        max_leaves=12,
    )  # fmt: skip

    @settings(deadline=None)
    @given(JSON)
    def test_json_is_read_as_what_it_says(self, value):
        assert tree.grow(json.dumps(value, ensure_ascii=False)).root.plain() == value


class TestPaths:
    @given(st.lists(st.text() | st.integers(0, 10**6)))
    def test_a_path_is_read_back_as_its_keys(self, segments):
        assert keypath.split(keypath.join(segments)) == tuple(segments)

    @pytest.mark.parametrize(
        ("segments", "path"),
        [
            (("purposes", "invoice", "law", 0), "purposes.invoice.law[0]"),
            (("fields", "E-post, hem", "label"), 'fields["E-post, hem"].label'),
            (("fields", "a.b"), 'fields["a.b"]'),
            (("0",), '["0"]'),
            (("dpa-annex-1",), "dpa-annex-1"),
            ((), ""),
        ],
    )
    def test_paths_look_as_people_expect(self, segments, path):
        assert keypath.join(segments) == path

    @pytest.mark.parametrize("path", ["a..b", "a[", 'a["b', "a b", "a.[0]", "a.0"])
    def test_what_is_no_path_is_one_key(self, path):
        assert keypath.split(path) in ((path,), ("a", 0))
