"""What we have about somebody, on a page of the portal: searched for by the same plan as a package (art. 15).

Hard rules:
- It is looked for by what is proven to be theirs, for whoever has proven as much as a copy asks for. What is
  delicate opens for the surest proof alone.
- Intent before act: that it will be searched for stands in the ledger before anything is read; that it is
  shown, before it is shown. One look is one entry.
- It lies sealed under a key of its own for an hour; then the key is shredded. Nothing of it stands in the
  store but when it goes.
- Where the search tells that more than one person answers, or that the person has a protected identity,
  nothing is shown.
"""

from __future__ import annotations

import io
import json
import logging
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from lofte.consent.restrict import obeyed
from lofte.errors import Ambiguous, Conflict, LedgerClosed, LofteError, NotIdentified, Refused
from lofte.execution import journal, package_keys, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.journal import Claim
from lofte.execution.models import Step, StepState
from lofte.execution.scratch import Scratch
from lofte.execution.store import writing
from lofte.execution.stream import unlock
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind, Value
from lofte.plan import access
from lofte.plan.records import Plan, Subject
from lofte.requests.answer.strongroom import SUFFIX, destroy, forget_left, package_folder, put_in
from lofte.requests.course.lock import alone
from lofte.requests.course.lock import shown as shown_in
from lofte.requests.course.protected import insist_reachable
from lofte.requests.course.reached import first_of
from lofte.requests.course.search import READ, Connect, Search, silent
from lofte.requests.door.identify import NEEDED, Level
from lofte.requests.door.preferences import proven
from lofte.requests.door.protected import protect
from lofte.requests.models import Case
from lofte.requests.package.glance import Glance, Side, glance
from lofte.requests.package.spool import Spool

LOOK_UP = "own-data"
"""The kind of the step that looks it up; its request is the case."""
LIVES = timedelta(hours=1)
_TARGET = "portal"
_KEY, _UNTIL, _NOT = "key", "until", "not_shown"
_log = logging.getLogger("lofte.requests")


class Standing(StrEnum):
    """How far it has come."""

    NOTHING = "nothing"
    """Nobody has asked for it, or it is gone again."""
    WAITING = "waiting"
    READY = "ready"
    NOT_HERE = "not_here"
    """It cannot be shown on a page: somebody has to look, or too little is proven."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What opens for whoever looks."""

    sides: dict[str, Side]
    """By language."""
    more: bool
    """There is more, for the surest proof."""
    waiting: int
    whole: Glance


def may_look(level: Level) -> bool:
    """Whether enough is proven for a look, as for a copy of the data."""
    return level >= NEEDED[Right.ACCESS]


def standing(house: House, case: Case) -> Standing:
    """How far what was ordered has come."""
    step = _step(case)
    if step is None:
        return Standing.NOTHING
    if step.state == StepState.FAILED or step.result.get(_NOT):
        return Standing.NOT_HERE
    if step.state != StepState.DONE:
        return Standing.WAITING
    return Standing.READY if _until(step) > house.now else Standing.NOTHING


def order(house: House, case: Case, *, level: Level) -> None:
    """Have it looked up; what is being looked up already goes on. Raises NotIdentified, OnlyByLetter,
    Refused when nothing is proven to be theirs."""
    _insist(case, level)
    if not proven(house, case):
        raise Refused("nothing is proven to be this person's yet; a code to an address that we had does it")
    if standing(house, case) is Standing.WAITING:
        return
    destroy_of(house.folder, case)
    with recorded(house):
        systems = [each.id for each in house.datamap.systems]
        Step.objects.filter(request=case.ref).delete()
        journal.begin(case.ref, [(LOOK_UP, _TARGET), *((READ, each) for each in systems)], house.now)


def look(house: House, case: Case, *, level: Level) -> Seen:
    """What opens at this level, once it stands in the ledger that it is shown. Raises NotIdentified,
    OnlyByLetter, Conflict when it is not ready or gone, LedgerClosed."""
    whole = at_hand(house, case, level=level)
    sides = whole["all"] if level >= Level.PROVEN else whole["harmless"]
    with recorded(house):
        insist_reachable(case)
        parts = sides["sv"]["parts"]
        said: dict[str, Value] = {"datasets": len(parts), "rows": sum(each["count"] for each in parts)}
        _note(house, case, Kind.OWN_DATA_SHOWN, said | {"level": int(level)})
    more = whole["more"] and level < Level.PROVEN
    return Seen(sides=sides, more=more, waiting=whole["waiting"], whole=whole)


def at_hand(house: House, case: Case, *, level: Level) -> Glance:
    """What a look would find, for judging what somebody wrote on the page; it is shown to nobody. Raises as
    `look`."""
    _insist(case, level)
    step = _step(case)
    if step is None or standing(house, case) is not Standing.READY:
        raise Conflict("there is nothing to look at; ask for it again")
    found = _opened(house, case, step)
    if level < Level.PROVEN:
        found["correctable"] = [each for each in found["correctable"] if not each["delicate"]]
    return found


def due(now: datetime) -> bool:
    """Whether somebody waits for theirs, or one is to be destroyed."""
    return _waiting(now).exists() or any(_until(each) <= now for each in _kept())


def look_up(house: House, connect: Connect) -> int:
    """Look up what was ordered, and destroy what has lain its time; returns how many are ready now. One that
    cannot be looked up stops no other. Raises LedgerClosed."""
    done = 0
    destroy_due(house.folder, house.now)
    while claim := journal.claim(runner.owner("look"), house.now, kinds=[LOOK_UP]):
        try:
            done += _looked_up(house, claim, connect)
        except LedgerClosed:
            raise
        except Exception as error:  # whatever it is: its words may hold what stands in a row
            _log.warning("a look at one's own data waits: %s", type(error).__name__)
            if isinstance(error, (Refused, Ambiguous)):
                journal.completed_each([journal.Done(claim=claim, result={}, aside={_NOT: 1})])
            else:
                told = error if isinstance(error, LofteError) else runner.told(error)
                journal.failed(house, claim, runner.reason(told))
    return done


def destroy_due(folder: Path, now: datetime) -> int:
    """Shred the keys of what has lain its time, whatever state the workspace is in; returns how many."""
    old = [step for step in _kept() if _until(step) <= now]
    for step in old:
        _destroy(folder, step)
    return len(old)


def destroy_of(folder: Path, case: Case) -> None:
    """Shred the key of what lies there for a case, and forget that it was looked up."""
    step = _step(case)
    if step is not None:
        _destroy(folder, step)


def _destroy(folder: Path, step: Step) -> None:
    if step.result.get(_KEY):
        destroy(folder, _path(folder, step), str(step.result[_KEY]))
    with writing():
        Step.objects.filter(request=step.request).exclude(state=StepState.RUNNING).delete()


def _insist(case: Case, level: Level) -> None:
    insist_reachable(case)
    if not may_look(level):
        raise NotIdentified(
            f"what we have is shown at level {NEEDED[Right.ACCESS]:d}; show more surely who you are"
        )


def _looked_up(house: House, claim: Claim, connect: Connect) -> int:
    case = Case.objects.get(ref=claim.request)
    insist_reachable(case)
    identities = proven(house, case)
    obeyed(house, identities, Right.ACCESS)
    plan = access.plan(
        house.policy, house.datamap, [Subject(ref=first_of(case).number, identities=identities)], house.today
    )
    with recorded(house):
        journal.reopen(case.ref, house.now, kinds=[READ])
        systems = len({step.at.system for step in plan.steps})
        said: dict[str, Value] = {"systems": systems, "datasets": len(plan.steps)}
        _note(house, case, Kind.OWN_DATA_SOUGHT, said)
    with alone(house, claim.owner, shown_in(list(case.items.exclude(key=b"")))) as held:
        forget_left(house.folder, case.ref)
        folder = house.folder.absolute() / "spool" / case.ref
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        try:
            path, key = _made(house, case, plan, connect, claim, held, folder)
        finally:
            shutil.rmtree(folder)
    aside = {_KEY: key, _UNTIL: (house.now + LIVES).isoformat()}
    try:
        with recorded(house):
            insist_reachable(case)
            journal.completed_each([journal.Done(claim=claim, result={}, aside=aside)])
    except BaseException:
        destroy(house.folder, path, key)
        raise
    return 1


def _made(
    house: House, case: Case, plan: Plan, connect: Connect, claim: Claim, held: Any, folder: Path
) -> tuple[Path, str]:
    """Search, and seal what was found. Raises Ambiguous, OnlyByLetter."""
    spool = Spool(folder, policy=house.policy, datamap=house.datamap, subjects=plan.subjects, on=plan.made_on)
    with spool:
        search = Search(house=house, plan=plan, spool=spool, connect=connect, tell=silent, held=held)
        search.run_steps(case.ref, claim.owner)
        if search.protected:
            protect(house, case, "")
            insist_reachable(case)
        if search.ambiguous:
            raise Ambiguous(
                "more than one person answers to this identity; ask for another, as a customer number"
            )
        with Scratch(folder) as plain:
            plain.write(json.dumps(glance(spool), ensure_ascii=False).encode())
            held.insist()
            return put_in(house, case.ref, plain)


def _opened(house: House, case: Case, step: Step) -> Glance:
    key = package_keys.find(house, str(step.result[_KEY]), case.ref)
    try:
        sealed = _path(house.folder, step).read_bytes()
    except FileNotFoundError:
        key = None
    if key is None:
        raise Conflict("it has lain its time, and is destroyed; ask for it again")
    found: Glance = json.loads(b"".join(unlock(io.BytesIO(sealed), key.value, key.bound)))
    return found


def _path(folder: Path, step: Step) -> Path:
    return package_folder(folder) / f"{step.request}.{step.result[_KEY]}{SUFFIX}"


def _step(case: Case) -> Step | None:
    return Step.objects.filter(request=case.ref, kind=LOOK_UP).first()


def _until(step: Step) -> datetime:
    return datetime.fromisoformat(step.result[_UNTIL])


def _waiting(now: datetime) -> Any:
    left = Step.objects.filter(kind=LOOK_UP, state=StepState.RUNNING, lease_until__lt=now)
    return left | Step.objects.filter(kind=LOOK_UP, state=StepState.WAITING, not_before__lte=now)


def _kept() -> list[Step]:
    done = Step.objects.filter(kind=LOOK_UP, state=StepState.DONE)
    return [each for each in done if each.result.get(_KEY)]


def _note(house: House, case: Case, kind: Kind, said: dict[str, Value]) -> None:
    note(kind, first_of(case).ref, said, at=house.now, policy_version=house.policy_version)
