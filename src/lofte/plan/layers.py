"""What may remain beneath the rows after an erasure, system by system, and until when (art. 5.1 e, 17.1).

A row that is gone from its table may still lie in free pages, in the database's log, in replicas and
in backups. Nobody can erase single rows there; what can be said honestly is that they may be there,
what takes them away, and the last day where somebody has declared it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lofte.datamap.document import System
from lofte.plan import words
from lofte.policy import period
from lofte.policy.document import Text
from lofte.policy.period import Period

UNDO_DAYS = 14
"""How long our own restore log holds the rows, sealed."""


class Below(StrEnum):
    """A layer beneath the rows."""

    FREE_PAGES = "free_pages"
    """Pages that the database has not yet written over."""
    LOG = "log"
    """The write-ahead log or the binary log."""
    REPLICAS = "replicas"
    BACKUPS = "backups"
    RESTORE_LOG = "restore_log"
    """Our own, by which a mistake is undone: sealed, and its key destroyed on its day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Storage:
    """What a database tells of itself."""

    name: str = ""
    """`sqlite`, `postgresql`, `mariadb`, `mysql`; empty = it was not asked."""
    overwrites: bool = False
    """What goes is written over at once (SQLite `secure_delete`)."""
    log: bool = True
    """It writes a log that outlives the transaction."""
    log_days: int | None = None
    """How many days it keeps that log, when it says so itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """One layer of one system, and until when something may lie there."""

    system: str
    below: Below
    until: date | None = None
    """The last day; None = nobody has declared it, or only the database knows."""
    days: int | None = None
    declared: bool = False
    """The map, the database or we ourselves say until when."""
    engine: str = ""

    def say(self) -> Text:
        """In plain words."""
        told = _ENGINE.get((self.below, self.engine)) or _TOLD[self.below]
        if self.until is not None:
            return words.join(
                "{told} Till och med den {day}.",
                "{told} Through {day}.",
                told=told,
                day=words.say_date(self.until),
            )
        if self.below is Below.FREE_PAGES:
            return told
        return words.join("{told} {not_declared}", "{told} {not_declared}", told=told, not_declared=_NOT)


def layers(
    systems: Sequence[System],
    touched: Collection[str],
    on: date,
    storages: Mapping[str, Storage] | None = None,
) -> tuple[Layer, ...]:
    """What may remain in the systems where something was changed, when that happens on this day."""
    known = storages or {}
    return tuple(
        layer for s in systems if s.id in touched for layer in _of(s, known.get(s.id, Storage()), on)
    )


def _of(system: System, storage: Storage, on: date) -> Iterator[Layer]:
    declared = system.backups
    if not storage.overwrites:
        yield Layer(system=system.id, below=Below.FREE_PAGES, engine=storage.name)
    if storage.log:
        span = declared.log if declared else None
        own = Period(days=storage.log_days) if storage.log_days is not None else None
        yield _dated(system, Below.LOG, _longer(_read(span), own), on, storage)
    if declared is None or declared.replicas != "P0D":
        yield _dated(system, Below.REPLICAS, _read(declared.replicas if declared else None), on, storage)
    if declared is None or declared.keep != "P0D":
        yield _dated(system, Below.BACKUPS, _read(declared.keep if declared else None), on, storage)
    yield Layer(
        system=system.id,
        below=Below.RESTORE_LOG,
        until=on + timedelta(days=UNDO_DAYS),
        days=UNDO_DAYS,
        declared=True,
        engine=storage.name,
    )


def _dated(system: System, below: Below, span: Period | None, on: date, storage: Storage) -> Layer:
    until = span.after(on) if span is not None else None
    return Layer(
        system=system.id,
        below=below,
        until=until,
        days=(until - on).days if until is not None else None,
        declared=span is not None,
        engine=storage.name,
    )


def _read(text: str | None) -> Period | None:
    """The map takes nothing that is no period."""
    found = period.parse(text) if text is not None else None
    return found if isinstance(found, Period) else None


def _longer(one: Period | None, other: Period | None) -> Period | None:
    if one is None or other is None:
        return one or other
    return one if one.longer_than(other) else other


_NOT = Text(sv="Hur länge är inte angivet.", en="For how long is not declared.")
_TOLD: Mapping[Below, Text] = {
    Below.FREE_PAGES: Text(
        sv="Lediga sidor i databasen: det raderade kan ligga kvar tills sidan skrivs över.",
        en="Free pages of the database: what was erased may remain until the page is written over.",
    ),
    Below.LOG: Text(
        sv="Databasens logg: gamla rader kan ligga kvar tills loggfilen återanvänds eller tas bort.",
        en="The database's log: old rows may remain until the log file is reused or removed.",
    ),
    Below.REPLICAS: Text(
        sv="Repliker: följer databasen, med den fördröjning de har.",
        en="Replicas: they follow the database, with the delay they have.",
    ),
    Below.BACKUPS: Text(
        sv="Säkerhetskopior: det raderade ligger kvar i dem som togs före raderingen. Läses en kopia "
        "tillbaka raderas det igen (`lofte restored`).",
        en="Backups: what was erased remains in those taken before the erasure. When one is put back it is "
        "erased again (`lofte restored`).",
    ),
    Below.RESTORE_LOG: Text(
        sv="Löftes egen ångerlogg: raderna ligger krypterade så att ett misstag kan ångras (`lofte undo`). "
        "Sedan förstörs nyckeln.",
        en="Löfte's own restore log: the rows lie encrypted so that a mistake can be undone (`lofte undo`). "
        "Then the key is destroyed.",
    ),
}
_ENGINE: Mapping[tuple[Below, str], Text] = {
    (Below.FREE_PAGES, "sqlite"): Text(
        sv="Lediga sidor i SQLite-filen: det raderade kan ligga kvar tills sidan skrivs över; `VACUUM` "
        "skriver om filen.",
        en="Free pages of the SQLite file: what was erased may remain until the page is written over; "
        "`VACUUM` writes the file anew.",
    ),
    (Below.FREE_PAGES, "postgresql"): Text(
        sv="Döda rader i PostgreSQL: ligger kvar i tabellens sidor tills `VACUUM` (autovacuum) har gått och "
        "platsen skrivs över.",
        en="Dead tuples in PostgreSQL: they remain in the table's pages until `VACUUM` (autovacuum) has run "
        "and the space is written over.",
    ),
    (Below.FREE_PAGES, "mysql"): Text(
        sv="Gamla radversioner i InnoDB: ligger kvar tills rensningen (purge) har gått och platsen skrivs "
        "över.",
        en="Old row versions in InnoDB: they remain until purge has run and the space is written over.",
    ),
    (Below.LOG, "sqlite"): Text(
        sv="SQLites WAL-fil: gamla sidor kan ligga kvar till nästa kontrollpunkt (checkpoint) och tills "
        "filen skrivs över.",
        en="SQLite's WAL file: old pages may remain until the next checkpoint and until the file is "
        "written over.",
    ),
    (Below.LOG, "postgresql"): Text(
        sv="PostgreSQL:s WAL: ändrade sidor kan ligga kvar tills segmenten återanvänds, och i WAL-arkivet "
        "så länge det sparas.",
        en="PostgreSQL's WAL: changed pages may remain until the segments are recycled, and in the WAL "
        "archive as long as it is kept.",
    ),
    (Below.LOG, "mysql"): Text(
        sv="Databasens binärlogg (binlog): gamla rader kan stå där tills den rensas.",
        en="The database's binary log (binlog): old rows may stand there until it is purged.",
    ),
}
