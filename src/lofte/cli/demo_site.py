"""The demo's own website, with the banner at work: served beside Löfte, on the next port."""

from __future__ import annotations

import importlib
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from lofte.cli.demo_company import Place


def company_site(place: Place, address: str) -> AbstractContextManager[str]:
    """The website while it is served: its address. A demo of an earlier version has none."""
    if not (place.workspace / "site" / "site.yaml").is_file():
        return nullcontext("")
    made: Any = importlib.import_module("examples.common.website")
    port = urlsplit(address).port or 0
    served: AbstractContextManager[str] = made.served(
        made.website(place.workspace), f"localhost:{port}", port + 1
    )
    return served
