"""The registers of art. 30 tell every purpose in full, and say what is missing."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lofte.datamap.exchange.sheets import MISSING, sheets
from lofte.policy.document import Policy
from lofte.registers.exporting import FORMATS, Material, registers, told
from tests.exchange.conftest import NOW, Company

ARTICLES = {"30.1 b", "30.1 c", "30.1 d", "30.1 e", "30.1 f", "30.1 g"}


def material(company: Company, language: str) -> Material:
    return Material(
        policy=company.policy,
        datamap=company.datamap,
        processors=company.processors,
        language=language,
        made_at=NOW,
    )


def changed(company: Company, **sections: object) -> Company:
    plain = company.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return replace(company, policy=Policy.model_validate(plain | sections))


def test_every_purpose_has_a_row_and_every_point_of_the_article_a_column(any_company, language):
    controller = registers(material(any_company, language))[0]
    assert len(controller.rows) == len(any_company.policy.purposes)
    assert {c.article for c in controller.columns} >= ARTICLES
    assert all(cell.text for row in controller.rows for cell in row)


def test_only_what_is_missing_is_marked(any_company, language):
    for sheet in registers(material(any_company, language)):
        for row in sheet.rows:
            for cell in row:
                assert cell.missing == (MISSING.say(language) in cell.text)


def test_what_the_policy_does_not_say_is_marked_and_never_blank(guides):
    plain = guides.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    bare = plain["purposes"]["bookings"] | {"retention": [], "subjects": []}
    poorer = changed(
        guides,
        purposes=plain["purposes"] | {"bookings": bare},
        security={"measures": []},
        controller=plain["controller"] | {"org_no": None},
    )
    before, after = (registers(material(c, "sv"))[0] for c in (guides, poorer))
    assert before.gaps == 0
    # The number, persons and time of one purpose, and the security of all ten.
    assert after.gaps == 1 + 2 + 10
    assert dict(after.about)["Organisationsnummer"].text == "SAKNAS"


def test_a_recipient_abroad_without_a_tool_is_marked(webhost):
    plain = webhost.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    bare = {k: v for k, v in plain["recipients"]["registry_abroad"].items() if k != "safeguard"}
    poorer = changed(webhost, recipients=plain["recipients"] | {"registry_abroad": bare})
    gaps = [sum(c.missing for row in registers(material(c_, "en"))[0].rows for c in (row[5],))
            for c_ in (webhost, poorer)]  # fmt: skip
    assert gaps == [0, 1]


@pytest.mark.parametrize("name", ["signage", "webhost"])
def test_what_is_done_for_others_has_its_own_register(name):
    from tests.exchange.conftest import COMPANIES

    others = registers(material(COMPANIES[name], "sv"))[1]
    assert len(others.rows) == 1 and others.gaps == 0


def test_who_works_for_nobody_says_so(guides):
    others = registers(material(guides, "sv"))[1]
    assert others.rows == () and others.empty


def test_a_processor_that_the_register_lacks_is_a_row_of_gaps(guides):
    less = {key: each for key, each in guides.processors.items() if key != "hosting"}
    before, after = (sheets(guides.policy, guides.datamap, r, "en")[2] for r in (guides.processors, less))
    assert len(before.rows) == len(after.rows) == 4
    assert (before.gaps, after.gaps) == (0, 5)


def test_an_agreement_that_lacks_a_clause_says_which(guides):
    worker = guides.processors["hosting"]
    assert worker.agreement
    poorer = worker.model_copy(
        update={"agreement": worker.agreement.model_copy(update={"clauses": worker.agreement.clauses[1:]})}
    )
    sheet = sheets(guides.policy, guides.datamap, guides.processors | {"hosting": poorer}, "sv")[2]
    (row,) = [row for row in sheet.rows if row[0].text == worker.name]
    assert row[4].missing and "28.3.a" in row[4].text


def test_the_workbook_holds_what_the_registers_say(any_company, language):
    made = material(any_company, language)
    book = load_workbook(io.BytesIO(FORMATS["art30"].make(made)))
    wanted = registers(made)
    assert len(book.worksheets) == len(wanted) == 3
    for page, sheet in zip(book.worksheets, wanted, strict=True):
        head = len(sheet.about) + 3
        assert page.cell(1, 1).value == sheet.title
        assert page.freeze_panes == f"B{head + 1}"
        for at, column in enumerate(sheet.columns, 1):
            assert column.article in str(page.cell(head, at).value)
            assert page.column_dimensions[page.cell(head, at).column_letter].width == column.width
        found = [
            tuple(page.cell(head + n, at).value for at in range(1, len(sheet.columns) + 1))
            for n in range(1, len(sheet.rows) + 1)
        ]
        assert found == [tuple(cell.text for cell in row) for row in sheet.rows]


def test_words_that_look_like_a_formula_are_words(guides):
    plain = guides.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    bookings = plain["purposes"]["bookings"] | {"name": {"sv": "=1+1\x07"}, "text": None}
    odd = changed(guides, purposes=plain["purposes"] | {"bookings": bookings})
    page = load_workbook(io.BytesIO(FORMATS["art30"].make(material(odd, "sv")))).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if str(cell.value).startswith("=1")]
    assert [(cell.value, cell.data_type) for cell in cells] == [("=1+1\u25a1", "s")]


def test_the_paper_is_tagged_and_has_language_and_title(any_company, language):
    read = PdfReader(io.BytesIO(FORMATS["art30-pdf"].make(material(any_company, language))))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == language
    assert read.metadata and read.metadata.title
    text = "".join(page.extract_text() for page in read.pages)
    assert any_company.policy.controller.legal_name in text


def test_a_letter_that_no_font_has_stops_no_paper(guides):
    plain = guides.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    bookings = plain["purposes"]["bookings"] | {"name": {"sv": "Boka \U0001f600 \u4e2d"}}
    odd = changed(guides, purposes=plain["purposes"] | {"bookings": bookings})
    assert FORMATS["art30-pdf"].make(material(odd, "sv")).startswith(b"%PDF")


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_is_made_for_every_company(any_company, format_, language):
    made = material(any_company, language)
    chosen = FORMATS[format_]
    assert chosen.make(made)
    assert chosen.file(made).startswith(any_company.policy.meta.id)
    assert any_company.policy.meta.version in chosen.file(made)
    assert all(path and what for path, what in told(format_, made))


def test_the_same_moment_makes_the_same_file(guides):
    made = material(guides, "sv")
    for id_ in ("tilt", "dpv", "fideslang", "cookies", "art30-pdf"):
        assert FORMATS[id_].make(made) == FORMATS[id_].make(made)
