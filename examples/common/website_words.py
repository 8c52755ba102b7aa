"""What all the companies' websites say alike: labels of fields, and a few words around them."""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, tuple[str, str]] = {
    "access": ("Behov på plats", "Needs at the venue"),
    "address": ("Adress", "Address"),
    "answer": ("Ditt svar", "Your answer"),
    "article": ("Vara", "Article"),
    "attachment": ("Bilaga", "Attachment"),
    "booking": ("Antal personer", "Number of people"),
    "born": ("Födelseår", "Year of birth"),
    "card": ("Kort", "Card"),
    "card_token": ("Kort", "Card"),
    "choice": ("Ämnen du vill läsa om", "Topics to read about"),
    "company": ("Företag", "Company"),
    "customer_no": ("Kundnummer", "Customer number"),
    "cv": ("CV", "CV"),
    "diet": ("Mat du inte äter", "Food you do not eat"),
    "domain": ("Domännamn", "Domain name"),
    "email": ("E-post", "E-mail"),
    "health_note": (
        "Något om din hälsa som guiden bör veta",
        "Anything about your health the guide should know",
    ),
    "language": ("Språk", "Language"),
    "letter": ("Personligt brev", "Letter"),
    "list_email": ("E-post för nyhetsbrevet", "E-mail for the newsletter"),
    "message": ("Meddelande", "Message"),
    "name": ("Namn", "Name"),
    "org_no": ("Organisationsnummer", "Registration number"),
    "permission": ("Ni får visa berättelsen på webbplatsen", "You may show the story on the site"),
    "personnummer": ("Personnummer", "National identity number"),
    "phone": ("Telefon", "Phone"),
    "profile": ("Om dig", "About you"),
    "reference": ("Referens", "Referee"),
    "registration": ("Vem kommer?", "Who is coming?"),
    "service": ("Tjänst", "Service"),
    "setting": ("Inställningar", "Settings"),
    "sign": ("Antal skyltar", "Number of signs"),
    "story": ("Din berättelse", "Your story"),
    "terms": ("Jag godkänner villkoren", "I agree to the terms"),
    "ticket": ("Vad gäller det?", "What is it about?"),
    "topic": ("Ämne", "Topic"),
    "tour": ("Vandring", "Walk"),
    "user_name": ("Inloggningsnamn", "Sign-in name"),
}
"""Field of a form -> its label, in Swedish and English."""
LONG = frozenset(("answer", "health_note", "letter", "message", "profile", "story"))
"""Fields of several lines."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "sv": {
        "other": "English",
        "forms": "Formulär",
        "cookies": "Kakor",
        "send": "Skicka",
        "nothing": "Det här är en demo. Det du skriver skickas inte till någon.",
        "film": "En film från vår egen filmvärd. Den hämtas när du säger ja.",
        "invented": "{name} är påhittat, och den här webbplatsen med det.",
    },
    "en": {
        "other": "Svenska",
        "forms": "Forms",
        "cookies": "Cookies",
        "send": "Send",
        "nothing": "This is a demo. What you write is sent to nobody.",
        "film": "A film from our own film host. It is fetched when you say yes.",
        "invented": "{name} is invented, and this website too.",
    },
}
