"""The policy in force is there for programs, too."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from lofte.notices.models import PublishedPolicy
from lofte.policy.exchange.tilt_shape import Tilt

GUIDES = Path(__file__).parents[2] / "examples" / "guides" / "policy.yaml"
FILES = [("/policy/tilt.json", "application/json"), ("/policy/dpv.jsonld", "application/ld+json")]


@pytest.fixture
def published(store):
    PublishedPolicy.objects.create(
        ref="7" * 32,
        version="2026.3",
        digest="",
        map_digest="",
        text=GUIDES.read_text("utf-8"),
        effective_from="2026-01-01",
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def get(path, language="sv"):
    return Client(headers={"accept-language": language}).get(path)


@pytest.mark.parametrize(("path", "media_type"), FILES)
def test_the_policy_in_force_is_handed_out(published, path, media_type):
    answer = get(path)
    assert answer.status_code == 200 and answer["Content-Type"] == media_type
    assert "Stigvis" in answer.text and json.loads(answer.text)


@pytest.mark.parametrize(("path", "media_type"), FILES)
def test_before_a_policy_is_published_there_is_nothing(store, path, media_type):
    assert get(path).status_code == 404


@pytest.mark.parametrize(("path", "media_type"), FILES)
def test_the_page_of_the_policy_points_at_it(published, path, media_type):
    assert f'<link rel="alternate" type="{media_type}"' in get("/").text
    assert f'href="{path}"' in get("/").text


def test_the_language_is_the_readers_or_the_one_asked_for(published):
    said = {
        how: json.loads(get(path, language).text)["meta"]["language"]
        for how, path, language in (
            ("reader", "/policy/tilt.json", "en"),
            ("asked", "/policy/tilt.json?language=en", "sv"),
            ("else", "/policy/tilt.json?language=fi", "sv"),
        )
    }
    assert said == {"reader": "en", "asked": "en", "else": "sv"}


def test_what_is_handed_out_has_the_shape_of_tilt(published):
    Tilt.model_validate(json.loads(get("/policy/tilt.json").text))
