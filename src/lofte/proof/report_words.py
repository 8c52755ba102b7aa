"""The words of a proof on a page or on paper, in plain Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.document import Text
from lofte.proof.records import Finding

FINDINGS: Mapping[Finding, Text] = {
    Finding.BROKEN: Text(sv="brutet", en="broken"),
    Finding.UNPROVEN: Text(sv="inte visat", en="unproven"),
    Finding.NOT_BUILT: Text(sv="inte visat, del saknas", en="unproven, part missing"),
    Finding.KEPT: Text(sv="hållet", en="kept"),
}
"""Each finding as it is counted, in the order people read them."""

MEANS: Mapping[Finding, Text] = {
    Finding.BROKEN: Text(
        sv="Underlag säger att det inte är så. Under Gör så här står vad som behövs.",
        en="Evidence says that it is not so. What would mend it stands beside it.",
    ),
    Finding.UNPROVEN: Text(
        sv="Inget säger att det är brutet, men inget visar än att det är hållet.",
        en="Nothing says that it is broken, but nothing shows yet that it is kept.",
    ),
    Finding.NOT_BUILT: Text(
        sv="Den del av Löfte som skulle visa det finns inte än. Delen är namngiven.",
        en="The part of Löfte that would show it does not exist yet. The part is named.",
    ),
    Finding.KEPT: Text(sv="Det finns underlag, och det säger så.", en="There is evidence, and it says so."),
}

PROBLEMS: Mapping[Finding, Text] = {
    **FINDINGS,
    Finding.BROKEN: Text(sv="finns här", en="found here"),
    Finding.KEPT: Text(sv="finns inte här", en="not here"),
}
"""What is found of a problem: where all is kept, the problem is not there."""

_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Redovisning av löften", "Proof of promises"),
    "lead": (
        "Varje löfte i integritetspolicyn, och om det är hållet. Utfallen är uträknade ur liggaren och de "
        "levande systemen; ingen har satt dem för hand (artikel 5.2).",
        "Every promise of the privacy policy, and whether it is kept. The findings are computed from the "
        "ledger and the live systems; nobody has set them by hand (Article 5(2)).",
    ),
    "company": ("Företag", "Company"),
    "version": ("Policyns version", "Version of the policy"),
    "since": ("gäller från", "in force from"),
    "draft": ("inte publicerad", "not published"),
    "on": ("Gäller dagen", "Of the day"),
    "made": ("Gjord", "Made"),
    "promises": ("Löften", "Promises"),
    "in_short": ("I korthet", "In short"),
    "contents": ("Innehåll", "Contents"),
    "finding": ("Utfall", "Finding"),
    "count": ("Antal", "Count"),
    "means": ("Det betyder", "It means"),
    "area": ("Område", "Area"),
    "law": ("Lagrum", "Place in the law"),
    "field": ("Uppgift i policyn", "Field of the policy"),
    "why": ("Varför", "Why"),
    "mend": ("Gör så här", "What mends it"),
    "evidence": ("Underlag", "Evidence"),
    "age": ("Nyaste underlaget", "Newest evidence"),
    "entries": ("anteckningar i liggaren", "entries of the ledger"),
    "looked_now": ("Prövat i systemen", "Looked at in the systems"),
    "checks": ("Frågat i systemen", "Asked of the systems"),
    "checks_lead": (
        "Detta frågades när redovisningen gjordes. Svaren är antal; inga uppgifter om någon person.",
        "This was asked when the proof was made. The answers are counts; no data about any person.",
    ),
    "checks_then": (
        "Detta frågades av den redovisning som gjordes då. Vad systemen säger i dag visar inget om en dag "
        "som är förbi.",
        "This was asked by the proof that was made then. What the systems say today shows nothing of a day "
        "that is past.",
    ),
    "not_looked": (
        "De levande systemen är inte sedda. Det som bara de kan visa är inte visat.",
        "The live systems have not been looked into. What only they can show is unproven.",
    ),
    "not_looked_then": (
        "Ingen redovisning från den dagen eller dagarna före hade sett de levande systemen. Det som bara de "
        "kunde visa är inte visat.",
        "No proof of that day or the days before had looked into the live systems. What only they could show "
        "is unproven.",
    ),
    "not_published": (
        "Policyn är inte publicerad. Den redovisas som den är skriven i dag.",
        "The policy is not published. It is judged as it is written today.",
    ),
    "past": (
        "Så stod det vid dagens slut: versionen som gällde då, och det som var antecknat till dess.",
        "So it stood at the end of the day: the version that held then, and what was noted until then.",
    ),
    "part": (
        "Detta är ett urval av löftena. Antalen säger inget om de andra.",
        "This is a choice of the promises. The counts say nothing of the others.",
    ),
    "forgotten": (
        "anteckningar säger inget mer, för det de gällde är raderat sedan dess.",
        "entries say nothing more, for what they were about has been erased since.",
    ),
    "asked": ("Frågan", "Question"),
    "counted": ("Svaret", "Answer"),
    "when": ("När", "When"),
    "erasure": ("De sju vanligaste problemen med radering", "The seven recurring problems with erasure"),
    "erasure_lead": (
        "Europeiska dataskyddsstyrelsens gemensamma granskning 2025 (rapport den 10 februari 2026, 764 "
        "företag och myndigheter) fann samma problem om och om igen. Så här står det till här, efter samma "
        "underlag som löftena.",
        "The coordinated action of the European Data Protection Board in 2025 (report of 10 February 2026, "
        "764 controllers) found the same problems again and again. This is how it stands here, by the same "
        "evidence as the promises.",
    ),
    "secondary": (
        "Så har de som läst rapporten återgett den.",
        "So told by those who have read the report.",
    ),
    "signed": ("Vad redovisningen är bunden till", "What the proof is tied to"),
    "signed_lead": (
        "Liggaren som den var signerad då. Spara raderna: med dem kan man senare se att inget tagits bort. "
        "Redovisningen i JSON är signerad för sig och prövas med lofte-verify.",
        "The ledger as it was signed then. Keep the lines: with them it can be seen later that nothing was "
        "taken out. The proof in JSON is signed by itself and is checked with lofte-verify.",
    ),
    "unsigned": (
        "Liggaren är tom, så inget är signerat.",
        "The ledger is empty, so nothing is signed.",
    ),
    "policy_digest": ("Policyns kontrollsumma (SHA-256)", "Digest of the policy (SHA-256)"),
    "map_digest": ("Datakartans kontrollsumma (SHA-256)", "Digest of the data map (SHA-256)"),
    "weighed": ("Vägda anteckningar", "Entries weighed"),
    "to": ("till och med nummer", "up to number"),
    "checkpoint": ("Avstämning", "Checkpoint"),
    "key": ("Nyckel som prövar den", "Key that checks it"),
    "signature": ("Signatur av JSON-filen", "Signature of the JSON file"),
    "to_findings": ("Till löftena", "To the promises"),
    "other": ("In English", "På svenska"),
    "page": ("Sida", "Page"),
    "none": ("Inget löfte.", "No promise."),
}

WORDS: Mapping[str, Text] = {name: Text(sv=sv, en=en) for name, (sv, en) in _WORDS.items()}


def word(name: str, language: str) -> str:
    """One of the words. Raises KeyError for a name that is none."""
    return WORDS[name].say(language)
