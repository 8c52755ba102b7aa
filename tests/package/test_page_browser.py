"""Promises of the pages opened from disk: nothing runs, nothing leaves, everybody can read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.package import stock

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = ("index.html", "rows/invoice-001.html", "rows/customer-001.html")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for language in ("sv", "en"):
        with stock.fill(stock.spool(folder), 60) as spool:
            stock.unpacked(stock.sealed(spool, folder / f"{language}.zip", language), folder / language)
        with stock.empty(stock.spool(folder)) as spool:
            package = stock.sealed(spool, folder / f"none-{language}.zip", language)
            stock.unpacked(package, folder / f"none-{language}")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param, offline=True, bypass_csp=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_no_script_runs_and_no_request_leaves(packages: Path, page: Page, language: str, name: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((packages / language / name).as_uri())
    assert asked == [(packages / language / name).as_uri()]
    assert page.title() not in ("x", "y") and page.evaluate("document.scripts.length") == 0
    assert ("<script>" in page.inner_text("body")) == ("invoice" not in name)
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != ""


def test_even_a_script_put_into_the_page_would_not_run(packages: Path, page: Page, tmp_path: Path) -> None:
    said = (packages / "sv" / "index.html").read_text()
    evil = (
        "<script>document.title='x'</script><img src='https://ond.example/x' onerror=\"document.title='y'\">"
    )
    (tmp_path / "evil.html").write_text(said.replace("</main>", f"{evil}</main>"))
    failed: dict[str, str | None] = {}
    page.on("requestfailed", lambda request: failed.update({request.url: request.failure}))
    page.goto((tmp_path / "evil.html").as_uri())
    assert page.title() not in ("x", "y")
    assert failed == {"https://ond.example/x": "csp"}, "stopped by the page itself, before the network"


@pytest.mark.parametrize("folder", ["sv", "en", "none-sv", "none-en"])
def test_axe_finds_nothing(packages: Path, page: Page, folder: str) -> None:
    for name in PAGES if not folder.startswith("none") else PAGES[:1]:
        page.goto((packages / folder / name).as_uri())
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("folder", ["sv", "en", "none-sv", "none-en"])
def test_a_narrow_phone_need_not_scroll_sideways(packages: Path, page: Page, folder: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for name in PAGES if not folder.startswith("none") else PAGES[:1]:
        page.goto((packages / folder / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_style_is_the_one_the_page_vouches_for(packages: Path, page: Page) -> None:
    page.goto((packages / "sv" / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") != "0px"
