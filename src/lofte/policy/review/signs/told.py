"""The words that tell what must be told (art. 13 and 14)."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.review.sign import Sign

_SUPPLIERS_SV = (
    r"leverantör|biträde\b|anlitar|mottagare|google|microsoft|facebook|meta platforms"
    r"|samarbetspartner|\b(lämnar|delar|skickar|överför)\b.{0,60}\btill\b|transport|\bbud\b"
)
_SUPPLIERS_EN = (
    r"supplier|processors?\b|provider|recipient|google|microsoft|facebook|meta platforms"
    r"|partners?\b|\b(pass|shar|send|transfer|disclos)\w*\b.{0,80}\b(to|with)\b|courier"
)
_NAME = r"(?<![\w&.'-])[\w&.'-]{1,40}( [\w&.'-]{1,40}){0,4}"

SIGNS: Mapping[str, Sign] = {
    "identity": Sign(
        sv=_NAME + r",? (ab|aktiebolag|hb|handelsbolag|kb|ekonomisk förening|ideell förening|enskild firma)\b"
        r"|\borg(\.|anisations)? ?-?(nr|nummer)\b.{0,10}\d{6}-?\d{4}|\bstiftelsen [a-zåäö]{2,}",
        en=_NAME + r",? (ab|ltd|llc|inc|plc|gmbh|oy|aps|b\.v|limited(?! (to|access|by|in|number|time"
        r"|liab)))\b|\b(company|registration|corporate) (reg\w* )?(no|number|id)\b.{0,12}\d{5,}",
        but_sv=_SUPPLIERS_SV,
        but_en=_SUPPLIERS_EN,
    ),
    "identity_part": Sign(
        sv=r"\b(är|som|såsom) personuppgiftsansvarig\b|\bansvar(ar|ig|iga) för (att |behandlingen "
        r"|hanteringen )?(av )?(\w+ ){0,2}(personuppgift|personlig)\w*",
        en=r"\b(is|are|as) (the |a )?(data )?controllers?\b|(is|are) responsible for (the |your |our "
        r")?(processing|personal)",
        but_sv=r"\b(du|kund|kunden|ni)\b.{0,80}personuppgiftsansvarig|är personuppgifter|klag",
        but_en=r"\b(you|customer|client)\b.{0,60}controller",
    ),
    "contact": Sign(
        sv=r"(?<![\w.+-])[\w.+-]{1,64}@(?!imy\.|datainspektionen\.)[\w-]{1,80}\.\w{2,}|\b(tel|telefon"
        r"|ring|nås på|telefonnummer)\b\D{0,25}\+?\d[\d -]{6,}|\b(se-)?\d{3} \d{2} [a-zåäö]{2,}"
        r"|\bbox \d{2,5}\b",
        en=r"(?<![\w.+-])[\w.+-]{1,64}@(?!imy\.|datainspektionen\.)[\w-]{1,80}\.\w{2,}|\b(tel"
        r"|telephone|phone|call)\b\D{0,25}\+?\d[\d -]{6,}|\b(se-)?\d{3} \d{2} [a-zåäö]{2,}"
        r"|\b(p\.?o\.? )?box \d{2,5}\b",
        but_sv=r"box 8114|integritetsskyddsmyndigheten|\bimy\b",
        but_en=r"box 8114|authority for privacy|\bimy\b",
    ),
    "contact_part": Sign(
        sv=r"\bkontakta oss\b(?! för att få ut)|kontaktinformation finns|vända dig till"
        r"|kontaktuppgifter hittar",
        en=r"\bcontact us\b|contact (details|information) (is|are|can be)",
        but_sv=r"integritetsskyddsmyndigheten|\bimy\b|datainspektionen|tillsynsmyndighet",
        but_en=r"authority|\bimy\b",
    ),
    "dpo": Sign(sv=r"dataskyddsombud", en=r"data protection officer|\bdpo\b"),
    "dpo_reached": Sign(
        sv=r"dataskyddsombud.{0,200}(@|\d{5}|nås på|adress)|(@|\d{5}).{0,120}dataskyddsombud",
        en=r"(data protection officer|\bdpo\b).{0,200}(@|\d{5}|address|reached at)|(@|\d{5}).{0,120}\bdpo\b",
    ),
    "purposes": Sign(
        sv=r"(använd|behandl|samla|behöv|spara|krävs|nödvändig|hjälper)\w*.{0,140}\b(för att|att "
        r"kunna|syfte|ändamål\w*|oss att|att fullfölja|att skicka)\b|\b(för att|i syfte "
        r"att)\b.{0,120}(behandlar|använder|samlar in|behöver)",
        en=r"\b(us(e|es|ed|ing)|process\w*|collect\w*|need\w*|keep|kept|necessary)\b.{0,140}\b(to|in "
        r"order to|for) (\w+ ){0,3}(provid|deliver|process|improv|send|answer|manag|invoic|bill"
        r"|support|communicat|secur|protect|fulfil|comply|market|analy|purpose|keep|respond"
        r"|administ|operat|recruit|book)\w*",
    ),
    "grounds": Sign(
        sv=r"(rättslig|laglig)a? (grund|förpliktelse|skyldighet)\w* (för|är|enligt|utgörs|:)"
        r"|berättigat intresse|berättigade intressen|intresseavvägning|(med stöd av|grunden är"
        r"|bygger på|grundas på).{0,40}(avtal|samtycke|rättslig förpliktelse|lag\b)"
        r"|fullgöra.{0,25}(avtal|rättslig)|artikel 6|art\. ?6|grund: ",
        en=r"legal (basis|bases|ground|grounds)\b|lawful bas(is|es)|legitimate interests?\b"
        r"|performance of (a|the|our|your) contract|(perform|fulfil) (a|the|our|your) (contract"
        r"|agreement)|article 6|art\. ?6|comply with (a|our|the) legal obligation|(on the basis of"
        r"|based on|rests? on|rel(y|ies) on).{0,30}(consent|contract|agreement|legal obligation)",
        but_sv=r"automatisera\w* besl|behålla dina|saknas|invänd|maskinläs|rätt att (få|begära)|portab"
        r"|^(vi|uppgifter\w*) .{0,30}utan rättslig",
        but_en=r"automated|retain|no longer|\bobject|machine-readable|portab|you have the right|third part",
    ),
    "grounds_part": Sign(
        sv=r"(rättslig|laglig)\w* grund|med stöd av|samtyck\w*|medgivande",
        en=r"legal (basis|ground)|lawful|consent|contract",
        but_sv=r"saknas",
        but_en=r"third part",
    ),
    "recipients": Sign(
        sv=r"\b(lämna|dela|överför|anlita|mottagare|biträdesavtal|biträdesregister|ge |hanteras av"
        r"|skicka)\w*.{0,140}\b(leverantör|underleverantör|personuppgiftsbiträde|myndighet|partner"
        r"|bank|försäkringsbolag|skatteverk|transportör|revisor|koncernbolag|rådgivare|företag "
        r"som)\w*|\b(leverantör|myndighet|partner|bank)\w*.{0,80}(får|tar del av|behandlar"
        r"|mottagare)",
        en=r"\b(shar|disclos|pass|transfer|recipient|engag|hand|sen|giv)\w*.{0,140}\b(supplier"
        r"|provider|processor|authorit|partner|bank|accountant|auditor|carrier|courier|insurer"
        r"|group compan|adviser|advisor|agenc)\w*|\b(supplier|provider|processor|bank"
        r"|authorit)\w*.{0,80}(receive|get|process|recipient)",
        no=True,
    ),
    "recipients_part": Sign(
        sv=r"tredje ?part|tredjeparts?|extern part|mottagare|lämnas? ut",
        en=r"third part|disclos|recipient",
        no=True,
    ),
    "transfers_told": Sign(
        sv=r"standardavtalsklausul|standardiserade dataskyddsbestämmelser|adekvat(a)? skydd"
        r"|adekvansbeslut|beslut om adekvat|bindande företagsbestämmelser|data privacy framework"
        r"|artikel 4[5-9]\b|\b(endast|bara|enbart|uteslutande|alltid|aldrig|inte|inga"
        r"|ingen)\b.{0,80}\b(inom|utanför|lämnar) (eu|ees)|\bstannar inom (eu|ees)|standardklausul",
        en=r"standard contractual clauses|adequacy decision|adequate level|binding corporate rules"
        r"|data privacy framework|article 4[5-9]\b|\b(only|solely|always|never|not"
        r"|no)\b.{0,80}\b(within|outside|leave|inside) (of )?(the )?(eu|eea|european)|\bstays? "
        r"(within|inside) the (eu|eea)|standard clauses",
        but_sv=r"strävar|försöker|privacy shield|lagar inom",
        but_en=r"\b(aim|strive|try|endeavou?r)\b|privacy shield|laws (with)?in",
        no=True,
    ),
    "transfer": Sign(
        sv=r"(överför|behandla|lagra|lämna|skicka|föra|finns)\w*.{0,90}(utanför (eu|ees|europ)|tredje "
        r"?l[aä]nd|\b(i|till) (usa|förenta staterna|kina|indien|ryssland))",
        en=r"(transfer|process|stor|sen[dt]|hosted|access)\w*.{0,90}(outside (of )?(the )?(eu|eea"
        r"|european)|third countr|\b(to|in) (the us|(the )?usa|the united states|india|china)\b)",
    ),
    "retention": Sign(
        sv=r"(spara|behåll|lagra|bevara|radera|gallra|arkiver|tas bort|tar bort|sparas|förvara"
        r"|anonymisera)\w*.{0,160}(\b(\d{1,3}|en|ett|två|tre|fyra|fem|sex|sju|sjunde|åtta|nio|tio"
        r"|tolv|arton|tjugofyra|trettio|nittio) (\w+ )?(dag(ar)?|veck(a|or)|månad(er)?|år(et)?)\b"
        r"|(så länge|medan) (som )?(du (är|har)|avtalet|kontot|ditt konto|kundförhållandet"
        r"|ärendet)|tills? (du|avtalet|ärendet|kontot|uppdraget))|\b\d{1,3} (dagar|veckor|månader"
        r"|år)\b.{0,60}(spara|behåll|lagra|radera|gallra|bevara)",
        en=r"(retain|keep|kept|stor|delet|eras|archiv|anonymi)\w*.{0,160}(\b(\d{1,3}|one|two|three"
        r"|four|five|six|seven|seventh|eight|nine|ten|twelve|eighteen|thirty|ninety) (\w+ )?(days?"
        r"|weeks?|months?|years?)\b|(as long as|while) (you (are|have)|your (account|contract)|the "
        r"(contract|agreement|account|customer))|until (you|the (contract|case|account|agreement)"
        r"|your))",
        but_sv=r"besvara|svarar vi|begäran om|kostnadsfri|cookie|\bkak(a|an|or|orna)\b",
        but_en=r"we (will )?(answer|respond|reply)|request|free of charge|cookie",
    ),
    "retention_part": Sign(
        sv=r"så länge (som )?(det )?(är |det är )?(nödvändig|relevant|krävs|behövs)|längre än (vad "
        r"som (är|krävs) )?nödvändig|tills vidare",
        en=r"as long as (it is |is |they are )?(reasonably )?(necessary|needed|required|relevant)"
        r"|longer than (is |it is )?(necessary|needed)|indefinitely",
        no=True,
    ),
    "provision": Sign(
        sv=r"om du (inte|väljer att inte) (vill )?(lämna|ge|ange|uppge|tillhandahåll|dela)\w*|(inte "
        r")?skyldig att (lämna|ange|uppge)|frivilligt (att|för dig)|(krav enligt (lag|avtal)"
        r"|lagstadgat krav|avtalsenligt krav)|utan (uppgifterna|dessa uppgifter|dem|dina "
        r"uppgifter) kan vi inte",
        en=r"if you (do not|don't|choose not to|decline to|fail to) (provide|give|supply|submit)"
        r"|(obliged|obligation|required by law|required by contract) to (provide|give|supply)"
        r"|(statutory|contractual) requirement|without (the|this|these|your) (data|information"
        r"|details)[^.]{0,20} we cannot|voluntary",
        no=True,
    ),
    "provision_part": Sign(
        sv=r"(krävs|nödvändig\w*|behöver|behövs)\b.{0,60}\b(för att|kunna).{0,50}(leverera|erbjuda"
        r"|tillhandahålla|tjänst)",
        en=r"(necessary|required|needed?)\b.{0,60}\b(to|for)\b.{0,50}(deliver|provid|offer|service)",
    ),
    "categories": Sign(
        sv=r"\b(för- och efter)?namn\b.{0,200}\b(e-?post|telefon|adress|personnummer|ip-adress"
        r"|person-?uppgift)\w*|\b(e-?post|telefon|adress|personnummer|ip-adress)\w*.{0,120}\b(namn"
        r"|e-?post|telefon|adress|inlogg)\w*",
        en=r"\bnames?\b.{0,200}\b(e-?mail|telephone|phone|address|ip address)\w*|\b(e-?mail|telephone"
        r"|phone|address)\w*.{0,120}\b(name|e-?mail|telephone|phone|address|log-?in)\w*",
        but_sv=r"identifierbar|kontakta|vända dig",
        but_en=r"identifiable|contact us",
    ),
    "categories_part": Sign(
        sv=r"personuppgifter|personlig information|uppgifter om dig|\b(namn|ip-adress)\b",
        en=r"personal (data|information)|information about you",
    ),
    "sources": Sign(
        sv=r"(samla|få|hämta|inhämta|lämna|kommer)\w*.{0,80}\b(från|av|via) (dig|kund|offentlig|andra"
        r"|tredje|arbetsgivare|spar\b|formulär|din)|\bdu (själv |aktivt )*(lämna|ange"
        r"|tillhandahåll|ge|uppge|fyll|skicka)\w*|anger vid|genereras",
        en=r"(collect|obtain|receiv|get|come)\w*.{0,80}\bfrom (you|your|public|third|other|a )|\byou "
        r"(yourself )?(give|provide|enter|submit|send|fill)\w*",
    ),
    "deadline": Sign(
        sv=r"\b(inom|senast) (en månad|1 månad|30 dagar|trettio dagar|\w+ (dagar|veckor|arbetsdagar))",
        en=r"\bwithin (one|1|a) (calendar )?month|\bwithin \w+ (working |business |calendar )?(days|weeks)",
    ),
}
