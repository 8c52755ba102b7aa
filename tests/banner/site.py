"""A company's site with the banner, its server for choices, and the third parties it uses: one small server.

The site is `http://127.0.0.1:PORT`, the third parties are `http://localhost:PORT`. Each visit has a path of
its own (`/v/NAME/…`), so what is asked for can be told apart.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lofte.policy.cookies import Shown, shown
from lofte.policy.document import Policy
from lofte.policy.reading import read

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "src" / "lofte" / "banner" / "static" / "banner"
ID = "A" * 22 + "-" + "b" * 21

PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
TRACKER = """document.cookie = 'vm_count=1;path=/'; localStorage.setItem('vm_count', 1);
window.ran = (window.ran || 0) + 1;"""
AD = "document.cookie = 'sf_ad=1;path=/';"


@cache
def policy() -> Policy:
    """The consultancy's: it has function, statistics and marketing."""
    text = (ROOT / "examples" / "consultancy" / "policy.yaml").read_text(encoding="utf-8")
    found = read(text, "policy.yaml", Policy).document
    assert found is not None
    return found


@cache
def shown_in(language: str) -> Shown:
    made = shown(policy(), language)  # type: ignore[arg-type]
    assert isinstance(made, Shown)
    return made


@dataclass
class Site:
    """What was asked of the server, and how it answers choices."""

    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(host, path) of every request."""
    choices: list[dict[str, Any]] = field(default_factory=list)
    status: int = 201
    sets_cookie: bool = True
    pages: dict[str, str] = field(default_factory=dict)
    """Bodies of further pages, by name."""

    @property
    def own(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def third(self) -> str:
        return f"http://localhost:{self.port}"

    def third_party(self, visit: str = "") -> list[str]:
        """What was asked of third parties, on this visit."""
        return [path for host, path in self.asked if host.startswith("localhost") and f"/{visit}" in path]

    def forget(self) -> None:
        self.asked.clear()
        self.choices.clear()
        self.status, self.sets_cookie = 201, True


def config(language: str, **changes: Any) -> str:
    """The configuration as it stands in a page."""
    made = {**shown_in(language).config(), **changes}
    return json.dumps(made, ensure_ascii=False).replace("<", "\\u003c")


def page(
    site: Site, visit: str, *, language: str = "sv", body: str = "", head: str = "", **changes: Any
) -> str:
    """A page with everything that may wait for a yes."""
    third = f"{site.third}/{visit}"
    marked = (
        body
        or f"""
<script type="text/plain" data-category="statistics" data-src="{third}/tracker.js"></script>
<iframe data-category="marketing" data-service="skyltfonstret-annonser" data-src="{third}/frame"
  width="400" height="225" title="Film"></iframe>
<img data-category="marketing" data-src="{third}/pixel.gif" alt="" width="1" height="1">
"""
    )
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Vitmossa</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="application/json" id="consent-config">{config(language, **changes)}</script>
<script async src="/privacy/consent.js"></script>{head}</head><body>
<header><a href="/">Vitmossa</a></header><main><h1>Vitmossa</h1><p>Text.</p>{marked}<p>Mer text.</p></main>
<footer><a href="/privacy/cookies" data-consent-open>Kakor</a></footer></body></html>"""


def policies(site: Site, mode: str) -> Mapping[str, str]:
    """The content security policy of a mode."""
    if mode in {"plain", "nojs"}:
        return {}
    rules = (
        f"default-src 'none'; script-src 'self' {site.third}; img-src 'self' {site.third}; "
        f"frame-src {site.third}; "
        "connect-src 'self'; style-src 'self'; base-uri 'none'; form-action 'self'"
    )
    if mode == "tt":
        rules += "; require-trusted-types-for 'script'; trusted-types consent"
    return {"Content-Security-Policy": rules}


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        """A page, the banner, or something of a third party."""
        url = urlsplit(self.path)
        self.site.asked.append((self.headers.get("Host", ""), url.path))
        asked = {key: values[0] for key, values in parse_qs(url.query).items()}
        last = url.path.rsplit("/", 1)[-1]
        if url.path.startswith("/privacy/") and (BUILT / last).is_file():
            return self._give("text/javascript", (BUILT / last).read_bytes())
        if url.path.startswith("/v/"):
            visit = url.path.split("/")[2]
            made = self.site.pages.get(visit)
            if made is None:
                changes = json.loads(asked.get("changes", "{}"))
                made = page(self.site, visit, language=asked.get("lang", "sv"), **changes)
            return self._give("text/html", made.encode(), policies(self.site, asked.get("mode", "plain")))
        known = {
            "tracker.js": ("text/javascript", TRACKER.encode()),
            "ad.js": ("text/javascript", AD.encode()),
            "pixel.gif": ("image/gif", PIXEL),
            "frame": ("text/html", b"<!doctype html><title>Film</title><p>Film</p>"),
        }
        if last in known:
            return self._give(*known[last])
        return self._give("text/html", b"<!doctype html><title>Kakor</title><p>Kakor", status=200)

    def do_POST(self) -> None:
        """A choice."""
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.site.choices.append(said)
        id_ = said["id"] or ID
        answer = {"receipt": "r1", "id": id_, "seq": said["seq"], "hash": "0" * 64, "received_at": ""}
        form, when = "1g" if said["gpc"] else "1", _base36(said["at"] // 1000)
        cookie = ".".join((form, said["edition"], id_, str(said["seq"]), when, said["allow"]))
        headers = {}
        if self.site.status < 300 and self.site.sets_cookie:
            gone = ";Max-Age=0" if said["action"] == "expire" else ";Max-Age=31536000"
            headers["Set-Cookie"] = f"{shown_in('sv').body['name']}={cookie};Path=/;SameSite=Lax{gone}"
        self._give("application/json", json.dumps(answer).encode(), headers, self.site.status)

    def _give(self, kind: str, body: bytes, headers: Mapping[str, str] = {}, status: int = 200) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": f"{kind}; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, low = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[low] + digits
    return digits or "0"


def kept(*, edition: str = "", days_ago: int = 0, allow: str = "", gpc: bool = False, now: float) -> str:
    """A cookie as the server writes it."""
    when = _base36(int(now) - days_ago * 86400)
    return f"1{'g' if gpc else ''}.{edition or shown_in('sv').edition}.{ID}.1.{when}.{allow}"


@contextmanager
def serving() -> Iterator[Site]:
    """The site, until the end."""
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
