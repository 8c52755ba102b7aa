"""Names of others in the free text of the person's own rows, decided on together: each name is looked at
once, where it stands, and becomes dots in every row that waits for it (art. 15.4).

Hard rules:
- Only rows of the person's own are given so, and remarks about them. A row that only mentions them is looked
  at by itself.
- What is decided is what was shown: a row that came or was decided on since stops it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lofte.errors import Conflict, Refused
from lofte.execution.book import recorded
from lofte.execution.house import House
from lofte.requests import sealing
from lofte.requests.answer.weigh import LONGEST, Shown, Verdict, decided, opened, still_weighed
from lofte.requests.course.remark import looked
from lofte.requests.models import Request

AROUND = 60
"""Signs that are shown on each side of a name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A name that is proposed to be taken out: in how many rows, and where it stands in the first."""

    name: str
    rows: int
    before: str
    after: str
    system: str
    dataset: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """All names that wait."""

    names: tuple[Named, ...]
    rows: int
    """Rows that wait for them."""
    seen: str
    """By which what is decided is known to be what was shown."""


def named(house: House, request: Request, *, by: str) -> Names | None:
    """The names in the person's own rows that nobody has decided on, the most frequent first; None when no
    row waits. That they are looked at is noted before they are shown. Raises Refused when the request's key
    is destroyed, LedgerClosed."""
    rows = _waiting(house, request)
    if not rows:
        return None
    looked(house, request.ref, "name", len(rows), by=by)
    return Names(names=_named(rows), rows=len(rows), seen=_seen(rows))


def waits(house: House, request: Request) -> bool:
    """Whether a row waits for its names. Nothing of it is shown."""
    return bool(request.key) and bool(_waiting(house, request))


def give_named(house: House, request: Request, out: Collection[str], *, seen: str, by: str) -> int:
    """Give all rows that `named` showed, without these names; returns how many. Raises Conflict when other
    rows wait by now or the request is over, Refused when a row holds more names than can be taken out."""
    taken = frozenset(out)
    with recorded(house):
        stands = Request.objects.select_for_update().get(pk=request.pk)
        rows = _waiting(house, stands)
        if not still_weighed(stands) or not rows or _seen(rows) != seen:
            raise Conflict("other rows wait by now; look at the names again")
        for row in rows:
            words = [name for name in row.names if name in taken]
            if sum(map(len, words)) > LONGEST:
                raise Refused(f"a row holds more names than {LONGEST} signs; look at it by itself")
            decided(house, stands, row.mention, Verdict.GIVE, words, by=by)
    return len(rows)


def _waiting(house: House, request: Request) -> list[Shown]:
    """The person's own rows that nobody has decided on, opened."""
    waiting = list(request.mentions.filter(weighed=None))
    if not waiting:
        return []
    key = sealing.unwrap(house.keys.wrapping, request.key, request.ref)
    return [row for row in (opened(request, each, key) for each in waiting) if row.own]


def _named(rows: Sequence[Shown]) -> tuple[Named, ...]:
    first: dict[str, Shown] = {}
    many: dict[str, int] = {}
    for row in rows:
        for name in row.names:
            first.setdefault(name, row)
            many[name] = many.get(name, 0) + 1
    return tuple(_one(name, first[name], many[name]) for name in sorted(many, key=lambda each: -many[each]))


def _one(name: str, row: Shown, rows: int) -> Named:
    text = next((str(value) for value in row.fields.values() if name in str(value)), name)
    before, _, after = text.partition(name)
    return Named(
        name=name,
        rows=rows,
        before=("…" if len(before) > AROUND else "") + before[-AROUND:],
        after=after[:AROUND] + ("…" if len(after) > AROUND else ""),
        system=row.mention.system,
        dataset=row.mention.dataset,
    )


def _seen(rows: Sequence[Shown]) -> str:
    return f"{len(rows)}-{max(row.mention.pk for row in rows)}"
