"""Every page, in both languages, light and dark, on a desk and in a hand, is fit to be used by all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

from tests.browser.serving import AUDITOR, DELIVERED, HANDLER, LATE, NEW, NOTHING, PASSWORD, READY

pytestmark = pytest.mark.browser

DESKTOP, PHONE, NARROWEST = 1280, 360, 320
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
AXE_SCRIPT = AXE_FILE_PATH.read_text(encoding="utf-8")
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    # What passes is not told: it is long, and nobody reads it.
    "resultTypes": ["violations"],
}


@dataclass(frozen=True)
class Shown:
    """A page to look at."""

    name: str
    path: str
    who: str = ""
    status: int = 200


PAGES = [
    Shown("notice", "/"),
    Shown("form-notices", "/console/forms", who=HANDLER),
    Shown("sign-in", "/accounts/login/"),
    Shown("not-found", "/nowhere", status=404),
    Shown("forbidden", "/console/", who=AUDITOR, status=403),
    Shown("ledger", "/console/ledger", who=AUDITOR),
    Shown("proof", "/console/proof", who=AUDITOR),
    Shown("registers", "/console/registers", who=AUDITOR),
    Shown("retention", "/console/retention", who=HANDLER),
    Shown("retention-ahead", "/console/retention/ahead", who=HANDLER),
    Shown("sweeps", "/console/retention/sweeps", who=HANDLER),
    Shown("promises", "/promises"),
    Shown("cookies", "/privacy/cookies"),
    Shown("versions", "/policy/versions"),
    Shown("subscribe", "/policy/subscribe"),
    Shown("policy-versions", "/console/versions", who=AUDITOR),
    Shown("requests", "/console/", who=HANDLER),
    Shown("requests-all", "/console/?show=all&order=-due", who=HANDLER),
    Shown("request", f"/console/requests/{READY}", who=HANDLER),
    Shown("request-late", f"/console/requests/{LATE}", who=HANDLER),
    Shown("request-nothing-found", f"/console/requests/{NOTHING}", who=HANDLER),
    Shown("request-new", f"/console/requests/{NEW}", who=HANDLER),
    Shown("request-delivered", f"/console/requests/{DELIVERED}", who=HANDLER),
    Shown("account", "/accounts/2fa/", who=HANDLER),
    Shown("once-more", "/accounts/reauthenticate/", who=HANDLER),
    Shown("authenticator", "/accounts/2fa/totp/activate/", who=HANDLER),
    Shown("password", "/accounts/password/change/", who=HANDLER),
    Shown("sign-out", "/accounts/logout/", who=HANDLER),
]


def faults(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(document, options)", AXE)
    return [f"{v['id']}: {node['html']}" for v in found["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_page_is_fit_for_all(look, shown, language, theme):
    sight = look(language, theme, shown.who)
    page = sight.page
    page.set_viewport_size({"width": DESKTOP, "height": 900})
    sight.open(shown.path, shown.status)
    if shown.name == "authenticator" and "/reauthenticate/" in page.url:
        with page.expect_navigation():
            page.fill("#id_password", PASSWORD)
            page.click("main button[type=submit]")
    assert page.get_attribute("html", "lang") == language
    for name, width in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size({"width": width, "height": 900 if width > 600 else 780})
        picture = SCREENSHOTS / f"{shown.name}-{language}-{theme}-{name}.png"
        page.screenshot(path=picture, full_page=shown.name != "notice")
        assert not faults(page), f"axe, {name}"
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, "scrolls sideways"
    assert not sight.complaints


def test_axe_would_see_what_is_wrong(look):
    sight = look()
    sight.open("/accounts/login/")
    sight.page.evaluate("document.querySelector('label').remove()")
    sight.page.evaluate("document.querySelector('h1').setAttribute('style', 'color: #ddd')")
    assert any(fault.startswith("label") for fault in faults(sight.page))
