"""The report of a review as one HTML file: the text with its faults marked, each linked to what is wrong.

It holds everything it needs, no script, and a policy that lets nothing else in. It prints on paper.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from lofte.cli.review_text import severities, states
from lofte.cli.words import gettext as _
from lofte.fault import Severity
from lofte.policy.review.manuscript import Block, Kind

if TYPE_CHECKING:
    from lofte.policy.review.manuscript import Manuscript
    from lofte.policy.review.report import Element, Fault, Place, Report

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def page(found: Report, manuscript: Manuscript, language: str) -> str:
    """The whole page, told in `language`; the text keeps its own."""
    style = files("lofte.cli").joinpath("review_page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    title = _("Review of {file}").format(file=found.file)
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{language}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta http-equiv="Content-Security-Policy"',
            f" content=\"default-src 'none'; style-src 'sha256-{digest}'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            f'<a class="skip" href="#faults">{_("To the faults")}</a>',
            *_head(found, title),
            "<main>",
            *_elements(found),
            '<div class="sides">',
            *_text(found, manuscript),
            *_faults(found),
            "</div>",
            "</main>",
            f"<footer><p>{escape(_method())}</p></footer>",
            "</body>",
            "</html>",
            "",
        )
    )


def _head(found: Report, title: str) -> Iterator[str]:
    told = sum(each.state == "present" for each in found.elements if each.needed)
    needed = sum(each.needed for each in found.elements)
    one, many = severities(), severities_many()
    yield "<header>"
    yield f'<p class="house">Löfte · {found.on.isoformat()}</p>'
    yield f"<h1>{escape(title)}</h1>"
    yield '<ul class="figures">'
    for severity in Severity:
        count = found.counts[severity]
        called = one[severity] if count == 1 else many[severity]
        yield f'<li class="{severity}"><strong>{count}</strong> {called}</li>'
    words = _("of {needed} things that must be told are told").format(needed=needed)
    yield f'<li class="told"><strong>{told}</strong> {escape(words)}</li>'
    yield "</ul>"
    if not found.whole:
        yield f"<p>{escape(_('It was read as a part of a policy, so nothing is said to be missing.'))}</p>"
    yield "</header>"


def severities_many() -> dict[Severity, str]:
    """What several of a severity are called."""
    return {Severity.ERROR: _("errors"), Severity.WARNING: _("warnings"), Severity.NOTE: _("notes")}


def _elements(found: Report) -> Iterator[str]:
    yield f'<section aria-labelledby="told"><h2 id="told">{_("What must be told (art. 13 and 14)")}</h2>'
    yield '<ul class="elements">'
    for element in found.elements:
        yield _element(element)
    yield "</ul></section>"


def _element(element: Element) -> str:
    state = states()[element.state] if element.needed else _("not mentioned")
    quote = ""
    if element.spans:
        quote = f"<q>{escape(_short(element.spans[0]))}</q>"
    kind = element.state if element.needed else "unneeded"
    return (
        f'<li class="{kind}"><span class="state">{state}</span> <strong>{escape(element.name)}</strong> '
        f'<span class="article">{escape(element.article)}</span>{quote}</li>'
    )


def _short(span: Place, most: int = 90) -> str:
    words = " ".join(span.quote.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _faults(found: Report) -> Iterator[str]:
    yield f'<section id="faults" class="faults" aria-labelledby="wrong"><h2 id="wrong">{_("Faults")}</h2>'
    if not found.faults:
        yield f"<p>{_('No faults were found.')}</p>"
    yield "<ol>"
    called = severities()
    for fault in found.faults:
        yield f'<li id="{fault.number}" class="{fault.severity}">'
        yield (
            f'<h3><span class="number">{fault.number}</span> '
            f'<span class="severity">{called[fault.severity]}</span> {escape(fault.what)}</h3>'
        )
        yield f'<p class="mend">{escape(fault.mend)}</p>'
        yield f'<p class="article">{escape(fault.article)}</p>'
        if fault.spans:
            places = (
                f'<li><a href="#{_anchor(span)}">{escape(_short(span))}</a></li>' for span in fault.spans
            )
            yield f'<ul class="places">{"".join(places)}</ul>'
        yield "</li>"
    yield "</ol></section>"


def _text(found: Report, manuscript: Manuscript) -> Iterator[str]:
    marks = [(span, fault) for fault in found.faults for span in fault.spans]
    yield f'<section class="text" aria-labelledby="text"><h2 id="text">{_("The text")}</h2>'
    yield f'<div lang="{found.text_language}">'
    listed = False
    for block in manuscript.blocks:
        if (block.kind is Kind.ITEM) != listed:
            listed = not listed
            yield "<ul>" if listed else "</ul>"
        tag = {Kind.HEADING: "h3", Kind.PARAGRAPH: "p", Kind.ITEM: "li"}[block.kind]
        yield f"<{tag}>{_marked(manuscript.text, block, marks)}</{tag}>"
    yield "</ul></div></section>" if listed else "</div></section>"


def _marked(text: str, block: Block, marks: list[tuple[Place, Fault]]) -> str:
    """The words of a block; where faults lie over each other, the gravest gives the colour."""
    here = [(span, fault) for span, fault in marks if block.start <= span.start < block.end]
    cuts = sorted(
        {block.start, block.end, *(at for span, _f in here for at in (span.start, min(span.end, block.end)))}
    )
    pieces: list[str] = []
    anchored: set[str] = set()
    for start, end in pairwise(cuts):
        over = [(span, fault) for span, fault in here if span.start <= start and end <= span.end]
        words = escape(text[start:end])
        if over:
            gravest = min((fault.severity for _s, fault in over), key=lambda s: _RANK[s])
            opens = [
                _anchor(span) for span, _f in over if span.start == start and _anchor(span) not in anchored
            ]
            opens = list(dict.fromkeys(opens))
            anchored |= set(opens)
            targets = "".join(f'<span id="{anchor}"></span>' for anchor in opens[1:])
            own = f' id="{opens[0]}"' if opens else ""
            words = f'<mark{own} class="{gravest}">{targets}{words}</mark>'
        closing = dict.fromkeys((fault.number, fault.severity) for span, fault in over if span.end == end)
        chips = "".join(
            f'<a class="chip {severity}" href="#{number}">{number}</a>' for number, severity in closing
        )
        pieces.append(words + chips)
    return "".join(pieces)


def _anchor(span: Place) -> str:
    return f"at-{span.start}-{span.end}"


def _method() -> str:
    return _(
        "Found by fixed rules, without guessing: the same text gives the same report. A rule sees words, not "
        "what is really done; what it does not find may still be wrong. It is no legal advice."
    )
