"""Sealing a package: one ZIP with everything, whose every byte the manifest vouches for.

- Entries are streamed; a person with a million rows takes no more memory than one with ten.
- Entry names are made by us, times are the case's own: the same input gives the same bytes.
- A file is readable only by us, and has its name first when it is whole; a scratch file never has one.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO, cast

from lofte.execution.append import sync_folder
from lofte.execution.scratch import PAGE, Scratch
from lofte.law.calendar import STOCKHOLM
from lofte.plan.answer import Answer, answer, label
from lofte.plan.scope import EVERYTHING, Scope
from lofte.policy.digest import digest
from lofte.requests.package.data import FORMAT, VERSION, as_data
from lofte.requests.package.page import index_page, pages, rows_name, rows_page
from lofte.requests.package.pdf import answer_pdf
from lofte.requests.package.phrases import phrase
from lofte.requests.package.sheet import Sheet
from lofte.requests.package.spool import Spool
from lofte.requests.package.view import Case, Leaf, View, read_rows, view

SCHEMA = files(__package__).joinpath("data.schema.json").read_bytes()


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A finished package: where, its SHA-256, its size, and how many rows of each dataset."""

    path: Path
    """Empty where it lies in a scratch file."""
    sha256: str
    size: int
    counts: dict[str, int]
    answer: Answer


def seal(
    spool: Spool,
    subject: int,
    target: Path | Scratch,
    *,
    number: str,
    language: str,
    made_at: datetime,
    received_on: date | None = None,
    identified_by: str = "",
    statements: Sequence[str] = (),
    remarks: Sequence[str] = (),
    unread: int = 0,
    supplement: bool = False,
    ledger: str = "",
    scope: Scope = EVERYTHING,
) -> Sealed:
    """Write the package of one subject (art. 12.1, 15.1-15.4). `made_at` needs a time zone;
    `statements` are those that the person has had put with their data (art. 16); `remarks` those of whoever
    works here, and how many of them wait `unread`; `ledger` is how far the ledger had come, signed; `scope`
    are the categories that were asked about."""
    case = Case(
        number=number,
        language=language,
        made_at=made_at,
        received_on=received_on,
        identified_by=identified_by,
        supplement=supplement,
        remarks=len(remarks),
        unread=unread,
        scope=scope,
    )
    told = answer(spool.policy, spool.datamap, spool.tallies(subject), spool.on, scope)
    texts = {
        "statements.txt": statements,
        "remarks.txt": remarks,
        "ledger.txt": [ledger] if ledger else [],
    }
    sha256, size = written(target, made_at, lambda out: _fill(out, spool, subject, told, case, texts))
    counts = {str(s.shape.at): s.count for s in spool.sheets(subject)}
    path = target if isinstance(target, Path) else Path()
    return Sealed(path=path, sha256=sha256, size=size, counts=counts, answer=told)


def written(target: Path | Scratch, made_at: datetime, fill: Callable[[Writer], None]) -> tuple[str, int]:
    """Write a ZIP to a file, which has its name first when it is whole, or to a scratch file; its SHA-256 and
    its size."""
    if isinstance(target, Scratch):
        with Writer(target, made_at) as out:
            fill(out)
        target.seek(0)
        sha256 = hashlib.sha256()
        while piece := target.read(PAGE):
            sha256.update(piece)
        return sha256.hexdigest(), target.size
    part = target.with_name(f".{target.name}.{os.urandom(6).hex()}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with Writer(file, made_at) as out:
                fill(out)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), target.stat().st_size


def _fill(
    out: Writer, spool: Spool, subject: int, told: Answer, case: Case, texts: Mapping[str, Sequence[str]]
) -> None:
    seen = view(spool, subject, told, case)
    out.add("index.html", [index_page(seen)])
    out.add("index.pdf", [answer_pdf(seen, case.made_at)])
    out.add("data.json", spool.json_pieces(subject, _begin(spool, subject, told, case)))
    for sheet, leaf in zip(spool.sheets(subject), seen.leaves, strict=True):
        out.add(f"csv/{leaf.file}.csv", spool.csv_pieces(sheet))
        for number, page in enumerate(_rows_pages(spool, sheet, seen, leaf), start=1):
            out.add(rows_name(leaf.file, number), [page])
    for name in (name for name, said in texts.items() if said):
        written = "\n\n".join(texts[name]).replace("\r\n", "\n").replace("\n", "\r\n")
        out.add(name, [f"\ufeff{written}\r\n".encode("utf-8", "replace")])
    out.add("schema/data.schema.json", [SCHEMA])
    out.add("README.txt", [_readme(seen, case)])
    out.add("manifest.json", [_manifest(spool, case, out.written)])


def _begin(spool: Spool, subject: int, told: Answer, case: Case) -> dict[str, Any]:
    controller = spool.policy.controller
    return {
        "$schema": "schema/data.schema.json",
        "format": FORMAT,
        "version": VERSION,
        "case": {
            "number": case.number,
            "language": case.language,
            "received_on": case.received_on.isoformat() if case.received_on else None,
            "made_at": case.made_at.isoformat(),
            "made_on": spool.on.isoformat(),
            "identified_by": case.identified_by or None,
            **({"asked": sorted(case.scope)} if case.scope else {}),
        },
        "controller": {
            "legal_name": controller.legal_name,
            "trade_name": controller.trade_name,
            "org_no": controller.org_no,
            "email": controller.contact.email,
            "phone": controller.contact.phone,
            "address": controller.contact.address,
        },
        "policy": _policy(spool),
        "answer": as_data(told),
    }


def _rows_pages(spool: Spool, sheet: Sheet, seen: View, leaf: Leaf) -> Iterator[bytes]:
    fields, policy = sheet.shape.dataset.fields, spool.policy
    columns = [(n, label(policy, n, fields[n]).say(seen.language)) for n in sheet.shape.names]
    for number, rows in enumerate(pages(read_rows(spool, sheet)), start=1):
        yield rows_page(seen, leaf, columns, rows, number)


def _policy(spool: Spool) -> dict[str, Any]:
    meta = spool.policy.meta
    return {"id": meta.id, "version": meta.version, "sha256": digest(spool.policy)}


def _manifest(spool: Spool, case: Case, written: dict[str, tuple[int, str]]) -> bytes:
    manifest = {
        "format": f"{FORMAT}-manifest",
        "version": VERSION,
        "case": case.number,
        "made_at": case.made_at.isoformat(),
        "policy": _policy(spool),
        "files": {name: {"size": size, "sha256": sha256} for name, (size, sha256) in written.items()},
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _readme(seen: View, case: Case) -> bytes:
    both = []
    for language in ("sv", "en") if case.language == "sv" else ("en", "sv"):
        lines = (phrase("readme", language, number=case.number), phrase("csv_note", language))
        both.append("\n".join((*lines, phrase("manifest", language))))
    return ("\ufeff" + "\n\n".join((seen.controller[0], *both)) + "\n").replace("\n", "\r\n").encode()


class Writer:
    """A ZIP that grows entry by entry and remembers what went in."""

    def __init__(self, file: BinaryIO | Scratch, made_at: datetime) -> None:
        self.written: dict[str, tuple[int, str]] = {}
        local = made_at.astimezone(STOCKHOLM)
        self._time = (local.year, local.month, local.day, local.hour, local.minute, local.second)
        self._zip = zipfile.ZipFile(cast(BinaryIO, file), "w", zipfile.ZIP_DEFLATED, compresslevel=6)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._zip.close()

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """One entry, some bytes at a time."""
        info = zipfile.ZipInfo(name, self._time)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o100600 << 16
        info.create_system = 3
        seen, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
                seen.update(piece)
                size += len(piece)
        self.written[name] = (size, seen.hexdigest())
