"""What must be told (art. 13 and 14): each element, the words that tell it, and the fault of leaving it "
"out."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.fault import Severity
from lofte.policy.review.reader import Element, Reader
from lofte.policy.review.rule import Places, Rule, first, lacks, partly, text, without

_E = Element
ELEMENTS: Mapping[str, Element] = {
    e.id: e
    for e in (
        _E(id="identity", article="art. 13.1 a", full="identity", part="identity_part"),
        _E(id="contact", article="art. 13.1 a", full="contact", part="contact_part"),
        _E(id="dpo", article="art. 13.1 b", full="dpo_reached", part="dpo"),
        _E(id="purposes", article="art. 13.1 c", full="purposes"),
        _E(id="grounds", article="art. 13.1 c", full="grounds", part="grounds_part"),
        _E(id="interests", article="art. 13.1 d", full="interest_named", part="interest"),
        _E(id="recipients", article="art. 13.1 e", full="recipients", part="recipients_part"),
        _E(id="transfers", article="art. 13.1 f", full="transfers_told", part="transfer"),
        _E(id="retention", article="art. 13.2 a", full="retention", part="retention_part"),
        _E(id="access", article="art. 13.2 b, 15", full="access", topic="access"),
        _E(id="rectification", article="art. 13.2 b, 16", full="rectification", topic="rectification"),
        _E(id="erasure", article="art. 13.2 b, 17", full="erasure", topic="erasure"),
        _E(id="restriction", article="art. 13.2 b, 18", full="restriction", topic="restriction"),
        _E(id="portability", article="art. 13.2 b, 20", full="portability", topic="portability"),
        _E(
            id="objection",
            article="art. 13.2 b, 21",
            full="objection",
            part="objection_part",
            topic="objection",
        ),
        _E(id="withdrawal", article="art. 13.2 c, 7.3", full="withdrawal"),
        _E(id="complaint", article="art. 13.2 d, 77", full="complaint", part="complaint_part"),
        _E(id="provision", article="art. 13.2 e", full="provision", part="provision_part"),
        _E(id="automated", article="art. 13.2 f, 22", full="adm_told", part="adm"),
        _E(id="categories", article="art. 14.1 d", full="categories", part="categories_part"),
        _E(id="sources", article="art. 14.2 f", full="sources"),
    )
}


def officer_without_address(reader: Reader) -> Places:
    """A data protection officer whom nobody can reach."""
    sections = {hit.sentence.section for hit in reader.hits("dpo")}
    reached = any(hit.sentence.section in sections for hit in reader.hits("contact"))
    if not reader.whole or reached or reader.hits("dpo_reached"):
        return None
    return reader.spans("dpo") or None


_SAY_WHO = text(
    "Skriv företagets namn som det är registrerat, och att det är personuppgiftsansvarigt.",
    "Write the company's registered name, and that it is the controller.",
)

RULES = (
    Rule(
        number="N101",
        article="art. 13.1 a",
        demands="The text says who the controller is.",
        what=text(
            "Ingenstans står vem som är personuppgiftsansvarig.", "Nowhere does it say who the controller is."
        ),
        mend=_SAY_WHO,
        find=lacks("identity"),
    ),
    Rule(
        number="N102",
        article="art. 13.1 a",
        demands="The text gives an address to which one can write or call.",
        what=text(
            "Ingen adress, e-postadress eller telefonnummer till den personuppgiftsansvarige står i texten.",
            "No address, e-mail address or telephone number of the controller stands in the text.",
        ),
        mend=text(
            "Skriv e-postadress och postadress i texten; en hänvisning någon annanstans räcker inte.",
            "Write e-mail and postal address in the text; pointing somewhere else is not enough.",
        ),
        find=first(lacks("contact"), partly("contact")),
    ),
    Rule(
        number="N103",
        article="art. 13.1 a",
        severity=Severity.WARNING,
        demands="The controller is named as a legal person.",
        what=text(
            "Den ansvarige nämns, men inte vilken juridisk person det är.",
            "Somebody is said to be responsible, but not which legal person it is.",
        ),
        mend=_SAY_WHO,
        find=partly("identity"),
    ),
    Rule(
        number="N104",
        article="art. 13.1 b",
        demands="A data protection officer can be reached.",
        what=text(
            "Ett dataskyddsombud nämns, men inte hur det nås.",
            "An officer is named, but not how to reach them.",
        ),
        mend=text(
            "Skriv ombudets e-postadress eller telefon.", "Write the officer's e-mail address or telephone."
        ),
        find=officer_without_address,
    ),
    Rule(
        number="N105",
        article="art. 13.1 c, 6.1",
        demands="Each purpose has its legal basis.",
        what=text(
            "Ingen rättslig grund i artikel 6 nämns för behandlingen.",
            "No legal basis of article 6 is named for the processing.",
        ),
        mend=text(
            "Skriv för varje ändamål vilken grund det vilar på: avtal, rättslig förpliktelse, samtycke eller "
            "berättigat intresse.",
            "Write for each purpose which basis it rests on: contract, legal obligation, consent or "
            "legitimate "
            "interest.",
        ),
        find=first(lacks("grounds"), partly("grounds")),
    ),
    Rule(
        number="N106",
        article="art. 13.1 c",
        demands="The purposes are told.",
        what=text(
            "Inget ändamål med behandlingen står i texten.",
            "No purpose of the processing stands in the text.",
        ),
        mend=text("Skriv vad uppgifterna används till.", "Write what the data are used for."),
        find=lacks("purposes"),
    ),
    Rule(
        number="N107",
        article="art. 13.1 e",
        demands="The recipients, or the kinds of recipients, are told.",
        what=text("Inga mottagare av uppgifterna nämns.", "No recipients of the data are named."),
        mend=text(
            "Räkna upp mottagarna eller vilka slag av mottagare det är; finns inga, skriv det.",
            "List the recipients, or which kinds they are; if there are none, say so.",
        ),
        find=lacks("recipients"),
    ),
    Rule(
        number="N108",
        article="art. 13.2 a",
        demands="The text says how long data are kept.",
        what=text(
            "Ingenstans står hur länge uppgifterna sparas.", "Nowhere does it say how long data are kept."
        ),
        mend=text(
            "Skriv en tid för varje kategori, eller vad som avgör den.",
            "Write a period for each category, or what decides it.",
        ),
        find=lacks("retention"),
    ),
    Rule(
        number="N110",
        article="art. 13.1 f",
        severity=Severity.NOTE,
        demands="The text says whether data leave the EU and EEA.",
        what=text(
            "Texten säger inte om uppgifter lämnar EU och EES.",
            "The text does not say whether data leave the EU and EEA.",
        ),
        mend=text(
            "Skriv att de stannar, eller vart de går och med vilken skyddsåtgärd.",
            "Write that they stay, or where they go and under which safeguard.",
        ),
        find=lacks("transfers"),
    ),
    Rule(
        number="N119",
        article="art. 13.2 e",
        severity=Severity.WARNING,
        demands="The text says whether data must be given, and what follows if they are not.",
        what=text(
            "Det står inte vad som händer om man inte lämnar sina uppgifter.",
            "It does not say what happens if one does not give the data.",
        ),
        mend=text(
            "Skriv vilka uppgifter som krävs enligt lag eller avtal, och följden av att inte lämna dem.",
            "Write which data law or contract requires, and what follows if they are not given.",
        ),
        find=first(lacks("provision"), partly("provision")),
    ),
    Rule(
        number="N120",
        article="art. 14.1 d",
        severity=Severity.WARNING,
        demands="The kinds of data are told.",
        what=text(
            "Det står inte vilka slags uppgifter som behandlas.",
            "It does not say which kinds of data are processed.",
        ),
        mend=text("Räkna upp uppgifterna.", "List the data."),
        find=first(lacks("categories"), partly("categories")),
    ),
    Rule(
        number="N122",
        article="art. 12.3",
        severity=Severity.NOTE,
        demands="The text says within which time a request is answered.",
        what=text(
            "Rättigheterna har ingen svarstid.",
            "The rights have no time within which they are answered.",
        ),
        mend=text("Skriv att svaret kommer inom en månad.", "Write that the answer comes within one month."),
        find=without("access", "deadline"),
    ),
    Rule(
        number="N123",
        article="art. 14.2 f",
        severity=Severity.WARNING,
        demands="The text says where the data come from.",
        what=text("Det står inte varifrån uppgifterna kommer.", "It does not say where the data come from."),
        mend=text(
            "Skriv källorna: du själv, användningen, andra.", "Write the sources: yourself, the use, others."
        ),
        find=lacks("sources"),
    ),
)
