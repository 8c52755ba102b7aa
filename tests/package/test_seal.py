"""Promises of the package: whole, vouched for, readable by machine and by person, the same each time."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import stat
import zipfile
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lofte.requests.package.markup import h, text
from lofte.requests.package.seal import Sealed
from tests.package import stock


@pytest.fixture(scope="module", params=["sv", "en"])
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sealed, Path]:
    folder = tmp_path_factory.mktemp("full")
    with stock.fill(stock.spool(folder), 1200) as spool:
        package = stock.sealed(spool, folder / "a.zip", request.param)
    return package, stock.unpacked(package, folder / "in")


@pytest.fixture(scope="module", params=["sv", "en"])
def nothing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sealed, Path]:
    folder = tmp_path_factory.mktemp("nothing")
    with stock.empty(stock.spool(folder)) as spool:
        package = stock.sealed(spool, folder / "a.zip", request.param)
    return package, stock.unpacked(package, folder / "in")


def validate(folder: Path) -> dict[str, Any]:
    schema = json.loads((folder / "schema/data.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    data: dict[str, Any] = json.loads((folder / "data.json").read_text())
    jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
    return data


def test_the_schema_in_the_package_describes_the_data_in_it(full: tuple[Sealed, Path]) -> None:
    data = validate(full[1])
    assert {d["dataset"]: d["count"] for d in data["datasets"]} == {
        "customer": 1,
        "invoice": 1200,
        "message": 3,
    }
    assert all(d["count"] == len(d["rows"]) for d in data["datasets"])


def test_the_manifest_vouches_for_every_other_file(full: tuple[Sealed, Path]) -> None:
    package, folder = full
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert set(manifest["files"]) == names - {"manifest.json"}
    for name, said in manifest["files"].items():
        content = (folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (said["size"], said["sha256"])
    assert manifest["case"] == "2026-000017" and manifest["policy"]["version"] == "2026.2"
    assert hashlib.sha256(package.path.read_bytes()).hexdigest() == package.sha256


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for name in ("a.zip", "b.zip"):
        with stock.fill(stock.spool(tmp_path)) as spool:
            digests.add(stock.sealed(spool, tmp_path / name).sha256)
    assert len(digests) == 1


def test_only_we_may_read_it_and_nothing_half_made_is_left(tmp_path: Path) -> None:
    with stock.fill(stock.spool(tmp_path)) as spool:
        package = stock.sealed(spool, tmp_path / "a.zip")
    assert stat.S_IMODE(package.path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_a_package_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    with stock.fill(stock.spool(tmp_path)) as spool:
        spool.policy = None  # type: ignore[assignment]
        with pytest.raises(AttributeError):
            stock.sealed(spool, tmp_path / "a.zip")
    assert list(tmp_path.iterdir()) == []


def test_entry_names_are_ours(full: tuple[Sealed, Path]) -> None:
    with zipfile.ZipFile(full[0].path) as archive:
        for name in archive.namelist():
            assert name.isascii() and ".." not in name and not name.startswith("/") and "\\" not in name


def test_nothing_withheld_or_anothers_is_anywhere_in_the_package(full: tuple[Sealed, Path]) -> None:
    pdf = "".join(page.extract_text() for page in pypdf.PdfReader(full[1] / "index.pdf").pages)
    everything = [p.read_text("utf-8") for p in full[1].rglob("*") if p.is_file() and p.suffix != ".pdf"]
    for said in (pdf, *everything):
        for secret in ("hemligt", "bo@soder.example", "Bos hemliga", "$argon2", "9805@"):
            assert secret not in said


def test_nothing_found_is_a_full_answer_too(nothing: tuple[Sealed, Path]) -> None:
    package, folder = nothing
    data = validate(folder)
    assert package.counts == {} and data["datasets"] == [] and not data["answer"]["found"]
    page = (folder / "index.html").read_text()
    assert ("inga uppgifter om dig" in page) or ("no data about you" in page)
    assert "imy.se" in page and "17" in page


def test_the_pdf_is_tagged_titled_and_says_its_language(full: tuple[Sealed, Path]) -> None:
    reader = pypdf.PdfReader(full[1] / "index.pdf")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"]
    assert str(root["/Lang"])[:2] == json.loads((full[1] / "data.json").read_text())["case"]["language"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None and "Björkhult" in str(reader.metadata.title)
    assert "/JavaScript" not in str(root.get("/Names", "")) and "/OpenAction" not in root
    words = "".join(page.extract_text() for page in reader.pages)
    assert "2032" in words


def test_the_newest_fifty_rows_are_shown_and_all_are_one_link_away(full: tuple[Sealed, Path]) -> None:
    folder = full[1]
    assert sorted(p.name for p in (folder / "rows").iterdir()) == [
        "customer-001.html", "invoice-001.html", "invoice-002.html", "invoice-003.html", "message-001.html",
    ]  # fmt: skip
    found = Links()
    for page in (folder / "index.html", *(folder / "rows").iterdir()):
        found.base = page.parent
        found.feed(page.read_text())
    assert found.targets and all(t.exists() for t in found.targets)
    index = (folder / "index.html").read_text()
    assert index.count("2025") >= 50 and "F00000" not in index


class Links(HTMLParser):
    """The files that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.base = Path()
        self.targets: set[Path] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        to = dict(attrs).get("href") or ""
        if to and not to.startswith(("#", "http", "mailto:", "tel:")):
            self.targets.add(self.base / to.partition("#")[0])


def test_what_people_read_is_in_their_words(full: tuple[Sealed, Path]) -> None:
    page = (full[1] / "index.html").read_text()
    if 'lang="sv"' in page:
        assert "5 mars 2025" in page and "\u00a0kr" in page and "Betald" in page
        assert "till och med 31 december 2032" in page
    else:
        assert "5 March 2025" in page and "SEK" in page and "Paid" in page
        assert "through 31 December 2032" in page


@settings(max_examples=300)
@given(st.text(), st.text())
def test_text_is_text_whatever_it_holds(one: str, two: str) -> None:
    seen = Seen()
    seen.feed(h("p", one, title=two))
    assert seen.tags == ["p"]
    clean = "".join(
        c if c in "\t\n" or (ord(c) >= 32 and ord(c) != 127) else "\ufffd" for c in one if c != "\r"
    )
    assert "".join(seen.words) == clean
    assert "<" not in text(one)


class Seen(HTMLParser):
    """The tags and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_two_hundred_thousand_rows_are_sealed_in_bounded_memory(tmp_path: Path) -> None:
    def many() -> Iterator[tuple[Any, ...]]:
        for i in range(200_000):
            yield (i, 1, f"F{i:06d}", date(2019 + i % 7, 3, 5), i, "P")

    with stock.empty(stock.spool(tmp_path)) as spool:  # all that is loaded once is loaded now
        stock.sealed(spool, tmp_path / "first.zip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with stock.spool(tmp_path) as spool:
        spool.take("shop", stock.rows("invoice", stock.INVOICE, many()))
        package = stock.sealed(spool, tmp_path / "a.zip")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert package.counts == {"shop.invoice": 200_000}
    assert grown < 60 * 1024, f"{grown // 1024} MiB more"
    with zipfile.ZipFile(package.path) as archive:
        assert sum(n.startswith("rows/invoice-") for n in archive.namelist()) == 400
        with archive.open("csv/invoice.csv") as file:
            assert sum(1 for _ in io.TextIOWrapper(file, "utf-8")) == 200_001
