"""The built files of `web/banner/`, and the marks a website needs to load them unchanged."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from lofte.policy.cookies import Shown

NAMES = ("consent.js", "consent.mjs", "consent-gcm.js", "consent-compat.js")
# Inside <script> a "<" could end the element early, whatever its type.
_UNSAFE_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """One built file."""

    name: str
    content: bytes
    integrity: str
    """As the `integrity` attribute has it (Subresource Integrity)."""
    build: str
    """The start of its SHA-256: it stands in the address that never changes."""


@cache
def built(name: str) -> Built:
    """A built file by its name. Raises KeyError for a name that is none."""
    if name not in NAMES:
        raise KeyError(name)
    content = (files("lofte.banner") / "static" / "banner" / name).read_bytes()
    sri = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return Built(
        name=name,
        content=content,
        integrity=f"sha384-{sri}",
        build=hashlib.sha256(content).hexdigest()[:12],
    )


def config(told: Shown, **where: str) -> str:
    """The configuration as JSON, safe inside a script element."""
    made: dict[str, Any] = told.config(**where)
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE_IN_SCRIPT)


def bundle(told: Shown, **where: str) -> bytes:
    """Configuration and banner in one file: one tag, always of the policy in force."""
    return f"self.consentConfig={config(told, **where)};\n".encode() + built("consent.js").content


def tag(told: Shown, *, base: str = "/privacy", **where: str) -> str:
    """What is pasted first in the page's head: the configuration and the banner, held to its hash."""
    file = built("consent.js")
    return (
        f'<script type="application/json" id="consent-config">{config(told, **where)}</script>\n'
        f'<script async fetchpriority="high" src="{escape(base)}/consent/{file.build}/consent.js" '
        f'integrity="{file.integrity}" crossorigin="anonymous"></script>'
    )
