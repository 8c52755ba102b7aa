"""Whether people can do less than before: a right is taken away, narrower, slower, or asks more of them
(art. 12, 13.3, 15-22)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lofte.fault import Fault
from lofte.law.bases import BASES
from lofte.policy import period as periods
from lofte.policy.comparing.found import Found
from lofte.policy.document import Policy, Purpose, Rights, RightTerms
from lofte.policy.terms import RightsDefaults

_FEWER = ("channels", "formats", "bases", "grounds", "release", "tell_before")
"""Of these, fewer is less."""
_GIVEN = (
    "self_view",
    "notify_recipients",
    "statement",
    "mode",
    "deidentify",
    "direct_marketing",
    "as_easy_as",
)
"""Said, these give something."""


def weaker(before: Policy, after: Policy) -> Iterator[Found]:
    """Every field by which people can do less."""
    yield from _rights(before.rights, after.rights)
    yield from _defaults(before.rights.defaults, after.rights.defaults)
    for id_, purpose in after.purposes.items():
        if id_ in before.purposes:
            yield from _purpose(id_, before.purposes[id_], purpose)
    for id_, decision in after.automated_decisions.items():
        was = before.automated_decisions.get(id_)
        if decision.exists and decision.art22 and not (was and was.exists and was.art22):
            yield Found(
                path=("automated_decisions", id_),
                sv="en maskin får nu fatta beslutet",
                en="a machine may now make the decision",
            )
    yield from _cookies(before, after)
    yield from _changes(before, after)


def _rights(before: Rights, after: Rights) -> Iterator[Found]:
    for name in Rights.model_fields:
        if name == "defaults":
            continue
        was, now = getattr(before, name), getattr(after, name)
        if was is not None and now is None:
            yield Found(path=("rights", name), sv="rätten är borttagen", en="the right is taken away")
        elif was is not None:
            yield from _terms(("rights", name), was, now)


def _terms(at: tuple[str, ...], was: RightTerms, now: RightTerms) -> Iterator[Found]:
    for name in _FEWER:
        if set(getattr(was, name)) - set(getattr(now, name)):
            yield Found(path=(*at, name), sv="smalare än förut", en="narrower than before")
    if now.for_ and (not was.for_ or set(was.for_) - set(now.for_)):
        # Nothing listed = for everything.
        yield Found(path=(*at, "for"), sv="gäller mindre än förut", en="is for less than before")
    if set(now.exceptions) - set(was.exceptions):
        yield Found(path=(*at, "exceptions"), sv="fler undantag än förut", en="more exceptions than before")
    for name in _GIVEN:
        if _gives(getattr(was, name)) and not _gives(getattr(now, name)):
            yield Found(path=(*at, name), sv="lovas inte längre", en="is no longer promised")
    if now.effect == "stops_service" != was.effect:
        yield Found(
            path=(*at, "effect"),
            sv="tjänsten stannar när rätten används",
            en="the service stops when the right is used",
        )


def _gives(value: Any) -> bool:
    return value is not None and value is not False


def _defaults(was: RightsDefaults, now: RightsDefaults) -> Iterator[Found]:
    at = ("rights", "defaults")
    for name in ("deadline", "extension"):
        if _longer(getattr(now, name), getattr(was, name)):
            yield Found(path=(*at, name), sv="svaret får ta längre tid", en="the answer may take longer")
    if set(was.identification) - set(now.identification):
        yield Found(
            path=(*at, "identification"),
            sv="färre sätt att visa vem man är",
            en="fewer ways to show who one is",
        )
    if now.fee.amount > was.fee.amount or (now.fee.amount and now.fee.currency != was.fee.currency):
        yield Found(path=(*at, "fee"), sv="svaret kostar mer", en="the answer costs more")


def _purpose(id_: str, was: Purpose, now: Purpose) -> Iterator[Found]:
    old, new = BASES.get(was.legal_basis), BASES.get(now.legal_basis)
    if old and new:
        for name, sv, en in (
            ("withdrawable", "samtycket kan inte tas tillbaka längre", "consent can no longer be withdrawn"),
            ("portable", "uppgifterna kan inte tas med längre", "the data can no longer be taken along"),
            ("objectable", "det går inte längre att invända", "one can no longer object"),
        ):
            if getattr(old, name) and not getattr(new, name):
                yield Found(path=("purposes", id_, "legal_basis"), sv=sv, en=en)
    if was.marketing and set(was.marketing.opt_out) - set(now.marketing.opt_out if now.marketing else ()):
        yield Found(
            path=("purposes", id_, "marketing", "opt_out"),
            sv="färre sätt att säga nej till reklam",
            en="fewer ways to say no to advertising",
        )


def _cookies(before: Policy, after: Policy) -> Iterator[Found]:
    if before.cookies is None or after.cookies is None:
        return
    if before.cookies.refuse_as_easy and not after.cookies.refuse_as_easy:
        yield Found(path=("cookies", "refuse_as_easy"), sv="svårare att säga nej", en="harder to say no")
    if before.cookies.consent == "prior_opt_in" != after.cookies.consent:
        yield Found(path=("cookies", "consent"), sv="du frågas inte längre", en="you are no longer asked")


def _changes(before: Policy, after: Policy) -> Iterator[Found]:
    """To be told of changes before they take force was promised, too (art. 13.3)."""
    was, now = before.changes, after.changes
    if set(was.major) - set(now.major):
        yield Found(
            path=("changes", "major"), sv="färre ändringar berättas i förväg", en="fewer changes are told"
        )
    if set(was.notify) - set(now.notify):
        yield Found(path=("changes", "notify"), sv="berättas på färre sätt", en="told in fewer ways")
    if was.major and _longer(was.lead_time, now.lead_time):
        yield Found(path=("changes", "lead_time"), sv="berättas senare än förut", en="told later than before")


def _longer(one: str, than: str) -> bool:
    """Whether a period may be longer than another; one that cannot be read counts so when it differs."""
    if one == than:
        return False
    new, old = periods.parse(one), periods.parse(than)
    return isinstance(new, Fault) or isinstance(old, Fault) or new.longer_than(old)
