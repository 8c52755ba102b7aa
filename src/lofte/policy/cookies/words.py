"""What the banner says, in plain Swedish and English.

The refusal begins with "Neka" and "Reject": programs that refuse for people look for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from lofte.policy.parts import Text

Kind = Literal["necessary", "functional", "statistics", "marketing"]

KINDS: Mapping[Kind, tuple[Text, Text]] = {
    "necessary": (
        Text(sv="Nödvändiga", en="Necessary"),
        Text(
            sv="Behövs för att webbplatsen ska fungera. De kan inte stängas av här.",
            en="The website needs them in order to work. They cannot be turned off here.",
        ),
    ),
    "functional": (
        Text(sv="Funktion", en="Function"),
        Text(sv="Minns dina val på webbplatsen.", en="Remember your choices on the website."),
    ),
    "statistics": (
        Text(sv="Statistik", en="Statistics"),
        Text(sv="Visar oss hur webbplatsen används.", en="Show us how the website is used."),
    ),
    "marketing": (
        Text(sv="Marknadsföring", en="Marketing"),
        Text(sv="Mäter och riktar annonser.", en="Measure and target advertisements."),
    ),
}
"""Name and meaning of each kind of cookie, in the order that they are shown."""

WORDS: Mapping[str, Text] = {
    "title": Text(sv="Får vi använda kakor?", en="May we use cookies?"),
    "text": Text(
        sv="Vi använder kakor som webbplatsen behöver. Säger du ja använder vi också kakor för {kinds}. "
        "Du kan när som helst ändra dig under Kakor, på alla sidor.",
        en="We use cookies that the website needs. If you say yes we use cookies for {kinds}, too. "
        "You can change your mind at any time under Cookies, on every page.",
    ),
    "more": Text(sv="Mer om våra kakor", en="More about our cookies"),
    "reject": Text(sv="Neka alla", en="Reject all"),
    "accept": Text(sv="Godkänn alla", en="Accept all"),
    "choose": Text(sv="Välj själv", en="Choose"),
    "open": Text(sv="Kakor", en="Cookies"),
    "save": Text(sv="Spara mina val", en="Save my choices"),
    "close": Text(sv="Stäng", en="Close"),
    "gpc": Text(
        sv="Din webbläsare säger nej till spårning (GPC). Vi följer det och använder bara kakor som "
        "webbplatsen behöver.",
        en="Your browser says no to tracking (GPC). We follow that and use only cookies that the website "
        "needs.",
    ),
    "fine": Text(sv="Det är bra", en="That is fine"),
    "wait": Text(
        sv="Ditt val kunde inte sparas än. Så länge används bara det som är nödvändigt.",
        en="Your choice could not be recorded yet. Until then only what is necessary is used.",
    ),
    "receipt": Text(sv="Kvittens på ditt val", en="Receipt for your choice"),
    "blocked": Text(
        sv="Här finns innehåll från {vendor}. Det visas om du säger ja till kakor för {kinds}.",
        en="Here is content from {vendor}. It is shown if you say yes to cookies for {kinds}.",
    ),
    "show": Text(sv="Visa innehållet", en="Show the content"),
}

OURS = Text(sv="vi själva", en="ourselves")
OTHERS = Text(sv="annat företag", en="another company")
SESSION = Text(sv="tills du stänger webbläsaren", en="until you close the browser")
BARE = Text(
    sv="Din webbläsare kör inga skript här. Då används bara det som är nödvändigt.",
    en="Your browser runs no scripts here. Then only what is necessary is used.",
)
