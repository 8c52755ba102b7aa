"""The number of a case names nobody."""

from __future__ import annotations

from datetime import date

import pytest

from lofte.requests.course.case import is_number

ON = date(2026, 11, 20)


@pytest.mark.parametrize("case", ["T 1", "T 123-26", "K-311", "2026/17"])
def test_a_number_of_a_case_is_one(case):
    assert is_number(case, ON)


@pytest.mark.parametrize("case", ["Anna Andersson", "19341109-2384", "T 19341109-2384", "070-174 06 05", ""])
def test_what_names_a_person_is_none(case):
    assert not is_number(case, ON)
