"""The whole way in a browser that runs no scripts, in both languages: ask, read the code, be let in."""

from __future__ import annotations

import email
import email.policy
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import browser as browser
from tests.browser.test_every_page import DESKTOP, NARROWEST, PHONE, SCREENSHOTS, faults
from tests.door.company import ANNA, TWO

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
WORDS = {
    "sv": {
        "access": "Få veta vilka uppgifter ni har om mig", "email": "Din e-postadress", "send": "Skicka",
        "asked": "Vi har fått din begäran", "have": "Jag har fått en kod", "code": "Koden", "on": "Fortsätt",
        "case": "Ditt ärende", "two": "Det behövs två koder", "more": "Skriv en kod till",
        "begun": "Påbörjad", "back": "Ta tillbaka", "taken": "Återtagen", "leave": "Lämna",
        "wrong": "Något behöver rättas",
    },
    "en": {
        "access": "Know what data you have about me", "email": "Your e-mail address", "send": "Send",
        "asked": "We have your request", "have": "I have got a code", "code": "The code", "on": "Go on",
        "case": "Your case", "two": "Two codes are needed", "more": "Enter another code",
        "begun": "Begun", "back": "Take it back", "taken": "Taken back", "leave": "Leave",
        "wrong": "Something needs to be mended",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LOFTE_", "DJANGO_"))}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.door.serving", str(folder)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address.startswith("http"), (folder / "log").read_text()
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def letters(folder: Path) -> list[tuple[str, str]]:
    """What has left: to whom, and the words."""
    files = sorted((folder / "home" / "outbox").glob("*"), key=lambda file: file.stat().st_mtime)
    # Letters of one second may stand in one file, a line between them.
    parts = [part.strip() for file in files for part in file.read_bytes().split(b"-" * 79)]
    read = [email.message_from_bytes(part, policy=email.policy.default) for part in parts if part]
    return [(said["To"], said.get_content()) for said in read]


def code_to(folder: Path, address: str, before: int) -> str:
    """The code that comes there, once it has come."""
    for _ in range(150):
        codes = [
            match[0] for to, words in letters(folder)
            if to == address and (match := re.search(r"\b\d{4} \d{4}\b", words))
        ]  # fmt: skip
        if len(codes) > before:
            return codes[-1]
        time.sleep(0.1)
    raise AssertionError("no code has come")


@pytest.fixture
def page(browser: Browser, language: str) -> Iterator[Page]:
    context = browser.new_context(
        locale={"sv": "sv-SE", "en": "en-GB"}[language],
        java_script_enabled=False,
        viewport={"width": DESKTOP, "height": 900},
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_from_asking_to_taking_back_without_a_script(site, folder, page, language):
    said = WORDS[language]
    page.goto(f"{site}/ask")
    page.get_by_role("button", name=said["send"]).click()
    expect(page.get_by_role("alert")).to_contain_text(said["wrong"])
    page.get_by_role("checkbox", name=said["access"]).check()
    page.get_by_label(said["email"]).fill(TWO[0])
    before = [sum("code" in w or "kod:" in w for to, w in letters(folder) if to == each) for each in TWO]
    page.get_by_role("button", name=said["send"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said["asked"])
    number = page.locator(".numbers li").inner_text()
    page.get_by_role("link", name=said["have"]).click()
    page.get_by_label(said["code"], exact=True).fill(code_to(folder, TWO[0], before[0]))
    page.get_by_role("button", name=said["on"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said["case"])
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator("main")).to_contain_text(said["two"])
    page.get_by_role("link", name=said["more"]).click()
    page.get_by_label(said["code"], exact=True).fill(code_to(folder, TWO[1], before[1]))
    page.get_by_role("button", name=said["on"]).click()
    expect(page.locator("main")).not_to_contain_text(said["two"])
    for _ in range(120):  # not while the worker is searching for them
        page.get_by_role("link", name=said["back"]).click()
        page.get_by_role("button", name=said["back"]).click()
        if said["taken"] in page.locator(".tag").inner_text():
            break
        page.wait_for_timeout(500)
    expect(page.locator(".tag")).to_contain_text(said["taken"])
    page.get_by_role("button", name=said["leave"]).click()
    expect(page.locator("main")).not_to_contain_text(number)


def fit(page: Page, name: str) -> None:
    """Axe finds nothing, nothing scrolls sideways, and a picture is taken."""
    for size, width in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"door-{name}-{size}.png", full_page=True)
        assert not faults(page), f"axe: {name}, {size}"
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, f"{name} scrolls sideways"


@pytest.mark.parametrize(("language", "theme"), [("sv", "light"), ("en", "dark")])
def test_every_page_at_the_door_is_fit_for_all(site, folder, browser, language, theme):
    said = WORDS[language]
    context = browser.new_context(
        locale={"sv": "sv-SE", "en": "en-GB"}[language], color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    before = sum("kod:" in w or "code" in w for to, w in letters(folder) if to == ANNA)
    page.goto(f"{site}/ask")
    fit(page, f"ask-{language}")
    page.get_by_role("button", name=said["send"]).click()
    fit(page, f"ask-wrong-{language}")
    page.get_by_role("checkbox", name=said["access"]).check()
    page.get_by_label(said["email"]).fill(ANNA)
    page.get_by_role("button", name=said["send"]).click()
    fit(page, f"asked-{language}")
    page.goto(f"{site}/mine")
    fit(page, f"knock-{language}")
    page.goto(f"{site}/mine/code")
    fit(page, f"code-{language}")
    page.get_by_label(said["code"], exact=True).fill(code_to(folder, ANNA, before))
    page.get_by_role("button", name=said["on"]).click()
    fit(page, f"mine-{language}")
    page.get_by_role("link", name=said["back"]).click()
    fit(page, f"take-back-{language}")
    context.close()


@pytest.mark.parametrize("language", ["sv"])
def test_the_form_is_filled_in_with_the_keyboard_alone(site, browser, language):
    context = browser.new_context(locale="sv-SE")
    page = context.new_page()
    page.goto(f"{site}/ask")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to the content
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.id")
        if focused == "right_access":
            page.keyboard.press("Space")
        elif focused == "id_email":
            page.keyboard.type("ulla@okand.example")
        elif page.evaluate("document.activeElement.tagName") == "BUTTON":
            page.keyboard.press("Enter")
            break
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["sv"]["asked"])
    context.close()
