"""The notice at a form: the same words as the whole notice, for the company's own site and no other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from lofte.errors import Broken
from lofte.notices import presented
from lofte.notices.models import Presented
from lofte.policy.document import Policy
from lofte.policy.notice import notice
from lofte.policy.notice.form import at_form, origins
from lofte.policy.reading import read
from lofte.policy.retention_words import say
from tests.portal.test_portal import put_in_force

EXAMPLES = Path(__file__).parents[2] / "examples"
COMPANIES = ("signage", "reseller", "consultancy", "webhost", "guides")
OWN, OTHER = "https://stigvis.example", "https://elsewhere.example"


def policy(company: str) -> Policy:
    return read((EXAMPLES / company / "policy.yaml").read_text(), "policy.yaml", Policy).document


@pytest.fixture
def guides(store):
    put_in_force((EXAMPLES / "guides" / "policy.yaml").read_text(encoding="utf-8"))
    presented._SEEN.clear()


def ask(way: str = "", form: str = "book", language: str = "sv", **headers: str):
    return Client(headers=headers).get(f"/notice/form/{form}{way}", {"lang": language})


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("company", COMPANIES)
def test_every_form_tells_the_period_and_the_ground_of_each_of_its_purposes(company, language):
    document = policy(company)
    for id_, form in document.forms.items():
        told = "\n".join(line.text for line in at_form(document, id_, language, "/").lines())
        for purpose in (document.purposes[each] for each in form.purposes):
            assert purpose.name.say(language).lower() in told.lower()
            last = [
                document.retention[r] for r in purpose.retention if document.retention[r].action != "next"
            ]
            assert last and all(say(rule.keep_until, language) in told for rule in last)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_the_form_tells_of_periods_is_what_the_notice_tells(language):
    document = policy("guides")
    whole = {line.text for line in notice(document, language).section("stored").lines()}
    for form in document.forms:
        told = [s.text for s in at_form(document, form, language, "/").lines() if "P138" in s.promises]
        assert told and set(told) <= whole


WAYS = {"": "text/html", ".html": "text/html", ".json": "application/json", ".txt": "text/plain"}


@pytest.mark.parametrize(("way", "kind"), WAYS.items())
def test_each_way_holds_every_sentence(guides, way, kind):
    from html import unescape

    answer = ask(way, language="en")
    assert answer.status_code == 200 and answer["Content-Type"].startswith(kind)
    for line in at_form(policy("guides"), "book", "en", "/").lines():
        assert line.text in unescape(answer.text)


def test_the_language_is_the_one_asked_for_and_else_the_readers(guides):
    assert ask(".json", language="en").json()["language"] == "en"
    assert ask(".json", language="xx", **{"accept-language": "en"}).json()["language"] == "en"
    assert ask(".json", language="", **{"accept-language": "fi"}).json()["language"] == "sv"


def test_a_form_that_the_policy_does_not_have_is_not_found(guides):
    assert ask(".json", form="nothing").status_code == 404


@pytest.mark.parametrize("way", [".html", ".json", ".txt"])
def test_only_the_companys_own_sites_may_read_it(guides, way):
    assert origins(policy("guides")) == (OWN,)
    assert ask(way, origin=OWN)["Access-Control-Allow-Origin"] == OWN
    for stranger in (OTHER, "null", f"{OWN}.evil.example", OWN.upper()):
        assert "Access-Control-Allow-Origin" not in ask(way, origin=stranger).headers
    assert "Origin" in ask(way)["Vary"]


def test_only_the_companys_own_sites_may_frame_it(guides):
    answer = ask()
    assert f"frame-ancestors 'self' {OWN};" in answer["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in answer.headers
    assert Client().get("/")["X-Frame-Options"] == "DENY"


def test_the_script_may_be_loaded_by_another_site(guides):
    answer = Client().get("/notice/form.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "innerHTML" not in answer.text


def test_reading_it_sets_no_cookie(guides):
    client = Client()
    for way in ("", ".html", ".json", ".txt"):
        client.get(f"/notice/form/book{way}")
    assert not client.cookies


def test_what_was_shown_is_counted_by_version_form_language_and_day(guides):
    ask(".json"), ask(), ask(language="en"), Client().get("/")
    assert Presented.objects.count() == 0  # a page that is read writes nothing
    assert presented.keep() == 4
    counted = {(row.form, row.language): row.times for row in Presented.objects.all()}
    assert counted == {("book", "sv"): 2, ("book", "en"): 1, ("", "sv"): 1}
    ask(".txt")
    presented.keep()
    assert Presented.objects.get(form="book", language="sv").times == 3
    assert not presented.waits() and presented.keep() == 0
    Client().head("/"), Client().head("/notice/form/book.json")
    assert presented.keep() == 0


def test_nothing_of_who_read_is_kept(guides):
    names = {field.name for field in Presented._meta.get_fields()}
    assert names == {"id", "digest", "form", "language", "day", "times"}


def test_what_cannot_be_written_waits(guides, monkeypatch):
    def fails(**_: object) -> None:
        raise Broken("no disk")

    presented.seen("0" * 64, "book", "sv", date(2026, 11, 20))
    with monkeypatch.context() as broken:
        broken.setattr(Presented.objects, "get_or_create", fails)
        with pytest.raises(Broken):
            presented.keep()
    assert presented.keep() == 1 and Presented.objects.get().times == 1
