"""What the server gives websites: the banner's files, its configuration, and the plain page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from lofte.banner.built import NAMES, built, tag
from lofte.consent.ingest import desk
from lofte.datamap.document import DataMap
from lofte.execution.house import House, Keys
from lofte.notices.models import PublishedPolicy
from lofte.policy.cookies.choice import kept
from tests.banner.site import ROOT, policy, shown_in

PAGE, NAME = "/privacy/cookies", "vm_choice"


@pytest.fixture
def published(store: Any) -> None:
    PublishedPolicy.objects.create(
        ref="1" * 32,
        version=policy().meta.version,
        digest="",
        map_digest="",
        text=(ROOT / "examples" / "consultancy" / "policy.yaml").read_text(encoding="utf-8"),
        effective_from="2026-01-01",
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.fixture
def client(published: None, settings: Any, tmp_path: Any) -> Any:
    keys = Keys(ledger=b"l" * 32, wrapping=b"w" * 32, lookup=b"o" * 32, checkpoint=b"c" * 32)
    house = House(policy=policy(), datamap=DataMap(), keys=keys, folder=tmp_path)
    settings.LOFTE_AT_WORK = lambda: SimpleNamespace(house=house)
    desk.close()
    yield Client(headers={"accept-language": "sv", "host": "localhost"})
    desk.close()


def choose(client: Any, origin: str = "http://localhost", **form: Any) -> Any:
    return client.post(PAGE, form, headers={"origin": origin})


def cookie_of(answer: Any) -> Any:
    return kept(answer.cookies[NAME].value, shown_in("sv"))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_served_with_a_type_that_browsers_run(client, name):
    answer = client.get(f"/privacy/{name}")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/javascript")
    assert answer.content == built(name).content
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_address_with_the_build_never_changes_its_meaning(client):
    file = built("consent.js")
    answer = client.get(f"/privacy/consent/{file.build}/consent.js")
    assert "immutable" in answer["Cache-Control"] and answer.content == file.content
    assert client.get("/privacy/consent/000000000000/consent.js").status_code == 404


def test_the_integrity_in_the_tag_is_that_of_the_file(client):
    pasted = tag(shown_in("sv"))
    address, integrity = re.search(r'src="([^"]+)" integrity="sha384-([^"]+)"', pasted).groups()
    served = client.get(address).content
    assert base64.b64encode(hashlib.sha384(served).digest()).decode() == integrity


def test_what_is_unchanged_is_not_sent_again(client):
    first = client.get("/privacy/consent.sv.js")
    again = client.get("/privacy/consent.sv.js", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and not again.content


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_configuration_is_of_the_policy_in_force(client, language):
    given = json.loads(client.get(f"/privacy/consent.{language}.json").content)
    assert given == shown_in(language).config()


def test_one_file_holds_banner_and_configuration(client):
    given = client.get("/privacy/consent.sv.js").content
    assert given.startswith(b"self.consentConfig={") and given.endswith(built("consent.js").content)


def test_no_address_is_one_that_block_lists_stop(client):
    pasted = tag(shown_in("sv"))
    for stopped in ("cookieconsent", "cookie-consent", "cookie-banner", "cookiebanner", "consent-banner"):
        assert stopped not in pasted and stopped not in PAGE


def test_a_policy_that_asks_nothing_has_no_page(store):
    assert Client().get(PAGE).status_code == 404


def test_the_page_sets_nothing_before_a_choice(client):
    answer = client.get(PAGE)
    assert answer.status_code == 200 and not answer.cookies
    assert " checked" not in answer.text


@pytest.mark.parametrize(("language", "words"), [("sv", "Neka alla"), ("en", "Reject all")])
def test_the_page_speaks_both_languages(client, language, words):
    assert words in client.get(PAGE, headers={"accept-language": language}).text


def test_every_cookie_stands_on_the_page(client):
    text = client.get(PAGE).text
    assert policy().cookies is not None
    assert all(each.name in text for each in policy().cookies.table)


@pytest.mark.parametrize(
    ("form", "vendors"),
    [
        ({"answer": "accept"}, {"vitmossa", "raknesticka-analys", "skyltfonstret-annonser"}),
        ({"answer": "reject"}, set()),
        ({"answer": "save", "vendor": ["vitmossa"]}, {"vitmossa"}),
        ({"answer": "reject", "vendor": ["vitmossa"]}, set()),
        ({"answer": "save", "vendor": ["somebody-else"]}, set()),
    ],
)
def test_a_choice_without_scripts_is_recorded(client, form, vendors):
    from lofte.consent.models import Choice

    answer = choose(client, **form)
    assert answer.status_code == 302
    assert cookie_of(answer).vendors == vendors
    assert Choice.objects.count() == 1
    assert client.get(PAGE).text.count(" checked") == len(vendors)


def test_a_second_choice_goes_on_from_the_first(client):
    first = cookie_of(choose(client, answer="accept"))
    second = cookie_of(choose(client, answer="reject"))
    assert (second.id, second.seq) == (first.id, first.seq + 1) and not second.vendors


def test_the_cookie_fits_in_two_hundred_bytes(client):
    answer = choose(client, answer="save", vendor=["vitmossa", "raknesticka-analys"])
    assert len(NAME) + 1 + len(answer.cookies[NAME].value) <= 200


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_a_form_from_elsewhere_changes_nothing(client, origin):
    answer = choose(client, origin=origin, answer="accept")
    assert answer.status_code == 403 and NAME not in answer.cookies


def test_an_id_that_we_have_not_signed_is_not_gone_on_with(client):
    first = choose(client, answer="accept").cookies[NAME].value.split(".")
    client.cookies[NAME] = ".".join([*first[:2], "X" * 44, *first[3:]])
    again = cookie_of(choose(client, answer="accept"))
    assert again.id not in {"X" * 44, first[2]} and again.seq == 1


@pytest.mark.parametrize("cookie", ["", "nonsense", "1.aaaaaaaa..zzzzzz.zzzzzzzz.", "1.a.b.c.d.e.f.g"])
def test_a_cookie_that_is_none_of_ours_is_no_choice(client, cookie):
    client.cookies[NAME] = cookie
    assert client.get(PAGE).status_code == 200


def test_a_browser_that_says_no_is_told_that_it_is_heard(client):
    assert "GPC" in client.get(PAGE, headers={"sec-gpc": "1"}).text
    assert client.get("/.well-known/gpc.json").json() == {"gpc": True, "lastUpdate": "2026-01-01"}


def run(*arguments: str) -> Any:
    from typer.testing import CliRunner

    from lofte.cli.main import make_app

    return CliRunner().invoke(make_app("en"), [*arguments])


COMPANY = str(ROOT / "examples" / "consultancy")


def test_a_static_site_gets_all_it_needs(tmp_path):
    done = run("--workspace", COMPANY, "banner", "build", "-o", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    made = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir()}
    assert {*NAMES, "cookies.sv.html", "cookies.en.html", "tag.sv.html", "tag.en.html"} <= made.keys()
    assert built("consent.js").integrity in made["tag.sv.html"]
    assert '"post":""' in made["tag.sv.html"] and "/privacy/cookies.sv.html" in made["tag.sv.html"]
    assert "vm_count" in made["cookies.en.html"] and "<noscript>" in made["cookies.en.html"]


def test_a_policy_that_asks_nothing_builds_nothing(tmp_path):
    text = (ROOT / "examples" / "consultancy" / "policy.yaml").read_text(encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(text.replace("consent: prior_opt_in", "consent: none_needed"))
    done = run("--workspace", str(tmp_path), "banner", "build", "-o", str(tmp_path / "out"))
    assert done.exit_code == 1 and "C001" in done.output and not (tmp_path / "out").exists()


def test_a_configuration_of_another_banner_becomes_a_draft(tmp_path):
    file = tmp_path / "klaro.js"
    file.write_text("var c = {services: [{name: 'm', purposes: ['analytics'], cookies: ['_m']}]}")
    done = run("banner", "import", str(file))
    assert done.exit_code == 0 and '"name": "_m"' in done.output


def test_what_is_no_configuration_says_so(tmp_path):
    file = tmp_path / "x.js"
    file.write_text("nothing")
    assert run("banner", "import", str(file)).exit_code == 1
    assert run("banner", "import", str(tmp_path / "missing.js")).exit_code != 0


def test_a_no_is_as_large_as_a_yes_on_the_plain_page(client):
    text = client.get(PAGE).text
    assert "banner/page.css" in text
    rules = (ROOT / "src/lofte/banner/static/banner/page.css").read_text(encoding="utf-8")
    assert ".answers button { flex: 1 1 10rem; }" in rules
    no, yes = (re.search(rf'<button ([^>]*)value="{each}"', text).group(1) for each in ("reject", "accept"))
    assert no == yes
