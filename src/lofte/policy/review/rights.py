"""The rights (art. 12, 15-22, 77): each must be told, and nothing may stand in its way."""

from __future__ import annotations

from lofte.fault import Severity
from lofte.policy.review.reader import Reader
from lofte.policy.review.rule import Find, Places, Rule, first, lacks, partly, says, text, without


def machine_without(sign: str) -> Find:
    """Machines decide, and what must be told of it is not there."""

    def find(reader: Reader) -> Places:
        if (
            not reader.whole
            or reader.hits(sign)
            or (reader.state("automated") == "present" and sign != "adm_human")
        ):
            return None
        if sign == "adm_human" and not _decides(reader):
            return None
        return reader.spans("adm") or None

    return find


def _decides(reader: Reader) -> bool:
    words = ("beslut", "decision", "decid")
    return any(any(w in hit.span.quote.lower() for w in words) for hit in reader.hits("adm"))


def withdrawal_missing(reader: Reader) -> Places:
    """Consent is used, and nothing says that it can be taken back."""
    return lacks("withdrawal", when="consent_used")(reader)


_RIGHTS = (
    ("N111", "access", "art. 13.2 b, 15", "access", "tillgång"),
    ("N112", "rectification", "art. 13.2 b, 16", "rectification", "rättelse"),
    ("N113", "erasure", "art. 13.2 b, 17", "erasure", "radering"),
    ("N114", "restriction", "art. 13.2 b, 18", "restriction of processing", "begränsning av behandling"),
    ("N115", "portability", "art. 13.2 b, 20", "data portability", "dataportabilitet"),
)

RULES = (
    *(
        Rule(
            number=number,
            article=article,
            demands=f"The right to {en} is told.",
            what=text(f"Rätten till {sv} nämns inte.", f"The right to {en} is not told."),
            mend=text(
                f"Skriv att man har rätt till {sv}, och hur man begär det.",
                f"Write that one has the right to {en}, and how to ask for it.",
            ),
            find=lacks(element),
        )
        for number, element, article, en, sv in _RIGHTS
    ),
    Rule(
        number="N116",
        article="art. 13.2 b, 21.4",
        demands="The right to object is told, clearly and by itself.",
        what=text(
            "Rätten att invända sägs inte, eller bara i förbigående.",
            "The right to object is not told, or only in passing.",
        ),
        mend=text(
            "Skriv rätten att invända för sig, skild från annan information; mot reklam gäller den alltid.",
            "Write the right to object apart from other information; against marketing it always holds.",
        ),
        find=first(lacks("objection"), partly("objection")),
    ),
    Rule(
        number="N117",
        article="art. 13.2 c, 7.3",
        demands="Where consent is used, the text says that it can be withdrawn.",
        what=text(
            "Samtycke används, men det står inte att det kan tas tillbaka.",
            "Consent is used, but it does not say that it can be withdrawn.",
        ),
        mend=text(
            "Skriv att samtycket kan tas tillbaka när som helst, och hur.",
            "Write that consent can be withdrawn at any time, and how.",
        ),
        find=withdrawal_missing,
    ),
    Rule(
        number="N118",
        article="art. 13.2 d, 77",
        demands="The right to complain to the supervisory authority is told.",
        what=text(
            "Rätten att klaga hos tillsynsmyndigheten nämns inte.",
            "The right to complain to the supervisory authority is not told.",
        ),
        mend=text(
            "Skriv att man kan klaga hos Integritetsskyddsmyndigheten (IMY), imy.se.",
            "Write that one can complain to the Swedish Authority for Privacy Protection (IMY), imy.se.",
        ),
        find=lacks("complaint"),
    ),
    Rule(
        number="N601",
        article="art. 12.5, 15.3",
        demands="Free access has no yearly limit.",
        what=text("Utdrag ges gratis bara en gång om året.", "A copy is free only once a year."),
        mend=text(
            "Stryk gränsen; den fanns i personuppgiftslagen. Svaret är gratis varje gång.",
            "Strike the limit, which is from an old act. The answer is free each time.",
        ),
        find=says("yearly"),
    ),
    Rule(
        number="N602",
        article="art. 12.5, 15.3",
        demands="A request costs nothing.",
        what=text("En avgift tas för en begäran.", "A fee is taken for a request."),
        mend=text(
            "Stryk avgiften; bara uppenbart ogrundade eller orimliga begäranden får kosta.",
            "Strike the fee; only manifestly unfounded or excessive requests may cost.",
        ),
        find=says("fee"),
    ),
    Rule(
        number="N603",
        article="art. 12.6, 5.1 c",
        demands="No copy of an identity document is asked for as a routine.",
        what=text("En kopia av legitimation krävs.", "A copy of an identity document is demanded."),
        mend=text(
            "Identifiera med det som redan är känt: inloggning, kod, e-legitimation.",
            "Identify with what is known already: sign-in, a code, an e-ID.",
        ),
        find=says("id_copy"),
    ),
    Rule(
        number="N604",
        article="art. 12.2, 12.6",
        severity=Severity.WARNING,
        demands="More proof of identity is asked for only on reasonable doubt.",
        what=text(
            "Alla måste bevisa vem de är innan någon rättighet gäller.",
            "Everybody must prove who they are before any right applies.",
        ),
        mend=text(
            "Skriv att ni ber om mer bara när det finns rimliga skäl att tvivla.",
            "Write that you ask for more only where there is reasonable doubt.",
        ),
        find=says("id_of_all"),
    ),
    Rule(
        number="N605",
        article="art. 12.4-5, 17.3",
        demands="Rights are refused only on grounds that the law knows.",
        what=text(
            "Rättigheter får nekas på grunder som lagen inte har.",
            "Rights may be refused on grounds unknown to the law.",
        ),
        mend=text(
            "Räkna upp undantagen i artikel 17.3 och säg att ett nej motiveras och kan överklagas.",
            "List the exceptions of article 17.3, and say that a refusal has reasons and can be appealed.",
        ),
        find=says("own_grounds"),
    ),
    Rule(
        number="N606",
        article="art. 17.1",
        demands="Erasure is not only for data that are wrong.",
        what=text(
            "Radering ges bara för felaktiga uppgifter.", "Erasure is given only for data that are wrong."
        ),
        mend=text("Skriv grunderna i artikel 17.1.", "Write the grounds of article 17.1."),
        find=says("only_wrong"),
    ),
    Rule(
        number="N608",
        article="art. 13.2 f, 15.1 h",
        demands="Automated decisions are told with their logic and what they lead to.",
        what=text(
            "Automatiserade beslut nämns utan logiken bakom och följderna för den enskilde.",
            "Automated decisions are told without their logic and what they lead to.",
        ),
        mend=text(
            "Skriv vad beslutet bygger på och vad det leder till, eller att inga sådana beslut fattas.",
            "Write what the decision rests on and leads to, or that no such decisions are made.",
        ),
        find=machine_without("adm_told"),
    ),
    Rule(
        number="N609",
        article="art. 22.3",
        demands="Where machines decide, a human being can be asked for.",
        what=text(
            "Rätten att få ett automatiserat beslut prövat av en människa nämns inte.",
            "The right to have an automated decision reviewed by a human being is not told.",
        ),
        mend=text(
            "Skriv hur man begär mänsklig prövning, framför sin syn och bestrider beslutet.",
            "Write how to ask for human review, give one's view and contest the decision.",
        ),
        find=machine_without("adm_human"),
    ),
    Rule(
        number="N610",
        article="art. 13.2 d",
        severity=Severity.WARNING,
        demands="The supervisory authority is named.",
        what=text("Tillsynsmyndigheten nämns inte vid namn.", "The supervisory authority is not named."),
        mend=text(
            "Skriv Integritetsskyddsmyndigheten (IMY) och imy.se.",
            "Write the Swedish Authority for Privacy Protection (IMY) and imy.se.",
        ),
        find=partly("complaint"),
    ),
    Rule(
        number="N612",
        article="art. 12.2, 7.3",
        demands="A request may be made in any form.",
        what=text(
            "En begäran måste vara skriftlig eller undertecknad.", "A request must be in writing or signed."
        ),
        mend=text("Ta emot begäran i alla kanaler.", "Take requests in every channel."),
        find=says("on_paper"),
    ),
    Rule(
        number="N613",
        article="art. 12.3",
        demands="The time for an answer is at most one month.",
        what=text("Svarstiden är längre än en månad.", "The time for an answer is longer than a month."),
        mend=text(
            "Skriv en månad; två till bara när det är komplicerat, och det sägs inom den första.",
            "Write one month; two more only where it is complex, and told within the first.",
        ),
        find=says("too_slow"),
    ),
    Rule(
        number="N614",
        article="art. 18.1",
        severity=Severity.WARNING,
        demands="Restriction is not only for data whose accuracy is contested.",
        what=text(
            "Begränsning ges bara när uppgifternas riktighet ifrågasätts.",
            "Restriction is given only where the accuracy of data is contested.",
        ),
        mend=text(
            "Skriv också de andra fallen: olaglig behandling, rättsliga anspråk, medan en invändning prövas.",
            "Write the other cases too: unlawful processing, legal claims, and while an objection is judged.",
        ),
        find=without("narrow_restriction", "wide_restriction"),
    ),
)
