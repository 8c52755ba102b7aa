"""The letter to the person, made from what was really done, and kept with the request (art. 12.3).

It is made when every system is done and before the request is answered; made again it is the same
one. Only the counts, laws and days of the evidence are in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from lofte.errors import Conflict
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.store import pick, pour
from lofte.ledger.kinds import Kind
from lofte.plan import letter as letters
from lofte.plan.preview import Line
from lofte.plan.records import Verb
from lofte.requests import sealing
from lofte.requests.course import before, tell
from lofte.requests.course.receive import identities_of
from lofte.requests.course.witnessed import witnessed
from lofte.requests.erasure import layers
from lofte.requests.models import Erasure, Letter, Request
from lofte.requests.records.deferred import LATER

_WHAT = "letter"


def make(house: House, request: Request) -> None:
    """Write the letter in each language, once. Raises LedgerClosed."""
    if not request.letters.exists():
        with recorded(house):
            made(house, [request])


def made(house: House, requests: Sequence[Request]) -> None:
    """The letters of all of these that have none yet, in the caller's `recorded` transaction."""
    pks = [request.pk for request in requests]
    has = {pk for (pk,) in pick(Letter, ("request_id",), {"request_id": pks})}
    lacking = [request for request in requests if request.pk not in has]
    done = _lines(house, lacking)
    beneath = layers.of_each(lacking)
    rows = []
    sentences: letters.Said = {}
    signed = {language: witnessed(house, language) for language in letters.LANGUAGES}
    for request in lacking:
        said = letters.erasure(
            house.policy,
            house.datamap,
            done[request.pk],
            house.today,
            layers=tuple(layer for each in beneath[request.pk].values() for layer in each),
            number=request.number,
            earlier=() if done[request.pk] else _earlier(house, request),
            said=sentences,
            scope=frozenset(request.scope),
        )
        said = {lang: f"{text}\n{signed[lang]}\n" if signed[lang] else text for lang, text in said.items()}
        key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
        rows += [
            (
                request.pk,
                language,
                sealing.seal_text(key, words, _WHAT, request.ref),
                hashlib.sha256(words.encode()).hexdigest(),
                house.now,
            )
            for language, words in said.items()
        ]
        _note(house, request, said, done[request.pk])
    pour(Letter, ("request_id", "language", "words", "sha256", "at"), rows)
    tell.news(house, lacking)


def _earlier(house: House, request: Request) -> tuple[str, ...]:
    return before.kept(house, identities_of(house, request), but=request.pk)


def _note(house: House, request: Request, said: Mapping[str, str], done: Sequence[Line]) -> None:
    words = said.get(request.language) or next(iter(said.values()))
    note(
        Kind.LETTER_MADE,
        request.ref,
        {
            "digest": hashlib.sha256(words.encode()).hexdigest(),
            "bytes": len(words.encode()),
            "kept": sum(line.rows for line in done if line.verb is Verb.KEEP or line.ground),
        },
        at=house.now,
        policy_version=house.policy_version,
    )


def letter(house: House, request: Request, language: str = "") -> str:
    """The letter as it was made, in this language, else in the person's. Raises Conflict when there is
    none yet."""
    found = {each.language: each for each in request.letters.all()}
    chosen = found.get(language) or found.get(request.language) or next(iter(found.values()), None)
    if chosen is None:
        raise Conflict("there is no letter for this request yet; it is written when all is done")
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return sealing.unseal_text(key, chosen.words, _WHAT, request.ref)


def lines(house: House, request: Request) -> tuple[Line, ...]:
    """What was done when the request was answered, as the evidence has it."""
    return _lines(house, [request])[request.pk]


def _lines(house: House, requests: Sequence[Request]) -> dict[int, tuple[Line, ...]]:
    found: dict[int, list[Line]] = {request.pk: [] for request in requests}
    articles: dict[str, str] = {}
    names = ("request_id", "step", "system", "dataset", "verb", "ground", "until", "rows", "law_until")
    named = pick(Erasure, names, {"request_id": list(found)}, order=("id",))
    for pk, step, system, dataset, verb, ground, until, number, by_law in named:
        if step.startswith(LATER):
            continue
        if ground not in articles:
            articles[ground] = letters.article_of(house.policy, ground)
        found[pk].append(
            Line(
                system=system,
                dataset=dataset,
                verb=Verb(verb),
                ground=ground,
                article=articles[ground],
                until=until,
                rows=number,
                law_until=by_law,
            )
        )
    return {pk: tuple(listed) for pk, listed in found.items()}
