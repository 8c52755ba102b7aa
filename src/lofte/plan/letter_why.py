"""Why something is left after an erasure, and until when: beside the rows, and once in full (art. 12.4).

The ground of a line names statutes, purposes of the policy, a hold, or why a row is not the person's
alone. A law's end is told even where something else keeps the row for longer; the latest comes last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lofte.law.articles import cite
from lofte.law.bases import BASES
from lofte.law.statutes import STATUTES
from lofte.plan import letter_words as texts
from lofte.plan import words
from lofte.plan.erase import LAW
from lofte.plan.holds import HoldKind
from lofte.plan.living import LAW as DUTY
from lofte.plan.living import OBJECTABLE
from lofte.plan.preview import Line
from lofte.plan.records import Verb
from lofte.policy.document import Policy, Text

_PLACED = frozenset({HoldKind.LEGAL_CLAIM.value, HoldKind.INCIDENT.value})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """Lines of one dataset with the same reasons."""

    laws: tuple[str, ...]
    """Statutes, and purposes that rest on a legal obligation without naming one."""
    purposes: tuple[str, ...]
    others: tuple[str, ...]
    """Keys of `texts.REASONS`."""
    lines: tuple[Line, ...]


def ids(ground: str) -> list[str]:
    """The reasons that a ground names."""
    return [part.strip() for part in ground.split(",") if part.strip()]


def named(policy: Policy, ground: str) -> Text:
    """The reasons that a ground names, in short: purposes and holds in words, statutes and articles as
    they are numbered."""
    told = []
    for id_ in ids(ground):
        hold = texts.REASONS[id_].tag if id_ in texts.REASONS else Text(sv=id_, en=id_)
        told.append(_name(policy, id_) if id_ in policy.purposes else hold)
    return words.enumerated(told)


def objectable(policy: Policy, lines: Sequence[Line]) -> Text | None:
    """The purposes that keep something and that a person may object to (art. 21.1); None = there are none."""
    found = dict.fromkeys(
        id_
        for line in lines
        for id_ in ids(line.ground)
        if id_ in policy.purposes and policy.purposes[id_].legal_basis in OBJECTABLE
    )
    return _purposes(policy, tuple(found)) if found else None


def tags(policy: Policy, lines: Sequence[Line]) -> Iterator[Text]:
    """Beside the rows of one dataset: how many stay, why and until when; the same reasons once."""
    groups: dict[tuple[bool, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.verb is Verb.CHANGE, line.ground), []).append(line)
    for (thinned, _ground), grouped in groups.items():
        rows = words.rows(sum(line.rows for line in grouped))
        said = words.join(*texts.MINIMISED, rows=rows) if thinned else rows
        yield words.join(
            "{rows}{comma} {why}",
            "{rows}{comma} {why}",
            rows=said,
            comma="," if thinned else "",
            why=_tag(policy, _kept(policy, grouped)),
        )


def explained(policy: Policy, lines: Sequence[Line]) -> Iterator[Text]:
    """Each reason of all that stays, in full and once: the laws, the purposes by legal basis, the rest."""
    found = [_kept(policy, [line]) for line in lines]
    laws = tuple(dict.fromkeys(id_ for each in found for id_ in each.laws))
    if laws:
        yield _by_law(policy, laws, [each for each in found if each.laws and not each.purposes])
    by_basis: dict[str, dict[str, None]] = {}
    for id_ in (id_ for each in found for id_ in each.purposes):
        by_basis.setdefault(policy.purposes[id_].legal_basis, {})[id_] = None
    for basis, named in by_basis.items():
        mine = [each for each in found if named.keys() & set(each.purposes)]
        then = _then(line.until for each in mine for line in each.lines)
        yield _sentences(
            words.join(*texts.NEEDED, purposes=_purposes(policy, tuple(named)), article=_article(basis)),
            *then,
        )
    for key in dict.fromkeys(key for each in found for key in each.others):
        yield _otherwise(key, [line for each in found if key in each.others for line in each.lines])


def _kept(policy: Policy, lines: Sequence[Line]) -> _Kept:
    named = ids(lines[0].ground)
    laws = [id_ for id_ in named if id_ in STATUTES or _is_duty(policy, id_)]
    purposes = [id_ for id_ in named if id_ in policy.purposes and id_ not in laws]
    others = [id_ for id_ in named if id_ in texts.REASONS]
    if not (laws or purposes or others):
        others = ["referenced"]
    return _Kept(laws=tuple(laws), purposes=tuple(purposes), others=tuple(others), lines=tuple(lines))


def _is_duty(policy: Policy, id_: str) -> bool:
    return id_ in policy.purposes and policy.purposes[id_].legal_basis == DUTY


# -- beside the rows -------------------------------------------------------------------------------


def _tag(policy: Policy, kept: _Kept) -> Text:
    told = [texts.REASONS[key].tag for key in kept.others]
    ends = [line.until for line in kept.lines]
    own = [line.law_until for line in kept.lines] if kept.purposes or kept.others else ends
    law = words.join(*texts.BY_LAW, span=_span(own, texts.WHILE_LAW))
    if kept.laws and kept.purposes and ends == own and None not in own:
        told += [_for(policy, kept, None), law]
    else:
        told += [law] if kept.laws else []
        told += [_for(policy, kept, _span(ends, texts.WHILE_NEEDED))] if kept.purposes else []
    return _and(told)


def _for(policy: Policy, kept: _Kept, span: Text | None) -> Text:
    purposes = _purposes(policy, kept.purposes)
    if span is None:
        return words.join(*texts.FOR, purposes=purposes)
    return words.join(*texts.FOR_SPAN, purposes=purposes, span=span)


def _and(told: Sequence[Text]) -> Text:
    said = told[0]
    for each in told[1:]:
        said = words.join(*texts.THEN, first=said, last=each)
    return said


def _span(ends: Sequence[date | None], open_: Text) -> Text:
    """Until when; `open_` is said of what has no day."""
    known = sorted({day for day in ends if day is not None})
    if not known:
        return open_
    last = words.say_date(known[-1])
    if None in ends:
        return words.join(*texts.SOME_OPEN, last=last, open=open_)
    if len(known) == 1:
        return words.join(*texts.THROUGH, day=last)
    return words.join(*texts.RANGE, first=words.say_date(known[0]), last=last)


# -- in full ---------------------------------------------------------------------------------------


def _by_law(policy: Policy, laws: Sequence[str], alone: Iterable[_Kept]) -> Text:
    names = [words.statute(id_) or _name(policy, id_) for id_ in laws]
    demands = [
        Text(sv=STATUTES[id_].demands.sv, en=STATUTES[id_].demands.en)
        for id_ in laws
        if id_ in STATUTES and STATUTES[id_].keep
    ]
    said = words.join(*texts.LAW, laws=words.enumerated(names), article=_article(LAW))
    return _sentences(said, *demands, *_then(line.until for each in alone for line in each.lines))


def _otherwise(key: str, lines: Sequence[Line]) -> Text:
    reason = texts.REASONS[key]
    article = HoldKind(key).article if key in set(HoldKind) else lines[0].article
    said = words.join("{why} ({article}).", "{why} ({article}).", why=reason.why, article=_article(article))
    if key in _PLACED:
        days = [line.until for line in lines if line.until is not None]
        then = words.join(*texts.REVIEWED, day=words.say_date(max(days))) if days else texts.WHEN_OVER
        return _sentences(said, then)
    return _sentences(said, reason.then) if reason.then else said


def _then(ends: Iterable[date | None]) -> Iterator[Text]:
    """What becomes of what is kept."""
    days = list(ends)
    if any(day is not None for day in days):
        yield texts.BY_ITSELF
    if None in days:
        yield texts.WHEN_OVER


def _sentences(*told: Text) -> Text:
    return Text(sv=" ".join(each.say("sv") for each in told), en=" ".join(each.say("en") for each in told))


def _purposes(policy: Policy, named: Sequence[str]) -> Text:
    names = words.enumerated([_name(policy, id_) for id_ in named])
    return words.join(*(texts.PURPOSES if len(named) > 1 else texts.PURPOSE), names=names)


def _name(policy: Policy, id_: str) -> Text:
    return policy.purposes[id_].name or Text(en=id_)


def _article(article: str) -> Text:
    known = BASES.get(article)
    return Text(**{lang: known.cite(lang) if known else cite(article, lang) for lang in ("sv", "en")})
