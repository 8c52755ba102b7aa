"""What a review promises of any text: exact quotes, the same answer twice, no order among paragraphs."""

from __future__ import annotations

import textwrap
import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lofte.policy.review.plain import plain
from lofte.policy.review.reviewing import RULES, SIGNS, catalogue, read, review
from lofte.policy.review.segment import segment
from tests.prose import lawful
from tests.prose.cases import ABSENT, SAID

TODAY = date(2026, 11, 20)
SENTENCES = [case.in_ for case in SAID] + [case.near for case in SAID if case.near]
anything = st.text(max_size=400)
prose = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map("\n\n".join)
mixed = st.lists(st.one_of(anything, st.sampled_from(SENTENCES)), max_size=6).map("\n".join)
calmly = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def reviewed(text, language="sv", *, whole=True):
    return review(read(segment(text), TODAY, language, whole=whole))


@calmly
@given(text=st.one_of(anything, mixed), language=st.sampled_from(["sv", "en"]))
def test_every_span_quotes_the_text_exactly(text, language):
    found = reviewed(text, language)
    spans = [s for r in found.remarks for s in r.spans] + [s for e in found.elements for s in e.spans]
    assert all(span.quote == text[span.start : span.end] and span.quote for span in spans)
    assert all(len(each.spans) <= 3 for each in (*found.remarks, *found.elements))


@calmly
@given(text=mixed)
def test_the_same_text_has_the_same_review(text):
    assert reviewed(text) == reviewed(text)


@calmly
@given(parts=st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=6, unique=True), data=st.data())
def test_the_order_of_paragraphs_that_stand_alone_does_not_matter(parts, data):
    # What is said to lead somewhere (`:`) goes on in the next paragraph, so it does not stand alone.
    alone = [part for part in parts if part.endswith(".")]
    turned = data.draw(st.permutations(alone))

    def numbers(pieces):
        return {remark.number for remark in reviewed("\n\n".join(pieces), whole=False).remarks}

    assert numbers(alone) == numbers(turned)


@calmly
@given(text=anything)
def test_the_plain_form_knows_where_each_letter_stands(text):
    words, at = plain(text, 0, len(text))
    assert len(words) == len(at)
    assert all(a < b for a, b in pairwise(at))


@calmly
@given(text=anything)
def test_blocks_cover_every_word_in_order(text):
    blocks = segment(text).blocks
    assert all(a.end <= b.start for a, b in pairwise(blocks))
    left = text
    for block in reversed(blocks):
        left = left[: block.start] + left[block.end :]
    assert not left.strip()


@pytest.mark.parametrize("text", [lawful.SV, lawful.EN], ids=["sv", "en"])
@pytest.mark.parametrize("width", [60, 90])
def test_lines_that_are_wrapped_change_nothing(text, width):
    wrapped = "\n".join(textwrap.fill(line, width) for line in text.splitlines())
    assert reviewed(wrapped, None).remarks == ()
    assert reviewed(wrapped.replace("\n", "\n\n"), None).remarks == ()


@pytest.mark.parametrize("text", [lawful.SV, lawful.EN], ids=["sv", "en"])
def test_a_piece_of_a_text_lacks_nothing(text):
    assert reviewed(text[:600], None, whole=None).remarks == ()


def test_a_text_in_another_language_is_not_read():
    assert (
        read(segment("Wir verarbeiten Ihre personenbezogenen Daten nur mit Ihrer Einwilligung."), TODAY)
        is None
    )


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "vi kan " * 10_000, "kan komma att dela.\n" * 2_000, "- \n" * 5_000]
)
def test_a_long_text_takes_no_long_time(text):
    begun = time.process_time()
    reviewed(text)
    assert time.process_time() - begun < 20


def test_every_number_is_tried_in_both_languages_by_what_it_finds():
    structural = {"N104", "N106", "N120", "N123", "N303", "N304"}
    tried = {(case.number, case.language) for case in ABSENT + SAID}
    asked = {(rule.number, language) for rule in RULES for language in ("sv", "en")}
    assert {number for number, _ in asked - tried} == structural


def test_a_number_is_given_once_and_in_order():
    numbers = [demand.number for demand in catalogue()]
    assert numbers == sorted(set(numbers))


def test_every_fault_speaks_both_languages():
    for rule in RULES:
        for said in (rule.what, rule.mend):
            assert said.sv and said.en and said.sv != said.en, rule.number
            assert said.sv.endswith(".") and said.en.endswith("."), rule.number


def test_every_sign_is_in_both_languages():
    assert all(sign.sv and sign.en for sign in SIGNS.values())
