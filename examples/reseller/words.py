"""Words of the reseller's letters, and the chain of suppliers."""

from __future__ import annotations

PRODUCTS = {"fiber": 449_00, "mobil": 199_00, "moln": 299_00, "e-post": 59_00, "telefoni": 129_00}
CHAIN = (
    # name, country, who engages it (number in this list)
    ("Nordkajen Plattform AB", "SE", None),
    ("Fjällsträng Accessnät AB", "SE", None),
    ("Koodiklinikka Oy", "FI", None),
    ("Berghälla Datahall AB", "SE", 1),
    ("Kopparrot Lagring AB", "SE", 1),
    ("Vitnos Övervakning ApS", "DK", 1),
)
SUPPLIES = {"fiber": 2, "mobil": 2, "moln": 1, "e-post": 1, "telefoni": 1}
"""Which supplier delivers a product."""
HOUSE = "hej@skarvinge.example"
SUBJECTS = ("Långsamt på kvällarna", "Fel på fakturan", "Ny ägare", "Kommer inte in", "Uppsägning")
FROM_CUSTOMER = (
    "Hej! Det går långsamt sedan i lördags. Ring mig på {phone}. /{name}",
    "Fakturan stämmer inte. Mitt personnummer är {pnr}, jag nås på {mail}. Hälsningar {first}",
    "Min sambo {other} har samma fel, skriv till {other_mail}.",
    "Jag vill flytta tjänsten till {other}. Kundnumret är {no}.",
    "{hostile}",
)
FROM_STAFF = (
    "Hej {first}, vi har frågat den som driver tjänsten och återkommer.",
    "Hej! Vi har skickat ett besked till {mail}. /Skärvinge",
    "Tack. Ärendet på kundnummer {no} är klart.",
)
HANDED = (
    ("tjänst och tid", "Avbrott på tjänst {label} sedan 18.40. Ärende {ticket}."),
    ("tjänst och telefonnummer", "Kunden nås på {phone} om teknikern behöver komma in. Ärende {ticket}."),
    ("tjänst och e-postadress", "Inget brev kommer fram till {mail}. Ärende {ticket}, tjänst {label}."),
)
NOTES = (
    "Vill bara bli ringd efter 17.",
    "{other} får hämta dosan åt kunden, legitimation visad.",
    "Betalar när påminnelsen kommer. Talat med {name}.",
    "Svarar bäst på {mail}.",
)
SENT = ("Planerat avbrott", "Ny prislista", "Nya villkor", "Ditt lösenord är bytt")
PATHS = ("/", "/portal", "/webbpost", "/lagring/dela", "/telefoni/samtal")
