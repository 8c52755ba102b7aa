"""The notice at a form, on another site's page with a strict policy of its own, is fit to be used by all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_every_page import faults

pytestmark = pytest.mark.browser

FORM = "contact_form"
OWN, OTHER = "https://fjordhem.example/kontakt", "https://elsewhere.example/kontakt"
WAYS = {
    "script": '<script src="{site}/notice/form.js" data-form="{form}" data-lang="{language}" defer></script>',
    "frame": '<iframe src="{site}/notice/form/{form}?lang={language}" title="Notice" width="280"></iframe>',
}
STRICT = (
    "default-src 'none'; img-src data:; script-src {site}; connect-src {site}; frame-src {site}; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Form</title>'
    '<link rel="icon" href="data:,">'
    '<meta name="viewport" content="width=device-width"></head>'
    "<body><main><h1>Form</h1>{snippet}</main></body></html>"
)


@pytest.fixture(scope="module")
def page(browser: Browser):
    context = browser.new_context(viewport={"width": 320, "height": 800}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def embed(page: Page, site: str, where: str, way: str, language: str = "sv") -> list[str]:
    """Open a page of another site, which is answered here and nowhere else, that has the snippet; returns
    what the browser complained of."""
    snippet = WAYS[way].format(site=site, form=FORM, language=language)
    body = PAGE.format(language=language, snippet=snippet)
    headers = {"Content-Security-Policy": STRICT.format(site=site)}
    complaints: list[str] = []
    page.unroute_all()
    page.route(where, lambda route: route.fulfill(body=body, headers=headers, content_type="text/html"))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(where, wait_until="networkidle")
    return complaints


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_script_puts_the_notice_on_a_page_that_allows_nothing_inline(page, site, language):
    complaints = embed(page, site, OWN, "script", language)
    box = page.locator("section.lofte-notice")
    box.wait_for()
    assert box.get_attribute("lang") == language and box.locator("details").count() >= 3
    assert "P138" in " ".join(
        each or "" for each in box.locator("li").evaluate_all("all => all.map(e => e.dataset.promises)")
    )
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    assert complaints == []


def test_a_page_that_is_not_the_companys_own_gets_a_link_to_the_whole_notice(page, site):
    embed(page, site, OTHER, "script")
    link = page.locator("p.lofte-more a")
    link.wait_for()
    assert link.get_attribute("href") == f"{site}/" and page.locator("section.lofte-notice").count() == 0


def test_the_companys_own_page_may_frame_it(page, site):
    complaints = embed(page, site, OWN, "frame")
    inside = page.frame_locator("iframe").locator("section.lofte-notice")
    inside.wait_for()
    assert inside.locator("summary").first.is_visible() and complaints == []


def test_no_other_page_may_frame_it(page, site):
    complaints = embed(page, site, OTHER, "frame")
    assert page.frame_locator("iframe").locator("section.lofte-notice").count() == 0
    assert any("frame-ancestors" in each for each in complaints)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_framed_page_is_fit_for_all(look, site, language, theme):
    sight = look(language, theme)
    sight.page.set_viewport_size({"width": 320, "height": 800})
    sight.open(f"/notice/form/{FORM}?lang={language}")
    sight.page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true })")
    assert faults(sight.page) == [] and sight.complaints == []
    assert sight.page.evaluate("document.documentElement.scrollWidth <= 320")
