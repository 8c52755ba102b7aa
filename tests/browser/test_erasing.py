"""An erasure by those who do it: every page fit for all, and one whole way from preview to letter."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.erasing import PLACES
from tests.browser.serving import ADMINISTRATOR, APPROVER, HANDLER
from tests.browser.test_every_page import DESKTOP, NARROWEST, PHONE, SCREENSHOTS, faults

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def places(site, tmp_path_factory) -> dict[str, str]:
    """Where each request, list, hold and so on of the served site stands."""
    written = tmp_path_factory.getbasetemp() / "browsed" / PLACES
    return json.loads(written.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Shown:
    """A page: its name, where it is (`{name}` of the places), and who looks."""

    name: str
    at: str
    who: str = HANDLER


PAGES = [
    Shown("erase-new", "{erase-new}"),
    Shown("erase-seen", "{erase-seen}", APPROVER),
    Shown("erase-waiting", "{erase-waiting}"),
    Shown("erase-done", "{erase-done}"),
    Shown("erase-approve", "{erase-seen}/approval", APPROVER),
    Shown("erase-carry-out", "{erase-waiting}/carry-out"),
    Shown("scope", "{erase-new}/scope"),
    Shown("lists", "/console/rounds"),
    Shown("list-new", "/console/rounds/new"),
    Shown("list", "{round}"),
    Shown("list-approve", "{round}/approval", APPROVER),
    Shown("list-carry-out", "{round}/carry-out"),
    Shown("watch", "/console/watch"),
    Shown("holds", "/console/holds"),
    Shown("hold-new", "/console/holds/new"),
    Shown("hold-lift", "{lift-hold}"),
    Shown("restrictions", "/console/restrictions"),
    Shown("restrictions-ended", "/console/restrictions/ended"),
    Shown("holds-ended", "/console/holds/ended"),
    Shown("restriction", "{restriction}"),
    Shown("restriction-lift", "{restriction-lift}"),
    Shown("recipients", "/console/recipients"),
    Shown("forwarded", "/console/forwarded"),
    Shown("recipient", "{recipient}"),
    Shown("reviews", "/console/reviews"),
    Shown("review", "{review}"),
    Shown("receive", "/console/requests/new"),
    Shown("identify", "{received}/identify"),
    Shown("wait", "{received}/wait"),
    Shown("extend", "{received}/extend"),
    Shown("refuse", "{received}/refuse", APPROVER),
    Shown("received", "{received}"),
    Shown("requests-by-right", "/console/?right=erasure"),
    Shown("requests-none", "/console/?time=soon&right=objection"),
    Shown("case", "{case}"),
    Shown("many-ask", "/console/many?do=extend&{chosen}"),
    Shown("many-seen", "/console/many?do=search&{chosen}"),
    Shown("statistics", "/console/statistics"),
    Shown("inbox", "/console/mail"),
    Shown("doubts", "/console/doubts"),
    Shown("doubt-settle", "{doubt}/settle"),
    Shown("letters", "/console/letters"),
    Shown("texts", "/console/texts"),
    Shown("text", "/console/texts/write"),
    Shown("code", "{received}/code"),
    Shown("handlers", "/console/handlers", ADMINISTRATOR),
    Shown("handler-new", "/console/handlers/new", ADMINISTRATOR),
    Shown("first", "/accounts/first/"),
]


@pytest.mark.parametrize(("language", "theme"), [("sv", "light"), ("en", "dark")])
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_page_is_fit_for_all(look, places, shown, language, theme):
    sight = look(language, theme, shown.who)
    page = sight.page
    page.set_viewport_size({"width": DESKTOP, "height": 900})
    sight.open(re.sub(r"\{([\w-]+)\}", lambda found: places[found[1]], shown.at))
    assert page.get_attribute("html", "lang") == language
    for name, width in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"{shown.name}-{language}-{theme}-{name}.png", full_page=True)
        assert not faults(page), f"axe, {name}"
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, "scrolls sideways"
    assert not sight.complaints


@pytest.fixture
def without_scripts(browser, site, signed_in):
    """A page as somebody sees it whose browser runs no scripts."""
    contexts = []

    def at(who: str):
        context = browser.new_context(locale="sv-SE", java_script_enabled=False)
        context.add_cookies(signed_in(who))
        contexts.append(context)
        return context.new_page()

    yield at
    for context in contexts:
        context.close()


def test_an_erasure_from_preview_to_letter_by_two_people_and_no_script(site, places, without_scripts):
    address = site + places["erase-journey"]
    handler, approver = without_scripts(HANDLER), without_scripts(APPROVER)

    handler.goto(address)
    expect(handler.get_by_role("link", name="Godkänn")).to_have_count(0)
    handler.get_by_role("button", name="Visa vad som skulle hända").click()
    expect(handler.get_by_role("heading", name="Vad som skulle hända")).to_be_visible()
    expect(handler.get_by_role("heading", name="Brevet som går ut")).to_be_visible()
    expect(handler.locator("main")).to_contain_text("bokföringslagen")
    expect(handler.get_by_role("link", name="Verkställ")).to_have_count(0)

    approver.goto(address)
    approver.get_by_role("link", name="Godkänn").click()
    approver.get_by_role("button", name="Godkänn").click()
    expect(approver.get_by_role("status")).to_contain_text("Det är godkänt.")
    expect(approver.get_by_role("link", name="Verkställ")).to_have_count(0)

    handler.goto(address)
    handler.get_by_role("link", name="Verkställ").click()
    expect(handler.get_by_role("heading", name="Verkställ raderingen")).to_be_visible()
    handler.get_by_role("button", name="Radera nu").click()
    expect(handler.get_by_role("status")).to_contain_text("Det verkställs.")

    for _ in range(60):
        if (
            handler.get_by_role("heading", name="Vad som gjordes").count()
            and handler.locator(".tag", has_text="Verkställd").count()
        ):
            break
        # The page says how to see more; the worker looks once a second.
        again = handler.get_by_role("link", name="Uppdatera sidan")
        again.click() if again.count() else handler.reload()
        handler.wait_for_timeout(500)
    expect(handler.get_by_role("heading", name="Så går det")).to_be_visible()
    expect(handler.get_by_role("heading", name="Brevet", exact=True)).to_be_visible()
    expect(handler.locator(".letter").first).to_contain_text("radera dina uppgifter")
    expect(handler.locator("main")).to_contain_text("Astrid Norén")


def test_a_list_is_taken_in_by_keyboard_and_file(site, without_scripts, tmp_path):
    page = without_scripts(HANDLER)
    file = tmp_path / "lista.csv"
    file.write_text("email\nhej\n", encoding="utf-8")
    page.goto(f"{site}/console/rounds/new")
    page.get_by_label("Listan").set_input_files(file)
    page.get_by_label("Hur personerna identifierades").fill("BankID")
    page.get_by_role("button", name="Läs in").click()
    expect(page.get_by_role("alert")).to_contain_text("Rad 2, e-postadress: R001")
