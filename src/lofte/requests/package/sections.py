"""The first layer: one section for each thing art. 15.1 and 15.2 want told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lofte.law.articles import cite
from lofte.plan import words
from lofte.plan.answer import Answer, CategoryLine, Counted, Held
from lofte.plan.period import Period, overdue, say
from lofte.plan.sharing import Receiver, Transfer
from lofte.policy.document import Policy, Text
from lofte.requests.package.display import country
from lofte.requests.package.phrases import phrase

FEW = 7
"""How many kinds of data are named of a category; all of them stand in the second layer."""
SEVERAL = "\n\u200b"
"""Between things told in one cell of a table of ours; no value of a row holds it in that place."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing told: what, and what there is to say of it. A note may be a link."""

    head: str
    texts: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """Words and address."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading, the article behind it, and a table or lines."""

    anchor: str
    heading: str
    article: str
    intro: str = ""
    heads: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    lines: tuple[Line, ...] = ()


def sections(policy: Policy, answer: Answer, language: str) -> tuple[Section, ...]:
    """All sections that have something to say; nothing found still has rights and a complaint."""
    found = (_what(answer, language), _why(answer, language), _who(policy, answer, language))
    always = (
        _held(answer, language),
        *((_machine(answer, language),) if answer.found else ()),
        _rights(answer, language),
        _complain(policy, answer, language),
    )
    if not answer.found:
        return always
    return (*found, _abroad(answer, language), *always)


def kept_until(periods: Iterable[Period], language: str) -> Iterator[str]:
    """How long, with the law that says so; where there are several rules, each by its name."""
    told = tuple(periods)
    for period in told:
        said = say(period).say(language)
        if len(told) > 1:
            said = f"{period.name.say(language)}: {said}"
        if period.law and not period.over:
            said = f"{said}, {phrase('by_law', language, law=period.law.say(language))}"
        if late := overdue(period):
            said = f"{said}; {late.say(language)}"
        yield said


def _what(answer: Answer, language: str) -> Section:
    return Section(
        anchor="what",
        heading=phrase("what", language),
        article=_article(language, "15.1.b", "15.1.d", "15.1.g"),
        heads=tuple(phrase(k, language) for k in ("category", "items", "from", "kept")),
        table=tuple(_category(c, language) for c in answer.categories),
    )


def _category(category: CategoryLine, language: str) -> tuple[str, ...]:
    name = category.name.say(language)
    if category.special:
        name = f"{name}\n{phrase('special', language, n=category.special)}"
    labels = [_lower(i.say(language)) for i in category.items]
    items = ", ".join(labels[:FEW])
    if len(labels) > FEW:
        items = phrase("and_more", language, items=items)
    return (
        name,
        _capital(items),
        SEVERAL.join(_capital(s.say(language)) for s in category.sources),
        SEVERAL.join(_capital(said) for said in kept_until(category.periods, language)),
    )


def _why(answer: Answer, language: str) -> Section:
    lines = []
    for purpose in answer.purposes:
        texts = [purpose.text.say(language)] if purpose.text else []
        texts.append(purpose.ground.say(language))
        if purpose.laws:
            texts.append(_capital(", ".join(law.say(language) for law in purpose.laws)) + ".")
        lines.append(Line(head=purpose.name.say(language), texts=tuple(texts)))
    return Section(
        anchor="why",
        heading=phrase("why", language),
        article=_article(language, "15.1.a"),
        lines=tuple(lines),
    )


def _who(policy: Policy, answer: Answer, language: str) -> Section:
    controller = policy.controller.trade_name or policy.controller.legal_name or ""
    got = [r for r in answer.receivers if r.got]
    return Section(
        anchor="who",
        heading=phrase("who", language),
        article=_article(language, "15.1.c"),
        intro="" if got else phrase("nobody", language, controller=controller),
        lines=tuple(_receiver(r, language) for r in answer.receivers),
    )


def _receiver(receiver: Receiver, language: str) -> Line:
    where = ", ".join(country(c, language) for c in receiver.countries)
    said = _capital(", ".join(part for part in (_say(receiver.does, language), where) if part))
    texts = [said + "." if said else "", _capital(receiver.role.say(language)) + "."]
    if receiver.when:
        texts = [*(texts if receiver.got else ()), receiver.when.say(language)]
    return Line(head=receiver.name.say(language), texts=tuple(t for t in texts if t))


def _abroad(answer: Answer, language: str) -> Section:
    return Section(
        anchor="abroad",
        heading=phrase("abroad", language),
        article=_article(language, "15.2"),
        intro="" if answer.transfers else words.NO_TRANSFERS.say(language),
        lines=tuple(_transfer(t, language) for t in answer.transfers),
    )


def _transfer(transfer: Transfer, language: str) -> Line:
    where = ", ".join(country(c, language) for c in transfer.countries)
    safeguard = _capital(transfer.safeguard.say(language))
    if transfer.ref:
        cited = cite(transfer.ref, language)
        if cited != transfer.ref:
            safeguard = safeguard.partition(" (")[0]
        safeguard = f"{safeguard} ({cited})"
    texts = [f"{safeguard}."]
    if transfer.copy:
        texts.append(transfer.copy.say(language))
    return Line(head=f"{transfer.to.say(language)}, {where}", texts=tuple(texts))


def _held(answer: Answer, language: str) -> Section:
    lines = [
        *_parts("withheld", answer.withheld, language),
        *_parts("files", answer.files, language),
        *_parts("masked", answer.masked, language),
        *_counted("forwarded", answer.forwarded, words.FORWARDED, language),
        *_counted("waiting", answer.waiting, words.WAITING, language),
        *_counted("kept_back", answer.kept_back, words.KEPT_BACK, language),
        *_counted("shared", answer.shared, words.SHARED, language),
    ]
    return Section(
        anchor="held",
        heading=phrase("held", language),
        article=_article(language, "15.4"),
        intro="" if lines else phrase("nothing_held", language),
        lines=tuple(lines),
    )


def _parts(key: str, held: Iterable[Held], language: str) -> Iterator[Line]:
    """One line for each reason, with all it concerns."""
    by_why: dict[str, list[str]] = {}
    for part in held:
        fields = ", ".join(_lower(f.say(language)) for f in part.fields)
        by_why.setdefault(part.why.say(language), []).append(f"{part.dataset.say(language)} ({fields})")
    for why, concerned in by_why.items():
        texts = (why, phrase("concerns", language, what="; ".join(concerned)))
        yield Line(head=phrase(key, language), texts=texts)


def _counted(key: str, counted: Iterable[Counted], why: Text, language: str) -> Iterator[Line]:
    """One line for all datasets; how many rows we hold for others is not ours to tell."""
    concerned = [
        c.dataset.say(language)
        if c.rows is None
        else f"{c.dataset.say(language)} ({words.rows(c.rows).say(language)})"
        for c in counted
    ]
    if concerned:
        texts = (why.say(language), phrase("concerns", language, what="; ".join(concerned)))
        yield Line(head=phrase(key, language), texts=texts)


def _machine(answer: Answer, language: str) -> Section:
    lines = tuple(
        Line(
            head=decision.name.say(language),
            texts=(
                phrase("logic", language, logic=decision.logic.say(language)),
                phrase("effects", language, effects=decision.effects.say(language)),
                decision.standing.say(language),
            ),
        )
        for decision in answer.decisions
    )
    return Section(
        anchor="machine",
        heading=phrase("machine", language),
        article=_article(language, "15.1.h"),
        intro="" if lines else words.NO_DECISIONS.say(language),
        lines=lines,
    )


def _rights(answer: Answer, language: str) -> Section:
    return Section(
        anchor="rights",
        heading=phrase("rights", language),
        article=_article(language, "15.1.e"),
        intro=phrase("rights_intro", language),
        lines=tuple(
            Line(head=f"{r.name.say(language)} ({cite(r.article, language)})", texts=(r.text.say(language),))
            for r in answer.rights
        ),
    )


def _complain(policy: Policy, answer: Answer, language: str) -> Section:
    contact, dpo, authority = policy.controller.contact, policy.dpo, answer.complaint
    us = Line(
        head=phrase("ask_us", language),
        texts=_there(contact.address),
        links=_links(contact.email, contact.phone, contact.url),
    )
    lines = [us]
    if dpo.designated == "yes":
        lines.append(
            Line(
                head=phrase("ask_dpo", language),
                texts=_there(dpo.name),
                links=_links(dpo.email, dpo.phone, None),
            )
        )
    lines.append(
        Line(
            head=phrase("ask_authority", language, authority=authority.name.say(language)),
            texts=(phrase("authority_text", language), *_there(authority.address)),
            links=_links(authority.email, authority.phone, authority.url),
        )
    )
    return Section(
        anchor="complain",
        heading=phrase("complain", language),
        article=_article(language, "15.1.f"),
        lines=tuple(lines),
    )


def _article(language: str, first: str, *more: str) -> str:
    """`artikel 15.1 b, d, g` or `Article 15(1)(b), (d), (g)`."""
    points = [m.rpartition(".")[2] for m in more]
    said = points if language == "sv" else [f"({point})" for point in points]
    return ", ".join((cite(first, language), *said))


def _links(email: str | None, phone: str | None, url: str | None) -> tuple[tuple[str, str], ...]:
    links = []
    if url and url.startswith(("https://", "http://")):
        links.append((url, url))
    if email:
        links.append((email, f"mailto:{email}"))
    if phone:
        links.append((phone, "tel:" + "".join(c for c in phone if c.isdigit() or c == "+")))
    return tuple(links)


def _there(text: str | None) -> tuple[str, ...]:
    return (text,) if text else ()


def _say(text: Text | None, language: str) -> str:
    return text.say(language) if text else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """As it stands inside a sentence; what is written in capitals keeps them."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
