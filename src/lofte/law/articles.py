"""The articles of the GDPR that Löfte names, and how they are cited in plain text."""

from __future__ import annotations

import re

from lofte.law.wording import Wording

ARTICLES: dict[str, Wording] = {
    "4": Wording(sv="Definitioner", en="Definitions"),
    "5": Wording(sv="Principer för behandling", en="Principles of processing"),
    "6": Wording(sv="Laglig behandling", en="Lawfulness of processing"),
    "7": Wording(sv="Villkor för samtycke", en="Conditions for consent"),
    "8": Wording(sv="Barns samtycke", en="A child's consent"),
    "9": Wording(sv="Känsliga personuppgifter", en="Special categories of data"),
    "10": Wording(sv="Uppgifter om lagöverträdelser", en="Criminal convictions and offences"),
    "11": Wording(sv="Behandling utan identifiering", en="Processing without identification"),
    "12": Wording(sv="Klar och tydlig information", en="Transparent information"),
    "13": Wording(sv="Information när uppgifter samlas in", en="Information when data are collected"),
    "14": Wording(sv="Information när uppgifter kommer från andra", en="Information on data from others"),
    "15": Wording(sv="Rätt till tillgång", en="Right of access"),
    "16": Wording(sv="Rätt till rättelse", en="Right to rectification"),
    "17": Wording(sv="Rätt till radering", en="Right to erasure"),
    "18": Wording(sv="Rätt till begränsning", en="Right to restriction"),
    "19": Wording(sv="Underrättelse till mottagare", en="Notice to recipients"),
    "20": Wording(sv="Rätt till dataportabilitet", en="Right to data portability"),
    "21": Wording(sv="Rätt att göra invändningar", en="Right to object"),
    "22": Wording(sv="Automatiserade beslut", en="Automated decisions"),
    "24": Wording(sv="Den personuppgiftsansvariges ansvar", en="Responsibility of the controller"),
    "25": Wording(sv="Inbyggt dataskydd", en="Data protection by design"),
    "28": Wording(sv="Personuppgiftsbiträden", en="Processors"),
    "30": Wording(sv="Register över behandling", en="Records of processing"),
    "32": Wording(sv="Säkerhet", en="Security"),
    "33": Wording(sv="Anmälan av incident", en="Notification of a breach"),
    "34": Wording(sv="Information till den registrerade om incident", en="Telling persons of a breach"),
    "35": Wording(sv="Konsekvensbedömning", en="Impact assessment"),
    "37": Wording(sv="Dataskyddsombud", en="Data protection officer"),
    "44": Wording(sv="Överföring till tredjeland", en="Transfers to third countries"),
    "45": Wording(sv="Beslut om adekvat skyddsnivå", en="Adequacy decisions"),
    "46": Wording(sv="Lämpliga skyddsåtgärder", en="Appropriate safeguards"),
    "47": Wording(sv="Bindande företagsbestämmelser", en="Binding corporate rules"),
    "49": Wording(sv="Undantag för särskilda situationer", en="Derogations for specific situations"),
    "77": Wording(sv="Rätt att klaga hos tillsynsmyndigheten", en="Right to complain to the authority"),
    "79": Wording(sv="Rätt till domstolsprövning", en="Right to a judicial remedy"),
}
"""Article number to its name; paragraphs and points share the article's name."""

_REFERENCE = re.compile(r"^(\d{1,2})(?:\.(\d{1,2}))?(?:\.([a-z]))?$")


def cite(reference: str, language: str) -> str:
    """`15.1.b` as people write it: "artikel 15.1 b" or "Article 15(1)(b)".

    What is no reference to an article (`MFL-19-2`) comes back as it is.
    """
    found = _REFERENCE.match(reference)
    if not found:
        return reference
    article, paragraph, point = found.groups()
    if language == "sv":
        return f"artikel {article}" + (f".{paragraph}" if paragraph else "") + (f" {point}" if point else "")
    return f"Article {article}" + (f"({paragraph})" if paragraph else "") + (f"({point})" if point else "")


def name(reference: str, language: str) -> str:
    """The name of the article that `reference` belongs to. Raises KeyError."""
    return ARTICLES[reference.split(".", 1)[0]].say(language)
