"""The beginning of a `policy.yaml` from a policy in prose, with the place of every field that is filled.

- Only what stands in the text is filled in. Nothing is guessed: a key that must be there and was not
  found is left out, with a remark, and `lofte check` names it (P008).
- A place is `span: start-end`, letters of the text counted from 0, and the words that stand there.
- The words of the text are quoted as names; a person decides what they shall be called.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from lofte.policy.review import facts
from lofte.policy.review.manuscript import Sentence, Span
from lofte.policy.review.reader import Hit, Reader

TODO = "TODO: not found in the text"
Lines = Iterator[str]


def draft(reader: Reader) -> str:
    """The draft as YAML. It is a beginning: no purpose has its categories yet, so it is not in force."""
    parts = (
        _meta(reader),
        _controller(reader),
        _officer(reader),
        _authority(reader),
        _categories(reader),
        _purposes(reader),
        _retention(reader),
        _transfers(reader),
        _rights(reader),
        _decisions(reader),
        _cookies(reader),
    )
    return "\n".join(["policy: 1", *(line for part in parts for line in part), ""])


def _meta(reader: Reader) -> Lines:
    language = reader.language
    yield "meta:"
    yield f"  # id: {TODO}"
    heads = [section.heading for section in reader.manuscript.sections if section.heading]
    if heads:
        yield from _filled("  title", f"{{{language}: {{}}}}", _span(reader, heads[0]))
    else:
        yield f"  # title: {TODO}"
    yield f"  # version: {TODO}"
    yield f"  record_language: {language}"
    yield f"  languages: [{language}]"
    day = facts.own_date(reader)
    if day:
        yield f"  effective_from: {day[0].isoformat()}  {_place(day[1])}"
    else:
        yield f"  # effective_from: {TODO}"


def _controller(reader: Reader) -> Lines:
    yield "controller:"
    name = _first(reader, "identity", _COMPANY)
    yield from _maybe("  legal_name", name)
    yield from _maybe("  org_no", _first(reader, "identity", _NUMBER, sentence=True))
    ways = (("email", _EMAIL), ("phone", _PHONE), ("address", _ADDRESS))
    found = [(key, _first(reader, "contact", pattern, sentence=True)) for key, pattern in ways]
    yield "  contact:" if any(span for _, span in found) else f"  # contact: {TODO}"
    for key, span in found:
        if span or any(each for _, each in found):
            yield from _maybe(f"    {key}", span)


def _officer(reader: Reader) -> Lines:
    hits = reader.hits("dpo")
    if hits:
        yield "dpo:"
        yield f"  designated: yes  {_place(hits[0].span)}"
        yield from _maybe("  email", _first(reader, "dpo_reached", _EMAIL, sentence=True))


def _authority(reader: Reader) -> Lines:
    named = [
        hit
        for hit in reader.hits("complaint")
        if "integritetsskydd" in hit.sentence.plain or "imy" in hit.sentence.plain
    ]
    if not named:
        yield f"# authority: {TODO}"
        return
    name = _first(reader, "complaint", _IMY, sentence=True)
    yield "authority:"
    yield f"  id: IMY  {_place(named[0].span)}"
    if name:
        yield from _filled("  name", f"{{{reader.language}: {{}}}}", name)
    else:
        yield f"  # name: {TODO}"
    yield from _maybe("  url", _first(reader, "complaint", _URL, sentence=True))


def _categories(reader: Reader) -> Lines:
    kinds = [(kind, found) for kind, words in _KINDS.items() if (found := _collected(reader, words))]
    if not kinds:
        yield f"# categories: {TODO}"
        return
    yield "categories:"
    for kind, span in kinds:
        yield f"  {kind}:"
        yield from _filled("    name", f"{{{reader.language}: {{}}}}", span)


def _purposes(reader: Reader) -> Lines:
    found = [(id_, hit) for id_, words in _PURPOSES.items() if (hit := _used(reader, words))]
    if not found:
        yield f"# purposes: {TODO}"
        return
    yield "purposes:"
    for id_, (span, sentence) in found:
        yield f"  {id_}:"
        yield from _filled("    name", f"{{{reader.language}: {{}}}}", span)
        yield f"    # categories: {TODO}"
        basis = _basis(reader, sentence)
        yield f"    legal_basis: {basis[0]}  {_place(basis[1])}" if basis else f"    # legal_basis: {TODO}"


def _retention(reader: Reader) -> Lines:
    hits = reader.hits("retention")
    if hits:
        yield "retention:"
    for number, hit in enumerate(hits, 1):
        yield f"  kept-{number}:"
        yield from _filled("    name", f"{{{reader.language}: {{}}}}", _span(reader, hit.sentence))
        yield "    # keep_until: TODO: say from which event it is counted"
        yield f"    # action: {TODO}"


def _transfers(reader: Reader) -> Lines:
    if reader.hits("transfer"):
        yield "transfers:"
        yield f"  default: allowed  {_place(reader.hits('transfer')[0].span)}"
    elif reader.hits("transfers_told"):
        yield "transfers:"
        yield f"  default: eea_only  {_place(reader.hits('transfers_told')[0].span)}"


def _rights(reader: Reader) -> Lines:
    names = {"withdrawal": "withdraw_consent"}
    told = ("access", "rectification", "erasure", "restriction", "portability", "objection", "withdrawal")
    found = [
        (names.get(id_, id_), reader.element(id_).spans[0]) for id_ in told if reader.state(id_) == "present"
    ]
    if found:
        yield "rights:"
    for name, span in found:
        yield f"  {name}: {{}}  {_place(span)}"


def _decisions(reader: Reader) -> Lines:
    if reader.hits("adm"):
        yield "automated_decisions:"
        yield "  decision-1:"
        yield f"    exists: true  {_place(reader.hits('adm')[0].span)}"
        yield f"    # logic: {TODO}"
        yield f"    # effects: {TODO}"


def _cookies(reader: Reader) -> Lines:
    if not reader.hits("cookies"):
        return
    yield f"cookies:  {_place(reader.hits('cookies')[0].span)}"
    asked = reader.hits("cookies_asked")
    only = re.search(r"nödvändiga|necessary", asked[0].span.quote.lower()) if asked else None
    if asked and not reader.hits("browser"):
        yield f"  consent: {'none_needed' if only else 'prior_opt_in'}  {_place(asked[0].span)}"
    else:
        yield f"  # consent: {TODO}"


# -- finding ------------------------------------------------------------------------------------------


def _first(reader: Reader, sign: str, pattern: re.Pattern[str], *, sentence: bool = False) -> Span | None:
    """The first match within the places of a sign, or within their sentences."""
    for hit in reader.hits(sign):
        start = hit.sentence.start if sentence else hit.span.start
        end = hit.sentence.end if sentence else hit.span.end
        for match in pattern.finditer(reader.manuscript.text, start, end):
            if not _AUTHORITYS.search(match.group()):
                return reader.manuscript.span(match.start(), match.end())
    return None


def _collected(reader: Reader, words: str) -> Span | None:
    pattern = re.compile(words)
    for sentence in reader.manuscript.sentences:
        if sentence.aside or not (_COLLECTS.search(sentence.plain) or _COLLECTS.search(sentence.lead)):
            continue
        match = pattern.search(sentence.plain)
        if match:
            return reader.manuscript.span(sentence.at[match.start()], sentence.at[match.end() - 1] + 1)
    return None


def _used(reader: Reader, words: str) -> tuple[Span, Sentence] | None:
    pattern = re.compile(words)
    told = {hit.sentence.start for hit in reader.hits("purposes")}
    for sentence in reader.manuscript.sentences:
        match = pattern.search(sentence.plain)
        if match and not sentence.aside and (sentence.start in told or _DOES.search(sentence.plain)):
            at = sentence.at
            return reader.manuscript.span(at[match.start()], at[match.end() - 1] + 1), sentence
    return None


def _basis(reader: Reader, sentence: Sentence) -> tuple[str, Span] | None:
    """The basis that the same sentence names, or the next one of the section if it begins with it."""
    ahead = [each for each in reader.manuscript.sentences if each.start > sentence.end]
    near = [
        sentence,
        *(each for each in ahead[:1] if each.section == sentence.section and _GOES_ON.search(each.plain)),
    ]
    hits: tuple[Hit, ...] = reader.within("grounds", near)
    for hit in hits:
        for basis, words in _BASES.items():
            if re.search(words, hit.sentence.plain):
                return basis, hit.span
    return None


def _span(reader: Reader, sentence: Sentence) -> Span:
    return reader.manuscript.span(sentence.start, sentence.end)


# -- writing ------------------------------------------------------------------------------------------


def _maybe(key: str, span: Span | None) -> Lines:
    if span is None:
        yield f"{key[: len(key) - len(key.lstrip())]}# {key.strip()}: {TODO}"
    else:
        yield from _filled(key, "{}", span)


def _filled(key: str, form: str, span: Span) -> Lines:
    words = json.dumps(" ".join(span.quote.split()), ensure_ascii=False)
    yield f"{key}: {form.replace('{}', words)}  # span: {span.start}-{span.end}"


def _place(span: Span) -> str:
    words = " ".join(span.quote.split())
    return f"# span: {span.start}-{span.end} {_quotable(words)}"


def _quotable(words: str) -> str:
    shown = "".join(letter for letter in words if letter.isprintable())
    return f"“{shown if len(shown) <= 80 else shown[:77] + '...'}”"


_COMPANY = re.compile(
    r"(?:[A-ZÅÄÖ][\w&.'-]{0,40} ){1,4}"
    r"(?:AB|Aktiebolag|HB|Handelsbolag|KB|Ltd|LLC|Inc|PLC|GmbH|Oy|ApS|Limited)\b"
)
_NUMBER = re.compile(r"\b\d{6}-\d{4}\b|(?<=number )\d{6,}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60})*\.\w{2,}")
_PHONE = re.compile(r"(?<![\w-])(?:\+\d{2}[ -]?|0)\d{1,3}[ -]?\d{2,3}(?:[ -]?\d{2,3}){1,2}(?![\w-])")
_ADDRESS = re.compile(r"[A-ZÅÄÖ][\wåäö]{2,40} \d{1,4}\w?, (?:SE-)?\d{3} ?\d{2} [A-ZÅÄÖ][\wåäö]{1,40}")
_IMY = re.compile(r"Integritetsskyddsmyndigheten|Swedish Authority for Privacy Protection", re.IGNORECASE)
_URL = re.compile(r"https?://[\w./-]{3,80}[\w/]")
_AUTHORITYS = re.compile(r"@imy\.|@datainspektionen\.|08-657 ?61 ?00|Box 8114")
_COLLECTS = re.compile(
    r"samla|lämna|behandla|registr|utgörs|omfatta|kategori|anger|uppger|fyller"
    r"|collect|provide|process|register|give|categor|enter\b|includ"
)
_GOES_ON = re.compile(
    r"^(den |vår )?(rättsliga )?grund|^det (sker|vilar|görs)"
    r"|^(the |our )?(legal |lawful )?(basis|ground)|^it rests"
)
_DOES = re.compile(r"^vi (skickar|räknar|mäter|sparar)\b|^we (send|count|measure|keep)\b")
_KINDS: Mapping[str, str] = {
    "name": r"\bnamn\b|\bnames?\b",
    "email": r"\be-?post(adress\w*)?\b|\be-?mail( address\w*)?\b",
    "phone": r"\btelefon(nummer)?\b|\b(tele)?phone( number)?s?\b",
    "address": r"(?<![\w-])(post|leverans|faktura|bostads)?adress(uppgifter)?\b"
    r"|(?<![\w-])(?<!mail )(?<!ip )(postal |delivery )?address\b",
    "national-id": r"\bpersonnummer\b|\bpersonal identity numbers?\b",
    "payment": r"\bbetal\w*uppgift\w*|\bkontonummer\b|\bpayment (details|data)\b|\bcard number\b",
    "ip-address": r"\bip-adress\w*|\bip address\w*",
    "log-in": r"\binloggning\w*|\bloggning\w*|\blog-?in\b",
    "customer-number": r"\bkundnummer\b|\bcustomer numbers?\b",
    "purchases": r"\bköp(historik)?\b|\border(s|historik)\b|\bpurchases?\b",
    "messages": r"\bmail\w*konversation\w*|\bkommunikation som du skickar\b|\bcorrespondence\b",
}
_PURPOSES: Mapping[str, str] = {
    "deliver": r"\bleverera\w*|\bdeliver\w*|\btillhandahålla\w*",
    "invoice": r"\bfaktur\w+|\binvoic\w+",
    "support": r"\bsupport\b|\bkundtjänst\b|\bcustomer service\b",
    "bookkeeping": r"\bbokföring\w*|\bbook-?keeping\b|\bour books\b",
    "newsletter": r"\bnyhetsbrev\w*|\bnewsletters?\b",
    "improve": r"\bförbättra\w*|\butveckla\w*|\bimprov\w+",
    "security": r"\bsäkerhetshantering\b|\bsecurity\b|\bmissbruk\b|\bfelsökning\b",
    "statistics": r"\bstatisti\w+|\bräkna\w* vilka\b|\bcount which\b",
    "recruitment": r"\brekryter\w+|\bspontana? ansök\w+|\brecruit\w+",
}
_BASES: Mapping[str, str] = {
    "6.1.c": r"rättslig förpliktelse|legal obligation|bokföringslag",
    "6.1.f": r"berättigat? intresse|berättigade intresse|intresseavvägning|legitimate interest",
    "6.1.a": r"samtycke|\bconsent",
    "6.1.b": r"\bavtal|\bcontract",
}
