"""What the banner shows: complete in both languages, small, and asked again only when it must be."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from lofte.fault import Fault
from lofte.policy.cookies import Shown, shown, vendors
from lofte.policy.cookies.words import KINDS, OTHERS, OURS, SESSION, WORDS
from lofte.policy.document import Cookie, Cookies, Policy, Text
from lofte.policy.reading import read

ROOT = Path(__file__).parents[2]
EXAMPLES = ("signage", "reseller", "consultancy", "webhost", "guides")


def example(name: str = "consultancy") -> Policy:
    text = (ROOT / "examples" / name / "policy.yaml").read_text(encoding="utf-8")
    policy = read(text, "policy.yaml", Policy).document
    assert policy is not None
    return policy


def with_table(*table: Cookie, **terms: str) -> Policy:
    cookies = Cookies(consent="prior_opt_in", table=table, **terms)  # type: ignore[arg-type]
    return example().model_copy(update={"cookies": cookies})


def of(policy: Policy, language: str = "sv") -> Shown:
    made = shown(policy, language)  # type: ignore[arg-type]
    assert isinstance(made, Shown)
    return made


COUNT = Cookie(name="c", purpose="statistics", provider="Räknesticka AB", lifetime="P30D")


@pytest.mark.parametrize("key", sorted(WORDS))
def test_every_word_is_said_in_both_languages(key):
    said = WORDS[key]
    assert said.sv and said.en and said.sv != said.en
    holes = [{part.split("}")[0] for part in text.split("{")[1:]} for text in (said.sv, said.en)]
    assert holes[0] == holes[1]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_in_both_languages(kind):
    assert all(each.sv and each.en for each in (*KINDS[kind], OURS, OTHERS, SESSION))


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_a_page_carries_is_small(name, language):
    text = json.dumps(of(example(name), language).config(), ensure_ascii=False, separators=(",", ":"))
    assert len(gzip.compress(text.encode(), 9)) <= 1024


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_cookie_that_waits_for_a_yes_is_shown(name):
    policy = example(name)
    told = of(policy).body["purposes"]
    names = {c[0] for p in told for v in p["vendors"] for c in v["cookies"]}
    assert policy.cookies is not None and isinstance(policy.cookies.table, tuple)
    assert names == {c.name for c in policy.cookies.table if c.purpose != "necessary"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_choice_is_kept_in_the_cookie_that_the_policy_names(name):
    policy = example(name)
    assert policy.cookies is not None and isinstance(policy.cookies.table, tuple)
    necessary = {c.name for c in policy.cookies.table if c.purpose == "necessary"}
    assert of(policy).config()["name"] in necessary


def test_the_same_policy_shows_the_same_bytes():
    assert of(example()).snapshot == of(example()).snapshot
    assert of(example()).sha == of(example()).sha


def test_both_languages_are_one_edition():
    assert of(example(), "sv").edition == of(example(), "en").edition
    assert of(example(), "sv").sha != of(example(), "en").sha


def test_a_changed_wording_is_another_notice_of_the_same_edition():
    before = of(with_table(COUNT))
    after = of(with_table(COUNT.model_copy(update={"text": Text(sv="räknar", en="counts")})))
    assert before.edition == after.edition and before.sha != after.sha


@pytest.mark.parametrize(
    "change",
    [
        {"lifetime": "P60D"},
        {"provider": "Annan AB"},
        {"purpose": "marketing"},
        {"name": "d"},
    ],
)
def test_what_was_not_consented_to_is_another_edition(change):
    assert of(with_table(COUNT)).edition != of(with_table(COUNT.model_copy(update=change))).edition


def test_an_added_vendor_is_another_edition():
    other = COUNT.model_copy(update={"provider": "Annan AB", "name": "d"})
    assert of(with_table(COUNT)).edition != of(with_table(COUNT, other)).edition


def test_the_order_of_the_table_does_not_matter():
    other = COUNT.model_copy(update={"provider": "Annan AB", "name": "d"})
    assert of(with_table(COUNT, other)).edition == of(with_table(other, COUNT)).edition


def test_who_serves_two_purposes_has_an_id_for_each():
    both = of(with_table(COUNT, COUNT.model_copy(update={"purpose": "marketing", "name": "d"})))
    assert both.vendors == {"raknesticka-s": "statistics", "raknesticka-m": "marketing"}


def test_forty_vendors_fit_in_the_cookie():
    named = vendors.ids(("marketing", f"Annonsbolaget nummer {n} AB") for n in range(40))
    assert len(set(named.values())) == 40
    assert len("~".join(named.values())) <= vendors.ROOM


def test_a_vendor_is_never_called_as_a_purpose():
    assert vendors.ids([("statistics", "Marketing AB")])["statistics", "Marketing AB"] != "marketing"


@pytest.mark.parametrize(
    ("policy", "number"),
    [
        (example().model_copy(update={"cookies": None}), "C001"),
        (example().model_copy(update={"cookies": Cookies(consent="none_needed")}), "C001"),
        (with_table(COUNT.model_copy(update={"purpose": "necessary"})), "C001"),
        (example().model_copy(update={"cookies": Cookies(consent="prior_opt_in", table="scanned")}), "C002"),
        (with_table(COUNT, consent_max_age="P2Y"), "C003"),
        (with_table(*(COUNT.model_copy(update={"provider": f"Bolag {n}"}) for n in range(80))), "C004"),
    ],
)
def test_what_cannot_be_asked_is_a_fault(policy, number):
    made = shown(policy, "sv")
    assert isinstance(made, Fault) and made.number == number and made.mend
