"""One server for all of this folder's tests, one browser a file, one context for each way of looking."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.browser.serving import AUDITOR, HANDLER, PASSWORD

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page of another site that a test makes may ask our server, though that is on this machine.
    "--disable-features=LocalNetworkAccessChecks",
]
DESKTOP, PHONE, NARROWEST = 1280, 360, 320


@dataclass
class Sight:
    """A page, and what it complained of."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)
    expected: int = 200

    def open(self, path: str, status: int = 200) -> None:
        """Go there; the server must answer with this status."""
        self.complaints.clear()
        self.expected = status
        answer = self.page.goto(self.site + path)
        assert answer is not None and answer.status == status, f"{path} gave {answer and answer.status}"

    def said(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        # The browser notes that a page came with 403 or 404; those we asked for.
        if self.expected != 200 and f"status of {self.expected}" in message.text:
            return
        self.complaints.append(message.text)

    def asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.site).netloc:
            self.complaints.append(f"asked another host: {request.url}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    folder = tmp_path_factory.mktemp("browsed", numbered=False) / "lofte"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LOFTE_", "DJANGO_"))}
    with (folder.parent / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.serving", str(folder)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address.startswith("http"), (folder.parent / "log").read_text()
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the one of the system, else the one Playwright brought.

    Not for the session: while Playwright runs in a thread, Django takes that thread for an
    asynchronous one and refuses other files' tests their store.
    """
    with sync_playwright() as playwright:
        yield (
            found := playwright.chromium.launch(
                executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=FLAGS
            )
        )
        found.close()


@pytest.fixture(scope="module")
def signed_in(site: str, browser: Browser) -> Callable[[str], list[dict]]:
    """The cookies of somebody who has signed in, by their address."""
    known: dict[str, list[dict]] = {"": []}

    def cookies(who: str) -> list[dict]:
        if who not in known:
            context = browser.new_context(locale="sv-SE")
            sign_in(context.new_page(), site, who)
            known[who] = context.cookies()
            context.close()
        return known[who]

    return cookies


def sign_in(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("#id_login", who)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/console/**")


@pytest.fixture(scope="module")
def look(site: str, browser: Browser, signed_in: Callable) -> Iterator[Callable[..., Sight]]:
    """A page in this language and theme, as nobody or as somebody who works here."""
    contexts: dict[tuple[str, str, str], Sight] = {}

    def at(language: str = "sv", theme: str = "light", who: str = "") -> Sight:
        key = (language, theme, who)
        if key not in contexts:
            context: BrowserContext = browser.new_context(
                locale={"sv": "sv-SE", "en": "en-GB"}[language],
                color_scheme=theme,
                reduced_motion="reduce",
                viewport={"width": DESKTOP, "height": 900},
            )
            context.add_cookies(signed_in(who))
            sight = contexts[key] = Sight(page=context.new_page(), site=site)
            sight.page.on("console", sight.said)
            sight.page.on("pageerror", lambda error: sight.complaints.append(str(error)))
            sight.page.on("request", sight.asked)
        return contexts[key]

    yield at
    for sight in contexts.values():
        sight.page.context.close()


__all__ = ["AUDITOR", "DESKTOP", "HANDLER", "NARROWEST", "PHONE"]
