"""The notice at a form, just in time: what this form's data are for, and how long they stay (art. 13).

Made from the same fields as the whole notice, by the same words. What most wish to know stands first
(`short`); the rest can be folded. It is a layer of the notice and says where the whole one is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from lofte.law.bases import BASES
from lofte.policy.document import Form, Language, Policy, Purpose
from lofte.policy.notice.data import company
from lofte.policy.notice.giving import consequence
from lofte.policy.notice.purposes import ground, kinds, name_of, recipient_name, stored_for
from lofte.policy.notice.records import Section, Sentence, Voice
from lofte.policy.notice.words import capital, ended, listed, small

SHORT = "short"
Used = dict[str, Purpose]


@dataclass(frozen=True, kw_only=True, slots=True)
class FormNotice:
    """What stands beside one form, in one language. The first section is the short one."""

    form: str
    language: Language
    name: str
    version: str
    company: str
    sections: tuple[Section, ...]
    more: str
    """Where the whole notice is."""

    @property
    def heading(self) -> str:
        """What stands above it."""
        return self.sections[0].heading

    def lines(self) -> tuple[Sentence, ...]:
        """Everything that is said, in order of reading."""
        return tuple(s for section in self.sections for s in section.sentences if isinstance(s, Sentence))


def at_form(policy: Policy, form: str, language: Language, more: str) -> FormNotice:
    """The notice of this form; `more` is the address of the whole one. Raises KeyError for an unknown one."""
    asked = policy.forms[form]
    voice = Voice(policy=policy, language=language)
    used = {id_: policy.purposes[id_] for id_ in asked.purposes if id_ in policy.purposes}
    return FormNotice(
        form=form,
        language=language,
        name=voice.of(asked.name, form),
        version=policy.meta.version,
        company=company(voice),
        sections=(
            *_short(voice, form, asked, used),
            *_giving(voice, used),
            *_purposes(voice, used),
            *_recipients(voice, used),
            *_rights(voice, used),
        ),
        more=more,
    )


def origins(policy: Policy) -> tuple[str, ...]:
    """The sites that the policy names as the company's own: where its forms and its notice stand."""
    named = [form.url for form in policy.forms.values()] + [policy.meta.url]
    parts = [urlsplit(url) for url in named if url]
    found = {f"{part.scheme}://{part.netloc}" for part in parts if part.scheme in ("https", "http")}
    return tuple(sorted(origin for origin in found if not origin.endswith("://")))


def plain(said: FormNotice) -> dict[str, Any]:
    """The notice for machines: what `form.json` answers, and what the script on a page is given."""
    return {
        "form": said.form,
        "language": said.language,
        "name": said.name,
        "company": said.company,
        "version": said.version,
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "sentences": [
                    {"text": s.text, "path": s.path, "promises": list(s.promises)}
                    for s in section.sentences
                    if isinstance(s, Sentence)
                ],
            }
            for section in said.sections
        ],
        "more": {"text": more_words(said), "url": said.more},
    }


def text(said: FormNotice) -> str:
    """The notice as plain text, for a mail, an app or a paper."""
    parts = []
    for section in said.sections:
        lines = [s.text for s in section.sentences if isinstance(s, Sentence)]
        parts.append("\n".join((section.heading, *(f"- {line}" for line in lines))))
    return "\n\n".join((*parts, f"{more_words(said)}: {said.more}")) + "\n"


def more_words(said: FormNotice) -> str:
    """What the link to the whole notice says."""
    return "Läs allt om hur vi använder dina uppgifter" if said.language == "sv" else _MORE_EN


_MORE_EN = "Read all about how we use your data"


def _short(voice: Voice, id_: str, form: Form, used: Used) -> tuple[Section, ...]:
    """What for, which data, and how long."""
    what = listed([small(name_of(voice, p, purpose)) for p, purpose in used.items()], voice.language)
    data = kinds(voice, form.categories)
    who = company(voice)
    said = [
        voice.say(
            f"{who} använder det du lämnar här till detta: {what}.",
            f"{who} uses what you give here for this: {what}.",
            at=f"forms.{id_}.purposes",
            promises=("P018", "P019"),
        )
    ]
    if data:
        said.append(
            voice.say(
                f"Det gäller {data}.",
                f"This is about {data}.",
                at=f"forms.{id_}.categories",
                promises=("P018",),
            )
        )
    for purpose_id, purpose in used.items():
        said += [
            replace(line, promises=tuple(dict.fromkeys((*line.promises, "P138"))))
            for line in stored_for(voice, purpose_id, purpose)
        ]
    return voice.section(SHORT, "Om dina uppgifter i formuläret", "About your data in this form", tuple(said))


def _giving(voice: Voice, used: Used) -> tuple[Section, ...]:
    said = [
        Sentence(text=f"{name_of(voice, id_, purpose)}: {words}", path=f"purposes.{id_}.provision")
        for id_, purpose in used.items()
        if (words := consequence(voice, purpose))
    ]
    return voice.section("must-give", "Måste du lämna uppgifterna?", "Must you give the data?", tuple(said))


def _purposes(voice: Voice, used: Used) -> tuple[Section, ...]:
    said: list[Sentence] = []
    for id_, purpose in used.items():
        at, why = f"purposes.{id_}", ended(voice.of(purpose.text))
        name = name_of(voice, id_, purpose)
        if why:
            said.append(Sentence(text=f"{name}: {why}", path=f"{at}.text", promises=purpose.promises))
        own = ground(voice, at, purpose)
        said.append(own if why else replace(own, text=f"{name}. {own.text}"))
        if purpose.interest:
            interest = ended(voice.of(purpose.interest.text))
            said.append(
                voice.say(
                    f"Vårt intresse är {interest}", f"Our interest is {interest}", at=f"{at}.interest.text"
                )
            )
    return voice.section("purposes", "Varför, och på vilken grund", "Why, and on which ground", tuple(said))


def _recipients(voice: Voice, used: Used) -> tuple[Section, ...]:
    ids = dict.fromkeys(id_ for purpose in used.values() for id_ in purpose.recipients)
    known = [id_ for id_ in ids if id_ in voice.policy.recipients]
    said = tuple(_recipient(voice, id_) for id_ in known) or (
        voice.say("Ingen utanför företaget.", "Nobody outside the company.", at="recipients"),
    )
    return voice.section("recipients", "Vilka som får uppgifterna", "Who gets the data", said)


def _recipient(voice: Voice, id_: str) -> Sentence:
    recipient = voice.policy.recipients[id_]
    what = f" {voice.of(recipient.text)}" if recipient.name and recipient.text else ""
    return Sentence(text=f"{capital(recipient_name(voice, id_))}{what}.", path=f"recipients.{id_}")


def _rights(voice: Voice, used: Used) -> tuple[Section, ...]:
    bases = [BASES[purpose.legal_basis] for purpose in used.values()]
    authority = voice.of(voice.policy.authority.name)
    said = [
        voice.say(
            "Du har rätt att få veta vad vi har om dig, att få fel rättade och att få uppgifter raderade, "
            "begränsade eller flyttade.",
            "You have the right to know what we hold about you, to have errors corrected and to have data "
            "erased, restricted or moved.",
            at="rights",
        )
    ]
    if any(basis.withdrawable for basis in bases):
        said.append(
            voice.say(
                "Har du sagt ja till något kan du ta tillbaka ditt ja när du vill.",
                "If you have said yes to something you may take back your yes whenever you want.",
                at="rights.withdraw_consent",
            )
        )
    if any(basis.objectable for basis in bases):
        said.append(
            voice.say(
                "Du kan invända mot det vi gör efter en intresseavvägning.",
                "You may object to what we do on the ground of legitimate interest.",
                at="rights.objection",
            )
        )
    said.append(
        voice.say(
            f"Är du inte nöjd kan du klaga hos {authority}.",
            f"If you are not satisfied you may complain to {authority}.",
            at="authority.name",
        )
    )
    return voice.section("rights", "Dina rättigheter", "Your rights", tuple(said))
