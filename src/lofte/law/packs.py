"""The law as dated packs of rules: where each comes from, when somebody last looked, and whether it counts.

- A pack that is off changes nothing. It is turned on by name in the workspace (`law.yaml`), never by a date.
- `settled(on)` is the one table of values by which Löfte reckons; a pack that is on lays its values over
  those below it, and nothing else.
- A pack that nobody has looked at for long is still used, and told (`stale`).
- `unchecked` names the rules that were written down without the act beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from lofte.fault import Fault, Place, Severity
from lofte.law import adequacy
from lofte.law.calendar import MONTHS_IF_EXTENDED, MONTHS_TO_ANSWER
from lofte.law.clock import ASK_WITHIN
from lofte.law.statutes import STATUTES
from lofte.law.wording import Wording

LOOKED = date(2026, 11, 20)
STALE, UNKNOWN = "P146", "P147"
"""The faults of packs: one that is old, and one that does not exist."""
_YEAR = 365


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """A number or period that the law sets, and who reckons by it."""

    value: str
    says: Wording
    used_by: str = ""
    """The module that reckons by it; empty while nothing in Löfte does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """Rules of one kind, with their source and the day somebody last compared them with it."""

    id: str
    name: Wording
    scope: Wording
    source: str
    checked_on: date
    stale_after: int
    """Days after which somebody should look again."""
    valid_from: date | None
    """None for what is only proposed."""
    valid_to: date | None = None
    on: bool = True
    """Whether it counts without being asked for."""
    rules: tuple[str, ...] = ()
    """The ids of what it holds: statutes, countries, articles."""
    unchecked: tuple[str, ...] = ()
    """Those of its rules that have not been compared with the source."""
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The day it was last checked is its version, as reports name it."""
        return f"{self.id}@{self.checked_on.isoformat()}"

    def age(self, today: date) -> int:
        """Days since somebody looked; none are negative."""
        return max(0, (today - self.checked_on).days)

    def is_stale(self, today: date) -> bool:
        """Whether somebody should look again."""
        return self.age(today) > self.stale_after

    def in_force(self, today: date) -> bool:
        """Whether it is law on that day."""
        begun = self.valid_from is not None and self.valid_from <= today
        return begun and (self.valid_to is None or today <= self.valid_to)


_COOKIES = ("LEK-9-28",)
_MARKETING = ("MFL-19", "MFL-20", "MFL-21")
_SEEN = frozenset({"BFL-7-2", "LEK-9-28", "MFL-19", "MFL-20", "2018:218-3-10"})
_SEEN_DECISIONS = frozenset({"GB", "US", "EPO", "BR"})

_DEADLINES = Pack(
    id="deadlines",
    name=Wording(sv="Frister", en="Deadlines"),
    scope=Wording(
        sv="hur lång tid ett svar och en anmälan får ta, och vilka dagar som räknas",
        en="how long an answer and a notification may take, and which days count",
    ),
    source="(EU) 2016/679 art. 12, 33; 1182/71 art. 3; SFS 1989:253; EDPB 01/2022; imy.se",
    checked_on=LOOKED,
    stale_after=_YEAR,
    valid_from=date(2018, 5, 25),
    rules=("12.3", "12.4", "33.1", "1182/71-3", "1989:253", "EDPB-01/2022"),
    unchecked=("1182/71-3", "1989:253", "EDPB-01/2022"),
    values={
        "answer_months": Value(
            value=str(MONTHS_TO_ANSWER),
            says=Wording(sv="månader att svara", en="months to answer"),
            used_by="law.calendar",
        ),
        "answer_months_extended": Value(
            value=str(MONTHS_IF_EXTENDED),
            says=Wording(sv="månader med förlängning", en="months when extended"),
            used_by="law.calendar",
        ),
        "ask_within_working_days": Value(
            value=str(ASK_WITHIN),
            says=Wording(
                sv="arbetsdagar att fråga efter bevis", en="working days in which proof may be asked for"
            ),
            used_by="law.clock",
        ),
        "breach_hours": Value(
            value="72",
            says=Wording(
                sv="timmar att anmäla en personuppgiftsincident", en="hours to notify a personal data breach"
            ),
        ),
    },
)

_ADEQUACY = Pack(
    id="adequacy",
    name=Wording(sv="Beslut om adekvat skyddsnivå", en="Adequacy decisions"),
    scope=Wording(
        sv="vart uppgifter får föras utanför EES utan annan skyddsåtgärd",
        en="where data may go outside the EEA without another safeguard",
    ),
    source="Decisions of the Commission under art. 45; commission.europa.eu; T-553/23",
    checked_on=adequacy.CHECKED_ON,
    stale_after=adequacy.STALE_AFTER_DAYS,
    valid_from=date(2018, 5, 25),
    rules=tuple(adequacy.DECISIONS),
    unchecked=tuple(country for country in adequacy.DECISIONS if country not in _SEEN_DECISIONS),
)


def _of(ids: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Rules, those not compared with the act, and the acts."""
    rules = tuple(id_ for id_ in STATUTES if id_ in ids)
    acts = "; ".join(dict.fromkeys(STATUTES[id_].source for id_ in rules))
    return rules, tuple(id_ for id_ in rules if id_ not in _SEEN), acts


def _statutes(id_: str, ids: Collection[str], name: Wording, scope: Wording, since: date) -> Pack:
    rules, unchecked, acts = _of(ids)
    return Pack(
        id=id_,
        name=name,
        scope=scope,
        source=acts,
        checked_on=LOOKED,
        stale_after=_YEAR,
        valid_from=since,
        rules=rules,
        unchecked=unchecked,
    )


_OMNIBUS = Pack(
    id="digital-omnibus",
    name=Wording(sv="Digital Omnibus (förslag)", en="Digital Omnibus (a proposal)"),
    scope=Wording(
        sv="vad kommissionens förslag skulle ändra; det är inte lag",
        en="what the Commission's proposal would change; it is not law",
    ),
    source="COM(2025) 837, 19 November 2025; not agreed on 18 June 2026",
    checked_on=LOOKED,
    stale_after=_YEAR,
    valid_from=None,
    on=False,
    rules=("33.1", "88a"),
    values={
        "breach_hours": Value(
            value="96",
            says=Wording(
                sv="timmar att anmäla en personuppgiftsincident", en="hours to notify a personal data breach"
            ),
        ),
        "ask_again_after_no": Value(
            value="P6M",
            says=Wording(
                sv="kortaste tid innan en besökare som sagt nej får frågas igen",
                en="the shortest time before a visitor who said no may be asked again",
            ),
        ),
    },
)

PACKS: Mapping[str, Pack] = {
    pack.id: pack
    for pack in (
        _DEADLINES,
        _ADEQUACY,
        _statutes(
            "statutes-se",
            [id_ for id_ in STATUTES if id_ not in (*_COOKIES, *_MARKETING)],
            Wording(sv="Svenska författningar", en="Swedish statutes"),
            Wording(
                sv="hur länge något måste sparas, och när personnummer får behandlas",
                en="how long things must be kept, and when national identity numbers may be processed",
            ),
            date(2018, 5, 25),
        ),
        _statutes(
            "marketing-se",
            _MARKETING,
            Wording(sv="Reklam", en="Marketing"),
            Wording(sv="vem som får få reklam, och hur", en="who may be sent marketing, and how"),
            date(2008, 7, 1),
        ),
        _statutes(
            "cookies-se",
            _COOKIES,
            Wording(sv="Kakor", en="Cookies"),
            Wording(
                sv="vad som får sparas på och läsas från besökares enheter",
                en="what may be stored on and read from visitors' devices",
            ),
            date(2022, 6, 3),
        ),
        _OMNIBUS,
    )
}
"""Every pack, in the order in which their values are laid over each other."""


def chosen(on: Collection[str] = ()) -> tuple[Pack, ...]:
    """The packs that count: those that are on by themselves, and those turned on by name."""
    return tuple(pack for pack in PACKS.values() if pack.on or pack.id in on)


def settled(on: Collection[str] = ()) -> dict[str, str]:
    """Every value that the law sets, as the packs that count say it."""
    return {key: each.value for pack in chosen(on) for key, each in pack.values.items()}


def faults(today: date, on: Collection[str] = (), place: Place | None = None) -> tuple[Fault, ...]:
    """Packs that count and that nobody has looked at for long (P146), and names of none (P147)."""
    return (*_stale(today, on), *_unknown(on, place or Place(path="on")))


def _stale(today: date, on: Collection[str]) -> Iterator[Fault]:
    for pack in chosen(on):
        if pack.is_stale(today):
            yield Fault(
                number=STALE,
                place=Place(path=f"law.{pack.id}"),
                what=f"the rules `{pack.id}` were last checked {pack.age(today)} days ago, "
                f"on {pack.checked_on}",
                mend="upgrade Löfte, and see until then that the law is as it was",
                severity=Severity.WARNING,
            )


def _unknown(on: Collection[str], place: Place) -> Iterator[Fault]:
    for name in on:
        if name not in PACKS:
            yield Fault(
                number=UNKNOWN,
                place=place,
                what=f"there are no rules called `{name}`",
                mend=f"write one of {', '.join(PACKS)}; `lofte law` lists them",
            )
