"""Consent and the other legal bases (art. 4.11, 6, 7, 9; EDPB 05/2020): what is taken for one and is none."""

from __future__ import annotations

import re

from lofte.fault import Severity
from lofte.policy.review.reader import MOST_SPANS, Reader
from lofte.policy.review.rule import Places, Rule, says, text, without


def one_ground_against_others(reader: Reader) -> Places:
    """All is said to rest on one basis; what the text itself does cannot rest on it alone."""
    claims = reader.hits("all_on_one")
    if not claims:
        return None
    taken = {hit.sentence.start for hit in claims}
    others = [
        hit.span
        for sign in ("marketing", "consent_used", "interest", "legal_duty", "improves")
        for hit in reader.hits(sign)[:1]
        if hit.sentence.start not in taken
    ]
    return (claims[0].span, *others[:2]) if others else (claims[0].span,)


def marketing_without_end(reader: Reader) -> Places:
    """Marketing is sent, and nothing says how it ends."""
    return without("marketing", "marketing_end")(reader)


def improvement_on_contract(reader: Reader) -> Places:
    """Improving is put under the contract, expressly or because everything is."""
    claims = [hit for hit in reader.hits("all_on_one") if _OF_CONTRACT.search(hit.sentence.plain)]
    alone = claims and not reader.hits("interest")
    found = [hit.span for hit in reader.hits("improves") if alone or _CONTRACT.search(hit.sentence.plain)]
    return tuple(found[:MOST_SPANS]) or None


_OF_CONTRACT = re.compile(r"\b(avtal|åtagand|contract|agreement|obligations to)")
_CONTRACT = re.compile(
    r"\b(stöd av|grund|enligt|del av|part of|based on|under|basis)\b.{0,30}\b(avtal|avtalet|contract)\b"
)


def number_without_ground(reader: Reader) -> Places:
    """A personnummer is processed, and nothing says why just it is needed: neither the sentence nor, in
    the law's own words, its section."""
    for hit in reader.hits("national_id"):
        section = reader.manuscript.sections[hit.sentence.section].sentences
        grounds = reader.within("national_id_ground", section)
        if any(g.sentence is hit.sentence or _LAWS_WORDS.search(g.sentence.plain) for g in grounds):
            return None
    return reader.spans("national_id") or None


_LAWS_WORDS = re.compile(
    r"säker identifiering|säkert|klart motiverat|beaktansvärt|3 kap|kontrolluppgift|lämna uppgift om"
    r"|secure identification|for certain|safely|clearly (justified|motivated)|chapter 3|tax"
)


_ACTIVE = text(
    "Fråga med en egen ruta som inte är förkryssad, och bara där samtycke är den rättsliga grunden.",
    "Ask with a box of its own that is not ticked, and only where consent is the legal basis.",
)

RULES = (
    Rule(
        number="N201",
        article="art. 4.11, 7; EDPB 05/2020",
        demands="Use of a service is not taken for consent.",
        what=text(
            "Att använda tjänsten räknas som godkännande. Det är inget samtycke, och information godkänns "
            "inte.",
            "Using the service is taken for acceptance. That is no consent, and information is not accepted.",
        ),
        mend=text(
            "Stryk meningen; be bara om samtycke där det är grunden, med en egen ruta.",
            "Strike the sentence; ask for consent only where it is the basis, with a box of its own.",
        ),
        find=says("by_use"),
    ),
    Rule(
        number="N202",
        article="art. 7.2",
        demands="Consent is asked for by itself, not in the midst of other things.",
        what=text(
            "Ett godkännande av utskick eller kontakt ligger inbakat i texten.",
            "An acceptance of messages or contact is baked into the text.",
        ),
        mend=_ACTIVE,
        find=says("bundled"),
    ),
    Rule(
        number="N203",
        article="LEK 9 kap. 28 §; art. 4.11; C-673/17",
        demands="Settings of a browser are not taken for consent to cookies.",
        what=text(
            "Webbläsarens inställningar får ersätta samtycke till kakor.",
            "The browser's settings stand in for consent to cookies.",
        ),
        mend=text(
            "Sätt bara nödvändiga kakor innan besökaren har valt, och gör det lika lätt att neka som att "
            "godta.",
            "Set only necessary cookies before the visitor has chosen, and make refusing as easy as "
            "accepting.",
        ),
        find=says("browser"),
    ),
    Rule(
        number="N204",
        article="art. 7.3",
        demands="Consent given once does not hold for ever.",
        what=text("Ett samtycke sägs gälla för alltid.", "Consent is said to hold for ever."),
        mend=text(
            "Säg hur samtycket tas tillbaka, och fråga igen efter högst tolv månader.",
            "Say how consent is taken back, and ask again within twelve months.",
        ),
        find=says("once_for_all"),
    ),
    Rule(
        number="N205",
        article="art. 6.1, 13.1 c",
        demands="One legal basis is not claimed for all processing.",
        what=text(
            "En enda grund sägs bära all behandling, fast texten beskriver sådant som den inte kan bära.",
            "One basis is said to carry all processing, though the text describes what it cannot carry.",
        ),
        mend=text("Ange grunden för varje ändamål för sig.", "Give the basis of each purpose by itself."),
        find=one_ground_against_others,
    ),
    Rule(
        number="N207",
        article="art. 7.4",
        demands="The contract does not depend on consent.",
        what=text("Samtycke är ett villkor för tjänsten.", "Consent is a condition of the service."),
        mend=text(
            "Låt det som avtalet kräver vila på avtalet, och gör resten frivilligt.",
            "Let what the contract needs rest on the contract, and leave the rest to choice.",
        ),
        find=says("condition"),
    ),
    Rule(
        number="N208",
        article="art. 13.1 d",
        demands="Where a legitimate interest is relied on, it is named.",
        what=text(
            "Behandling vilar på en intresseavvägning, men intresset nämns inte.",
            "Processing rests on a legitimate interest that is not named.",
        ),
        mend=text("Skriv vilket intresse det är.", "Write which interest it is."),
        find=without("interest", "interest_named"),
    ),
    Rule(
        number="N209",
        article="art. 21.2-3; marknadsföringslagen 19 §",
        demands="Where marketing is sent, the text says how it ends.",
        what=text(
            "Nyhetsbrev eller reklam skickas, men inget sägs om hur man säger nej.",
            "Newsletters or offers are sent, and nothing says how to say no.",
        ),
        mend=text(
            "Skriv att varje utskick har en länk som avslutar det, och vad utskicken vilar på.",
            "Write that each message has a link that ends them, and what they rest on.",
        ),
        find=marketing_without_end,
    ),
    Rule(
        number="N210",
        article="art. 6.1 b; EDPB 2/2019",
        severity=Severity.WARNING,
        demands="Improvement and analysis are not put under the contract.",
        what=text(
            "Förbättring eller analys ska vila på avtalet; den behövs inte för att uppfylla det.",
            "Improvement or analysis is to rest on the contract; it is not needed to perform it.",
        ),
        mend=text(
            "Ange ett berättigat intresse, eller fråga om samtycke.",
            "Name a legitimate interest, or ask for consent.",
        ),
        find=improvement_on_contract,
    ),
    Rule(
        number="N211",
        article="2018:218 3 kap. 10 §; art. 87",
        demands="A personnummer is processed only with a told reason.",
        what=text(
            "Personnummer behandlas utan att det sägs varför.", "Personnummer are processed without a reason."
        ),
        mend=text(
            "Skriv varför just personnumret behövs (säker identifiering, lag), eller sluta samla in det.",
            "Write why just that number is needed (secure identification, a law), or stop collecting it.",
        ),
        find=number_without_ground,
    ),
    Rule(
        number="N212",
        article="art. 9",
        demands="Sensitive data have a ground of article 9.",
        what=text(
            "Känsliga uppgifter nämns utan stöd i artikel 9.",
            "Sensitive data are named without a ground of article 9.",
        ),
        mend=text(
            "Skriv vilket undantag i artikel 9.2 som gäller, eller sluta behandla dem.",
            "Write which exception of article 9.2 applies, or stop processing them.",
        ),
        find=without("sensitive", "sensitive_ground"),
    ),
    Rule(
        number="N213",
        article="art. 13.1 c; WP260",
        severity=Severity.WARNING,
        demands="A legal obligation is named by its act.",
        what=text(
            "Texten hänvisar till lagen utan att säga vilken.",
            "The text points to the law without saying which.",
        ),
        mend=text(
            "Skriv lagens namn, till exempel bokföringslagen.", "Write the act, such as the Bookkeeping Act."
        ),
        find=without("legal_duty", "act_named"),
    ),
    Rule(
        number="N214",
        article="art. 4.11",
        demands="Silence and boxes that are already ticked are not taken for consent.",
        what=text(
            "Tystnad eller en förkryssad ruta räknas som samtycke.",
            "Silence or a ticked box counts as consent.",
        ),
        mend=_ACTIVE,
        find=says("silence"),
    ),
)
