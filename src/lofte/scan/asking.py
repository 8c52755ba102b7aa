"""Finding what asks the visitor, and answering it.

Löfte's banner says what it is in its markup. Others are known by buttons whose words say yes or no, near
words about cookies; what is not found is said not to be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from lofte.policy.cookies.seen import Buttons

if TYPE_CHECKING:
    from playwright.sync_api import Page

_FIND = files("lofte.scan").joinpath("asking.js").read_text(encoding="utf-8")
_SETTINGS = """() => !!document.querySelector("[data-consent-open], [data-lofte=open]")
  || !!document.querySelector("form[action$='/privacy/cookies']")
  || [...document.querySelectorAll("a, button")]
    .some((e) => !e.closest("[data-lofte]") && /kakor|cookie|samtyck|consent/i.test(e.innerText || ""))"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What asks, and how its buttons stand."""

    kind: Literal["lofte", "known", ""]
    buttons: Buttons | None


def question(page: Page) -> Question:
    """What asks on this page; its buttons are marked, so that `answer` finds them."""
    found = page.evaluate(_FIND)
    if not found["accept"]:
        return Question(kind="", buttons=None)
    buttons = Buttons(reject=found["reject"], same_look=found["same"], ratio=round(found["ratio"], 2))
    return Question(kind=found["kind"], buttons=buttons)


def answer(page: Page, said: Literal["accept", "reject"]) -> bool:
    """Press yes or no. False where there is no such button."""
    button = page.locator(f"[data-lofte-scan={said}]")
    if not button.count():
        return False
    button.first.click(timeout=5000)
    return True


def take_back(page: Page) -> bool:
    """Take the yes back through the settings of Löfte's banner. False where they are not found: how others
    are taken back cannot be known."""
    from playwright.sync_api import TimeoutError

    opener = page.locator("[data-consent-open], [data-lofte=open] button, button[data-lofte=open]")
    if not opener.count():
        return False
    opener.first.click(timeout=5000)
    no = page.locator("dialog[data-lofte=dialog] [data-lofte=reject]")
    try:
        no.wait_for(timeout=3000)
    except TimeoutError:
        return False
    no.click(timeout=5000)
    return True


def settings(page: Page) -> bool:
    """Whether this page has a way to change the choice."""
    return bool(page.evaluate(_SETTINGS))
