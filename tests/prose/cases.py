"""For each fault and language: what is done to a lawful text to earn it, and what looks like it and is right.

`Edit(out, in_)` takes `out` away and puts `in_` there; with no `out`, `in_` stands last, under a heading.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    number: str
    language: str
    out: str
    in_: str
    near: str = ""
    """A sentence like it that is no fault."""


def _pair(number, sv, en, *, near=("", "")):
    yield Case(number, "sv", *sv, near=near[0])
    yield Case(number, "en", *en, near=near[1])


def _said(number, sv, en, near_sv, near_en):
    yield from _pair(number, ("", sv), ("", en), near=(near_sv, near_en))


ABSENT = [
    *_pair(
        "N101",
        ("Fjällbageriet Exempel AB, organisationsnummer 556000-0000, är personuppgiftsansvarig. ", ""),
        ("Fell Bakery Example Ltd, company number 12345678, is the controller. ", ""),
    ),
    *_pair(
        "N102",
        (
            "Skriv till integritet@bageriet.example eller till Storgatan 1, 831 30 Östersund. Vårt "
"dataskyddsombud nås på ombud@bageriet.example.",
            "Kontaktuppgifter finns på webbplatsen.",
        ),
        (
            "Write to privacy@bakery.example or to Storgatan 1, 831 30 Östersund. Our data protection "
"officer is reached at officer@bakery.example.",
            "You will find the details on our site.",
        ),
    ),
    *_pair(
        "N103",
        ("Fjällbageriet Exempel AB, organisationsnummer 556000-0000, är", "Fjällbageriet är"),
        ("Fell Bakery Example Ltd, company number 12345678, is", "Fell Bakery is"),
    ),
    *_pair(
        "N105",
        (
            "Grunden är avtalet med dig. |Grunden är en rättslig förpliktelse, bokföringslagen "
"(1999:1078).|Grunden är ditt samtycke. Du återkallar samtycket när som helst med länken "
"i varje brev.|Grunden är vårt berättigade intresse av att se vilka sidor som "
"fungerar.|som vilar på vårt berättigade intresse, och alltid mot|, när du återkallar ett "
"samtycke",
            "",
        ),
        (
            "The legal basis is the performance of our contract with you. |The legal basis is a legal "
"obligation, the Bookkeeping Act (1999:1078).|The legal basis is your consent. You "
"withdraw your consent at any time with the link in every letter.|The legal basis is our "
"legitimate interest in seeing which pages work.|that rests on our legitimate interest, "
"and always|, when you withdraw a consent",
            "",
        ),
    ),
    *_pair(
        "N107",
        (
            "Vi lämnar leveransadressen till transportföretaget Cykelbud Exempel AB och fakturan till "
"Skatteverket. Vi anlitar ett driftföretag i Sverige som lagrar våra uppgifter. |Vem får "
"uppgifterna\n\n",
            "",
        ),
        (
            "We pass the delivery address to the courier Bike Post Example Ltd and the invoice to the "
"tax authority. We engage a hosting provider in Sweden that stores our data. |Who "
"receives the data\n\n",
            "",
        ),
    ),
    *_pair(
        "N108",
        (
            "Uppgifter om leveranser raderas 24 månader efter leveransen. Fakturor sparas till och "
"med sjunde året efter att räkenskapsåret gick ut. E-postadressen för nyhetsbrevet sparas "
"tills du avslutar det.|Hur länge sparar vi uppgifterna\n\n|Vi använder namn och köp för "
"att sköta bokföringen. ",
            "",
        ),
        (
            "Data about deliveries are deleted 24 months after delivery. Invoices are kept through "
"the seventh year after the financial year ended. The address for the newsletter is kept "
"until you end it.|How long we keep the data\n\n|We use names and purchases to manage our "
"books. |, the Bookkeeping Act",
            "",
        ),
    ),
    *_pair(
        "N110",
        ("Uppgifterna behandlas bara inom EU.", ""),
        ("The data are processed only within the EU.", ""),
    ),
    *_pair(
        "N111",
        (" Du har rätt till tillgång till dina uppgifter, med en kopia av dem.|Du har rätt till "
"tillgång till dina uppgifter, med en kopia av dem. ", ""),
        ("You have the right of access to your data, with a copy of them. ", ""),
    ),
    *_pair(
        "N112",
        ("Du har rätt till rättelse av det som är fel. ", ""),
        ("You have the right to rectification of what is wrong. ", ""),
    ),
    *_pair(
        "N113",
        (
            "Du har rätt till radering när uppgifterna inte längre behövs, när du återkallar ett "
"samtycke eller när behandlingen är olaglig. ",
            "",
        ),
        (
            "You have the right to erasure when the data are no longer needed, when you withdraw a "
"consent or when the processing is unlawful. ",
            "",
        ),
    ),
    *_pair(
        "N114",
        ("Du har rätt till begränsning av behandlingen medan något utreds. ", ""),
        ("You have the right to restriction of processing while something is looked into. ", ""),
    ),
    *_pair(
        "N115",
        (
            " Du har rätt att få uppgifterna i ett maskinläsbart format och flytta dem till en annan "
"leverantör.",
            "",
        ),
        (
            " You have the right to get the data in a machine-readable format and move them to "
"another provider.",
            "",
        ),
    ),
    *_pair(
        "N116",
        (
            "Rätten att invända\n\nDu har rätt att när som helst invända mot behandling som vilar på "
"vårt berättigade intresse, och alltid mot direkt marknadsföring.\n\n",
            "",
        ),
        (
            "The right to object\n\nYou have the right to object at any time to processing that rests "
"on our legitimate interest, and always to direct marketing.\n\n",
            "",
        ),
    ),
    *_pair(
        "N117",
        (" Du återkallar samtycket när som helst med länken i varje brev.|, när du återkallar ett samtycke",
         " Varje brev har en länk för att avsluta det."),
        (" You withdraw your consent at any time with the link in every letter.|, when you "
"withdraw a consent",
         " Unsubscribe with the link in every letter."),
    ),
    *_pair(
        "N118",
        ("Klagomål\n\nDu har rätt att lämna in klagomål till Integritetsskyddsmyndigheten (IMY), "
"https://www.imy.se/.\n", ""),
        ("Complaints\n\nYou have the right to complain to the Swedish Authority for Privacy "
"Protection (IMY), https://www.imy.se/.\n", ""),
    ),
    *_pair(
        "N119",
        (" Om du inte lämnar uppgifterna kan vi inte leverera.", ""),
        (" If you do not provide them we cannot deliver.", ""),
    ),
    *_pair("N121", ("Gäller från den 1 oktober 2026.\n\n", ""), ("In force from 1 October 2026.\n\n", "")),
    *_pair("N122", ("Vi svarar inom en månad, och det", "Det"), ("We answer within one month, and it", "It")),
    *_pair(
        "N208",
        ("vårt berättigade intresse av att se vilka sidor som fungerar", "en intresseavvägning"),
        ("our legitimate interest in seeing which pages work", "a balancing of interests"),
    ),
    *_pair(
        "N209",
        (" Du återkallar samtycket när som helst med länken i varje brev.|, och alltid mot direkt "
"marknadsföring",
         ""),
        (" You withdraw your consent at any time with the link in every letter.|, and always to "
"direct marketing",
         ""),
    ),
    *_pair(
        "N213",
        ("en rättslig förpliktelse, bokföringslagen (1999:1078)", "en rättslig förpliktelse"),
        ("a legal obligation, the Bookkeeping Act (1999:1078)", "a legal obligation"),
    ),
    *_pair(
        "N405",
        ("1 oktober 2026", "15 maj 2019"),
        ("1 October 2026", "May 15, 2019"),
    ),
    *_pair(
        "N608",
        (
            "Vi fattar inga automatiserade beslut och gör ingen profilering.",
            "Vi fattar automatiserade beslut. Du får alltid en mänsklig omprövning.",
        ),
        (
            "We make no automated decisions and do no profiling.",
            "We make automated decisions. You always get a human review.",
        ),
    ),
    *_pair(
        "N609",
        (
            "Vi fattar inga automatiserade beslut och gör ingen profilering.",
            "Vi fattar automatiserade beslut som bygger på dina köp.",
        ),
        (
            "We make no automated decisions and do no profiling.",
            "We make automated decisions; a decision takes into account what you bought.",
        ),
    ),
    *_pair(
        "N610",
        ("Integritetsskyddsmyndigheten (IMY), https://www.imy.se/", "den nationella tillsynsmyndigheten"),
        (
            "the Swedish Authority for Privacy Protection (IMY), https://www.imy.se/",
            "the supervisory authority",
        ),
    ),
    *_pair(
        "N614",
        (
            "Du har rätt till begränsning av behandlingen medan något utreds.",
            "Ifrågasätter du uppgifternas riktighet har du rätt till begränsning av behandlingen.",
        ),
        (
            "You have the right to restriction of processing while something is looked into.",
            "If you contest the accuracy of data you have the right to restriction of processing.",
        ),
        near=(
            "Är behandlingen olaglig, eller ifrågasätter du riktigheten, har du rätt till begränsning.",
            "Where processing is unlawful, or accuracy is contested, you have the right to restriction.",
        ),
    ),
    *_pair(
        "N701",
        (
            "Uppgifter om leveranser raderas 24 månader efter leveransen. Fakturor sparas till och "
"med sjunde året efter att räkenskapsåret gick ut. E-postadressen för nyhetsbrevet sparas "
"tills du avslutar det.|Vi använder namn och köp för att sköta bokföringen. ",
            "Vi sparar uppgifterna så länge som det är nödvändigt.",
        ),
        (
            "Data about deliveries are deleted 24 months after delivery. Invoices are kept through "
"the seventh year after the financial year ended. The address for the newsletter is kept "
"until you end it.|We use names and purchases to manage our books. |, the Bookkeeping Act",
            "We keep the data as long as necessary.",
        ),
    ),
    *_pair(
        "N703",
        (
            "Fakturor sparas till och med sjunde året efter att räkenskapsåret gick ut.",
            "Fakturor sparas så som bokföringen kräver.",
        ),
        (
            "Invoices are kept through the seventh year after the financial year ended.",
            "Invoices are kept as bookkeeping requires.",
        ),
    ),
    *_pair(
        "N704",
        ("bara nödvändiga kakor. Kakan kundvagn håller reda på din beställning och tas bort efter 1 dag.",
         "andra kakor än de nödvändiga först efter ditt samtycke till kakor."),
        ("only necessary cookies. The cookie basket keeps track of your order and is removed after 1 day.",
         "other than necessary cookies only after your consent to cookies."),
    ),
    *_pair(
        "N705",
        ("bara nödvändiga kakor. Kakan kundvagn", "kakor. Kakan kundvagn"),
        ("only necessary cookies. The cookie basket", "cookies. The cookie basket"),
    ),
    *_pair(
        "N709",
        ("När vi ändrar texten meddelar vi dig med e-post minst 30 dagar innan ändringen gäller.",
         "Den här policyn ändras ibland. Vi kan meddela dig."),
        ("When we change this notice we tell you by e-mail at least 30 days before the change holds.",
         "This notice changes sometimes."),
    ),
]  # fmt: skip

SAID = [
    *_said(
        "N201",
        "Genom att använda våra tjänster accepterar du vår behandling av dina personuppgifter.",
        "By using our services you accept our processing of your personal data.",
        "Att du använder webbplatsen betyder inte att du samtycker till något.",
        "That you use the site does not mean that you consent to anything.",
    ),
    *_said(
        "N202",
        "Du godkänner också att vi skickar sms till dig.",
        "You also agree that we send you text messages.",
        "Vi skickar sms om leveransen.",
        "We send a text message about the delivery.",
    ),
    *_said(
        "N203",
        "Vill du inte ha kakor kan du stänga av dem i din webbläsare.",
        "If you do not want cookies you can turn them off in your browser.",
        "Utöver ditt val hos oss kan du stänga av kakor i din webbläsare.",
        "In addition to your choice here you can turn off cookies in your browser.",
    ),
    *_said(
        "N204",
        "Godkänner du kakor första gången tillåter du dem varje gång.",
        "If you accept cookies the first time you allow them every time.",
        "Vi frågar om kakor första gången du besöker oss, och igen efter tolv månader.",
        "We ask about cookies the first time you come, and again after twelve months.",
    ),
    *_said(
        "N205",
        "Samtliga behandlingar sker med stöd av avtalet med dig.",
        "All processing of personal data is based on the contract with you.",
        "Behandlingen för leverans sker med stöd av avtalet.",
        "The processing for delivery is based on the contract.",
    ),
    *_said(
        "N207",
        "Du måste samtycka till behandlingen för att kunna använda tjänsten.",
        "You must consent to the processing to use the service.",
        "Du behöver aldrig samtycka till något för att handla.",
        "You never have to consent to anything when you shop.",
    ),
    *_said(
        "N210",
        "Vi analyserar köp, och det sker för att utveckla sortimentet enligt avtalet.",
        "We analyse purchases; to develop our range is part of the contract.",
        "Vi utvecklar nya bröd.",
        "We bake new bread.",
    ),
    *_said(
        "N211",
        "Vi behandlar ditt personnummer.",
        "We process your personal identity number.",
        "Vi behandlar ditt personnummer för säker identifiering när du handlar på faktura.",
        "We process your personal identity number for secure identification when you buy on invoice.",
    ),
    *_said(
        "N212",
        "Vi noterar allergier hos våra gäster.",
        "We note allergies of our guests.",
        "Vi noterar allergier bara med ditt uttryckliga samtycke, som du återkallar när du vill.",
        "We note allergies only with your explicit consent, which you withdraw when you like.",
    ),
    *_said(
        "N214",
        "Om du inte invänder inom tio dagar anser vi att du har godkänt det.",
        "If you do not object within ten days we assume that you agree.",
        "Våra formulär har inga förkryssade rutor.",
        "Our forms have no pre-ticked boxes.",
    ),
    *_said(
        "N301",
        "Vi kan komma att dela uppgifter.",
        "We may share data.",
        "Du kan be oss om hjälp.",
        "You may ask us for help.",
    ),
    *_said(
        "N302",
        "Vi samlar in e-post, namn m.m. om dig.",
        "We collect names, e-mail addresses etc. about you.",
        "Vi bakar t.ex. kavring.",
        "We bake rye bread, for example.",
    ),
    *_said(
        "N305",
        "Du kan läsa mer om detta här:",
        "Read more about this here:",
        "Läs mer på https://www.imy.se/ om detta.",
        "Read more at https://www.imy.se/ about this.",
    ),
    *_said(
        "N307",
        "Information om tiderna kommer att ges när vi samlar in dem.",
        "Information about the periods will be given when we collect them.",
        "Information om nya ändamål ges när vi samlar in uppgifter för dem.",
        "Information about a new purpose will be given when we collect data for it.",
    ),
    *_said(
        "N308",
        "Vi strävar efter att svara utan fördröjning.",
        "We strive to answer without delay.",
        "Vi strävar efter att baka gott bröd.",
        "We strive to bake good bread.",
    ),
    *_said(
        "N310",
        "Vi följer alla lagar.",
        "We comply with all applicable laws (1999:1078).",
        "Rimliga säkerhetsåtgärder är att vi krypterar och loggas in med tvåfaktor.",
        "All appropriate measures here means that we encrypt and use two-factor sign-in.",
    ),
    *_said(
        "N312",
        "Vi vill förbättra våra tjänster.",
        "We want to improve our services.",
        "Vi förbättrar våra sidor genom att mäta vilka länkar som är trasiga.",
        "We improve our pages by measuring which links are broken.",
    ),
    *_said(
        "N313",
        "All information används för alla dessa ändamål.",
        "All information is used for any of these.",
        "Adressen används för leverans.",
        "The address is used for delivery.",
    ),
    *_said(
        "N401",
        "Vi följer dataskyddsförordningen (EU) 2016/769.",
        "We follow the General Data Protection Regulation (EU) 2016/769.",
        "Vi följer dataskyddsförordningen (EU) 2016/679.",
        "We follow the General Data Protection Regulation (EU) 2016/679.",
    ),
    *_said(
        "N402",
        "Vi följer personuppgiftslagen.",
        "We follow the Personal Data Act.",
        "Förordningen ersatte personuppgiftslagen 2018.",
        "The regulation replaced the Personal Data Act in 2018.",
    ),
    *_said(
        "N403",
        "Datainspektionen granskar oss.",
        "The Swedish Data Protection Authority supervises us.",
        "Myndigheten hette tidigare Datainspektionen.",
        "The authority was formerly called Datainspektionen.",
    ),
    *_said(
        "N404",
        "Detta gäller när GDPR träder i kraft.",
        "This holds when the GDPR enters into force.",
        "GDPR trädde i kraft 2016.",
        "The GDPR entered into force in 2016.",
    ),
    *_said(
        "N406",
        "Vår leverans av e-post är certifierad enligt Privacy Shield.",
        "Our e-mail is certified under Privacy Shield.",
        "Privacy Shield är ogiltigt sedan 2020.",
        "Privacy Shield has been invalid since 2020.",
    ),
    *_said(
        "N407",
        "Vi har klausulerna i beslut 2010/87/EU.",
        "We have the clauses of decision 2010/87/EU.",
        "Besluten 2021/914 ersatte 2010/87.",
        "Decision 2021/914 replaced 2010/87.",
    ),
    *_said(
        "N408",
        "Det följer av artikel 117 i dataskyddsförordningen.",
        "This follows from Article 117 of the GDPR.",
        "Det följer av artikel 17 i dataskyddsförordningen.",
        "This follows from Article 17 of the GDPR.",
    ),
    *_said(
        "N501",
        "Uppgifter lämnas till betrodda tredje parter.",
        "Data are given to trusted third parties.",
        "Vi säljer aldrig uppgifter till tredje part.",
        "We do not sell data to third parties.",
    ),
    *_said(
        "N502",
        "Uppgifter överförs till Indien, utanför EU.",
        "Data are transferred to India, outside the EU.",
        "Vi överför inte uppgifter till länder utanför EU.",
        "We do not transfer data outside the EU.",
    ),
    *_said(
        "N503",
        "Uppgifter överförs till tredje land med standardavtalsklausuler (2021/914). Begär en "
        "kopia av klausulerna.",
        "Data are transferred to a third country under standard contractual clauses (2021/914). "
        "Ask for a copy of the clauses.",
        "Uppgifter överförs till Indien, utanför EU, med standardavtalsklausuler (2021/914). "
        "Begär en kopia av klausulerna.",
        "Data are transferred to India, outside the EU, under standard contractual clauses "
        "(2021/914). Ask for a copy of the clauses.",
    ),
    *_said(
        "N504",
        "Vi delar aldrig uppgifter med andra. Undantag görs för våra vänner.",
        "We never share data with others. Exceptions are made for our friends.",
        "Vi delar aldrig uppgifter med andra än dem som står här.",
        "We never share data with others than those named here.",
    ),
    *_said(
        "N505",
        "Icke-personligt identifierbar information visas på vår sida.",
        "Non-personally identifiable information is shown on our page.",
        "Statistiken gäller grupper om minst 20 och är anonym.",
        "The statistics are about groups of at least 20 and are anonymous.",
    ),
    *_said(
        "N506",
        "Uppgifter överförs till Indien, utanför EU, med standardavtalsklausuler (2021/914).",
        "Data are transferred to India, outside the EU, under standard contractual clauses (2021/914).",
        "",
        "",
    ),
    *_said(
        "N507",
        "Vi skriver personuppgiftsbiträdesavtal vid behov.",
        "We sign a data processing agreement where needed.",
        "Vi skriver alltid personuppgiftsbiträdesavtal före behandlingen.",
        "We always sign a data processing agreement before processing.",
    ),
    *_said(
        "N508",
        "För det du lagrar hos oss är vi personuppgiftsbiträde.",
        "For what you store here we act as your processor.",
        "För det du lagrar är vi personuppgiftsbiträde enligt biträdesavtalet.",
        "For what you store we act as your processor under the processing agreement.",
    ),
    *_said(
        "N509",
        "Vi lämnar ut det där vi finner det nödvändigt.",
        "We hand it out where we find it necessary.",
        "Vi lämnar ut det när domstol kräver det.",
        "We hand it out when a court orders it.",
    ),
    *_said(
        "N510",
        "Det gäller dem som har brutit mot våra villkor.",
        "This goes for those who have breached our terms.",
        "Det gäller dem som läser våra villkor.",
        "This goes for those who read our terms.",
    ),
    *_said(
        "N601",
        "Utdraget är kostnadsfritt en gång per år.",
        "The copy is free of charge once a year.",
        "Kopian är kostnadsfri varje gång.",
        "The copy is free of charge every time.",
    ),
    *_said(
        "N602",
        "Vi tar ut en avgift för registerutdrag.",
        "We charge a fee for a copy of your data.",
        "Vi tar ingen avgift för registerutdrag.",
        "There is no fee for a copy of your data.",
    ),
    *_said(
        "N603",
        "Bifoga en kopia av din legitimation.",
        "Enclose a copy of your passport.",
        "Skicka aldrig en kopia av din legitimation till oss.",
        "Never send us a copy of your passport.",
    ),
    *_said(
        "N604",
        "Du måste legitimera dig.",
        "You must prove your identity.",
        "Du måste legitimera dig bara om vi har rimliga skäl att tvivla.",
        "You must prove your identity only where we have reasonable doubt.",
    ),
    *_said(
        "N605",
        "Din begäran bedöms från fall till fall.",
        "Your wish is judged on a case-by-case basis.",
        "Din begäran kan bara nekas enligt artikel 17.3.",
        "Your wish can be refused only under Article 17.3.",
    ),
    *_said(
        "N606",
        "Du kan begära radering av uppgifter som är felaktiga.",
        "You can ask for deletion of data that are inaccurate.",
        "Du kan begära radering av uppgifter som är olagliga att ha.",
        "You can ask for deletion of data that we may not have.",
    ),
    *_said(
        "N612",
        "En begäran måste vara skriftlig.",
        "A request must be made in writing.",
        "En begäran behöver inte vara skriftlig.",
        "A request need not be in writing.",
    ),
    *_said(
        "N613",
        "Din begäran besvaras inom 90 dagar.",
        "Your request is answered within 90 days.",
        "Din begäran besvaras inom 30 dagar.",
        "Your request is answered within 30 days.",
    ),
    *_said(
        "N702",
        "Vi sparar avtal för att bevaka bageriets rättsliga intressen.",
        "We retain agreements to protect the bakery's legal interests.",
        "Vi bevakar våra kunders intressen.",
        "We look after our customers.",
    ),
    *_said(
        "N706",
        "Vi rekommenderar att du läser texten med jämna mellanrum.",
        "Please check this page regularly.",
        "Vi granskar texten med jämna mellanrum.",
        "We review this page regularly.",
    ),
    *_said(
        "N707",
        "Vi kan ändra texten när som helst.",
        "We change this text at any time.",
        "Du kan ändra dina inställningar när som helst.",
        "You can change your settings at any time.",
    ),
    *_said(
        "N708",
        "Omdömen sparas tills vidare.",
        "Reviews are kept indefinitely.",
        "Omdömen sparas i 12 månader.",
        "Reviews are kept for 12 months.",
    ),
]
