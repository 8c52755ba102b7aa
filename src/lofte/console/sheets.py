"""Tables as files for a spreadsheet: numbers, rights, states and days; nobody's data.

Hard rules (CWE-1236):
- A cell that a spreadsheet could take for a formula begins with an apostrophe instead.
- Semicolons and a byte order mark, in Swedish: so the spreadsheets of those who work here open it right.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.translation import override

Cell = str | int | None
_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK = "\ufeff"


class _Line:
    """What `csv` writes to: hands each line on."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def sheet(
    name: str, headings: Callable[[], Sequence[str]], rows: Callable[[], Iterable[Sequence[Cell]]]
) -> StreamingHttpResponse:
    """The answer that is saved under this name, made while it is sent, in Swedish whoever asks."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
        with override("sv"):
            first, *rest = [list(map(harmless, headings())), *(list(map(harmless, row)) for row in rows())]
        yield _MARK + str(writer.writerow(first))
        for row in rest:
            yield str(writer.writerow(row))

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8; header=present")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def harmless(cell: Cell) -> str | int:
    """A cell that no spreadsheet runs."""
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    return f"'{cell}" if cell.startswith(_BEGINS) else cell
