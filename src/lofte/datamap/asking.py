"""Whether what somebody has shown can find a person at all, before anything is looked up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lofte.datamap.document import Author, DataMap
from lofte.datamap.identity import STRENGTH, Identity, Strength
from lofte.errors import NotIdentified
from lofte.fault import Fault, Place


def faults(datamap: DataMap, identities: Sequence[Identity]) -> tuple[Fault, ...]:
    """What is wrong with asking by these identities; the values are never repeated.

    R008: a telephone number or an IP address alone finds nobody, and "we hold nothing about you"
    would be untrue. R009: an address of the company's own is nobody's; asked by it, a person
    would be given what others have written to the company (art. 15.4).
    """
    found = []
    if identities and all(STRENGTH[i.kind] is Strength.WEAK for i in identities):
        found.append(
            Fault(
                number="R008",
                place=Place(path=identities[0].kind),
                what="a telephone number or an IP address finds nobody by itself",
                mend="add an e-mail address, a personnummer or a customer number",
            )
        )
    authors = [d.author for system in datamap.systems for d in system.datasets.values() if d.author]
    for identity in identities:
        if any(_of_the_house(author, identity) for author in authors):
            found.append(
                Fault(
                    number="R009",
                    place=Place(path=identity.kind),
                    what="this is an address of the company's own, and says nothing of who asks",
                    mend="ask by an address or a number of the person's own",
                )
            )
    return tuple(found)


def insist(datamap: DataMap, identities: Sequence[Identity]) -> None:
    """Raises NotIdentified when these identities cannot or may not find a person (art. 12.6)."""
    for fault in faults(datamap, identities):
        raise NotIdentified(f"{fault.what}; {fault.mend}")


def _of_the_house(author: Author, identity: Identity) -> bool:
    return author.kind is identity.kind and any(_is(value, identity.value) for value in _values(author))


def _values(author: Author) -> Iterator[str]:
    return (str(value).lower() for value in author.house)


def _is(pattern: str, value: str) -> bool:
    return value.endswith(pattern) if pattern.startswith("@") else value == pattern
