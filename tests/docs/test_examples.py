"""The examples on the how-to pages are real ones, and links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from lofte.datamap.document import Author, Dataset, FieldMap
from lofte.datamap.document import Path as SubjectPath
from lofte.policy.document import Policy

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
_YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")


def _load(text: str) -> dict:
    return YAML(typ="safe", pure=True).load(text)


def _fences(name: str) -> list[dict]:
    return [_load(text) for text in _YAML.findall((DOCS / name).read_text(encoding="utf-8"))]


def _plain(value):
    return TypeAdapter(SubjectPath).validate_python(value)


def test_every_path_shown_stands_in_the_example_company():
    text = (ROOT / "examples/webhost/systems/hosting.yaml").read_text(encoding="utf-8")
    real = {_plain(p).model_dump_json() for d in _load(text)["datasets"].values() for p in d["subject"]}
    shown = [_plain(p) for fence in _fences("how-to/map-a-database.md") for p in fence.get("subject", ())]
    assert shown
    assert not [p for p in shown if p.model_dump_json() not in real]


def test_every_kind_of_path_is_shown():
    shown = {p["by"] for fence in _fences("how-to/map-a-database.md") for p in fence.get("subject", ())}
    every = TypeAdapter(SubjectPath).json_schema()["discriminator"]["mapping"]
    assert shown == set(every)


def test_the_rest_of_the_map_that_is_shown_can_be_read():
    for fence in _fences("how-to/map-a-database.md"):
        for key, value in fence.items():
            if key == "fields":
                assert all(FieldMap.model_validate(field) for field in value.values())
            elif key == "author":
                assert Author.model_validate(value)
            elif key != "subject":
                whole = {"name": {"en": "x"}, "key": "id", "fields": {}, **value}
                assert Dataset.model_validate(whole)


def test_the_parts_of_a_policy_that_are_shown_can_be_read():
    text = (ROOT / "examples/webhost/policy.yaml").read_text(encoding="utf-8")
    whole = _load(text)
    for fence in _fences("how-to/write-a-policy.md"):
        assert Policy.model_validate({**whole, **fence})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for target, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        at = (page.parent / target).resolve() if target else page
        assert at.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", at.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def test_every_page_stands_in_the_index():
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    named = {target for target, _ in _LINK.findall(index)}
    pages = {str(p.relative_to(DOCS)) for p in DOCS.rglob("*.md")} - {"README.md"}
    assert pages == {name for name in named if name.endswith(".md") and not name.startswith("..")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_uses_one_word_for_one_thing(page):
    words = r"\b(DSR|DSAR|audit.?log|data.subject.request)s?\b"
    assert not re.search(words, page.read_text(encoding="utf-8"), re.IGNORECASE)


ROOMS = {p.name for p in (ROOT / "src/lofte").iterdir() if (p / "__init__.py").is_file()}


def test_the_map_of_the_house_has_every_room():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("## The map of the house")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)/`", row)} == ROOMS


def test_the_order_of_the_rooms_has_every_room():
    text = (DOCS / "explanation/the-house.md").read_text(encoding="utf-8")
    rows = [line.split("|")[2] for line in text.splitlines() if re.match(r"\| \d", line)]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named - {"errors", "fault"} == ROOMS


def test_no_room_that_is_there_is_said_to_be_unbuilt():
    text = (DOCS / "explanation/the-house.md").read_text(encoding="utf-8")
    drawn = text.partition("## What is drawn and not built")[2].partition(".")[0]
    assert not set(re.findall(r"`(\w+)`", drawn)) & ROOMS
