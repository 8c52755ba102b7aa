"""The same answer as a tagged PDF (PDF/UA-1), for those who want paper or keep files.

Words reach the typesetter as data in a file of its own folder, never as markup, and it sees
nothing outside that folder.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from lofte.requests.package.encode import to_json
from lofte.requests.package.phrases import phrase
from lofte.requests.package.view import Leaf, View

ROWS = 15
"""How many rows of a dataset are printed."""
CELL = 1500
"""How much of a text is printed."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufff0-\uffff\u2066-\u2069\u202a-\u202e]")
# Letters that the built-in fonts have: Latin, Greek, Cyrillic, and common signs.
_UNPRINTED = re.compile(r"[^\n\t -~\u00a0-\u017f\u0370-\u03ff\u0400-\u045f\u2010-\u2026\u2022\u20ac\u2212]")


def answer_pdf(view: View, made_at: datetime) -> bytes:
    """The PDF of this view."""
    data = _data(view)
    with tempfile.TemporaryDirectory(prefix="lofte-pdf-") as folder:
        root = Path(folder)
        shutil.copyfile(str(files(__package__).joinpath("answer.typ")), root / "answer.typ")
        try:
            return _typeset(root, data, made_at)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            # A letter that no font has may not stand in a PDF/UA; a box stands there instead.
            return _typeset(root, _replace(data, _UNPRINTED), made_at)


def _typeset(root: Path, data: Any, made_at: datetime) -> bytes:
    (root / "view.json").write_text(to_json(data), "utf-8")
    result = typst.compile(
        str(root / "answer.typ"),
        root=str(root),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=made_at.astimezone(UTC),
    )
    assert isinstance(result, bytes)
    return result


def _data(view: View) -> dict[str, Any]:
    language = view.language
    data = asdict(view) | {
        "author": view.controller[0] if view.controller else "",
        "page": phrase("page", language),
        "layer1": phrase("layer1", language),
        "layer2": phrase("layer2", language),
        "rest": phrase("pdf_rest", language, n=str(ROWS)),
        "leaves": [_leaf(leaf, language) for leaf in view.leaves],
    }
    clean: dict[str, Any] = _replace(data, _CONTROL)
    return clean


def _leaf(leaf: Leaf, language: str) -> dict[str, Any]:
    rows = [[cell if len(cell) <= CELL else cell[:CELL] + " […]" for cell in row] for row in leaf.rows[:ROWS]]
    more = leaf.more
    if leaf.count > len(rows):
        key = "latest" if leaf.ordered else "first"
        more = phrase(key, language, n=str(len(rows)), all=str(leaf.count))
    return asdict(leaf) | {"rows": rows, "more": more}


def _replace(data: Any, letters: re.Pattern[str]) -> Any:
    if isinstance(data, str):
        return letters.sub("\u25a1", data)
    if isinstance(data, dict):
        return {key: _replace(value, letters) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_replace(value, letters) for value in data]
    return data
