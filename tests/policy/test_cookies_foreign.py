"""Configurations of other banners are read as data, and what cannot be carried over is told."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lofte.fault import Fault, Severity
from lofte.policy.cookies.foreign import Draft, draft
from lofte.policy.cookies.literal import Gap, Pattern, Unreadable, literal
from lofte.policy.document import Cookies

VANILLA = r"""
import * as CookieConsent from 'vanilla-cookieconsent';
const brand = 'x';
CookieConsent.run({
  mode: 'opt-in', revision: 2,
  cookie: {name: 'cc_cookie', expiresAfterDays: 182},
  categories: {
    necessary: {readOnly: true, enabled: true},
    analytics: {
      enabled: true, // chosen beforehand
      autoClear: {cookies: [{name: /^_ga/}, {name: '_gid'}]},
      services: {ga: {label: 'Räknesticka', onAccept: () => { go({a: [1, ']']}) }, onReject() {} ,
        cookies: [{name: /^(_ga|_gid)/}]}},
    },
    weird: {},
  },
  onConsent({cookie}) { console.log(cookie, "}") },
  language: {default: 'sv', autoDetect: brand, translations: {
    sv: {preferencesModal: {sections: [{title: 'x'}, {linkedCategory: 'analytics', cookieTable: {body: [
      {name: '_gid', domain: "a.example", desc: 'R\u00e4knar bes\u00f6k', expiration: '1 dag'}]}}]}},
    en: {preferencesModal: {sections: [{linkedCategory: 'analytics', cookieTable: {body: [
      {name: '_gid', domain: location.hostname, desc: `Counts visits`, expiration: '1 day'}]}}]}},
  }}
});
"""
KLARO = r"""
/* klaro */
var klaroConfig = {
    cookieName: 'klaro', cookieExpiresAfterDays: 365, default: false, hideDeclineAll: true,
    translations: { sv: { matomo: {description: 'Räknar besök'} },
                    en: { matomo: {description: "It's counts"} } },
    services: [
        { name: 'matomo', title: 'Matomo', purposes: ['analytics'], default: true,
          cookies: [ [/^_pk_.*$/, '/', 'klaro.example'], 'piwik_ignore', /^once$/ ],
          callback: function(consent, service) { console.log('}', consent); } },
        { name: 'camera', purposes: ['security'], required: true, cookies: [/^inst_\d+$/] },
        { name: 'yt', purposes: ['oddity'] },
        { name: 'none', purposes: ['marketing'] },
    ],
};
window.klaroConfig = klaroConfig;
"""


def read(source: str) -> Draft:
    made = draft(source, "old.js")
    assert isinstance(made, Draft)
    return made


def numbers(made: Draft) -> set[str]:
    return {fault.number for fault in made.faults}


@pytest.mark.parametrize("source", [VANILLA, KLARO])
def test_the_draft_is_a_section_of_the_policy(source):
    section = YAML(typ="safe").load(read(source).yaml)["cookies"]
    section["table"] = tuple(section["table"])
    assert Cookies.model_validate(section).consent == "prior_opt_in"


def test_a_table_of_two_languages_is_one_row_with_both():
    row = next(c for c in read(VANILLA).cookies if c.name == "_gid")
    assert (row.kind, row.provider, row.lifetime) == ("statistics", "a.example", "P1D")
    assert row.texts == {"sv": "Räknar besök", "en": "Counts visits"}


def test_a_pattern_becomes_a_beginning():
    assert {c.name for c in read(VANILLA).cookies} == {"_gid", "_ga*"}
    assert {c.name for c in read(KLARO).cookies} == {"_pk_*", "piwik_ignore", "once"}


@pytest.mark.parametrize(
    ("source", "number", "path"),
    [
        (VANILLA, "C011", "onConsent"),
        (VANILLA, "C011", "categories.analytics.services.ga.onReject"),
        (VANILLA, "C011", "language.autoDetect"),
        (VANILLA, "C012", "categories.weird"),
        (VANILLA, "C013", "categories.analytics.autoClear.cookies[0]"),
        (VANILLA, "C014", "categories.analytics.services.ga.cookies[0]"),
        (VANILLA, "C015", "categories.analytics.enabled"),
        (VANILLA, "C016", "categories.analytics.autoClear.cookies[0]"),
        (KLARO, "C011", "services[0].callback"),
        (KLARO, "C012", "services[2].purposes"),
        (KLARO, "C014", "services[1].cookies[0]"),
        (KLARO, "C015", "hideDeclineAll"),
        (KLARO, "C015", "services[0].default"),
        (KLARO, "C016", "services[3].cookies"),
    ],
)
def test_each_gap_is_told_where_it_is(source, number, path):
    assert (number, path) in {(fault.number, fault.place.path) for fault in read(source).faults}


def test_code_is_told_with_its_line():
    fault = next(f for f in read(VANILLA).faults if f.place.path == "onConsent")
    assert VANILLA.splitlines()[fault.place.line - 1].strip().startswith("onConsent")


def test_what_is_left_out_is_an_error():
    left_out = [f for f in read(KLARO).faults if f.number == "C012"]
    assert all(f.severity is Severity.ERROR for f in left_out) and left_out


@pytest.mark.parametrize(
    "source", ["", "function () {", "{", "{a: ]}", "[1]", "var x = 3", '{"a": 1}', "\0", "{" * 500]
)
def test_what_is_no_configuration_is_one_fault(source):
    made = draft(source, "old.js")
    assert isinstance(made, Fault) and made.number == "C010" and made.mend


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{a: 1, 'b': -2.5, \"c\": true,}", {"a": 1, "b": -2.5, "c": True}),
        ("{a: [1, , 2]}", {"a": [1, Gap(line=1, source=""), 2]}),
        ("x = {a: /a[/]b/g}", {"a": Pattern(text="a[/]b")}),
        (
            "x = {a: 'x' + y, b: 60 * 60}",
            {"a": Gap(line=1, source="'x' + y"), "b": Gap(line=1, source="60 * 60")},
        ),
        ("x = {a: `${y}`}", {"a": Gap(line=1, source="`${y}`")}),
        ("x = {a: '\\x41\\u{1F36A}\\n'}", {"a": "A🍪\n"}),
        ("/* { */ x = {\n...y, b: 1}", {"...2": Gap(line=2, source="...y"), "b": 1}),
    ],
)
def test_a_literal_is_read_as_it_stands(source, value):
    assert literal(source) == value


DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-9999, 9999) | st.text(max_size=8),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), DATA, max_size=4))
def test_json_is_read_as_json(value):
    assert literal(json.dumps(value)) == value


@given(st.text(alphabet="{}[]()'\"`/\\*:,.ax1=\n $", max_size=60))
def test_nothing_that_somebody_writes_breaks_the_reader(source):
    with suppress(Unreadable):
        literal("{" + source)
    draft(source, "old.js")
