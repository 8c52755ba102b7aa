"""How long, which cookies, and how changes are told (art. 5.1 e, 13.2 a; LEK 9 kap. 28 §; art. 13.3)."""

from __future__ import annotations

from lofte.fault import Severity
from lofte.policy.review.reader import Reader
from lofte.policy.review.rule import Places, Rule, says, text, without


def not_asked(reader: Reader) -> Places:
    """Cookies are used and nobody is asked; where the browser is to answer, that is said by N203."""
    return None if reader.hits("browser") else without("cookies", "cookies_asked")(reader)


def changes_untold(reader: Reader) -> Places:
    """The text may change and nothing says how that is told; changing at will is said by N707."""
    return None if reader.hits("change_at_will") else without("changes", "changes_told")(reader)


def no_period(reader: Reader) -> Places:
    """Data are kept as long as needed, and nothing says how long that is."""
    if reader.state("retention") == "present":
        return None
    return reader.spans("as_long_as_needed") or (
        reader.element("retention").spans if reader.state("retention") == "partial" else None
    )


RULES = (
    Rule(
        number="N701",
        article="art. 13.2 a, 5.1 e",
        demands="“As long as needed” is said with a period or with what decides it.",
        what=text(
            "”Så länge det behövs” är ingen tid; varken perioder eller kriterier står i texten.",
            "“As long as needed” is no period; neither periods nor criteria stand in the text.",
        ),
        mend=text(
            "Skriv en tid för varje kategori: ”24 månader efter avslutat ärende”.",
            "Write a period for each category: “24 months after the case is closed”.",
        ),
        find=no_period,
    ),
    Rule(
        number="N702",
        article="art. 5.1 e",
        demands="Data are not kept for undefined interests.",
        what=text(
            "Uppgifter sparas för att bevaka obestämda intressen.",
            "Data are kept to protect undefined interests.",
        ),
        mend=text(
            "Knyt det till ett ärende eller ett anspråk och en tid.",
            "Tie it to a case or a claim, and to a time.",
        ),
        find=says("for_our_interests"),
    ),
    Rule(
        number="N703",
        article="7 kap. 2 § bokföringslagen; art. 13.2 a",
        severity=Severity.WARNING,
        demands="Bookkeeping is told with its seven years.",
        what=text("Bokföring nämns utan sin tid.", "Bookkeeping is named without its period."),
        mend=text(
            "Skriv: till och med sjunde året efter att räkenskapsåret gått ut.",
            "Write: through the seventh year after the financial year ended.",
        ),
        find=without("books", "books_seven"),
    ),
    Rule(
        number="N704",
        article="LEK 9 kap. 28 §; art. 13; C-673/17",
        demands="Cookies are told one by one or by kind, with how long they last.",
        what=text(
            "Kakor används, men inte vilka eller hur länge de ligger kvar.",
            "Cookies are used, but not which, nor how long they last.",
        ),
        mend=text(
            "Lägg in en tabell: namn, syfte, vem som sätter dem, hur länge.",
            "Add a table: name, purpose, who sets them, how long.",
        ),
        find=without("cookies", "cookies_told"),
    ),
    Rule(
        number="N705",
        article="LEK 9 kap. 28 §",
        demands="Cookies that are not necessary wait for consent.",
        what=text(
            "Kakor används utan att besökaren tillfrågas.", "Cookies are used and the visitor is not asked."
        ),
        mend=text(
            "Skriv att andra kakor än de nödvändiga sätts först efter ett ja.",
            "Write that other than necessary cookies are set only after a yes.",
        ),
        find=not_asked,
    ),
    Rule(
        number="N706",
        article="art. 13.3, 5.1 a; WP260",
        demands="Changes are told; the reader need not come back to look.",
        what=text(
            "Läsaren ska själv komma tillbaka och leta efter ändringar.",
            "The reader is to come back and look for changes.",
        ),
        mend=text(
            "Skriv att större ändringar meddelas före de gäller, hur och hur långt före.",
            "Write that major changes are told before they hold, how, and how long before.",
        ),
        find=says("reader_must_look"),
    ),
    Rule(
        number="N707",
        article="art. 5.1 a, 13.3",
        demands="The text is not changed at will.",
        what=text("Texten får ändras när som helst.", "The text may be changed at any time."),
        mend=text(
            "Skriv hur ändringar meddelas; nya ändamål måste sägas innan de börjar.",
            "Write how changes are told; new purposes must be told before they begin.",
        ),
        find=says("change_at_will"),
    ),
    Rule(
        number="N708",
        article="art. 5.1 e",
        demands="Nothing is kept for ever.",
        what=text("Uppgifter sparas tills vidare.", "Data are kept without end."),
        mend=text("Skriv när de tas bort.", "Write when they are erased."),
        find=says("for_ever"),
    ),
    Rule(
        number="N709",
        article="art. 13.3",
        severity=Severity.WARNING,
        demands="Where the text may change, it says how that is told.",
        what=text(
            "Texten kan ändras, men inget sägs om hur det meddelas.",
            "The text may change; not how it is told.",
        ),
        mend=text("Skriv hur och när ändringar meddelas.", "Write how and when changes are told."),
        find=changes_untold,
    ),
)
