"""The browser that looks: Debian's Chromium, or the one that Playwright brought."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lofte.errors import Refused

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


@contextmanager
def chromium(*, sandbox: bool = True) -> Iterator[Browser]:
    """A browser without a window. Raises Refused, with the line to run, where there is none."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise Refused(
            "the scan needs Playwright, which is not installed; run `pip install 'lofte[scan]'`"
        ) from error
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as play:
        try:
            running = play.chromium.launch(
                executable_path=found, args=[*_FLAGS, *([] if sandbox else ["--no-sandbox"])]
            )
        except Error as error:
            raise Refused(
                "the scan needs Chromium, which is missing or does not start; run `apt install chromium`, "
                "and add --no-sandbox if you are root"
            ) from error
        try:
            yield running
        finally:
            running.close()
