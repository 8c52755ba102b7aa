"""Saying no and asking for more: objection, withdrawal, review, complaint (art. 7.3, 21, 22, 77)."""

from __future__ import annotations

from lofte.law.articles import cite
from lofte.law.bases import BASES
from lofte.law.rights import Right
from lofte.policy.document import Text
from lofte.policy.notice.records import Section, Sentence, Voice
from lofte.policy.notice.rights import how_to
from lofte.policy.notice.words import capital, listed, small


def objection(voice: Voice) -> tuple[Section, ...]:
    """The right to object, told apart from everything else (art. 21.4)."""
    terms = voice.policy.rights.objection
    if terms is None:
        return ()
    said = []
    names = [
        voice.of(p.name, id_) for id_, p in voice.policy.purposes.items() if BASES[p.legal_basis].objectable
    ]
    if names:
        which = listed([small(name) for name in names], voice.language)
        said.append(
            voice.say(
                f"Du kan när som helst invända mot det vi gör efter en intresseavvägning: {which}. Då "
                "slutar vi, om vi inte kan "
                "visa skäl som väger tyngre än dina.",
                f"You may at any time object to what we do on the ground of legitimate interest: {which}. "
                "Then we stop, unless "
                "we can show reasons that weigh more than yours.",
                at="rights.objection",
                promises=("P040",),
            )
        )
    if terms.direct_marketing == "absolute":
        said.append(
            voice.say(
                "Säger du nej till reklam slutar vi alltid. Vi frågar inte varför.",
                "If you say no to advertising we always stop. We do not ask why.",
                at="rights.objection.direct_marketing",
                promises=("P061", "P062"),
            )
        )
    said += how_to(voice, Right.OBJECTION, terms)[-1:] if terms.channels else ()
    return voice.section("objection", "Din rätt att invända", "Your right to object", tuple(said))


def withdrawal(voice: Voice) -> tuple[Section, ...]:
    """Taking back consent (art. 7.3, 13.2 c)."""
    names = [
        small(voice.of(p.name, id_))
        for id_, p in voice.policy.purposes.items()
        if BASES[p.legal_basis].withdrawable
    ]
    names += _cookies_asked_about(voice)
    terms = voice.policy.rights.withdraw_consent
    if terms is None or not names:
        return ()
    which = listed(names, voice.language)
    said = (
        *how_to(voice, Right.WITHDRAWAL, terms),
        voice.say(
            f"Vi frågar om samtycke för detta: {which}. Det vi gjorde innan du tog tillbaka ditt ja är "
            "fortfarande tillåtet.",
            f"We ask for consent for this: {which}. What we did before you took back your yes is still "
            "allowed.",
            at="rights.withdraw_consent",
            promises=("P113",),
        ),
    )
    return voice.section("withdrawal", "Ta tillbaka ett samtycke", "Taking back consent", said)


_COOKIES = {
    "functional": ("kakor som minns dina val", "cookies that remember your choices"),
    "statistics": ("kakor för statistik", "cookies for statistics"),
    "marketing": ("kakor för marknadsföring", "cookies for marketing"),
}


def _cookies_asked_about(voice: Voice) -> list[str]:
    """The kinds of cookies that wait for a yes (LEK 9 kap. 28 §)."""
    terms = voice.policy.cookies
    if terms is None or terms.consent == "none_needed" or not isinstance(terms.table, tuple):
        return []
    kinds = dict.fromkeys(cookie.purpose for cookie in terms.table)
    return [voice.words(*_COOKIES[kind]) for kind in _COOKIES if kind in kinds]


_RESTS = {
    "contract": Text(
        sv="görs därför att det är nödvändigt för ett avtal med dig",
        en="is done because it is necessary for a contract with you",
    ),
    "law": Text(sv="görs därför att en lag tillåter det", en="is done because a law permits it"),
    "explicit_consent": Text(
        sv="görs bara om du uttryckligen har samtyckt", en="is done only if you have expressly consented"
    ),
}


def automated(voice: Voice) -> tuple[Section, ...]:
    """Decisions by machine, their logic and effects (art. 13.2 f, 22)."""
    decisions = {id_: d for id_, d in voice.policy.automated_decisions.items() if d.exists}
    said = []
    if voice.policy.automated_decisions and not any(d.art22 for d in decisions.values()):
        said.append(
            voice.say(
                "Ingen maskin fattar ensam beslut som har rättsliga följder för dig eller påverkar dig på "
                f"liknande sätt ({cite('22', 'sv')}).",
                "No machine alone makes decisions that have legal effects for you or affect you in a "
                f"similar way ({cite('22', 'en')}).",
                at="automated_decisions",
            )
        )
    for id_, decision in decisions.items():
        name = voice.of(decision.name, id_.replace("_", " "))
        logic, effects = voice.of(decision.logic), voice.of(decision.effects)
        said.append(
            Sentence(
                text=f"{capital(name)}: {logic} {effects}",
                path=f"automated_decisions.{id_}",
                promises=("P121",) if decision.art22 else ("P122",),
            )
        )
        if decision.basis:
            said.append(
                voice.say(
                    f"{capital(name)} {_RESTS[decision.basis].sv}.",
                    f"{capital(name)} {_RESTS[decision.basis].en}.",
                    at=f"automated_decisions.{id_}.basis",
                    promises=("P041",) if decision.basis != "law" else (),
                )
            )
    review = voice.policy.rights.human_review
    if review and any(id_ in decisions for id_ in review.for_):
        said += how_to(voice, Right.HUMAN_REVIEW, review)
    return voice.section("automated", "Beslut av maskiner", "Decisions by machines", tuple(said))


def complaint(voice: Voice) -> tuple[Section, ...]:
    """Where a complaint goes (art. 13.2 d, 77)."""
    authority = voice.policy.authority
    name = voice.of(authority.name)
    said = [
        voice.say(
            f"Tycker du att vi gör fel? Säg det gärna till oss först. Du kan alltid klaga hos {name} "
            f"({cite('77', 'sv')}).",
            f"Do you think we do wrong? You are welcome to tell us first. You may always complain to {name} "
            f"({cite('77', 'en')}).",
            at="authority.name",
            promises=("P149", "P150"),
        )
    ]
    ways = [
        ("url", authority.url),
        ("email", authority.email),
        ("phone", authority.phone),
        ("address", authority.address),
    ]
    for field, way in ways:
        if way:
            label = {
                "url": ("Webbplats", "Website"),
                "email": ("E-post", "E-mail"),
                "phone": ("Telefon", "Phone"),
                "address": ("Adress", "Address"),
            }[field]
            said.append(
                voice.say(
                    f"{label[0]}: {way}", f"{label[1]}: {way}", at=f"authority.{field}", promises=("P149",)
                )
            )
    said.append(
        voice.say(
            f"Du kan också vända dig till domstol ({cite('79', 'sv')}).",
            f"You may also go to court ({cite('79', 'en')}).",
            at="authority",
        )
    )
    return voice.section("complaint", "Klaga", "Complain", tuple(said))
