"""The pages a person opens from disk: no script, nothing fetched, one style that the page vouches for."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import islice
from typing import Any

from lofte.requests.package.display import number, raw
from lofte.requests.package.markup import Child, Markup, h, join, text
from lofte.requests.package.phrases import phrase
from lofte.requests.package.sections import SEVERAL, Line, Section
from lofte.requests.package.view import Leaf, View

ROWS = 500
"""How many raw rows stand on one page."""

STYLE = files(__package__).joinpath("page.css").read_text("utf-8")
_DIGEST = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_CSP = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"
_TWO = frozenset({"why", "who", "rights", "complain"})


def index_page(view: View) -> bytes:
    """The answer: in short, in plain words, and where the raw rows are."""
    language = view.language
    body = (
        h("a", phrase("skip", language), href="#answer", class_="skip"),
        _top(view),
        h("main", *_main(view), class_="wrap", id="answer", tabindex="-1"),
        _footer(view),
    )
    return _document(language, view.title, body)


def rows_page(
    view: View, leaf: Leaf, columns: Sequence[tuple[str, str]], rows: Sequence[dict[str, Any]], page: int
) -> bytes:
    """One page of raw rows; `columns` are names and labels."""
    language = view.language
    first = (page - 1) * ROWS + 1
    title = phrase(
        "page_title",
        language,
        name=leaf.name,
        first=number(first, language),
        last=number(first + len(rows) - 1, language),
        all=number(leaf.count, language),
    )
    steps = _steps(language, leaf, page)
    head = h("tr", (h("th", label, h("code", name), scope="col") for name, label in columns))
    table = h(
        "div",
        h("table", h("thead", head), h("tbody", (_raw_row(columns, row) for row in rows))),
        class_="scroll raw",
        role="region",
        aria_label=title,
        tabindex="0",
    )
    top = h("header", h("div", h("h1", title), steps, class_="wrap wide"), class_="top slim")
    main = h(
        "main", table, h("p", phrase("manifest", language), class_="small soft more"), class_="wrap wide"
    )
    return _document(language, title, (top, main))


def rows_name(file: str, page: int) -> str:
    """Where a page of raw rows lies in the package."""
    return f"rows/{file}-{page:03d}.html"


def pages(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows in pages."""
    while page := list(islice(rows, ROWS)):
        yield page


def _document(language: str, title: str, body: Sequence[Markup]) -> bytes:
    head = h(
        "head",
        h("meta", charset="utf-8"),
        h("meta", http_equiv="Content-Security-Policy", content=_CSP),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("meta", name="referrer", content="no-referrer"),
        h("meta", name="robots", content="noindex, nofollow, noarchive"),
        h("title", title),
        Markup(f"<style>{STYLE}</style>"),
    )
    return f"<!doctype html>\n{h('html', head, h('body', body), lang=language)}\n".encode()


def _top(view: View) -> Markup:
    language = view.language
    links = [("#short", phrase("layer1", language))]
    links += (
        [("#data", phrase("layer2", language)), ("#raw", phrase("layer3", language))] if view.leaves else []
    )
    links.append(("index.pdf", phrase("pdf", language)))
    return h(
        "header",
        h(
            "div",
            h("p", view.eyebrow, class_="eyebrow"),
            h("h1", view.title),
            h(
                "div",
                h("p", view.verdict, class_="verdict") if view.verdict else None,
                h("p", view.summary, class_="said"),
                class_="answer",
            ),
            h("dl", (h("div", h("dt", name), h("dd", value)) for name, value in view.facts), class_="facts"),
            h(
                "nav",
                h("ul", (h("li", h("a", words, href=to)) for to, words in links)),
                class_="contents",
                aria_label=phrase("contents", language),
            ),
            class_="wrap",
        ),
        class_="top",
    )


def _main(view: View) -> Iterator[Markup]:
    language = view.language
    yield h("h2", phrase("layer1", language), id="short")
    yield from (_section(section) for section in view.sections)
    if view.leaves:
        yield h("h2", phrase("layer2", language), id="data")
        yield h("p", phrase("layer2_intro", language), class_="prose soft")
        yield _list(view)
        yield from (_leaf(leaf, language) for leaf in view.leaves)
    yield h("h2", phrase("layer3", language), id="raw")
    yield from _raw(view)


def _section(section: Section) -> Markup:
    return h(
        "section",
        h("div", h("h3", section.heading), h("p", section.article, class_="article"), class_="head"),
        h("p", section.intro, class_="prose") if section.intro else None,
        _table(section.heads, section.table, section.heading) if section.table else None,
        h("ul", map(_line, section.lines), class_="lines") if section.lines else None,
        class_="card two" if section.anchor in _TWO else "card",
        id=section.anchor,
    )


def _line(line: Line) -> Markup:
    links = (h("a", words, href=address, rel="noreferrer") for words, address in line.links)
    return h(
        "li",
        h("strong", line.head),
        (h("p", said) for said in line.texts),
        h("p", *links, class_="links") if line.links else None,
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> Markup:
    head = h("tr", (h("th", words, scope="col") for words in heads))
    return h(
        "table",
        h("thead", head),
        h("tbody", (_row(heads, row) for row in rows)),
        class_="stack",
        aria_label=name,
    )


def _row(heads: Sequence[str], row: Sequence[str]) -> Markup:
    first, *rest = row
    cells = (
        h("td", h("span", _lines(cell)), data_label=head) if cell else h("td")
        for head, cell in zip(heads[1:], rest, strict=True)
    )
    return h("tr", h("th", first, scope="row", class_="value"), cells)


def _list(view: View) -> Markup:
    """The datasets, each with its number of rows."""
    items = (
        h("li", h("a", leaf.name, href=f"#{leaf.anchor}"), f" ({number(leaf.count, view.language)})")
        for leaf in view.leaves
    )
    return h("nav", h("ul", items), class_="contents", aria_label=phrase("datasets", view.language))


def _lines(cell: str) -> Child:
    """Several things told in one cell stand apart; a text keeps its own lines."""
    parts = cell.split(SEVERAL)
    return [h("span", part, class_="one") for part in parts] if len(parts) > 1 else cell


def _leaf(leaf: Leaf, language: str) -> Markup:
    body: list[Markup] = []
    if leaf.cards:
        body += (_record(leaf, row) for row in leaf.rows)
    else:
        body.append(_table(leaf.heads, leaf.rows, leaf.name))
    return h(
        "section",
        h("h3", leaf.name),
        h("p", leaf.text, class_="prose") if leaf.text else None,
        h("ul", (h("li", note) for note in leaf.notes), class_="notes"),
        body,
        h("p", leaf.more, class_="more") if leaf.more else None,
        h("p", *_ways(leaf, language), class_="links small"),
        class_="card",
        id=leaf.anchor,
    )


def _record(leaf: Leaf, row: Sequence[str]) -> Markup:
    pairs = (
        h("div", h("dt", head), h("dd", cell, class_="value"), class_="long" if long else None)
        for head, cell, long in zip(leaf.heads, row, leaf.long, strict=True)
        if cell
    )
    return h("div", h("dl", pairs), class_="record")


def _ways(leaf: Leaf, language: str) -> tuple[Markup, Markup]:
    return (
        _named(phrase("all_rows", language), leaf, rows_name(leaf.file, 1)),
        _named(phrase("csv", language), leaf, f"csv/{leaf.file}.csv"),
    )


def _named(words: str, leaf: Leaf, to: str) -> Markup:
    """A link that also says of which dataset, to those who hear it alone."""
    return h("a", words, h("span", f": {leaf.name}", class_="unseen"), href=to)


def _raw(view: View) -> Iterator[Markup]:
    language = view.language
    if not view.leaves:
        yield h("p", phrase("nothing", language), class_="prose")
    else:
        yield h("p", phrase("layer3_intro", language), class_="prose")
        yield _raw_table(view)
        yield h("p", phrase("csv_note", language), class_="prose small soft")
    yield h(
        "p",
        h("a", "data.json", href="data.json"),
        h("a", phrase("pdf", language), href="index.pdf"),
        class_="links",
    )
    yield h("p", phrase("manifest", language), class_="prose small soft")


def _raw_table(view: View) -> Markup:
    language = view.language
    heads = tuple(phrase(k, language) for k in ("dataset", "number", "as_page", "csv"))
    rows = (
        h(
            "tr",
            h("th", leaf.name, scope="row"),
            h("td", h("span", number(leaf.count, language)), data_label=heads[1]),
            h("td", _named(phrase("pages", language), leaf, rows_name(leaf.file, 1)), data_label=heads[2]),
            h("td", h("a", f"{leaf.file}.csv", href=f"csv/{leaf.file}.csv"), data_label=heads[3]),
        )
        for leaf in view.leaves
    )
    head = h("tr", (h("th", words, scope="col") for words in heads))
    table = h(
        "table", h("thead", head), h("tbody", rows), class_="stack", aria_label=phrase("layer3", language)
    )
    return h("div", table, class_="card")


def _steps(language: str, leaf: Leaf, page: int) -> Markup:
    last = (leaf.count + ROWS - 1) // ROWS
    steps = [h("a", phrase("back", language), href=f"../index.html#{leaf.anchor}")]
    if page > 1:
        steps.append(
            h("a", phrase("previous", language), href=rows_name(leaf.file, page - 1)[5:], rel="prev")
        )
    if page < last:
        steps.append(h("a", phrase("next", language), href=rows_name(leaf.file, page + 1)[5:], rel="next"))
    items = h("ul", (h("li", step) for step in steps), class_="steps")
    return h("nav", items, aria_label=phrase("here", language))


def _raw_row(columns: Sequence[tuple[str, str]], row: dict[str, Any]) -> Markup:
    # A million rows come through here, so the elements are written by hand; each value is escaped.
    return Markup("<tr>" + "".join([f"<td>{text(raw(row[name]))}</td>" for name, _ in columns]) + "</tr>\n")


def _footer(view: View) -> Markup:
    said = (h("p", line) for line in (join(view.controller, " · "), view.footer))
    return h("footer", h("div", said, class_="wrap"))
