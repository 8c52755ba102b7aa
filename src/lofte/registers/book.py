"""Registers as a workbook (XLSX): a sheet each, the heading frozen, gaps in colour and in words."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lofte.datamap.exchange.sheets import Cell, Column, Sheet

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_000
_LINE = 15
"""The height of a line, in points."""
_HEAD = PatternFill("solid", start_color="FF17594F")
_GAP = PatternFill("solid", start_color="FFFBE3DC")
_TOP = Alignment(vertical="top", wrap_text=True)


def workbook(sheets: Iterable[Sheet], language: str, made_at: datetime, author: str) -> bytes:
    """The sheets as one file."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(_tab(sheet.title)), sheet)
    book.properties.creator = _clean(author)
    book.properties.language = language
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(page: Worksheet, sheet: Sheet) -> None:
    _put(page, 1, 1, Cell(text=sheet.title)).font = Font(bold=True, size=15)
    row = 2
    for name, cell in sheet.about:
        _put(page, row, 1, Cell(text=name)).font = Font(bold=True)
        _put(page, row, 2, cell).alignment = Alignment(vertical="top", wrap_text=False)
        row += 1
    head = row + 1
    for at, column in enumerate(sheet.columns, 1):
        named = _put(page, head, at, Cell(text=heading(column)))
        named.font, named.fill = Font(bold=True, color="FFFFFFFF"), _HEAD
        page.column_dimensions[get_column_letter(at)].width = column.width
    page.row_dimensions[head].height = 2 * _LINE
    for number, cells in enumerate(sheet.rows, head + 1):
        for at, cell in enumerate(cells, 1):
            _put(page, number, at, cell)
        page.row_dimensions[number].height = _LINE * max(map(_lines, cells, sheet.columns))
    if not sheet.rows:
        _put(page, head + 1, 1, Cell(text=sheet.empty)).alignment = Alignment(wrap_text=False)
    else:
        last = get_column_letter(len(sheet.columns))
        page.auto_filter.ref = f"A{head}:{last}{head + len(sheet.rows)}"
    page.freeze_panes = f"B{head + 1}"
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    page.print_title_rows = f"{head}:{head}"


def _put(page: Worksheet, row: int, column: int, cell: Cell) -> ExcelCell:
    found = page.cell(row, column)
    assert isinstance(found, ExcelCell)
    found.value = _clean(cell.text)
    # What begins with = is a text of the policy and no formula.
    found.data_type = "s"
    found.alignment = _TOP
    if cell.missing:
        found.fill, found.font = _GAP, Font(bold=True)
    return found


def heading(column: Column) -> str:
    """What a column is called, and the point of the law that asks for it."""
    return f"{column.name} ({column.article})"


def _lines(cell: Cell, column: Column) -> int:
    """How many lines the text takes; a row is at most as high as a screen."""
    return min(27, sum(1 + len(line) // max(1, column.width - 2) for line in cell.text.split("\n")))


def _tab(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31]


def _clean(text: str) -> str:
    return _CONTROL.sub("\u25a1", text)[:_LONGEST]
