"""The letter to a person whose data were erased, made from the plan itself (art. 12.1, 12.3-12.4, 17, 19).

- It says what is gone, what is left and by which law, on which day the rest goes by itself, who
  else is told, and what may lie in backups. Counts and names of datasets; no value is in it.
- It is written as it goes out, when all is done; a preview shows the same words before.
- Where something is kept, it says where to complain and that a court may be asked (art. 12.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lofte.datamap.document import DataMap
from lofte.law.articles import cite
from lofte.law.bases import BASES
from lofte.law.statutes import STATUTES
from lofte.plan import letter_words as texts
from lofte.plan import words
from lofte.plan.deidentify import STATISTICS, TOLD
from lofte.plan.erase import LAW, OTHERS
from lofte.plan.holds import HoldKind
from lofte.plan.layers import Below, Layer
from lofte.plan.preview import TAKES, Line
from lofte.plan.recipients import actual
from lofte.plan.records import Verb
from lofte.plan.standing import complaint
from lofte.policy.document import Policy, Text

LANGUAGES = ("sv", "en")
_PLACED = frozenset({HoldKind.LEGAL_CLAIM.value, HoldKind.INCIDENT.value})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Left:
    """What is kept for one reason."""

    ground: str
    article: str
    lines: tuple[Line, ...]


def erasure(
    policy: Policy,
    datamap: DataMap,
    lines: Sequence[Line],
    on: date,
    *,
    layers: Sequence[Layer] = (),
    number: str = "",
    earlier: Sequence[str] = (),
) -> dict[str, str]:
    """The letter in each language, as it goes out on this day. `earlier` are the numbers of the cases in
    which something of the person is kept already."""
    company = policy.controller.legal_name or policy.meta.title.say("sv")
    parts = [
        words.join("{company}, {day}", "{company}, {day}", company=company, day=words.say_date(on)),
        _about(number),
        *_gone(datamap, lines, earlier),
        *_thinned(datamap, lines),
        *_kept(policy, datamap, lines),
        *_recipients(policy, datamap, lines),
        *_backups(lines, layers),
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
    ids = _ids(ground)
    if not any(id_ in STATUTES for id_ in ids):
        bases = [policy.purposes[id_].legal_basis for id_ in ids if id_ in policy.purposes]
        return next(iter(bases), LAW)
    return LAW


def _ids(ground: str) -> list[str]:
    return [part.strip() for part in ground.split(",") if part.strip()]


def _about(number: str) -> Text:
    if not number:
        return texts.ABOUT
    return words.join("{about} Ärende {n}.", "{about} Case {n}.", about=texts.ABOUT, n=number)


# -- what went -------------------------------------------------------------------------------------


def _gone(datamap: DataMap, lines: Sequence[Line], earlier: Sequence[str]) -> Iterator[Text]:
    if not lines and earlier:
        yield words.join(*texts.NOTHING_MORE, numbers=", ".join(earlier))
        return
    if not lines:
        yield texts.NOTHING
        return
    yield from _section(datamap, texts.GONE, [line for line in lines if line.verb is Verb.DELETE])


def _thinned(datamap: DataMap, lines: Sequence[Line]) -> Iterator[Text]:
    stripped = [line for line in lines if line.ground == STATISTICS]
    changed = [line for line in lines if line.verb is Verb.CHANGE and line not in stripped]
    yield from _section(datamap, texts.THINNED, changed)
    yield from _section(datamap, TOLD, stripped)
    yield from _section(datamap, texts.UNLINKED, [line for line in lines if line.verb is Verb.UNLINK])


def _section(datamap: DataMap, heading: Text, lines: Sequence[Line]) -> Iterator[Text]:
    if not lines:
        return
    rows: dict[tuple[str, str], int] = {}
    for line in lines:
        rows[line.system, line.dataset] = rows.get((line.system, line.dataset), 0) + line.rows
    yield _listed(
        heading,
        (
            words.join("{name}: {rows}", "{name}: {rows}", name=_name(datamap, *at), rows=words.rows(n))
            for at, n in rows.items()
        ),
    )


# -- what is left ----------------------------------------------------------------------------------


def _kept(policy: Policy, datamap: DataMap, lines: Sequence[Line]) -> Iterator[Text]:
    """What is left, each reason once, whatever more is behind it."""
    groups: dict[tuple[str, str], tuple[Text, list[_Left]]] = {}
    for left in _by_ground(lines):
        why = _why(policy, left)
        groups.setdefault((why.say("sv"), why.say("en")), (why, []))[1].append(left)
    for why, lefts in groups.values():
        together = _Left(
            ground=lefts[0].ground,
            article=lefts[0].article,
            lines=tuple(line for left in lefts for line in left.lines),
        )
        yield _listed(why, _datasets(datamap, together))
        yield _then(together)


def _datasets(datamap: DataMap, left: _Left) -> Iterator[Text]:
    """A line for each dataset, its days in order; what has no day comes last."""
    by_dataset: dict[tuple[str, str], dict[date | None, int]] = {}
    for line in left.lines:
        until = None if line.ground in _PLACED else line.until
        days = by_dataset.setdefault((line.system, line.dataset), {})
        days[until] = days.get(until, 0) + line.rows
    for at, days in by_dataset.items():
        told = [_until(days[day], day) for day in sorted(days, key=lambda day: day or date.max)]
        yield words.join("{name}: {told}", "{name}: {told}", name=_name(datamap, *at), told=_semicolons(told))


def _until(rows: int, day: date | None) -> Text:
    if day is None:
        return words.rows(rows)
    return words.join(
        "{rows} till och med den {day}",
        "{rows} through {day}",
        rows=words.rows(rows),
        day=words.say_date(day),
    )


def _semicolons(told: Sequence[Text]) -> Text:
    return Text(**{language: "; ".join(each.say(language) for each in told) for language in LANGUAGES})


def _by_ground(lines: Sequence[Line]) -> Iterator[_Left]:
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if _stays(line):
            groups.setdefault((line.ground, line.article), []).append(line)
    for (ground, article), grouped in groups.items():
        yield _Left(ground=ground, article=article, lines=tuple(grouped))


def _stays(line: Line) -> bool:
    """Whether data of the person are still there, for a reason that they are told."""
    changed = line.verb is Verb.CHANGE and line.ground not in ("", STATISTICS)
    return line.verb is Verb.KEEP or changed


def _why(policy: Policy, left: _Left) -> Text:
    """The reason, and where it stands in the law. The ground is statutes, a hold, or purposes."""
    if left.ground in texts.REASONS:
        return _cited(texts.REASONS[left.ground], left.article)
    ids = _ids(left.ground)
    statutes = [law for id_ in ids if (law := words.statute(id_))]
    names = [policy.purposes[id_].name or Text(en=id_) for id_ in ids if id_ in policy.purposes]
    if statutes and names:
        both = words.join(*texts.BY_BOTH, laws=words.enumerated(statutes), names=words.enumerated(names))
        return _cited(both, left.article, more=_demands(ids))
    if statutes:
        by_law = words.join(*texts.BY_LAW, laws=words.enumerated(statutes))
        return _cited(by_law, left.article, more=_demands(ids))
    if names:
        basis = next(policy.purposes[id_].legal_basis for id_ in ids if id_ in policy.purposes)
        article = basis if basis in BASES else left.article
        return _cited(words.join(*texts.BY_PURPOSE, names=words.enumerated(names)), article)
    return _cited(texts.REASONS["referenced"], left.article)


def _demands(ids: Iterable[str]) -> Text | None:
    found = next((STATUTES[id_] for id_ in ids if id_ in STATUTES and STATUTES[id_].keep), None)
    return Text(sv=found.demands.sv, en=found.demands.en) if found else None


def _cited(reason: Text, article: str, more: Text | None = None) -> Text:
    said = {}
    for language in LANGUAGES:
        known = BASES.get(article)
        where = known.cite(language) if known else cite(article, language)
        extra = f" {more.say(language)}" if more else ""
        said[language] = f"{reason.say(language)} ({where}).{extra} {texts.IT_IS.say(language)}"
    return Text(**said)


def _then(left: _Left) -> Text:
    """What becomes of what is kept."""
    if left.ground in _PLACED:
        days = [line.until for line in left.lines if line.until is not None]
        return words.join(*texts.REVIEWED, day=words.say_date(max(days))) if days else texts.WHEN_OVER
    if left.ground in ("shared", "mention", HoldKind.RESTRICTION.value):
        return texts.LATER[left.ground]
    open_ended = [line for line in left.lines if line.until is None]
    if not open_ended:
        return texts.BY_ITSELF
    return texts.WHEN_OVER if len(open_ended) == len(left.lines) else texts.SOME_BY_ITSELF


# -- who else, where else, what now ------------------------------------------------------------------


def _recipients(policy: Policy, datamap: DataMap, lines: Sequence[Line]) -> Iterator[Text]:
    touched: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.verb in TAKES:
            touched[line.system, line.dataset] = touched.get((line.system, line.dataset), 0) + line.rows
    got = actual(policy, datamap, touched)
    if got:
        yield _listed(texts.TOLD, (each.receiver.name for each in got))


def _backups(lines: Sequence[Line], layers: Sequence[Layer]) -> Iterator[Text]:
    if not any(line.verb in TAKES for line in lines):
        return
    backups = [layer for layer in layers if layer.below is Below.BACKUPS]
    if not backups:
        return
    days = [layer.until for layer in backups]
    known = [day for day in days if day is not None]
    if len(known) == len(days):
        yield words.join(*texts.BACKUPS_UNTIL, day=words.say_date(max(known)))
    else:
        yield texts.BACKUPS


def _remedies(policy: Policy, lines: Sequence[Line]) -> Iterator[Text]:
    if not any(_stays(line) for line in lines):
        return
    where = complaint(policy)
    yield words.join(*texts.REMEDIES, name=where.name, url=where.url)


def _questions(policy: Policy) -> Iterator[Text]:
    contact = policy.controller.contact
    how = contact.email or contact.phone or contact.url
    if how:
        yield words.join("Har du frågor? Hör av dig: {how}", "Questions? Contact us: {how}", how=how)


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
