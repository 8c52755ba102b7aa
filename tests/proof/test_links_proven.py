"""The links of the text are tried by whoever is asked to, and what they found is weighed."""

from __future__ import annotations

from datetime import timedelta

from lofte.policy.digest import digest
from lofte.policy.links import dead, links
from lofte.proof.links import FRESH
from lofte.proof.records import Finding
from tests.proof.judging import finding, noted, policy_of

COMPANY = "guides"


def tried(checked: int = 2, gone: int = 0, days: int = 1, **changed: object):
    version = digest(policy_of(COMPANY, **changed))
    return noted("links.checked", days=days, digest=version, checked=checked, dead=gone)


def test_every_address_of_the_policy_is_tried_once_and_reserved_names_never():
    policy = policy_of(COMPANY, meta__url="https://stigvis.se/integritet")
    assert links(policy) == {
        "https://stigvis.se/integritet": "meta.url",
        "https://www.imy.se/": "authority.url",
    }


def test_an_address_that_does_not_answer_is_told_with_its_field():
    answers = {"https://www.imy.se/": 404}
    (fault,) = dead(policy_of(COMPANY), answers.get)
    assert (fault.number, fault.place.path) == ("P186", "authority.url") and "404" in fault.what
    assert len(dead(policy_of(COMPANY), lambda url: None)) == 1


def test_an_address_that_asks_for_a_sign_in_answers():
    for status in (200, 301, 401, 403, 429):
        assert dead(policy_of(COMPANY), lambda url, status=status: status) == ()


def test_links_that_all_answered_lately_keep_the_promise():
    assert finding(COMPANY, "P039") is Finding.UNPROVEN
    assert finding(COMPANY, "P039", tried()) is Finding.KEPT
    assert finding(COMPANY, "P004", tried()) is Finding.KEPT


def test_a_dead_link_breaks_the_promise():
    assert finding(COMPANY, "P039", tried(gone=1)) is Finding.BROKEN
    assert finding(COMPANY, "P004", tried(gone=1)) is Finding.BROKEN


def test_an_old_look_or_one_at_another_version_shows_nothing():
    assert finding(COMPANY, "P039", tried(days=(FRESH + timedelta(days=2)).days)) is Finding.UNPROVEN
    assert finding(COMPANY, "P039", tried(meta__version="2026.2")) is Finding.UNPROVEN


def test_a_document_without_a_version_breaks_the_promise():
    policy = policy_of(COMPANY, documents=["booking-terms"])
    assert finding(COMPANY, "P004", policy=policy) is Finding.BROKEN
