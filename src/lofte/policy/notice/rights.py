"""The rights, how each is used, and where to complain (art. 12, 13.2 b-d, 13.2 f, 15-22, 77)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lofte.law.articles import cite
from lofte.law.bases import BASES
from lofte.law.rights import Right
from lofte.policy.document import RightTerms
from lofte.policy.notice.periods import span
from lofte.policy.notice.records import Section, Sentence, Voice
from lofte.policy.notice.words import (
    CHANNELS,
    ERASURE_EXCEPTIONS,
    ERASURE_GROUNDS,
    FORMATS,
    IDENTIFICATION,
    in_words,
    listed,
    named,
    small,
)


def rights(voice: Voice) -> tuple[Section, ...]:
    """What holds for all rights, then one sub-section per right."""
    sections = voice.section("rights", "Dina rättigheter", "Your rights", (*_defaults(voice),))
    for right in Right:
        terms = _terms(voice, right)
        if terms and right not in (Right.OBJECTION, Right.WITHDRAWAL, Right.HUMAN_REVIEW):
            name = right.name_in(voice.language)
            sections += voice.section(
                f"right-{right}", name, name, how_to(voice, right, terms), parent="rights"
            )
    return sections


def _terms(voice: Voice, right: Right) -> RightTerms | None:
    terms: RightTerms | None = getattr(voice.policy.rights, right.key)
    return terms


def _defaults(voice: Voice) -> list[Sentence]:
    defaults = voice.policy.rights.defaults
    at = "rights.defaults"
    month, more = span(defaults.deadline, voice.language), span(defaults.extension, voice.language)
    said = [
        voice.say(
            "Rättigheterna gäller alla som vi har uppgifter om, inte bara kunder.",
            "These rights belong to everybody we hold data about, not only customers.",
            at="rights",
            promises=("P115",),
        ),
        voice.say(
            f"Du får svar utan dröjsmål och senast inom {month} från den dag vi fick din begäran. Är "
            "begäran svår, eller kommer många på en gång, "
            f"kan vi behöva {more} till. Då skriver vi till dig inom {month} och säger varför.",
            f"You get an answer without delay and at the latest within {month} of the day we got your "
            "request. If it is "
            f"complex, or one of many, we may need {more} more. Then we write to you within {month} and say "
            "why.",
            at=f"{at}.deadline",
            promises=("P101",),
        ),
        _fee(voice),
        voice.say(
            "Vi prövar varje begäran för sig. Säger vi nej får du veta varför, och hur du klagar.",
            "We decide on each request by itself. If we say no you will know why, and how to complain.",
            at="rights",
            promises=("P117",),
        ),
    ]
    if defaults.identification:
        ways = in_words(IDENTIFICATION, defaults.identification, voice.language, "or")
        said.insert(
            3,
            voice.say(
                f"Vi måste veta att det är du. Det räcker att {ways}. Vi frågar efter mer bara om vi har "
                "skäl att tvivla.",
                f"We must know that it is you. It is enough that {ways}. We ask for more only if we have "
                "reason to doubt.",
                at=f"{at}.identification",
                promises=("P116",),
            ),
        )
    return said


def _fee(voice: Voice) -> Sentence:
    fee = voice.policy.rights.defaults.fee
    if fee.amount == 0:
        sv, en = "Det kostar ingenting.", "It costs nothing."
    else:
        sv = (
            f"Är en begäran uppenbart ogrundad eller orimlig kan vi ta ut {fee.amount} {fee.currency}. "
            "Annars är den gratis."
        )
        en = (
            f"If a request is manifestly unfounded or excessive we may charge {fee.amount} {fee.currency}. "
            "Otherwise it is free."
        )
    return voice.say(sv, en, at="rights.defaults.fee.amount", promises=("P099",) if fee.amount == 0 else ())


_PROMISES: Mapping[Right, tuple[str, ...]] = {
    Right.ACCESS: ("P097", "P098"),
    Right.RECTIFICATION: ("P103",),
    Right.ERASURE: ("P111",),
    Right.RESTRICTION: ("P105",),
    Right.PORTABILITY: ("P108",),
    Right.OBJECTION: ("P061",),
    Right.WITHDRAWAL: ("P113",),
}


def how_to(voice: Voice, right: Right, terms: RightTerms) -> tuple[Sentence, ...]:
    """What the right means, what we promise about it, and how to use it."""
    at = f"rights.{right.key}"
    plain, where = right.plain_in(voice.language).removesuffix("."), cite(right.article, voice.language)
    said = [
        Sentence(
            text=f"{plain} ({where}).",
            path=at,
            promises=_PROMISES.get(right, ()),
        )
    ]
    for tell in _DETAILS.get(right, ()):
        said += tell(voice, terms, at)
    if terms.channels:
        how = in_words(CHANNELS, terms.channels, voice.language, "or")
        said.append(
            voice.say(
                f"Så gör du: hör av dig {how}.",
                f"How to do it: contact us {how}.",
                at=f"{at}.channels",
                promises=_how_promises(right, terms),
            )
        )
    return tuple(said)


def _how_promises(right: Right, terms: RightTerms) -> tuple[str, ...]:
    if right is Right.ACCESS:
        return ("P097", "P114")
    if right is Right.RECTIFICATION and "portal" in terms.channels:
        return ("P102", "P114")
    return ("P114",)


Tell = Callable[[Voice, RightTerms, str], list[Sentence]]


def _access(voice: Voice, terms: RightTerms, at: str) -> list[Sentence]:
    said = []
    if terms.formats:
        forms = listed([FORMATS[f] for f in terms.formats], voice.language)
        said.append(
            voice.say(
                f"Du får ett registerutdrag ur alla våra system, i {forms}. Där står också varför vi har "
                "uppgifterna, varifrån "
                "de kommer, vilka som har fått dem och hur länge de sparas.",
                f"You get a report from all our systems, in {forms}. It also says why we hold the data, "
                "where they came from, "
                "who got them and how long they are kept.",
                at=f"{at}.formats",
                promises=("P098",),
            )
        )
    if terms.self_view:
        said.append(
            voice.say(
                "Är du kund kan du själv se dina uppgifter i kundportalen.",
                "If you are a customer you can see your data yourself in the customer portal.",
                at=f"{at}.self_view",
                promises=("P100",),
            )
        )
    return said


def _notified(voice: Voice, terms: RightTerms, at: str) -> list[Sentence]:
    if not terms.notify_recipients:
        return []
    return [
        voice.say(
            f"Vi berättar också för dem som har fått uppgifterna av oss ({cite('19', 'sv')}).",
            f"We also tell those who got the data from us ({cite('19', 'en')}).",
            at=f"{at}.notify_recipients",
        )
    ]


def _statement(voice: Voice, terms: RightTerms, at: str) -> list[Sentence]:
    if not terms.statement:
        return []
    return [
        voice.say(
            "Är vi inte överens om vad som är rätt kan du lägga till en egen förklaring, som vi sparar med "
            "uppgiften.",
            "If we do not agree on what is right you may add a statement of your own, which we keep with "
            "the data.",
            at=f"{at}.statement",
            promises=("P104",),
        )
    ]


_ERASURE_PROMISES = {
    "17.1.a": ("P110",),
    "17.1.c": ("P062",),
    "17.1.d": ("P109",),
    "17.3.b": ("P118",),
    "17.3.e": ("P119",),
}


def _erasure(voice: Voice, terms: RightTerms, at: str) -> list[Sentence]:
    said = []
    for number, ground in enumerate(terms.grounds):
        when = named(ERASURE_GROUNDS, ground, voice.language)
        said.append(
            voice.say(
                f"Vi raderar om {when}.",
                f"We erase if {when}.",
                at=f"{at}.grounds[{number}]",
                promises=_ERASURE_PROMISES.get(ground, ()),
            )
        )
    for number, exception in enumerate(terms.exceptions):
        unless = named(ERASURE_EXCEPTIONS, exception, voice.language)
        said.append(
            voice.say(
                f"Vi får behålla uppgifter om {unless}.",
                f"We may keep data if {unless}.",
                at=f"{at}.exceptions[{number}]",
                promises=_ERASURE_PROMISES.get(exception, ()),
            )
        )
    if terms.deidentify:
        said.append(
            voice.say(
                "Du kan också be oss ta bort allt som pekar på dig.",
                "You may also ask us to remove everything that points to you.",
                at=f"{at}.deidentify",
                promises=("P112",),
            )
        )
    return said


def _restriction(voice: Voice, terms: RightTerms, at: str) -> list[Sentence]:
    said = []
    if terms.effect == "stops_service":
        warned = "stop" in terms.tell_before
        said.append(
            voice.say(
                "Medan uppgifterna bara lagras kan vi inte leverera tjänsten."
                + (" Vi berättar det för dig innan vi stoppar den." if warned else ""),
                "While the data are only stored we cannot provide the service."
                + (" We tell you before we stop it." if warned else ""),
                at=f"{at}.effect",
                promises=("P106",),
            )
        )
    if terms.release:
        words = {
            "corrected": ("uppgifterna har rättats", "the data have been corrected"),
            "established": ("det är klarlagt att de stämmer", "it is established that they are right"),
        }
        ends = listed([voice.words(*words[r]) for r in terms.release], voice.language, "or")
        warned = "release" in terms.tell_before
        said.append(
            voice.say(
                f"Det varar tills {ends}." + (" Vi berättar för dig innan det upphör." if warned else ""),
                f"It lasts until {ends}." + (" We tell you before it ends." if warned else ""),
                at=f"{at}.release",
                promises=("P107",),
            )
        )
    return said


def _portability(voice: Voice, terms: RightTerms, at: str) -> list[Sentence]:
    forms = listed([FORMATS[f] for f in terms.formats], voice.language, "or")
    bases = listed([small(BASES[b].name.say(voice.language)) for b in terms.bases], voice.language, "or")
    said = []
    if forms:
        said.append(
            voice.say(
                f"Du får dem i {forms}.", f"You get them in {forms}.", at=f"{at}.formats", promises=("P108",)
            )
        )
    if bases:
        said.append(
            voice.say(
                f"Det gäller uppgifter som du har gett oss och som vi behandlar med stöd av {bases}. Vill "
                "du kan vi skicka dem "
                "direkt till en annan leverantör, om det går tekniskt.",
                f"This is for data that you gave us and that we process on the ground of {bases}. If you "
                "wish we send them "
                "straight to another supplier, where that is technically possible.",
                at=f"{at}.bases",
                promises=("P108",),
            )
        )
    return said


_DETAILS: Mapping[Right, tuple[Tell, ...]] = {
    Right.ACCESS: (_access,),
    Right.RECTIFICATION: (_statement, _notified),
    Right.ERASURE: (_erasure, _notified),
    Right.RESTRICTION: (_restriction,),
    Right.PORTABILITY: (_portability,),
}
