"""The whole way in a browser, in both languages: ask, prove, be told, fetch, open the ZIP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import browser as browser
from tests.door.company import ANNA, EVA
from tests.door.test_journey import WORDS as DOOR
from tests.door.test_journey import code_to, fit, letters
from tests.oidc.conftest import provider as provider
from tests.oidc.persons import ANNA as NUMBER

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
WORDS = {
    "sv": {
        "sign in": "Logga in med BankID", "step up": "Logga in med e-legitimation", "to": "Till ditt svar",
        "answer": "Ditt svar", "fetch": "Hämta svaret", "more": "visa säkrare vem du är", "left": "2 av 3",
        "number": "Ärendets nummer", "address": "E-postadressen i ärendet", "wish": "Skicka en kod",
        "told": "Ditt svar i ärende", "file": "registerutdrag",
    },
    "en": {
        "sign in": "Sign in with BankID", "step up": "Sign in with e-ID", "to": "To your answer",
        "answer": "Your answer", "fetch": "Fetch the answer", "more": "show more surely who you are",
        "left": "2 of 3", "number": "The number of the case", "address": "The e-mail address in the case",
        "wish": "Send me a code", "told": "Your answer in case", "file": "registerutdrag",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def site(folder: Path, provider: str) -> Iterator[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LOFTE_", "DJANGO_"))}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.delivery.serving", str(folder), str(port), provider],
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


def through_the_broker(page: Page) -> None:
    """Anna, at the broker's own page."""
    page.get_by_role("button", name="anna", exact=True).first.click()


def codes(folder: Path, address: str) -> int:
    return sum(to == address and ("kod:" in words or "code:" in words) for to, words in letters(folder))


def told(folder: Path, number: str, words: str) -> str:
    """The letter that says that the answer is ready, once it has come."""
    for _ in range(300):
        found = [said for to, said in letters(folder) if to == ANNA and f"{words} {number}" in said]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError("nobody was told")


@pytest.mark.parametrize(("language", "theme"), [("sv", "light"), ("en", "dark")])
def test_from_asking_to_the_opened_answer(site, folder, browser: Browser, language, theme, tmp_path):
    said, door = WORDS[language], DOOR[language]
    locale = {"sv": "sv-SE", "en": "en-GB"}[language]
    first = browser.new_context(locale=locale, java_script_enabled=False)
    page, before = first.new_page(), codes(folder, ANNA)
    page.goto(f"{site}/ask")
    page.get_by_role("checkbox", name=door["access"]).check()
    page.get_by_label(door["email"]).fill(ANNA)
    page.get_by_role("button", name=door["send"]).click()
    number = page.locator(".numbers li").inner_text().split()[0]
    page.get_by_role("link", name=door["have"]).click()
    page.get_by_label(door["code"], exact=True).fill(code_to(folder, ANNA, before))
    page.get_by_role("button", name=door["on"]).click()
    page.get_by_role("link", name=said["sign in"]).click()
    through_the_broker(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(door["case"])
    letter = told(folder, number, said["told"])
    assert NUMBER not in letter and "/fetch" not in letter and f"{site}/mine" in letter
    first.close()

    context = browser.new_context(locale=locale, color_scheme=theme, reduced_motion="reduce")
    page, before = context.new_page(), codes(folder, ANNA)
    page.goto(f"{site}/mine")
    page.locator("input[name=number]").fill(number)
    page.locator("input[name=email]").fill(ANNA)
    page.get_by_role("button", name=said["wish"]).click()
    page.get_by_label(door["code"], exact=True).fill(code_to(folder, ANNA, before))
    page.get_by_role("button", name=door["on"]).click()
    page.get_by_role("link", name=said["to"]).click()
    expect(page.locator("main")).to_contain_text(said["more"])
    fit(page, f"fetch-more-{language}")
    page.get_by_role("link", name=said["step up"]).click()
    through_the_broker(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(said["answer"])
    fit(page, f"fetch-{language}")
    with page.expect_download() as download:
        page.get_by_role("button", name=said["fetch"]).click()
    assert download.value.suggested_filename == f"{said['file']}-{number}.zip"
    download.value.save_as(tmp_path / "answer.zip")
    with zipfile.ZipFile(tmp_path / "answer.zip") as package:
        data = package.read("data.json").decode()
        assert package.testzip() is None and ANNA in data and EVA not in data
    page.reload()
    expect(page.locator("main")).to_contain_text(said["left"])
    for _ in range(2):
        with page.expect_download():
            page.get_by_role("button", name=said["fetch"]).click()
    page.reload()
    fit(page, f"fetched-{language}")
    assert NUMBER not in (folder / "log").read_text() and ANNA not in (folder / "log").read_text()
    context.close()


@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("en", "light")])
def test_the_pages_of_the_sign_in_are_fit_for_all(site, browser: Browser, language, theme):
    locale = {"sv": "sv-SE", "en": "en-GB"}[language]
    context = browser.new_context(locale=locale, color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{site}/sign-in/back?code=x&state=y")
    fit(page, f"sign-in-refused-{language}")
    page.goto(f"{site}/mine")
    page.get_by_role("link", name=WORDS[language]["sign in"]).click()
    through_the_broker(page)
    page.goto(f"{site}/sign-in/cases")
    fit(page, f"sign-in-cases-{language}")
    page.goto(f"{site}/ask")
    fit(page, f"ask-signed-in-{language}")
    context.close()
