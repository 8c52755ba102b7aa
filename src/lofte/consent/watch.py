"""Seeing who else writes to restricted rows (art. 18.1).

Hard rules:
- What is known of a row is a keyed digest. It is deleted when the restriction ends.
- Only datasets all of whose purposes are restricted are watched: in others, writing may be right.
- What our own plans do to the rows, for the person, is no breach; what others had done before is.
- A breach is a record, told once for what it is, and once more when it has grown. It ends as mended
  (the rows say again what they said), settled (a person has looked, and said why), or with the
  restriction.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from lofte.connectors.sql.watch import Looked, Mac
from lofte.consent.models import BreachEnded, Restriction, RestrictionBreach, Watched
from lofte.consent.person import acts_about, new_act
from lofte.datamap.document import Kind as IdentityKind
from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.errors import Refused, Unreachable
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.models import LedgerEntry, LedgerOutbox
from lofte.law.calendar import civil_date
from lofte.ledger.kinds import Kind, Value
from lofte.plan.records import Subject
from lofte.plan.restriction import Difference, difference, reached
from lofte.requests import sealing

_SEEN, _WORDS = "seen", "why"
Reach = Callable[[System], Any]
Seen = dict[str, Looked]


@runtime_checkable
class Looking(Protocol):
    """A session that can tell what rows say without saying it."""

    def look(
        self,
        subjects: Sequence[Subject],
        on: Any,
        mac: Mac,
        datasets: Iterable[str],
        columns: Mapping[str, Sequence[str]],
    ) -> Seen:
        """Keyed digests of the subjects' own rows, by dataset."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What a watch knows: who, and what their rows said."""

    who: tuple[Identity, ...]
    seen: Seen


def begin(house: House, restriction: Restriction, identities: Sequence[Identity], reach: Reach) -> None:
    """Watch the person's rows from now on, in every system that can be looked into. Where they are
    watched already, nothing changes. Raises Unreachable after the systems that answered."""
    silent: Unreachable | None = None
    begun = set(restriction.watched.values_list("system", flat=True))
    for system in house.datamap.systems:
        if system.id in begun or not _datasets(system, restriction):
            continue
        try:
            seen = _look(house, restriction, identities, system, reach)
        except Unreachable as error:
            silent = error
            continue
        if seen is not None:
            _begin(house, restriction, system, _Known(who=tuple(sorted(identities)), seen=seen))
    if silent is not None:
        raise silent


def look(house: House, restriction: Restriction, reach: Reach) -> list[RestrictionBreach]:
    """Compare what the rows say with what they said; returns the breaches that are open by now.
    Raises Unreachable after the systems that answered."""
    silent: Unreachable | None = None
    for watched in restriction.watched.order_by("id"):
        try:
            _look_again(house, watched, reach)
        except Unreachable as error:
            silent = error
    if silent is not None:
        raise silent
    found = open_breaches(restriction)
    _tell_looked(house, restriction, len(found))
    return found


def open_breaches(restriction: Restriction) -> list[RestrictionBreach]:
    """The breaches that nobody has mended or settled, oldest first."""
    return list(restriction.breaches.filter(ended=None).order_by("id"))


def known_by(house: House, restriction: Restriction, system: str) -> list[tuple[Identity, ...]]:
    """The identities by which the person's rows are watched in a system."""
    return [_known(house, watched).who for watched in restriction.watched.filter(system=system)]


def settle(house: House, restriction: Restriction, reach: Reach, *, why: str, by: str = "") -> int:
    """Somebody has looked at the breaches, and the rows may stand as they do now. Returns how many
    breaches ended. Raises Refused without a reason, or when there is none."""
    if not why.strip():
        raise Refused("say why the rows may stand as they do now")
    look(house, restriction, reach)
    breaches = open_breaches(restriction)
    if not breaches:
        raise Refused("there is no breach to settle; run `lofte restriction watch`")
    for watched in restriction.watched.filter(system__in={b.system for b in breaches}):
        known = _known(house, watched)
        system = house.datamap.system(watched.system)
        now = _look(house, restriction, known.who, system, reach, known.seen)
        with recorded(house):
            _remember(house, watched, _Known(who=known.who, seen=now or {}))
            for breach in breaches:
                if breach.system == watched.system:
                    _end(house, breach, "settled", by=by, why=why.strip())
    return len(breaches)


def finish(house: House, restriction: Restriction, reach: Reach) -> None:
    """The restriction has ended: look once more, and forget what was known. Raises Unreachable."""
    look(house, restriction, reach)
    with recorded(house):
        for breach in open_breaches(restriction):
            _end(house, breach, "lifted")
        restriction.watched.all().delete()


@contextmanager
def ours(house: House, identities: Iterable[Identity], system: System, reach: Reach) -> Iterator[None]:
    """Around what a plan of ours does to these persons' rows in one system: what others did before is
    seen first; what we do is no breach. Where nobody is watched it costs one question."""
    found = _watched(house, identities, system)
    before: dict[int, Seen] = {watched.pk: _look_again(house, watched, reach) for watched in found}
    yield
    for watched in found:
        known = _known(house, watched)
        after = _look(house, watched.restriction, known.who, system, reach, known.seen) or {}
        seen = _with_ours(known.seen, before[watched.pk], after)
        with recorded(house):
            _remember(house, watched, _Known(who=known.who, seen=seen))


# -- looking ---------------------------------------------------------------------------------------


def _look_again(house: House, watched: Watched, reach: Reach) -> Seen:
    restriction = watched.restriction
    known = _known(house, watched)
    system = house.datamap.system(watched.system)
    now = _look(house, restriction, known.who, system, reach, known.seen) or {}
    opened = {b.dataset: b for b in open_breaches(restriction) if b.system == system.id}
    for dataset in sorted(known.seen.keys() | now.keys()):
        found = difference(_rows(known.seen, dataset), _rows(now, dataset))
        _tell(house, restriction, system.id, dataset, found, opened.get(dataset))
    return now


def _look(
    house: House,
    restriction: Restriction,
    identities: Sequence[Identity],
    system: System,
    reach: Reach,
    before: Mapping[str, Looked] | None = None,
) -> Seen | None:
    """What the rows say; None = a system of this kind cannot be looked into."""
    columns = {dataset: looked.columns for dataset, looked in (before or {}).items()}
    subject = Subject(ref=restriction.ref, identities=tuple(sorted(identities)))
    connector = reach(system)
    try:
        with connector.session() as session:
            if not isinstance(session, Looking):
                return None
            return session.look([subject], house.today, _mac(house), _datasets(system, restriction), columns)
    finally:
        connector.close()


def _tell(
    house: House,
    restriction: Restriction,
    system: str,
    dataset: str,
    found: Difference,
    before: RestrictionBreach | None,
) -> None:
    """A breach that is new or has grown is noted; one that is mended has ended."""
    counts = {"changed": found.changed, "gone": found.gone}
    counts |= {"overwritten": found.overwritten, "added": found.added}
    if before is not None and all(getattr(before, name) == count for name, count in counts.items()):
        return
    if before is None and not found:
        return
    with recorded(house):
        since = house.now
        if before is not None:
            since = before.since
            _end(house, before, "grown" if found else "mended")
        if found:
            RestrictionBreach.objects.create(
                restriction=restriction,
                system=system,
                dataset=dataset,
                since=since,
                **counts,
                **new_act(house, "", restriction.request),
            )
            payload: dict[str, Value] = {"system": system, "dataset": dataset, **counts}
            _note(house, Kind.RESTRICTION_BREACHED, restriction, payload)


def _tell_looked(house: House, restriction: Restriction, open_: int) -> None:
    """Once a day it is noted that somebody looked: that nothing was found must be shown too."""
    ours = {"kind": Kind.RESTRICTION_LOOKED.value, "object": restriction.ref}
    told = [
        table.objects.filter(**ours).order_by("-at").values_list("at", flat=True).first()
        for table in (LedgerOutbox, LedgerEntry)
    ]
    systems = restriction.watched.count()
    if systems and not any(at is not None and civil_date(at) == house.today for at in told):
        with recorded(house):
            _note(house, Kind.RESTRICTION_LOOKED, restriction, {"systems": systems, "open": open_})


def _end(house: House, breach: RestrictionBreach, how: str, *, by: str = "", why: str = "") -> None:
    act = new_act(house, by, breach.request)
    key, wrapped = sealing.new_key(house.keys.wrapping, act["ref"])
    sealed = sealing.seal_text(key, why, _WORDS, act["ref"]) if why else b""
    BreachEnded.objects.create(breach=breach, how=how, key=wrapped if why else b"", words=sealed, **act)
    payload: dict[str, Value] = {"system": breach.system, "dataset": breach.dataset, "how": how}
    _note(house, Kind.BREACH_ENDED, breach.restriction, payload | ({"by": by} if by else {}))


def _watched(house: House, identities: Iterable[Identity], system: System) -> list[Watched]:
    there = Watched.objects.filter(system=system.id, restriction__lifted=None)
    if not there.exists():
        return []
    return list(there.filter(restriction__ref__in=acts_about(house, identities)))


def _datasets(system: System, restriction: Restriction) -> list[str]:
    within = reached(system, restriction.purposes)
    return [
        id_ for id_, d in system.datasets.items() if id_ in within and d.role == "controller" and d.subject
    ]


def _with_ours(known: Seen, before: Seen, after: Seen) -> Seen:
    """What is to be expected now: what others had changed before us is still a breach, what we have
    changed is not."""
    seen: Seen = {}
    for dataset in known.keys() | after.keys():
        was, then, now = (_rows(each, dataset) for each in (known, before, after))
        rows = {key: now[key] for key in now if key not in then}
        for key, said in was.items():
            if then.get(key) != said and (key in now or key not in then):
                rows[key] = said
            elif key in now:
                rows[key] = now[key]
        looked = after.get(dataset) or known[dataset]
        seen[dataset] = Looked(columns=looked.columns, rows=rows)
    return seen


def _rows(seen: Mapping[str, Looked], dataset: str) -> Mapping[str, tuple[str, bool]]:
    return seen[dataset].rows if dataset in seen else {}


# -- knowing ---------------------------------------------------------------------------------------


def _begin(house: House, restriction: Restriction, system: System, known: _Known) -> None:
    watched = Watched(restriction=restriction, system=system.id, since=house.now)
    rows = sum(len(looked.rows) for looked in known.seen.values())
    with recorded(house):
        _remember(house, watched, known)
        payload: dict[str, Value] = {"system": system.id, "datasets": len(known.seen), "rows": rows}
        _note(house, Kind.WATCH_BEGUN, restriction, payload)


def _remember(house: House, watched: Watched, known: _Known) -> None:
    bound = _bound(watched)
    key, watched.key = sealing.new_key(house.keys.wrapping, bound)
    said = {
        "who": [[i.kind.value, i.value] for i in known.who],
        "seen": {d: [list(looked.columns), dict(looked.rows)] for d, looked in known.seen.items()},
    }
    watched.seen = sealing.seal_text(key, json.dumps(said), _SEEN, bound)
    watched.save()


def _known(house: House, watched: Watched) -> _Known:
    bound = _bound(watched)
    key = sealing.unwrap(house.keys.wrapping, watched.key, bound)
    said = json.loads(sealing.unseal_text(key, watched.seen, _SEEN, bound))
    return _Known(
        who=tuple(Identity(kind=IdentityKind(kind), value=value) for kind, value in said["who"]),
        seen={
            dataset: Looked(columns=tuple(columns), rows={k: (d, bool(h)) for k, (d, h) in rows.items()})
            for dataset, (columns, rows) in said["seen"].items()
        },
    )


def _bound(watched: Watched) -> str:
    return f"{watched.restriction.ref}/{watched.system}"


def _mac(house: House) -> Mac:
    def mac(said: bytes) -> str:
        return hmac.new(house.keys.lookup, b"restricted row\0" + said, "sha256").hexdigest()

    return mac


def _note(house: House, kind: Kind, restriction: Restriction, payload: dict[str, Value]) -> None:
    note(kind, restriction.ref, payload, at=house.now, policy_version=house.policy_version)
