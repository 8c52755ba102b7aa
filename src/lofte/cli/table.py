"""Tables as wide as the screen, in which no number, name or day is ever cut.

What may be folded is folded; when that is not enough, the columns that say least are left out; and when
even that is not enough, the table is wider than the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_GAP = 2
"""Columns between two cells: what the table puts there."""
_NARROW = 12
_LONG = 24
"""A text is not folded narrower than this, nor, up to the second, than its longest word, before columns
are left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: what it says, and what may be done to it when the screen is narrow."""

    heading: str
    folds: bool = False
    """A text that may go on in the next line."""
    number: bool = False
    """To the right."""
    unless_empty: bool = False
    """Left out when it says nothing, or 0, in every row."""
    least: int = 0
    """Left out when there is no room, the greatest first; 0 = never."""


def show(columns: Sequence[Column], rows: Sequence[Sequence[str]], styles: Sequence[str] = ()) -> None:
    """Print the rows under these columns, each row in its style."""
    from rich.table import Table

    from lofte.cli.screen import out

    console = out()
    chosen = _chosen(columns, rows, console.width)
    shown = [(columns[n], [row[n] for row in rows]) for n in chosen]
    roomy = _total(max(_least(c, cells), 0 if c.folds else len(c.heading)) for c, cells in shown)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, cells in shown:
        least = _least(column, cells)
        # A heading is folded only where there is no room for it.
        fixed = max(least, len(column.heading)) if roomy <= console.width else least
        table.add_column(
            column.heading,
            justify="right" if column.number else "left",
            overflow="fold",
            min_width=least,
            width=None if column.folds else fixed,
        )
    for at, row in enumerate(rows):
        table.add_row(*(row[n] for n in chosen), style=styles[at] if styles else "")
    console.width = max(console.width, _total(_least(column, cells) for column, cells in shown))
    console.print(table)


def _chosen(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """The numbers of the columns that are shown."""
    chosen = [
        n
        for n, column in enumerate(columns)
        if not column.unless_empty or any(row[n] not in ("", "0") for row in rows)
    ]
    while _total(_least(columns[n], [row[n] for row in rows]) for n in chosen) > width:
        spare = max(chosen, key=lambda n: columns[n].least)
        if not columns[spare].least:
            break
        chosen.remove(spare)
    return chosen


def _total(widths: Iterable[int]) -> int:
    """Of columns so wide, with what is between them."""
    return sum(width + _GAP for width in widths) - _GAP


def _least(column: Column, cells: Sequence[str]) -> int:
    """How narrow a column can be: its widest cell, and the longest word of its heading."""
    from rich.cells import cell_len

    heading = max(map(cell_len, column.heading.split()), default=0)
    widest = max([heading, *map(cell_len, cells)])
    if not column.folds:
        return widest
    word = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
    return min(widest, max(_NARROW, heading, min(word, _LONG)))
