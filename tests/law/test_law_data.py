"""The law's own data agree with each other and with the policy document's words."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from lofte.law.adequacy import CHECKED_ON, DECISIONS, EEA, certified, inside_eea, outdated, safeguarded
from lofte.law.articles import ARTICLES, cite, name
from lofte.law.authorities import AUTHORITIES
from lofte.law.bases import BASES
from lofte.law.rights import Right
from lofte.law.statutes import STATUTES
from lofte.policy.document import LegalBasis, Rights


def test_every_basis_a_policy_may_name_is_explained():
    assert set(get_args(LegalBasis)) == set(BASES)


def test_every_right_has_its_terms_in_the_policy_document():
    assert {right.key for right in Right} == set(Rights.model_fields) - {"defaults"}


@pytest.mark.parametrize("right", Right)
def test_every_right_is_named_in_both_languages(right):
    assert right.article.split(".")[0] in ARTICLES
    for language in ("sv", "en"):
        assert right.name_in(language) and right.plain_in(language).endswith(".")


@pytest.mark.parametrize(
    ("reference", "sv", "en"),
    [
        ("15", "artikel 15", "Article 15"),
        ("6.1.f", "artikel 6.1 f", "Article 6(1)(f)"),
        ("12.3", "artikel 12.3", "Article 12(3)"),
        ("MFL-19-2", "MFL-19-2", "MFL-19-2"),
    ],
)
def test_an_article_is_cited_as_people_write_it(reference, sv, en):
    assert (cite(reference, "sv"), cite(reference, "en")) == (sv, en)


def test_a_point_of_an_article_bears_the_articles_name():
    assert name("15.1.b", "sv") == "Rätt till tillgång"


def test_a_basis_is_cited_by_its_own_law():
    assert BASES["6.1.b"].cite("sv") == "artikel 6.1 b"
    assert "marknadsföringslagen" in BASES["MFL-19-2"].cite("sv")


def test_consent_is_the_only_thing_that_can_be_withdrawn():
    assert {b.id for b in BASES.values() if b.withdrawable} == {"6.1.a", "9.2.a"}
    assert {b.id for b in BASES.values() if b.portable} == {"6.1.a", "6.1.b", "9.2.a"}
    assert {b.id for b in BASES.values() if b.objectable} == {"6.1.e", "6.1.f"}


def test_no_statute_binds_before_it_was_law():
    books = STATUTES["BFL-7-2"]
    assert books.in_force(date(2026, 12, 1)) and not books.in_force(date(2010, 12, 31))


def test_every_statute_is_told_in_both_languages():
    for id_, statute in STATUTES.items():
        assert statute.id == id_ and statute.source.startswith("SFS ")
        assert statute.name.sv and statute.name.en and statute.demands.sv and statute.demands.en


def test_complaints_go_to_imy():
    assert AUTHORITIES["IMY"].url == "https://www.imy.se/"


def test_data_inside_the_eea_need_no_safeguard():
    assert len(EEA) == 30 and all(safeguarded(c, date(1999, 1, 1)) for c in EEA)
    assert inside_eea("NO") and not inside_eea("CH")


def test_an_adequacy_decision_counts_only_while_it_is_in_force():
    assert safeguarded("GB", date(2031, 12, 27)) and not safeguarded("GB", date(2031, 12, 28))
    assert safeguarded("BR", date(2026, 1, 27)) and not safeguarded("BR", date(2026, 1, 26))


def test_the_united_states_are_safe_only_for_certified_recipients():
    assert not safeguarded("US", CHECKED_ON)
    assert (
        certified("US", CHECKED_ON)
        and not certified("US", date(2023, 7, 9))
        and not certified("CH", CHECKED_ON)
    )


def test_a_country_nobody_has_judged_is_not_safe():
    assert not safeguarded("IN", CHECKED_ON) and "IN" not in DECISIONS


def test_the_table_is_outdated_after_ninety_days():
    assert not outdated(date(2027, 2, 18)) and outdated(date(2027, 2, 19))
