"""The words of the rights, and of what stands in their way."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.review.sign import Sign

_MAY_SV = r"\b(rätt|rätten|rättighet|begära?|be oss|kan|får|hjälp\w*|önskar|vill)\b"
_MAY_EN = r"\b(rights?|request|ask|can|may|entitled|obtain|wish)\b"

SIGNS: Mapping[str, Sign] = {
    "access": Sign(
        sv=rf"{_MAY_SV}.{{0,90}}(tillgång till|registerutdrag|en kopia|kopia av|få (ut|veta|reda på) (vilka"
        rf"|vilken|de"
        r"|dina|om)|utdrag ur)|få ut vilken information"
        r"|\bart(ikel|\.) 15\b",
        en=rf"{_MAY_EN}.{{0,90}}\b(access to (the |your |personal)|copy of|confirmation)|right (of|to) access"
        r"|subject access|\baccess (the |your )(personal )?(data|information)\b|\brights?\b.{0,80}\baccess\b"
        r"|\b(know|see) what (personal )?data (that )?we (hold|have)|\bart(icle|\.) 15\b",
        but_sv=r"cookie|kakor|maskinläs|vi (kan|får)|skydds",
        but_en=r"cookie|machine-readable|third part|\bwe may\b|safeguard",
    ),
    "rectification": Sign(
        sv=rf"{_MAY_SV}.{{0,140}}\b(rättad?e?|rättas|rättelse|rättning|korriger\w+|kompletter\w+|ändrad?e?)\b"
        r"|förändring\w* av (registrerade|dina)|ändra(r)? (de |dina )?(felaktiga|uppgifter)"
        r"|\bart(ikel|\.) 16\b",
        en=rf"{_MAY_EN}.{{0,140}}\b(rectif\w+|correct(ed|ion|ing)?|amend\w*|complet(e|ed)|updated)\b"
        r"|\bart(icle|\.) 16\b",
        but_sv=r"policy|cookie|webbläsar",
        but_en=r"policy|cookie|browser|correct(ly)? (function|work)",
    ),
    "erasure": Sign(
        sv=rf"{_MAY_SV}.{{0,120}}\b(rader\w+|ta(r|s|git)? bort|bli (bort)?glömd|utplån\w+)\b"
        r"|\bart(ikel|\.) 17\b",
        en=rf"{_MAY_EN}.{{0,120}}\b(eras\w+|delet\w+|be forgotten|remov\w+)\b" r"|\bart(icle|\.) 17\b",
        but_sv=r"cookie|kakor|webbläsar",
        but_en=r"cookie|browser|\bwe may (\w+ ){0,2}(eras|delet|remov)",
    ),
    "restriction": Sign(
        sv=rf"{_MAY_SV}.{{0,120}}\bbegräns(a|as|ad|ar|ning|ningen)\b" r"|\bbara lagrar\b|\bart(ikel|\.) 18\b",
        en=rf"{_MAY_EN}.{{0,120}}\brestrict(ed|ion|ing)?\b|limit(ing|ation)? (of )?(the |our )?processing"
        r"|\bonly store\b|\bart(icle|\.) 18\b",
        but_sv=r"cookie|funktionalitet|kan begränsas|åtkomst|behörighet",
        but_en=r"cookie|restrict(ed)? access|access is restrict",
    ),
    "portability": Sign(
        sv=r"dataportabilitet|maskinläsbar|flytta (dina|över)|överför\w* (dina uppgifter )?till (en "
        r")?annan|\b(få ut|flytta)\b.{0,60}annan (leverantör|personuppgiftsansvarig)|andra datorer "
        r"läser|\bart(ikel|\.) 20\b",
        en=r"portab\w+|machine.readable|transfer(red)? to another (controller|provider|company)|other "
        r"machines can read|\bart(icle|\.) 20\b",
    ),
    "objection": Sign(
        sv=r"\b(rätt(en)?( också)? att|rätt till|kan|får)( du)?( när som helst| alltid| även| också| "
        r"göra)* (invänd\w*|motsätta|göra invändning\w*|invändning\w*)|\bart(ikel|\.) 21\b",
        en=r"\b(right|can|may|entitled)( you)?( at any time| always| also)*,?( to)? object\b|right of "
        r"objection|\brights?\b.{0,80}\bobject\b|\bart(icle|\.) 21\b",
    ),
    "objection_part": Sign(
        sv=r"invänder mot|invändning\w* mot|förbjuda användningen|motsätta|tacka nej",
        en=r"\bobject(s|ed|ing|ion)? to|opt.?out|unsubscribe",
        but_sv=r"riktighet|innehållet",
        but_en=r"accuracy",
    ),
    "withdrawal": Sign(
        sv=r"\b(återkalla\w*|drar?|dras|tar?|tas)( \w+){0,3} (tillbaka|samtycke\w*|medgivande\w*)"
        r"|(samtycke|medgivande)\w*.{0,80}(återkalla|dra(s)? tillbaka|ta(s)? tillbaka)",
        en=r"\b(withdraw|revok|tak)\w*( \w+){0,3} (consent|back)\b|consent.{0,80}(withdraw|revok"
        r"|taken? back)",
        but_sv=r"\binte\b.{0,20}(återkalla|tillbaka)",
        but_en=r"\b(cannot|can not|may not) (be )?(withdr|revok)",
    ),
    "complaint": Sign(
        sv=r"(klag|anmäl)\w*.{0,140}(integritetsskyddsmyndigheten|\bimy\b)"
        r"|(integritetsskyddsmyndigheten|\bimy\b).{0,140}(klag|anmäl)"
        r"|missnöjd.{0,80}(integritetsskyddsmyndigheten|\bimy\b)",
        en=r"(complain|complaint)\w*.{0,160}(authority for privacy|\bimy\b"
        r"|integritetsskyddsmyndigheten|information commissioner|data protection (commission"
        r"|authority|agency) \w+|datatilsynet|\bcnil\b)|(authority for privacy"
        r"|\bimy\b).{0,140}complain",
    ),
    "complaint_part": Sign(
        sv=r"klag\w*.{0,120}(tillsynsmyndighet|myndighet\b|datainspektionen|nationella)"
        r"|(tillsynsmyndighet\w*|datainspektionen).{0,80}klag|missnöjd.{0,80}(tillsynsmyndighet|datainspektionen)",
        en=r"complain\w*.{0,120}(supervisory authority|data protection authority|regulator|authorit"
        r"|inspection board)",
    ),
    "adm": Sign(
        sv=r"automatisera\w* (individuellt |individuella )?beslut\w*|beslut\w* (fattas )?(helt "
        r")?automati\w+|profilering",
        en=r"automated (individual )?decision\w*|decisions? (are |is )?(made )?(solely )?(by automat"
        r"|automatically)|\bdecid(e|es|ed) automatically|automatically decid(e|es|ed)\b|\bprofiling\b",
        but_sv=r"rätt (att|till)|inte bli föremål|kräva",
        but_en=r"right to|not to be subject",
    ),
    "adm_told": Sign(
        sv=r"\b(inte|inga|inget|ingen|aldrig)\b.{0,80}(automatisera\w* (individuellt |individuella "
        r")?beslut|profilering)|(beslut\w*|automati\w+|profilering\w*).{0,120}(logik|bygger på"
        r"|kriteri|poäng|beräkna|väger|tittar på)",
        en=r"\b(not|no|never)\b.{0,80}(automated (individual )?decision|profiling)|(decision|automat"
        r"|profiling)\w*.{0,120}(\blogic\b|\bscore|criteri|calculat|weigh|looks? at|takes into "
        r"account)",
        no=True,
    ),
    "adm_human": Sign(
        sv=r"mänsklig\w*|en människa|omprövning|bestrida beslut|personlig prövning|prövat av en "
        r"(person|handläggare)",
        en=r"human (review|intervention|being)|reviewed by a (person|human)|contest the decision|a "
        r"person (will )?look",
    ),
    "yearly": Sign(
        sv=r"(kostnadsfri|gratis|utan kostnad|avgiftsfri)\w*.{0,60}(en|1) gång(er)? (per|om|varje|/"
        r"|i) ?(året|år|kalenderår)|(en|1) gång (per|om) (år|året|kalenderår).{0,80}(gratis"
        r"|kostnadsfri|registerutdrag|utan kostnad)|registerutdrag.{0,80}(en|1) gång (per|om) (år"
        r"|året|kalenderår)",
        en=r"(free of charge|for free|without charge).{0,60}(once|one time) (a|per|each|every|in a) "
        r"(calendar )?year|(once|one time) (a|per|each|every) (calendar )?year.{0,80}(free|access"
        r"|copy|extract)"
        r"|\b(copy|access|extract)\b.{0,60}\b(once|one time) (a|per|each|every) (calendar )?year",
        no=True,
    ),
    "fee": Sign(
        sv=r"(avgift|kostnad|betala|debitera)\w*.{0,80}(registerutdrag|utdrag|kopia|begäran|tillgång)"
        r"|(registerutdrag|utdrag|kopia|begära)\w*.{0,60}(\d+ kr|avgift (på|om)|kostar|debitera"
        r"|mot en avgift)",
        en=r"(fee|charge|pay)\b.{0,80}(access|copy|extract|request)|(access|copy|extract"
        r"|request)\w*.{0,60}(costs?|a fee of|for a fee|we charge)|\bcharged? (you )?a .{0,20}fee"
        r"|^a fee of .{0,6}\d+.{0,20}(applies|is (charged|payable))",
        but_sv=r"uppenbart ogrundad|oskälig|orimlig|ytterligare kopi|kostnadsfri|ingen avgift|utan avgift"
        r"|gratis|fler kopior",
        but_en=r"manifestly|excessive|further cop|additional cop|free of charge|no fee|without charge",
    ),
    "id_copy": Sign(
        sv=r"kopia (av|på) (din |ditt |en |giltig )?(giltiga? )?(legitimation|id-handling|körkort"
        r"|pass|id-kort|leg\b)|vidimerad (kopia|id)|(legitimation|id-handling|körkort"
        r"|pass\b).{0,40}\bkopia\b",
        en=r"copy of (your |a |an )?(valid )?(passport|id\b|id card|identity (card|document)|driving "
        r"licen[cs]e)|certified copy",
        but_sv=r"\b(aldrig|inte) .{0,30}kopia",
        but_en=r"\b(never|not) .{0,40}copy",
    ),
    "id_of_all": Sign(
        sv=r"förutsättning.{0,120}(identif\w+|legitim\w+)|(måste|ska|krävs att) (du )?(alltid "
        r")?(legitimera|identifiera)|(fullgod\w*|tillräckligt) underlag.{0,30}identif",
        en=r"(condition|prerequisite).{0,120}(identif\w+|proof of id)|\b(must|are required to|need "
        r"to) (always )?(identify yourself|prove your identity|show (your )?(id|identification))",
        but_sv=r"rimliga? (skäl|tvivel|tvivl)|om vi (inte|tvivlar|är osäkra)|när vi är osäkra",
        but_en=r"reasonable doubt|if we (are not|doubt|are unsure)",
    ),
    "own_grounds": Sign(
        sv=r"(genomdriva|fullfölja) (våra|vårt) .{0,30}avtal|från fall till fall|efter eget "
        r"gottfinnande|förbehåller (vi )?oss rätten att (neka|avslå|vägra)",
        en=r"enforce our .{0,30}(agreements?|contracts?)|on a case.by.case basis|at our (sole "
        r")?discretion|reserve the right to (refuse|decline|reject)",
        but_sv=r"cookie|pris",
        but_en=r"cookie|price",
    ),
    "only_wrong": Sign(
        sv=r"(radering|raderas|raderade|tas bort|ta bort).{0,80}(uppgifter )?(som )?(upptäcks )?(vara "
        r"|är )?(felaktiga|ofullständiga|missvisande)",
        en=r"(eras\w+|delet\w+|remov\w+).{0,80}(that|which|if)?.{0,20}\b(is|are|found to be)? "
        r"?(inaccurate|incorrect|incomplete|misleading|wrong)\b",
        but_sv=r"inte längre (behövs|nödvändig)|återkall|olaglig",
        but_en=r"no longer (needed|necessary)|withdraw|unlawful|rectif|correct(ed|ion)",
    ),
    "on_paper": Sign(
        sv=r"(skriftlig\w*|egenhändigt|undertecknad\w*|per post|via brev|brevledes).{0,80}(begäran"
        r"|ansökan|återkall|registerutdrag)|(begäran|ansökan|återkall\w*"
        r"|registerutdrag)\w*.{0,80}(ska vara skriftlig|måste vara skriftlig|egenhändigt"
        r"|undertecknad|skriftligen|endast (per|via) (post|brev))",
        en=r"(written|signed|by (post|letter)).{0,60}(request|application|withdraw)|(request"
        r"|withdraw\w*|application)\w*.{0,80}(must be (made )?(in writing|signed)|in writing"
        r"|signed by you|only by (post|letter))",
        but_sv=r"behöver inte|inte (vara )?skriftlig|svar\w* (du )?skriftlig|eller via e-post|eller e-post",
        but_en=r"need not|does not (have|need)|or by e-?mail|answer\w* .{0,20}in writing",
    ),
    "too_slow": Sign(
        sv=r"(besvara|svar|hantera|begäran|registerutdrag|återkoppl)\w*.{0,80}\binom (två|tre|fyra"
        r"|fem|sex|2|3|4|5|6) månader|(besvara|svar|hantera|begäran"
        r"|registerutdrag)\w*.{0,80}\binom (4\d|[5-9]\d|\d{3}) dagar",
        en=r"(answer|respon|repl|handl|request|deal)\w*.{0,80}\bwithin (two|three|four|five|six|2|3|4"
        r"|5|6) months|(answer|respon|repl|handl|request|deal)\w*.{0,80}\bwithin (4\d|[5-9]\d"
        r"|\d{3}) (calendar )?days",
        but_sv=r"förläng|komplicera|ytterligare|totalt",
        but_en=r"exten|complex|further|in total",
    ),
    "narrow_restriction": Sign(
        sv=r"(riktighet|innehållet i de uppgifter|är felaktig|inte stämmer)\w*.{0,160}\bbegräns\w+"
        r"|\bbegräns\w+.{0,120}riktighet",
        en=r"(accuracy|inaccurate|not correct)\b.{0,160}\brestrict\w*|\brestrict\w*.{0,120}(accuracy"
        r"|inaccurate)",
        but_sv=r"olaglig|anspråk|invänt|invänder|till exempel|t\.ex|utred",
        but_en=r"unlawful|claim|object|for example|look into|being checked",
    ),
    "wide_restriction": Sign(
        sv=r"\bbegräns\w+.{0,200}(olaglig|anspråk|invänt|invänder|utred|prövas)|(olaglig|anspråk"
        r"|invänt).{0,160}\bbegräns\w+",
        en=r"\brestrict\w*.{0,200}(unlawful|claim|object|look(ed)? into|settled)|(unlawful|claim"
        r"|object).{0,160}\brestrict\w*",
    ),
}
