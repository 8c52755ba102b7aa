"""What a person may correct by themselves: what the map says so of, and what does no harm."""

from __future__ import annotations

from typing import Any

import pytest

from lofte.datamap.document import DataMap
from lofte.datamap.harmless import is_harmless, offered

NICK = ("contact", "nickname")


def mapped(name: str = "nick", other: dict[str, Any] | None = None, **field: Any) -> DataMap:
    """A map with one field that the person corrects, and perhaps the same item in another dataset."""
    said = {"category": "contact", "item": "nickname", "correct": True} | field
    base = {"name": {"sv": "Kunder"}, "key": "id", "subject": [{"by": "own"}]}
    datasets = {"one": base | {"fields": {"id": {"technical": True}, name: said}}}
    if other is not None:
        datasets["two"] = base | {"fields": {"id": {"technical": True}, "it": other}}
    system = {
        "system": 1,
        "id": "crm",
        "name": {"sv": "Kunder"},
        "url": "sqlite:///crm.db",
        "datasets": datasets,
    }
    return DataMap.model_validate({"systems": [system]})


def test_what_the_map_says_so_of_is_offered_once():
    other = {"category": "contact", "item": "nickname", "correct": True}
    assert offered(mapped(other=other)) == (NICK,)
    assert offered(mapped(correct=False)) == ()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("nick", {"identity": "email"}),
        ("e_post", {}),
        ("telefonnummer", {}),
        ("gatuadress", {}),
        ("pnr", {}),
        ("iban", {}),
        ("nick", {"text": True}),
        ("nick", {"file": True}),
        ("nick", {"erase": "keep", "law": "1999:1078-7-2"}),
        ("id", {}),
    ],
)
def test_by_what_somebody_is_known_or_reached_is_never_offered(name, more):
    assert not is_harmless(mapped(name, **more), NICK) and offered(mapped(name, **more)) == ()


def test_it_is_judged_wherever_the_item_stands():
    """A nickname that signs in somewhere else is no nickname."""
    other = {"category": "contact", "item": "nickname", "identity": "user_name"}
    assert offered(mapped(other=other)) == ()
