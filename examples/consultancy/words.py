"""Words of the consultancy's forms, letters and notes."""

from __future__ import annotations

ARTICLES = {
    "Nätgenomgång": 9_800_00,
    "Bärbar dator": 14_990_00,
    "Konsult en dag": 11_200_00,
    "Reservström": 3_450_00,
}
EVENTS = ("Säker e-post", "Flytta till molnet", "Tillgängliga webbplatser", "Frukost om lösenord")
PLACES = ("Ljungsalen", "Vita huset", "Skeppet")
VACANCIES = ("Nätverkstekniker", "Systemutvecklare", None)
"""The last: nobody asked, somebody wrote anyway."""
DIETS = ("nötallergi", "glutenfritt", "vegetarisk", None)
ACCESS = ("hörslinga", "rullstol", None, None)
TOPICS = ("säkerhet", "moln", "tillgänglighet", "nät")
PAGES = ("/", "/tjanster", "/seminarier", "/jobb", "/artiklar/losenord", "/artiklar/moln")
CAMPAIGNS = ("host-natgenomgang", "var-seminarier")
HOUSE = "kontakt@vitmossa.example"
LETTERS = (
    "Jag har arbetat med nät i {years} år och söker något nytt. /{name}",
    "Hej! {other} på ert kontor sa att jag skulle höra av mig. Jag nås på {mail}.",
    "I applied before but got no answer. {name}",
)
SAID = ("Noggrann och punktlig. Ring gärna igen. /{referee}", "{name} arbetade hos oss till i våras.", None)
NOTES = (
    "Bra samtal. {other} vill träffa {name} igen.",
    "Hänvisar till {mail} för arbetsprover.",
    "Lönekrav över tak. Nej.",
)
QUESTIONS = (
    "Hej, går det att få fakturan igen? Skriv till {mail}. /{name}",
    "Min kollega {other} ({other_mail}) kan inte anmäla sig.",
    "Sidan om moln går inte att läsa i telefonen.",
    "{hostile}",
)
ANSWERS = ("Hej {first}! Nu är det ordnat.", "Hej, vi har skrivit till {mail}. /Vitmossa")
COMMENTS = (
    "Länken till leverantörens sida är död.",
    "Den länkade sidan ber om för mycket.",
    "Tack, begripligt!",
)
