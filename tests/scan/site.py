"""A small site, one for each thing that may be wrong with it, and the others that it asks: one server.

Each site is a host of its own (`NAME.localhost`), so that nothing of one is seen on another.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lofte.banner.built import built, config
from tests.banner.site import PIXEL, shown_in

CHOICE = shown_in("sv").body["name"]
_LINKS = (
    '<footer><a href="/">Hem</a> <a href="/seminarier">Seminarier</a> <a href="/hemlig">Hemlig</a></footer>'
)
_OPEN = '<a href="/privacy/cookies.html" data-consent-open>Kakor</a>'
_FORM = (
    '<form method="post"><input name="name"><input name="email"><input type="hidden" name="token">{}</form>'
)
_WIDE = 'style="width: 9em"'
_PLAIN = (
    f'<div>Vi använder kakor.<button {_WIDE} onclick="{{no}}">Neka</button>'
    f'<button {_WIDE} onclick="{{yes}}">Godkänn</button></div>'
)
_YES = "document.cookie='vm_choice=yes;path=/;max-age=31536000';this.parentNode.remove()"
_NO = "document.cookie='vm_choice=no;path=/;max-age=31536000';this.parentNode.remove()"

SEEDS: Mapping[str, Mapping[str, str]] = {
    "clean": {},
    "undeclared": {"cookies": "vm_new=1;path=/", "numbers": "C101 C104 C106 C114"},
    "missing": {"without": "vm_topics", "numbers": "C102"},
    "lifetime": {"cookies": "vm_session=1;path=/;max-age=86400000", "numbers": "C103"},
    "before": {"cookies": "vm_topics=1;path=/;max-age=86400", "numbers": "C104 C106"},
    "tracker": {
        "body": '<img src="http://raknesticka.localhost:{port}/p.gif" alt="">',
        "numbers": "C105 C107",
    },
    "stays": {"after": "no", "numbers": "C106 C114"},
    "asked": {"after": "no-pixel", "numbers": "C107"},
    "unknown": {"waiting": "okand.localhost", "numbers": "C108"},
    "form": {"body": _FORM.format('<input name="shoe_size">'), "numbers": "C109"},
    "field": {"seminarier": '<input name="shoe_size">', "numbers": "C110"},
    "silent": {"banner": "none", "numbers": "C111"},
    "uneven": {"banner": "uneven", "numbers": "C112"},
    "no_no": {"banner": "no_no", "numbers": "C112"},
    "no_way": {"banner": "plain", "numbers": "C113"},
    "left": {"after": "withdraw", "numbers": "C114"},
    "shut": {"after": "no-pages", "numbers": "C115"},
    "dead": {"body": '<a href="/borta">Borta</a>', "numbers": "C117"},
}
"""What is wrong with each site, and the numbers it must give; all but the clean one give nothing else."""


def page(name: str, path: str, port: int, cookie: str) -> tuple[str, int]:
    """A page of a site and its status."""
    seed = SEEDS[name]
    if path == "/borta" or (seed.get("after") == "no-pages" and path != "/" and _refused(cookie)):
        return "<!doctype html><title>Borta</title>", 404
    banner = seed.get("banner", "ours")
    head = ""
    if banner == "ours":
        made = config(shown_in("sv"), post="", page="/privacy/cookies.html")
        head = f'<script type="application/json" id="consent-config">{made}</script>'
        head += '<script async src="/privacy/consent.js"></script>'
    third = f"http://raknesticka.localhost:{port}"
    scripts = [("functional", "vm_topics"), ("statistics", "vm_count"), ("marketing", "sf_ad")]
    waiting = "".join(
        f'<script type="text/plain" data-category="{kind}">'
        f'document.cookie="{key}=1;path=/;max-age=86400"</script>'
        for kind, key in scripts
        if seed.get("without") != key
    )
    waiting += f'<img data-category="statistics" data-src="{third}/p.gif" alt="">'
    if seed.get("waiting"):
        waiting += f'<img data-category="statistics" data-src="http://{seed["waiting"]}:{port}/p.gif" alt="">'
    form = _FORM.format(seed.get("seminarier", "")) if path == "/seminarier" else ""
    body = seed.get("body", "").format(port=port) if path == "/" else ""
    asks = _asking(banner, third, cookie)
    return (
        f'<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Vitmossa</title>{head}</head>'
        f"<body><h1>Vitmossa</h1>{asks}{waiting if banner == 'ours' else ''}{body}{form}"
        f"{_mischief(seed, third)}"
        f"{_LINKS}{_OPEN if banner not in ('plain', 'none') else ''}</body></html>",
        200,
    )


def _refused(cookie: str) -> bool:
    return f"{CHOICE}=" in cookie and "functional" not in cookie


def _asking(banner: str, third: str, cookie: str) -> str:
    """A banner of somebody else's, with what runs after a yes."""
    if banner in ("ours", "none"):
        return ""
    run = "".join(
        f"document.cookie='{k}=1;path=/;max-age=86400';" for k in ("vm_topics", "vm_count", "sf_ad")
    )
    after = f"<script>{run}</script>" if "vm_choice=yes" in cookie else ""
    if "vm_choice=" in cookie:
        return after
    made = _PLAIN.format(yes=_YES + ";" + run, no=_NO)
    if banner == "uneven":
        return made.replace(_WIDE, 'style="color: #aaa; font-size: 9px"', 1)
    if banner == "no_no":
        return made.replace("Neka", "Läs mer")
    return made


def _mischief(seed: Mapping[str, str], third: str) -> str:
    made = f"document.cookie='{seed['cookies']}';" if seed.get("cookies") else ""
    when = {
        "no": "if (c && !consent.has('statistics')) document.cookie = 'vm_count=1;path=/'",
        "no-pixel": f"if (c && !consent.has('statistics')) new Image().src = '{third}/p.gif'",
        "withdraw": "if (c && was && !consent.has('statistics')) document.cookie = 'vm_count=1;path=/';"
        "if (c && consent.has('statistics')) was = true",
    }.get(seed.get("after", ""), "")
    if when:
        made += (
            "let was = false; const look = () => { const c = self.consent && consent.get(); "
            f"{when} }}; "
            "for (const e of ['ready', 'change']) document.addEventListener('consent:' + e, look);"
        )
    return f"<script>{made}</script>" if made else ""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """A page, the banner, or a picture of somebody else's."""
        host = self.headers.get("Host", "").partition(".")[0]
        path = self.path.partition("?")[0]
        if path == "/privacy/consent.js":
            return self._give("text/javascript", built("consent.js").content)
        if path.endswith(".gif"):
            return self._give("image/gif", PIXEL)
        if path == "/robots.txt":
            return self._give("text/plain", b"User-agent: *\nDisallow: /hemlig\n")
        if host not in SEEDS or path == "/favicon.ico":
            return self._give("text/html", b"", 404)
        made, status = page(host, path, self.server.server_address[1], self.headers.get("Cookie", ""))
        return self._give("text/html", made.encode(), status)

    def _give(self, kind: str, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if kind == "text/html" and b"Vitmossa" in body:
            self.send_header("Set-Cookie", "vm_session=1;Path=/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[int]:
    """The port of the server, until the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
