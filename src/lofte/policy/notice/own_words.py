"""The company's own words in place of a sentence of the notice, with the same field, promises and facts.

* A sentence is named by its *address*: the field it is made from (`rights.defaults.deadline`); with its
  section before it where several sections say something from that field (`short/purposes`); and with a
  number where one section does (`documents/meta.title#2`).
* Own words change how a thing is said, never what: every figure, period, name and address of the
  sentence stands in them, and no other figure or period (`lost`, `added`). Whether the rest means the
  same is for whoever writes them to answer for; the promise that is judged is still that of the field.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lofte.law.statutes import STATUTES
from lofte.policy import keypath
from lofte.policy.document import Language, Policy, Text
from lofte.policy.notice.records import Section, Sentence
from lofte.policy.notice.words import COUNTRIES
from lofte.policy.retention_words import say

Addressed = tuple[Section, Sentence, str]

_ADDRESS = re.compile(r"https?://[^\s,]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_FIGURE = re.compile(r"\d+(?:[ .,:/-]?\d+)*")
_NUMBERS: Mapping[str, int] = {
    word: number
    for words in (
        "noll en två tre fyra fem sex sju åtta nio tio elva tolv",
        "noll ett",
        "zero one two three four five six seven eight nine ten eleven twelve",
        "nollte första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte",
        "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    )
    for number, word in enumerate(words.split())
}
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("dag", "dagar", "dygn", "day", "days"), "D"),
    **dict.fromkeys(("vecka", "veckor", "week", "weeks"), "W"),
    **dict.fromkeys(("månad", "månader", "månaden", "month", "months"), "M"),
    **dict.fromkeys(("år", "året", "year", "years"), "Y"),
}
_PERIOD = re.compile(
    rf"\b(\d+|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?:[:-]?\w{{0,2}})? ({'|'.join(_UNITS)})\b",
    re.IGNORECASE,
)


def addressed(sections: Iterable[Section]) -> Iterator[Addressed]:
    """Each sentence with its section and its address. Rows of a table have none."""
    sections = tuple(sections)
    said = [(section, s) for section in sections for s in section.sentences if isinstance(s, Sentence)]
    alone = Counter(sentence.path for _, sentence in said)
    in_section = Counter((section.id, sentence.path) for section, sentence in said)
    seen: Counter[tuple[str, str]] = Counter()
    for section, sentence in said:
        here = (section.id, sentence.path)
        seen[here] += 1
        address = sentence.path if alone[sentence.path] == 1 else "/".join(here)
        yield section, sentence, address if in_section[here] == 1 else f"{address}#{seen[here]}"


def in_own_words(
    sections: tuple[Section, ...], texts: Mapping[str, Text], language: Language
) -> tuple[Section, ...]:
    """The sections, with the company's own words where it has some in this language."""
    own = {address: words for address, text in texts.items() if (words := getattr(text, language))}
    if not own:
        return sections
    said = {
        (id(section), id(sentence)): replace(sentence, text=own[address])
        for section, sentence, address in addressed(sections)
        if address in own
    }
    return tuple(
        replace(section, sentences=tuple(said.get((id(section), id(s)), s) for s in section.sentences))
        for section in sections
    )


def lost(policy: Policy, generated: Sentence, own: str, language: Language) -> tuple[str, ...]:
    """What the generated sentence holds and the company's own words do not: figures, periods, names."""
    low = _folded(own)
    phrases = dict.fromkeys((*_names(policy, generated.text, language), *_terms(policy, generated, language)))
    missing = [phrase for phrase in phrases if _folded(phrase) not in low]
    figures = _figures(own)
    missing += [figure for figure in _figures(generated.text) if figure not in figures]
    periods = {period for period, _ in _periods(own)}
    missing += [words for period, words in _periods(generated.text) if period not in periods]
    return tuple(dict.fromkeys(missing))


def added(generated: Sentence, own: str) -> tuple[str, ...]:
    """Figures and periods in the company's own words that the generated sentence does not hold."""
    figures, periods = _figures(generated.text), {period for period, _ in _periods(generated.text)}
    found = [figure for figure in _figures(own) if figure not in figures]
    found += [words for period, words in _periods(own) if period not in periods]
    return tuple(dict.fromkeys(found))


def _figures(text: str) -> tuple[str, ...]:
    """Numbers written with digits; those in an address or a period are a part of it."""
    return tuple(_FIGURE.findall(_PERIOD.sub(" ", _ADDRESS.sub(" ", text))))


def _periods(text: str) -> Iterator[tuple[tuple[int, str], str]]:
    """Periods, however the number is written: `12 månader` and `tolv månader` are the same."""
    for found in _PERIOD.finditer(text):
        number, unit = found.groups()
        count = int(number) if number.isdigit() else _NUMBERS[number.lower()]
        yield (count, _UNITS[unit.lower()]), found.group()


def _terms(policy: Policy, generated: Sentence, language: Language) -> Iterator[str]:
    """A retention rule is told with the very words that are made from what runs."""
    family, *rest = keypath.split(generated.path)
    rule = policy.retention.get(str(rest[0])) if family == "retention" and rest else None
    for expression in (rule.keep_until, rule.restrict_at) if rule else ():
        if expression and _folded(phrase := say(expression, language)) in _folded(generated.text):
            yield phrase


def _names(policy: Policy, generated: str, language: Language) -> Iterator[str]:
    """Who and where is named, and by which law."""
    who, contact = policy.controller, policy.controller.contact
    yield from _ADDRESS.findall(generated)
    known = [who.legal_name, who.trade_name, who.representative, contact.address, contact.phone]
    known += [policy.authority.name.say(language), policy.dpo.phone]
    known += [r.name or (r.text.say(language) if r.text else None) for r in policy.recipients.values()]
    known += [country.say(language) for country in COUNTRIES.values()]
    known += [statute.name.say(language) for statute in STATUTES.values()]
    low = _folded(generated)
    yield from (name for name in known if name and _folded(name) in low)


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
