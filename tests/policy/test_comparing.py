"""Two versions of the policy beside each other: every field, every sentence, and whether it is major."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lofte.policy.comparing import What, apply, compare, differences, majors, marked, touched
from lofte.policy.digest import canonical
from lofte.policy.document import Policy
from lofte.policy.reading import read

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("webhost", "signage", "reseller", "consultancy", "guides")


@lru_cache
def policy(name: str = "webhost") -> Policy:
    found = read((EXAMPLES / name / "policy.yaml").read_text(encoding="utf-8"), "policy.yaml", Policy)
    assert found.document is not None
    return found.document


def edited(**at: object) -> Policy:
    """The web host's policy with values at other paths (`__` for a dot); `...` takes the key away."""
    plain = policy().model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for path, value in at.items():
        *above, last = path.split("__")
        place = plain
        for key in above:
            place = place.setdefault(key, {})
        if value is ...:
            place.pop(last, None)
        else:
            place[last] = value
    return Policy.model_validate(plain)


def why(after: Policy, before: Policy | None = None) -> list[tuple[str, str]]:
    return [(reason.rule, reason.path) for reason in majors(before or policy(), after).reasons]


@pytest.mark.parametrize("name", NAMES)
def test_a_version_does_not_differ_from_itself(name):
    assert differences(policy(name), policy(name)) == ()
    assert not compare(policy(name), policy(name))
    assert not majors(policy(name), policy(name))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 2**32), st.floats(0, 1))
def test_all_changes_in_any_order_give_the_other_version(one, other, seed, share):
    chance = Random(seed)
    chosen = [each for each in differences(policy(one), policy(other)) if chance.random() <= share]
    halfway = apply(policy(one), chosen)
    for before, after in ((policy(one), halfway), (halfway, policy(other)), (halfway, policy(one))):
        changes = list(differences(before, after))
        chance.shuffle(changes)
        assert canonical(apply(before, changes)) == canonical(after)


def test_a_thing_taken_out_of_a_list_leaves_those_after_it_alone():
    items = policy().categories["contact"].model_dump(mode="json", exclude_defaults=True)["items"]
    [change] = differences(policy(), edited(categories__contact__items=items[1:]))
    assert (change.what, change.path) == (What.REMOVED, f"categories.contact.items.{items[0]['id']}")


def test_another_order_is_a_change_of_its_own():
    items = policy().categories["contact"].model_dump(mode="json", exclude_defaults=True)["items"]
    after = edited(categories__contact__items=items[::-1])
    [change] = differences(policy(), after)
    assert (change.what, change.path) == (What.MOVED, "categories.contact.items")
    assert canonical(apply(policy(), [change])) == canonical(after)


def test_a_change_shows_its_sentence_before_and_after_in_each_language():
    rule = next(
        rule for p in policy().purposes.values() if p.subjects == ("applicant",) for rule in p.retention
    )
    found = compare(policy(), edited(**{f"retention__{rule}__keep_until": "application.decided + P9Y"}))
    [changed] = found.changed
    assert changed.change.path == f"retention.{rule}.keep_until"
    for language, words in (("sv", "nio år"), ("en", "nine years")):
        read_ = [*changed.spoken(language), *(r for r in found.also if r.language == language)]
        assert any(words in text for each in read_ for text in each.after)
        assert not any(words in text for each in read_ for text in each.before)


def test_every_sentence_that_reads_otherwise_is_shown():
    name = {"sv": "Kundernas adresser", "en": "The addresses of the customers"}
    found = compare(policy(), edited(categories__contact__name=name))
    assert any("undernas adresser" in text for each in found.read("sv") for text in each.after)
    assert found.also, "lists that name the category read otherwise, too"


def test_words_alone_are_minor():
    assert not why(edited(meta__title={"sv": "Ny rubrik", "en": "New heading"}))


def test_a_new_purpose_is_major():
    new = {"name": {"sv": "Mätning", "en": "Measuring"}, "categories": ["contact"], "legal_basis": "6.1.b"}
    assert why(edited(purposes__measure=new)) == [("new_purpose", "purposes.measure")]


def test_data_that_get_a_purpose_they_did_not_have_have_a_new_one():
    name, purpose = next(
        (n, p) for n, p in policy().purposes.items() if set(policy().categories) - set(p.categories)
    )
    extra = sorted(set(policy().categories) - set(purpose.categories))[0]
    found = why(edited(**{f"purposes__{name}__categories": [*purpose.categories, extra]}))
    assert ("new_purpose", f"purposes.{name}.categories") in found


def test_a_new_kind_of_data_is_major():
    items = policy().categories["contact"].model_dump(mode="json", exclude_defaults=True)["items"]
    found = why(edited(categories__contact__items=[*items, {"id": "shoe_size"}]))
    assert found == [("new_category", "categories.contact.items.shoe_size")]


def test_a_new_recipient_in_a_new_country_is_major_twice():
    new = {"name": "Elsewhere Inc.", "role": "processor", "country": ["BR"], "categories": ["contact"]}
    assert why(edited(recipients__elsewhere=new)) == [
        ("new_recipient", "recipients.elsewhere"),
        ("new_country", "recipients.elsewhere.country"),
    ]


RULES = [
    ("contract.end + P12M", "contract.end + P13M", True),
    ("contract.end + P12M", "contract.end + P1Y", False),
    ("contract.end + P12M", "contract.end + P365D", False),
    ("contract.end + P365D", "contract.end + P12M", True),  # a leap year
    ("contract.end + P12M", "year_end(contract.end) + P12M", True),
    ("year_end(contract.end)", "contract.end + P12M", True),  # from 31 December, a year more
    ("year_end(contract.end) + P1Y", "contract.end + P12M", False),
    ("contract.end + P12M", "order.made", True),  # who knows which comes last
    ("contract.end + P30D", "contract.end + P1M", True),
    ("contract.end + P31D", "contract.end + P1M", False),
]


@pytest.mark.parametrize(("before", "after", "longer"), RULES)
def test_longer_is_longer_from_any_day_that_the_anchor_may_fall_on(before, after, longer):
    rule = next(iter(policy().retention))
    path = f"retention__{rule}__keep_until"
    found = why(edited(**{path: after}), edited(**{path: before}))
    assert (("longer_retention", f"retention.{rule}.keep_until") in found) is longer


def test_a_purpose_that_follows_a_longer_rule_keeps_longer():
    plain = {
        "short": {"keep_until": "contract.end", "action": "delete"},
        "long": {"keep_until": "contract.end + P1Y", "action": "delete"},
    }
    name = next(n for n, p in policy().purposes.items() if p.retention)
    rules = policy().model_dump(mode="json", by_alias=True, exclude_defaults=True)["retention"] | plain
    short = edited(retention=rules, **{f"purposes__{name}__retention": ["short"]})
    long = edited(retention=rules, **{f"purposes__{name}__retention": ["short", "long"]})
    assert why(long, short) == [("longer_retention", f"purposes.{name}.retention")]
    assert why(short, long) == []


def test_what_no_longer_goes_stays_longer():
    rule = next(n for n, r in policy().retention.items() if r.action == "delete")
    found = why(edited(**{f"retention__{rule}__action": "restrict"}))
    assert found == [("longer_retention", f"retention.{rule}.action")]


WEAKER = [
    ({"rights__portability": ...}, "rights.portability"),
    ({"rights__defaults__deadline": "P2M"}, "rights.defaults.deadline"),
    ({"rights__defaults__identification": ["e_id"]}, "rights.defaults.identification"),
    ({"rights__defaults__fee": {"amount": 50}}, "rights.defaults.fee"),
    ({"rights__erasure__grounds": ["17.1.a"]}, "rights.erasure.grounds"),
    ({"rights__erasure__exceptions": ["17.3.b", "17.3.d", "17.3.e"]}, "rights.erasure.exceptions"),
    ({"changes__lead_time": "P7D"}, "changes.lead_time"),
    ({"changes__major": ["new_purpose"]}, "changes.major"),
]


@pytest.mark.parametrize(("change", "path"), WEAKER, ids=[path for _, path in WEAKER])
def test_a_weaker_right_is_major(change, path):
    assert ("weaker_right", path) in why(edited(**change))


@pytest.mark.parametrize(("change", "path"), WEAKER, ids=[path for _, path in WEAKER])
def test_a_stronger_right_is_minor(change, path):
    assert ("weaker_right", path) not in why(policy(), edited(**change))


def test_consent_that_becomes_a_contract_takes_a_right_away():
    name = next(n for n, p in policy().purposes.items() if p.legal_basis == "6.1.a")
    found = why(edited(**{f"purposes__{name}__legal_basis": "6.1.b"}))
    assert ("weaker_right", f"purposes.{name}.legal_basis") in found


def test_a_version_is_judged_by_the_rule_that_people_were_promised():
    lax = edited(changes__major=["new_purpose"])
    stricter = edited(categories__contact__special="9")
    assert ("new_category", "categories.contact.special") in why(stricter)
    assert why(stricter, edited(changes__major=["new_purpose"], categories__contact__special=...)) == []
    assert ("weaker_right", "changes.major") in why(lax)


def test_a_major_change_takes_force_a_lead_time_after_it_is_told():
    found = majors(policy(), edited(**{"rights__portability": ...}))
    assert found.earliest(date(2026, 12, 1)) == date(2026, 12, 31)
    assert majors(policy(), policy()).earliest(date(2026, 12, 1)) == date(2026, 12, 1)


def test_a_change_of_one_purpose_touches_the_people_of_that_purpose():
    name, purpose = next((n, p) for n, p in policy().purposes.items() if p.subjects == ("applicant",))
    after = edited(**{f"purposes__{name}__name": {"sv": "Annat", "en": "Other"}})
    assert touched(policy(), after) == frozenset(purpose.subjects)


def test_a_change_of_rights_touches_everybody():
    assert touched(policy(), edited(**{"rights__portability": ...})) is None


def test_what_is_new_in_a_sentence_is_marked_by_the_word():
    pieces = marked("Vi sparar det i två år.", "Vi sparar det i nio år.")
    assert [(piece.what, piece.text) for piece in pieces] == [
        ("same", "Vi sparar det i "),
        ("gone", "två"),
        ("new", "nio"),
        ("same", " år."),
    ]


def test_words_beside_each_other_are_new_together():
    pieces = marked("i två år efter", "i 30 månader efter")
    assert [piece.text for piece in pieces if piece.what != "same"] == ["två år", "30 månader"]


def test_of_a_long_sentence_what_is_near_the_new_is_shown():
    long = " ".join(f"ord{n}" for n in range(200))
    pieces = marked(f"{long} två {long}", f"{long} nio {long}")
    assert len("".join(piece.text for piece in pieces)) < 150
    assert "nio" in [piece.text for piece in pieces]


def test_a_very_long_sentence_is_shown_as_it_stood_and_as_it_stands():
    before, after = (" ".join(f"word{n % turn}" for n in range(3_000)) for turn in (7, 11))
    assert [piece.what for piece in marked(before, after)] == ["gone", "new"]
