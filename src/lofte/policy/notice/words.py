"""Words of the notice: lists, dates, channels, measures, in plain Swedish and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from lofte.law.statutes import STATUTES
from lofte.policy.document import Language, Text

MONTHS: Mapping[Language, tuple[str, ...]] = {
    "sv": (
        "januari", "februari", "mars", "april", "maj", "juni",
        "juli", "augusti", "september", "oktober", "november", "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip

CHANNELS: Mapping[str, Text] = {
    "portal": Text(sv="i kundportalen", en="in the customer portal"),
    "email": Text(sv="med e-post", en="by e-mail"),
    "sms": Text(sv="med sms", en="by text message"),
    "phone": Text(sv="per telefon", en="by phone"),
    "chat": Text(sv="i chatten", en="in the chat"),
    "ticket": Text(sv="i ett supportärende", en="in a support ticket"),
    "letter": Text(sv="med brev", en="by letter"),
    "visit": Text(sv="på besök", en="in person"),
    "form": Text(sv="med vårt formulär", en="with our form"),
    "website": Text(sv="på webbplatsen", en="on the website"),
    "message": Text(sv="med ett meddelande i tjänsten", en="by a message in the service"),
}

IDENTIFICATION: Mapping[str, Text] = {
    "portal_login": Text(sv="du loggar in i kundportalen", en="you sign in to the customer portal"),
    "e_id": Text(sv="du använder e-legitimation", en="you use an electronic ID"),
    "known_email_code": Text(
        sv="du svarar med en kod som vi skickar till en adress vi redan har",
        en="you reply with a code that we send to an address we already hold",
    ),
}

MEASURES: Mapping[str, Text] = {
    "access_levels": Text(sv="behörigheter i nivåer", en="levels of access"),
    "two_factor": Text(sv="tvåstegsinloggning för personalen", en="two-step sign-in for staff"),
    "encryption_in_transit": Text(sv="krypterad överföring", en="encrypted transfer"),
    "encryption_at_rest": Text(sv="krypterad lagring", en="encrypted storage"),
    "login_log": Text(sv="logg över inloggningar", en="a log of sign-ins"),
    "change_log": Text(sv="logg över ändringar", en="a log of changes"),
    "alarms": Text(sv="larm", en="alarms"),
    "tested_backups": Text(sv="säkerhetskopior som provas", en="backups that are tested"),
    "network_limits": Text(sv="begränsat nät", en="restricted networks"),
    "intrusion_protection": Text(sv="skydd mot intrång", en="protection against intrusion"),
    "privacy_by_design": Text(
        sv="dataskydd som är inbyggt från början, hos oss och våra partner",
        en="data protection built in from the start, here and with our partners",
    ),
}

HOLDS: Mapping[str, Text] = {
    "legal_obligation": Text(sv="en lag kräver det", en="a law requires it"),
    "legal_claim": Text(
        sv="de behövs i en pågående tvist eller för ett rättsligt anspråk",
        en="they are needed in a dispute or for a legal claim",
    ),
    "active_contract": Text(sv="avtalet fortfarande gäller", en="the contract is still running"),
    "incident": Text(sv="vi utreder en säkerhetsincident", en="we are investigating a security incident"),
}

MAJOR: Mapping[str, Text] = {
    "new_purpose": Text(sv="ett nytt ändamål", en="a new purpose"),
    "new_category": Text(sv="ett nytt slags uppgifter", en="a new kind of data"),
    "new_recipient": Text(sv="en ny mottagare", en="a new recipient"),
    "new_country": Text(sv="ett nytt land", en="a new country"),
    "longer_retention": Text(sv="en längre lagringstid", en="a longer period of storage"),
    "weaker_right": Text(sv="en svagare rättighet", en="a weaker right"),
}

SAFEGUARDS: Mapping[str, Text] = {
    "adequacy": Text(
        sv="EU-kommissionen har beslutat att landet skyddar uppgifterna tillräckligt väl",
        en="the European Commission has decided that the country protects the data well enough",
    ),
    "dpf": Text(
        sv="mottagaren är ansluten till dataskyddsramverket mellan EU och USA",
        en="the recipient is certified under the EU-US Data Privacy Framework",
    ),
    "scc": Text(
        sv="vi har avtalat om EU-kommissionens standardklausuler",
        en="we have agreed on the European Commission's standard clauses",
    ),
    "bcr": Text(
        sv="mottagaren följer bindande företagsregler som en myndighet har godkänt",
        en="the recipient follows binding corporate rules that an authority has approved",
    ),
    "derogation": Text(
        sv="ett undantag i lagen tillåter det i det enskilda fallet",
        en="an exception in the law allows it in the single case",
    ),
}

FORMATS: Mapping[str, str] = {
    "html": "HTML", "pdf": "PDF", "json": "JSON", "csv": "CSV",
    "vcard": "vCard", "icalendar": "iCalendar", "mbox": "mbox",
}  # fmt: skip

ERASURE_GROUNDS: Mapping[str, Text] = {
    "17.1.a": Text(sv="uppgifterna inte längre behövs", en="the data are no longer needed"),
    "17.1.b": Text(sv="du tar tillbaka ditt samtycke", en="you take back your consent"),
    "17.1.c": Text(
        sv="du inte vill ha reklam, eller invänder och vi inte har tyngre skäl att fortsätta",
        en="you do not want advertising, or object and we have no weightier reason to go on",
    ),
    "17.1.d": Text(
        sv="vi saknar rättslig grund eller behandlar uppgifterna olagligt",
        en="we have no legal ground or process the data unlawfully",
    ),
    "17.1.e": Text(sv="en lag kräver att de raderas", en="a law requires that they be erased"),
    "17.1.f": Text(
        sv="uppgifterna samlades in från ett barn på nätet",
        en="the data were collected online from a child",
    ),
}

ERASURE_EXCEPTIONS: Mapping[str, Text] = {
    "17.3.a": Text(sv="yttrandefriheten kräver det", en="freedom of expression requires it"),
    "17.3.b": Text(sv="en lag kräver att vi sparar dem", en="a law requires us to keep them"),
    "17.3.c": Text(sv="folkhälsan kräver det", en="public health requires it"),
    "17.3.d": Text(
        sv="de behövs för arkiv, forskning eller statistik", en="archives, research or statistics need them"
    ),
    "17.3.e": Text(sv="de behövs för ett rättsligt anspråk", en="they are needed for a legal claim"),
}

COUNTRIES: Mapping[str, Text] = {
    "SE": Text(sv="Sverige", en="Sweden"),
    "US": Text(sv="USA", en="the United States"),
    "GB": Text(sv="Storbritannien", en="the United Kingdom"),
    "CH": Text(sv="Schweiz", en="Switzerland"),
    "NO": Text(sv="Norge", en="Norway"),
    "FI": Text(sv="Finland", en="Finland"),
    "DK": Text(sv="Danmark", en="Denmark"),
    "DE": Text(sv="Tyskland", en="Germany"),
    "IE": Text(sv="Irland", en="Ireland"),
    "NL": Text(sv="Nederländerna", en="the Netherlands"),
}


def named(words: Mapping[str, Text], id_: str, language: Language) -> str:
    """The words for an id, or the id itself made readable."""
    text = words.get(id_)
    return text.say(language) if text else id_.replace("_", " ")


def in_words(words: Mapping[str, Text], ids: Iterable[str], language: Language, last: str = "and") -> str:
    """Several ids as one list in words."""
    return listed([named(words, id_, language) for id_ in ids], language, last)


def listed(items: Sequence[str], language: Language, last: str = "and") -> str:
    """`a, b och c`; `last` is "and" or "or". What has an `och` in itself is set apart by `samt`."""
    join = {"sv": {"and": "och", "or": "eller"}, "en": {"and": "and", "or": "or"}}[language][last]
    if len(items) < 2:
        return "".join(items)
    if any(f" {join} " in item for item in items):
        apart = ", and" if (language, last) == ("en", "and") else " samt" if last == "and" else f", {join}"
        return f"{', '.join(items[:-1])}{apart} {items[-1]}"
    return f"{', '.join(items[:-1])} {join} {items[-1]}"


def day(when: date, language: Language) -> str:
    """`1 december 2026`, `1 December 2026`."""
    return f"{when.day} {MONTHS[language][when.month - 1]} {when.year}"


def capital(text: str) -> str:
    """The same words with a capital first letter."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The same words as they stand inside a sentence: abbreviations keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def ended(text: str) -> str:
    """The same words, ended by a full stop."""
    return text if not text or text[-1] in ".!?" else f"{text}."


def statute(id_: str, language: Language) -> str:
    """A statute's name and section, or the id itself when the law room does not know it."""
    known = STATUTES.get(id_)
    return known.name.say(language) if known else id_
