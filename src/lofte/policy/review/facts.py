"""What can be looked up: numbers of acts, names of authorities, dates, and what is no longer law."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lofte.fault import Severity
from lofte.policy.review.manuscript import Sentence, Span
from lofte.policy.review.reader import MOST_SPANS, Reader
from lofte.policy.review.rule import Places, Rule, says, text

STALE_AFTER_DAYS = 730
"""So long after its date a text is said to be old: two years."""
_NAMES_OF_GDPR = r"gdpr|dataskyddsförordning|allmänna dataskydd|data protection regulation"

_MONTHS = {
    name: number
    for names in (
        "januari februari mars april maj juni juli augusti september oktober november december",
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb mars apr maj jun jul aug sept okt nov dec",
    )
    for number, name in enumerate(names.split(), 1)
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? "
    rf"(?P<m2>{_MONTH})\.? (?P<y2>20\d\d)\b"
    rf"|\b(?P<m3>{_MONTH})\.? (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y3>20\d\d)\b|\b(?P<m4>{_MONTH}) "
    rf"(?P<y4>20\d\d)\b"
)
_DATED = re.compile(
    r"uppdatera|gäller från|gäller fr|giltig från|senast ändrad|reviderad|fastställd|version|publicerad"
    r"|daterad|updated"
    r"|effective|in force|valid from|last (changed|revised|modified)|applies from|dated|revised|träder i "
    r"kraft"
)
_REGULATION = re.compile(
    r"\(?(?:eu|eg)\)?\s?(?:nr )?(\d{4}/\d{1,4})|\b(\d{4}/\d{1,4}) ?\(?(?:eu|eg)\b|\b(20\d\d/\d{2,4})\b"
)
_ARTICLE = re.compile(r"\b(?:artikel|article|artiklarna|articles) (\d{2,3})\b")


def wrong_regulation(reader: Reader) -> Places:
    """The GDPR is (EU) 2016/679; another number beside its name is wrong."""
    found = []
    for sentence in _every(reader):
        if not re.search(_NAMES_OF_GDPR, sentence.plain):
            continue
        numbers = [(m, next(g for g in m.groups() if g)) for m in _REGULATION.finditer(sentence.plain)]
        if any(number == "2016/679" for _, number in numbers):
            continue
        found += [_at(reader, sentence, match) for match, number in numbers if number not in _OTHER_ACTS]
    return tuple(found[:MOST_SPANS]) or None


_OTHER_ACTS = frozenset(
    {"2002/58", "2021/914", "2023/1795", "2022/2065", "2016/680", "2018/1725", "2024/1689"}
)
"""Acts that may well be named beside the GDPR."""


def article_beyond_the_last(reader: Reader) -> Places:
    """The GDPR ends with article 99."""
    found = [
        _at(reader, sentence, match)
        for sentence in _every(reader)
        for match in _ARTICLE.finditer(sentence.plain)
        if int(match.group(1)) > 99 and re.search(_NAMES_OF_GDPR, sentence.plain)
    ]
    return tuple(found[:MOST_SPANS]) or None


def stale(reader: Reader) -> Places:
    """The newest date that the text gives itself is more than two years old."""
    dated = list(_own_dates(reader))
    if not dated:
        return None
    newest, span = max(dated, key=lambda each: (each[0], -each[1].start))
    return (span,) if (reader.on - newest).days > STALE_AFTER_DAYS else None


def undated(reader: Reader) -> Places:
    """The text says of itself neither from when it holds nor which version it is."""
    if not reader.whole or any(True for _ in _own_dates(reader)):
        return None
    named = any(re.search(r"\bversion:? ?\d", sentence.plain) for sentence in _every(reader))
    return None if named else ()


def own_date(reader: Reader) -> tuple[date, Span] | None:
    """The newest date that the text gives itself, and where."""
    return max(_own_dates(reader), key=lambda each: (each[0], -each[1].start), default=None)


def _own_dates(reader: Reader) -> Iterator[tuple[date, Span]]:
    for sentence in _every(reader):
        if not _DATED.search(sentence.plain):
            continue
        for match in _DATE.finditer(sentence.plain):
            day = _day(match)
            if day is not None:
                yield day, _at(reader, sentence, match)


def _day(match: re.Match[str]) -> date | None:
    part = match.groupdict()
    year = part["y"] or part["y2"] or part["y3"] or part["y4"]
    month = part["m"] or part["m2"] or part["m3"] or part["m4"]
    number = _MONTHS.get(month) or (int(month) if month.isdigit() else 0)
    try:
        return date(int(year), number, int(part["d"] or part["d2"] or part["d3"] or 1))
    except ValueError:
        return None


def _every(reader: Reader) -> Iterator[Sentence]:
    for section in reader.manuscript.sections:
        if section.heading:
            yield section.heading
        yield from section.sentences


def _at(reader: Reader, sentence: Sentence, match: re.Match[str]) -> Span:
    return reader.manuscript.span(sentence.at[match.start()], sentence.at[match.end() - 1] + 1)


RULES = (
    Rule(
        number="N121",
        article="art. 5.2, 12.1",
        severity=Severity.NOTE,
        demands="The text has a date or a version.",
        what=text("Texten har varken datum eller version.", "The text has neither date nor version."),
        mend=text("Skriv från vilken dag den gäller.", "Write from which day it holds."),
        find=undated,
    ),
    Rule(
        number="N401",
        article="(EU) 2016/679",
        demands="The GDPR is cited by its right number.",
        what=text("Dataskyddsförordningen har fel nummer.", "The GDPR has the wrong number."),
        mend=text("Skriv (EU) 2016/679.", "Write (EU) 2016/679."),
        find=wrong_regulation,
    ),
    Rule(
        number="N402",
        article="art. 94; 2018:218",
        demands="No repealed act is cited as law.",
        what=text("En upphävd lag åberopas.", "A repealed act is cited."),
        mend=text(
            "Hänvisa till dataskyddsförordningen och lag (2018:218).", "Cite the GDPR and the act (2018:218)."
        ),
        find=says("old_act"),
    ),
    Rule(
        number="N403",
        article="art. 13.2 d",
        severity=Severity.WARNING,
        demands="The supervisory authority has its name of today.",
        what=text(
            "Datainspektionen heter Integritetsskyddsmyndigheten sedan 2021.",
            "Datainspektionen has been called Integritetsskyddsmyndigheten since 2021.",
        ),
        mend=text(
            "Skriv Integritetsskyddsmyndigheten (IMY).",
            "Write Swedish Authority for Privacy Protection (IMY).",
        ),
        find=says("old_authority"),
    ),
    Rule(
        number="N404",
        article="art. 99; art. 12.1",
        severity=Severity.WARNING,
        demands="The GDPR is not told as something to come.",
        what=text(
            "Dataskyddsförordningen beskrivs som något som ska börja gälla.",
            "The GDPR is described as something yet to come.",
        ),
        mend=text(
            "Gå igenom texten på nytt och datera om den.", "Go through the text anew and date it anew."
        ),
        find=says("not_yet"),
    ),
    Rule(
        number="N405",
        article="art. 5.2, 24.1",
        severity=Severity.WARNING,
        demands="The text is gone through at least every other year.",
        what=text("Texten är mer än två år gammal.", "The text is more than two years old."),
        mend=text(
            "Gå igenom den mot det som verkligen görs, och datera om den.",
            "Go through it against what is really done, and date it anew.",
        ),
        find=stale,
    ),
    Rule(
        number="N406",
        article="C-311/18; art. 45",
        demands="Privacy Shield and Safe Harbour are not relied on.",
        what=text(
            "Privacy Shield eller Safe Harbour åberopas; båda är ogiltiga.",
            "Privacy Shield or Safe Harbour is relied on; both are invalid.",
        ),
        mend=text(
            "Pröva om mottagaren är certifierad enligt Data Privacy Framework (2023/1795), annars använd "
            "standardavtalsklausuler (2021/914).",
            "See whether the recipient is certified under the Data Privacy Framework (2023/1795), else use "
            "the "
            "standard contractual clauses (2021/914).",
        ),
        find=says("fallen_shield"),
    ),
    Rule(
        number="N407",
        article="2021/914 art. 4",
        demands="Repealed standard clauses are not relied on.",
        what=text("Upphävda standardklausuler åberopas.", "Repealed standard clauses are relied on."),
        mend=text("Byt till klausulerna i beslut 2021/914.", "Change to the clauses of decision 2021/914."),
        find=says("old_clauses"),
    ),
    Rule(
        number="N408",
        article="(EU) 2016/679",
        demands="Articles that are cited exist.",
        what=text("Artikeln finns inte; den sista är 99.", "The article does not exist; the last is 99."),
        mend=text("Rätta numret.", "Mend the number."),
        find=article_beyond_the_last,
    ),
)
