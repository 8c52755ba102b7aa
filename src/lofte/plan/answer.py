"""The answer to a request for access, computed for one person (art. 15.1 a-h, 15.2).

Nothing here is copied from the policy because it stands there: a purpose, a category, a recipient
or a transfer is told when rows were found that it concerns. What was looked for and not found,
what is withheld, masked, forwarded or waits for a handler is told too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lofte.datamap.document import DataMap, Dataset, FieldMap, Give
from lofte.errors import Refused
from lofte.plan import words
from lofte.plan.period import Anchors, Period, inherited, longest, merge, periods, settled
from lofte.plan.records import DatasetRef, Tally
from lofte.plan.scope import EVERYTHING, Scope
from lofte.plan.scope import WHY as NOT_ASKED_WHY
from lofte.plan.sharing import Receiver, Transfer, receivers, transfers
from lofte.plan.standing import Complaint, Decision, RightLine, complaint, decisions, rights
from lofte.policy.document import Policy, Source, Text


class NothingSearched(Refused):
    """No dataset was looked in, so there is no answer to give, not even a no (art. 15.1)."""

    def __init__(self) -> None:
        super().__init__("no dataset was searched: map the systems first, then answer")


@dataclass(frozen=True, kw_only=True, slots=True)
class PurposeLine:
    """Why these data are processed, and on what ground (art. 15.1 a)."""

    id: str
    name: Text
    text: Text | None
    ground: Text
    laws: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryLine:
    """A kind of data that was found: what, from where, how long (art. 15.1 b, d, g)."""

    id: str
    name: Text
    text: Text | None
    special: str | None
    items: tuple[Text, ...]
    sources: tuple[Text, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetLine:
    """What one dataset holds of the person."""

    at: DatasetRef
    name: Text
    text: Text | None
    rows: int
    first: date | None
    last: date | None
    categories: tuple[str, ...]
    periods: tuple[Period, ...]
    until: date | None
    """The last day the newest row is kept, by all rules together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What is not shown as it stands, and why."""

    at: DatasetRef
    dataset: Text
    fields: tuple[Text, ...]
    why: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A dataset told of by name and number of rows only."""

    at: DatasetRef
    dataset: Text
    rows: int | None
    """None for what we hold for others: how much is not ours to tell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """All that art. 15.1 and 15.2 want told, for this person on this day."""

    on: date
    found: bool
    rows: int
    searched: int
    """In how many datasets we looked."""
    summary: Text
    purposes: tuple[PurposeLine, ...]
    categories: tuple[CategoryLine, ...]
    datasets: tuple[DatasetLine, ...]
    receivers: tuple[Receiver, ...]
    transfers: tuple[Transfer, ...]
    rights: tuple[RightLine, ...]
    complaint: Complaint
    decisions: tuple[Decision, ...]
    withheld: tuple[Held, ...]
    files: tuple[Held, ...]
    """Fields that name a file which the package does not hold."""
    masked: tuple[Held, ...]
    forwarded: tuple[Counted, ...]
    waiting: tuple[Counted, ...]
    shared: tuple[Counted, ...]
    kept_back: tuple[Counted, ...]
    """Rows that a handler has looked at and not given, for others' sake."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A dataset of the map and what was found in it."""

    dataset: Dataset
    tally: Tally
    anchors: Anchors


def answer(
    policy: Policy, datamap: DataMap, tallies: Sequence[Tally], on: date, scope: Scope = EVERYTHING
) -> Answer:
    """The answer for one person, from the policy in force, the map, and what was found. With a scope the
    map is the one that was narrowed to it.

    Raises `NothingSearched` when no dataset was looked in: then nothing is known, not even a no.
    """
    if not tallies:
        raise NothingSearched
    hits = _hits(policy, datamap, tallies)
    own = [h for h in hits if h.dataset.role == "controller"]
    given = [h for h in own if h.tally.rows]
    categories = tuple(_category(policy, id_, given, on) for id_ in _categories(policy, given))
    used = _purposes(policy, given, scope)
    told = receivers(policy, [(h.dataset, _found_categories(h)) for h in given], used)
    return Answer(
        on=on,
        found=bool(given),
        rows=sum(h.tally.rows for h in given),
        searched=len(hits),
        summary=_summary(given, hits, scope),
        purposes=tuple(_purpose(policy, id_) for id_ in used),
        categories=categories,
        datasets=tuple(_dataset(policy, h, on) for h in given),
        receivers=told,
        transfers=transfers(policy, told),
        rights=rights(policy, used),
        complaint=complaint(policy),
        decisions=decisions(policy) if given else (),
        withheld=tuple(line for h in given for line in _withheld(policy, h)),
        files=tuple(line for h in given for line in _files(policy, h)),
        masked=tuple(line for h in given for line in _masked(policy, h)),
        forwarded=tuple(_counted(h, None) for h in hits if h.dataset.role == "processor" and h.tally.rows),
        waiting=tuple(_counted(h, h.tally.waiting) for h in own if h.tally.waiting),
        shared=tuple(_counted(h, h.tally.shared) for h in own if h.tally.shared),
        kept_back=tuple(_counted(h, h.tally.kept_back) for h in own if h.tally.kept_back),
    )


def _hits(policy: Policy, datamap: DataMap, tallies: Sequence[Tally]) -> list[Hit]:
    """Each dataset with its anchors. A row without a date of its own ends with the row it points
    at: the lines of an invoice are kept as long as the invoice."""
    datasets = {t.at: datamap.system(t.at.system).datasets[t.at.dataset] for t in tallies}
    fiscal = policy.controller.fiscal_year_end
    own = {t.at: dict(settled(datasets[t.at], t, fiscal)) for t in tallies}
    for _ in tallies:
        before = sum(map(len, own.values()))
        for at, dataset in datasets.items():
            for target in (getattr(path, "to", None) for path in dataset.subject):
                pointed = own.get(DatasetRef(system=at.system, dataset=target)) if target else None
                own[at] = {**inherited(pointed or {}), **own[at]}
        if sum(map(len, own.values())) == before:
            break
    return [Hit(dataset=datasets[t.at], tally=t, anchors=own[t.at]) for t in tallies]


def label(policy: Policy, name: str, field: FieldMap) -> Text:
    """What people call a field: its label, its item in the policy, else its own name made readable."""
    if field.label:
        return field.label
    if field.category and field.item and (category := policy.categories.get(field.category)):
        for item in category.items:
            if item.id == field.item and item.name:
                return Text(
                    sv=_capital(item.name.say("sv")),
                    en=_capital(item.name.say("en")),
                )
    readable = _capital(name.replace("_", " ").strip())
    return Text(sv=readable, en=readable)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _summary(given: Sequence[Hit], hits: Sequence[Hit], scope: Scope) -> Text:
    rows = sum(h.tally.rows for h in given)
    if given:
        return words.join(
            "Ja, vi har uppgifter om dig: {rows} i {n}.",
            "Yes, we hold data about you: {rows} in {n}.",
            rows=words.rows(rows),
            n=_datasets(len(given)),
        )
    if any(h.tally.waiting or h.tally.shared or h.tally.kept_back for h in hits):
        return Text(
            sv="Vi har hittat uppgifter som kan vara dina, men vi kan inte lämna ut dem än.",
            en="We have found data that may be yours, but we cannot give them to you yet.",
        )
    if any(h.tally.rows for h in hits):
        return Text(
            sv="Vi har inga egna uppgifter om dig, men vi lagrar uppgifter för en kunds räkning.",
            en="We hold no data of our own about you, but we store data on behalf of a customer.",
        )
    if scope:
        return words.join(
            "Nej, vi har inga uppgifter om dig av det slag du bad om. Vi har letat i {n}.",
            "No, we hold no data about you of the kind you asked about. We have looked in {n}.",
            n=_datasets(len(hits)),
        )
    return words.join(
        "Nej, vi har inga uppgifter om dig. Vi har letat i alla {n} datamängder där det kan finnas uppgifter "
        "om människor.",
        "No, we hold no data about you. We have looked in all {n} datasets that can hold data about people.",
        n=len(hits),
    )


def _datasets(number: int) -> Text:
    return Text(
        sv="en datamängd" if number == 1 else f"{number} datamängder",
        en="one dataset" if number == 1 else f"{number} datasets",
    )


def _purposes(policy: Policy, given: Iterable[Hit], scope: Scope) -> tuple[str, ...]:
    """Purposes of the datasets with rows, that use a category which was found there; policy order."""
    used: set[str] = set()
    for hit in given:
        found = _found_categories(hit) or scope
        for id_ in hit.dataset.purposes:
            purpose = policy.purposes.get(id_)
            if purpose and (not found or found.intersection(purpose.categories)):
                used.add(id_)
    return tuple(id_ for id_ in policy.purposes if id_ in used)


def _purpose(policy: Policy, id_: str) -> PurposeLine:
    purpose = policy.purposes[id_]
    ground = words.ground(purpose.legal_basis)
    if purpose.interest:
        ground = words.join(
            "{ground} Intresset: {why}",
            "{ground} The interest: {why}",
            ground=ground,
            why=words.ended(purpose.interest.text),
        )
    return PurposeLine(
        id=id_,
        name=purpose.name or Text(en=id_),
        text=purpose.text,
        ground=ground,
        laws=tuple(law for law in map(words.statute, purpose.law) if law),
    )


def _found_categories(hit: Hit) -> set[str]:
    fields = hit.dataset.fields
    return {c for name in hit.tally.fields if (f := fields.get(name)) and (c := f.category)}


def _categories(policy: Policy, given: Sequence[Hit]) -> tuple[str, ...]:
    found = {c for hit in given for c in _found_categories(hit)}
    return tuple(id_ for id_ in policy.categories if id_ in found)


def _category(policy: Policy, id_: str, given: Sequence[Hit], on: date) -> CategoryLine:
    category = policy.categories[id_]
    hits = [h for h in given if id_ in _found_categories(h)]
    labels: dict[str, Text] = {}
    sources: dict[str, Text] = {}
    for hit in hits:
        for name, field in hit.dataset.fields.items():
            if field.category == id_ and name in hit.tally.fields:
                text = label(policy, name, field)
                labels.setdefault(text.say("sv").casefold(), text)
                source = field.source or hit.dataset.source
                if source and (known := policy.sources.get(source)):
                    sources.setdefault(source, _source(known, source, hit.dataset))
    if not sources:
        sources = {
            s: source.name or Text(en=s) for s, source in policy.sources.items() if id_ in source.categories
        }
    return CategoryLine(
        id=id_,
        name=category.name,
        text=category.text,
        special=category.special,
        items=tuple(labels.values()),
        sources=tuple(sources.values()),
        periods=merge(p for h in hits for p in periods(policy, h.dataset, h.anchors, on, id_)),
    )


def _source(source: Source, id_: str, dataset: Dataset) -> Text:
    """Where it came from; where the row may stand in the person's own account or in another's, either."""
    name = source.name or Text(en=id_)
    ways = {path.by for path in dataset.subject}
    if source.third_party and "reference" in ways and len(ways) > 1:
        return words.join("dig själv, eller {name}", "you, or {name}", name=name)
    return name


def _dataset(policy: Policy, hit: Hit, on: date) -> DatasetLine:
    found = _found_categories(hit)
    kept = periods(policy, hit.dataset, hit.anchors, on)
    return DatasetLine(
        at=hit.tally.at,
        name=hit.dataset.name,
        text=hit.dataset.text,
        rows=hit.tally.rows,
        first=hit.tally.first,
        last=hit.tally.last,
        categories=tuple(id_ for id_ in policy.categories if id_ in found),
        periods=kept,
        until=longest(kept),
    )


def _withheld(policy: Policy, hit: Hit) -> Iterable[Held]:
    by_why: dict[tuple[str, str], list[Text]] = {}
    for name, field in hit.dataset.fields.items():
        if field.give is Give.WITHHOLD and field.why != NOT_ASKED_WHY:
            why = field.why or words.NO_REASON
            by_why.setdefault((why.say("sv"), why.say("en")), []).append(label(policy, name, field))
    for (sv, en), fields in by_why.items():
        yield Held(at=hit.tally.at, dataset=hit.dataset.name, fields=tuple(fields), why=Text(sv=sv, en=en))


def _masked(policy: Policy, hit: Hit) -> Iterable[Held]:
    """The fields where something really was dotted, one entry for each reason."""
    by_why: dict[tuple[str, str], list[Text]] = {}
    for name, field in hit.dataset.fields.items():
        if hit.tally.masked.get(name):
            own = field.give is Give.MASK
            why = (field.why or words.MASKED_OWN) if own else words.MASKED_OTHERS
            by_why.setdefault((why.say("sv"), why.say("en")), []).append(label(policy, name, field))
    for (sv, en), fields in by_why.items():
        yield Held(at=hit.tally.at, dataset=hit.dataset.name, fields=tuple(fields), why=Text(sv=sv, en=en))


def _files(policy: Policy, hit: Hit) -> Iterable[Held]:
    fields = tuple(
        label(policy, name, field)
        for name, field in hit.dataset.fields.items()
        if field.file and name in hit.tally.fields
    )
    if fields:
        yield Held(at=hit.tally.at, dataset=hit.dataset.name, fields=fields, why=words.FILES)


def _counted(hit: Hit, rows: int | None) -> Counted:
    return Counted(at=hit.tally.at, dataset=hit.dataset.name, rows=rows)
