"""One site and one browser for each file; a fresh visitor for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.banner.site import Site, serving, shown_in
from tests.browser.conftest import FLAGS

WHILE = 150
"""Milliseconds in which anything that would be asked for has been."""
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def site(served: Site) -> Site:
    served.forget()
    return served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        # localhost may mean ::1, where nobody listens.
        flags = [*FLAGS, "--host-resolver-rules=MAP localhost 127.0.0.1"]
        running = play.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield running
        running.close()


@dataclass
class Visitor:
    """Somebody with a browser of their own."""

    context: BrowserContext
    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)

    def go(self, visit: str = "a", **query: Any) -> None:
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        self.page.goto(f"{self.site.own}/v/{visit}/page?{asked}")
        self.page.wait_for_timeout(WHILE)

    def press(self, name: str) -> None:
        self.page.locator(f"[data-lofte={name}]").last.click()

    def settle(self) -> None:
        """Until what was chosen has its answer and its consequences."""
        name = shown_in("sv").body["name"]
        # `wait_for_function` would need `eval`, which strict pages forbid.
        waiting = f"JSON.parse(localStorage['{name}'] || '[[]]')[0].length"
        for _ in range(100):
            if not self.page.evaluate(waiting):
                break
            self.page.wait_for_timeout(20)
        self.page.wait_for_timeout(WHILE)

    @property
    def banner(self) -> Any:
        return self.page.locator("[data-lofte=banner]")

    def cookies(self) -> dict[str, str]:
        return {c["name"]: c["value"] for c in self.context.cookies(self.site.own)}  # type: ignore[typeddict-item]

    def choice(self) -> str | None:
        """What the cookie allows."""
        found = self.cookies().get(shown_in("sv").body["name"])
        return found.rsplit(".", 1)[1] if found else None

    def keep(self, value: str) -> None:
        name = shown_in("sv").body["name"]
        self.context.add_cookies([{"name": name, "value": value, "url": self.site.own}])


Visiting = Callable[..., Visitor]


@pytest.fixture
def visitor(site: Site, browser: Browser) -> Iterator[Visiting]:
    contexts = []

    def make(*, gpc: bool = False, **options: Any) -> Visitor:
        context = browser.new_context(locale="sv-SE", **options)
        contexts.append(context)
        if gpc:
            context.add_init_script(GPC)
        page = context.new_page()
        page.set_default_timeout(5000)
        made = Visitor(context=context, page=page, site=site)
        page.on(
            "console", lambda m: made.complaints.append(m.text) if m.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        return made

    yield make
    for context in contexts:
        context.close()
