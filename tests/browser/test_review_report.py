"""The report of a review is fit to be used by all, opened as the file that it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lofte.cli.main import make_app
from lofte.cli.words import speak
from tests.browser.test_every_page import DESKTOP, NARROWEST, PHONE, faults
from tests.prose import lawful

pytestmark = pytest.mark.browser

WRONG = """
Övrigt

Genom att använda våra tjänster accepterar du vår behandling av dina personuppgifter. Vi kan komma att lämna
personnummer till betrodda tredje parter, t.ex. i USA, och tar ut en avgift för registerutdrag. Läs mer här:
"""


@pytest.fixture
def report(tmp_path):
    def made(language: str) -> Path:
        file = tmp_path / "policy.txt"
        file.write_text(lawful.SV + WRONG, encoding="utf-8")
        arguments = ["--language", language, "review", str(file), "--html", str(tmp_path / "report.html")]
        assert CliRunner().invoke(make_app(language), arguments).exit_code == 1
        return tmp_path / "report.html"

    yield made
    speak("en")


@pytest.mark.parametrize(("language", "theme"), [("sv", "light"), ("en", "dark")])
def test_the_report_is_fit_for_all(browser, report, language, theme):
    # axe is put in by the test; the page's own policy lets no script in.
    context = browser.new_context(color_scheme=theme, bypass_csp=True)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(report(language).as_uri())
    assert page.get_attribute("html", "lang") == language
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert not faults(page)
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, "scrolls sideways"
    assert not said
    context.close()


def test_the_keyboard_goes_from_a_mark_to_its_fault_and_back(browser, report):
    context = browser.new_context()
    page = context.new_page()
    page.goto(report("sv").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#faults")
    page.locator('a.chip[href="#N201"]').focus()
    page.keyboard.press("Enter")
    assert page.locator("#N201").evaluate("fault => fault.matches(':target')")
    page.locator("#N201 .places a").focus()
    page.keyboard.press("Enter")
    assert page.locator("mark:target").text_content().startswith("Genom att använda våra tjänster")
    context.close()


def test_the_page_s_style_is_let_in_by_its_own_policy(browser, report):
    context = browser.new_context()
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(report("sv").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    assert not said
    context.close()
