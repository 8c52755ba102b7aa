"""The worklist by keyboard, with and without its keys, and what is opened by a press."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.serving import HANDLER
from tests.browser.test_erasing import places
from tests.browser.test_every_page import DESKTOP, NARROWEST, faults

pytestmark = pytest.mark.browser
__all__ = ["places"]


@pytest.fixture
def page(look):
    sight = look("sv", "light", HANDLER)
    sight.page.set_viewport_size({"width": DESKTOP, "height": 900})
    yield sight.page
    assert not sight.complaints


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_the_keys_walk_the_list_choose_open_and_search(page, site):
    page.goto(f"{site}/console/")
    numbers = page.locator("a.opens").all_text_contents()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == numbers[1]
    page.keyboard.press("k")
    assert focused(page) == numbers[0]
    page.keyboard.press("x")
    assert page.locator("input[name=n]:checked").get_attribute("value") == numbers[0]
    page.keyboard.press("/")
    page.keyboard.type("jkx?")
    assert page.locator("#find").input_value() == "jkx?", "in a field a key is a letter"
    page.locator("#find").fill("")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/requests/{numbers[0]}")


def test_the_help_is_fit_for_all_and_turns_the_keys_off(page, site):
    page.goto(f"{site}/console/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tangenter")).to_be_visible()
    assert not faults(page)
    page.get_by_label("Tangenterna gör något i den här webbläsaren").uncheck()
    page.get_by_role("button", name="Stäng").click()
    page.goto(f"{site}/console/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Tangenter").click()
    page.get_by_label("Tangenterna gör något i den här webbläsaren").check()


@pytest.mark.parametrize(
    ("at", "button", "heading"),
    [
        ("{case}", "Läs anteckningarna", "Anteckningar"),
        ("{case}", "Läs meddelandena", "Vad som har sagts"),
        ("/console/mail", "Öppna", "Ett mejl"),
        ("/console/doubts", "Visa vilka", "Vilka rader"),
    ],
)
def test_what_is_opened_by_a_press_is_fit_for_all(page, site, places, at, button, heading):
    page.goto(site + re.sub(r"\{([\w-]+)\}", lambda found: places[found[1]], at))
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    assert not faults(page)
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, "scrolls sideways"


def test_many_are_given_to_a_colleague_without_a_script(browser, site, signed_in):
    context = browser.new_context(locale="sv-SE", java_script_enabled=False)
    context.add_cookies(signed_in(HANDLER))
    page = context.new_page()
    page.goto(f"{site}/console/")
    expect(page.get_by_role("button", name="Tangenter")).to_have_count(0)
    for box in page.locator("input[name=n]").all()[-2:]:
        box.check()
    page.get_by_label("Med de valda").select_option(label="Ge till någon")
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_label("Vem som har hand om den").select_option(label="Astrid Norén")
    page.get_by_role("button", name="Visa vad som skulle hända").click()
    expect(page.get_by_role("heading", name="Det här händer med 2")).to_be_visible()
    page.get_by_role("button", name="Ge dem").click()
    expect(page.get_by_role("status")).to_contain_text("Ge till någon: 2 begäranden.")
    context.close()
