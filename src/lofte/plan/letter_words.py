"""The sentences of the letter after an erasure, in Swedish and English, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lofte.plan.holds import HoldKind
from lofte.plan.layers import Below
from lofte.plan.scope import NOT_ASKED
from lofte.policy.document import Text

ABOUT = Text(
    sv="Du har bett oss radera dina uppgifter (artikel 17 i dataskyddsförordningen).",
    en="You have asked us to erase your data (Article 17 of the GDPR).",
)
ASKED = (
    "Du bad bara om en del: {what}. Resten av dina uppgifter har vi inte rört.",
    "You asked about a part only: {what}. We have not touched the rest of your data.",
)
NOTHING_OF_THAT = Text(
    sv="Av det du bad om har vi inte hittat något.", en="Of what you asked about we have found nothing."
)
NOTHING = Text(
    sv="Vi har letat i alla våra system och inte hittat några uppgifter om dig.",
    en="We have looked in all our systems and found no data about you.",
)
NOTHING_MORE = (
    "Vi har letat i alla våra system och inte hittat fler uppgifter om dig än dem som ärende {numbers} "
    "gäller. Vad som är kvar av dem, och varför, står i svaret på det ärendet.",
    "We have looked in all our systems and found no data about you but those that case {numbers} is about. "
    "What is left of them, and why, is in the answer to that case.",
)

# -- what went -------------------------------------------------------------------------------------

GONE = Text(sv="Det här har vi raderat:", en="This we have erased:")
ROWS = ("{rows}", "{rows}")
ERASED = ("{rows} raderade", "{rows} erased")
THINNED = (
    "{rows} där vi har tagit bort det som rör dig",
    "{rows} from which we have removed what is about you",
)
UNLINKED = (
    "{rows} som också hör till någon annan, där vi har tagit bort det som pekar på dig",
    "{rows} that are somebody else's too, from which we have removed what points to you",
)

# -- what is left ----------------------------------------------------------------------------------

LEFT = Text(sv="Det här har vi kvar, helt eller delvis:", en="This we keep, in whole or in part:")
MINIMISED = (
    "{rows}, utan det som inte längre behövs",
    "{rows}, without what is no longer needed",
)
BECAUSE = Text(sv="Varför, och vad som händer sedan:", en="Why, and what happens then:")
BY_LAW = ("enligt lag {span}", "by law {span}")
PURPOSE = ("ändamålet {names}", "the purpose {names}")
PURPOSES = ("ändamålen {names}", "the purposes {names}")
FOR = ("för {purposes}", "for {purposes}")
FOR_SPAN = ("för {purposes}, {span}", "for {purposes}, {span}")
THEN = ("{first}, och {last}", "{first}, and {last}")
THROUGH = ("till och med den {day}", "through {day}")
RANGE = (
    "(det äldsta till och med den {first}, det nyaste till och med den {last})",
    "(the oldest through {first}, the newest through {last})",
)
SOME_OPEN = ("till och med den {last}, eller {open}", "through {last}, or {open}")
WHILE_LAW = Text(sv="så länge lagen kräver det", en="for as long as the law demands it")
WHILE_NEEDED = Text(sv="så länge det behövs", en="for as long as it is needed")
LAW = ("Enligt lag: {laws} ({article}).", "By law: {laws} ({article}).")
NEEDED = (
    "För {purposes}: vi behöver uppgifterna till det ({article}).",
    "For {purposes}: we need the data for that ({article}).",
)
REVIEWED = (
    "Vi prövar senast den {day} om det fortfarande behövs. När det inte gör det raderar vi det.",
    "By {day} at the latest we look at whether it is still needed. When it is not, we erase it.",
)
BY_ITSELF = Text(
    sv="Dagen efter den sista dagen raderas det av sig självt. Du behöver inte höra av dig igen.",
    en="The day after the last day it is erased by itself. You need not contact us again.",
)
WHEN_OVER = Text(
    sv="När det inte längre behövs raderas det, utan att du hör av dig igen. Vilken dag det blir vet vi "
    "inte än.",
    en="When it is no longer needed it is erased, and you need not contact us again. We do not know the "
    "day yet.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why something stays that neither a statute nor a purpose keeps."""

    tag: Text
    """Beside the rows."""
    why: Text
    """In a sentence of its own, without its full stop."""
    then: Text | None = None
    """What becomes of it; none = it is told by the days."""


REASONS: Mapping[str, Reason] = {
    HoldKind.LEGAL_OBLIGATION.value: Reason(
        tag=Text(sv="enligt lag", en="by law"),
        why=Text(
            sv="Enligt lag: en rättslig förpliktelse kräver det", en="By law: a legal obligation demands it"
        ),
    ),
    HoldKind.LEGAL_CLAIM.value: Reason(
        tag=Text(sv="för ett rättsligt anspråk", en="for a legal claim"),
        why=Text(
            sv="Rättsligt anspråk: det behövs i en tvist eller ett annat rättsligt anspråk",
            en="Legal claim: it is needed in a dispute or another legal claim",
        ),
    ),
    HoldKind.INCIDENT.value: Reason(
        tag=Text(sv="för en utredning", en="for an inquiry"),
        why=Text(
            sv="Utredning: vi utreder en händelse som rör uppgifterna",
            en="Inquiry: we are looking into an incident that concerns the data",
        ),
    ),
    HoldKind.ACTIVE_CONTRACT.value: Reason(
        tag=Text(sv="för ditt avtal", en="for your contract"),
        why=Text(sv="Avtal: ditt avtal med oss löper", en="Contract: your contract with us runs"),
        then=WHEN_OVER,
    ),
    HoldKind.RESTRICTION.value: Reason(
        tag=Text(sv="som är begränsade", en="that are restricted"),
        why=Text(
            sv="Begränsade: uppgifterna får bara lagras",
            en="Restricted: the data may only be stored",
        ),
        then=Text(
            sv="Vi säger till innan begränsningen upphör.", en="We tell you before the restriction ends."
        ),
    ),
    "shared": Reason(
        tag=Text(sv="som också hör till någon annan", en="that are somebody else's too"),
        why=Text(
            sv="Någon annans också: vi får inte ta något från den andra",
            en="Somebody else's too: we may not take anything from the other person",
        ),
    ),
    "mention": Reason(
        tag=Text(
            sv="som nämner dig men handlar om någon annan",
            en="that mention you but are about somebody else",
        ),
        why=Text(
            sv="Nämner dig: en handläggare går igenom det först",
            en="Mentions you: a person looks through it first",
        ),
        then=Text(sv="Vi hör av oss om något mer raderas.", en="We contact you if more is erased."),
    ),
    NOT_ASKED: Reason(
        tag=Text(sv="som du inte bad om", en="that you did not ask about"),
        why=Text(
            sv="Du bad inte om det: din begäran gällde annat",
            en="You did not ask about it: your request was about other data",
        ),
        then=Text(
            sv="Vill du att det raderas också, hör av dig till oss.",
            en="If you want that erased, too, contact us.",
        ),
    ),
    "referenced": Reason(
        tag=Text(sv="som annat hänvisar till", en="that other data refer to"),
        why=Text(
            sv="Annat hänvisar till det: det måste stå kvar så länge som de andra uppgifterna",
            en="Other data refer to it: it must stay for as long as they do",
        ),
        then=WHEN_OVER,
    ),
}

# -- who else, where else, what now ----------------------------------------------------------------

TOLD = Text(
    sv="De här har fått, eller kan ha fått, uppgifterna av oss. Vi underrättar dem om raderingen "
    "(artikel 19):",
    en="These have got, or may have got, the data from us. We tell them of the erasure (Article 19):",
)
BENEATH = Text(
    sv="Det raderade kan ligga kvar en tid där vi inte kan ta bort det rad för rad:",
    en="What was erased may remain for a time where we cannot remove it row by row:",
)
BELOW: Mapping[Below, Text] = {
    Below.BACKUPS: Text(
        sv="i våra säkerhetskopior {span}; vi använder dem bara om något går sönder, och då raderar vi "
        "uppgifterna igen",
        en="in our backups {span}; we use them only if something breaks, and then we erase the data again",
    ),
    Below.REPLICAS: Text(
        sv="i databasens spegelkopior {span}; de följer databasen av sig själva",
        en="in the database's replicas {span}; they follow the database by themselves",
    ),
    Below.LOG: Text(sv="i databasens logg {span}", en="in the database's log {span}"),
    Below.FREE_PAGES: Text(
        sv="i databasens lediga utrymme, tills något annat skrivs där",
        en="in the free space of the database, until something else is written there",
    ),
    Below.RESTORE_LOG: Text(
        sv="krypterat hos oss {span}, ifall raderingen var ett misstag; sedan förstörs nyckeln",
        en="encrypted with us {span}, in case the erasure was a mistake; then the key is destroyed",
    ),
}
"""In the order they are told."""
SOME_TIME = Text(sv="en tid som vi inte kan ange", en="for a time that we cannot state")
RIGHTS = Text(
    sv="Det som är kvar har du fortfarande rätt att få veta, få rättat och få begränsat (artikel 15, 16 och "
    "18).",
    en="What is left you still have the right to be told, to have rectified and to have restricted (Articles "
    "15, 16 and 18).",
)
OBJECT = (
    "{rights} Du får också invända mot {purposes} (artikel 21).",
    "{rights} You may also object to {purposes} (Article 21).",
)
REMEDIES = (
    "Tycker du att vi har fel som har något kvar? Då kan du klaga hos {name}, {url} (artikel 77), och du kan "
    "gå till domstol (artikel 79).",
    "Do you think that we are wrong to keep something? Then you may complain to {name}, {url} (Article 77), "
    "and you may go to court (Article 79).",
)
QUESTIONS = ("Har du frågor? Hör av dig: {how}", "Questions? Contact us: {how}")
