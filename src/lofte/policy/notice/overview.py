"""Each kind of data with its purposes, grounds, recipients and periods (art. 13.1 c-e, 13.2 a, 14.1 d)."""

from __future__ import annotations

from collections.abc import Mapping

from lofte.law.bases import BASES
from lofte.policy.document import Category, Purpose
from lofte.policy.notice.periods import in_cell
from lofte.policy.notice.purposes import name_of, recipient_name
from lofte.policy.notice.records import Row, Section, Table, Voice
from lofte.policy.notice.words import capital, ended, listed, small


def by_category(voice: Voice) -> tuple[Section, ...]:
    """The table of categories; made from the same fields as everything that is told at length."""
    rows = tuple(
        _row(voice, id_, category)
        for id_, category in voice.policy.categories.items()
        if _used_for(voice, id_)
    )
    if not rows:
        return ()
    said = (
        voice.say(
            "Här står samma sak en gång till, med en rad för varje slags uppgift.",
            "Here the same is said once more, with one row for each kind of data.",
            at="categories",
            promises=("P001",),
        ),
        Table(
            caption=voice.words(
                "Ändamål, grund, mottagare och tid för varje slags uppgift",
                "Purposes, grounds, recipients and periods for each kind of data",
            ),
            head=(
                voice.words("Slags uppgift", "Kind of data"),
                voice.words("Ändamål", "Purpose"),
                voice.words("Rättslig grund", "Legal ground"),
                voice.words("Mottagare", "Recipients"),
                voice.words("Hur länge", "How long"),
            ),
            rows=rows,
            path="categories",
        ),
    )
    return voice.section("by-category", "Uppgift för uppgift", "Kind by kind", said)


def _used_for(voice: Voice, category: str) -> Mapping[str, Purpose]:
    """The purposes that use the category."""
    return {id_: p for id_, p in voice.policy.purposes.items() if category in p.categories}


def _row(voice: Voice, id_: str, category: Category) -> Row:
    purposes = _used_for(voice, id_)
    names = [small(name_of(voice, purpose, each)) for purpose, each in purposes.items()]
    cells = (
        capital(voice.of(category.name, id_)),
        capital(listed(names, voice.language)),
        capital(listed(_grounds(voice, purposes), voice.language)),
        capital(listed(_recipients(voice, id_, purposes), voice.language)) or voice.words("Ingen", "Nobody"),
        _periods(voice, purposes),
    )
    return Row(cells=cells, path=f"categories.{id_}", promises=("P001",))


def _grounds(voice: Voice, purposes: Mapping[str, Purpose]) -> list[str]:
    bases = dict.fromkeys(BASES[purpose.legal_basis] for purpose in purposes.values())
    return [f"{small(basis.name.say(voice.language))} ({basis.cite(voice.language)})" for basis in bases]


def _recipients(voice: Voice, category: str, purposes: Mapping[str, Purpose]) -> list[str]:
    """Those who get this kind: a recipient that names its kinds gets no other."""
    named = {id_ for purpose in purposes.values() for id_ in purpose.recipients}
    return [
        recipient_name(voice, id_)
        for id_, recipient in voice.policy.recipients.items()
        if category in recipient.categories or (id_ in named and not recipient.categories)
    ]


def _periods(voice: Voice, purposes: Mapping[str, Purpose]) -> str:
    """The period of each purpose; said once where all have the same."""
    told = {name_of(voice, id_, purpose): in_cell(voice, purpose) for id_, purpose in purposes.items()}
    told = {name: cell for name, cell in told.items() if cell and cell != "."}
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    joined = (
        f"{small(name)}: {small(cell).removesuffix('.').replace('. ', ', ')}" for name, cell in told.items()
    )
    return ended(capital("; ".join(joined)))
