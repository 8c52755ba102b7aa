"""Must the person give the data, and what happens otherwise (art. 13.2 e)."""

from __future__ import annotations

from lofte.policy.document import Purpose
from lofte.policy.notice.purposes import name_of
from lofte.policy.notice.records import Section, Sentence, Voice
from lofte.policy.notice.words import ended

_PROVISION = {
    "statutory": ("Lagen kräver att du lämnar uppgifterna.", "The law requires you to give the data."),
    "contractual": (
        "Avtalet kräver att du lämnar uppgifterna.",
        "The contract requires you to give the data.",
    ),
    "required_for_contract": (
        "Uppgifterna behövs för att vi ska kunna ingå avtal med dig.",
        "The data are needed for us to enter into a contract with you.",
    ),
    "voluntary": ("Du väljer själv om du lämnar uppgifterna.", "You choose whether to give the data."),
}


def must_give(voice: Voice) -> tuple[Section, ...]:
    """For each purpose that asks for data: must one give them, and what happens otherwise."""
    said = []
    for id_, purpose in voice.policy.purposes.items():
        if words := consequence(voice, purpose):
            text = f"{name_of(voice, id_, purpose)}: {words}"
            said.append(Sentence(text=text, path=f"purposes.{id_}.provision"))
    if said:
        said.insert(0, _when_one_must(voice))
    return voice.section("must-give", "Måste du lämna uppgifterna?", "Must you give the data?", tuple(said))


def consequence(voice: Voice, purpose: Purpose) -> str:
    """Whether data for this purpose must be given, and what follows if they are not; or nothing."""
    if purpose.provision is None:
        return ""
    must = voice.words(*_PROVISION[purpose.provision.kind])
    return f"{must} {ended(voice.of(purpose.provision.consequence))}".strip()


def _when_one_must(voice: Voice) -> Sentence:
    return voice.say(
        "Här står när lag eller avtal kräver uppgifterna, när du väljer själv, och vad som händer om du inte "
        "lämnar dem.",
        "Here it says when law or contract requires the data, when you choose yourself, and what happens if "
        "you do not give them.",
        at="purposes",
    )
