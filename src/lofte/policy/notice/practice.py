"""Security, messages, cookies, changes, the documents, contact (art. 13.3, 32; LEK 9 kap. 28 §)."""

from __future__ import annotations

from lofte.policy.document import Cookie, Cookies
from lofte.policy.notice.periods import span
from lofte.policy.notice.purposes import recipient_name
from lofte.policy.notice.records import Row, Section, Sentence, Table, Voice
from lofte.policy.notice.words import (
    CHANNELS,
    MAJOR,
    MEASURES,
    capital,
    day,
    ended,
    in_words,
    listed,
    statute,
)

_MEASURE_PROMISES = {
    "network_limits": "P090",
    "access_levels": "P091",
    "alarms": "P092",
    "intrusion_protection": "P093",
    "privacy_by_design": "P094",
}


def security(voice: Voice) -> tuple[Section, ...]:
    """What protects the data (art. 32)."""
    measures = voice.policy.security.measures
    if not measures:
        return ()
    what = in_words(MEASURES, measures, voice.language)
    found = [p for m, p in _MEASURE_PROMISES.items() if m in measures]
    if {"login_log", "change_log"} <= set(measures):
        found.append("P096")
    said = voice.say(
        f"Vi skyddar uppgifterna med {what}.",
        f"We protect the data with {what}.",
        at="security.measures",
        promises=("P010", "P095", *found),
    )
    return voice.section("security", "Så skyddar vi uppgifterna", "How we protect the data", (said,))


def messages(voice: Voice) -> tuple[Section, ...]:
    """What is sent and how: service messages, and advertising apart from them."""
    said = []
    ways = voice.policy.communication
    if ways.service_messages:
        how = in_words(CHANNELS, ways.service_messages, voice.language, "or")
        said.append(
            voice.say(
                f"Viktiga meddelanden om tjänsten får du {how}. De hör till avtalet, så du kan inte välja "
                "bort dem.",
                f"You get important messages about the service {how}. They belong to the contract, so you "
                "cannot opt out.",
                at="communication.service_messages",
                promises=("P054", "P055", "P056"),
            )
        )
    if ways.marketing:
        how = in_words(CHANNELS, ways.marketing, voice.language, "or")
        said.append(
            voice.say(
                f"Nyhetsbrev och annan reklam skickar vi bara {how}, och aldrig till den som har sagt nej.",
                f"We send newsletters and other advertising only {how}, and never to those who said no.",
                at="communication.marketing",
                promises=("P054", "P057"),
            )
        )
    if voice.policy.statistics:
        group = voice.policy.statistics.min_group
        whom = listed([recipient_name(voice, r) for r in voice.policy.statistics.recipients], voice.language)
        said.append(
            voice.say(
                f"Statistik lämnar oss bara om varje grupp har minst {group} personer."
                + (f" Den går till {whom}." if whom else ""),
                f"Statistics leave us only if each group has at least {group} people."
                + (f" They go to {whom}." if whom else ""),
                at="statistics.min_group",
                promises=("P080", "P081") if voice.policy.statistics.recipients else ("P081",),
            )
        )
    return voice.section("messages", "Meddelanden från oss", "Messages from us", tuple(said))


def cookies(voice: Voice) -> tuple[Section, ...]:
    """Cookies, the choice, and the table of them (LEK 9 kap. 28 §)."""
    terms = voice.policy.cookies
    if terms is None:
        return ()
    said: list[Sentence | Table] = list(_choice(voice, terms))
    if terms.tool:
        said.append(
            voice.say(
                f"Valet sköts av {terms.tool}.",
                f"The choice is handled by {terms.tool}.",
                at="cookies.tool",
                promises=("P127",),
            )
        )
    if isinstance(terms.table, tuple) and terms.table:
        said.append(_cookie_table(voice, terms.table))
    return voice.section("cookies", "Kakor", "Cookies", tuple(said))


def _choice(voice: Voice, terms: Cookies) -> list[Sentence]:
    law, age = statute(terms.law, voice.language), span(terms.consent_max_age, voice.language)
    if terms.consent == "none_needed":
        return [
            voice.say(
                f"Vi använder bara kakor som behövs för att webbplatsen ska fungera ({law}).",
                f"We use only cookies that the website needs in order to work ({law}).",
                at="cookies.consent",
                promises=("P123", "P126"),
            )
        ]
    said = [
        voice.say(
            f"Vi använder kakor. De som inte är nödvändiga sätts först när du har sagt ja ({law}).",
            f"We use cookies. Those that are not necessary are set only when you have said yes ({law}).",
            at="cookies.consent",
            promises=("P123", "P124", "P125"),
        ),
        voice.say(
            "Du kan ändra dig på varje sida. Då tar vi bort de kakor som inte är nödvändiga. Du kan också "
            f"radera eller stänga av kakor i din webbläsare. Vi frågar igen efter {age}.",
            "You can change your mind on every page. Then we remove the cookies that are not necessary. You "
            f"can also delete or block cookies in your browser. We ask again after {age}.",
            at="cookies.withdraw",
            promises=("P125", "P128", "P131"),
        ),
    ]
    if terms.refuse_as_easy:
        said.insert(
            1,
            voice.say(
                "Det är lika lätt att säga nej som ja. Säger du nej fungerar webbplatsen ändå, men den kan "
                "glömma dina val.",
                "It is as easy to say no as yes. If you say no the website still works, but it may forget "
                "your choices.",
                at="cookies.refuse_as_easy",
                promises=("P125", "P126"),
            ),
        )
    return said


_KINDS = {
    "necessary": ("nödvändig", "necessary"),
    "functional": ("funktion", "functional"),
    "statistics": ("statistik", "statistics"),
    "marketing": ("marknadsföring", "marketing"),
}


def _cookie_table(voice: Voice, table: tuple[Cookie, ...]) -> Table:
    return Table(
        caption=voice.words("Våra kakor", "Our cookies"),
        head=(
            voice.words("Namn", "Name"),
            voice.words("Slag", "Kind"),
            voice.words("Vad den gör", "What it does"),
            voice.words("Från", "From"),
            voice.words("Hur länge", "How long"),
        ),
        rows=tuple(
            Row(
                cells=(
                    cookie.name,
                    capital(voice.words(*_KINDS[cookie.purpose])),
                    ended(capital(voice.of(cookie.text))),
                    cookie.provider,
                    _lifetime(voice, cookie.lifetime),
                ),
                path=f"cookies.table[{number}]",
                promises=("P123", "P124", *_COOKIE_PROMISES[cookie.purpose], *_both_lifetimes(table)),
            )
            for number, cookie in enumerate(table)
        ),
        path="cookies.table",
    )


_COOKIE_PROMISES = {
    "necessary": (),
    "functional": ("P132",),
    "statistics": ("P129", "P132"),
    "marketing": ("P130",),
}


def _both_lifetimes(table: tuple[Cookie, ...]) -> tuple[str, ...]:
    """Some cookies end with the session and some stay: each row tells which."""
    sessions = {cookie.lifetime == "session" for cookie in table}
    return ("P133",) if len(sessions) > 1 else ()


def _lifetime(voice: Voice, lifetime: str) -> str:
    if lifetime == "session":
        return voice.words("Tills du stänger webbläsaren", "Until you close the browser")
    return span(lifetime, voice.language)


def changes(voice: Voice) -> tuple[Section, ...]:
    """How changes are told before they take force (art. 13.3)."""
    terms = voice.policy.changes
    said = []
    if terms.major and terms.notify:
        what = in_words(MAJOR, terms.major, voice.language, "or")
        how = in_words(CHANNELS, terms.notify, voice.language)
        before = span(terms.lead_time, voice.language)
        told = ["P141"] if {"email", "website"} & set(terms.notify) else []
        told += ["P142"] if "portal" in terms.notify else []
        told += ["P143"] if {"message", "website"} <= set(terms.notify) else []
        said.append(
            voice.say(
                f"Vi kan behöva ändra texten. Gäller det {what} berättar vi det {how}, minst {before} innan "
                "ändringen gäller.",
                f"We may need to change this text. If it is about {what} we tell you {how}, at least "
                f"{before} before the "
                "change applies.",
                at="changes.lead_time",
                promises=("P140", *told),
            )
        )
    said.append(
        voice.say(
            "Tidigare versioner sparas. Du kan läsa dem här på sidan, och du får dem om du frågar oss.",
            "Earlier versions are kept. You can read them here on the site, and you get them if you ask us.",
            at="meta.version",
            promises=("P140", "P144"),
        )
    )
    return voice.section("changes", "När texten ändras", "When this text changes", tuple(said))


def documents(voice: Voice) -> tuple[Section, ...]:
    """The version, its dates, and the documents that go with it."""
    said = _version(voice)
    for number, document in enumerate(voice.policy.documents):
        title = voice.of(document.title, document.id)
        version = f", version {document.version}" if document.version else ""
        where = f": {document.url}" if document.url else ""
        said.append(
            voice.say(
                f"Hör till texten: {title}{version}{where}",
                f"Goes with this text: {title}{version}{where}",
                at=f"documents[{number}]",
                promises=("P004",),
            )
        )
    said.append(
        voice.say(
            "Du samtycker inte till något genom att läsa texten eller använda våra tjänster. Den är "
            "information till dig.",
            "You do not consent to anything by reading this text or using our services. It is information "
            "for you.",
            at="meta.title",
            promises=("P008",),
        )
    )
    where = f"{voice.of(voice.policy.authority.name)}: {voice.policy.authority.url}"
    said.append(
        voice.say(
            f"Du kan läsa mer om dataskyddsförordningen hos {where}",
            f"You can read more about the GDPR at {where}",
            at="authority.url",
            promises=("P039",),
        )
    )
    return voice.section("documents", "Om den här texten", "About this text", tuple(said))


def _version(voice: Voice) -> list[Sentence]:
    meta = voice.policy.meta
    said = [
        voice.say(
            f"Det här är version {meta.version}. Den gäller från den {day(meta.effective_from, 'sv')}.",
            f"This is version {meta.version}. It applies from {day(meta.effective_from, 'en')}.",
            at="meta.effective_from",
            promises=("P005",),
        )
    ]
    if meta.updated:
        said.append(
            voice.say(
                f"Texten uppdaterades senast den {day(meta.updated, 'sv')}.",
                f"The text was last updated on {day(meta.updated, 'en')}.",
                at="meta.updated",
                promises=("P006",),
            )
        )
    if meta.supersedes:
        said.append(
            voice.say(
                f"Den ersätter version {meta.supersedes}.",
                f"It replaces version {meta.supersedes}.",
                at="meta.supersedes",
            )
        )
    return said


def contact(voice: Voice) -> tuple[Section, ...]:
    """How to reach the company about personal data (art. 13.1 a)."""
    contact = voice.policy.controller.contact
    said = []
    if contact.channels:
        how = in_words(CHANNELS, contact.channels, voice.language, "or")
        said.append(
            voice.say(
                f"Har du frågor? Hör av dig {how}.",
                f"Do you have questions? Contact us {how}.",
                at="controller.contact.channels",
                promises=("P145", "P146"),
            )
        )
    labels = {
        "email": ("E-post", "E-mail"),
        "phone": ("Telefon", "Phone"),
        "address": ("Adress", "Address"),
        "url": ("Formulär", "Form"),
    }
    for field, (sv, en) in labels.items():
        way = getattr(contact, field)
        if way:
            said.append(
                voice.say(
                    f"{sv}: {way}",
                    f"{en}: {way}",
                    at=f"controller.contact.{field}",
                    promises=("P146", *(("P148",) if field in ("email", "address") else ())),
                ),
            )
    return voice.section("contact", "Kontakta oss", "Contact us", tuple(said))
