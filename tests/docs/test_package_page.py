"""The page about the package names what a package has."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from lofte.plan.answer import Answer
from lofte.requests.package import page as pages
from lofte.requests.package import pdf, view

PAGE = (Path(__file__).parents[2] / "docs/reference/package.md").read_text(encoding="utf-8")


def test_every_part_of_the_answer_is_explained():
    explained = set(re.findall(r"`(\w+)`", PAGE))
    figures = {"on", "found", "rows", "searched", "summary"}
    assert {field.name for field in fields(Answer)} - figures <= explained


def test_the_numbers_on_the_page_are_those_of_the_code():
    assert f"at most {pdf.ROWS} rows" in PAGE
    assert f"{pages.ROWS} to a page" in PAGE
    assert f"the latest {view.LATEST} rows" in PAGE
