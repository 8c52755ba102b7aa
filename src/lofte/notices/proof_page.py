"""A proof as one HTML file: in Swedish and English, with everything it needs, and no script.

It shows the signed document and adds nothing; a policy in it lets nothing else in. It prints on paper.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from lofte.law.articles import cite
from lofte.law.calendar import STOCKHOLM
from lofte.law.statutes import STATUTES
from lofte.policy.notice.words import MONTHS
from lofte.proof.areas import AREAS
from lofte.proof.records import Finding
from lofte.proof.report import shown
from lofte.proof.report_words import FINDINGS, MEANS, PROBLEMS, word

Document = Mapping[str, Any]
_WIDE = 600


def page(document: Document, language: str) -> str:
    """The whole page; `language` comes first, the other follows."""
    style = files("lofte.notices").joinpath("proof_page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    languages = ("sv", "en") if language == "sv" else ("en", "sv")
    title = f"{word('title', languages[0])} · {document['company']['name']}"
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{languages[0]}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            f"style-src 'sha256-{digest}'\">",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            f'<a class="skip" href="#{languages[0]}-promises">{word("to_findings", languages[0])}</a>',
            "<main>",
            *(line for each in languages for line in _half(document, each)),
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of a proof."""
    text = files("lofte.notices").joinpath("proof.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def moment(at: str, language: str) -> str:
    """A moment as people write it, in the time of Stockholm."""
    there = datetime.fromisoformat(at).astimezone(STOCKHOLM)
    return f"{there.day} {MONTHS['sv' if language == 'sv' else 'en'][there.month - 1]} {there:%Y %H:%M}"


def law(reference: str, language: str) -> str:
    """The place in the law as people write it."""
    known = STATUTES.get(reference)
    return known.name.say(language) if known else cite(reference, language)


def entries(promise: Mapping[str, Any]) -> str:
    """The numbers of the entries that were weighed."""
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in promise["entries"])


def speak(texts: Mapping[str, str] | None, language: str) -> str:
    """The text in this language, or in the one that there is."""
    return (texts.get(language) or next(iter(texts.values()), "")) if texts else ""


def remarks(document: Document, language: str) -> list[str]:
    """What has to be known before the findings are read."""
    said = [
        word(name, language)
        for name, holds in (
            ("past", document["past"]),
            ("part", "of" in document),
            ("not_published", not document["policy"]["published"]),
            ("not_looked_then" if document["past"] else "not_looked", not document["looked"]),
        )
        if holds
    ]
    if forgotten := document["ledger"]["forgotten"]:
        said.append(f"{forgotten} {word('forgotten', language)}")
    return said


def facts(document: Document, language: str) -> list[tuple[str, str]]:
    """The head of a proof."""
    policy, company = document["policy"], document["company"]
    since = f"{word('since', language)} {policy['effective_from']}"
    state = since if policy["published"] else word("draft", language)
    return [
        (word("company", language), " ".join(filter(None, (company["name"], company["number"])))),
        (word("version", language), f"{policy['version']}, {state}"),
        (word("on", language), document["on"]),
        (word("made", language), moment(document["made_at"], language)),
    ]


def ties(document: Document, language: str) -> list[tuple[str, str]]:
    """What a proof is tied to, but the notes."""
    ledger = document["ledger"]
    weighed = f"{ledger['weighed']} ({word('to', language)} {ledger['weighed_to']})"
    return [
        (word("policy_digest", language), document["policy"]["sha256"]),
        (word("map_digest", language), document["map"]["sha256"]),
        (word("weighed", language), weighed),
    ]


def by_area(document: Document) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """The chapters that have promises, each with its own: the broken first."""
    order = list(FINDINGS)
    for area in AREAS:
        there = [promise for promise in document["promises"] if promise["area"] == area]
        if there:
            yield area, sorted(there, key=lambda each: (order.index(shown(each)), each["promise"]))


def _half(document: Document, language: str) -> Iterator[str]:
    other = "en" if language == "sv" else "sv"
    yield f'<div class="doc" lang="{language}" id="{language}">'
    yield f'<p class="small"><a href="#{other}" lang="{other}">{word("other", language)}</a></p>'
    yield f"<h1>{word('title', language)}</h1>"
    yield f'<p class="lead">{word("lead", language)}</p>'
    yield from _pairs(facts(document, language))
    yield from (f'<p class="callout">{escape(said)}</p>' for said in remarks(document, language))
    yield from _short(document, language)
    if document["erasure"]:
        yield from _erasure(document, language)
    for area, promises in by_area(document):
        yield f'<section aria-labelledby="{language}-{area}">'
        yield f'<h2 id="{language}-{area}">{escape(AREAS[area].say(language))}</h2>'
        for promise in promises:
            yield from _promise(promise, language)
        yield "</section>"
    yield from _checks(document, language)
    yield from _signed(document, language)
    yield "</div>"


def _pairs(pairs: list[tuple[str, str]]) -> Iterator[str]:
    yield '<dl class="facts">'
    yield from (f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in pairs)
    yield "</dl>"


def _short(document: Document, language: str) -> Iterator[str]:
    counts = document["counts"]
    yield f'<h2 id="{language}-promises">{word("in_short", language)}</h2>'
    yield _bar([(finding.value, counts[finding.value]) for finding in reversed(list(FINDINGS))])
    yield _wide("in_short", language)
    yield f'<th scope="col">{word("finding", language)}</th>'
    yield f'<th scope="col" class="n">{word("count", language)}</th>'
    yield f'<th scope="col">{word("means", language)}</th></tr></thead><tbody>'
    for finding, name in FINDINGS.items():
        yield f'<tr><td>{_tag(finding, name.say(language))}</td><td class="n">{counts[finding.value]}</td>'
        yield f"<td>{escape(MEANS[finding].say(language))}</td></tr>"
    yield "</tbody></table></div>"
    yield f'<nav aria-label="{word("contents", language)}">{_wide("contents", language)}'
    yield f'<th scope="col">{word("area", language)}</th>'
    yield from (f'<th scope="col" class="n">{escape(name.say(language))}</th>' for name in FINDINGS.values())
    yield "</tr></thead><tbody>"
    for area, promises in by_area(document):
        found = [shown(promise) for promise in promises]
        yield f'<tr><th scope="row"><a href="#{language}-{area}">{escape(AREAS[area].say(language))}</a></th>'
        yield from (f'<td class="n">{found.count(finding)}</td>' for finding in FINDINGS)
        yield "</tr>"
    yield "</tbody></table></div></nav>"


def _wide(name: str, language: str) -> str:
    """The beginning of a table that may be wider than a phone, and is moved by keys too."""
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{word(name, language)}"><table><thead><tr>'
    )


def _bar(parts: list[tuple[str, int]]) -> str:
    whole, at, pieces = max(sum(n for _, n in parts), 1), 0.0, []
    for name, n in parts:
        width = _WIDE * n / whole
        if n:
            pieces.append(f'<rect class="{name}" x="{at:.1f}" width="{max(width - 2, 1):.1f}" height="28"/>')
        at += width
    return (
        f'<svg class="bar" viewBox="0 0 {_WIDE} 28" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{"".join(pieces)}</svg>'
    )


def _tag(finding: Finding, name: str) -> str:
    return f'<span class="tag {finding.value}">{escape(name)}</span>'


def _promise(promise: Mapping[str, Any], language: str) -> Iterator[str]:
    finding, id_ = shown(promise), promise["promise"]
    yield f'<article class="{finding.value}" id="{language}-{id_}">'
    place = f" · {escape(law(promise['article'], language))}" if promise["article"] else ""
    yield f'<p class="small">{_tag(finding, FINDINGS[finding].say(language))} '
    yield f'<span class="quiet">· {id_}{place}</span></p>'
    yield f"<h3>{escape(speak(promise['sentence'], language))}</h3>"
    yield f"<p>{escape(speak(promise['reason'], language))}</p>"
    if promise["mend"]:
        mend = escape(speak(promise["mend"], language))
        yield f"<p><strong>{word('mend', language)}:</strong> {mend}</p>"
    yield f'<p class="small quiet"><code>{escape(promise["field"])}</code>'
    if promise["newest"]:
        yield f" · {word('age', language)}: {moment(promise['newest'], language)}"
    yield "</p>"
    if promise["entries"]:
        weighed = f"{word('evidence', language)}: {word('entries', language)} {entries(promise)}"
        yield f'<p class="small quiet">{weighed}</p>'
    if promise["checks"]:
        links = ", ".join(f'<a href="#{language}-check-{n}">{n}</a>' for n in promise["checks"])
        yield f'<p class="small quiet">{word("looked_now", language)}: {links}</p>'
    yield "</article>"


def _erasure(document: Document, language: str) -> Iterator[str]:
    yield f'<section aria-labelledby="{language}-erasure">'
    yield f'<h2 id="{language}-erasure">{word("erasure", language)}</h2>'
    yield f"<p>{word('erasure_lead', language)}</p>"
    made = {promise["promise"] for promise in document["promises"]}
    for n, each in enumerate(document["erasure"], 1):
        finding = Finding(each["finding"])
        yield f'<article class="{finding.value}">'
        yield f'<p class="small">{_tag(finding, PROBLEMS[finding].say(language))}</p>'
        yield f"<h3>{n}. {escape(speak(each['title'], language))}</h3>"
        yield f'<p class="quiet">{escape(speak(each["asks"], language))}</p>'
        yield f"<p>{escape(speak(each['reason'], language))}</p>"
        links = ", ".join(
            f'<a href="#{language}-{one["promise"]}">{one["promise"]}</a>'
            for one in each["promises"]
            if one["promise"] in made
        )
        if links:
            yield f'<p class="small">{word("promises", language)}: {links}</p>'
        if each["reference"] != "report":
            yield f'<p class="small quiet">{word("secondary", language)}</p>'
        yield "</article>"
    yield "</section>"


def _checks(document: Document, language: str) -> Iterator[str]:
    if not document["checks"]:
        return
    yield f'<h2 id="{language}-checks">{word("checks", language)}</h2>'
    yield f"<p>{word('checks_then' if document['past'] else 'checks_lead', language)}</p>"
    yield f'{_wide("checks", language)}<th scope="col">#</th>'
    yield from (f'<th scope="col">{word(name, language)}</th>' for name in ("asked", "counted", "when"))
    yield "</tr></thead><tbody>"
    for check in document["checks"]:
        yield f'<tr id="{language}-check-{check["n"]}"><th scope="row">{check["n"]}</th>'
        for said in (speak(check["asked"], language), speak(check["counted"], language)):
            yield f"<td>{escape(said)}</td>"
        yield f"<td>{moment(check['at'], language)}</td></tr>"
    yield "</tbody></table></div>"


def _signed(document: Document, language: str) -> Iterator[str]:
    ledger = document["ledger"]
    yield f'<section aria-labelledby="{language}-signed">'
    yield f'<h2 id="{language}-signed">{word("signed", language)}</h2>'
    yield from _pairs(ties(document, language))
    if not ledger["checkpoint"]:
        yield f"<p>{word('unsigned', language)}</p></section>"
        return
    yield f"<p>{word('signed_lead', language)}</p>"
    notes = (
        ("checkpoint", ledger["checkpoint"]),
        ("key", ledger["key"]),
        ("signature", document["signature"]),
    )
    for name, note in notes:
        if note:
            yield f'<h3>{word(name, language)}</h3><pre tabindex="0">{escape(note)}</pre>'
    yield "</section>"
