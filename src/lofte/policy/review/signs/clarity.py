"""The words of hedges, examples, striving and empty claims."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.review.sign import Sign

SIGNS: Mapping[str, Sign] = {
    "hedges": Sign(
        sv=r"\b(vi|informationen|uppgifter(na)?|information|data) (kan|kan också|kan även|kan i vissa "
        r"fall)( dock)?( \w+)?( komma att)?( \w+)? (samla|använda|använd|behandla|lämna|dela|spara"
        r"|överföra|lagra|överför|behöva|komma)\w*|\bkan (dock )?(\w+ )?komma att\b|\bi vissa "
        r"(fall|situationer)\b|\bkan (också |även |dock )?(användas|lämnas|delas|behandlas|samlas "
        r"in|överföras)\b(?! in\b)",
        en=r"\b(we|information|data|they) (may|might|could)( also| sometimes)? (be )?(collect|use"
        r"|process|shar|disclos|transfer|store|keep|retain|us|pass|send)\w*|\bin (some|certain) "
        r"(cases|situations|circumstances)\b",
        but_sv=r"\b(policy|policyn|dataskyddspolicy|integritetspolicy)\b.{0,20}\bkan\b|du kan\b|inte "
        r"kan\b|för att (vi )?(ska |skall )?kunna|kan vi inte|kan inte|\bkan (behöva )?ändra|\bkan "
        r"\w+ .{0,80}\b(om|när|medan|så länge)\b .{0,60}(lag|tvist|anspråk|avtalet|incident"
        r"|utred)\w*",
        but_en=r"\bpolicy may\b|\byou may\b|may not\b|change this|under (chapter|section|article)|\bmay "
        r".{0,80}\b(if|when|while)\b .{0,60}(law|claim|dispute|contract|incident|look into"
        r"|investigat)",
    ),
    "open_list": Sign(
        sv=r"\b(t\.ex\.|t\. ex\.|exempelvis|till exempel|vanligtvis|i regel|normalt|bland annat"
        r"|bl\.a\.|m\.m\.|med mera|och liknande|eller liknande|osv|och så vidare|ev\.)",
        en=r"\b(for example|e\.g\.|typically|usually|normally|among other things|etc|and so on|and "
        r"similar|including but not limited to)\b",
        but_sv=r"kommunikationsväg|kontaktsätt|skicka information till dig",
        but_en=r"ways of (communication|contact)|channels|to send you information",
    ),
    "about_data": Sign(
        sv=r"\b(kategori|samla\w* in|utgörs|e-?post|namn|adress|telefon|ip-adress|personnummer"
        r"|historik|loggning|uppgifter som|felrapport|ändamål|syfte)\w*",
        en=r"\b(categor|collect|e-?mail|names?|address|telephone|phone|ip address|identity number"
        r"|histor|log|data such|purpose)\w*",
    ),
    "later": Sign(
        sv=r"(information|besked|uppgift)\w*.{0,120}(kommer att (ges|lämnas)|ges|lämnas|får du|ge "
        r"dig).{0,80}(när vi samlar|i samband med|vid insamling|senare)|kommer vi att ge dig "
        r"information",
        en=r"(information|details).{0,120}(will be (given|provided)|we will (give"
        r"|provide)).{0,80}(when we collect|at the time|later|on collection)",
        but_sv=r"ändring|policy\w* ändras|nya ändamål",
        but_en=r"chang|new purpose",
        asides=True,
    ),
    "strives": Sign(
        sv=r"\b(strävar( alltid| ständigt)? efter|försöker( alltid)?|har som (mål|ambition))\b",
        en=r"\b(strive|endeavou?r|aim|try|attempt|make every effort)( to)\b",
        but_sv=r"förbättra webb|personlig service",
        but_en=r"improve the (site|website)",
    ),
    "strives_duty": Sign(
        sv=r"(inom eu|ees|fördröjning|svara|besvara|radera|skydda|lämna ut|inom \w+ (dagar|månad)|säker)",
        en=r"(eu\b|eea|delay|answer|respond|delete|erase|protect|comply|within \w+ (days|month)|secur)",
        no=True,
    ),
    "empty_claim": Sign(
        sv=r"följer alla (dataskydds)?lagar|alltid hålla .{0,40}integritet högt|största möjliga "
        r"hänsyn|100 ?% säker|alla (legala|nödvändiga|rimliga).{0,60}åtgärder|rimliga (tekniska"
        r"|försiktighets|säkerhets)\w*.{0,40}åtgärder",
        en=r"comply with all (applicable )?(data protection |privacy )?laws|utmost (care|respect)|100 "
        r"?% secure|all (reasonable|appropriate|necessary).{0,40}(steps|measures|precautions)"
        r"|reasonable (technical|security).{0,40}(measures|precautions)",
        but_sv=r"kryptera|behörighet|loggas|tvåfaktor",
        but_en=r"encrypt|access rights|two-factor|logged",
    ),
    "vague_purpose": Sign(
        sv=r"\b(förbättra|optimera|utveckla) (och \w+ )?(våra|vår|din|användar|kund|webb|hemsid"
        r"|tjänst)\w*|mer personlig service|personlig\w* (användar)?upplevelse|bättre uppfylla"
        r"|andra ändamål|annan användning|generell kommunikation",
        en=r"\b(improve|optimi[sz]e|develop|enhance) (and \w+ )?(our|the|your|user|customer) \w+"
        r"|personali[sz]ed (service|experience)|better meet"
        r"|any (legitimate |lawful |business |commercial ){1,2}purpose|other purposes|other uses?\b|general "
        r"communication",
        but_sv=r"genom att|till exempel genom|berättigat intresse|intresse\w* av|fel|mäter (hur|vilka)|: "
        r"vi sparar|invända|[|·]|andra ändamål används (de|uppgifterna) bara",
        but_en=r"by (measuring|counting|fixing|finding)|legitimate interest|measure (how|which)|: we keep"
        r"|\bobject\b|[|·]|other purposes they are used only",
    ),
    "all_for_all": Sign(
        sv=r"\b(all|alla) (data|information|uppgifter|dina uppgifter"
        r"|personuppgifter)\b.{0,20}(används|behandlas) (för|i syfte)|något av följande ändamål",
        en=r"\ball (data|information|your data|personal data)\b.{0,20}(is|are) (used|processed) (for"
        r"|to)|any of the following purposes",
    ),
}
