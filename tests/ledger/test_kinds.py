"""The ledger takes ids, counts, articles, dates, digests and codes, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lofte.errors import Refused
from lofte.ledger.entry import checked_object
from lofte.ledger.forms import Form
from lofte.ledger.kinds import Kind
from lofte.ledger.payloads import ALLOWED, checked

PERSONAL = [
    "Anna Åkesson",
    "anna@kund.example",
    "19900101-2385",
    "199001012385",
    "070-1740605",
    "0701740605",
    "192.0.2.7",
    "Storgatan 1, Umeå",
    "anna\n",
    "",
]


def test_every_kind_says_what_it_may_hold():
    assert set(ALLOWED) == set(Kind)


def test_no_form_takes_a_sentence():
    assert not [f for f in Form if re.fullmatch(f.value, "She asked about her bill", re.ASCII)]


@pytest.mark.parametrize("value", PERSONAL)
def test_no_text_of_a_person_can_be_noted(value):
    for kind, keys in ALLOWED.items():
        for key in keys:
            with pytest.raises(Refused):
                checked(kind, {key: value})


@given(st.text(), st.sampled_from(list(Kind)))
def test_a_key_that_is_not_listed_is_refused(key, kind):
    if key not in ALLOWED[kind]:
        with pytest.raises(Refused):
            checked(kind, {key: 1})


@pytest.mark.parametrize("value", [-1, 1.5, True, "3", None, 10**18])
def test_a_count_is_a_whole_number_from_nought(value):
    with pytest.raises(Refused):
        checked(Kind.STEP_DONE, {"rows": value})


def test_a_refusal_does_not_repeat_the_value():
    with pytest.raises(Refused) as refusal:
        checked(Kind.HANDLER_ADDED, {"role": "anna@kund.example"})
    assert "anna" not in str(refusal.value)


def test_what_fits_is_taken():
    payload = {"step": "read", "target": "billing", "attempt": 1, "rows": 12}
    assert checked(Kind.STEP_DONE, payload) == payload


@pytest.mark.parametrize("object_", ["anna@kund.example", "2026-000001", "", "A" * 32])
def test_an_entry_is_about_a_random_id(object_):
    with pytest.raises(Refused):
        checked_object(object_, "1")


def test_a_version_is_no_sentence():
    with pytest.raises(Refused):
        checked_object("a" * 32, "the one Anna signed")
