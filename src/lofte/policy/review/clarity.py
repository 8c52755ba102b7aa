"""Whether the text says what it means (art. 12.1, 5.1 a; WP260): hedges, examples, headings, references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lofte.fault import Severity
from lofte.policy.review.manuscript import Section, Span
from lofte.policy.review.reader import MOST_SPANS, RIGHTS, Hit, Reader
from lofte.policy.review.rule import Places, Rule, says, text
from lofte.policy.review.topics import SUBJECTS


def open_categories(reader: Reader) -> Places:
    """What is collected or why is told by examples, so that nobody knows the rest."""
    about = {hit.sentence.start for hit in reader.hits("about_data")}
    found = [hit.span for hit in reader.hits("open_list") if hit.sentence.start in about]
    return tuple(found[:MOST_SPANS]) or None


def strives_where_it_must(reader: Reader) -> Places:
    """A duty is told as something one strives for."""
    duty = {hit.sentence.start for hit in reader.hits("strives_duty")}
    found = [hit.span for hit in reader.hits("strives") if hit.sentence.start in duty]
    return tuple(found[:MOST_SPANS]) or None


def heading_and_body_disagree(reader: Reader) -> Places:
    """The heading names one thing, and what stands beneath speaks only of another."""
    found = list(_disagreeing(reader))
    return tuple(found[:MOST_SPANS]) or None


def _disagreeing(reader: Reader) -> Iterator[Span]:
    for section in reader.manuscript.sections:
        if section.heading is None or not section.sentences:
            continue
        named = [topic for topic in reader.topic(section.heading) if topic in SUBJECTS]
        if len(named) != 1 or len(reader.topic(section.heading)) != 1 or _SAID.search(section.heading.plain):
            continue
        topic = named[0]
        others = RIGHTS if topic in RIGHTS else [name for name in SUBJECTS if name not in RIGHTS]
        spoken = {name for name in SUBJECTS if _spoken(reader, name, section)}
        if topic not in spoken and spoken & set(others):
            yield reader.manuscript.span(section.heading.start, section.heading.end)
            yield next(_spoken(reader, name, section)[0].span for name in others if name in spoken)


def _spoken(reader: Reader, topic: str, section: Section) -> tuple[Hit, ...]:
    """Where a section says what the topic is about."""
    part = _PARTS.get(topic, topic)
    return reader.within(topic, section.sentences) or reader.within(part, section.sentences)


_SAID = re.compile(r"\b(du (har|kan|får)|you (have|can|may))\b")
"""A heading that says the thing itself is more than a label."""

_PARTS = {
    "retention": "retention_part",
    "transfer": "transfers_told",
    "objection": "objection_part",
    "complaint": "complaint_part",
    "recipients_part": "recipients",
}


def heading_above_nothing(reader: Reader) -> Places:
    """A heading with nothing beneath it, where the headings beside it have something."""
    sections = reader.manuscript.sections
    found = []
    for index, section in enumerate(sections[:-1]):
        if section.heading is None or section.sentences or index == 0:
            continue
        if _alone(reader, sections[index - 1], section, sections[index + 1]):
            found.append(reader.manuscript.span(section.heading.start, section.heading.end))
    return tuple(found[:MOST_SPANS]) or None


def _alone(reader: Reader, before: Section, section: Section, after: Section) -> bool:
    assert section.heading is not None
    if section.level and after.level:
        return after.level <= section.level
    if after.heading is None or before.heading is None or not before.sentences:
        return False
    like_before = before.heading.plain.split()[:1] == section.heading.plain.split()[:1]
    own, next_ = reader.topic(section.heading), reader.topic(after.heading)
    return bool(next_) and ((like_before and not own) or bool(set(own) & set(SUBJECTS) and own != next_))


_MORE = re.compile(
    r"(läs\w* mer|mer information|mer om|hittar du|finns|read more|more information|learn more|find out "
    r"more|click|klicka)"
    r"\b.{0,50}\b(här|here|nedan|below|följande länk|this link|länken)\b ?[:.]?\s*(?P<rest>.{0,40})\Z"
)
_PLACE = re.compile(
    r"\b(?:se|enligt|i|under|see|in|under) (?:avsnitt|punkt|stycke|section|clause|paragraph) "
    r"(\d{1,2}(?:\.\d{1,2})?)\b"
    r"(?! (?:of the|i lagen|§|i dataskydd|\w+ act)|:\d)"
)
_NUMBER = re.compile(r"\(?(\d{1,2}(?:\.\d{1,2})?)\b")


def reference_to_nothing(reader: Reader) -> Places:
    """“Read more here”, and no link follows; or a numbered part that the text does not have."""
    found = [*_links_to_nothing(reader), *_parts_that_are_not(reader)]
    return tuple(sorted(found, key=lambda span: span.start)[:MOST_SPANS]) or None


def _links_to_nothing(reader: Reader) -> Iterator[Span]:
    manuscript = reader.manuscript
    for index, sentence in enumerate(manuscript.sentences):
        match = _MORE.search(sentence.plain)
        if match is None or _LINK.search(sentence.plain):
            continue
        ahead = manuscript.sentences[index + 1 : index + 4]
        near = [each for each in ahead if each.section - sentence.section <= 1]
        below = re.search(r"\b(nedan|below)\b", match.group()) and near
        listed = any(each.section == sentence.section and each.lead for each in near)
        if not (below or listed or any(_LINK.search(each.plain) for each in near)):
            yield manuscript.span(sentence.start, sentence.end)


_LINK = re.compile(r"https?:|www\.|@|\w\.(se|com|eu|org|example)\b")


def _parts_that_are_not(reader: Reader) -> Iterator[Span]:
    manuscript = reader.manuscript
    heads = [section.heading for section in manuscript.sections if section.heading]
    known = {match.group(1) for head in heads if (match := _NUMBER.match(head.plain))}
    listed = {
        match.group(1)
        for block in manuscript.blocks
        if (match := _NUMBER.match(manuscript.text[block.start : block.end]))
    }
    for sentence in manuscript.sentences:
        for match in _PLACE.finditer(sentence.plain):
            number = match.group(1)
            if number not in known | listed and number.partition(".")[0] not in known:
                yield manuscript.span(sentence.at[match.start()], sentence.at[match.end() - 1] + 1)


_CLEAR = text("Säg vad som görs, när och varför.", "Say what is done, when and why.")

RULES = (
    Rule(
        number="N301",
        article="art. 12.1; WP260 p. 13",
        severity=Severity.WARNING,
        demands="The text says what is done, not what may be done.",
        what=text(
            "Texten garderar sig: ”kan komma att”, ”i vissa fall”. Ingen vet vad som faktiskt görs.",
            "The text hedges: “may”, “in some cases”. Nobody knows what is really done.",
        ),
        mend=_CLEAR,
        find=says("hedges"),
    ),
    Rule(
        number="N302",
        article="art. 12.1, 14.1 d; WP260",
        severity=Severity.WARNING,
        demands="Kinds of data and purposes are listed whole, not by examples.",
        what=text(
            "Uppgifter eller ändamål ges som exempel; resten får läsaren gissa.",
            "Data or purposes are given as examples; the reader must guess the rest.",
        ),
        mend=text("Räkna upp alla.", "List them all."),
        find=open_categories,
    ),
    Rule(
        number="N303",
        article="art. 12.1",
        demands="What stands under a heading is what the heading names.",
        what=text(
            "Rubriken säger en sak och texten under den en annan.",
            "The heading says one thing, and what stands under it another.",
        ),
        mend=text(
            "Rätta rubriken, och skriv det som saknas under den.",
            "Mend the heading, and write what is missing under it.",
        ),
        find=heading_and_body_disagree,
    ),
    Rule(
        number="N304",
        article="art. 12.1",
        severity=Severity.WARNING,
        demands="Something stands under every heading.",
        what=text("Under rubriken står ingenting.", "Nothing stands under the heading."),
        mend=text("Skriv det som rubriken lovar, eller stryk den.", "Write what it promises, or strike it."),
        find=heading_above_nothing,
    ),
    Rule(
        number="N305",
        article="art. 12.1",
        severity=Severity.WARNING,
        demands="A reference leads somewhere.",
        what=text("En hänvisning leder ingenstans.", "A reference leads nowhere."),
        mend=text("Lägg in länken eller stycket som saknas.", "Add the link or the part that is missing."),
        find=reference_to_nothing,
    ),
    Rule(
        number="N307",
        article="art. 13.1-2",
        demands="What must be told is told here, not promised for later.",
        what=text(
            "Informationen utlovas till senare i stället för att ges.",
            "The information is promised for later instead of given.",
        ),
        mend=text("Skriv den här.", "Write it here."),
        find=says("later"),
    ),
    Rule(
        number="N308",
        article="art. 12.1, 12.3",
        severity=Severity.WARNING,
        demands="A duty is not told as something one strives for.",
        what=text("En skyldighet beskrivs som en strävan.", "A duty is told as something one strives for."),
        mend=text("Skriv vad ni gör.", "Write what you do."),
        find=strives_where_it_must,
    ),
    Rule(
        number="N310",
        article="art. 12.1; art. 32",
        severity=Severity.NOTE,
        demands="Assurances say something that can be checked.",
        what=text("En försäkran som inte går att pröva.", "An assurance that cannot be checked."),
        mend=text("Skriv åtgärderna, eller stryk meningen.", "Write the measures, or strike the sentence."),
        find=says("empty_claim"),
    ),
    Rule(
        number="N312",
        article="art. 5.1 b, 13.1 c; WP260",
        severity=Severity.WARNING,
        demands="Purposes are specific.",
        what=text(
            "Ett ändamål är så vitt att det rymmer vad som helst.", "A purpose is so wide that anything fits."
        ),
        mend=text(
            "Skriv vad som görs: ”mäta vilka sidor som läses”.",
            "Write what is done: “measure which pages are read”.",
        ),
        find=says("vague_purpose"),
    ),
    Rule(
        number="N313",
        article="art. 5.1 b-c, 13.1 c",
        severity=Severity.WARNING,
        demands="Each purpose tells which data it uses.",
        what=text("Alla uppgifter sägs användas till allt.", "All data are said to be used for everything."),
        mend=text("Knyt varje ändamål till sina uppgifter.", "Tie each purpose to its data."),
        find=says("all_for_all"),
    ),
)
