"""What anyone may read: the policy in force, whether we are well, and words when something fails."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from lofte.execution.models import LedgerOutbox
from lofte.notices.models import PublishedPolicy
from lofte.policy.document import Policy
from lofte.policy.notice import notice
from lofte.policy.reading import read

WEBHOST = Path(__file__).parents[2] / "examples" / "webhost" / "policy.yaml"


@pytest.fixture(scope="module")
def text():
    return WEBHOST.read_text(encoding="utf-8")


def put_in_force(text, version="2026.1", since="2026-01-01"):
    PublishedPolicy.objects.create(
        ref=version.rjust(32, "0"),
        version=version,
        digest="",
        map_digest="",
        text=text,
        effective_from=since,
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def page(path="/", language="sv", **more):
    return Client(headers={"accept-language": language}).get(path, **more)


def test_before_a_policy_is_published_the_page_says_so(store):
    answer = page()
    assert answer.status_code == 200 and "Ingen policy är publicerad än" in answer.text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_sentence_of_the_notice_stands_on_the_page_with_its_source(store, text, language):
    from html import unescape

    put_in_force(text)
    policy = read(text, "policy.yaml", Policy).document
    html = unescape(page(language=language).text)
    for line in notice(policy, language).lines():
        assert f'data-path="{line.path}"' in html
        for promise in line.promises:
            assert promise in html


def test_the_notice_is_in_swedish_unless_english_is_asked_for(store, text):
    put_in_force(text)
    assert '<html lang="sv"' in page(language="fi").text
    assert '<html lang="en"' in page(language="en-GB,en;q=0.9").text


def test_text_from_the_policy_cannot_become_markup(store, text):
    evil = "</script><script>alert(1)</script>"
    put_in_force(text.replace("Fjordhem Webbhotell AB", f"'{evil}'"))
    answer = page()
    assert answer.status_code == 200 and evil not in answer.text


def test_reading_sets_no_cookie(store, text):
    put_in_force(text)
    client = Client()
    client.get("/")
    assert not client.cookies


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", ""])
@pytest.mark.parametrize("choice", ["language/en", "appearance/dark"])
def test_a_choice_leads_back_to_our_own_pages_only(store, choice, next_):
    assert Client().get(f"/{choice}", {"next": next_})["Location"] == "/"


def test_a_choice_leads_back_to_where_one_was(store):
    answer = Client().get("/language/en", {"next": "/console/?show=all"})
    assert answer["Location"] == "/console/?show=all"
    assert answer.cookies["lofte-language"].value == "en"


def test_well_when_store_and_ledger_can_be_written(store):
    answer = page("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "store": "ok", "ledger": "ok"}


def test_not_well_when_the_ledger_cannot_be_written(store):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {LedgerOutbox._meta.db_table}")
    answer = page("/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "failing", "store": "ok", "ledger": "failing"}


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "Sidan finns inte här"), ("en", "The page is not here")]
)
def test_a_missing_page_says_so_in_the_readers_language(store, language, words):
    answer = page("/nowhere", language)
    assert answer.status_code == 404 and words in answer.text


def test_when_something_breaks_the_page_says_so_and_tells_nothing_more(store, text, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the secret of the house")

    put_in_force(text)
    monkeypatch.setattr("lofte.portal.pages.published_page", broken)
    answer = Client(raise_request_exception=False, headers={"accept-language": "sv"}).get("/")
    assert answer.status_code == 500
    assert "Något gick sönder hos oss" in answer.text and "secret" not in answer.text


def test_each_section_has_a_visible_link_to_itself_and_is_told_to_machines(store, text):
    import json
    import re

    put_in_force(text)
    html = page(language="en").text
    facts = json.loads(re.search(r"<script type=.application/ld\+json.>(.*?)</script>", html).group(1))
    policy = read(text, "policy.yaml", Policy).document
    for section in notice(policy, "en").sections:
        assert html.count(f'id="{section.id}"') == 1
        assert {"@type": "WebPageElement", "@id": f"#{section.id}", "name": section.heading} in facts[
            "hasPart"
        ]
        assert section.id == "short" or f'class="here" href="#{section.id}"' in html
    assert facts["publisher"]["identifier"] == policy.controller.org_no
