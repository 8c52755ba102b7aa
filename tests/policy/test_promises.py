"""A promise is what a sentence says; what is not said is not promised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from lofte.law.statutes import STATUTES
from lofte.policy.document import Policy
from lofte.policy.notice import notice
from lofte.policy.promises import ARTICLE, promises

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost" / "policy.yaml"
OF_A_WEB_HOST = """
P001 P005 P007 P008 P010 P011 P012 P015 P016 P023 P024 P028 P029 P034 P036 P037 P038 P039 P043 P048
P054 P055 P056 P057 P062 P064 P068 P069 P072 P078 P097 P103 P105 P106 P107 P109 P110 P116 P117 P118
P119 P120 P123 P124 P125 P126 P134 P135 P136 P140 P144 P145
""".split()  # noqa: SIM905


def webhost(**meta: str) -> Policy:
    document = YAML(typ="safe").load(WEBHOST)
    document["meta"] |= meta
    return Policy.model_validate(document)


def test_the_web_host_makes_every_promise_of_its_trade():
    assert set(OF_A_WEB_HOST) <= {p.id for p in promises(webhost())}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_promise_shows_a_sentence_of_the_notice(language):
    said = {(line.path, line.text) for line in notice(webhost(), language).lines()}
    for promise in promises(webhost(), language):
        assert (promise.path, promise.sentence) in said
        assert promise.path == promise.paths[0]


def test_every_promise_in_the_notice_is_listed_once():
    said = {p for line in notice(webhost(), "sv").lines() for p in line.promises}
    assert [p.id for p in promises(webhost())] == sorted(said)


def test_every_known_promise_has_a_place_in_the_law():
    assert sorted(ARTICLE) == [f"P{number:03}" for number in range(1, 154)]
    for article in ARTICLE.values():
        assert re.fullmatch(r"\d{1,2}(\.\d)?(\.[a-h])?", article) or article in STATUTES


def test_a_promise_with_an_unknown_number_is_kept_in_the_list_without_an_article():
    document = YAML(typ="safe").load(WEBHOST)
    document["purposes"]["invoice"]["promises"] = ["P999"]
    found = {p.id: p for p in promises(Policy.model_validate(document))}
    assert found["P999"].article == ""
    assert found["P999"].path == "purposes.invoice.text"


def test_what_the_document_does_not_say_is_not_promised():
    document = YAML(typ="safe").load(WEBHOST)
    document["rights"].pop("restriction")
    document.pop("cookies")
    document["changes"]["notify"] = ["email"]
    found = {p.id for p in promises(Policy.model_validate(document))}
    assert not found & {"P105", "P106", "P107", "P123", "P125", "P142"}
    assert "P141" in found


def test_promises_are_told_in_the_record_language_unless_asked():
    assert promises(webhost()) == promises(webhost(), "sv")
    assert promises(webhost(record_language="en")) == promises(webhost(), "en")


TOLD = [
    ("P013", {"assurances": ["law_followed"]}),
    ("P066", {"assurances": ["never_sold"]}),
    ("P060", {"assurances": ["no_marketing_by_others"]}),
    ("P152", {"assurances": ["linked_sites"]}),
    ("P093", {"security": {"measures": ["intrusion_protection"]}}),
    ("P094", {"security": {"measures": ["privacy_by_design"]}}),
    ("P086", {"recipients": {"supplier": {"role": "processor", "promises": ["P086"]}}}),
    ("P143", {"changes": {"major": ["new_purpose"], "notify": ["website", "message"]}}),
    ("P080", {"statistics": {"recipients": ["measurer"]}}),
]


@pytest.mark.parametrize(("promise", "said"), TOLD, ids=[promise for promise, _ in TOLD])
def test_what_the_document_says_is_promised(promise, said):
    document = YAML(typ="safe").load(WEBHOST)
    assert promise not in {p.id for p in promises(Policy.model_validate(document))}
    made = {p.id: p for p in promises(Policy.model_validate(document | said))}
    assert made[promise].path.partition(".")[0].partition("[")[0] in said


@pytest.mark.parametrize("basis", ["contract", "law", "explicit_consent"])
def test_a_machines_decision_promises_consent_or_contract_only_where_it_rests_on_one(basis):
    document = YAML(typ="safe").load(WEBHOST)
    document["automated_decisions"]["abuse_lock"]["basis"] = basis
    found = {p.id for p in promises(Policy.model_validate(document))}
    assert ("P041" in found) is (basis != "law")
