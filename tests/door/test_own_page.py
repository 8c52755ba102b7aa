"""In a browser, in both languages: what we have about Anna, corrected by herself, and her receipts; the form
of somebody with a protected identity."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import browser as browser
from tests.delivery.test_journey import codes, through_the_broker
from tests.delivery.test_journey import folder as folder
from tests.delivery.test_journey import site as site
from tests.door.company import ANNA, UNKNOWN
from tests.door.test_journey import WORDS as DOOR
from tests.door.test_journey import code_to, fit
from tests.oidc.conftest import provider as provider

pytestmark = pytest.mark.browser
WORDS = {
    "sv": {
        "own": "Det vi har om dig", "look up": "Slå upp det", "again": "Titta igen", "show": "Visa det",
        "correct": "Rätta det", "wrong": "Skriv det som är rätt.", "got": "Vi har det och rättar",
        "receipts": "Dina kvittenser", "file": "Hämta filen", "hidden": "Jag har skyddad identitet",
        "no mail": "varken mejl eller sms", "sign in": "Logga in med BankID",
    },
    "en": {
        "own": "What we have about you", "look up": "Look it up",
        "again": "Look again", "show": "Show it", "correct": "Correct it", "wrong": "Write what is right.",
        "got": "We have it, and correct it", "receipts": "Your receipts", "file": "Get the file",
        "hidden": "I have a protected identity", "no mail": "neither e-mail nor text messages",
        "sign in": "Sign in with BankID",
    },
}  # fmt: skip


def ready(page: Page, again: str, show: str) -> None:
    """Look again until the worker has looked it up."""
    for _ in range(120):
        if page.get_by_role("button", name=show).count():
            return
        page.get_by_role("link", name=again).click()
        page.wait_for_timeout(250)
    raise AssertionError("it was never looked up")


@pytest.mark.parametrize(("language", "theme"), [("sv", "light"), ("en", "dark")])
def test_from_the_look_to_the_receipt(site, folder, browser: Browser, language, theme):
    said, door = WORDS[language], DOOR[language]
    locale = {"sv": "sv-SE", "en": "en-GB"}[language]
    context = browser.new_context(locale=locale, color_scheme=theme, reduced_motion="reduce")
    page, before = context.new_page(), codes(folder, ANNA)
    page.goto(f"{site}/ask")
    page.locator("input[name=rights][value=rectification]").check()
    page.get_by_label(door["email"]).fill(ANNA)
    page.get_by_role("button", name=door["send"]).click()
    page.get_by_role("link", name=door["have"]).click()
    page.get_by_label(door["code"], exact=True).fill(code_to(folder, ANNA, before))
    page.get_by_role("button", name=door["on"]).click()
    page.get_by_role("link", name=said["own"]).click()
    fit(page, f"own-data-below-{language}")
    page.get_by_role("link", name=said["sign in"]).click()
    through_the_broker(page)
    page.goto(f"{site}/mine/data")
    fit(page, f"own-data-begin-{language}")
    page.get_by_role("button", name=said["look up"]).click()
    ready(page, said["again"], said["show"])
    fit(page, f"own-data-ready-{language}")
    page.get_by_role("button", name=said["show"]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(said["own"])
    expect(page.locator("main")).to_contain_text(ANNA)
    fit(page, f"own-data-{language}")
    page.get_by_role("button", name=said["correct"]).click()
    expect(page.locator("main")).to_contain_text(said["wrong"])
    fit(page, f"own-data-wrong-{language}")
    page.locator("input[name=now]").fill(f"Anna-{language}")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text(said["got"])
    page.get_by_role("link", name=said["receipts"]).click()
    fit(page, f"receipts-{language}")
    with page.expect_download() as download:
        page.get_by_role("link", name=said["file"]).first.click()
    assert download.value.suggested_filename.startswith("lofte-20")
    context.close()


@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("en", "light")])
def test_the_form_of_somebody_with_a_protected_identity(site, browser: Browser, language, theme):
    said, door = WORDS[language], DOOR[language]
    locale = {"sv": "sv-SE", "en": "en-GB"}[language]
    context = browser.new_context(locale=locale, color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{site}/ask")
    page.get_by_role("checkbox", name=door["access"]).check()
    page.get_by_label(door["email"]).fill(UNKNOWN)
    page.get_by_role("checkbox", name=said["hidden"]).check()
    fit(page, f"ask-protected-{language}")
    page.get_by_role("button", name=door["send"]).click()
    expect(page.locator("main")).to_contain_text(said["no mail"])
    fit(page, f"asked-protected-{language}")
    context.close()
