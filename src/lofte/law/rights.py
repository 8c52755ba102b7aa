"""The rights of the registered (art. 7.3, 15-18, 20-22)."""

from __future__ import annotations

from enum import StrEnum

from lofte.law.wording import Wording


class Right(StrEnum):
    """What a person may ask for."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"
    HUMAN_REVIEW = "human_review"

    @property
    def article(self) -> str:
        """Where the right stands."""
        return _ARTICLE[self]

    @property
    def key(self) -> str:
        """The name of its terms under `rights` in the policy document."""
        return "withdraw_consent" if self is Right.WITHDRAWAL else self.value

    def name_in(self, language: str) -> str:
        """What the right is called."""
        return _NAME[self].say(language)

    def plain_in(self, language: str) -> str:
        """What the right means, in one sentence to the person."""
        return _PLAIN[self].say(language)


_ARTICLE = {
    Right.ACCESS: "15",
    Right.RECTIFICATION: "16",
    Right.ERASURE: "17",
    Right.RESTRICTION: "18",
    Right.PORTABILITY: "20",
    Right.OBJECTION: "21",
    Right.WITHDRAWAL: "7.3",
    Right.HUMAN_REVIEW: "22.3",
}

_NAME = {
    Right.ACCESS: Wording(sv="Tillgång (registerutdrag)", en="Access"),
    Right.RECTIFICATION: Wording(sv="Rättelse", en="Rectification"),
    Right.ERASURE: Wording(sv="Radering", en="Erasure"),
    Right.RESTRICTION: Wording(sv="Begränsning av behandling", en="Restriction of processing"),
    Right.PORTABILITY: Wording(sv="Dataportabilitet", en="Data portability"),
    Right.OBJECTION: Wording(sv="Invändning", en="Objection"),
    Right.WITHDRAWAL: Wording(sv="Återkallelse av samtycke", en="Withdrawal of consent"),
    Right.HUMAN_REVIEW: Wording(sv="Mänsklig omprövning", en="Human review"),
}

_PLAIN = {
    Right.ACCESS: Wording(
        sv="Du får veta vilka uppgifter vi har om dig, varför vi har dem, och få en kopia.",
        en="You may know what data we hold about you and why, and get a copy.",
    ),
    Right.RECTIFICATION: Wording(
        sv="Du kan få felaktiga uppgifter rättade och ofullständiga kompletterade.",
        en="You may have wrong data corrected and incomplete data completed.",
    ),
    Right.ERASURE: Wording(
        sv="Du kan få uppgifter raderade när vi inte längre har skäl att ha dem kvar.",
        en="You may have data erased when we no longer have reason to keep them.",
    ),
    Right.RESTRICTION: Wording(
        sv="Du kan kräva att vi bara lagrar uppgifterna medan en fråga om dem prövas.",
        en="You may demand that we only store the data while a question about them is settled.",
    ),
    Right.PORTABILITY: Wording(
        sv="Du kan få de uppgifter du har lämnat i ett format som andra datorer läser.",
        en="You may get the data you have provided in a form other machines can read.",
    ),
    Right.OBJECTION: Wording(
        sv="Du kan invända mot behandling som stöder sig på ett berättigat intresse, "
        "och alltid säga nej till reklam.",
        en="You may object to processing based on a legitimate interest, and always say no to marketing.",
    ),
    Right.WITHDRAWAL: Wording(
        sv="Du kan ta tillbaka ett samtycke när som helst, lika lätt som du gav det.",
        en="You may take back consent at any time, as easily as you gave it.",
    ),
    Right.HUMAN_REVIEW: Wording(
        sv="Du kan få ett beslut som en maskin har fattat prövat av en människa.",
        en="You may have a decision made by a machine reviewed by a human being.",
    ),
}
