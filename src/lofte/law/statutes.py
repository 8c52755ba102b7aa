"""The Swedish statutes a policy may rest on, as dated records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lofte.law.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class Statute:
    """One rule of one act: what it is called, what it demands, since when, and where it stands."""

    id: str
    name: Wording
    demands: Wording
    valid_from: date
    valid_to: date | None = None
    source: str
    keep: str | None = None
    """The shortest keeping the act demands, as a retention expression."""
    within: str | None = None
    """How long claims under the act may come, as a period; a reason to keep, never a duty."""

    def in_force(self, on: date) -> bool:
        """Whether the rule is law on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


STATUTES: dict[str, Statute] = {
    statute.id: statute
    for statute in (
        Statute(
            id="BFL-7-2",
            name=Wording(
                sv="7 kap. 2 § bokföringslagen (1999:1078)", en="Chapter 7, Section 2, Bookkeeping Act"
            ),
            demands=Wording(
                sv="Räkenskapsinformation bevaras till och med det sjunde året efter utgången av det "
                "kalenderår då räkenskapsåret avslutades.",
                en="Accounting material is kept through the seventh year after the end of the calendar year "
                "in which the financial year ended.",
            ),
            valid_from=date(2011, 1, 1),
            source="SFS 1999:1078",
            keep="year_end(fiscal_year.end) + P7Y",
        ),
        Statute(
            id="LEK-9-28",
            name=Wording(
                sv="9 kap. 28 § lagen (2022:482) om elektronisk kommunikation",
                en="Chapter 9, Section 28, Electronic Communications Act",
            ),
            demands=Wording(
                sv="Kakor och liknande får sparas eller läsas bara efter information och samtycke, om de "
                "inte behövs för en tjänst som användaren uttryckligen har begärt.",
                en="Cookies and the like may be stored or read only after information and consent, unless "
                "needed for a service expressly asked for.",
            ),
            valid_from=date(2022, 6, 3),
            source="SFS 2022:482",
        ),
        Statute(
            id="MFL-19",
            name=Wording(sv="19 § marknadsföringslagen (2008:486)", en="Section 19, Marketing Act"),
            demands=Wording(
                sv="Reklam till en fysisk person med e-post eller sms kräver samtycke, eller att adressen "
                "lämnades vid ett köp, gäller egna liknande varor och lätt kan avböjas i varje utskick.",
                en="Marketing to a natural person by e-mail or text message needs consent, or an address "
                "given at a sale, similar goods of one's own, and an easy no in every message.",
            ),
            valid_from=date(2008, 7, 1),
            source="SFS 2008:486",
        ),
        Statute(
            id="MFL-20",
            name=Wording(sv="20 § marknadsföringslagen (2008:486)", en="Section 20, Marketing Act"),
            demands=Wording(
                sv="Varje reklammeddelande har en giltig adress dit man kan säga nej.",
                en="Every marketing message has a valid address for saying no.",
            ),
            valid_from=date(2008, 7, 1),
            source="SFS 2008:486",
        ),
        Statute(
            id="MFL-21",
            name=Wording(sv="21 § marknadsföringslagen (2008:486)", en="Section 21, Marketing Act"),
            demands=Wording(
                sv="Annan reklam på distans får inte sändas till den som tydligt har motsatt sig det.",
                en="Other marketing at a distance may not go to a person who has clearly said no.",
            ),
            valid_from=date(2008, 7, 1),
            source="SFS 2008:486",
        ),
        Statute(
            id="2018:218-3-10",
            name=Wording(
                sv="3 kap. 10 § dataskyddslagen (2018:218)", en="Chapter 3, Section 10, Data Protection Act"
            ),
            demands=Wording(
                sv="Personnummer får behandlas utan samtycke bara när det är klart motiverat av ändamålet, "
                "av vikten av en säker identifiering eller av något annat beaktansvärt skäl.",
                en="A personal identity number may be processed without consent only when clearly justified "
                "by the purpose, by the need of secure identification or by another weighty reason.",
            ),
            valid_from=date(2018, 5, 25),
            source="SFS 2018:218",
        ),
        Statute(
            id="2018:218-2-4",
            name=Wording(
                sv="2 kap. 4 § dataskyddslagen (2018:218)", en="Chapter 2, Section 4, Data Protection Act"
            ),
            demands=Wording(
                sv="Ett barn som har fyllt 13 år kan själv samtycka till informationssamhällets tjänster.",
                en="A child of 13 or more may consent to information society services alone.",
            ),
            valid_from=date(2018, 5, 25),
            source="SFS 2018:218",
        ),
        Statute(
            id="DL-6-4",
            name=Wording(
                sv="6 kap. 4 § diskrimineringslagen (2008:567)", en="Chapter 6, Section 4, Discrimination Act"
            ),
            demands=Wording(
                sv="Talan om diskriminering vid en ansökan kan väckas inom två år.",
                en="A claim of discrimination in an application may be brought within two years.",
            ),
            valid_from=date(2009, 1, 1),
            source="SFS 2008:567",
            within="P2Y",
        ),
        Statute(
            id="PreskL-2",
            name=Wording(sv="2 § preskriptionslagen (1981:130)", en="Section 2, Limitations Act"),
            demands=Wording(
                sv="En fordran preskriberas efter tio år, en näringsidkares mot en konsument efter tre.",
                en="A claim lapses after ten years, a trader's claim on a consumer after three.",
            ),
            valid_from=date(1982, 1, 1),
            source="SFS 1981:130",
            within="P10Y",
        ),
        Statute(
            id="SFL-39-3",
            name=Wording(
                sv="39 kap. 3 § skatteförfarandelagen (2011:1244)",
                en="Chapter 39, Section 3, Tax Procedures Act",
            ),
            demands=Wording(
                sv="Den som är uppgiftsskyldig har underlag som gör att uppgifterna kan kontrolleras.",
                en="Who must give information to the tax authority holds records by which it can be checked.",
            ),
            valid_from=date(2012, 1, 1),
            source="SFS 2011:1244",
        ),
    )
}
"""Every rule a policy may name, by id."""
