"""The words of periods, cookies and changes."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.review.sign import Sign

SIGNS: Mapping[str, Sign] = {
    "as_long_as_needed": Sign(
        sv=r"så länge (som )?(det |den |de )?(är |det är )?(nödvändig|relevant|krävs|behövs)\w*"
        r"|längre än (vad som )?(är )?nödvändig\w*",
        en=r"as long as (it is |is |they are |we need )?(reasonably )?(necessary|needed|required"
        r"|relevant)|longer than (is |it is )?(necessary|needed)",
        but_sv=r"(\d|ett|två|tre|sju|tolv) ?(år|månader|dagar|veckor)|sjunde året|så länge du|avtalet",
        but_en=r"(\d|one|two|three|seven|twelve) (years|months|days|weeks)|seventh year|as long as (you"
        r"|your|the contract)",
        no=True,
    ),
    "for_our_interests": Sign(
        sv=r"(spara|behåll|lagra)\w*.{0,140}(bevaka|tillvarata|skydda) .{0,40}(rättsliga )?intressen",
        en=r"(retain|keep|stor)\w*.{0,140}(safeguard|protect|defend) .{0,40}(legal )?interests",
    ),
    "for_ever": Sign(
        sv=r"(spara|behåll|lagra|bevara)\w*.{0,80}(tills vidare|för alltid|obegränsad tid|på obestämd "
        r"tid|utan tidsgräns)",
        en=r"(retain|keep|kept|stor)\w*.{0,80}(indefinitely|for ever|forever|without (a )?time limit"
        r"|permanently)",
    ),
    "books": Sign(
        sv=r"bokföring\w*|ekonomiska underlag", en=r"book-?keeping|accounting (records|rules|purposes|law)"
    ),
    "books_seven": Sign(
        sv=r"(bokföring|räkenskap|faktur)\w*.{0,160}(sju|7|sjunde|åtta|8) (år|kalenderår)\w*|(sju|7) "
        r"år.{0,100}bokföring|sjunde (år|kalenderår)",
        en=r"(book-?keeping|accounting|invoice)\w*.{0,160}(seven|7|seventh|eight|8) (calendar "
        r")?years?|(seven|7) years.{0,100}(book-?keeping|accounting)|seventh (calendar )?year",
    ),
    "cookies": Sign(
        sv=r"\b(använd\w*|sparar|sätter|lagrar) (\w+ ){0,4}(cookies?|kakor)\b|cookies används",
        en=r"\b(us(e|es|ing)|set|store|place) (\w+ ){0,4}cookies?\b|cookies are (used|set)",
    ),
    "cookies_told": Sign(
        sv=r"(cookie|kak)\w*.{0,160}\b\d+ (dag|månad|år|timm|minut)\w*|\b\d+ (dag|månad|år"
        r"|timm)\w*.{0,80}(cookie|kak)|(tabell|lista|förteckning)\w*.{0,40}(cookie|kak)|(cookie"
        r"|kak)\w*.{0,60}(tabell|lista|förteckning|cookiepolicy)|bara nödvändiga (cookies|kakor)"
        r"|endast nödvändiga (cookies|kakor)|inga (cookies|kakor)|tills du stänger webbläsaren|["
        r"|·] (\d+|tolv|sex|tre|en|ett) (dag|månad|år|timm)\w*",
        en=r"cookie\w*.{0,160}\b\d+ (day|month|year|hour|minute)s?|\b\d+ (day|month|year"
        r"|hour)s?.{0,80}cookie|(table|list)\b.{0,40}cookie|cookie\w*.{0,60}(table|list\b|cookie "
        r"policy)|only (strictly )?necessary cookies|no cookies|until you close the browser|[|·] "
        r"(\d+|twelve|six|three|one) (day|month|year|hour)s?",
        no=True,
    ),
    "cookies_asked": Sign(
        sv=r"(cookie|kak)\w*.{0,160}(samtyck|godkän|först när du|innan du har valt)\w*|(samtyck"
        r"|godkän)\w*.{0,120}(cookie|kak)|(bara|endast) nödvändiga (cookies|kakor)|inga (cookies"
        r"|kakor)|först när du har sagt ja",
        en=r"cookie\w*.{0,160}(consent|accept|only (when|after) you|agree)\w*|(consent|accept"
        r"|agree)\w*.{0,120}cookie|only (strictly )?necessary cookies|no cookies|only when you "
        r"have said yes",
        no=True,
    ),
    "reader_must_look": Sign(
        sv=r"(läsa|läs|besöka|besök|kontrollera|kolla|ta del av|gå in på)\w*.{0,80}(jämna mellanrum"
        r"|regelbundet|emellanåt|då och då|löpande|ibland)|(jämna mellanrum|regelbundet|emellanåt"
        r"|löpande).{0,60}(läsa|läs|besöka|kontrollera|hålla dig)\b",
        en=r"(check|review|read|visit|consult)\w*.{0,80}(regularly|periodically|from time to time"
        r"|frequently|now and then)|(regularly|periodically|from time to time|frequently) (check"
        r"|review|read|visit|consult)\w*",
        but_sv=r"\bvi (läser|kontrollerar|går igenom|granskar|ser över)",
        but_en=r"\bwe (regularly |periodically )?(review|check|read|visit)",
    ),
    "change_at_will": Sign(
        sv=r"(ändra|uppdatera|förändra|revidera)\w*.{0,80}(när som helst|utan föregående|utan att "
        r"meddela|utan förvarning)|förbehåller (sig|oss) rätten att (när som helst )?(uppdatera|ändra)"
        r"|när som helst (uppdatera|ändra|förändra|revidera)\w* .{0,20}(policy|texten|information)|(träder"
        r"|gäller)\w* .{0,30}(direkt|omedelbart) .{0,20}(när|vid) (den )?public",
        en=r"(chang|updat|amend|modif|revis)\w*.{0,80}(at any time|without (prior )?notice|at our "
        r"discretion)|reserve the right to (update|change|amend|modify)|effective (immediately "
        r")?(upon|on|when) (posting|publication)",
        but_sv=r"(meddelar|underrättar|informerar|mejlar) .{0,40}(innan|före|dagar)|inställning|samtycke"
        r"|dina uppgifter",
        but_en=r"(tell|notify|inform|e-?mail) .{0,40}(before|days)|settings|consent|your (details|data)",
    ),
    "changes": Sign(
        sv=r"(ändr|uppdater|förändr)\w*.{0,60}(policy|integritetspolicy|dataskyddspolicy|meddelande)"
        r"|(policy\w*|texten).{0,60}(ändras|uppdateras|förändras)",
        en=r"(chang|updat|amend)\w*.{0,60}(policy|notice|statement)|(policy|notice"
        r"|statement).{0,60}(chang|updat|amend)\w*",
        but_sv=r"\buppdaterad(es)?:? ?\d|senast",
        but_en=r"last updated|updated:? ",
    ),
    "changes_told": Sign(
        sv=r"(ändr|uppdater|förändr)\w*.{0,200}(meddela|underrätta|informera|mejl|kommuniceras|e-post"
        r"|får du veta)\w*|(meddela|underrätta|informera|mejla)\w*.{0,80}(ändring|förändring|ny "
        r"version)",
        en=r"(chang|updat|amend)\w*.{0,200}(tell you|notify|inform|e-?mail|announce|let you know)"
        r"|(tell|notify|inform|e-?mail|announce)\w*.{0,80}(change|new version|update)",
        but_sv=r"\bkan (vi )?meddela",
        but_en=r"\b(may|might|can) (notify|inform)",
    ),
}
