"""The chapters of a proof: what promises are about."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.document import Text

AREAS: Mapping[str, Text] = {
    "text": Text(sv="Vad texten berättar", en="What the text tells"),
    "collect": Text(sv="Vad vi samlar in", en="What we collect"),
    "purposes": Text(sv="Ändamål och rättslig grund", en="Purposes and legal grounds"),
    "messages": Text(sv="Utskick, reklam och samtycke", en="Messages, marketing and consent"),
    "sharing": Text(sv="Mottagare, biträden och överföringar", en="Recipients, processors and transfers"),
    "security": Text(sv="Säkerhet", en="Security"),
    "rights": Text(sv="Den registrerades rättigheter", en="Rights of the person"),
    "cookies": Text(sv="Kakor", en="Cookies"),
    "retention": Text(sv="Hur länge vi sparar", en="How long we keep"),
}
"""Area -> its heading, in the order of the chapters."""

_UNTIL: tuple[tuple[int, str], ...] = (
    (9, "text"),
    (14, "security"),
    (34, "collect"),
    (53, "purposes"),
    (63, "messages"),
    (89, "sharing"),
    (96, "security"),
    (122, "rights"),
    (133, "cookies"),
    (139, "retention"),
    (150, "text"),
    (151, "messages"),
    (152, "text"),
    (153, "retention"),
)
"""The last number of each run of promises that are about the same."""


def area(promise: str) -> str:
    """The area that a promise belongs to, by its number; `text` for a number nobody knows."""
    number = int(promise[1:]) if promise[1:].isdigit() else 0
    return next((name for last, name in _UNTIL if 0 < number <= last), "text")
