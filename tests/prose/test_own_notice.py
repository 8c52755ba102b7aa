"""A notice that the house renders from data has nothing that the house finds fault with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lofte.policy.notice import notice
from lofte.policy.review.manuscript import Kind
from lofte.policy.review.markup import Piece, build
from lofte.policy.review.reviewing import read, review
from lofte.site.workspace import load

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("company", ["signage", "reseller", "consultancy", "webhost", "guides"])
def test_a_rendered_notice_leaves_nothing_out_and_says_nothing_wrong(company, language):
    policy = load(EXAMPLES / company).policy
    pieces = []
    for section in notice(policy, language).sections:
        pieces.append(Piece(words=section.heading, kind=Kind.HEADING, level=2))
        pieces += [Piece(words=line.text) for line in section.lines()]
    found = review(read(build(pieces), date(2026, 11, 20), language))
    # The day of a notice stands above its text, in the page.
    assert [(r.number, [s.quote for s in r.spans]) for r in found.remarks if r.number != "N121"] == []
    assert [seen.id for seen in found.elements if seen.needed and seen.state != "present"] == []
