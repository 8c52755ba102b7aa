"""The same answer as a tagged PDF (PDF/UA-1), for those who want paper or keep files."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from lofte.execution.paper import pdf
from lofte.requests.package.phrases import phrase
from lofte.requests.package.view import Leaf, View

ROWS = 15
"""How many rows of a dataset are printed."""
CELL = 1500
"""How much of a text is printed."""


def answer_pdf(view: View, made_at: datetime) -> bytes:
    """The PDF of this view."""
    return pdf(__package__, "answer.typ", _data(view), made_at)


def _data(view: View) -> dict[str, Any]:
    language = view.language
    return asdict(view) | {
        "author": view.controller[0] if view.controller else "",
        "page": phrase("page", language),
        "layer1": phrase("layer1", language),
        "layer2": phrase("layer2", language),
        "rest": phrase("pdf_rest", language, n=str(ROWS)),
        "leaves": [_leaf(leaf, language) for leaf in view.leaves],
    }


def _leaf(leaf: Leaf, language: str) -> dict[str, Any]:
    rows = [[cell if len(cell) <= CELL else cell[:CELL] + " […]" for cell in row] for row in leaf.rows[:ROWS]]
    more = leaf.more
    if leaf.count > len(rows):
        key = "latest" if leaf.ordered else "first"
        more = phrase(key, language, n=str(len(rows)), all=str(leaf.count))
    return asdict(leaf) | {"rows": rows, "more": more}
