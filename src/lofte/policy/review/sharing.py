"""Who gets the data and where they go (art. 13.1 e-f, 26, 28, 44-49)."""

from __future__ import annotations

from lofte.fault import Severity
from lofte.policy.review.reader import Reader
from lofte.policy.review.rule import Places, Rule, clash, says, text, without


def transfer_without_safeguard(reader: Reader) -> Places:
    """Data leave the EEA, and nothing that the law knows protects them."""
    return without("transfer", "safeguard")(reader)


def transfer_to_nowhere(reader: Reader) -> Places:
    """Data leave the EEA, and no country is named."""
    return without("transfer", "country")(reader)


def safeguard_without_copy(reader: Reader) -> Places:
    """A safeguard is named, but not where it can be had."""
    named = [hit for hit in reader.hits("safeguard") if "49" not in hit.span.quote]
    if not named or not reader.hits("transfer"):
        return None
    return without("safeguard", "copy_of_safeguard")(reader)


RULES = (
    Rule(
        number="N501",
        article="art. 13.1 e",
        demands="Third parties and suppliers are told by name or by kind.",
        what=text(
            "Uppgifter går till ”tredje part”, ”partner” eller ”leverantörer” utan att det sägs vilka.",
            "Data go to “third parties”, “partners” or “suppliers” without saying which.",
        ),
        mend=text(
            "Skriv namnen, eller vilka slags företag och vad de gör.",
            "Write the names, or which kinds and what they do.",
        ),
        find=says("vague_third"),
    ),
    Rule(
        number="N502",
        article="art. 13.1 f, 44-49",
        demands="A transfer out of the EEA names its safeguard.",
        what=text(
            "Uppgifter får lämna EU och EES utan att någon skyddsåtgärd nämns.",
            "Data may leave the EU and EEA, and no safeguard is named.",
        ),
        mend=text(
            "Skriv beslutet om adekvat skydd eller standardavtalsklausulerna (2021/914).",
            "Write the adequacy decision, or the standard contractual clauses (2021/914).",
        ),
        find=transfer_without_safeguard,
    ),
    Rule(
        number="N503",
        article="art. 13.1 f; WP260",
        severity=Severity.WARNING,
        demands="A transfer out of the EEA names the country.",
        what=text("Inget land nämns för överföringen.", "No country is named for the transfer."),
        mend=text("Skriv vilka länder.", "Write which countries."),
        find=transfer_to_nowhere,
    ),
    Rule(
        number="N504",
        article="art. 5.1 a, 13.1 e",
        demands="What is said of disclosure agrees with itself.",
        what=text(
            "Uppgifter sägs inte lämnas ut, men lämnas ut längre fram i texten.",
            "Data are said not to be disclosed, and are disclosed further on.",
        ),
        mend=text("Säg en gång vem som får vad och varför.", "Say once who gets what, and why."),
        find=clash("never_without", "given_all_the_same"),
    ),
    Rule(
        number="N505",
        article="art. 4.1",
        severity=Severity.WARNING,
        demands="Data about visitors are not called anonymous without saying how.",
        what=text(
            "Uppgifter kallas anonyma utan att det sägs hur; uppgifter om besökare är ofta personuppgifter.",
            "Data are called anonymous without saying how; data about visitors often are personal.",
        ),
        mend=text(
            "Skriv hur de görs anonyma, till exempel minsta gruppstorlek, eller behandla dem som "
            "personuppgifter.",
            "Write how they are made so, such as the smallest group, or treat them as personal data.",
        ),
        find=says("seen_as_anonymous"),
    ),
    Rule(
        number="N506",
        article="art. 13.1 f",
        severity=Severity.NOTE,
        demands="The text says where a copy of the safeguard can be had.",
        what=text(
            "Det står inte var man får en kopia av skyddsåtgärden.",
            "It does not say where a copy of the safeguard is had.",
        ),
        mend=text("Skriv hur man begär den.", "Write how to ask for it."),
        find=safeguard_without_copy,
    ),
    Rule(
        number="N507",
        article="art. 28.3",
        demands="A processor agreement is always there, not only where needed.",
        what=text(
            "Personuppgiftsbiträdesavtal sägs bara vid behov.",
            "A processing agreement is made only where needed.",
        ),
        mend=text(
            "Skriv att avtalet alltid ingås före behandlingen.",
            "Write that it is always made before processing.",
        ),
        find=says("agreement_at_need"),
    ),
    Rule(
        number="N508",
        article="art. 28.3",
        severity=Severity.WARNING,
        demands="Where the company is a processor, its agreement is named.",
        what=text(
            "Företaget är biträde, men avtalet nämns inte.",
            "The company is a processor, but the agreement is not named.",
        ),
        mend=text("Hänvisa till personuppgiftsbiträdesavtalet.", "Point to the processing agreement."),
        find=without("processor", "processor_agreement"),
    ),
    Rule(
        number="N509",
        article="art. 5.1 b, 6.1",
        severity=Severity.WARNING,
        demands="Disclosure does not rest on our own discretion.",
        what=text(
            "Uppgifter får lämnas ut när företaget självt finner det nödvändigt.",
            "Data may be disclosed where the company itself finds it necessary.",
        ),
        mend=text(
            "Skriv i vilka fall, till vem och på vilken grund.",
            "Write in which cases, to whom, on which basis.",
        ),
        find=says("wide_discretion"),
    ),
    Rule(
        number="N510",
        article="art. 6.1, 13.1 c",
        severity=Severity.WARNING,
        demands="Disclosure because of breach or credit risk tells its recipients and basis.",
        what=text(
            "Uppgifter lämnas ut vid avtalsbrott eller för kreditrisk, utan mottagare och rättslig grund.",
            "Data are disclosed on breach or for credit risk, without recipients and legal basis.",
        ),
        mend=text(
            "Skriv till vem (inkasso, domstol) och på vilken grund.", "Write to whom, and on which basis."
        ),
        find=says("when_in_breach"),
    ),
)
