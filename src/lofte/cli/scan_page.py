"""The report of a look at a website as one HTML file: faults, what was seen in each state, pictures.

It holds everything it needs, no script, and a policy that lets nothing else in. It prints on paper.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from lofte.cli.review_text import severities
from lofte.cli.scan import states
from lofte.cli.screen import sentence
from lofte.cli.spoken import spoken
from lofte.cli.words import gettext as _
from lofte.fault import Severity

if TYPE_CHECKING:
    from lofte.fault import Fault
    from lofte.policy.cookies.against import Compared
    from lofte.policy.cookies.seen import Seen, Stored
    from lofte.scan.looking import Look

_SHEETS = ("review_page.css", "scan_page.css")


def page(look: Look, found: Compared, faults: tuple[Fault, ...], on: date, language: str) -> str:
    """The whole page, told in `language`."""
    style = "".join(files("lofte.cli").joinpath(name).read_text(encoding="utf-8") for name in _SHEETS)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    title = _("A look at {site}").format(site=look.seen.site)
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{language}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta http-equiv="Content-Security-Policy"',
            f" content=\"default-src 'none'; img-src data:; style-src 'sha256-{digest}'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            *_head(found, faults, on, title),
            "<main>",
            *_faults(faults),
            *_pictures(look),
            *_stored(look.seen),
            *_asked(look.seen),
            *_forms(look.seen),
            *_pages(look.seen),
            "</main>",
            f"<footer><p>{escape(_method(look.seen))}</p></footer>",
            "</body>",
            "</html>",
            "",
        )
    )


def _head(found: Compared, faults: tuple[Fault, ...], on: date, title: str) -> Iterator[str]:
    names = severities()
    yield f'<header><p class="house">Löfte · {on.isoformat()}</p><h1>{escape(title)}</h1>'
    yield '<ul class="figures">'
    for severity in (Severity.ERROR, Severity.WARNING):
        count = sum(f.severity is severity for f in faults)
        yield f'<li class="{severity}"><strong>{count}</strong> {escape(names[severity])}</li>'
    counted = {
        "pages": _("pages"),
        "stored": _("stored names"),
        "others": _("other hosts"),
        "forms": _("forms"),
    }
    for key, called in counted.items():
        yield f"<li><strong>{found.counts[key]}</strong> {escape(called)}</li>"
    yield "</ul></header>"


def _faults(faults: tuple[Fault, ...]) -> Iterator[str]:
    yield f"<h2>{escape(_('What is wrong'))}</h2>"
    if not faults:
        yield f'<p class="well">{escape(_("The site is as the policy says."))}</p>'
        return
    names = severities()
    yield '<ol class="found">'
    for fault in faults:
        what, mend = sentence(spoken(fault.what)), sentence(spoken(fault.mend))
        yield (
            f'<li class="{fault.severity}"><p><span class="mark">{fault.number} · '
            f"{escape(names[fault.severity])}</span> {escape(what)}</p>"
            f'<p class="mend">{escape(mend)}</p></li>'
        )
    yield "</ol>"


def _pictures(look: Look) -> Iterator[str]:
    yield f"<h2>{escape(_('The first page'))}</h2>"
    yield '<div class="pictures">'
    for state, name in states().items():
        picture = next((p for s, p in look.pictures.items() if s.value == state), None)
        if picture is None:
            continue
        data = b64encode(picture).decode()
        alt = escape(_("The first page: {state}").format(state=name.lower()))
        yield (
            f'<figure><img src="data:image/jpeg;base64,{data}" alt="{alt}" width="1280" height="800">'
            f"<figcaption>{escape(name)}</figcaption></figure>"
        )
    yield "</div>"


def _stored(seen: Seen) -> Iterator[str]:
    kinds = {
        "cookie": _("cookie"),
        "local": _("local storage"),
        "session": _("session storage"),
        "database": _("database"),
    }
    rows: dict[tuple[str, str, str], list[Stored]] = {}
    for each in seen.stored:
        rows.setdefault((each.name, each.kind, each.host), []).append(each)
    cells = []
    for (name, kind, host), found in sorted(rows.items()):
        days = max((each.days or 0 for each in found), default=0)
        lives = _("{n} days").format(n=round(days) if days >= 1 else round(days, 2)) if days else "–"
        cells.append((name, kinds[kind], host, lives, *_when({each.state.value for each in found})))
    head = (_("Name"), _("Kind"), _("Host"), _("Lives"), *states().values())
    yield from _table(_("What is stored"), head, cells)


def _asked(seen: Seen) -> Iterator[str]:
    rows: dict[str, list[tuple[str, str]]] = {}
    for each in seen.asked:
        rows.setdefault(each.host, []).append((each.what, each.state.value))
    cells = [
        (host, ", ".join(sorted({what for what, _state in found})), *_when({state for _what, state in found}))
        for host, found in sorted(rows.items())
    ]
    yield from _table(_("Other hosts that are asked"), (_("Host"), _("For"), *states().values()), cells)


def _forms(seen: Seen) -> Iterator[str]:
    cells = [(form.page, ", ".join(form.fields)) for form in seen.forms]
    yield from _table(_("Forms"), (_("Page"), _("Fields")), cells)


def _pages(seen: Seen) -> Iterator[str]:
    status = {(page.path, page.state.value): str(page.status) for page in seen.pages}
    cells = [(path, *(status.get((path, state), "–") for state in states())) for path in seen.paths()]
    yield from _table(_("Pages"), (_("Page"), *states().values()), cells)


def _when(found: set[str]) -> tuple[str, ...]:
    return tuple(_("yes") if state in found else "–" for state in states())


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    listed = list(rows)
    if not listed:
        yield f"<p>{escape(_('None.'))}</p>"
        return
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{escape(title)}">'
    yield f"<table><thead><tr>{cells}</tr></thead><tbody>"
    for first, *rest in listed:
        others = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        yield f'<tr><th scope="row">{escape(first)}</th>{others}</tr>'
    yield "</tbody></table></div>"


def _method(seen: Seen) -> str:
    said = _(
        "Each state was seen in a browser that had never been there. Names, hosts and paths were kept, "
        "never a value. What is set only by something that nobody did here was not seen."
    )
    if seen.banner == "known":
        said = _("The banner is not Löfte's; it was known by its buttons.") + f" {said}"
    if not seen.banner:
        said = _("Nothing that asks for a yes was found, so only the first state was seen.") + f" {said}"
    return said
