"""The page for programmers is fit for all, as every other page."""

from __future__ import annotations

import pytest

from tests.browser.serving import HANDLER
from tests.browser.test_every_page import DESKTOP, NARROWEST, faults

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_for_programmers_is_fit_for_all(look, theme):
    sight = look("en", theme, HANDLER)
    page = sight.page
    page.set_viewport_size({"width": DESKTOP, "height": 900})
    sight.open("/api/v1/docs")
    assert not faults(page)
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, "scrolls sideways"
