"""Words that the invented guide site's rows are put together from."""

from __future__ import annotations

HOUSE = "hej@stigvis.example"
PLACES = {
    "Storfjället": "Västerbotten",
    "Lilla sjön": "Västerbotten",
    "Höga stigen": "Ångermanland",
    "Kustleden": "Ångermanland",
    "Mossen": "Jämtland",
    "Rävberget": "Jämtland",
}
TITLES = ("Soluppgång", "Svamp och bär", "Fågelskådning", "Vinterstig", "För barn", "Långtur")
HEALTH = (
    "Nötallergi, har penna med mig.",
    "Astma, behöver pauser i backarna.",
    "Opererat knä i våras.",
    "Gravid i vecka 20.",
    "Diabetes typ 1, {companion} vet vad som ska göras.",
    "Hör dåligt på vänster öra.",
    "Äter blodförtunnande. Ring {phone} om något händer.",
)
MESSAGES = (
    "Vi kommer fyra, varav ett barn på sex år.",
    "Kan vi låna stavar? /{first}",
    "{companion} kommer med buss, går det att vänta?",
    None,
    None,
    None,
)
ABOUT = (
    "Gillar tystnad och kokkaffe.",
    "Har gått leden fyra somrar. Skriv gärna till {mail}.",
    "Ny i stan och söker vandringsvänner.",
    None,
)
PRIVATE = (
    "Hej! Ska ni med på lördag? /{first}",
    "Tack för senast. Mitt nummer är {phone} om du vill ses igen.",
    "Kan du fråga {other} ({other_mail}) om tältet?",
    "Bilderna blev fina. Får jag visa dem?",
    "{hostile}",
)
TO_HOUSE = (
    "Hej, jag heter {name} och vill boka om. Min adress är {mail}.",
    "Kvittot har fel namn. Vi var två, jag och {other}, {other_mail}. /{first}",
    "Ta bort min berättelse, tack. Jag har ångrat mig. {first}",
    "Jag fick ont i knät efter turen och vill anmäla det. Ring {phone}.",
    "{hostile}",
)
FROM_HOUSE = (
    "Hej {first}! Det är ordnat. Hör av dig igen om något ser fel ut.",
    "Hej {first}, vi har skickat en bekräftelse till {mail}.",
)
STORIES = (
    ("Dimman lättade", "Vi gick i två timmar innan vi såg något alls. {companion} skrattade hela vägen."),
    ("Första turen", "Jag hade aldrig gått så långt förut."),
    ("Räven på berget", "Den satt alldeles stilla. Bilden är tagen av {companion}."),
)
ASKED = ("packlista", "vägbeskrivning", "bussarnas tider")
PAGES = ("/", "/vandringar", "/boka", "/mina-sidor", "/meddelanden", "/beratta")
