"""The grounds a purpose may rest on (art. 6.1, 9.2 a; marknadsföringslagen 19 §)."""

from __future__ import annotations

from dataclasses import dataclass

from lofte.law.articles import cite
from lofte.law.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class Basis:
    """A legal basis: its id, its name, and what it means in one plain sentence."""

    id: str
    name: Wording
    plain: Wording
    law: str = "GDPR"
    portable: bool = False
    """Data on this basis may be taken along (art. 20.1 a)."""
    withdrawable: bool = False
    """The person may withdraw it at any time (art. 7.3)."""
    objectable: bool = False
    """The person may object for reasons of their own (art. 21.1)."""

    def cite(self, language: str) -> str:
        """The place in the law, as people write it."""
        if self.law == "GDPR":
            return cite(self.id, language)
        return (
            "19 § andra stycket marknadsföringslagen"
            if language == "sv"
            else ("Section 19, second paragraph, of the Swedish Marketing Act")
        )


BASES: dict[str, Basis] = {
    basis.id: basis
    for basis in (
        Basis(
            id="6.1.a",
            name=Wording(sv="Samtycke", en="Consent"),
            plain=Wording(
                sv="Du har sagt ja till det. Du kan ta tillbaka ditt ja när som helst.",
                en="You have said yes to it. You may take back your yes at any time.",
            ),
            portable=True,
            withdrawable=True,
        ),
        Basis(
            id="6.1.b",
            name=Wording(sv="Avtal", en="Contract"),
            plain=Wording(
                sv="Det behövs för att vi ska kunna hålla vårt avtal med dig, eller för steg du ber om "
                "innan ett avtal ingås.",
                en="It is needed for us to keep our contract with you, or for steps you ask for before "
                "there is one.",
            ),
            portable=True,
        ),
        Basis(
            id="6.1.c",
            name=Wording(sv="Rättslig förpliktelse", en="Legal obligation"),
            plain=Wording(sv="En lag kräver att vi gör det.", en="A law requires us to do it."),
        ),
        Basis(
            id="6.1.d",
            name=Wording(sv="Grundläggande intressen", en="Vital interests"),
            plain=Wording(
                sv="Det behövs för att skydda någons liv eller hälsa.",
                en="It is needed to protect somebody's life or health.",
            ),
        ),
        Basis(
            id="6.1.e",
            name=Wording(sv="Allmänt intresse eller myndighetsutövning", en="Public interest or authority"),
            plain=Wording(
                sv="Det behövs för en uppgift av allmänt intresse eller som ett led i myndighetsutövning.",
                en="It is needed for a task in the public interest or in the exercise of public authority.",
            ),
            objectable=True,
        ),
        Basis(
            id="6.1.f",
            name=Wording(sv="Berättigat intresse", en="Legitimate interest"),
            plain=Wording(
                sv="Vi har ett berättigat intresse av det, och vi har bedömt att ditt intresse av skydd för "
                "dina uppgifter inte väger tyngre. Du har rätt att invända.",
                en="We have a legitimate interest in it, and have judged that your interest in protection "
                "does not weigh more. You have the right to object.",
            ),
            objectable=True,
        ),
        Basis(
            id="9.2.a",
            name=Wording(sv="Uttryckligt samtycke", en="Explicit consent"),
            plain=Wording(
                sv="Du har uttryckligen sagt ja till att vi behandlar känsliga uppgifter om dig. Du kan ta "
                "tillbaka ditt ja när som helst.",
                en="You have expressly said yes to our processing of sensitive data about you. You may take "
                "back your yes at any time.",
            ),
            portable=True,
            withdrawable=True,
        ),
        Basis(
            id="MFL-19-2",
            name=Wording(sv="Reklam till befintlig kund", en="Marketing to an existing customer"),
            plain=Wording(
                sv="Du lämnade din adress när du köpte av oss, och vi skriver bara om egna, liknande varor "
                "och tjänster. Du kan säga nej i varje utskick.",
                en="You gave us your address when you bought from us, and we write only about similar goods "
                "and services of our own. You may say no in every message.",
            ),
            law="MFL-19",
        ),
    )
}
"""Every basis a policy may name, by id."""
