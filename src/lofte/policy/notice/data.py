"""The notice's beginning: the short version, who answers, and what is collected (art. 13.1 a-b, 14.1 d)."""

from __future__ import annotations

from lofte.policy.document import Category, Role, Source
from lofte.policy.notice.assured import forms
from lofte.policy.notice.records import Section, Sentence, Voice
from lofte.policy.notice.words import CHANNELS, capital, day, ended, in_words, listed, small, statute


def short(voice: Voice) -> tuple[Section, ...]:
    """The short version: what most readers want to know."""
    said = (*_short_of_data(voice), *_short_of_you(voice))
    return voice.section("short", "Kort om det viktigaste", "The short version", said)


def _short_of_data(voice: Voice) -> tuple[Sentence, ...]:
    who, count = company(voice), len(voice.policy.purposes)
    categories = voice.policy.categories.items()
    kinds = listed([small(voice.of(category.name, id_)) for id_, category in categories], voice.language)
    return (
        voice.say(
            f"{who} ansvarar för hur dina personuppgifter används.",
            f"{who} is responsible for how your personal data are used.",
            at=_company_path(voice),
            promises=("P002",),
        ),
        voice.say(
            "Här berättar vi vilka uppgifter vi samlar in, vad vi använder dem till, hur länge vi sparar dem "
            "och vilka som får dem.",
            "Here we tell which data we collect, what we use them for, how long we store them and who gets "
            "them.",
            at="meta.title",
            promises=("P001", "P007"),
        ),
        voice.say(
            f"Vi behandlar dessa slags uppgifter: {kinds}.",
            f"We process these kinds of data: {kinds}.",
            at="categories",
            promises=("P001",),
        ),
        voice.say(
            f"Vi använder uppgifterna till {count} ändamål och inte till något annat. Varje ändamål står "
            "nedan, med sin rättsliga grund.",
            f"We use the data for {count} purposes and nothing else. Each purpose is given below, with its "
            "legal ground.",
            at="purposes",
            promises=("P001", "P011", "P012"),
        ),
    )


def _short_of_you(voice: Voice) -> list[Sentence]:
    authority, since = voice.of(voice.policy.authority.name), voice.policy.meta.effective_from
    said = [
        voice.say(
            "Du har rätt att få veta vad vi har om dig, att få fel rättade och att få uppgifter raderade.",
            "You have the right to know what we hold about you, to have errors corrected and to have data "
            "erased.",
            at="rights",
            promises=("P097",),
        ),
        voice.say(
            f"Är du inte nöjd kan du klaga hos {authority}.",
            f"If you are not satisfied you may complain to {authority}.",
            at="authority.name",
            promises=("P149", "P150"),
        ),
        voice.say(
            f"Texten gäller från den {day(since, 'sv')}.",
            f"This text applies from {day(since, 'en')}.",
            at="meta.effective_from",
            promises=("P005",),
        ),
    ]
    if voice.policy.retention:
        kept = voice.say(
            "Varje uppgift har en tid. När tiden är ute tar vi bort uppgiften eller det som pekar på dig.",
            "All data have a period. When it is over we remove the data, or what points to you.",
            at="retention",
            promises=("P001", "P134"),
        )
        return [kept, *said]
    return said


def company(voice: Voice) -> str:
    """The company as the document names it."""
    controller = voice.policy.controller
    return controller.legal_name or controller.trade_name or voice.words("Företaget", "The company")


def _company_path(voice: Voice) -> str:
    return "controller.legal_name" if voice.policy.controller.legal_name else "controller"


def controller(voice: Voice) -> tuple[Section, ...]:
    """Who answers for the processing, the data protection officer, and the roles (art. 4.7-8, 13.1 a-b)."""
    who = voice.policy.controller
    said = [
        voice.say(
            f"{company(voice)} är personuppgiftsansvarig. Det betyder att vi bestämmer varför och hur "
            "uppgifterna "
            "används, och att vi svarar för det.",
            f"{company(voice)} is the controller. That means that we decide why and how the data are used, "
            "and answer "
            "for it.",
            at=_company_path(voice),
            promises=("P002", "P014"),
        )
    ]
    if who.org_no:
        said.append(
            voice.say(
                f"Vårt organisationsnummer är {who.org_no}.",
                f"Our company registration number is {who.org_no}.",
                at="controller.org_no",
                promises=("P002",),
            )
        )
    if who.contact.address:
        said.append(
            voice.say(
                f"Vår adress är {who.contact.address}.",
                f"Our address is {who.contact.address}.",
                at="controller.contact.address",
                promises=("P002", "P148"),
            )
        )
    if who.representative:
        said.append(
            voice.say(
                f"Vår företrädare i EU är {who.representative}.",
                f"Our representative in the EU is {who.representative}.",
                at="controller.representative",
                promises=("P002",),
            )
        )
    said += _officer(voice)
    for number, role in enumerate(voice.policy.roles):
        said += _role(voice, role, f"roles[{number}]")
    return voice.section("controller", "Vem som ansvarar", "Who is responsible", tuple(said))


def _officer(voice: Voice) -> list[Sentence]:
    officer = voice.policy.dpo
    ways = [way for way in (officer.email, officer.phone) if way]
    if officer.designated == "no":
        return [
            voice.say(
                "Vi har inget dataskyddsombud.", "We have no data protection officer.", at="dpo.designated"
            )
        ]
    if officer.designated != "yes" or not ways:
        return []
    reach = listed(ways, voice.language, "or")
    return [
        voice.say(
            f"Vårt dataskyddsombud svarar på frågor om dina uppgifter: {reach}.",
            f"Our data protection officer answers questions about your data: {reach}.",
            at="dpo.email" if officer.email else "dpo.phone",
            promises=("P147",),
        )
    ]


def _role(voice: Voice, role: Role, at: str) -> list[Sentence]:
    known = voice.policy.subjects
    names = [small(voice.of(known[s].name)) if s in known else s.replace("_", " ") for s in role.for_]
    whom = listed(names, voice.language)
    if role.as_ == "controller":
        return (
            [
                voice.say(
                    f"Texten gäller dessa personer: {whom}.",
                    f"This text is for these people: {whom}.",
                    at=f"{at}.for",
                    promises=("P003",),
                )
            ]
            if whom
            else []
        )
    said = [
        voice.say(
            f"För en del uppgifter är vi bara personuppgiftsbiträde. Det gäller uppgifter om {whom}. "
            "Då är det vår kund som bestämmer och svarar för uppgifterna. Frågar du oss om dem skickar vi "
            "frågan vidare till kunden och berättar det för dig.",
            f"For some data we are only the processor. These are data about {whom}. Then our customer "
            "decides about the data and answers for them. If you ask us about them we pass the question on "
            "to the customer and tell you so.",
            at=f"{at}.for",
            promises=("P034",),
        )
    ]
    if role.offered_to:
        agreement = _titled(voice, role.agreement) or voice.words(
            "biträdesavtalet", "the processing agreement"
        )
        offered = {
            "all_customers": ("alla kunder", "all customers"),
            "on_request": ("kunder som ber om det", "customers who ask for it"),
        }[role.offered_to]
        said.append(
            voice.say(
                f"Vad vi får göra då står i ett avtal som vi erbjuder {offered[0]}: {agreement}.",
                f"What we may do then is set out in an agreement that we offer to {offered[1]}: {agreement}.",
                at=f"{at}.offered_to",
                promises=("P035", "P036") if role.offered_to == "all_customers" else ("P036",),
            )
        )
    return said


def _titled(voice: Voice, document: str | None) -> str:
    for candidate in voice.policy.documents:
        if candidate.id == document:
            return voice.of(candidate.title, candidate.id)
    return ""


_CATEGORY_PROMISES = {
    "identification": ("P022",),
    "national_id": ("P023",),
    "contact": ("P024",),
    "payment": ("P030",),
    "correspondence": ("P021", "P028", "P029"),
    "usage": ("P027", "P033"),
    "history": ("P025", "P026"),
    "recruitment": ("P153",),
}
_ITEM_PROMISES = {"customer_no": "P031", "org_no": "P032", "account": "P032"}


def collected(voice: Voice) -> tuple[Section, ...]:
    """Which kinds of data, and where they come from (art. 14.1 d, 14.2 f)."""
    policy = voice.policy
    said: list[Sentence] = []
    for id_, category in policy.categories.items():
        said += _category(voice, id_, category)
    for id_, source in policy.sources.items():
        said.append(_source(voice, id_, source))
    said += forms(voice)
    return voice.section("collected", "Vilka uppgifter vi samlar in", "Which data we collect", tuple(said))


def _category(voice: Voice, id_: str, category: Category) -> list[Sentence]:
    name, why = capital(voice.of(category.name, id_)), ended(voice.of(category.text))
    items = listed(
        [voice.of(item.name, item.id.replace("_", " ")) for item in category.items], voice.language
    )
    listing = f"{name}: {items}." if items and items != small(name) else f"{name}."
    text = f"{listing} {why}".strip()
    named = dict.fromkeys(_ITEM_PROMISES[item.id] for item in category.items if item.id in _ITEM_PROMISES)
    promises = ("P001", *_CATEGORY_PROMISES.get(id_, ()), *named)
    said = [Sentence(text=text, path=f"categories.{id_}", promises=promises)]
    if category.special == "9":
        said.append(
            voice.say(
                f"{name} är känsliga uppgifter och skyddas extra ({voice.words('artikel 9', 'Article 9')}).",
                f"{name}: these data are sensitive and get extra protection (Article 9).",
                at=f"categories.{id_}.special",
            )
        )
    if category.ground:
        said.append(_ground(voice, id_, category))
    return said


def _ground(voice: Voice, id_: str, category: Category) -> Sentence:
    assert category.ground is not None
    why, law = ended(voice.of(category.ground.text)), statute(category.ground.law, voice.language)
    masked = category.mask == "last4"
    return voice.say(
        f"{why} Därför får vi använda numret utan samtycke, enligt {law}."
        + (" Personalen ser bara de fyra sista tecknen, om inte hela numret behövs." if masked else ""),
        f"{why} That is why we may use the number without consent, under {law}."
        + (" Staff see only the last four characters, unless the whole number is needed." if masked else ""),
        at=f"categories.{id_}.ground",
        promises=("P023",),
    )


def _source(voice: Voice, id_: str, source: Source) -> Sentence:
    name = voice.of(source.name, id_.replace("_", " "))
    kinds = listed(
        [
            small(voice.of(voice.policy.categories[c].name, c))
            for c in source.categories
            if c in voice.policy.categories
        ],
        voice.language,
    )
    promises = ("P016", "P017") if source.automatic else () if source.third_party else ("P015",)
    return voice.say(
        f"Vi får uppgifter från {name}. Det gäller {kinds}.",
        f"We get data from {name}. This applies to {kinds}.",
        at=f"sources.{id_}",
        promises=promises,
    )


def reach(voice: Voice, channels: tuple[str, ...]) -> str:
    """Channels in words: `med e-post eller per telefon`."""
    return in_words(CHANNELS, channels, voice.language, "or")
