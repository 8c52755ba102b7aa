"""The promises a policy makes: each with its article, its field, and the sentence people read.

A promise is what the published text says. So promises are read off the notice: a sentence that
is not shown promises nothing, and one that is shown cannot escape proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lofte.policy.document import Language, Policy
from lofte.policy.notice import Row, notice


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """One promise: its number, its place in the law, its field, and its words.

    `article` is empty for a number the house does not know. `paths` are all fields it stands
    on, `path` the first of them.
    """

    id: str
    article: str
    path: str
    sentence: str
    paths: tuple[str, ...]


def promises(policy: Policy, language: Language | None = None) -> tuple[Promise, ...]:
    """All promises of a policy, in order of number, in the words of its record language."""
    said: dict[str, list[tuple[str, str]]] = {}
    rows: dict[str, list[tuple[str, str]]] = {}
    for line in notice(policy, language or policy.meta.record_language).lines():
        for id_ in line.promises:
            (rows if isinstance(line, Row) else said).setdefault(id_, []).append((line.path, line.text))
    found = {id_: [*said.get(id_, []), *rows.get(id_, [])] for id_ in sorted({*said, *rows})}
    return tuple(
        Promise(
            id=id_,
            article=ARTICLE.get(id_, ""),
            path=places[0][0],
            sentence=places[0][1],
            paths=tuple(dict.fromkeys(path for path, _ in places)),
        )
        for id_, places in found.items()
    )


_BY_ARTICLE: Mapping[str, str] = {
    "4.1": "P080 P081",
    "5.1.a": "P010 P060 P066",
    "5.1.b": "P042 P043 P044 P046 P047 P048 P049 P050 P051 P052 P053 P054 P055 P056 P058 P063 P065 P082",
    "5.1.c": "P011 P067",
    "5.1.e": "P134 P136 P137 P139 P153",
    "5.2": "P013 P014",
    "6.1.a": "P151",
    "6.1.b": "P037 P120",
    "6.1.c": "P038 P045 P071 P078 P079",
    "6.1.f": "P040 P068 P069 P076",
    "7.2": "P008",
    "7.3": "P059 P113",
    "12.1": "P004 P005 P006 P007 P039 P140 P144 P152",
    "12.2": "P114 P115",
    "12.3": "P101",
    "12.4": "P117",
    "12.5": "P099",
    "12.6": "P116",
    "13": "P001 P003",
    "13.1.a": "P002 P145 P146 P148",
    "13.1.b": "P147",
    "13.1.e": "P009 P064 P070 P072 P073 P074 P075 P077",
    "13.1.f": "P088",
    "13.2.a": "P138",
    "13.2.d": "P149 P150",
    "13.3": "P141 P142 P143",
    "14.1.d": "P022 P024 P025 P026 P027 P028 P029 P030 P031 P032 P033",
    "14.2.f": "P015 P016 P017 P018 P019 P021",
    "15": "P097 P100",
    "15.1": "P098",
    "16": "P102 P103 P104",
    "17.1": "P111 P112",
    "17.1.a": "P110",
    "17.1.c": "P062",
    "17.1.d": "P109",
    "17.3.b": "P118",
    "17.3.e": "P119",
    "18.1": "P105 P106",
    "18.3": "P107",
    "20": "P108",
    "21.2": "P061",
    "22": "P041 P121 P122",
    "25": "P012 P094",
    "28": "P034 P086",
    "28.3": "P035 P036 P084",
    "30": "P083 P085",
    "32": "P090 P091 P092 P093 P095 P096",
    "44": "P087",
    "46": "P089",
    "BFL-7-2": "P135",
    "LEK-9-28": "P020 P123 P124 P125 P126 P127 P128 P129 P130 P131 P132 P133",
    "MFL-19": "P057",
    "2018:218-3-10": "P023",
}

ARTICLE: Mapping[str, str] = {id_: article for article, ids in _BY_ARTICLE.items() for id_ in ids.split()}
"""Where in the law each promise belongs."""
