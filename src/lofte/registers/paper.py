"""Registers as a tagged PDF (PDF/UA-1).

Words reach the typesetter as data in a file of its own folder, never as markup, and it sees nothing outside
that folder.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from lofte.datamap.exchange.sheets import Cell, Sheet
from lofte.policy.document import Text
from lofte.registers.book import heading

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufff0-\uffff\u2066-\u2069\u202a-\u202e]")
# Letters that the built-in fonts have: Latin, Greek, Cyrillic, and common signs.
_UNPRINTED = re.compile(r"[^\n\t -~\u00a0-\u017f\u0370-\u03ff\u0400-\u045f\u2010-\u2026\u2022\u20ac\u2212]")
_TITLE = Text(sv="Register över behandling av personuppgifter", en="Records of processing of personal data")
_LEAD = Text(
    sv="Enligt artikel 30 i dataskyddsförordningen. Det som saknas står som SAKNAS.",
    en="Under Article 30 of the GDPR. What is missing stands as MISSING.",
)
_PAGE = Text(sv="Sida", en="Page")


def pdf(sheets: Sequence[Sheet], language: str, made_at: datetime, author: str) -> bytes:
    """The sheets as one document."""
    data = {
        "title": _TITLE.say(language),
        "lead": _LEAD.say(language),
        "author": author,
        "language": language,
        "page": _PAGE.say(language),
        "footer": author,
        "sheets": [_sheet(sheet) for sheet in sheets],
    }
    clean = _replace(data, _CONTROL)
    with tempfile.TemporaryDirectory(prefix="lofte-pdf-") as folder:
        root = Path(folder)
        shutil.copyfile(str(files(__package__).joinpath("register.typ")), root / "register.typ")
        try:
            return _typeset(root, clean, made_at)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            # A letter that no font has may not stand in a PDF/UA; a box stands there instead.
            return _typeset(root, _replace(clean, _UNPRINTED), made_at)


def _typeset(root: Path, data: Any, made_at: datetime) -> bytes:
    (root / "register.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    result = typst.compile(
        str(root / "register.typ"),
        root=str(root),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),
    )
    assert isinstance(result, bytes)
    return result


def _sheet(sheet: Sheet) -> dict[str, Any]:
    names = [heading(column) for column in sheet.columns]
    return {
        "title": sheet.title,
        "about": [[name, _cell(cell)] for name, cell in sheet.about],
        "empty": sheet.empty,
        "rows": [
            {
                "head": row[0].text.split("\n")[0],
                "cells": [[name, _cell(cell)] for name, cell in zip(names, row, strict=True)],
            }
            for row in sheet.rows
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {"text": cell.text, "missing": cell.missing}


def _replace(data: Any, letters: re.Pattern[str]) -> Any:
    if isinstance(data, str):
        return letters.sub("\u25a1", data)
    if isinstance(data, dict):
        return {key: _replace(value, letters) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_replace(value, letters) for value in data]
    return data
