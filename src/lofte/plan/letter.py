"""The letter to a person whose data were erased, made from the plan itself (art. 12.1, 12.3-12.4, 17, 19).

- It says what is gone, what is left and by which law, on which day the rest goes by itself, who
  else is told, and what may lie beneath the rows. Counts and names of datasets; no value is in it.
- Each dataset stands in it once, with all that became of it; each reason is explained once. Only what
  tells nobody any more has a list of its own.
- It is written as it goes out, when all is done; a preview shows the same words before.
- Where something is kept, it says which rights remain, where to complain and that a court may be
  asked (art. 12.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from lofte.datamap.document import DataMap
from lofte.law.statutes import STATUTES
from lofte.plan import letter_why as reasons
from lofte.plan import letter_words as texts
from lofte.plan import words
from lofte.plan.deidentify import STATISTICS, TOLD
from lofte.plan.erase import LAW, OTHERS
from lofte.plan.holds import HoldKind
from lofte.plan.layers import Below, Layer
from lofte.plan.preview import TAKES, Line
from lofte.plan.recipients import Receivers, actual
from lofte.plan.records import Verb
from lofte.plan.scope import ARTICLE, EVERYTHING, NOT_ASKED, Scope
from lofte.plan.scope import said as said_of
from lofte.plan.standing import complaint
from lofte.policy.document import Policy, Text

LANGUAGES = ("sv", "en")
Place = tuple[str, str]
"""System and dataset."""
Said = dict[tuple[object, ...], tuple[Text, ...]]
"""Sentences that have been made for others, by all that they say."""


def erasure(
    policy: Policy,
    datamap: DataMap,
    lines: Sequence[Line],
    on: date,
    *,
    layers: Sequence[Layer] = (),
    number: str = "",
    earlier: Sequence[str] = (),
    receivers: Receivers | None = None,
    scope: Scope = EVERYTHING,
    said: Said | None = None,
) -> dict[str, str]:
    """The letter in each language, as it goes out on this day. `earlier` are the numbers of the cases in
    which something of the person is kept already; `receivers` and `said`, what has been found
    out and said in letters to others, by the same policy and map; `scope`, the categories that were asked
    about."""
    company = policy.controller.legal_name or policy.meta.title.say("sv")
    parts = [
        words.join("{company}, {day}", "{company}, {day}", company=company, day=words.say_date(on)),
        _about(number),
        *_scope(policy, scope),
        *_nothing(lines, earlier, scope),
        *_fates(policy, datamap, lines, {} if said is None else said),
        *_recipients(policy, datamap, lines, receivers),
        *_beneath(lines, layers),
        *_remedies(policy, lines),
        *_questions(policy),
    ]
    return {language: "\n\n".join(part.say(language) for part in parts) + "\n" for language in LANGUAGES}


def article_of(policy: Policy, ground: str) -> str:
    """Where the reason stands in the law, by the ground that the evidence has."""
    if ground in set(HoldKind):
        return HoldKind(ground).article
    if ground in ("shared", "mention"):
        return OTHERS
    if ground == NOT_ASKED:
        return ARTICLE
    ids = reasons.ids(ground)
    if not any(id_ in STATUTES for id_ in ids):
        bases = [policy.purposes[id_].legal_basis for id_ in ids if id_ in policy.purposes]
        return next(iter(bases), LAW)
    return LAW


def _about(number: str) -> Text:
    if not number:
        return texts.ABOUT
    return words.join("{about} Ärende {n}.", "{about} Case {n}.", about=texts.ABOUT, n=number)


def _scope(policy: Policy, scope: Scope) -> Iterator[Text]:
    if scope:
        yield words.join(*texts.ASKED, what=said_of(policy, scope))


def _nothing(lines: Sequence[Line], earlier: Sequence[str], scope: Scope) -> Iterator[Text]:
    if scope and lines and all(line.ground == NOT_ASKED and line.verb is Verb.KEEP for line in lines):
        yield texts.NOTHING_OF_THAT
    if not lines and earlier:
        yield words.join(*texts.NOTHING_MORE, numbers=", ".join(earlier))
    elif not lines:
        yield texts.NOTHING


# -- what became of each dataset -------------------------------------------------------------------


def _fates(policy: Policy, datamap: DataMap, lines: Sequence[Line], said: Said) -> Iterator[Text]:
    """What is gone, what is left, why, and what tells nobody any more."""
    theirs: dict[Place, list[Line]] = {}
    for line in lines:
        if line.ground != STATISTICS:
            theirs.setdefault((line.system, line.dataset), []).append(line)
    left = {at: mine for at, mine in theirs.items() if any(map(_stays, mine))}

    def went(at: Place) -> Iterator[Text]:
        yield _line(_name(datamap, *at), list(_taken(theirs[at], texts.ROWS)))

    def stayed(at: Place) -> Iterator[Text]:
        why = reasons.tags(policy, [line for line in theirs[at] if _stays(line)])
        yield _line(_name(datamap, *at), [*_taken(theirs[at], texts.ERASED), *why])

    def once(made: Callable[[Place], Iterator[Text]], places: Iterable[Place]) -> list[Text]:
        return [text for at in places for text in _once(said, (made.__name__, *theirs[at]), made, at)]

    yield from _section(texts.GONE, once(went, (at for at in theirs if at not in left)))
    stripped = _counted(line for line in lines if line.ground == STATISTICS)
    told = [_line(_name(datamap, *at), [words.rows(rows)]) for at, rows in stripped.items()]
    yield from _section(TOLD, told)
    yield from _section(texts.LEFT, once(stayed, left))
    staying = [line for mine in left.values() for line in mine if _stays(line)]
    if staying:
        why = ((line.ground, line.article, line.until, line.law_until) for line in staying)
        yield _listed(texts.BECAUSE, _once(said, tuple(why), reasons.explained, policy, staying))


def _once(
    said: Said, at: tuple[object, ...], make: Callable[..., Iterable[Text]], *of: Any
) -> tuple[Text, ...]:
    """What is made of the same is made once."""
    if at not in said:
        said[at] = tuple(make(*of))
    return said[at]


def _taken(lines: Sequence[Line], erased: tuple[str, str]) -> Iterator[Text]:
    """What was taken from a dataset for good; `erased` is how rows that went are said."""
    for verb, said in ((Verb.DELETE, erased), (Verb.CHANGE, texts.THINNED), (Verb.UNLINK, texts.UNLINKED)):
        rows = sum(line.rows for line in lines if line.verb is verb and not _stays(line))
        if rows:
            yield words.join(*said, rows=words.rows(rows))


def _stays(line: Line) -> bool:
    """Whether data of the person are still there, for a reason that they are told."""
    changed = line.verb is Verb.CHANGE and line.ground not in ("", STATISTICS)
    return line.verb is Verb.KEEP or changed


def _counted(lines: Iterable[Line]) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for line in lines:
        found[line.system, line.dataset] = found.get((line.system, line.dataset), 0) + line.rows
    return found


def _section(heading: Text, told: Sequence[Text]) -> Iterator[Text]:
    if told:
        yield _listed(heading, told)


def _line(name: Text, parts: Sequence[Text]) -> Text:
    said = {language: "; ".join(part.say(language) for part in parts) for language in LANGUAGES}
    return words.join("{name}: {told}", "{name}: {told}", name=name, told=Text(**said))


# -- who else, where else, what now ------------------------------------------------------------------


def _recipients(
    policy: Policy, datamap: DataMap, lines: Sequence[Line], receivers: Receivers | None
) -> Iterator[Text]:
    touched = _counted(line for line in lines if line.verb in TAKES)
    got = actual(policy, datamap, touched, receivers)
    if got:
        yield _listed(texts.TOLD, (each.receiver.name for each in got))


def _beneath(lines: Sequence[Line], layers: Sequence[Layer]) -> Iterator[Text]:
    """Where what went may still lie, each kind of place once and with its last day in any system."""
    if not any(line.verb in TAKES for line in lines):
        return
    ends: dict[Below, list[date | None]] = {}
    for layer in layers:
        ends.setdefault(layer.below, []).append(layer.until)
    if ends:
        yield _listed(texts.BENEATH, (_lies(below, ends[below]) for below in texts.BELOW if below in ends))


def _lies(below: Below, ends: Sequence[date | None]) -> Text:
    known = [day for day in ends if day is not None]
    span = texts.SOME_TIME
    if len(known) == len(ends):
        span = words.join(*texts.THROUGH, day=words.say_date(max(known)))
    said = texts.BELOW[below]
    return words.join(said.say("sv"), said.say("en"), span=span)


def _remedies(policy: Policy, lines: Sequence[Line]) -> Iterator[Text]:
    staying = [line for line in lines if _stays(line) and line.ground != NOT_ASKED]
    if not staying:
        return
    weighed = reasons.objectable(policy, staying)
    yield words.join(*texts.OBJECT, rights=texts.RIGHTS, purposes=weighed) if weighed else texts.RIGHTS
    where = complaint(policy)
    yield words.join(*texts.REMEDIES, name=where.name, url=where.url)


def _questions(policy: Policy) -> Iterator[Text]:
    contact = policy.controller.contact
    how = contact.email or contact.phone or contact.url
    if how:
        yield words.join(*texts.QUESTIONS, how=how)


def _name(datamap: DataMap, system: str, dataset: str) -> Text:
    return datamap.system(system).datasets[dataset].name


def _listed(heading: Text, told: Iterable[Text]) -> Text:
    listed = list(told)
    return Text(
        **{
            language: "\n".join([heading.say(language), *(f"- {each.say(language)}" for each in listed)])
            for language in LANGUAGES
        }
    )
