"""The words of recipients and transfers."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.policy.review.sign import Sign

SIGNS: Mapping[str, Sign] = {
    "vague_third": Sign(
        sv=r"\b(betrodda|utvalda|noga utvalda|vissa) (tredje ?part(er|s)?|leverantörer"
        r"|samarbetspartner(s)?|partner(s)?|företag)|\b(våra|andra) (samarbetspartner(s)?"
        r"|partner(s)?|tredje ?parter)\b|tredje ?parter(na)?\b|tredje ?parts tjänst\w*"
        r"|tredjepartstjänster|till tredje ?part\b|\bvår leverantör\b|\bden leverantören\b|till "
        r"leverantören\b|utvalda leverantörer",
        en=r"\b(trusted|selected|certain|carefully selected) (third part(y|ies)|suppliers|partners"
        r"|companies)|\b(our|other) (business )?(partners|third parties)\b"
        r"|\b(to|with) ([\w,]+ ){0,5}third parties",
        but_sv=r"såsom|nämligen|följande|till exempel|som (levererar|sköter|driver|hjälper|trycker"
        r"|skickar|sänder|lagrar|tar)|länkade|webbplatser har|utanför (eu|ees)|vi (säljer|lämnar"
        r"|delar) (inte|aldrig)(?!.{0,200}(undantag|utom|förutom))|\binte (att )?(överlämna|lämna "
        r"ut|sälja|dela)\b(?!.{0,200}(undantag|utom))|skyddar|skydd mot",
        but_en=r"such as|namely|following|that (deliver|run|operate|print|send|host|store|process|take)"
        r"|linked|websites|outside|\b(do|will) (not|never) (sell|share|disclose)(?!.{0,200}(except"
        r"|unless|other than))|\bprotect\w*",
        no=True,
    ),
    "safeguard": Sign(
        sv=r"standardavtalsklausul|standardiserade dataskyddsbestämmelser|adekvansbeslut|beslut om "
        r"adekvat|adekvat(a)? skydd|bindande företagsbestämmelser|data privacy framework|artikel "
        r"4[5-9]\b|standardklausul",
        en=r"standard contractual clauses|adequacy decision|adequate level of protection|binding "
        r"corporate rules|data privacy framework|article 4[5-9]\b|standard clauses",
    ),
    "country": Sign(
        sv=r"\b(usa|förenta staterna|storbritannien|schweiz|indien|kanada|japan|sydkorea|israel"
        r"|australien|brasilien|kina|ukraina|serbien|filippinerna|turkiet)\b",
        en=r"\b(the us|usa|united states|the uk|united kingdom|switzerland|india|canada|japan|korea"
        r"|israel|australia|brazil|china|ukraine|serbia|philippines|turkey)\b",
    ),
    "copy_of_safeguard": Sign(
        sv=r"(kopia|exemplar|ta del) (av|på) .{0,40}(klausul|skyddsåtgärd|avtal|bestämmelse)"
        r"|klausulerna.{0,60}(finns|begär|https?:)|be oss om en kopia",
        en=r"copy of .{0,40}(clauses|safeguards?|agreement)|clauses.{0,60}(available|request|https?:)"
        r"|ask us for a copy",
    ),
    "never_without": Sign(
        sv=r"(lämna|överlämna|dela|säljer|delar|överför)\w*.{0,80}\b(inte|ej|aldrig)\b.{0,120}(utan "
        r"(att du|ditt|att du som kund)|till (extern|tredje ?) ?part)|\b(säljer|lämnar|delar) "
        r"(inte|aldrig)\b.{0,120}(tredje ?part|extern|andra)",
        en=r"\b(not|never) (sell|share|disclose|pass|hand|transfer|give)\w*.{0,120}(without your"
        r"|third part|anyone|others)|\bnot sell.{0,120}(outside|third|other) part",
        no=True,
    ),
    "given_all_the_same": Sign(
        sv=r"undantag (är|görs|från)|(kräver att vi (ger|lämnar)|behöver vi lämna|behöva "
        r"lämnas).{0,120}(leverantör|tredje ?part)|betrodda tredje ?parter|(dela|lämna) din(a)? "
        r"(personlig|uppgift).{0,80}(där vi finner|om vi anser)",
        en=r"exceptions? (is|are|to this)|(requires us to|we need to|we must) (give|share"
        r"|pass).{0,120}(supplier|third part)|trusted third part|(share|disclose) "
        r"your.{0,80}(where we (find|deem|believe)|if we (find|deem|believe))|(this )?does not "
        r"(include|apply to) .{0,20}(third part|suppliers|partners)",
        but_en=r"\b(no|without) exceptions?",
        but_sv=r"\b(inga|inget|utan) undantag",
        no=True,
    ),
    "seen_as_anonymous": Sign(
        sv=r"icke-? ?personligt identifierbar|inte (att )?(kunna |går att )?identifiera en (enskild"
        r"|person)|anonym\w* (information|uppgift\w*|data|statistik).{0,80}(dela|lämna|säl|tredje)",
        en=r"non-?personal(ly)? (identifiable )?(\w+ )?(information|data)|not be able to identify "
        r"(any |an )?individual|(share|disclose|sell|give)\w*.{0,60}\banonym\w* (information|data"
        r"|statistics)",
        but_sv=r"minst \d+|grupper (om|på)",
        but_en=r"at least \d+|groups of",
        no=True,
    ),
    "agreement_at_need": Sign(
        sv=r"(personuppgifts)?biträdesavtal.{0,80}(vid behov|på begäran|om (så )?önskas|om kunden vill)",
        en=r"(data )?processing agreement.{0,80}(where needed|if needed|on request|upon request|if "
        r"requested|if desired)",
        but_sv=r"kopia|ta del",
        but_en=r"copy",
    ),
    "processor": Sign(
        sv=r"\b(vi|oss|vår)\b.{0,60}\b(rollen som |är |som )personuppgiftsbiträde\b|\bär vi "
        r"personuppgiftsbiträde\b|du.{0,80}rollen som personuppgiftsansvarig",
        en=r"\b(we|us)\b.{0,60}\b(the role of |are |act as |as )(the |a |your )?(data )?processor",
    ),
    "processor_agreement": Sign(
        sv=r"biträdesavtal", en=r"processing agreement|\bdpa\b", asides=True, no=True
    ),
    "wide_discretion": Sign(
        sv=r"(där|när|om) vi (finner|anser|bedömer) (det|att det) (är )?(nödvändig|lämplig)|rimligt "
        r"nödvändig",
        en=r"(where|when|if) we (find|deem|believe|consider) (it|this|that it is)? ?(is )?(necessary"
        r"|appropriate)|reasonably necessary|we (believe|deem|consider|find) (\w+ ){0,3}(is "
        r")?(necessary|appropriate)",
    ),
    "when_in_breach": Sign(
        sv=r"(brutit|bryter|bryta) mot (våra |sina |avtals)?\w*villkor|förebygga "
        r"bedrägeri\w*.{0,60}kreditrisk|kreditrisk",
        en=r"(breach(es|ed)?|broken|violat\w+) (of )?(our |the |its )?(terms|agreement|contract)|credit risk",
    ),
}
