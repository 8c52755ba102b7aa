"""Words that the invented people, companies and letters are put together from."""

from __future__ import annotations

from examples.common.words import AGENTS as AGENTS
from examples.common.words import CITIES as CITIES
from examples.common.words import FIRST as FIRST
from examples.common.words import HOSTILE as HOSTILE
from examples.common.words import LAST as LAST
from examples.common.words import MAIL_HOSTS as MAIL_HOSTS
from examples.common.words import STREETS as STREETS
from examples.common.words import split

TRADES = split(
    "Bageri Bokföring Bygg Cykel El Fiske Foto Glas Keramik Måleri Rör Smide Trädgård Åkeri Översättning"
)
PLANS = {"start": 59_00, "plus": 119_00, "pro": 249_00, "server": 799_00}
SERVICES = ("web", "mail", "server", "backup")
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
