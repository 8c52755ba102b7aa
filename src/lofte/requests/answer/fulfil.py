"""Fulfilling a request with a package, from plan to package (art. 15; art. 20 in `portable`).

Hard rules:
- Intent before act: the entry that we are about to read has its number before anything is read.
- Evidence before disclosure: the package leaves the house when the entry that it was made has
  its number, and not otherwise.
- What is under way lies in a closed folder of the house and is gone when the work ends, however
  it ends. Doing it again from the start gives the same answer.
- Done again, the steps get new epochs: whoever was at them before is shut out.
- Nobody else is at work with the person while they are looked for (`lock`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from lofte.consent.restrict import obeyed
from lofte.datamap.document import DataMap
from lofte.errors import Ambiguous, Conflict, Refused
from lofte.execution import journal, runner
from lofte.execution.book import note, recorded
from lofte.execution.house import House
from lofte.execution.scratch import Scratch
from lofte.law.calendar import civil_date
from lofte.law.rights import Right
from lofte.ledger.kinds import Kind
from lofte.plan import access
from lofte.plan.masking import name_columns
from lofte.plan.records import DatasetRef, Plan, Subject, Verb
from lofte.plan.scope import EVERYTHING, Scope, narrowed
from lofte.policy.document import Policy
from lofte.requests.answer import forward
from lofte.requests.answer.deliver import Answer, answer, deliver
from lofte.requests.answer.rectify import Said, statements_of
from lofte.requests.answer.release import supplemented
from lofte.requests.answer.remarks import REMARKS, Remarks, remarks_of
from lofte.requests.answer.strongroom import destroy, forget_left, put_in
from lofte.requests.answer.weigh import Scale, outdated
from lofte.requests.course import asked
from lofte.requests.course.lock import alone, shown
from lofte.requests.course.move import insist_not_refused, move
from lofte.requests.course.receive import identities_of
from lofte.requests.course.roads import State
from lofte.requests.course.search import READ, Connect, Count, Search, Tell, silent
from lofte.requests.course.witnessed import witnessed
from lofte.requests.door.identify import method_of
from lofte.requests.door.level import level_of
from lofte.requests.door.protected import protect
from lofte.requests.models import Decision, Finding, PackageRecord, Request
from lofte.requests.package.portable import Portable
from lofte.requests.package.seal import Sealed, seal
from lofte.requests.package.spool import Spool

SEAL = "seal"
PACKAGE = "package"


@dataclass(frozen=True, kw_only=True, slots=True)
class Making:
    """What makes the package of one right: its plan, its article, and how it is sealed."""

    right: Right
    article: str
    intended: Kind
    plan: Callable[[Policy, DataMap, Sequence[Subject], date], Plan]
    seal: Callable[[Work, Spool, Scratch], Sealed | Portable]
    read_by: Callable[[House], House] = lambda house: house
    """The house with the map that is read by, where that is not the whole map."""
    scope: Scope = EVERYTHING
    """The categories that are asked about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """The request that is being fulfilled, by whom, and what was planned."""

    house: House
    request: Request
    plan: Plan
    owner: str
    by: str
    making: Making | None = None
    whose: Mapping[DatasetRef, Mapping[str, int]] = field(default_factory=dict)
    """Of what is only processed for others: rows by customer."""
    scale: Scale | None = None
    """What was said of rows that only mention the person, where such rows may be given."""
    remarks: Remarks = field(default_factory=Remarks)
    supplement: bool = False
    """The request is answered, and rows of it were looked at since: what is made is the answer once more,
    with these."""

    @property
    def as_(self) -> Making:
        """How its package is made; a copy of the data unless another right is asked."""
        return self.making or ACCESS


def fulfil_access(
    house: House,
    request: Request,
    connect: Connect,
    out: Path | None = None,
    progress: Tell = silent,
    *,
    by: str = "",
) -> Answer:
    """Search, seal the package and, with `out`, deliver it there. Without `out` the package waits
    in the house. A request that is ready already is only delivered; of one that is answered, and of which
    rows were looked at since, a supplement is made. Raises Conflict, Unreachable
    (the systems that answered are searched again next time), Ambiguous, LedgerClosed."""
    request.refresh_from_db()
    return fulfil_with(_access(frozenset(request.scope)), house, request, connect, out, progress, by=by)


def fulfil_with(
    making: Making,
    house: House,
    request: Request,
    connect: Connect,
    out: Path | None = None,
    progress: Tell = silent,
    *,
    by: str = "",
) -> Answer:
    """As `fulfil_access`, for the right that `making` belongs to."""
    request.refresh_from_db()
    if request.right != making.right:
        raise Refused(f"this is a request for {request.right}; it is not fulfilled as {making.right}")
    try:
        if request.state not in (State.READY, State.DELIVERED) or lacks(request):
            _make(making, house, request, connect, progress, by)
        shutil.rmtree(house.folder.absolute() / "spool" / request.ref, ignore_errors=True)
        return answer(house, request) if out is None else deliver(house, request, out, by=by)
    except OSError as error:
        raise Refused(
            f"the package cannot be written ({type(error).__name__}); see to the disk, then try again"
        ) from error


def lacks(request: Request) -> bool:
    """Whether the request is answered, and rows were decided on that are not in the answer."""
    return bool(request.state == State.DELIVERED and request.right == Right.ACCESS and outdated(request))


def subject_of(house: House, request: Request) -> Subject:
    """The person, as a plan knows them: by number, with the identities they have shown."""
    return Subject(ref=request.number, identities=identities_of(house, request))


def _make(making: Making, house: House, request: Request, connect: Connect, progress: Tell, by: str) -> None:
    subject = subject_of(house, request)
    obeyed(house, subject.identities, making.right)
    plan = making.plan(house.policy, house.datamap, [subject], house.today)
    owner = runner.owner("fulfil")
    with alone(house, owner, shown([request])) as held:
        request.refresh_from_db()
        insist_not_refused([request])
        if frozenset(request.scope) != making.scope:
            raise Conflict("the person has said since how far they ask; look at the request again")
        scale = Scale(house=house, request=request) if making.right is Right.ACCESS else None
        work = Work(house=house, request=request, plan=plan, owner=owner, by=by, making=making, scale=scale)
        work = _intend(replace(work, supplement=lacks(request)))
        reading = making.read_by(house)
        with _closed_folder(work) as folder, _spool(reading, work, folder) as spool:
            search = Search(house=reading, plan=plan, spool=spool, connect=connect, tell=progress, held=held)
            search.run(request, work.owner)
            if search.protected and request.case is not None:
                protect(house, request.case, "")
            if search.ambiguous:
                _ask_again(work, search.ambiguous)
            held.insist()
            with Scratch(folder) as plain:
                _seal(replace(work, whose=search.whose), spool, plain, tuple(search.counts.values()))


def _spool(house: House, work: Work, folder: Path) -> Spool:
    plan, scale = work.plan, work.scale
    return Spool(
        folder,
        policy=house.policy,
        datamap=house.datamap,
        subjects=plan.subjects,
        on=plan.made_on,
        weigh=scale.weigh if scale else None,
    )


def _intend(work: Work) -> Work:
    """Say what is about to be read, and write down the steps. Returns the work, done by whoever did it
    before where the house goes on by itself."""
    house, request, plan = work.house, work.request, work.plan
    systems = sorted(
        {step.at.system for step in plan.steps}, key=lambda each: (not _names(house, each), each)
    )
    with recorded(house):
        work = replace(work, by=asked.keep(house, request, {}, by=work.by))
        if request.state != State.SEARCHING and not work.supplement:
            move(house, request, State.SEARCHING, by=work.by)
        journal.begin(request.ref, [*((READ, s) for s in systems), (SEAL, PACKAGE)], house.now)
        journal.reopen(request.ref, house.now)
        note(
            work.as_.intended,
            request.ref,
            {
                "article": work.as_.article,
                "systems": len(systems),
                "datasets": len(plan.steps),
                "kept": len(plan.kept),
                "policy_digest": plan.policy_digest,
                "map_digest": plan.map_digest,
            },
            at=house.now,
            policy_version=house.policy_version,
        )
    return work


def _names(house: House, system: str) -> bool:
    """Whether the system says what the person is called: it is read before those that hold texts."""
    return any(
        name_columns(each, tuple(each.fields)) for each in house.datamap.system(system).datasets.values()
    )


def _ask_again(work: Work, ambiguous: dict[str, int]) -> None:
    """More than one person answers to what was shown, and nothing else tells them apart (art. 12.6)."""
    with recorded(work.house):
        if not work.supplement:
            move(work.house, work.request, State.RECEIVED, by=work.by, why="ambiguous")
        for system, persons in ambiguous.items():
            note(
                Kind.REQUEST_AMBIGUOUS,
                work.request.ref,
                {"system": system, "persons": persons},
                at=work.house.now,
                policy_version=work.house.policy_version,
            )
    raise Ambiguous("more than one person answers to this identity; ask for another, as a customer number")


def _seal(work: Work, spool: Spool, plain: Scratch, counts: tuple[Count, ...]) -> None:
    """Make the package, then record it; if it cannot be recorded, there is no package."""
    house, request = work.house, work.request
    claim = journal.claim(work.owner, house.now, request=request.ref, kinds=[SEAL])
    if claim is None:
        raise Conflict("somebody else is sealing this package; look at the request again")
    work = replace(work, remarks=_remarks(work, spool))
    sealed = work.as_.seal(work, spool, plain)
    path, key = put_in(house, request.ref, plain)
    try:
        with recorded(house):
            _save(work, sealed, PackageRecord(request=request, path=str(path), key=key), counts)
            if work.supplement:
                supplemented(house, request, by=work.by)
            journal.completed(house, claim, {"bytes": sealed.size})
    except BaseException:
        destroy(house.folder, path, key)
        raise


def _remarks(work: Work, spool: Spool) -> Remarks:
    """What those who work here have noted about the person, in an answer that gives all that is held."""
    if work.scale is None or work.as_.scope:
        return Remarks()
    identities = spool.identities(0) | frozenset(identities_of(work.house, work.request))
    return remarks_of(work.house, work.request, work.scale, identities, called=spool.own_names(0))


def _sealed(work: Work, spool: Spool, target: Scratch) -> Sealed:
    house, request = work.house, work.request
    identification = request.identifications.order_by("-id").first()
    return seal(
        spool,
        0,
        target,
        number=request.number,
        language=request.language,
        made_at=house.now.replace(microsecond=0),
        received_on=civil_date(request.received_at),
        identified_by=method_of(house, identification) if identification else "",
        statements=[f"{s.on} ({s.number})\n{s.text}" for s in _statements(house, request)],
        remarks=work.remarks.given,
        unread=work.remarks.waiting,
        supplement=work.supplement,
        ledger=witnessed(house, request.language),
        scope=work.as_.scope,
    )


def _statements(house: House, request: Request) -> Sequence[Said]:
    """What the person has had put with their data; it is of no category, and goes with all of them."""
    return () if request.scope else statements_of(house, identities_of(house, request))


def _save(work: Work, sealed: Sealed | Portable, package: PackageRecord, counts: tuple[Count, ...]) -> None:
    house, request = work.house, work.request
    if not work.supplement:
        move(house, request, State.READY, by=work.by)
        article = work.as_.article
        Decision.objects.create(request=request, outcome="granted", article=article, by=work.by, at=house.now)
    if work.scale is not None:
        work.scale.save()
    forward.queue(house, request, work.whose)
    request.findings.all().delete()
    Finding.objects.bulk_create(_findings(work, counts))
    package.sha256, package.size, package.made_at = sealed.sha256, sealed.size, house.now
    said = request.right == Right.ACCESS and _statements(house, request)
    package.level = level_of(house, request.right, counts, statements=bool(said or work.remarks.given))
    package.save()
    note(
        Kind.PACKAGE_SEALED,
        request.ref,
        {
            "digest": sealed.sha256,
            "bytes": sealed.size,
            "datasets": sum(1 for c in counts if c.rows and c.verb is not Verb.FORWARD),
            "rows": sum(c.rows for c in counts if c.verb is not Verb.FORWARD),
        },
        at=house.now,
        policy_version=house.policy_version,
    )


def _findings(work: Work, counts: tuple[Count, ...]) -> Iterator[Finding]:
    """What was found, remarks of our own among it."""
    noted, at = work.remarks, REMARKS
    for c in counts:
        yield Finding(
            request=work.request,
            system=c.system,
            dataset=c.dataset,
            verb=c.verb,
            rows=c.rows,
            waiting=c.waiting,
            shared=c.shared,
        )
    if noted.given or noted.waiting:
        rows, waiting = len(noted.given), noted.waiting
        yield Finding(
            request=work.request,
            system=at.system,
            dataset=at.dataset,
            verb=Verb.GIVE,
            rows=rows,
            waiting=waiting,
            shared=0,
        )


@contextmanager
def _closed_folder(work: Work) -> Iterator[Path]:
    """A folder for what is under way. What a killed process left of this request goes first."""
    folder = work.house.folder.absolute() / "spool" / work.request.ref
    shutil.rmtree(folder, ignore_errors=True)
    forget_left(work.house.folder, work.request.ref)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


ACCESS = Making(
    right=Right.ACCESS, article="15.1", intended=Kind.ACCESS_INTENDED, plan=access.plan, seal=_sealed
)
"""A copy of everything (art. 15.3)."""


def _access(scope: Scope) -> Making:
    """A copy of what was asked about: nothing else is fetched."""
    if not scope:
        return ACCESS
    return replace(
        ACCESS,
        plan=partial(access.plan, scope=scope),
        read_by=lambda house: replace(house, datamap=narrowed(house.datamap, scope)),
        scope=scope,
    )
