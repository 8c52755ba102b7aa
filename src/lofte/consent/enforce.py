"""Letting the systems themselves hold a person's restricted data (art. 18).

Hard rules:
- It is done when the restriction stops the service, and undone when it is lifted.
- Where the map names a column, the rows say it; where it names a copy, they are moved there. A
  system with neither is not changed: its programs ask the gate. All are watched.
- Keys and what stood there are recorded, sealed, before a system makes the change lasting. Done
  again after a failure, it does the rest.
- Two restrictions of one person hold their rows together: the last that is lifted lets them go.
- Each system is a step of the journal; nobody else is at work with the person meanwhile.
- Datasets that also serve what is not restricted are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Protocol

from lofte.consent import copy, watch
from lofte.consent.models import (
    Mark,
    Restriction,
    RestrictionBreach,
    RestrictionLifted,
    RowsMoved,
    StatusPutBack,
    StatusSet,
)
from lofte.consent.person import new_act, same_person
from lofte.consent.restrict import stopped_by
from lofte.datamap.document import System
from lofte.datamap.identity import Identity
from lofte.errors import Conflict, Refused, Unreachable
from lofte.execution import exactly, journal, runner
from lofte.execution.book import note, recorded, untold
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan.records import DatasetRef, Subject
from lofte.plan.restriction import reached
from lofte.requests import sealing
from lofte.requests.answer.grant import grant
from lofte.requests.course.lock import Alone, alone, lookups, shown, telling
from lofte.requests.course.roads import State
from lofte.requests.models import Request

HOLD, RELEASE = "hold", "release"
_ROWS = "rows"


class Acting(Protocol):
    """A connector that may also write: `connectors.sql` opened with a hand."""

    def acting(self) -> Any:
        """A session in one transaction that may change rows."""
        ...

    def close(self) -> None:
        """Give back all connections."""
        ...


Reach = Callable[[System], Any]
"""Opens a system; one whose map has a `restrict` must be able to write."""


def enforce(house: House, restriction: Restriction, identities: Sequence[Identity], reach: Reach) -> int:
    """Let the person's rows say that they are restricted, or move them to the copies, and watch them
    from then on; returns how many were changed or moved. The request is answered then (art. 12.3);
    the restriction goes on until it is lifted.

    Raises FaultsFound (X103-X106) when rows cannot be moved, Conflict while the person is not told
    that the service stops, or when the restriction is lifted; Unreachable when a system does not
    answer: done again, it does the rest."""
    restriction.refresh_from_db()
    if hasattr(restriction, "lifted"):
        raise Conflict("this restriction is lifted already; read it again")
    if not stopped_by(house, restriction).told:
        raise Conflict("the person is told before the service stops; tell them first")
    about, rows = restriction.request or restriction.ref, 0

    def hold(claim: Claim) -> dict[str, int]:
        nonlocal rows
        system = house.datamap.system(claim.target)
        done = _enforce(house, restriction, identities, system, reach, held)
        rows += done
        return {"rows": done}

    with recorded(house):
        journal.begin(about, [(HOLD, system.id) for system in _with_means(house)], house.now)
        journal.at_once(about, house.now, kinds=[HOLD])
    owner = runner.owner("hold")
    with alone(house, owner, {about: _everybody(house, restriction, identities)}) as held:
        failures = runner.run(house, owner, {HOLD: hold}, request=about)
        watch.begin(house, restriction, identities, reach)
    if failures:
        raise failures[0].error
    for asked in _asking_it(house, restriction, identities):
        grant(house, asked, by=restriction.by)
    return rows


def _asking_it(house: House, restriction: Restriction, identities: Sequence[Identity]) -> Iterable[Request]:
    """The request that it was placed for, and those that asked the same of the same person while it stood."""
    yield from Request.objects.filter(ref=restriction.request)
    again = Request.objects.filter(
        right=Right.RESTRICTION,
        state=State.IDENTIFIED,
        asked__isnull=False,
        identifiers__lookup__in=lookups(house, identities),
    )
    yield from again.exclude(ref__in=Restriction.objects.values("request")).distinct()


def look_after(house: House, restriction: Restriction, reach: Reach) -> list[RestrictionBreach]:
    """See whether somebody else has written to the restricted rows. A column that was overwritten is
    made to say it again. Returns the breaches that are open. Raises Unreachable."""
    found = watch.look(house, restriction, reach)
    for id_ in sorted({breach.system for breach in found if breach.overwritten}):
        for identities in watch.known_by(house, restriction, id_):
            everybody = _everybody(house, restriction, identities)
            with alone(house, runner.owner("look"), {restriction.ref: everybody}) as held:
                _enforce(house, restriction, identities, house.datamap.system(id_), reach, held)
    return found


def look_after_all(house: House, reach: Reach) -> dict[Restriction, list[RestrictionBreach]]:
    """The same for every restriction that holds and is watched: those with breaches. Raises
    Unreachable after the others."""
    silent: Unreachable | None = None
    open_: dict[Restriction, list[RestrictionBreach]] = {}
    for restriction in (
        Restriction.objects.filter(lifted=None).exclude(watched=None).order_by("id").distinct()
    ):
        try:
            found = look_after(house, restriction, reach)
        except Unreachable as error:
            silent, found = error, watch.open_breaches(restriction)
        if found:
            open_[restriction] = found
    if silent is not None:
        raise silent
    return open_


def put_back(house: House, restriction: Restriction, reach: Reach) -> int:
    """Let the rows say again what they said before, and stand where they stood, when no restriction of
    the person holds them any more; returns how many. Rows that cannot come back from a copy stay there
    (`copy.left`); done again, they are tried again. Raises Refused while this one holds."""
    together = _together(restriction)
    if not hasattr(Restriction.objects.get(pk=restriction.pk), "lifted"):
        raise Refused("the restriction holds; lift it before the systems are told")
    watch.finish(house, restriction, reach)
    if together.filter(lifted=None).exists():
        return 0
    waiting = StatusSet.objects.filter(restriction__in=together, put_back=None).order_by("-id")
    moved = copy.waiting(together)
    about, rows = restriction.request or restriction.ref, 0

    def release(claim: Claim) -> dict[str, int]:
        nonlocal rows
        system = claim.target
        done = sum(_put_back(house, status, reach) for status in waiting.filter(system=system))
        if system in moved:
            done += _bring_back(house, system, moved[system], reach)
        rows += done
        return {"rows": done}

    systems = sorted({*waiting.values_list("system", flat=True), *moved})
    with recorded(house):
        journal.begin(about, [(RELEASE, system) for system in systems], house.now)
        journal.at_once(about, house.now, kinds=[RELEASE])
    owner = runner.owner("release")
    with alone(house, owner, {about: _everybody(house, restriction)}):
        failures = runner.run(house, owner, {RELEASE: release}, request=about)
    if failures:
        raise failures[0].error
    return rows


def _everybody(
    house: House, restriction: Restriction, identities: Collection[Identity] = ()
) -> frozenset[str]:
    """What whoever is to be alone with the person takes: what was shown, with the request or now, and
    the marks of the restriction, which it has also when there is no request."""
    asked = shown(Request.objects.filter(ref=restriction.request)).values()
    marks = Mark.objects.filter(act=restriction.ref, weak=False).values_list("person", flat=True)
    return frozenset().union(*asked, marks, lookups(house, identities))


def _enforce(
    house: House,
    restriction: Restriction,
    identities: Sequence[Identity],
    system: System,
    reach: Reach,
    held: Alone | None = None,
) -> int:
    subject = Subject(ref=restriction.ref, identities=tuple(sorted(identities)))

    within = reached(system, restriction.purposes)

    def keep(at: DatasetRef, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        _record(house, restriction, at, exactly.pack(names, rows), len(rows))

    def keep_keys(at: DatasetRef, names: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> None:
        copy.record(house, restriction, at, names, keys)

    connector: Acting = reach(system)
    try:
        with watch.ours(house, identities, system, reach), connector.acting() as session:
            said: dict[DatasetRef, int] = session.hold([subject], house.today, keep, within)
            moved: dict[DatasetRef, int] = {}
            if copy.has_copies(system):
                moved = session.park([subject], house.today, keep_keys, within)
            if held is not None:
                for person in session.known.persons:
                    held.widen(restriction.request or restriction.ref, telling(person))
                held.insist()
            # It may have been lifted while the rows were on their way.
            if RestrictionLifted.objects.filter(restriction=restriction).exists():
                raise Conflict("this restriction is lifted already; read it again")
    finally:
        connector.close()
    with recorded(house):
        for kind, means, done in (
            (Kind.STATUS_SET, has_columns(system), said),
            (Kind.ROWS_MOVED, copy.has_copies(system), moved),
        ):
            payload: dict[str, Value] = {"system": system.id, "datasets": len(done)}
            rows = sum(done.values()) or _untold(restriction, kind, system)
            if means:
                _note(house, kind, restriction.ref, {**payload, "rows": rows})
    return sum(said.values()) + sum(moved.values())


def _untold(restriction: Restriction, done: Kind, system: System) -> int:
    """Rows that say it already, because somebody told them so and died before they could note it."""
    if done is not Kind.STATUS_SET:
        return 0
    intents = untold(Kind.STATUS_INTENDED, done, system.id, restriction.ref).get(restriction.ref, ())
    return sum({said["dataset"]: int(said["rows"]) for said in intents}.values())


def _record(house: House, restriction: Restriction, at: DatasetRef, packed: bytes, count: int) -> None:
    """Before the system makes it lasting: what stood there, and that we are about to change it."""
    act = new_act(house, restriction.by, restriction.request)
    key, wrapped = sealing.new_key(house.keys.wrapping, act["ref"])
    with recorded(house):
        StatusSet.objects.create(
            restriction=restriction,
            system=at.system,
            dataset=at.dataset,
            key=wrapped,
            rows=sealing.seal_text(key, packed.decode("ascii"), _ROWS, act["ref"]),
            **act,
        )
        payload: dict[str, Value] = {"system": at.system, "dataset": at.dataset, "rows": count}
        _note(house, Kind.STATUS_INTENDED, restriction.ref, payload)


def _put_back(house: House, status: StatusSet, reach: Reach) -> int:
    key = sealing.unwrap(house.keys.wrapping, status.key, status.ref)
    names, rows = exactly.unpack(sealing.unseal_text(key, status.rows, _ROWS, status.ref).encode("ascii"))
    connector: Acting = reach(house.datamap.system(status.system))
    try:
        with connector.acting() as session:
            done = int(session.put_back(status.dataset, names, rows))
    finally:
        connector.close()
    with recorded(house):
        StatusPutBack.objects.create(status=status, rows=done, **new_act(house, "", status.request))
        payload: dict[str, Value] = {"system": status.system, "dataset": status.dataset, "rows": done}
        _note(house, Kind.STATUS_PUT_BACK, status.restriction.ref, {**payload, "left": len(rows) - done})
    return done


def _bring_back(house: House, system: str, moved: Sequence[RowsMoved], reach: Reach) -> int:
    connector: Acting = reach(house.datamap.system(system))
    try:
        with connector.acting() as session:
            done = copy.bring_back(house, moved, session)
    finally:
        connector.close()
    return copy.told_back(house, done)


def _together(restriction: Restriction) -> Any:
    """The restrictions of whoever this one is of, itself among them."""
    return Restriction.objects.filter(ref__in=same_person(restriction.ref).values("act"))


def has_columns(system: System) -> bool:
    """Whether rows of this system may say that they are restricted."""
    return any(d.restrict and d.restrict.column for d in system.datasets.values())


def _with_means(house: House) -> Iterable[System]:
    return (s for s in house.datamap.systems if any(d.restrict for d in s.datasets.values()))


def _note(house: House, kind: Kind, ref: str, payload: dict[str, Value]) -> None:
    note(kind, ref, payload, at=house.now, policy_version=house.policy_version)
