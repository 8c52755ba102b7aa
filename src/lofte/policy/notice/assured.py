"""What the company promises besides, its forms, and its register of processors (art. 5.2, 13, 28)."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.document import Assurance, Text
from lofte.policy.notice.records import Section, Sentence, Voice
from lofte.policy.notice.words import listed

_ASSURANCES: Mapping[Assurance, tuple[str, Text]] = {
    "law_followed": (
        "P013",
        Text(
            sv="Vi följer de lagar om dataskydd som gäller i EU och i Sverige.",
            en="We follow the data-protection laws that apply in the EU and in Sweden.",
        ),
    ),
    "never_sold": (
        "P066",
        Text(
            sv="Vi säljer eller byter aldrig bort uppgifter om dig.",
            en="We never sell or trade data about you.",
        ),
    ),
    "no_marketing_by_others": (
        "P060",
        Text(
            sv="Ingen annan får uppgifter av oss för sin egen reklam, om du inte uttryckligen har sagt ja.",
            en="Nobody else gets data from us for their own advertising, unless you have expressly said yes.",
        ),
    ),
    "linked_sites": (
        "P152",
        Text(
            sv="Vi länkar ibland till andras webbplatser. De har egna regler, och vi styr inte över dem. "
            "Berätta gärna för oss om något där inte verkar bra.",
            en="We sometimes link to the websites of others. They have rules of their own, which we do not "
            "control. Please tell us if something there does not look right.",
        ),
    ),
}


def assurances(voice: Voice) -> tuple[Section, ...]:
    """One sentence for each promise that stands on no other field."""
    said = []
    for number, id_ in enumerate(voice.policy.assurances):
        promise, text = _ASSURANCES[id_]
        said.append(
            Sentence(text=text.say(voice.language), path=f"assurances[{number}]", promises=(promise,))
        )
    return voice.section("assurances", "Det lovar vi också", "What we also promise", tuple(said))


def forms(voice: Voice) -> list[Sentence]:
    """That data are given in forms, in which, and that each says how long they stay (art. 13.2 a)."""
    known = voice.policy.forms
    if not known:
        return []
    names = [voice.of(form.name, id_) for id_, form in known.items()]
    which = listed([voice.words(f"”{name}”", f"“{name}”") for name in names], voice.language)
    return [
        voice.say(
            f"En del lämnar du själv i våra formulär: {which}. Vid varje formulär står vad uppgifterna "
            "används till och hur länge de sparas.",
            f"Some of it you give yourself in our forms: {which}. At each form it says what the data are "
            "used for and how long they are stored.",
            at="forms",
            promises=("P018", "P019", "P138"),
        )
    ]


def register(voice: Voice) -> list[Sentence]:
    """That everybody who works for us stands in a register, with an agreement (art. 28.3, 30)."""
    if not voice.policy.processors:
        return []
    return [
        voice.say(
            "De som arbetar åt oss står i ett register, med avtal, land och vilka de i sin tur anlitar.",
            "Those who work for us are in a register, with agreement, country and whom they engage in turn.",
            at="processors",
            promises=("P083", "P084"),
        )
    ]
