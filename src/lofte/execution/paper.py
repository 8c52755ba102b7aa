"""Documents on paper: tagged PDF (PDF/UA-1), set by typst from a template of ours.

Words reach the typesetter as data in a file of its own folder, never as markup, and it sees nothing outside
that folder.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufff0-\uffff\u2066-\u2069\u202a-\u202e]")
# Letters that the built-in fonts have: Latin, Greek, Cyrillic, and common signs.
_UNPRINTED = re.compile(
    r"[^\n\t -~\u00a0-\u017f\u0370-\u03ff\u0400-\u045f\u2010-\u2015\u2018-\u2026\u20ac\u2212]"
)


def pdf(room: str, template: str, data: Any, made_at: datetime) -> bytes:
    """The document that the template of this room makes of the data: `view.json` to it. Control characters
    and letters that no font has become boxes."""
    with tempfile.TemporaryDirectory(prefix="lofte-pdf-") as folder:
        root = Path(folder)
        shutil.copyfile(str(files(room).joinpath(template)), root / template)
        clean = _replaced(data, _CONTROL)
        try:
            return _typeset(root, template, clean, made_at)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            # A letter that no font has may not stand in a PDF/UA; a box stands there instead.
            return _typeset(root, template, _replaced(clean, _UNPRINTED), made_at)


def _typeset(root: Path, template: str, data: Any, made_at: datetime) -> bytes:
    (root / "view.json").write_text(json.dumps(data, ensure_ascii=False, default=str), "utf-8")
    result = typst.compile(
        str(root / template),
        root=str(root),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),
    )
    assert isinstance(result, bytes)
    return result


def _replaced(data: Any, letters: re.Pattern[str]) -> Any:
    if isinstance(data, str):
        return letters.sub("\u25a1", data)
    if isinstance(data, Mapping):
        return {key: _replaced(value, letters) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_replaced(value, letters) for value in data]
    return data
