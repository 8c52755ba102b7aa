"""The company's own website, made from its policy and a few words of its own (`site/site.yaml`): a start page
and a page for each form, in Swedish and English, with the real banner running.

What the site stores is what the cookie table says, no more and no longer: what is necessary from the server,
the rest from scripts that wait. Others who are asked, and the film, are invented and served on another port.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from html import escape
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from examples.common.website_words import LABELS, LONG, WORDS
from lofte.policy.cookies.vendors import slug
from lofte.policy.period import Period, parse

HERE = Path(__file__).parent
_STYLE = (HERE / "website.css").read_text(encoding="utf-8")
_PASSED = ("Cookie", "Content-Type", "Accept-Language", "Sec-GPC", "User-Agent")
_RETURNED = ("content-type", "cache-control", "set-cookie", "location", "etag")


@dataclass(frozen=True, kw_only=True)
class Website:
    """What the pages are made from."""

    policy: Mapping[str, Any]
    words: Mapping[str, Any]
    broken: bool = False
    """Counts visits before anybody has said yes, which the policy says that it does not."""

    @property
    def name(self) -> str:
        """What the company is called."""
        return str(self.policy["controller"]["trade_name"])

    def forms(self) -> dict[str, Mapping[str, Any]]:
        """Path -> form, as the policy tells of them."""
        told = self.policy.get("forms", {}).values()
        return {urlsplit(form["url"]).path: form for form in told if form.get("url")}

    def cookies(self, purpose: str) -> list[Mapping[str, Any]]:
        """The rows of the cookie table for this purpose, but for the choice itself."""
        terms = self.policy["cookies"]
        rows = [row for row in terms["table"] if row["purpose"] == purpose]
        return [row for row in rows if row["name"] != terms.get("choice")]


def website(folder: Path, *, broken: bool = False) -> Website:
    """The website of the company whose workspace this is."""
    yaml = YAML(typ="safe")
    read = {name: yaml.load((folder / name).read_text(encoding="utf-8")) for name in FILES}
    return Website(policy=read[FILES[0]], words=read[FILES[1]], broken=broken)


FILES = ("policy.yaml", "site/site.yaml")


def page(site: Website, path: str, others: str) -> str | None:
    """The page at a path, or None; `others` is the port of those whom the site asks."""
    language, plain = ("en", path[3:] or "/") if path == "/en" or path.startswith("/en/") else ("sv", path)
    if plain == "/":
        return _page(site, language, plain, _start(site, language, others), others)
    form = site.forms().get(plain)
    return _page(site, language, plain, _form(form, language), others) if form else None


def _page(site: Website, language: str, path: str, body: str, others: str) -> str:
    words, other = WORDS[language], "sv" if language == "en" else "en"
    root = "/en" if language == "en" else ""
    links = "".join(
        f'<a href="{root}{at}"{_here(at == path)}>{escape(form["name"][language])}</a>'
        for at, form in site.forms().items()
    )
    there = ("/en" if other == "en" else "") + (path if path != "/" or other == "sv" else "")
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(site.name)} – {escape(site.words["tagline"][language])}</title>
<script async fetchpriority="high" src="/privacy/consent.{language}.js"></script>
<link rel="stylesheet" href="/site.css">
</head>
<body>
<header><a class="brand" href="{root or "/"}">{escape(site.name)}</a>
<a class="language" href="{there}" hreflang="{other}" lang="{other}">{words["other"]}</a></header>
<main>
{body}
</main>
<footer><nav aria-label="{words["forms"]}">{links}</nav>
<p><a href="/privacy/cookies" data-consent-open>{words["cookies"]}</a></p>
<p class="invented">{escape(words["invented"].format(name=site.name))}</p></footer>
{_scripts(site, others)}</body>
</html>
"""


def _start(site: Website, language: str, others: str) -> str:
    words, said = WORDS[language], site.words
    root = "/en" if language == "en" else ""
    first = next(iter(site.forms().items()))
    cards = "".join(
        f"<li><h2>{escape(each['title'][language])}</h2><p>{escape(each['text'][language])}</p></li>"
        for each in said["offers"]
    )
    film = escape(said["film"][language])
    return f"""<section class="hero"><h1>{escape(said["tagline"][language])}</h1>
<p>{escape(said["lead"][language])}</p>
<p><a class="button" href="{root}{first[0]}">{escape(first[1]["name"][language])}</a></p></section>
<ul class="offers">{cards}</ul>
<section class="film"><h2>{film}</h2><p>{escape(words["film"])}</p>
<iframe data-category="functional" data-src="http://film.localhost:{others}/film" width="720" height="405"
 title="{film}"></iframe></section>"""


def _form(form: Mapping[str, Any], language: str) -> str:
    words = WORDS[language]
    fields = "".join(_field(name, language) for name in form["fields"])
    return f"""<section class="form"><h1>{escape(form["name"][language])}</h1>
<form method="post">{fields}<p><button>{words["send"]}</button></p></form>
<p class="soft">{words["nothing"]}</p></section>"""


def _field(name: str, language: str) -> str:
    label = LABELS[name][language == "en"]
    kind = {"terms": "checkbox", "permission": "checkbox", "cv": "file", "attachment": "file"}.get(name)
    kind = kind or ("email" if name.endswith("email") else "tel" if name == "phone" else "text")
    if name in LONG:
        given = f'<textarea id="{name}" name="{name}" rows="4"></textarea>'
    else:
        given = f'<input id="{name}" name="{name}" type="{kind}">'
    return f'<p class="field {kind}"><label for="{name}">{escape(label)}</label>{given}</p>'


def _scripts(site: Website, others: str) -> str:
    """What waits for a yes: own scripts, and those of others, who have an address of their own."""
    made = ""
    for purpose in ("functional", "statistics", "marketing"):
        for row in site.cookies(purpose):
            source = f"/set/{row['name']}.js"
            if slug(row["provider"]) != slug(site.name):
                source = f"http://{host(row['provider'])}:{others}{source}"
            waits = f'type="text/plain" data-category="{purpose}" data-src="{source}"'
            early = site.broken and purpose == "statistics"
            made += f"<script {f'src={source!r}' if early else waits}></script>\n"
    return made


def host(provider: str) -> str:
    """The invented host of an invented company."""
    return f"{slug(provider).partition('-')[0]}.localhost"


def script(site: Website, name: str, others: str) -> str | None:
    """The script that stores what the table has under this name, for as long as it says; one of another
    company's asks that company for a picture, too."""
    for row in site.policy["cookies"]["table"]:
        if row["name"] == name:
            asks = ""
            if slug(row["provider"]) != slug(site.name):
                asks = f"new Image().src = 'http://{host(row['provider'])}:{others}/seen.gif';"
            return f"document.cookie = '{name}=1;path=/;SameSite=Lax{_age(row)}';{asks}"
    return None


def _age(row: Mapping[str, Any]) -> str:
    """How long it lives, counted from a day like others: months are not equally long."""
    read, day = parse(row["lifetime"]), date(2027, 7, 1)
    return f";max-age={(read.after(day) - day).days * 86_400}" if isinstance(read, Period) else ""


def _here(it_is: bool) -> str:
    return ' aria-current="page"' if it_is else ""


class _Handler(BaseHTTPRequestHandler):
    site: Website
    lofte: str
    others: str

    def do_GET(self) -> None:
        """A page of the site, or something of Löfte's."""
        path = urlsplit(self.path).path
        if path.startswith(("/privacy/", "/static/")):
            self._pass("GET")
        elif path == "/site.css":
            style = _STYLE.replace("COLOUR", self.site.words["colour"])
            self._give("text/css", style.encode())
        elif path.startswith("/set/"):
            self._script(path)
        else:
            made = page(self.site, path, self.others)
            self._give("text/html", (made or "<!doctype html><title>404</title>").encode(), made is not None)

    def do_POST(self) -> None:
        """A choice goes to Löfte; what was written in a form is thrown away."""
        if self.path.startswith("/privacy/"):
            return self._pass("POST")
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _script(self, path: str) -> None:
        made = script(self.site, path.removeprefix("/set/").removesuffix(".js"), self.others)
        self._give("text/javascript", (made or "").encode(), made is not None)

    def _give(self, kind: str, body: bytes, there: bool = True) -> None:
        self.send_response(200 if there else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if kind == "text/html" and there:
            for row in self.site.cookies("necessary"):
                self.send_header("Set-Cookie", f"{row['name']}=1; Path=/; SameSite=Lax")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _pass(self, method: str) -> None:
        """To Löfte, as a web server in front of it does, under Löfte's own name."""
        length = int(self.headers.get("Content-Length") or 0)
        told = {name: self.headers[name] for name in _PASSED if self.headers.get(name)}
        if self.headers.get("Origin"):
            told["Origin"] = f"http://{self.lofte}"
        asked = HTTPConnection(self.lofte, timeout=15)
        try:
            asked.request(method, self.path, self.rfile.read(length) if length else None, told)
            answer = asked.getresponse()
            body = answer.read()
        except OSError:
            return self._give("text/plain", b"", there=False)
        finally:
            asked.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() in _RETURNED:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Others(BaseHTTPRequestHandler):
    """Everybody else: who counts, who advertises, and the film."""

    site: Website

    def do_GET(self) -> None:
        """A script, a picture, or the film."""
        path, port = urlsplit(self.path).path, str(self.server.server_address[1])
        if path.startswith("/set/"):
            made = script(self.site, path.removeprefix("/set/").removesuffix(".js"), port)
            kind, body = "text/javascript", (made or "").encode()
        elif path == "/film":
            kind, body = "text/html", (HERE / "film.html").read_bytes()
        else:
            kind, body = "image/gif", _PIXEL
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


_PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


@contextmanager
def served(site: Website, lofte: str, port: int = 0) -> Iterator[str]:
    """The website until the end: its address. `lofte` is host and port of the Löfte that it asks. A port that
    is taken is exchanged for a free one."""
    others = ThreadingHTTPServer(("127.0.0.1", 0), type("Others", (_Others,), {"site": site}))
    told = {"site": site, "lofte": lofte, "others": str(others.server_port)}
    handler = type("Handler", (_Handler,), told)
    try:
        own = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        own = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    for server in (own, others):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{own.server_port}"
    finally:
        for server in (own, others):
            server.shutdown()
            server.server_close()
