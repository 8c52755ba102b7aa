"""Why data are used, on what ground, who gets them, how long they stay (art. 13.1 c-f, 13.2 a, 13.2 e)."""

from __future__ import annotations

from collections.abc import Sequence

from lofte.law.adequacy import inside_eea
from lofte.law.articles import cite
from lofte.law.bases import BASES
from lofte.law.statutes import STATUTES
from lofte.policy.document import Purpose, Recipient, Safeguard
from lofte.policy.notice.assured import register
from lofte.policy.notice.periods import in_cell, last_rules, restricted, told
from lofte.policy.notice.records import Row, Section, Sentence, Table, Voice
from lofte.policy.notice.words import (
    COUNTRIES,
    HOLDS,
    SAFEGUARDS,
    capital,
    ended,
    in_words,
    listed,
    named,
    small,
    statute,
)

_GROUND_PROMISES = {"6.1.b": ("P037",), "6.1.c": ("P038",), "6.1.f": ("P040",)}


def used(voice: Voice) -> tuple[Section, ...]:
    """The table of purposes, then each purpose with its ground explained."""
    head = (
        voice.words("Ändamål", "Purpose"),
        voice.words("Uppgifter", "Data"),
        voice.words("Rättslig grund", "Legal ground"),
        voice.words("Mottagare", "Recipients"),
        voice.words("Hur länge", "How long"),
    )
    rows = tuple(_row(voice, id_, purpose) for id_, purpose in voice.policy.purposes.items())
    said = (
        voice.say(
            "Vi använder uppgifterna bara till det som står här. Varje ändamål har en egen rättslig grund.",
            "We use the data only for what is stated here. Each purpose has its own legal ground.",
            at="purposes",
            promises=("P001", "P011"),
        ),
        Table(
            caption=voice.words(
                "Ändamål, grund, mottagare och tid", "Purposes, grounds, recipients and periods"
            ),
            head=head,
            rows=rows,
            path="purposes",
        ),
    )
    parts = [_purpose(voice, id_, purpose) for id_, purpose in voice.policy.purposes.items()]
    return (
        *voice.section("used", "Vad vi använder uppgifterna till", "What we use the data for", said),
        *(section for part in parts for section in part),
    )


def _row(voice: Voice, id_: str, purpose: Purpose) -> Row:
    basis = BASES[purpose.legal_basis]
    cells = (
        name_of(voice, id_, purpose),
        capital(kinds(voice, purpose.categories)),
        f"{basis.name.say(voice.language)} ({basis.cite(voice.language)})",
        capital(listed([recipient_name(voice, r) for r in purpose.recipients], voice.language))
        or voice.words("Ingen", "Nobody"),
        in_cell(voice, purpose),
    )
    return Row(cells=cells, path=f"purposes.{id_}", promises=purpose.promises)


def name_of(voice: Voice, id_: str, purpose: Purpose) -> str:
    """A purpose by name."""
    return capital(voice.of(purpose.name, id_.replace("_", " ")))


def kinds(voice: Voice, ids: Sequence[str]) -> str:
    """Categories by name, inside a sentence."""
    known = voice.policy.categories
    return listed([small(voice.of(known[c].name, c)) for c in ids if c in known], voice.language)


def recipient_name(voice: Voice, id_: str) -> str:
    """A recipient by name, or by what it does."""
    recipient = voice.policy.recipients.get(id_)
    if recipient is None:
        return id_
    return recipient.name or voice.of(recipient.text, id_.replace("_", " "))


def _purpose(voice: Voice, id_: str, purpose: Purpose) -> tuple[Section, ...]:
    at = f"purposes.{id_}"
    said: list[Sentence] = []
    if purpose.text:
        said.append(
            Sentence(text=ended(voice.of(purpose.text)), path=f"{at}.text", promises=purpose.promises)
        )
    whom = [
        small(voice.of(voice.policy.subjects[s].name)) for s in purpose.subjects if s in voice.policy.subjects
    ]
    if whom:
        told_of = listed(whom, voice.language)
        said.append(voice.say(f"Det gäller {told_of}.", f"This is about {told_of}.", at=f"{at}.subjects"))
    said.append(ground(voice, at, purpose))
    if purpose.interest:
        why = ended(voice.of(purpose.interest.text))
        said.append(
            voice.say(
                f"Vårt intresse är {why}",
                f"Our interest is {why}",
                at=f"{at}.interest.text",
                promises=("P040",),
            )
        )
    if purpose.marketing and purpose.marketing.opt_out:
        said.append(_opt_out(voice, at, purpose))
    return voice.section(
        f"purpose-{id_}",
        name_of(voice, id_, purpose),
        name_of(voice, id_, purpose),
        tuple(said),
        parent="used",
    )


def ground(voice: Voice, at: str, purpose: Purpose) -> Sentence:
    """The legal ground of a purpose, explained (art. 13.1 c)."""
    basis = BASES[purpose.legal_basis]
    name, plain = small(basis.name.say(voice.language)), basis.plain.say(voice.language)
    laws = listed([statute(law, voice.language) for law in purpose.law], voice.language)
    where = basis.cite(voice.language) + (f"; {laws}" if laws else "")
    return voice.say(
        f"Rättslig grund: {name} ({where}). {plain}",
        f"Legal ground: {name} ({where}). {plain}",
        at=f"{at}.legal_basis",
        promises=_GROUND_PROMISES.get(purpose.legal_basis, ()),
    )


def _opt_out(voice: Voice, at: str, purpose: Purpose) -> Sentence:
    assert purpose.marketing is not None
    words = {
        "at_collection": ("när du lämnar adressen", "when you give the address"),
        "every_message": ("i varje utskick", "in every message"),
    }
    when = listed([voice.words(*words[way]) for way in purpose.marketing.opt_out], voice.language)
    return voice.say(
        f"Du kan säga nej {when}. Det kostar inget, och vi slutar genast.",
        f"You can say no {when}. It costs nothing, and we stop at once.",
        at=f"{at}.marketing.opt_out",
        promises=("P057", "P061", "P062"),
    )


_SHARED = ("Vilka som får uppgifterna", "Who gets the data")
_NOBODY_ELSE = ("P001", "P009", "P064", "P065", "P077")


def shared(voice: Voice) -> tuple[Section, ...]:
    """Who gets data, and on what ground (art. 13.1 e)."""
    if not voice.policy.recipients:
        nobody = voice.say(
            "Vi lämnar inte ut uppgifter till någon utan att fråga dig först.",
            "We disclose data to nobody without asking you first.",
            at="recipients",
            promises=_NOBODY_ELSE,
        )
        return voice.section("shared", *_SHARED, (nobody,))
    said = [
        voice.say(
            "Vi lämnar bara ut uppgifter till dem som står här. Ska någon annan få dem frågar vi dig först.",
            "We disclose data only to those stated here. If anybody else is to get them we ask you first.",
            at="recipients",
            promises=_NOBODY_ELSE,
        )
    ]
    said += [_recipient(voice, id_, recipient) for id_, recipient in voice.policy.recipients.items()]
    said += register(voice)
    return voice.section("shared", *_SHARED, tuple(said))


_ROLE = {
    "processor": (
        "De arbetar åt oss och får bara göra det vi har avtalat om.",
        "They work for us and may do only what we have agreed.",
    ),
    "controller": (
        "De svarar själva för hur de använder uppgifterna.",
        "They answer themselves for how they use the data.",
    ),
    "joint_controller": (
        "Vi svarar tillsammans för uppgifterna.",
        "We answer for the data together.",
    ),
    "authority": (
        "De får uppgifter bara när en lag ger dem rätt till det.",
        "They get data only when a law entitles them to it.",
    ),
}
_APPROVALS = {
    1: ("en person", "one person"),
    2: ("två personer", "two people"),
    3: ("tre personer", "three people"),
}


def _recipient(voice: Voice, id_: str, recipient: Recipient) -> Sentence:
    what = voice.of(recipient.text)
    who = recipient.name or what
    parts = [f"{capital(who)} {what}." if recipient.name and what else f"{capital(who)}."]
    parts.append(voice.words(*_ROLE[recipient.role]))
    if recipient.ground == "claim":
        parts.append(
            voice.words(
                "De får uppgifter bara när vi behöver göra gällande eller försvara ett rättsligt anspråk, "
                "till exempel "
                "när ett avtal har brutits.",
                "They get data only when we need to assert or defend a legal claim, for example when a "
                "contract has "
                "been broken.",
            )
        )
    if recipient.categories:
        data = kinds(voice, recipient.categories)
        parts.append(voice.words(f"De kan få: {data}.", f"They may get: {data}."))
    if recipient.approvals:
        sv, en = _APPROVALS.get(
            recipient.approvals, (f"{recipient.approvals} personer", f"{recipient.approvals} people")
        )
        decide = "decides" if recipient.approvals == 1 else "decide"
        parts.append(
            voice.words(
                f"Minst {sv} hos oss prövar varje utlämnande.",
                f"At least {en} here {decide} on each disclosure.",
            )
        )
    return Sentence(text=" ".join(parts), path=f"recipients.{id_}", promises=_recipient_promises(recipient))


def _recipient_promises(recipient: Recipient) -> tuple[str, ...]:
    found = ["P001"]
    if recipient.role == "authority":
        found += ["P071", "P078", "P079"]
    elif recipient.ground == "claim":
        found += ["P068", "P069", "P071", "P076"]
    elif recipient.role == "controller" and recipient.ground == "contract":
        found += ["P072"]
    elif recipient.role == "processor":
        found += ["P070"]
    return tuple(dict.fromkeys((*found, *recipient.promises)))


def transfers(voice: Voice) -> tuple[Section, ...]:
    """Data outside the EEA, and what protects them there (art. 13.1 f, 44-49)."""
    said: list[Sentence] = []
    outside = [
        (id_, recipient)
        for id_, recipient in voice.policy.recipients.items()
        if any(not inside_eea(country) for country in recipient.country)
    ]
    if voice.policy.transfers.default == "eea_only":
        rest = bool(outside)
        said.append(
            voice.say(
                f"Uppgifterna stannar inom EU och EES{', utom i de fall som står här' if rest else ''}.",
                "The data stay within the EU and the "
                f"EEA{', except in the cases stated here' if rest else ''}.",
                at="transfers.default",
                promises=("P087",),
            )
        )
    for id_, recipient in outside:
        said += _transfer(voice, id_, recipient)
    return voice.section(
        "transfers", "Uppgifter utanför EU och EES", "Data outside the EU and the EEA", tuple(said)
    )


def _transfer(voice: Voice, id_: str, recipient: Recipient) -> list[Sentence]:
    at, guard = f"recipients.{id_}", recipient.safeguard
    where = in_words(COUNTRIES, [c for c in recipient.country if not inside_eea(c)], voice.language)
    who = capital(recipient_name(voice, id_))
    said = [
        voice.say(f"{who} finns i {where}.", f"{who} is in {where}.", at=f"{at}.country", promises=("P088",))
    ]
    if guard:
        said.append(_safeguard(voice, at, guard))
    return said


def _safeguard(voice: Voice, at: str, guard: Safeguard) -> Sentence:
    why = named(SAFEGUARDS, guard.kind, voice.language)
    ref = f" ({cite(guard.ref, voice.language)})" if guard.ref else ""
    copy = {
        "on_request": (" Du kan be oss om en kopia.", " You may ask us for a copy."),
        "public": (" Du kan läsa den på nätet.", " You can read it online."),
        None: ("", ""),
    }[guard.copy_ if guard.kind in ("scc", "bcr") else None]
    return voice.say(
        f"Vi får lämna uppgifterna därför att {why}{ref}.{copy[0]}",
        f"We may hand over the data because {why}{ref}.{copy[1]}",
        at=f"{at}.safeguard",
        promises=("P089",) if guard.kind != "derogation" else (),
    )


def stored(voice: Voice) -> tuple[Section, ...]:
    """How long data stay, purpose by purpose, and what may make them stay longer (art. 13.2 a, 17.3)."""
    said: list[Sentence] = []
    for id_, purpose in voice.policy.purposes.items():
        said += stored_for(voice, id_, purpose)
    said += [_hold(voice, id_) for id_ in voice.policy.holds]
    return voice.section(
        "stored", "Hur länge vi sparar uppgifterna", "How long we store the data", tuple(said)
    )


_HOLD_PROMISES = {
    "legal_obligation": ("P118",),
    "legal_claim": ("P119", "P139"),
    "active_contract": ("P120",),
}


def _hold(voice: Voice, id_: str) -> Sentence:
    why = named(HOLDS, id_, voice.language)
    return voice.say(
        f"Uppgifter kan sparas längre än så om {why}. Vi antecknar skälet.",
        f"Data may be kept longer than that if {why}. We note the reason.",
        at=f"holds.{id_}",
        promises=_HOLD_PROMISES.get(id_, ()),
    )


def stored_for(voice: Voice, id_: str, purpose: Purpose) -> list[Sentence]:
    """How long data stay for one purpose: a sentence for each rule that ends it (art. 13.2 a)."""
    said = []
    several = len(list(last_rules(voice.policy, purpose))) > 1
    for rule_id, rule in last_rules(voice.policy, purpose):
        name = name_of(voice, id_, purpose)
        which = f"{name}, {small(voice.of(rule.name, rule_id))}" if several else name
        text = f"{which}: {small(told(voice, rule))}"
        promises = ["P001", "P134", "P137"]
        if rule.law:
            text += f" {_because(voice, rule.law)}"
            promises += ["P135"] if demanded(rule.law) else []
        if rule.restrict_at:
            text += f" {restricted(voice, rule.restrict_at)}"
            promises += ["P136"]
        said.append(Sentence(text=text, path=f"retention.{rule_id}.keep_until", promises=tuple(promises)))
    return said


def demanded(law: str) -> bool:
    """Whether the statute itself demands that data be kept, rather than letting claims come."""
    return law in STATUTES and STATUTES[law].keep is not None


def _because(voice: Voice, law: str) -> str:
    name = statute(law, voice.language)
    if demanded(law):
        return voice.words(f"Tiden följer av {name}.", f"The period follows from {name}.")
    return voice.words(
        f"Så länge kan någon ställa krav enligt {name}.", f"Claims may come that long under {name}."
    )
