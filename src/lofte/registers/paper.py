"""Registers as a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lofte.datamap.exchange.sheets import Cell, Sheet
from lofte.execution import paper
from lofte.policy.document import Text
from lofte.registers.book import heading

_TITLE = Text(sv="Register över behandling av personuppgifter", en="Records of processing of personal data")
_LEAD = Text(
    sv="Enligt artikel 30 i dataskyddsförordningen. Det som saknas står som SAKNAS.",
    en="Under Article 30 of the GDPR. What is missing stands as MISSING.",
)
_PAGE = Text(sv="Sida", en="Page")


def pdf(sheets: Sequence[Sheet], language: str, made_at: datetime, author: str) -> bytes:
    """The sheets as one document."""
    view = {
        "title": _TITLE.say(language),
        "lead": _LEAD.say(language),
        "author": author,
        "language": language,
        "page": _PAGE.say(language),
        "footer": author,
        "sheets": [_sheet(sheet) for sheet in sheets],
    }
    return paper.pdf(__package__, "register.typ", view, made_at)


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
