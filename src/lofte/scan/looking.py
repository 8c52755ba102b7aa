"""One look at one site, in four states, each in a browser profile of its own that has never been there.

Hard rules:
- Only pages of the site's own host are opened, only with GET, and only links that a visitor sees. Nothing is
  written in forms and nothing is pressed but the answers about cookies.
- Names, hosts, paths and times are kept. Values of cookies and what stands after `?` are never read out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from lofte.errors import Unreachable
from lofte.policy.cookies.seen import Asked, Buttons, Seen, SeenForm, SeenPage, State, Stored
from lofte.scan.asking import Question, answer, question, settings, take_back

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_NO_PAGE = (".pdf", ".zip", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".xml", ".json", ".ics", ".mp4", ".docx")
_OURS = "/privacy/"
"""Pages of Löfte itself, in front of the site: they are looked at, and where they lead is not followed."""
_SIGNS_OUT = ("logout", "logga-ut", "sign-out", "signout", "loggaut")
_LINKS = "() => [...document.querySelectorAll('a[href]:not([download])')].map((a) => a.href)"
_STORES = """async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage),
  database: indexedDB.databases ? (await indexedDB.databases()).map((d) => d.name) : [] })"""
_FORMS = """() => [...document.forms].map((f) => ({
  search: f.method == 'get' || f.role == 'search',
  fields: [...f.elements].filter((e) => e.name).map((e) => [e.name, e.type]) }))"""
_NOT_WRITTEN = {"hidden", "submit", "button", "image", "reset", "fieldset"}
_DAY = 86_400


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What to look at, and how long."""

    url: str
    pages: int = 20
    """At most so many."""
    wait: int = 500
    """Milliseconds after a page has loaded, in which what is going to be asked for is."""
    patience: int = 15_000
    """Milliseconds in which a page must answer."""
    may: Callable[[str], bool] = lambda url: True
    """Whether an address may be opened (`robots.txt`)."""
    now: Callable[[], float]
    """Seconds since 1970; lifetimes are counted from it."""
    told: Callable[[State, str], None] = lambda state, path: None
    """Told of each page as it is opened."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What was seen, and pictures of the first page: JPEG by state."""

    seen: Seen
    pictures: dict[State, bytes] = field(default_factory=dict)


def look(browser: Browser, wanted: Wanted) -> Look:
    """Look at the site in every state that can be had. Raises Unreachable when its first page does not
    answer, or when the browser loses a page on the way."""
    from playwright.sync_api import Error

    try:
        return _Looking(browser, wanted).all()
    except Error as error:
        raise Unreachable(f"{_site(wanted.url)} could not be looked at to the end; run it again") from error


class _Looking:
    def __init__(self, browser: Browser, wanted: Wanted) -> None:
        self.browser, self.wanted = browser, wanted
        url = urlsplit(wanted.url)
        self.site = _site(wanted.url)
        self.host = url.netloc
        self.start = _plain(wanted.url)
        self.pages: list[SeenPage] = []
        self.stored: dict[tuple[State, str, str, str], Stored] = {}
        self.asked: dict[tuple[State, str, str], Asked] = {}
        self.forms: dict[tuple[str, tuple[str, ...]], SeenForm] = {}
        self.pictures: dict[State, bytes] = {}
        self.states: list[State] = []
        self.buttons: Buttons | None = None
        self.paths: list[str] = []
        self.at = self.start
        self.state = State.BEFORE

    def all(self) -> Look:
        """Every state."""
        found = self._before()
        if found.buttons is not None:
            if found.buttons.reject:
                self._after(State.REJECTED)
            self._after(State.ACCEPTED)
        seen = Seen(
            site=self.site,
            banner=found.kind,
            buttons=found.buttons,
            states=tuple(self.states),
            pages=tuple(self.pages),
            stored=tuple(self.stored.values()),
            asked=tuple(self.asked.values()),
            forms=tuple(self.forms.values()),
        )
        return Look(seen=seen, pictures=self.pictures)

    def _before(self) -> Question:
        """As somebody who comes for the first time, and follows the links."""
        with self._visitor(State.BEFORE) as page:
            found = Question(kind="", buttons=None)
            waiting = [self.start]
            while waiting and len(self.paths) < self.wanted.pages:
                path = waiting.pop(0)
                self.paths.append(path)
                if not self._open(page, path):
                    continue
                if path == self.start:
                    found = question(page)
                self._keep_forms(page)
                if path.startswith(_OURS):
                    continue
                known = {*self.paths, *waiting}
                waiting += [each for each in self._links(page) if each not in known]
        return found

    def _after(self, state: State) -> None:
        """As somebody who answers on the first page, and then visits the others; after a yes, as somebody who
        takes it back on the first page, too."""
        with self._visitor(state) as page:
            self._open(page, self.start, keep=False)
            question(page)
            self._forget(state)
            if not answer(page, "reject" if state is State.REJECTED else "accept"):
                return
            page.wait_for_timeout(self.wanted.wait)
            self._keep(page)
            for path in (*(path for path in self.paths if path != self.start), self.start):
                self._open(page, path)
            if state is State.ACCEPTED and take_back(page):
                self._withdrawn(page)

    def _withdrawn(self, page: Page) -> None:
        """What is left when the yes is taken back, on the spot and on the next page."""
        page.wait_for_timeout(self.wanted.wait)
        self.state = State.WITHDRAWN
        self.states.append(self.state)
        self._keep(page)
        self._open(page, self.start)

    def _forget(self, state: State) -> None:
        """What was seen on the way to the answer belongs to the state before it."""
        self.stored = {key: each for key, each in self.stored.items() if each.state is not state}
        self.asked = {key: each for key, each in self.asked.items() if each.state is not state}

    def _visitor(self, state: State) -> _Visit:
        self.state = state
        self.states.append(state)
        context = self.browser.new_context(
            locale="sv-SE", viewport={"width": 1280, "height": 800}, service_workers="block"
        )
        context.on("request", lambda request: self._ask(request.url, request.resource_type))
        return _Visit(context)

    def _ask(self, url: str, what: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            one = Asked(host=parts.netloc, what=what, state=self.state, page=self.at)
            self.asked.setdefault((self.state, one.host, what), one)

    def _open(self, page: Page, path: str, *, keep: bool = True) -> bool:
        """Open a page and keep what it left. False where it does not answer as a page of the site."""
        from playwright.sync_api import Error

        self.at = path
        self.wanted.told(self.state, path)
        try:
            answered = page.goto(self.site + path, wait_until="load", timeout=self.wanted.patience)
            page.wait_for_timeout(self.wanted.wait)
        except Error as error:
            if path == self.start and self.state is State.BEFORE:
                raise Unreachable(f"{self.site} does not answer; see that the address is right") from error
            self.pages.append(SeenPage(path=path, state=self.state, status=504))
            return False
        here = urlsplit(page.url).netloc == self.host
        if keep and here:
            status = answered.status if answered else 200
            self.pages.append(SeenPage(path=path, state=self.state, status=status, settings=settings(page)))
            self._keep(page)
            if path == self.start:
                self.pictures[self.state] = page.screenshot(type="jpeg", quality=55)
        return here

    def _keep(self, page: Page) -> None:
        """Cookies and storage, by name."""
        now = self.wanted.now()
        for cookie in page.context.cookies():
            ends = cookie.get("expires", -1)
            days = None if ends is None or ends < 0 else (ends - now) / _DAY
            self._put(cookie["name"], "cookie", cookie["domain"].lstrip("."), days)
        for frame in page.frames:
            host = urlsplit(frame.url).netloc
            if not host:
                continue
            for kind, names in _stores(frame).items():
                for name in names:
                    self._put(name, kind, host, None)

    def _put(self, name: str, kind: Any, host: str, days: float | None) -> None:
        key = (self.state, kind, name, host)
        known = self.stored.get(key)
        if known is None or (days or 0) > (known.days or 0):
            self.stored[key] = Stored(
                name=name,
                kind=kind,
                host=host,
                state=self.state,
                page=known.page if known else self.at,
                days=None if days is None else round(days, 2),
            )

    def _keep_forms(self, page: Page) -> None:
        """Forms that people write in. A search of the site and a sign-in collect nothing new."""
        for form in page.evaluate(_FORMS):
            written = [(n, kind) for n, kind in form["fields"] if kind not in _NOT_WRITTEN]
            names = tuple(dict.fromkeys(name for name, _ in written))
            signs_in = any(kind == "password" for _, kind in written) and len(names) <= 2
            ticks = all(kind in ("checkbox", "radio") for _, kind in written)
            if not (form["search"] or signs_in or ticks):
                self.forms.setdefault((self.at, names), SeenForm(page=self.at, fields=names))

    def _links(self, page: Page) -> Iterator[str]:
        for href in page.evaluate(_LINKS):
            url = urlsplit(urljoin(page.url, href))
            path = _plain(href)
            low = path.lower()
            if url.scheme not in ("http", "https") or url.netloc != self.host or low.endswith(_NO_PAGE):
                continue
            if not any(word in low for word in _SIGNS_OUT) and self.wanted.may(self.site + path):
                yield path


class _Visit:
    """A profile that is thrown away when the visit is over."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context

    def __enter__(self) -> Page:
        return self.context.new_page()

    def __exit__(self, *_: object) -> None:
        self.context.close()


def _stores(frame: Any) -> dict[str, list[str]]:
    """Names in the storage of a frame; one that has none of its own, or is gone, has none."""
    from playwright.sync_api import Error

    try:
        found: dict[str, list[str]] = frame.evaluate(_STORES)
    except Error:
        return {}
    return found


def _site(url: str) -> str:
    """Scheme and host of an address."""
    return f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"


def _plain(url: str) -> str:
    """The path of an address, without what stands after it."""
    return urlsplit(url).path or "/"
