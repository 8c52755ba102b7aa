"""A telephone call, in both languages and without a script: typed in while they talk, proposed by one,
decided by another, and the letter that goes out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import APPROVER, HANDLER
from tests.browser.test_every_page import DESKTOP, PHONE, SCREENSHOTS

pytestmark = pytest.mark.browser
WORDS = {
    "sv": {
        "new": "Ta emot en begäran", "receive": "Ta emot", "who": "Anteckna vem som frågar",
        "note": "Anteckna", "refuse": "Föreslå avslag", "propose": "Föreslå det",
        "waits": "Det är föreslaget.", "decide": "Besluta om ett förslag",
        "done": "Det är gjort som föreslaget.", "letter": "Du kan klaga hos", "refused": "Avslagen",
    },
    "en": {
        "new": "Receive a request", "receive": "Receive", "who": "Note who is asking",
        "note": "Note it", "refuse": "Propose to refuse", "propose": "Propose it", "waits": "It is proposed.",
        "decide": "Decide on a proposal", "done": "It is done as proposed.",
        "letter": "complain", "refused": "Refused",
    },
}  # fmt: skip


@pytest.fixture
def seat(browser, site, signed_in):
    """A page as somebody at work sees it, in a language, whose browser runs no scripts."""
    contexts = []

    def at(who: str, language: str) -> Page:
        context = browser.new_context(
            locale={"sv": "sv-SE", "en": "en-GB"}[language],
            java_script_enabled=False,
            viewport={"width": DESKTOP, "height": 900},
        )
        context.add_cookies(signed_in(who))
        contexts.append(context)
        return context.new_page()

    yield at
    for context in contexts:
        context.close()


def picture(page: Page, name: str) -> None:
    for size, width in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"phone-{name}-{size}.png", full_page=True)
    page.set_viewport_size({"width": DESKTOP, "height": 900})


@pytest.mark.parametrize("language", ["sv", "en"])
def test_from_the_call_to_the_letter_by_two_people(site, seat, language):
    said = WORDS[language]
    handler, approver = seat(HANDLER, language), seat(APPROVER, language)
    handler.goto(f"{site}/console/")
    handler.get_by_role("link", name=said["new"]).first.click()
    assert handler.locator("select[name=channel]").input_value() == "phone"
    handler.locator("select[name=right]").select_option("access")
    handler.locator("input[name=email]").fill(f"ringde-{language}@kund.example")
    handler.locator("select[name=language]").select_option(language)
    picture(handler, f"call-{language}")
    handler.get_by_role("button", name=said["receive"], exact=True).click()
    number = handler.url.rpartition("/")[2]
    expect(handler.get_by_role("status")).to_contain_text(number)

    handler.get_by_role("link", name=said["who"]).click()
    handler.locator("textarea[name=method]").fill("Motringning till numret i avtalet")
    handler.get_by_role("button", name=said["note"]).click()
    handler.get_by_role("link", name=said["refuse"], exact=True).click()
    handler.locator("select[name=ground]").select_option("excessive")
    handler.locator("textarea[name=why]").fill("Samma utdrag lämnades ut i förrgår.")
    handler.locator("button[name=look]").click()
    expect(handler.locator("main")).to_contain_text(said["letter"])
    picture(handler, f"look-{language}")
    handler.get_by_role("button", name=said["propose"]).click()
    expect(handler.get_by_role("status")).to_contain_text(said["waits"])
    expect(handler.get_by_role("link", name=said["decide"])).to_have_count(0)

    approver.goto(f"{site}/console/requests/{number}")
    approver.get_by_role("link", name=said["decide"]).click()
    expect(approver.locator("main")).to_contain_text("Samma utdrag lämnades ut i förrgår.")
    picture(approver, f"decide-{language}")
    approver.locator("input[name=answer][value=yes]").check()
    approver.locator("main form button[type=submit]").last.click()
    expect(approver.get_by_role("status")).to_contain_text(said["done"])
    expect(approver.locator(".tag").first).to_contain_text(said["refused"])
    letter = approver.locator(".letter").first
    expect(letter).to_contain_text(number)
    expect(letter).to_contain_text(said["letter"])
    picture(approver, f"letter-{language}")
