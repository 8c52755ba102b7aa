"""From a dataset to the person: the chains of references that the map declares.

A chain starts at the dataset and ends where a person is told apart: at the key of a person
dataset, at an identity column, or in free text. A dataset that refers to itself (replies to
replies) is climbed to any depth: a chain that comes to one ends there, in a `climb`, and the
climb begins with that dataset's own chains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lofte.datamap.document import (
    ByIdentity,
    ByJson,
    ByMention,
    ByOwn,
    ByPolymorphic,
    ByReference,
    ByValue,
    Dataset,
    Kind,
    Path,
    Scalar,
    System,
    When,
)

Json = tuple[str | int, ...]

MAX_CHAINS = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Equal columns: `columns` of one dataset are `keys` of the dataset `to`.

    `json` is the way into a JSON column (then there is exactly one column and one key).
    """

    columns: tuple[str, ...]
    to: str
    keys: tuple[str, ...]
    when: When
    json: Json | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """Where a chain ends.

    keys: `columns` hold the key of person dataset `of`; identity: the column holds an identity
    of `kinds`; mention: the columns hold text with such identities; climb: the row is one that
    leads to a person directly or over rows of the same dataset `of`.
    """

    how: str
    columns: tuple[str, ...]
    when: When
    of: str = ""
    kinds: tuple[Kind, ...] = ()
    json: Json | None = None
    certain: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """The way from `start` over `links` to `end`; `datasets` are those passed, start first."""

    datasets: tuple[str, ...]
    links: tuple[Link, ...]
    end: End
    by: str
    path: int = -1
    """Which of the dataset's subject paths the chain begins with; -1 = over rows of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cycle:
    """Datasets that refer to each other in a ring; only a dataset's link to itself is followed."""

    datasets: tuple[str, ...]


def is_person(dataset: Dataset) -> bool:
    """Is each row of this dataset a person?"""
    return any(isinstance(path, ByOwn) for path in dataset.subject)


def owns(end: End) -> bool:
    """Does the end make the row somebody's, and with it what refers to the row? A mention makes
    only its own row somebody's business, unless the map says that it is certain."""
    return end.how != "mention" or end.certain


def loops(system: System, dataset: str) -> tuple[Link, ...]:
    """The links from a dataset to itself."""
    links = (_link(system, path) for path in system.datasets[dataset].subject)
    return tuple(link for link in links if link is not None and link.to == dataset)


def chains(system: System, dataset: str) -> tuple[Chain, ...]:
    """All chains from the dataset to a person, nearest first. Ask `cycle` before."""
    if not loops(system, dataset):
        return tuple(sorted(_walk(system, dataset), key=lambda c: len(c.links)))
    mentions = [c for c in _walk(system, dataset, own_only=True) if not owns(c.end)]
    return (_climb(dataset), *mentions)


def base(system: System, dataset: str) -> tuple[Chain, ...]:
    """The chains with which the climb over a dataset that refers to itself begins."""
    return tuple(c for c in _walk(system, dataset) if owns(c.end))


def cycle(system: System, dataset: str, above: tuple[str, ...] = ()) -> Cycle | None:
    """The first ring of datasets on the way from this one; a link to itself is no ring."""
    if dataset in above:
        return Cycle(datasets=(*above[above.index(dataset) :], dataset))
    for path in system.datasets[dataset].subject:
        link = _link(system, path)
        if link is not None and link.to != dataset:
            found = cycle(system, link.to, (*above, dataset))
            if found is not None:
                return found
    return None


def _walk(system: System, name: str, *, own_only: bool = False) -> Iterator[Chain]:
    dataset = system.datasets[name]
    for number, path in enumerate(dataset.subject):
        end = _end(system, name, dataset, path)
        if end is not None:
            yield Chain(datasets=(name,), links=(), end=end, by=path.by, path=number)
            continue
        link = _link(system, path)
        if link is None or link.to == name or own_only:
            continue
        onward = (_climb(link.to),) if loops(system, link.to) else _walk(system, link.to)
        for rest in onward:
            if owns(rest.end):
                yield replace(
                    rest,
                    datasets=(name, *rest.datasets),
                    links=(link, *rest.links),
                    by=path.by,
                    path=number,
                )


def _climb(dataset: str) -> Chain:
    return Chain(
        datasets=(dataset,), links=(), end=End(how="climb", columns=(), when={}, of=dataset), by="climb"
    )


def _end(system: System, name: str, dataset: Dataset, path: Path) -> End | None:
    match path:
        case ByOwn():
            return End(how="keys", columns=dataset.key, when={}, of=name)
        case ByIdentity():
            return End(how="identity", columns=(path.column,), when=path.when, kinds=(path.kind,))
        case ByValue(kind=Kind() as kind):
            return End(how="identity", columns=(path.column,), when=path.when, kinds=(kind,))
        case ByJson(kind=Kind() as kind):
            return End(how="identity", columns=(path.column,), when=path.when, kinds=(kind,), json=path.at)
        case ByMention():
            return End(
                how="mention", columns=path.columns, when=path.when, kinds=path.kinds, certain=path.certain
            )
    link = _link(system, path)
    if link is None or link.to == name:
        return None
    target = system.datasets[link.to]
    only_own = all(isinstance(p, ByOwn) for p in target.subject)  # so that its keys say all
    if target.subject and only_own and link.keys == target.key:
        return End(how="keys", columns=link.columns, when=link.when, of=link.to, json=link.json)
    return None


def _link(system: System, path: Path) -> Link | None:
    match path:
        case ByReference():
            keys = path.keys or system.datasets[path.to].key
            return Link(columns=path.columns, to=path.to, keys=keys, when=path.when)
        case ByPolymorphic():
            keys = path.keys or system.datasets[path.to].key
            when: dict[str, Scalar | tuple[Scalar, ...]] = {**path.when, path.type: path.is_}
            return Link(columns=path.columns, to=path.to, keys=keys, when=when)
        case ByJson(to=str() as to):
            keys = system.datasets[to].key
            return Link(columns=(path.column,), to=to, keys=keys, when=path.when, json=path.at)
        case ByValue(to=str() as to):
            keys = system.datasets[to].key
            return Link(columns=(path.column,), to=to, keys=keys, when=path.when)
    return None
