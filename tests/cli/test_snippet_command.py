"""`lofte snippet` writes the notice that stands at a form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lofte.cli.main import run
from lofte.policy.notice.form import at_form, text
from lofte.site.workspace import load

GUIDES = Path(__file__).parents[2] / "examples" / "guides"


def snippet(capsys, *arguments: str, language: str = "en") -> tuple[str, str, int]:
    with pytest.raises(SystemExit) as ended:
        run(["snippet", *arguments, "--workspace", str(GUIDES), "--language", language])
    said = capsys.readouterr()
    return said.out, said.err, int(ended.value.code or 0)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_text_is_what_the_policy_says(capsys, language):
    out, _, code = snippet(capsys, "book", "--format", "text", language=language)
    url = out.rsplit(": ", 1)[1].strip()
    assert code == 0
    assert out.strip() == text(at_form(load(GUIDES).policy, "book", language, url)).strip()


def test_json_is_for_programs(capsys):
    out, _, _ = snippet(capsys, "book", "--format", "json")
    told = json.loads(out)
    assert told["form"] == "book" and told["sections"][0]["id"] == "short"


@pytest.mark.parametrize(
    ("shape", "begins"), [("html", "<section"), ("script", "<script src="), ("frame", "<iframe src=")]
)
def test_what_goes_into_a_page_is_one_element(capsys, shape, begins):
    out, _, code = snippet(capsys, "book", "--format", shape)
    assert code == 0 and out.startswith(begins) and 'style="' not in out


def test_a_form_that_is_not_there_is_refused_with_those_that_are(capsys):
    _, err, code = snippet(capsys, "nothing")
    assert code == 1 and "book, join, story_form, newsletter_form" in " ".join(err.split())
