"""The words of consent, and of the other legal bases."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.review.sign import Sign

_USE_SV = (
    r"(genom att|när du|om du|i och med att du|då du)( fortsätt(er|a)( att)?)? (använd|besök|surf"
    r"|registrer|beställ|boka|skrolla|scrolla)\w*"
)
_USE_EN = (
    r"\b(by|when you|if you)( continue to| continuing to| keep)? ?(us(e|ing)|visit|access"
    r"|brows|register|order|book|scroll|continu)\w*"
)
_AGREE_SV = r"\b(accepterar|godkänner|samtycker|godtar|ger (du )?(oss )?(ditt )?samtycke|medger)\b"
_AGREE_EN = r"\b(accept|agree|consent|give (us )?your consent|deemed to (have )?(consent|agree|accept)\w*)\b"

SIGNS: Mapping[str, Sign] = {
    "by_use": Sign(
        sv=rf"{_USE_SV}.{{0,120}}{_AGREE_SV}|{_AGREE_SV}.{{0,100}}{_USE_SV}"
        r"|(fortsatt|din) användning.{0,60}(innebär|betyder|anses som).{0,40}(samtyck|godkän|accepter)\w*",
        en=rf"{_USE_EN}.{{0,120}}{_AGREE_EN}|{_AGREE_EN}.{{0,100}}{_USE_EN}"
        r"|(continued|your) use.{0,60}(means|constitutes|is taken as|signifies).{0,40}(consent|agree"
        r"|accept)\w*",
        but_sv=r"\bvillkor(en)?\b(?!.*(personuppgift|policy))|kryssa|om du samtycker|valt att samtycka",
        but_en=r"\bterms\b(?!.*(personal|privacy|policy))|tick|if you consent|have chosen to consent",
    ),
    "bundled": Sign(
        sv=r"(godkänner|samtycker|accepterar) (du )?också|(godkänner|samtycker"
        r"|accepterar)\b.{0,40}\batt vi (använder|skickar|kontaktar|får)\b.{0,120}(e-?post|sms"
        r"|telefon|utskick|nyhetsbrev)",
        en=r"\byou also (agree|accept|consent)|\b(agree|accept|consent)\b.{0,30}\b(that we may|to us"
        r"|to our) (contact|send|us)\w*.{0,120}(e-?mail|sms|text|phone|newsletter)",
        but_sv=r"kryssa|om du samtycker",
        but_en=r"tick|if you (consent|agree)",
    ),
    "browser": Sign(
        sv=r"(stänga? av|blockera|inaktivera|justera|neka|avvisa|avböj|ställ\w+ in"
        r"|radera)\w*.{0,60}\b(i|via|genom) (din|dina|webbläsar)\w* ?(webbläsar\w*|inställningar)?"
        r"|(cookies?|kakor)\b.{0,120}webbläsarinställning\w*"
        r"|webbläsarinställning\w*.{0,120}(cookies?|kakor)\b|aktiverat cookies i din webbläsare"
        r"|cookies.{0,40}i din webbläsare",
        en=r"(turn(ing)? (\w+ )?off|disabl|block|refus|reject|adjust|chang|set|switch off"
        r"|delet)\w*.{0,70}\b(in|through|via|by|using) (your|the) (web )?browser"
        r"|cookies?\b.{0,120}\bbrowser('s)? (settings|preferences)|\bbrowser('s)? (settings"
        r"|preferences).{0,120}cookies?\b|your browser to (refuse|reject|block)|cookies (are "
        r")?enabled in your browser",
        but_sv=r"samtycke|efter att du (har )?godkänt|utöver|samlar in|inställningar (om|för) webbläsar"
        r"|\bockså\b.{0,40}webbläsare\.?$|\bdessutom\b",
        but_en=r"consent|after you (have )?accept|in addition|we collect|browser settings and"
        r"|\balso\b.{0,60}browser\.?$",
        no=True,
    ),
    "once_for_all": Sign(
        sv=r"(samtyck|godkänn|accept)\w*.{0,100}första gången.{0,100}(varje gång|alla|framöver"
        r"|framtida|alltid)|samtycke\w*.{0,40}(gäller för alltid|kan( du)? inte "
        r"(återkalla|ta|dra)|inte kan (återkalla|ta|dra))",
        en=r"(consent|agree|accept)\w*.{0,100}\bfirst (time|visit).{0,100}(every (time|visit)|each "
        r"(time|visit)|all (future|later)|always)|consent.{0,40}(lasts for ever|is irrevocable"
        r"|(cannot|can not|may not) (be )?(withdr|revok))",
        no=True,
    ),
    "all_on_one": Sign(
        sv=r"\b(samtliga|alla|all) (våra )?(personuppgift|behandling|uppgift"
        r"|information)\w*.{0,60}(med stöd av|grund(as|en)|stöd i|vilar på|sker för att fullgöra"
        r"|sker med)|^detta utförs med stöd av|(vi behandlar|behandlingen (sker|utförs)) (alltid "
        r"|enbart |endast )(med stöd av|på grund av)",
        en=r"\ball (of )?(our |the |this )?(processing|personal data|data|information).{0,60}\b(based "
        r"on|on the basis|rests on|relies on|grounds?)|we (only|always) process.{0,40}(on the "
        r"basis|based on)",
    ),
    "consent_used": Sign(
        sv=r"\b(ditt|ert|uttryckliga|med|av|genom|utan|ditt uttryckliga) (uttryckliga )?(samtycke"
        r"|medgivande)\b|\bsamtyck(er|t|a) (du )?(också )?till\b|medgivit|gett ditt medgivande|med "
        r"hjälp av samtycke|det tillstånd du ger",
        en=r"\b(your|explicit|express|with|on) (explicit |express |prior )?consent\b|\bconsent(ed"
        r"|ing)? to\b|consented|without your (permission|consent)|the permission you give",
        but_sv=r"^(?!.*\binte\b.{0,20}(återkall|tillbaka)).*(återkall|tillbaka)|samtyckesverktyg|maskinläs"
        r"|portab",
        but_en=r"(?<!not )(?<!not be )(withdraw|revok)|machine-readable|portab",
        no=True,
    ),
    "marketing": Sign(
        sv=r"nyhetsbrev|direktmarknadsföring|direkt marknadsföring|erbjudanden|reklamutskick|marknadsföra",
        en=r"newsletter|direct marketing|special offers|promotional|marketing (e-?mail|message"
        r"|communication)s?",
        but_sv=r"invänd|rätt att|förbjuda|tredje ?part",
        but_en=r"\bobject|right to|third part",
    ),
    "marketing_end": Sign(
        sv=r"(avregistrera|avanmäl|avsäga|avprenumerera|tacka nej|säga nej|avbeställ|(återkalla"
        r"|avsluta).{0,30}(nyhetsbrev|prenumeration)|länk\w* i varje)|inte längre (vill ha"
        r"|behöver).{0,30}nyhetsbrev|(rätt att|kan|får)( \w+)? invänd\w*.{0,60}marknadsföring"
        r"|förbjuda användningen.{0,80}marknadsföring",
        en=r"unsubscribe|opt.?out|(link|stop) in (every|each)|say no to|no longer (want|wish)"
        r"|object.{0,60}marketing|stop (receiving|the newsletter)",
        no=True,
    ),
    "improves": Sign(
        sv=r"\b(förbättra|utveckla|optimera|utvärdera|analysera)\b",
        en=r"\b(improv(e|ing)|develop(ing)?|optimi[sz](e|ing)|evaluat(e|ing)|analy[sz](e|ing))\b",
    ),
    "interest": Sign(
        sv=r"intresseavvägning|berättigat intresse|berättigade intresse(n)?",
        en=r"legitimate interests?\b|balancing of interests",
        but_sv=r"invänd|saknas",
        but_en=r"\bobject|override",
    ),
    "interest_named": Sign(
        sv=r"(berättigat|berättigade|vårt|intresseavvägning)[^.]{0,20}(intresse\w*|:|av|där"
        r"|är)[^.]{0,30}\b(av att|i att|är att|att|av)\b.{3,}|intresset (är|att|av)\b",
        en=r"legitimate interests?[^.]{0,30}(\bin\b|\bof\b|\bis to\b|\bto\b|\bare\b|:).{3,}|our "
        r"interest (is|in)\b",
        but_sv=r"invänd|saknas|med stöd av intresseavvägning och",
        but_en=r"\bobject|override",
    ),
    "condition": Sign(
        sv=r"(måste|krävs att) (du )?(samtyck|godkänn|medge)\w*.{0,100}(för att|innan"
        r"|annars).{0,60}(använd|tjänst|köp|beställ|kund)\w*|utan ditt samtycke kan (vi|du) "
        r"inte.{0,60}(tjänst|leverera|kund|köp|avtal)",
        en=r"(must|have to|required to) (consent|agree to (the|our) processing|accept this (privacy "
        r")?policy).{0,100}(to use|before|in order|otherwise)|without your consent,? (we|you) "
        r"(cannot|can't|will not).{0,60}(service|deliver|customer|buy|contract)",
        but_sv=r"cookie|kakor",
        but_en=r"cookie",
        no=True,
    ),
    "national_id": Sign(
        sv=r"\b(personnummer|personnumret|samordningsnummer)\b",
        en=r"\b(personal identity numbers?|national id(entity|entification)? numbers?|social security "
        r"numbers?|personnummer)\b",
        but_en=r"\bnever\b|\bnot\b.{0,30}(number|personnummer)",
        but_sv=r"\baldrig\b|\binte\b.{0,30}personnummer",
    ),
    "national_id_ground": Sign(
        sv=r"säker identifiering|veta säkert|skiljer dig säkert|klart motiverat|beaktansvärt"
        r"|identifiera dig|kreditprövning|bokföringslag|skatt|enligt lag|lagkrav|kontrolluppgift"
        r"|lämna uppgift om|3 kap|samtyck",
        en=r"secure identification|know for certain|tells you safely|clearly (justified|motivated)"
        r"|identify you|\btax|required by law|chapter 3|consent|credit check",
        no=True,
    ),
    "sensitive": Sign(
        sv=r"\b(hälsouppgifter|hälsoinformation|uppgifter om (din )?hälsa|allergi(er)?|fackligt "
        r"medlemskap|facklig "
        r"tillhörighet|biometriska|religiös|sexuell läggning|etniskt ursprung|sjukdom(ar)?"
        r"|funktionsnedsättning)",
        en=r"\b((health|medical) (data|information|records?)|data (about|on) (your )?health"
        r"|allerg(y|ies)|trade union membership"
        r"|biometric|religious|sexual orientation|ethnic origin|illness(es)?|disabilit(y|ies))\b",
    ),
    "sensitive_ground": Sign(
        sv=r"artikel 9|art\. ?9|uttryckliga? samtycke|arbetsrätt|känsliga.{0,80}(bara|endast"
        r"|om).{0,60}(samtyck|lag)",
        en=r"article 9|art\. ?9|explicit consent|employment law|special categories.{0,80}(only|if)",
        no=True,
    ),
    "silence": Sign(
        sv=r"(om du inte|hör vi inte).{0,80}(protester|invänder|svarar|meddelar|hör av dig"
        r"|avböj).{0,60}(samtyck|godkän|accepter|anser vi|utgår vi)|förkryssa\w*|förifylld\w* "
        r"(ruta|kryss)",
        en=r"(if you do not|unless you) (object|reply|respond|tell us|protest).{0,60}(consent|agree"
        r"|accept|assume|deem|take it)|pre-?ticked|pre-?checked",
        no=True,
        but_sv=r"\binga förkryssade|aldrig förkryssa",
        but_en=r"\bno pre-?ticked|never pre-?tick",
    ),
    "legal_duty": Sign(
        sv=r"(tillämplig|gällande) lag(stiftning)?\b|rättslig(a)? förpliktelse\w*|lagkrav|lagstadgade "
        r"(krav|lagringstider)|enligt lag(en)?\b|krävs (enligt|av) lag|skyldiga att göra det "
        r"enligt lag",
        en=r"(applicable|prevailing) laws?\b|legal obligations?|required by law|statutory "
        r"(requirement|retention)|comply with (the )?laws?\b",
        but_sv=r"behålla dina|rätt att|samtycke eller|kräver (att|inte)",
        but_en=r"you have the right",
    ),
    "act_named": Sign(
        sv=r"(bokförings|skatteförfarande|mervärdesskatte|penningtvätts|arbetsmiljö|diskriminerings"
        r"|konsumentköp|skatte|köp|lönegaranti|anställnings)lag\w*|\(\d{4}:\d+\)|\b\d{4}:\d{2,4}\b"
        r"|kap\. ?\d+",
        en=r"(book-?keeping|accounting|tax\w*|money laundering|companies|consumer|work environment"
        r"|discrimination) \w* ?(act|code|law)|\(\d{4}:\d+\)|\b\d{4}:\d{2,4}\b",
    ),
}
