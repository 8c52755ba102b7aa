"""What people do with the pages: read without scripts, walk by keyboard, choose a language, print."""

from __future__ import annotations

import pytest

from tests.browser.serving import HANDLER, PASSWORD, READY

pytestmark = pytest.mark.browser


def test_notice_is_whole_without_scripts_and_sets_no_cookie(browser, site):
    context = browser.new_context(locale="sv-SE", java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    assert page.locator("main [data-path]").count() > 100
    assert page.locator("main [data-promises]").count() > 50
    assert page.locator("h1").inner_text() == "Så behandlar vi dina personuppgifter"
    for link in page.locator("nav.contents a:visible").all():
        assert page.locator(f"section{link.get_attribute('href')}").count() == 1
    page.locator("details >> text=Fakturera och bokföra").first.click()
    assert context.cookies() == []
    context.close()


def test_notice_says_what_it_is_to_machines(look):
    page = look().page
    page.goto(look().site)
    facts = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').text)")
    assert facts["@type"] == "WebPage" and facts["version"] == "2026.1" and facts["inLanguage"] == "sv"


def test_keyboard_alone_reaches_the_requests(browser, site):
    context = browser.new_context(locale="sv-SE")
    page = context.new_page()
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    tab_until(page, "document.activeElement.href?.includes('/accounts/login/')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/login/")
    tab_until(page, "document.activeElement.id === 'id_login'")
    page.keyboard.type(HANDLER)
    tab_until(page, "document.activeElement.id === 'id_password'")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    tab_until(page, f"document.activeElement.href?.includes('{READY}')", steps=40)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{READY}")
    context.close()


def tab_until(page, reached: str, steps: int = 15) -> None:
    """Press Tab until it is reached; what has the focus must show it all the way."""
    for _ in range(steps):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert float(outline.removesuffix("px")) >= 2
        if page.evaluate(reached):
            return
    raise AssertionError(f"the keyboard does not get there: {reached}")


def test_language_is_changed_on_the_page_and_remembered(browser, site):
    context = browser.new_context(locale="sv-SE")
    page = context.new_page()
    page.goto(site)
    choose(page, "English")
    assert page.get_attribute("html", "lang") == "en"
    page.goto(f"{site}/accounts/login/")
    assert page.locator("h1").inner_text() == "Sign in"
    context.close()


def choose(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).click()


def test_dark_is_chosen_against_the_device_and_forgotten_again(browser, site):
    context = browser.new_context(locale="en-GB", color_scheme="light")
    page = context.new_page()
    page.goto(site)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    choose(page, "Dark")
    assert page.evaluate(paper) != light
    choose(page, "As the device")
    assert page.evaluate(paper) == light
    assert context.cookies() == []
    context.close()


def test_package_is_fetched_with_the_button(look):
    sight = look("sv", "light", HANDLER)
    sight.page.set_viewport_size({"width": 1280, "height": 900})
    sight.open(f"/console/requests/{READY}")
    with sight.page.expect_download() as download:
        sight.page.get_by_role("button", name="Ladda ned").click()
    assert download.value.suggested_filename == f"registerutdrag-{READY}.zip"


def test_a_link_into_what_is_folded_opens_it(look):
    sight = look()
    sight.page.goto("about:blank")
    sight.open("/#purpose-support")
    assert sight.page.locator("#purpose-support").is_visible()
    assert sight.page.locator("#purpose-invoice").is_hidden()


def test_notice_on_paper_opens_what_is_folded(look):
    sight = look()
    sight.open("/")
    sight.page.emulate_media(media="print")
    assert sight.page.locator("nav.contents").first.is_hidden()
    assert sight.page.locator(".folds .inside").first.bounding_box()["height"] > 20
    sight.page.emulate_media(media="screen")
