"""Saying yes (art. 4.11, 7.1), and giving an address at a sale (19 § marknadsföringslagen).

Hard rules:
- A yes names its purposes and the words that were read; it was given by an act of the person's own, never by
  a box that was ticked already.
- It is a record, and is never changed. What it covers now is computed (`plan.coverage`).
- A yes to what was withdrawn before ends the withdrawal, for that purpose and no other, when it is known who
  says it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from lofte.consent import suppress, withdraw
from lofte.consent.models import ConsentText, Given, Mark
from lofte.consent.person import acts_about, mark, new_act, one_at_a_time
from lofte.consent.suppress import LiftedFor
from lofte.datamap.identity import Identity
from lofte.errors import Refused
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.ledger.kinds import Kind, Value
from lofte.plan.coverage import SOFT, Said, asks, covered, meaning, missing
from lofte.plan.objection import known, marketing


class How(StrEnum):
    """In which way somebody said yes."""

    FORM = "form"
    PORTAL = "portal"
    API = "api"
    DOUBLE_OPT_IN = "double_opt_in"
    """By the link in a letter to the address."""
    SALE = "sale"
    """The address was given at a sale; no consent, but 19 § lets it be used."""
    HANDLER = "handler"
    """Somebody who works here noted it."""


PROVEN = frozenset((How.PORTAL, How.DOUBLE_OPT_IN, How.HANDLER))
"""Ways in which it is known who says yes. Another's address that somebody typed into a form undoes no no."""


def give(
    house: House,
    identities: Sequence[Identity],
    purposes: Collection[str],
    *,
    how: How,
    words: str = "",
    language: str = "sv",
    form: str = "",
    terms: Mapping[str, Any] | None = None,
    by: str = "",
) -> Given:
    """Record that the person says yes to these purposes, having read these words.

    Raises Refused when a purpose rests on something else than consent, when there are no words, and when a
    condition of 19 § is not met (`terms`: `sale` a day, `own_similar`, `opt_out_at_collection`)."""
    if not identities:
        raise Refused("a yes needs something to know the person by; give at least one identity")
    wanted = judged(house, purposes, how, words, terms or {})
    with recorded(house):
        one_at_a_time(house, identities)
        text = _text(house, words.strip(), language)
        given = Given.objects.create(
            covers={id_: meaning(house.policy.purposes[id_]) for id_ in wanted},
            how=how,
            form=form,
            text=text,
            terms=dict(terms or {}),
            **new_act(house, by),
        )
        mark(house, given.ref, identities)
        payload: dict[str, Value] = {"how": how.value, "purposes": len(wanted), "text": text.sha}
        _note(house, given.ref, payload | ({"by": by} if by else {}))
    if how in PROVEN:
        _end_withdrawals(house, identities, frozenset(wanted), by)
    return given


def judged(
    house: House, purposes: Collection[str], how: How, words: str, terms: Mapping[str, Any]
) -> tuple[str, ...]:
    """The purposes that may be said yes to so. Raises Refused."""
    wanted = tuple(sorted(set(purposes)))
    if not wanted:
        raise Refused("a yes is to something; name at least one purpose of the policy (art. 4.11)")
    if not words.strip():
        raise Refused("give the words that the person read; a yes to nothing in words is none (art. 7.2)")
    for id_ in wanted:
        purpose = known(house.policy, id_)
        if (purpose.legal_basis == SOFT) is not (how is How.SALE) or not asks(purpose):
            raise Refused(
                f"the purpose `{id_}` rests on {purpose.legal_basis}: only what rests on consent is said yes "
                "to, and only what rests on 19 § marknadsföringslagen is noted at a sale"
            )
    if how is How.SALE and (lacks := missing(terms)):
        raise Refused(
            f"19 § marknadsföringslagen also asks for: {', '.join(lacks)}; without it, ask for consent"
        )
    return wanted


def keeps(house: House) -> bool:
    """Whether yeses are recorded here at all; from the first one on, what needs a yes has to have it."""
    return Given.objects.exists()


def standing(house: House, identities: Iterable[Identity]) -> dict[str, datetime]:
    """The purposes that this person's yeses cover now, each with when they said the latest."""
    return _latest(house, Given.objects.filter(ref__in=acts_about(house, identities)).order_by("id"))


def standing_by_mark(house: House, marks: Collection[str]) -> dict[str, dict[str, datetime]]:
    """As `standing`, for many persons at once: by `person_mark`."""
    found: dict[str, set[str]] = {}
    for act, person in Mark.objects.filter(person__in=list(marks)).values_list("act", "person"):
        found.setdefault(act, set()).add(person)
    yeses: dict[str, list[Given]] = {}
    for given in Given.objects.filter(ref__in=list(found)).order_by("id"):
        for person in found[given.ref]:
            yeses.setdefault(person, []).append(given)
    return {person: _latest(house, each) for person, each in yeses.items()}


def all_of(house: House, identities: Iterable[Identity]) -> list[Given]:
    """Every yes of this person, the newest first."""
    about = Given.objects.filter(ref__in=acts_about(house, identities))
    return list(about.select_related("text").order_by("-id"))


def _latest(house: House, yeses: Iterable[Given]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for given in yeses:
        for id_ in covered(Said(covers=given.covers, terms=given.terms), house.policy):
            found[id_] = given.at
    return found


def _end_withdrawals(house: House, identities: Sequence[Identity], purposes: frozenset[str], by: str) -> None:
    """End what was withdrawn of these; what else was withdrawn with it stays so."""
    for before in withdraw.standing(house, identities):
        if not purposes & set(before.purposes):
            continue
        rest = [id_ for id_ in before.purposes if id_ not in purposes and id_ in house.policy.purposes]
        if rest:
            withdraw.withdraw(house, identities, rest, by=by)
        withdraw.give_anew(house, before, by=by)
    if purposes & marketing(house.policy):
        suppress.lift_for(house, identities, why=LiftedFor.CONSENT, by=by)


def _text(house: House, words: str, language: str) -> ConsentText:
    sha = hashlib.sha256(f"{language}\n{words}".encode()).hexdigest()
    text, _made = ConsentText.objects.get_or_create(
        sha=sha, defaults={"language": language, "words": words, "since": house.now}
    )
    return text


def _note(house: House, ref: str, payload: Mapping[str, Value]) -> None:
    note(Kind.CONSENT_GIVEN, ref, payload, at=house.now, policy_version=house.policy_version)
