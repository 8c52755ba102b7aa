"""A file with a policy in prose, as a manuscript: text, HTML, PDF or Word. Nothing in it is run or loaded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lofte.errors import Refused

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    from lofte.policy.review.manuscript import Manuscript
    from lofte.policy.review.markup import Piece

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PAGES = 500
MOST_LETTERS = 1_000_000
_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError)


def manuscript(file: Path) -> Manuscript:
    """Read a file by what it begins with, else by its name.

    Raises Refused for what is too large, broken, locked, or has no words.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{file} cannot be read; see that it is a file that you may open") from error
    if len(content) > MOST_BYTES:
        raise Refused(f"{file} is larger than {MOST_BYTES // 1024 // 1024} MB; give the policy by itself")
    found = _read(content, file)
    if len(found.text) > MOST_LETTERS:
        raise Refused(f"{file} has more than {MOST_LETTERS} letters; give the policy by itself")
    if not found.text.strip():
        raise Refused(f"{file} has no words; a scanned page must be read by a machine (OCR) first")
    return found


def _read(content: bytes, file: Path) -> Manuscript:
    from lofte.policy.review import markup
    from lofte.policy.review.segment import segment

    if content[:1024].lstrip().startswith(b"%PDF-"):
        return segment(_pdf(content, file))
    if content.startswith(b"PK\x03\x04"):
        return markup.build(_docx(content, file))
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"{file} is neither text, HTML, PDF nor Word (.docx)")
    text = decoded(content)
    start = text[:1000].lstrip().lower()
    if file.suffix.lower() in (".html", ".htm", ".xhtml") or start.startswith(("<!doctype", "<html")):
        return markup.manuscript(text)
    return segment(text)


def decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else Windows-1252, which most old Swedish files are."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _pdf(content: bytes, file: Path) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(f"{file} is locked with a password; save it without")
        if len(reader.pages) > MOST_PAGES:
            raise Refused(f"{file} has more than {MOST_PAGES} pages; give the policy by itself")
        return "\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, *_BROKEN) as error:
        raise Refused(f"{file} cannot be read as PDF; save it anew, or as text") from error


def _docx(content: bytes, file: Path) -> list[Piece]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.text.paragraph import Paragraph

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise Refused(
                    f"{file} is larger than {MOST_BYTES // 1024 // 1024} MB; give the policy by itself"
                )
        pieces: list[Piece] = []
        for part in Document(io.BytesIO(content)).iter_inner_content():
            pieces += [_paragraph(part)] if isinstance(part, Paragraph) else _rows(part)
    except (zipfile.BadZipFile, PackageNotFoundError, SyntaxError, *_BROKEN) as error:
        raise Refused(f"{file} cannot be read as Word (.docx); save it anew, or as text") from error
    return pieces


def _paragraph(paragraph: Paragraph) -> Piece:
    from lofte.policy.review.manuscript import Kind
    from lofte.policy.review.markup import Piece
    from lofte.policy.review.segment import looks_like_heading

    style = paragraph.style.name if paragraph.style is not None else ""
    name, _, number = (style or "").partition(" ")
    words = paragraph.text
    if name in ("Heading", "Rubrik", "Title"):
        return Piece(words=words, kind=Kind.HEADING, level=int(number) if number.isdigit() else 1)
    properties = paragraph._p.pPr
    if name == "List" or (properties is not None and properties.numPr is not None):
        return Piece(words=words, kind=Kind.ITEM)
    bold = [run.bold for run in paragraph.runs if run.text.strip()]
    alone = bool(bold) and all(bold) and looks_like_heading(words)
    return Piece(words=words, kind=Kind.HEADING if alone else Kind.PARAGRAPH)


def _rows(table: Table) -> Iterator[Piece]:
    from lofte.policy.review.markup import Piece

    for row in table.rows:
        cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
        yield Piece(words=" | ".join(cell for cell in cells if cell))
