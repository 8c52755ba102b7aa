"""A review as a document for machines, in one language; its JSON Schema is `lofte schema review`."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from lofte.fault import Severity
from lofte.policy.parts import Language, Part
from lofte.policy.review.manuscript import Span
from lofte.policy.review.reader import State
from lofte.policy.review.reviewing import Review

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class Place(Part):
    """Where in the text, counted in letters (code points) from 0, and the words that stand there."""

    start: int
    end: int
    quote: str


class Element(Part):
    """An element of art. 13 or 14. `needed` is false for what is told only if it is done."""

    id: str
    article: str
    name: str
    state: State
    needed: bool
    spans: tuple[Place, ...]


class Fault(Part):
    """A fault of the text: number, how much it matters, where in law, what, and how to mend it."""

    number: str
    severity: Severity
    article: str
    what: str
    mend: str
    spans: tuple[Place, ...]


class Report(Part):
    """The review of one text. With `whole` false it was taken for a piece: nothing is said to be missing."""

    review: Literal[1] = 1
    file: str
    text_language: Language
    on: date
    whole: bool
    counts: dict[Severity, int]
    elements: tuple[Element, ...]
    faults: tuple[Fault, ...]


def report(found: Review, file: str, language: str) -> Report:
    """The review told in `language`, about the text that came from `file`."""
    return Report(
        file=file,
        text_language=found.language,
        on=found.on,
        whole=found.whole,
        counts={s: sum(r.severity is s for r in found.remarks) for s in Severity},
        elements=tuple(
            Element(
                id=seen.id,
                article=seen.article,
                name=seen.name.say(language),
                state=seen.state,
                needed=seen.needed,
                spans=_places(seen.spans),
            )
            for seen in found.elements
        ),
        faults=tuple(
            Fault(
                number=remark.number,
                severity=remark.severity,
                article=remark.article,
                what=remark.what.say(language),
                mend=remark.mend.say(language),
                spans=_places(remark.spans),
            )
            for remark in found.remarks
        ),
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of a report (draft 2020-12)."""
    written = Report.model_json_schema(mode="serialization")
    return {"$schema": SCHEMA, "$id": "urn:lofte:schema:review:1", **written}


def _places(spans: tuple[Span, ...]) -> tuple[Place, ...]:
    return tuple(Place(start=span.start, end=span.end, quote=span.quote) for span in spans)
