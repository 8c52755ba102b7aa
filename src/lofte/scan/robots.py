"""What a site's `robots.txt` lets us open. Whoever owns the site may say that it does not matter."""

from __future__ import annotations

from collections.abc import Callable
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from urllib.robotparser import RobotFileParser

AGENT = "lofte-scan"
_SECONDS = 10


def may_open(url: str) -> Callable[[str], bool]:
    """Whether an address of this site may be opened by its `robots.txt`. Without one, everything may."""
    parts = urlsplit(url)
    rules = RobotFileParser()
    asked = Request(f"{parts.scheme}://{parts.netloc}/robots.txt", headers={"User-Agent": AGENT})  # noqa: S310
    try:
        with urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310
            rules.parse(answer.read(100_000).decode("utf-8", "replace").splitlines())
    except (URLError, OSError, ValueError):
        return lambda _: True
    return lambda address: rules.can_fetch(AGENT, address)
