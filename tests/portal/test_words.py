"""Every word of the faces is said in Swedish too, and no page needs anything that the policy forbids."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SRC = Path(__file__).parents[2] / "src" / "lofte"
FACES = ["portal", "console", "banner"]
CALL = re.compile(r"""gettext\(\s*u?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""", re.DOTALL)
WORDS = ["_", "gettext", "gettext_lazy", "gettext_noop", "lazy", "noop", "ngettext"]


def said(face: str) -> set[str]:
    """The English of everything that the face says."""
    found = set()
    for file in (SRC / face).rglob("*.py"):
        for _, _, message, _ in extract_python(io.BytesIO(file.read_bytes()), WORDS, [], {}):
            found.add(message if isinstance(message, str) else message[0])
    for file in (SRC / face).rglob("*.html"):
        for double, single in CALL.findall(templatize(file.read_text(encoding="utf-8"))):
            found.add(double or single)
    return found


@pytest.mark.parametrize("face", FACES)
def test_all_that_is_said_is_said_in_swedish(face):
    with (SRC / face / "locale" / "sv" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="sv")
    translated = {}
    for message in catalogue:
        if message.id:
            one = message.id[0] if isinstance(message.id, tuple) else message.id
            translated[one] = (
                all(message.string) if isinstance(message.string, tuple) else bool(message.string)
            )
    missing = {english for english in said(face) if not translated.get(english)}
    assert not missing
    assert set(translated) <= said(face), "words that nobody says any more"


@pytest.mark.parametrize("face", FACES)
def test_no_template_has_anything_inline(face):
    for file in (SRC / face).rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|[\"']data:", text), file
        ours = r" src=\"\{% static 'lofte/[a-z]+\.js' %\}\" defer></script>"
        assert not re.search(rf"<script(?! type=\"application/ld\+json\"|{ours})", text), file
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), file


def test_the_stylesheets_fetch_nothing_and_name_colours_in_one_place():
    for file in (SRC / "portal" / "static" / "lofte").glob("*.css"):
        text = file.read_text(encoding="utf-8")
        assert "url(" not in text and "@import" not in text, file
        if file.name in {"base.css", "parts.css"}:
            # White behind a square code and on grave buttons: cameras and contrast need it in dark too.
            assert len(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) <= 8, file
