"""The sentences of an answer, in Swedish and English, as data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lofte.law.bases import BASES
from lofte.law.statutes import STATUTES
from lofte.policy.document import Text

MONTHS_SV = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

ROLES: dict[str, Text] = {
    "processor": Text(
        sv="arbetar för vår räkning (personuppgiftsbiträde)", en="works on our behalf (processor)"
    ),
    "controller": Text(
        sv="ansvarar själv för uppgifterna", en="is itself responsible for the data (controller)"
    ),
    "joint_controller": Text(
        sv="ansvarar tillsammans med oss", en="is responsible together with us (joint controller)"
    ),
    "authority": Text(sv="myndighet", en="public authority"),
}

ONLY_BY_LAW = Text(
    sv="Får uppgifter bara om en lag kräver att vi lämnar ut dem.",
    en="Gets data only if a law requires us to hand them over.",
)
ONLY_BY_CLAIM = Text(
    sv="Får uppgifter bara om det blir tvist om ett rättsligt anspråk.",
    en="Gets data only if there is a dispute over a legal claim.",
)

MAY_HAVE = Text(
    sv="Kan ha fått uppgifter om dig. Vi för inget register över varje gång.",
    en="May have received data about you. We keep no register of each time.",
)

SAFEGUARDS: dict[str, Text] = {
    "adequacy": Text(
        sv="EU-kommissionen har beslutat att landet har en adekvat skyddsnivå (art. 45)",
        en="the European Commission has decided that the country gives adequate protection (Art. 45)",
    ),
    "dpf": Text(
        sv="mottagaren är ansluten till EU-US Data Privacy Framework (art. 45)",
        en="the recipient is certified under the EU-US Data Privacy Framework (Art. 45)",
    ),
    "scc": Text(
        sv="EU-kommissionens standardavtalsklausuler (art. 46.2 c)",
        en="the European Commission's standard contractual clauses (Art. 46(2)(c))",
    ),
    "bcr": Text(
        sv="bindande företagsbestämmelser (art. 46.2 b, 47)", en="binding corporate rules (Art. 46(2)(b), 47)"
    ),
    "derogation": Text(
        sv="ett undantag för särskilda situationer (art. 49)",
        en="a derogation for a specific situation (Art. 49)",
    ),
}

NO_SAFEGUARD = Text(sv="ingen skyddsåtgärd är angiven; fråga oss", en="no safeguard is stated; please ask us")

COPIES: dict[str, Text] = {
    "on_request": Text(sv="Du får en kopia om du ber om det.", en="You get a copy if you ask for it."),
    "public": Text(sv="En kopia finns publicerad.", en="A copy is published."),
}

MASKED_OWN = Text(
    sv="Bara de fyra sista tecknen visas, ifall någon annan skulle få se svaret.",
    en="Only the last four characters are shown, in case somebody else should see the answer.",
)
MASKED_OTHERS = Text(
    sv="Namn, adresser och nummer som inte är dina, så vitt vi vet, visas som punkter för att skydda andra "
    "(art. 15.4). Säg till om något av dem är ditt.",
    en="Names, addresses and numbers that are not yours, as far as we know, are shown as dots to protect "
    "others (Art. 15(4)). Tell us if any of them is yours.",
)
NO_REASON = Text(
    sv="Att lämna ut uppgiften skulle skada andras rättigheter (art. 15.4).",
    en="Giving out the data would harm the rights of others (Art. 15(4)).",
)
FILES = Text(
    sv="I svaret står filernas namn. Filerna själva är inte med, eftersom de ligger utanför de register "
    "vi läser automatiskt. Du har rätt att få dem: hör av dig till oss, så skickar vi dem.",
    en="This answer has the names of the files. The files themselves are not in it, since they lie outside "
    "the registers that we read automatically. You have a right to them: contact us and we send them.",
)
FORWARDED = Text(
    sv="Här är vi bara personuppgiftsbiträde: uppgifterna hör till en av våra kunder, och det är kunden som "
    "svarar dig. Vänd dig till det företag eller den förening vars webbplats eller tjänst du har använt. "
    "Vi hjälper kunden att hitta uppgifterna (art. 28.3 e).",
    en="Here we are only a processor: the data belong to one of our customers, and it is the customer who "
    "answers you. Turn to the company or association whose site or service you used. "
    "We help the customer find the data (Art. 28(3)(e)).",
)
WAITING = Text(
    sv="De här raderna handlar om dig men också om någon annan: de nämner dig, eller så står andras namn i "
    "dem. Därför är de inte med i svaret förrän någon av oss har läst dem (art. 15.4). När det är gjort får "
    "du en komplettering. Vill du skynda på det: hör av dig till oss.",
    en="These rows are about you but about somebody else, too: they mention you, or others are named in "
    "them. That is why they are not in this answer until one of us has read them (Art. 15(4)). When that is "
    "done, you get a supplement. If you want it sooner, contact us.",
)
KEPT_BACK = Text(
    sv="Någon av oss har läst de här raderna. De handlar om någon annan, som skulle ta skada "
    "av att de lämnades ut (art. 15.4). Är du inte nöjd kan du klaga, se nedan.",
    en="One of us has read these rows. They are about somebody else, whom it would harm if "
    "they were given (Art. 15(4)). If you are not satisfied you may complain, see below.",
)
SHARED = Text(
    sv="Fler än du har samma uppgift (till exempel en delad e-postadress). Vi lämnar inte ut de raderna "
    "förrän vi vet vems de är. Lämna gärna en uppgift till, till exempel kundnummer (art. 12.6).",
    en="You share a detail with somebody else (a common e-mail address, for instance). We do not give out "
    "those rows until we know whose they are. Please give us one more detail, such as a customer number "
    "(Art. 12(6)).",
)
NO_DECISIONS = Text(
    sv="Vi fattar inga beslut om dig med enbart automatiska medel.",
    en="We make no decisions about you by automated means alone.",
)
NOT_ARTICLE_22 = Text(
    sv="Det är inget beslut med rättsliga följder eller liknande (art. 22).",
    en="It is not a decision with legal or similarly significant effects (Art. 22).",
)
ARTICLE_22 = Text(
    sv="Du kan få beslutet prövat av en människa, säga vad du tycker och invända mot det (art. 22.3).",
    en="You can have the decision reviewed by a human being, give your view and contest it (Art. 22(3)).",
)
NO_TRANSFERS = Text(
    sv="Ingen av dem som får dina uppgifter finns utanför EU/EES.",
    en="None of those who get your data is outside the EU/EEA.",
)


def ground(basis: str) -> Text:
    """What a legal basis means, and where it stands in the law."""
    known = BASES[basis]
    return Text(**{lang: f"{known.plain.say(lang)[:-1]} ({known.cite(lang)})." for lang in ("sv", "en")})


def statute(id_: str) -> Text | None:
    """What people call a statute; None when we do not know it."""
    known = STATUTES.get(id_)
    return Text(sv=_tied(known.name.sv), en=known.name.en) if known else None


def _tied(name: str) -> str:
    """`7 kap. 2 §` stays on one line."""
    return name.replace(" kap. ", "\u00a0kap.\u00a0").replace(" §", "\u00a0§")


def say_date(day: date) -> Text:
    """A day as people write it."""
    return Text(
        sv=f"{day.day} {MONTHS_SV[day.month - 1]} {day.year}",
        en=f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}",
    )


def join(template_sv: str, template_en: str, **parts: Text | str | int) -> Text:
    """One sentence in both languages, each part said in its language."""
    sv = {k: p.say("sv") if isinstance(p, Text) else p for k, p in parts.items()}
    en = {k: p.say("en") if isinstance(p, Text) else p for k, p in parts.items()}
    return Text(sv=template_sv.format(**sv), en=template_en.format(**en))


def ended(text: Text) -> Text:
    """The same sentence, ended once, whether whoever wrote it put the full stop or not."""
    said = {language: text.say(language) for language in ("sv", "en")}
    return Text(**{k: v if not v or v[-1] in ".!?" else f"{v}." for k, v in said.items()})


def rows(count: int) -> Text:
    """`1 rad`, `1 200 rader`."""
    said = f"{count:,}"
    return Text(
        sv=f"{said} rad" if count == 1 else f"{said.replace(',', chr(160))} rader",
        en=f"{said} row" if count == 1 else f"{said} rows",
    )


def enumerated(told: Sequence[Text]) -> Text:
    """`a, b och c`."""
    said = {}
    for language, last in (("sv", " och "), ("en", " and ")):
        parts = [each.say(language) for each in told]
        said[language] = last.join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
    return Text(**said)
