"""The sentences of the letter after an erasure, in Swedish and English, as data."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.plan.holds import HoldKind
from lofte.policy.document import Text

ABOUT = Text(
    sv="Du har bett oss radera dina uppgifter (artikel 17 i dataskyddsförordningen).",
    en="You have asked us to erase your data (Article 17 of the GDPR).",
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
GONE = Text(sv="Det här har vi raderat:", en="This we have erased:")
THINNED = Text(
    sv="Ur det här har vi tagit bort det om dig som inte längre behövs:",
    en="From this we have removed what is about you and is no longer needed:",
)
UNLINKED = Text(
    sv="Det här hör också till någon annan. Vi har tagit bort det som pekar på dig:",
    en="This is somebody else's too. We have removed what points to you:",
)
IT_IS = Text(sv="Det gäller:", en="That is:")
BY_LAW = (
    "Det här har vi kvar, för lagen kräver det: {laws}",
    "This we keep, because the law demands it: {laws}",
)
AND_FOR = (
    "{law}, och för vi behöver det fortfarande till detta: {names}",
    "{law}, and because we still need it for this: {names}",
)
BY_BOTH = (
    "Det här har vi kvar, för lagen kräver det: {laws}, och vi behöver det till detta: {names}",
    "This we keep, because the law demands it: {laws}, and we need it for this: {names}",
)
BY_PURPOSE = (
    "Det här har vi kvar, för vi behöver det fortfarande till detta: {names}",
    "This we keep, because we still need it for this: {names}",
)
REASONS: Mapping[str, Text] = {
    HoldKind.LEGAL_CLAIM.value: Text(
        sv="Det här har vi kvar, för det behövs i en tvist eller ett annat rättsligt anspråk",
        en="This we keep, because it is needed in a dispute or another legal claim",
    ),
    HoldKind.INCIDENT.value: Text(
        sv="Det här har vi kvar, för vi utreder en händelse som rör uppgifterna",
        en="This we keep, because we are looking into an incident that concerns the data",
    ),
    HoldKind.ACTIVE_CONTRACT.value: Text(
        sv="Det här har vi kvar, för ditt avtal med oss löper", en="This we keep, because your contract runs"
    ),
    HoldKind.RESTRICTION.value: Text(
        sv="Det här har vi kvar, för uppgifterna är begränsade och får bara lagras",
        en="This we keep, because the data are restricted and may only be stored",
    ),
    "shared": Text(
        sv="Det här har vi inte rört, för det hör också till någon annan",
        en="This we have not touched, because it is somebody else's too",
    ),
    "mention": Text(
        sv="Det här nämner dig men handlar om någon annan, så en handläggare går igenom det först",
        en="This mentions you but is about somebody else, so a person looks through it first",
    ),
    "referenced": Text(
        sv="Det här har vi kvar, för andra uppgifter som ska finnas kvar hänvisar till det",
        en="This we keep, because other data that must stay refer to it",
    ),
}
REVIEWED = (
    "Vi prövar senast den {day} om det fortfarande behövs. När det inte gör det raderar vi det.",
    "By {day} at the latest we look at whether it is still needed. When it is not, we erase it.",
)
BY_ITSELF = Text(
    sv="Dagen efter den sista dagen raderas det av sig självt. Du behöver inte höra av dig igen.",
    en="The day after the last day it is erased by itself. You need not contact us again.",
)
SOME_BY_ITSELF = Text(
    sv="Det som har en sista dag raderas av sig självt dagen efter. Resten raderas när skälet till att ha "
    "det kvar har upphört.",
    en="What has a last day is erased by itself the day after. The rest is erased when the reason for "
    "keeping it is gone.",
)
WHEN_OVER = Text(
    sv="Det raderas när skälet till att ha det kvar har upphört. Vilken dag det blir vet vi inte än.",
    en="It is erased when the reason for keeping it is gone. We do not know the day yet.",
)
LATER: Mapping[str, Text] = {
    "shared": Text(
        sv="Vi får inte ta något från den andra (artikel 15.4).",
        en="We may not take anything from the other person (Article 15(4)).",
    ),
    "mention": Text(sv="Vi hör av oss om något mer raderas.", en="We contact you if more is erased."),
    HoldKind.RESTRICTION.value: Text(
        sv="Vi säger till innan begränsningen upphör.", en="We tell you before the restriction ends."
    ),
}
TOLD = Text(
    sv="De här har fått, eller kan ha fått, uppgifterna av oss. Vi underrättar dem om raderingen "
    "(artikel 19):",
    en="These have got, or may have got, the data from us. We tell them of the erasure (Article 19):",
)
BACKUPS_UNTIL = (
    "I våra säkerhetskopior kan det raderade ligga kvar till och med den {day}. Vi använder kopiorna bara om "
    "något går sönder, och då raderar vi uppgifterna igen.",
    "In our backups what was erased may remain through {day}. We use the backups only if something breaks, "
    "and then we erase the data again.",
)
BACKUPS = Text(
    sv="I våra säkerhetskopior kan det raderade ligga kvar en tid. Vi använder kopiorna bara om något går "
    "sönder, och då raderar vi uppgifterna igen.",
    en="In our backups what was erased may remain for a time. We use the backups only if something breaks, "
    "and then we erase the data again.",
)
REMEDIES = (
    "Tycker du att vi har fel som har något kvar? Då kan du klaga hos {name}, {url} (artikel 77), och du kan "
    "gå till domstol (artikel 79).",
    "Do you think that we are wrong to keep something? Then you may complain to {name}, {url} (Article 77), "
    "and you may go to court (Article 79).",
)
