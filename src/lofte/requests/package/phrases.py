"""The words of the package. It speaks the language of the person, whatever the machine speaks,
and it is made outside any web request; so its words are data and not gettext."""

# ruff: noqa: E501
from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    "eyebrow": ("Registerutdrag enligt artikel 15 i dataskyddsförordningen",
                "Answer to your request for access under Article 15 GDPR"),
    "title": ("Dina uppgifter hos {controller}", "Your data at {controller}"),
    "skip": ("Hoppa till svaret", "Skip to the answer"),
    "contents": ("Innehåll", "Contents"),
    "datasets": ("Datamängder", "Datasets"),
    "yes": ("Ja", "Yes"),
    "no": ("Nej", "No"),
    "case": ("Ärende", "Case"),
    "received": ("Begäran kom in", "Request received"),
    "made": ("Sammanställt", "Compiled"),
    "identified": ("Så visste vi att det var du", "How we knew it was you"),
    "policy": ("Policy som gällde", "Policy in force"),
    "policy_text": ("{title}, version {version}", "{title}, version {version}"),
    "searched": ("Vi har letat efter", "We looked for"),
    "email": ("e-postadressen {value}", "the e-mail address {value}"),
    "personnummer": ("ditt personnummer", "your national identity number"),
    "customer_no": ("kundnummer {value}", "customer number {value}"),
    "user_name": ("användarnamnet {value}", "the user name {value}"),
    "phone": ("telefonnumret {value}", "the phone number {value}"),
    "ip": ("IP-adressen {value}", "the IP address {value}"),
    "layer1": ("Svaret i korthet", "The answer in short"),
    "layer2": ("Dina uppgifter", "Your data"),
    "layer2_intro": ("Här står uppgifterna i klartext. Tekniska nycklar är utelämnade; de finns bland rådata.",
                     "Here are the data in plain words. Technical keys are left out; they are among the raw data."),
    "layer3": ("Rådata", "Raw data"),
    "layer3_intro": ("Varje rad som den står i våra system. Filen data.json innehåller allt och kan läsas av "
                     "andra datorprogram; CSV-filerna kan öppnas i ett kalkylprogram.",
                     "Every row as it stands in our systems. The file data.json holds everything and can be read "
                     "by other programs; the CSV files can be opened in a spreadsheet."),
    "what": ("Uppgifter vi har", "Data we hold"),
    "category": ("Kategori", "Category"),
    "items": ("Uppgifter", "Data"),
    "from": ("Kommer från", "Comes from"),
    "kept": ("Sparas", "Kept"),
    "why": ("Varför vi har dem", "Why we have them"),
    "who": ("Vem som får dem", "Who gets them"),
    "nobody": ("Ingen utanför {controller} har fått dina uppgifter.",
               "Nobody outside {controller} has got your data."),
    "abroad": ("Utanför EU/EES", "Outside the EU/EEA"),
    "held": ("Det du inte ser här, och varför", "What you do not see here, and why"),
    "nothing_held": ("Ingenting har hållits tillbaka eller dolts.", "Nothing has been withheld or hidden."),
    "withheld": ("Uppgifter som inte lämnas ut", "Data not given"),
    "masked": ("Uppgifter som visas delvis", "Data partly shown"),
    "forwarded": ("Uppgifter som hör till våra kunder", "Data that belong to our customers"),
    "files": ("Filer som inte är med", "Files not included"),
    "waiting": ("Rader som nämner dig men handlar om någon annan", "Rows that mention you but are about somebody else"),
    "kept_back": ("Rader som vi har läst och inte lämnar ut", "Rows that we have read and do not give"),
    "shared": ("Uppgifter som kan vara någon annans", "Data that may be somebody else's"),
    "concerns": ("Det gäller: {what}.", "This concerns: {what}."),
    "and_more": ("{items} med mera", "{items} and more"),
    "machine": ("Automatiska beslut", "Automated decisions"),
    "effects": ("Vad det betyder för dig: {effects}", "What it means for you: {effects}"),
    "logic": ("Så fungerar det: {logic}", "How it works: {logic}"),
    "rights": ("Dina rättigheter", "Your rights"),
    "rights_intro": ("Det kostar ingenting. Skriv till oss och ange ärendets nummer.",
                     "It costs nothing. Write to us and give the number of the case."),
    "complain": ("Om du inte är nöjd", "If you are not satisfied"),
    "ask_us": ("Fråga oss", "Ask us"),
    "ask_dpo": ("Dataskyddsombud", "Data protection officer"),
    "ask_authority": ("Klaga hos {authority}", "Complain to {authority}"),
    "authority_text": ("Du har alltid rätt att klaga hos tillsynsmyndigheten (artikel 77). Det kostar ingenting.",
                       "You always have the right to complain to the supervisory authority (Article 77). "
                       "It costs nothing."),
    "special": ("Känsliga uppgifter (artikel {n})", "Special category of data (Article {n})"),
    "dataset": ("Datamängd", "Dataset"),
    "pages": ("Läs alla rader", "Read all rows"),
    "as_page": ("Webbsida", "Web page"),
    "csv": ("CSV-fil", "CSV file"),
    "number": ("Antal rader", "Rows"),
    "one_row": ("1 rad", "1 row"),
    "n_rows": ("{n} rader", "{n} rows"),
    "period": ("{first} – {last}", "{first} – {last}"),
    "kept_until": ("Sparas {until}", "Kept {until}"),
    "by_law": ("enligt {law}", "under {law}"),
    "latest": ("De {n} senaste av {all} rader visas här.", "The latest {n} of {all} rows are shown here."),
    "first": ("De {n} första av {all} rader visas här.", "The first {n} of {all} rows are shown here."),
    "all_rows": ("Alla rader, som de står i systemet", "All rows, as they stand in the system"),
    "row": ("Rad {n}", "Row {n}"),
    "page_title": ("{name}: rad {first}–{last} av {all}", "{name}: rows {first}–{last} of {all}"),
    "previous": ("Föregående sida", "Previous page"),
    "next": ("Nästa sida", "Next page"),
    "back": ("Till svaret", "Back to the answer"),
    "here": ("Sidor", "Pages"),
    "none": ("uppgift saknas", "no value"),
    "nothing": ("Här finns inga rader, eftersom vi inte har några uppgifter att lämna ut.",
                "There are no rows here, since we have no data to give."),
    "pdf": ("Samma svar som PDF", "The same answer as PDF"),
    "pdf_rest": ("I PDF-filen visas högst {n} rader per datamängd. Alla rader finns i samma paket: att läsa i "
                 "mappen rows, och i data.json och CSV-filerna.",
                 "The PDF shows at most {n} rows of each dataset. All rows are in the same package: to read in "
                 "the folder rows, and in data.json and the CSV files."),
    "csv_note": ("CSV-filerna är i UTF-8 med kommatecken mellan fälten. Börjar en text med ett tecken som "
                 "kalkylprogram kör som formel står en apostrof före; i data.json står texten oförändrad.",
                 "The CSV files are in UTF-8 with a comma between fields. Where a text begins with a sign that "
                 "spreadsheets run as a formula there is an apostrophe before it; data.json holds it unchanged."),
    "manifest": ("manifest.json listar alla filer med storlek och kontrollsumma (SHA-256).",
                 "manifest.json lists all files with their size and checksum (SHA-256)."),
    "footer": ("Svaret gäller vad som fanns {day}. Ärende {number}.",
               "The answer is about what was there on {day}. Case {number}."),
    "readme": ("Det här är svaret på din begäran, ärende {number}.\nÖppna index.html i en webbläsare; det "
               "behövs inget nät. index.pdf säger samma sak.\ndata.json innehåller alla uppgifter för andra "
               "datorprogram; schema/data.schema.json beskriver den.",
               "This is the answer to your request, case {number}.\nOpen index.html in a browser; no network is "
               "needed. index.pdf says the same.\ndata.json holds all data for other programs; "
               "schema/data.schema.json describes it."),
    "page": ("Sida", "Page"),
    "org_no": ("org.nr {n}", "reg. no. {n}"),
}  # fmt: skip


def phrase(key: str, language: str, **parts: str) -> str:
    """The words for `key` in Swedish or English."""
    sv, en = PHRASES[key]
    return (sv if language == "sv" else en).format(**parts)
