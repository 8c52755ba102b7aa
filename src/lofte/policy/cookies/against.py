"""What was seen of a website, beside what the policy says of it (LEK 9 kap. 28 §; art. 4.11, 5.2, 7.3, 13).

* Where it says nothing it is undeclared; what is not known to be necessary waits for a yes.
* Faults C101-C117, one for each thing and not for each page; the page is the first on which it was seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from lofte.fault import Fault, Place, Severity
from lofte.policy import period
from lofte.policy.cookies.seen import Hosts, Seen, State, Stored
from lofte.policy.cookies.well_known import matches, proposed
from lofte.policy.document import Cookie, Policy
from lofte.policy.processors import ProcessorRegister

T = TypeVar("T")

DEMANDS: Mapping[str, str] = {
    "C101": "What is stored on a visitor's device stands in the cookie table.",
    "C102": "What stands in the cookie table is to be found on the site.",
    "C103": "A cookie lives no longer than the table says.",
    "C104": "Nothing that is not necessary is stored before a yes.",
    "C105": "Nobody else is asked before a yes.",
    "C106": "Nothing that is not necessary is stored after a no.",
    "C107": "Nobody else is asked after a no.",
    "C108": "Whoever the site asks stands in the policy or in the register of processors.",
    "C109": "Each form that people write in stands in the policy.",
    "C110": "A form asks for what the policy says that it asks for.",
    "C111": "A site with cookies that are not necessary asks for a yes.",
    "C112": "Saying no is as easy, as near and as large as saying yes.",
    "C113": "Every page has a way to change the choice.",
    "C114": "When a yes is taken back, what rested on it is removed.",
    "C115": "A page that works with a yes works with a no.",
    "C116": "What many know as tracking is not called necessary.",
    "C117": "A page of the site answers.",
}
"""Number -> what it demands."""
SLACK = 2
"""Days that a lifetime may differ from what is told: months are not equally long."""
_LIKE = 0.75, 1.5
"""The area of the no by that of the yes: a shorter word alone makes no difference."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """What was found, and how many of each thing were looked at."""

    faults: tuple[Fault, ...]
    counts: Mapping[str, int]


def compared(seen: Seen, policy: Policy, register: ProcessorRegister | None, hosts: Hosts | None) -> Compared:
    """Lay what was seen beside policy, register and `scan.yaml`."""
    beside = _Beside(seen, policy, register, hosts)
    faults = tuple(sorted((f for judge in _JUDGES for f in judge(beside)), key=lambda f: (f.number, f.what)))
    by_number = Counter(fault.number.lower() for fault in faults)
    counts = {
        "pages": len(seen.paths()),
        "states": len(seen.states),
        "banner": {"lofte": 2, "known": 1, "": 0}[seen.banner],
        "stored": len({(each.kind, each.name, each.host) for each in seen.stored}),
        "others": len({each.host for each in seen.asked if not beside.ours(each.host)}),
        "forms": len(seen.forms),
        **beside.kinds(),
        **{number.lower(): by_number[number.lower()] for number in DEMANDS},
    }
    return Compared(faults=faults, counts=counts)


class _Beside:
    def __init__(
        self, seen: Seen, policy: Policy, register: ProcessorRegister | None, hosts: Hosts | None
    ) -> None:
        self.seen, self.policy = seen, policy
        terms = policy.cookies
        self.asks = terms is not None and terms.consent == "prior_opt_in"
        self.table: tuple[Cookie, ...] = terms.table if terms and isinstance(terms.table, tuple) else ()
        self.choice = (terms.choice if terms else None) or "consent"
        self.listed = register.listed if register else {}
        self.named = hosts or Hosts(scan=1)
        self.site = urlsplit(seen.site).netloc

    def row(self, name: str) -> tuple[int, Cookie] | None:
        """The row of the table about this name; one written out goes before one with a star."""
        found = [(n, c) for n, c in enumerate(self.table) if matches(c.name, name)]
        return min(found, key=lambda pair: pair[1].name.endswith("*"), default=None)

    def necessary(self, name: str) -> bool:
        """Whether the table calls it necessary; the choice itself is."""
        found = self.row(name)
        return found[1].purpose == "necessary" if found else name == self.choice

    def ours(self, host: str) -> bool:
        """Whether a host is the company's own."""
        return _same(host, self.site) or any(_below(host, each) for each in self.named.own)

    def company(self, host: str) -> str | None:
        """Who is behind a host: a provider, a recipient's id or a key of the register; None = nobody told."""
        said = next((who for each, who in self.named.hosts.items() if _below(host, each)), None)
        if said is not None:
            known = {c.provider for c in self.table} | set(self.policy.recipients) | set(self.listed)
            return said if said in known else None
        for key, each in self.listed.items():
            if each.contact and _below(host, each.contact.rpartition("@")[2]):
                return key
        return None

    def tracks(self, host: str) -> bool:
        """Whether this host may be asked only after a yes: all but those who serve without cookies."""
        who = self.company(host)
        if who is None:
            return True
        called = {who, self.listed[who].name} if who in self.listed else {who}
        recipient = self.policy.recipients.get(who)
        if recipient is not None:
            called |= {recipient.name or who}
            if recipient.register_ in self.listed:
                called.add(self.listed[recipient.register_].name)
        return any(c.provider in called and c.purpose != "necessary" for c in self.table)

    def kinds(self) -> dict[str, int]:
        """How many rows of the table were seen, by purpose and by kind of lifetime."""
        names = {each.name for each in self.seen.stored}
        rows = [c for c in self.table if any(matches(c.name, name) for name in names)]
        found = {
            f"seen_{kind}": sum(c.purpose == kind for c in rows)
            for kind in ("necessary", "functional", "statistics", "marketing")
        }
        session = sum(c.lifetime == "session" for c in rows)
        return {**found, "seen_session": session, "seen_lasting": len(rows) - session}


def _undeclared(b: _Beside) -> Iterator[Fault]:
    for each in _first(b.seen.stored, lambda s: s.name):
        if b.row(each.name) is None and each.name != b.choice:
            known = proposed(each.name)
            mend = "Add it to the table, or take it away from the site."
            if known:
                mend = f"Add it to the table, usually as {known[0]}, or take it away from the site."
            what = f"`{each.name}` is stored on {each.page} and does not stand in the table"
            yield _fault("C101", what, mend, "cookies.table")


def _missing(b: _Beside) -> Iterator[Fault]:
    if State.ACCEPTED not in b.seen.states and b.asks:
        return
    for number, cookie in enumerate(b.table):
        if not any(matches(cookie.name, each.name) for each in b.seen.stored):
            what = f"`{cookie.name}` stands in the table, and was seen on none of the pages"
            mend = "Look whether it is still used; if it is, begin the look where it is set."
            yield _fault("C102", what, mend, f"cookies.table[{number}]", Severity.WARNING)


def _lifetimes(b: _Beside) -> Iterator[Fault]:
    longest: dict[tuple[str, str], Stored] = {}
    for each in b.seen.stored:
        key = each.name, each.kind
        if each.kind in ("cookie", "local") and _lives(each) >= _lives(longest.get(key)):
            longest[key] = each
    for (name, _), each in longest.items():
        found = b.row(name)
        if found is None or (name == b.choice and each.kind == "local"):
            continue
        number, cookie = found
        told = _days(cookie.lifetime)
        if told is None or _lives(each) <= told + SLACK or (each.kind == "local" and told > 0):
            continue
        lives = "until it is removed" if each.kind == "local" else f"for {round(_lives(each))} days"
        what = f"`{name}` lives {lives}, and the table says {cookie.lifetime}"
        mend = "Let it live as long as the table says, or change the table."
        yield _fault("C103", what, mend, f"cookies.table[{number}].lifetime")


def _stored(b: _Beside) -> Iterator[Fault]:
    told = (
        ("C104", State.BEFORE, "before anybody has said yes", "Mark what sets it, so that it waits."),
        ("C106", State.REJECTED, "though the visitor said no", "Mark what sets it, so that it waits."),
        ("C114", State.WITHDRAWN, "after the yes was taken back", "Remove it when a yes is taken back."),
    )
    for number, state, when, mend in told:
        for each in _first(b.seen.kept(state), lambda s: s.name):
            if not b.necessary(each.name):
                what = f"`{each.name}` is stored on {each.page} {when}"
                yield _fault(number, what, mend, _path(b, each.name))


def _others(b: _Beside) -> Iterator[Fault]:
    mend = "Mark what asks for it, so that it waits; or say in scan.yaml who it is."
    told = (
        ("C105", State.BEFORE, "before anybody has said yes"),
        ("C107", State.REJECTED, "though the visitor said no"),
    )
    for number, state, when in told:
        for each in _first(b.seen.called(state), lambda a: a.host):
            if not b.ours(each.host) and b.tracks(each.host):
                yield _fault(number, f"{each.host} is asked on {each.page} {when}", mend, "cookies")
    for each in _first(b.seen.asked, lambda a: a.host):
        if not b.ours(each.host) and b.company(each.host) is None:
            what = f"{each.host} is asked on {each.page}, and nobody is told to be behind it"
            how = "Say in scan.yaml which recipient or processor it is, or stop asking it."
            yield _fault("C108", what, how, "recipients")


def _forms(b: _Beside) -> Iterator[Fault]:
    told = {_plain(form.url): (id_, form) for id_, form in b.policy.forms.items() if form.url}
    for seen in b.seen.forms:
        # A short form of one kind may stand on many pages; a page has a form of its own if one is told.
        found = told.get(_plain(seen.page)) or next(
            ((id_, f) for id_, f in b.policy.forms.items() if set(seen.fields) == set(f.fields)), None
        )
        if found is None:
            what = (
                f"there is a form on {seen.page} ({', '.join(seen.fields)}) that the policy does not tell of"
            )
            yield _fault("C109", what, "Add it under `forms`, with its address and its fields.", "forms")
            continue
        id_, form = found
        for name in seen.fields:
            if name not in form.fields:
                what = f"the form on {seen.page} asks for `{name}`, which the policy does not say"
                mend = "Add the field to the form in the policy, or stop asking for it."
                yield _fault("C110", what, mend, f"forms.{id_}.fields")


def _banner(b: _Beside) -> Iterator[Fault]:
    waiting = any(c.purpose != "necessary" for c in b.table)
    if not b.asks or not waiting:
        return
    buttons = b.seen.buttons
    if not b.seen.banner or buttons is None:
        what = "nothing asks the visitor for a yes, or it was not found"
        yield _fault("C111", what, "Put up the banner: `lofte banner tag`.", "cookies.consent")
        return
    if not buttons.reject:
        what = "there is no way to say no beside the way to say yes"
        yield _fault("C112", what, "Put a no beside the yes, in the same layer.", "cookies.refuse_as_easy")
    elif not (buttons.same_look and _LIKE[0] <= buttons.ratio <= _LIKE[1]):
        what = "the no does not look as the yes does"
        mend = "Give both the same size, colours and letters."
        yield _fault("C112", what, mend, "cookies.refuse_as_easy")
    chosen = [p for p in b.seen.pages if p.state in (State.REJECTED, State.ACCEPTED) and p.status < 400]
    for page in _first(chosen, lambda p: p.path):
        if not page.settings:
            what = f"{page.path} has no way to change the choice"
            mend = 'Put a link there: `<a href="/privacy/cookies" data-consent-open>`.'
            yield _fault("C113", what, mend, "cookies.withdraw")


def _pages(b: _Beside) -> Iterator[Fault]:
    answered = {(p.path, p.state): p.status for p in b.seen.pages}
    for path in b.seen.paths():
        before, after = answered.get((path, State.BEFORE)), answered.get((path, State.REJECTED))
        if before is not None and before >= 400:
            what = f"{path} answers {before}"
            yield _fault("C117", what, "Mend the link that leads there.", "", Severity.WARNING)
        elif before is not None and after is not None and after >= 400:
            what = f"{path} answers {after} to a visitor who said no"
            yield _fault("C115", what, "Let the page answer as it does to others.", "cookies.refuse_as_easy")


def _disguised(b: _Beside) -> Iterator[Fault]:
    for number, cookie in enumerate(b.table):
        known = proposed(cookie.name)
        if cookie.purpose == "necessary" and known and known[0] in ("statistics", "marketing"):
            what = f"the table calls `{cookie.name}` necessary; it is usually for {known[0]}"
            mend = "Change its purpose, or rename it if it is something else."
            yield _fault("C116", what, mend, f"cookies.table[{number}].purpose", Severity.WARNING)


_JUDGES: tuple[Callable[[_Beside], Iterator[Fault]], ...] = (
    *(_undeclared, _missing, _lifetimes, _stored, _others, _forms, _banner, _pages, _disguised),
)


def _first(found: Iterable[T], key: Callable[[T], str]) -> Iterator[T]:
    """The first of each."""
    known: dict[str, T] = {}
    for each in found:
        known.setdefault(key(each), each)
    return iter(known.values())


def _path(b: _Beside, name: str) -> str:
    found = b.row(name)
    return f"cookies.table[{found[0]}]" if found else "cookies.table"


def _fault(number: str, what: str, mend: str, path: str, severity: Severity = Severity.ERROR) -> Fault:
    return Fault(
        number=number, place=Place(file="policy.yaml", path=path), what=what, mend=mend, severity=severity
    )


def _days(lifetime: str) -> int | None:
    """A lifetime of the table in days; a session is none, and what cannot be read is not judged."""
    if lifetime == "session":
        return 0
    read = period.parse(lifetime)
    day = date(2027, 7, 1)
    return None if isinstance(read, Fault) else (read.after(day) - day).days


def _lives(each: Stored | None) -> float:
    if each is None:
        return -1
    if each.kind == "local":
        return 36_500
    return each.days or 0


def _same(host: str, site: str) -> bool:
    """The site's own host or one below it. Addresses and bare names have nobody below them."""
    name = site.partition(":")[0].removeprefix("www.")
    bare = "." not in name or name.replace(".", "").isdigit()
    return host == site if bare else _below(host, name)


def _below(host: str, name: str) -> bool:
    plain = host.partition(":")[0]
    return name in (host, plain) or plain.endswith(f".{name}")


def _plain(address: str) -> str:
    return urlsplit(address).path.rstrip("/").removesuffix(".html") or "/"
