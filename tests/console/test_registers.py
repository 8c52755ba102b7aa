"""The registers are read and fetched as they are now, by those who may."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from lofte.policy.processors import FILE
from lofte.registers.exporting import FORMATS


@pytest.fixture
def page(work, staff):
    def opened(path="", language="sv"):
        return staff["auditor"].get(f"/console/registers{path}", headers={"accept-language": language})

    return opened


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_purpose_and_every_file_stands_on_the_page(page, work, language):
    html = page(language=language).text
    for id_, purpose in work.house.policy.purposes.items():
        assert (purpose.name.say(language) if purpose.name else id_) in html
    for id_ in FORMATS:
        for spoken in ("sv", "en"):
            assert f'href="/console/registers/{id_}/{spoken}"' in html


@pytest.mark.parametrize("format_", FORMATS)
def test_a_file_is_fetched_under_its_name(page, format_):
    answer = page(f"/{format_}/en")
    assert answer.status_code == 200 and answer.content
    assert f'-{format_}-en.{FORMATS[format_].suffix}"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_a_processor_that_leaves_the_register_is_missing_at_once(page, work, company):
    before = load_workbook(io.BytesIO(page("/art30/sv").content)).worksheets[2]
    text = (company / FILE).read_text("utf-8")
    (company / FILE).write_text(text[: text.index("\nmail_provider:")], "utf-8")
    after = load_workbook(io.BytesIO(page("/art30/sv").content)).worksheets[2]

    def gaps(sheet):
        return sum(cell.value == "SAKNAS" for row in sheet.iter_rows() for cell in row)

    assert gaps(before) == 0 and gaps(after) > 0
    assert "saknas</span>" in page().text


def test_a_format_that_is_none_is_not_there(page):
    assert page("/p3p/sv").status_code == 404
