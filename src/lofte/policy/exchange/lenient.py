"""Reading a tree from a stranger leniently: what is there is taken, and what is not is a fault."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from lofte.fault import Fault
from lofte.policy import tree
from lofte.policy.exchange.faults import gap
from lofte.policy.tree import Node

TODO = "TODO"
_EMPTY = re.compile(r"|-|n/?a|none|null|unknown|todo|tbd|.*@placeholder\.invalid", re.IGNORECASE)
_LONGEST = 2000


def slug(words: str, taken: dict[str, Any]) -> str:
    """An id from words, that is not taken yet."""
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60] or "x"
    base = base if base[0].isalpha() else f"x_{base}"
    name, n = base, 2
    while name in taken:
        name, n = f"{base}_{n}", n + 1
    return name


@dataclass(kw_only=True)
class Part:
    """A tree, what is missing in it so far, and what was left out of the draft for that."""

    root: Node
    file: str
    faults: list[Fault] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    language: str = "en"

    def _part(self, key: str) -> Node | None:
        node = self._child(self.root, key)
        if node is None:
            self._gap(
                "E010", key, f"`{key}` is not told", "write it into the draft, or see that it is not needed"
            )
        return node

    def _child(self, node: Node | None, key: str) -> Node | None:
        found = node.value.get(key) if node is not None and isinstance(node.value, dict) else None
        return found if found is not None and isinstance(found.value, dict) else None

    def _list(self, node: Node, key: str, path: str = "", *, wanted: bool = True) -> list[Node]:
        found = node.value.get(key) if isinstance(node.value, dict) else None
        here = f"{path}.{key}" if path else key
        if found is None or found.value is None:
            if wanted:
                self._gap("E010", here, f"`{key}` is not told", "write it into the draft, if there is any")
            return []
        if not isinstance(found.value, list):
            self._gap("E011", here, f"`{key}` is no list", "read it by hand")
            return []
        return list(found.value)

    def _text(self, node: Node | None, path: str, key: str, *, wanted: bool = True) -> str | None:
        found = node.value.get(key) if node is not None and isinstance(node.value, dict) else None
        here = f"{path}.{key}"
        if found is None or found.value is None:
            if wanted and node is not None:
                self._gap("E010", here, f"`{key}` is not told", "write it into the draft")
            return None
        if not isinstance(found.value, str):
            if wanted:
                self._gap("E011", here, f"`{key}` is no text", "read it by hand")
            return None
        words = " ".join(found.value.split())[:_LONGEST]
        if _EMPTY.fullmatch(words):
            if wanted:
                self._gap(
                    "E012",
                    here,
                    f"`{words[:60]}` stands for something that is not known",
                    "write what is true",
                )
            return None
        return words

    def _country(self, node: Node | None, path: str, *, wanted: bool = True) -> str | None:
        told = self._text(node, path, "country", wanted=wanted)
        if told is None or re.fullmatch(r"[A-Z]{2}", told):
            return told
        self._gap(
            "E011", f"{path}.country", f"`{told[:30]}` is no country of two letters", "write it as `SE`"
        )
        return None

    def _say(self, words: str) -> dict[str, str]:
        return {self.language: words}

    def _gap(self, number: str, path: str, what: str, mend: str) -> None:
        place = tree.placed(self.root, path, self.file)
        self.faults.append(gap(number, self.file, place, path, what, mend))
