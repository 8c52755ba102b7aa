"""A second opinion: what the data map says of the rows, read naively in Python.

It knows the map and the values of the rows, and nothing of the objects behind them; it shares
no code with the engine, the generator or `lofte.datamap.identity`. Where it and the objects
disagree, the generator is wrong.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lofte.datamap import document as map_
from lofte.plan.records import Subject
from tests.engine.expecting import Answer

Values = Mapping[str, Any]
Node = tuple[str, int]
_UNIQUE = ("personnummer", "customer_no")
_FINDING = ("email", "personnummer", "customer_no", "user_name")


def read(system: map_.System, tables: Mapping[str, Sequence[Values]], subjects: Sequence[Subject]) -> Answer:
    """Who has which rows, by the book."""
    rows = {
        (id_, n): row
        for id_, dataset in system.datasets.items()
        for n, row in enumerate(tables[str(dataset.table)])
        if _holds(dataset.where, row)
    }
    people = _people(system, rows)
    links = {node: list(_ends(system, rows, node)) for node in rows}
    answer = Answer()
    for n, subject in enumerate(subjects):
        _one(answer, n, {(str(i.kind), i.value) for i in subject.identities}, system, rows, people, links)
    return answer


def _one(
    answer: Answer, n: int, shown: set[Any], system: map_.System, rows: Any, people: Any, links: Any
) -> None:
    holders = defaultdict(set)
    for person, (_, pairs) in people.items():
        for pair in pairs:
            holders[pair].add(person)
    found = {p for pair in shown if pair[0] in _FINDING and len(holders[pair]) == 1 for p in holders[pair]}
    pairs = shown.union(*(people[p][1] for p in found))
    pairs = {pair for pair in pairs if pair[0] in _FINDING}
    shared = {pair for pair in pairs if len(holders[pair]) > 1}
    nodes = {node for p in found for node in people[p][0]}
    answer.shared_identities |= {(n, pair) for pair in shared}
    if not found:
        answer.ambiguous |= {(n, pair) for pair in shared & shown}
    for node, row in rows.items():
        at, key = (n, node[0]), tuple(row[name] for name in system.datasets[node[0]].key)
        told = _reach(node, links, nodes, pairs)
        if told & {"own"} or told & (pairs - shared):
            answer.rows[at][key] = True
        elif any(("mention", pair) in links[node] for pair in pairs - shared):
            answer.rows[at][key] = False
        elif told & shared:
            answer.shared[at] += 1


def _reach(node: Node, links: Any, nodes: set[Node], pairs: set[Any]) -> set[Any]:
    told: set[Any] = set()
    seen, ahead = {node}, [node]
    while ahead:
        here = ahead.pop()
        if here in nodes:
            told.add("own")
        for how, what in links[here]:
            if how == "identity" and what in pairs:
                told.add(what)
            elif how == "row" and what not in seen:
                seen.add(what)
                ahead.append(what)
    return told


def _people(system: map_.System, rows: Any) -> dict[int, tuple[set[Node], set[Any]]]:
    """Rows that share a unique identity are one person; nothing else merges."""
    groups: list[tuple[set[Node], set[Any]]] = []
    for node, row in rows.items():
        dataset = system.datasets[node[0]]
        if not any(path.by == "own" for path in dataset.subject):
            continue
        nodes, pairs = {node}, set()
        for name, field in dataset.fields.items():
            if field.identity and (value := _canonical(str(field.identity), row[name])) is not None:
                pairs.add((str(field.identity), value))
        same = [g for g in groups if any(pair in g[1] for pair in pairs if pair[0] in _UNIQUE)]
        for group in same:
            groups.remove(group)
            nodes |= group[0]
            pairs |= group[1]
        groups.append((nodes, pairs))
    return dict(enumerate(groups))


def _ends(system: map_.System, rows: Any, node: Node) -> Iterator[tuple[str, Any]]:
    row = rows[node]
    for path in system.datasets[node[0]].subject:
        if path.by != "own" and not _holds(path.when, row):
            continue
        match path:
            case map_.ByIdentity():
                yield "identity", (str(path.kind), _canonical(str(path.kind), row[path.column]))
            case map_.ByReference():
                yield from _rows(system, rows, path.to, path.keys, [row[c] for c in path.columns])
            case map_.ByPolymorphic() if row[path.type] == path.is_:
                yield from _rows(system, rows, path.to, path.keys, [row[c] for c in path.columns])
            case map_.ByJson():
                yield from _value(system, rows, path, _dig(row[path.column], path.at))
            case map_.ByValue():
                yield from _value(system, rows, path, row[path.column])
            case map_.ByMention():
                for column in path.columns:
                    yield from (("mention", pair) for pair in _mentioned(row[column] or ""))


def _value(system: map_.System, rows: Any, path: Any, value: Any) -> Iterator[tuple[str, Any]]:
    if path.kind:
        yield "identity", (str(path.kind), _canonical(str(path.kind), value))
    else:
        yield from _rows(system, rows, path.to, (), [value])


def _rows(
    system: map_.System, rows: Any, to: str, keys: Any, values: list[Any]
) -> Iterator[tuple[str, Node]]:
    if any(value is None for value in values):
        return
    names = keys or system.datasets[to].key
    for node, row in rows.items():
        if node[0] == to and [str(row[name]) for name in names] == [str(value) for value in values]:
            yield "row", node


def _dig(document: Any, at: Sequence[str | int]) -> Any:
    for step in at:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document if isinstance(document, str | int) else None


def _holds(when: Mapping[str, Any], row: Values) -> bool:
    return all(_is(wanted, row[name]) for name, wanted in when.items())


def _is(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, tuple):
        return any(_is(one, value) for one in wanted)
    if wanted == "not null":
        return value is not None
    return bool(value == wanted)


def _canonical(kind: str, value: Any) -> str | None:
    if value is None or value == "":
        return None
    text = str(value)
    if kind == "email":
        return text.lower() if "@" in text else None
    if kind == "personnummer":
        digits = text.replace("-", "")
        if len(digits) == 10 and digits.isdecimal():
            # Everybody in these worlds was born between 1940 and 2005.
            digits = ("20" if int(digits[:2]) < 10 else "19") + digits
        return digits if len(digits) == 12 else None
    return text


def _mentioned(text: str) -> set[tuple[str, str]]:
    words = [word.strip(".,()") for word in text.split()]
    numbers = re.findall(r"(?<!\d)(?:\d{6}|\d{8})-?\d{4}(?!\d)", text)
    pairs = {("email", word.lower()) for word in words if "@" in word}
    return pairs | {("personnummer", str(_canonical("personnummer", number))) for number in numbers}
