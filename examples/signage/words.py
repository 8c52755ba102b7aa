"""Words that the invented signage company's rows are put together from."""

from __future__ import annotations

from examples.common.words import split

COMPANY = "Ljusruta Skyltsystem AB"
HOUSE = "ljusruta.example"
TRADES = split("Apotek Bageri Bilservice Biograf Gym Hotell Kafé Optik Skola Tandvård Trafik Vårdcentral")
PLACES = ("Entrén", "Kassan", "Väntrummet", "Skyltfönstret", "Matsalen", "Plan 2", "Receptionen", "Perrong 1")
PLANS = {"liten": 149_00, "mellan": 349_00, "stor": 890_00}
PANEL_PATHS = ("/in", "/skyltar", "/spellistor", "/schema", "/fakturor", "/profil")
PLAYER_PATHS = ("/spela/nasta", "/spela/status", "/media/hamta")
PLAYLISTS = ("Höst", "Lunchmenyn", "Öppettider", "Kampanj vecka 45", "Välkommen", "Jul")
SUBJECTS = (
    "Skylten är svart",
    "Fel bild i entrén",
    "Nytt lösenord",
    "Fråga om fakturan",
    "Byta kontaktperson",
    "Uppsägning",
)
CHANNELS = ("email", "chat", "phone", "ticket")
FROM_USER = (
    "Hej! Skylten i receptionen är svart sedan i morse. Ring {phone}. /{first}",
    "Hej, jag heter {name} och kommer inte in. Mitt konto har adressen {mail}.",
    "Kan {other} ({other_mail}) få sköta våra spellistor? Hälsningar {first}",
    "Jag slutar på fredag. Ta bort mig och lägg till {other}, {other_mail}. /{name}",
    "Hi, the menu on screen two is last week's. Regards, {first}",
    "{hostile}",
)
FROM_HOUSE = (
    "Hej {first}! Vi startade om spelaren härifrån. Fungerar det nu?",
    "Hej {first}, en länk är skickad till {mail}.",
    "Hej! Vi ringde {phone} utan svar. Ärendet stängs om sju dagar.",
)
NOTES = (
    "Talat med {first}, vill ha fler skyltar.",
    "Svarar bäst på {mail}.",
    "{name} är föräldraledig, fråga i receptionen.",
)
SERVICE_TEXTS = (
    "Driftstopp i natt mellan två och tre. Skyltarna visar det de har sparat.",
    "En spelare har inte hört av sig på en timme.",
    "Ditt lösenord är ändrat. Var det inte du? Ring oss.",
)
PROPOSALS = ("byt till mellan", "byt till stor", "spela mindre på natten")
