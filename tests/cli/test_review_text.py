"""`lofte review FILE`: every kind of file, every kind of answer, and what it refuses."""

from __future__ import annotations

import io
import json
import re

import jsonschema
import pytest
from docx import Document
from pypdf import PdfWriter
from typer.testing import CliRunner

from lofte.cli import review_file
from lofte.cli.main import make_app
from lofte.cli.words import speak
from lofte.errors import Refused
from lofte.policy.document import Policy
from lofte.policy.reading import read
from lofte.policy.review.manuscript import Kind
from lofte.policy.review.report import schema
from tests.prose import lawful

USE = "Genom att använda tjänsten accepterar du policyn."
WRONG = f"{lawful.SV}\nÖvrigt\n\n{USE}\n"


@pytest.fixture
def lofte():
    def run(*arguments, language="en"):
        return CliRunner().invoke(make_app(language), ["--language", language, *map(str, arguments)])

    yield run
    speak("en")


@pytest.fixture
def policy(tmp_path):
    file = tmp_path / "policy.txt"
    file.write_text(WRONG, encoding="utf-8")
    return file


# -- the command --------------------------------------------------------------------------------------


def test_a_file_is_reviewed_by_its_name_alone(lofte, policy):
    ran = lofte("review", policy)
    assert ran.exit_code == 1
    assert "N201 error" in ran.stdout and "1 error" in ran.stdout and "Using the service" in ran.stdout


def test_a_lawful_text_ends_with_nothing(lofte, tmp_path):
    file = tmp_path / "policy.txt"
    file.write_text(lawful.EN, encoding="utf-8")
    assert lofte("review", file).exit_code == 0


def test_options_may_stand_before_the_file(lofte, policy, tmp_path):
    assert lofte("review", "--html", tmp_path / "r.html", policy).exit_code == 1
    assert (tmp_path / "r.html").exists()


def test_the_report_speaks_swedish_when_asked(lofte, policy):
    shown = lofte("review", policy, language="sv").stdout
    assert "Att använda tjänsten räknas som godkännande" in shown and "Vad som ska stå" in shown


def test_what_machines_decided_is_reviewed_by_the_same_word(lofte):
    shown = lofte("review", "--help").stdout
    assert "decide" in shown and "text" in shown and "lofte review FILE" in shown


def test_a_word_that_is_neither_command_nor_file_is_said_so(lofte):
    ran = lofte("review", "lits")
    assert ran.exit_code == 1 and "no such command" in ran.output.replace("\n", " ")


def test_the_json_is_what_its_schema_says(lofte, policy):
    found = json.loads(lofte("review", policy, "--json").stdout)
    jsonschema.validate(found, schema())
    assert [fault["number"] for fault in found["faults"]] == ["N201"]
    span = found["faults"][0]["spans"][0]
    assert WRONG[span["start"] : span["end"]] == span["quote"]
    assert json.loads(lofte("schema", "review").stdout) == json.loads(json.dumps(schema()))


def test_another_language_is_refused_unless_it_is_named(lofte, tmp_path):
    file = tmp_path / "policy.txt"
    file.write_text("Wir verarbeiten Ihre Daten nur mit Ihrer Einwilligung.", encoding="utf-8")
    assert "--written-in" in lofte("review", file).output
    assert lofte("review", file, "--written-in", "sv", "--part").exit_code == 0


# -- the report ---------------------------------------------------------------------------------------


def test_the_page_marks_the_words_and_links_them_to_the_fault(lofte, policy, tmp_path):
    lofte("review", policy, "--html", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    marked = re.search(
        r'<mark id="(at-\d+-\d+)" class="error">Genom att använda tjänsten accepterar</mark>', page
    )
    assert marked and f'href="#{marked[1]}"' in page and 'href="#N201"' in page and 'id="N201"' in page


def test_every_link_of_the_page_leads_somewhere(lofte, tmp_path):
    file = tmp_path / "policy.txt"
    file.write_text(
        "Vi kan komma att dela personnummer med betrodda tredje parter m.m. " * 3, encoding="utf-8"
    )
    lofte("review", file, "--html", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_nothing_of_the_text_becomes_markup(lofte, tmp_path):
    file = tmp_path / "x<b>.txt"
    file.write_text(f"<script>alert(1)</script> & {USE}", encoding="utf-8")
    lofte("review", "--part", file, "--html", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page and "x&lt;b&gt;" in page


def test_the_report_never_takes_the_place_of_the_policy(lofte, policy):
    assert lofte("review", policy, "--html", policy).exit_code == 1
    assert policy.read_text(encoding="utf-8") == WRONG


# -- the draft ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [lawful.SV, lawful.EN, WRONG, f"{USE}\n" * 3], ids=["sv", "en", "wrong", "bare"]
)
def test_a_draft_says_only_what_stands_in_the_text(lofte, tmp_path, text):
    file, draft = tmp_path / "policy.txt", tmp_path / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    lofte("review", file, "--draft", draft)
    drafted = draft.read_text(encoding="utf-8")
    for words, start, end in re.findall(r'"((?:[^"\\]|\\.)*)"\}?  # span: (\d+)-(\d+)', drafted):
        assert json.loads(f'"{words}"') == " ".join(text[int(start) : int(end)].split())
    filled = [line for line in drafted.splitlines() if re.search(r"^\s*[\w-]+: +[^#\s]", line)]
    free = {"policy", "record_language", "languages"}
    assert all("# span:" in line or line.split(":")[0].strip() in free for line in filled)


def test_what_a_draft_lacks_is_told_by_the_check(lofte, policy, tmp_path):
    lofte("review", policy, "--draft", tmp_path / "policy.yaml")
    drafted = (tmp_path / "policy.yaml").read_text(encoding="utf-8")
    faults = read(drafted, "policy.yaml", Policy).faults
    assert {fault.number for fault in faults} == {"P008"}
    assert {"meta.id", "purposes.deliver.categories"} <= {fault.place.path for fault in faults}
    assert "legal_basis: 6.1.b" in drafted and "effective_from: 2026-10-01" in drafted


def test_a_draft_takes_no_file_s_place(lofte, policy, tmp_path):
    (tmp_path / "policy.yaml").write_text("mine", encoding="utf-8")
    assert lofte("review", policy, "--draft", tmp_path / "policy.yaml").exit_code == 1
    assert (tmp_path / "policy.yaml").read_text(encoding="utf-8") == "mine"


# -- the files ----------------------------------------------------------------------------------------


def saved(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def word():
    document = Document()
    document.add_heading("Dina rättigheter", level=2)
    document.add_paragraph(USE)
    document.add_paragraph("radering", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Kaka", "1 dag"
    paragraph = document.add_paragraph()
    paragraph.add_run("Kakor").bold = True
    document.add_paragraph("Vi har inga.")
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def test_a_word_file_keeps_its_headings_items_and_tables(tmp_path):
    found = review_file.manuscript(saved(tmp_path, "p.docx", word()))
    pieces = [(block.kind, found.text[block.start : block.end]) for block in found.blocks]
    assert pieces == [
        (Kind.HEADING, "Dina rättigheter"),
        (Kind.PARAGRAPH, USE),
        (Kind.ITEM, "radering"),
        (Kind.PARAGRAPH, "Kaka | 1 dag"),
        (Kind.HEADING, "Kakor"),
        (Kind.PARAGRAPH, "Vi har inga."),
    ]


def test_a_page_shows_what_its_reader_sees(tmp_path):
    html = (
        "<!doctype html><title>x</title><script>evil()</script><nav>Meny</nav><h2>Kakor</h2><p>Vi&nbsp;har "
        "<b>inga</b>. Läs mer <a href='https://a.example/'>här</a>.<ul><li>ett<li>två</ul><p hidden>dolt</p>"
        "<table><tr><td>Kaka<td>1 dag</table><p><strong>Klagomål</strong></p>"
        "Löst ord<br>på två rader.<br>Nytt stycke<p hidden>dolt<p>Slut."
    )
    found = review_file.manuscript(saved(tmp_path, "p.html", html))
    assert [found.text[block.start : block.end] for block in found.blocks] == [
        "Kakor",
        "Vi har inga. Läs mer här (https://a.example/).",
        "ett",
        "två",
        "Kaka | 1 dag",
        "Klagomål",
        "Löst ord på två rader.",
        "Nytt stycke",
        "Slut.",
    ]
    assert [b.kind for b in found.blocks if b.level == 2] == [Kind.HEADING]


def test_a_pdf_is_read(tmp_path):
    import typst

    source = f"#set page(width: 15cm, height: auto)\n= Policy\n\n{USE}"
    pdf = typst.compile(saved(tmp_path, "p.typ", source))
    assert "accepterar du policyn" in review_file.manuscript(saved(tmp_path, "p.pdf", pdf)).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_swedish_letters_are_read_however_they_were_saved(tmp_path, encoding):
    found = review_file.manuscript(saved(tmp_path, "p.txt", "Så här är det på ön.".encode(encoding)))
    assert found.text == "Så här är det på ön."


def empty_pdf():
    kept, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(kept)
    return kept.getvalue()


def locked_pdf():
    kept, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("hemligt")
    writer.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"", "no words"),
        ("a.pdf", b"%PDF-1.7 nonsense", "PDF"),
        ("a.pdf", empty_pdf(), "no words"),
        ("a.pdf", locked_pdf(), "password"),
        ("a.docx", b"PK\x03\x04 nonsense", "Word"),
        ("a.docx", word()[:900], "Word"),
        ("a.bin", b"\x00\x01\x02", "neither text"),
        ("a.txt", b"x" * (review_file.MOST_BYTES + 1), "larger"),
        ("a.txt", b"x " * review_file.MOST_LETTERS, "letters"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, name, content, says):
    with pytest.raises(Refused, match=says):
        review_file.manuscript(saved(tmp_path, name, content))
