"""The banner as plain files, for a site that stands on a static host."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from lofte.banner.built import NAMES, built, bundle, config
from lofte.policy.cookies import Shown
from lofte.policy.cookies.words import BARE
from lofte.policy.document import Policy
from lofte.policy.notice import notice
from lofte.policy.notice.records import Sentence, Table


def written(policy: Policy, told: Mapping[str, Shown], *, base: str, record: str) -> dict[str, bytes]:
    """File name -> content: the scripts, and for each language the configuration, both in one file, the tag
    to paste, and the plain page."""
    made = {name: built(name).content for name in NAMES}
    for language, shown in told.items():
        where = {"post": record, "page": f"{base}/cookies.{language}.html"}
        made |= {
            f"consent.{language}.json": config(shown, **where).encode(),
            f"consent.{language}.js": bundle(shown, **where),
            f"tag.{language}.html": _tag(shown, base, where).encode(),
            f"cookies.{language}.html": _page(policy, shown, base).encode(),
        }
    return made


def _tag(told: Shown, base: str, where: Mapping[str, str]) -> str:
    return (
        f'<script type="application/json" id="consent-config">{config(told, **where)}</script>\n'
        f'<script async fetchpriority="high" src="{escape(base)}/consent.js" '
        f'integrity="{built("consent.js").integrity}" crossorigin="anonymous"></script>\n'
    )


def _page(policy: Policy, told: Shown, base: str) -> str:
    """What is used and for how long. Without scripts nothing but what is necessary runs, and it says so."""
    texts = told.body["texts"]
    section = next((s for s in notice(policy, told.language).sections if s.id == "cookies"), None)
    said = "".join(_block(each) for each in section.sentences) if section else ""
    return f"""<!doctype html>
<html lang="{told.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(texts["open"])}</title>
<script async fetchpriority="high" src="{escape(base)}/consent.{told.language}.js"></script>
</head>
<body>
<main>
<h1>{escape(texts["open"])}</h1>
<noscript><p>{escape(BARE.say(told.language))}</p></noscript>
<p><a href="#lofte" data-consent-open>{escape(texts["choose"])}</a></p>
{said}</main>
</body>
</html>
"""


def _block(said: Sentence | Table) -> str:
    if isinstance(said, Sentence):
        return f"<p>{escape(said.text)}</p>\n"
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in said.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.cells) + "</tr>\n" for row in said.rows
    )
    return (
        f"<table>\n<caption>{escape(said.caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n"
    )
