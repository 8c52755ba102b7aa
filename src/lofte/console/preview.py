"""What an erasure would come to, or came to, as its page shows it: counts, grounds and days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lofte.console import drawing, words
from lofte.console.grounds import why_kept
from lofte.console.names import Names
from lofte.console.since import stops
from lofte.console.words import Words
from lofte.plan.layers import Layer
from lofte.plan.preview import Line, Near, Nearness
from lofte.plan.records import Verb
from lofte.requests.erasure.shown import Shown

LOOKS: Mapping[Verb, str] = {
    Verb.DELETE: "gone",
    Verb.CHANGE: "soon",
    Verb.UNLINK: "pause",
    Verb.KEEP: "kept",
}
WOULD: Mapping[Verb, Words] = {
    Verb.DELETE: lazy("Goes"),
    Verb.CHANGE: lazy("Minimised"),
    Verb.UNLINK: lazy("Cut loose"),
    Verb.KEEP: lazy("Kept"),
}
NEARNESS: Mapping[Nearness, Words] = {
    Nearness.SHARED: lazy("The row is another person's too"),
    Nearness.MENTION: lazy("The row only mentions the person"),
    Nearness.SAME_IDENTITY: lazy("Another person answers to the same identity"),
}
BECOMES: Mapping[Verb, Words] = {
    Verb.DELETE: lazy("It goes: the data map says so."),
    Verb.CHANGE: lazy("What names the person in it is masked."),
    Verb.UNLINK: lazy("Only what ties it to this person goes."),
    Verb.KEEP: lazy("It is left as it is."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One of the fates, and how many rows have it."""

    name: str
    rows: int
    swatch: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetFates:
    """What becomes of the rows of one dataset."""

    dataset: str
    rows: int
    cells: tuple[tuple[str, int], ...]
    """Each fate that any row of the plan has, and how many rows here have it."""
    bar: SafeString


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemFates:
    """What becomes of the rows of one system."""

    system: str
    rows: int
    datasets: tuple[DatasetFates, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFor:
    """What is kept for one reason, where, and until when."""

    why: str
    rows: int
    changed: int
    """How many of them stay minimised."""
    until: str
    where: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NearRows:
    """Rows of other people that the plan comes near to."""

    dataset: str
    rows: int
    why: str
    becomes: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fates:
    """What becomes of all rows, drawn and in a table."""

    bar: SafeString
    parts: tuple[Part, ...]
    systems: tuple[SystemFates, ...]
    kept: tuple[KeptFor, ...]
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """The letter in one language."""

    code: str
    language: str
    text: str
    goes: bool = False
    """It is the one that the person gets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beneath:
    """What may remain beneath the rows of one system."""

    system: str
    layers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanPage:
    """A plan that somebody was shown."""

    id: int
    at: datetime
    who: str
    fates: Fates
    near: tuple[NearRows, ...]
    beneath: tuple[Beneath, ...]
    letters: tuple[Letter, ...]
    silent: tuple[str, ...]
    ambiguous: int
    wide: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """True if every system answered, and one person answers to what was shown."""
        return not self.silent and not self.ambiguous


def plan_page(shown: Shown, called: Names, who: str, language: str) -> PlanPage:
    """What was shown, with the names that things have. The person is answered in `language`."""
    preview = shown.preview
    return PlanPage(
        id=shown.id,
        at=shown.at,
        who=who,
        fates=fates(preview.lines, called),
        near=tuple(_near(each, called) for each in preview.near),
        beneath=beneath(preview.layers, called),
        letters=letters(preview.letter, language),
        silent=tuple(called.system(id_) for id_ in preview.silent),
        ambiguous=preview.ambiguous,
        wide=tuple(each.say().say(_language()) for each in preview.too_wide),
    )


def fates(lines: Sequence[Line], called: Names) -> Fates:
    """Rows by fate: the drawing, the table, and what is kept for which reason."""
    counts = _by_verb(lines)
    whole = list(zip(LOOKS, counts, strict=True))
    used = [verb for verb, rows in whole if rows]
    label = ", ".join(f"{WOULD[verb]} {rows}" for verb, rows in whole if rows)
    datasets = _grouped(lines, lambda line: f"{line.system}.{line.dataset}").values()
    most = max((sum(line.rows for line in of) for of in datasets), default=0)
    return Fates(
        bar=drawing.stacked_bar([(LOOKS[verb], rows) for verb, rows in whole], label),
        parts=tuple(
            Part(name=str(WOULD[verb]), rows=rows, swatch=drawing.swatch(LOOKS[verb]))
            for verb, rows in whole
            if rows
        ),
        systems=tuple(
            SystemFates(
                system=called.system(system),
                rows=sum(line.rows for line in of),
                datasets=_datasets(of, most, used, called),
            )
            for system, of in _grouped(lines, lambda line: line.system).items()
        ),
        kept=_kept(lines, called),
        rows=sum(counts),
    )


def letters(texts: Mapping[str, str], goes: str) -> tuple[Letter, ...]:
    """The letter in each language, the one that goes to the person first."""
    first = sorted(texts.items(), key=lambda each: each[0] != goes)
    return tuple(
        Letter(code=code, language=words.called(words.LANGUAGES, code), text=text, goes=code == goes)
        for code, text in first
    )


def _by_verb(lines: Iterable[Line]) -> tuple[int, ...]:
    found = dict.fromkeys(LOOKS, 0)
    for line in lines:
        found[line.verb] += line.rows
    return tuple(found.values())


def _grouped(lines: Iterable[Line], by: Callable[[Line], str]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(by(line), []).append(line)
    return found


def _datasets(
    lines: Sequence[Line], most: int, used: Sequence[Verb], called: Names
) -> tuple[DatasetFates, ...]:
    """The largest first; `most` rows fill the width."""
    found = [
        DatasetFates(
            dataset=called.of(of[0].system, dataset).dataset,
            rows=sum(counts := _by_verb(of)),
            cells=tuple((str(WOULD[v]), n) for v, n in zip(LOOKS, counts, strict=True) if v in used),
            bar=drawing.stacked_bar(list(zip(LOOKS.values(), counts, strict=True)), of=most),
        )
        for dataset, of in _grouped(lines, lambda line: line.dataset).items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.rows, each.dataset)))


def _kept(lines: Sequence[Line], called: Names) -> tuple[KeptFor, ...]:
    """One entry per reason, with the days between which it ends."""
    staying = [line for line in lines if line.verb in (Verb.KEEP, Verb.CHANGE) and line.ground]
    return tuple(
        KeptFor(
            why=why,
            rows=sum(line.rows for line in of),
            changed=sum(line.rows for line in of if line.verb is Verb.CHANGE),
            until=_until(of),
            where=", ".join(dict.fromkeys(called.of(line.system, line.dataset).dataset for line in of)),
        )
        for why, of in _grouped(staying, lambda line: why_kept(line.ground, line.article, called)).items()
    )


def _until(lines: Sequence[Line]) -> str:
    known = sorted({line.until for line in lines if line.until is not None})
    if not known:
        return _("until what keeps it has ended")
    said = {"first": _day(known[0]), "last": _day(known[-1])}
    if stops(lines[0].ground):
        return _("until it is lifted; looked at again on %(first)s") % said
    if len(known) == 1:
        return _("through %(last)s") % said
    return _("row by row, from %(first)s through %(last)s") % said


def _near(near: Near, called: Names) -> NearRows:
    rows = ngettext("%(rows)d row", "%(rows)d rows", near.rows) % {"rows": near.rows}
    return NearRows(
        dataset=f"{called.of(near.system, near.dataset).dataset}: {rows}",
        rows=near.rows,
        why=str(NEARNESS[near.why]),
        becomes=str(BECOMES[near.verb]),
    )


def beneath(layers: Iterable[Layer], called: Names) -> tuple[Beneath, ...]:
    """What may remain beneath the rows, system by system."""
    return tuple(
        Beneath(system=system, layers=tuple(each.say().say(_language()) for each in group))
        for system, group in groupby(layers, key=lambda each: called.system(each.system))
    )


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _language() -> str:
    return "en" if get_language() == "en" else "sv"
