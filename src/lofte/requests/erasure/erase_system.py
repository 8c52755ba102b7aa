"""One system's part of an erasure: planned, carried out, and told, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from lofte.connectors.protocol import Acted, Acting, Changes, Connector, Erasing
from lofte.consent import watch
from lofte.consent.object import prevailed
from lofte.datamap.document import System
from lofte.datamap.identity import STRENGTH, Identity, Strength
from lofte.datamap.tracing import People
from lofte.errors import Conflict, Refused
from lofte.execution import heads, journal, restore_log, stones, tombstones
from lofte.execution.book import note
from lofte.execution.house import House
from lofte.execution.journal import Claim, Done
from lofte.execution.restore_log import Taken, with_what_follows
from lofte.execution.store import writing
from lofte.execution.tombstones import Erased
from lofte.ledger.kinds import Kind
from lofte.plan import erase as erasing
from lofte.plan.facts import Facts
from lofte.plan.holds import Hold, Holds
from lofte.plan.layers import Storage
from lofte.plan.living import GROUNDS, Elsewhere, contracted
from lofte.plan.records import DatasetRef, Subject, Verb
from lofte.plan.scope import Scope, stone_marks
from lofte.plan.scope import together as scope_of
from lofte.plan.verdict import ErasePlan, Verdict
from lofte.requests.answer import recipients
from lofte.requests.course import known
from lofte.requests.course.lock import Alone, reopen, reopening, telling
from lofte.requests.course.receive import identities_of_each
from lofte.requests.erasure import as_approved, evidence, holds, layers, whose
from lofte.requests.erasure.evidence import Touched
from lofte.requests.erasure.foretell import Tale, foretell, forget_each
from lofte.requests.erasure.restored import insist_there
from lofte.requests.models import Request

ERASE = "erase"
DEIDENTIFY = "deidentify"
VERIFY = "verify"
CONTRACT = "contract"
"""Stands beside the result of a step when the system tells that a contract of the person runs."""
STAYING = "staying"
"""What stands beside the result of a step: dataset, column and rows where a person may still be found."""
TOGETHER = 200
"""Requests that are begun, and answered, in one transaction: others wait to write meanwhile."""
TRIES = 3
"""Times that a plan is made when rows change under it."""
Connect = Callable[[System], Connector]
Tell = Callable[[str, str], None]


def silent(step: str, system: str) -> None:
    """Tell nobody."""


@dataclass(kw_only=True, slots=True)
class Work:
    """The requests that are carried out together."""

    house: House
    requests: Sequence[Request]
    connect: Connect
    grounds: Sequence[str]
    owner: str
    tell: Tell
    by: str = ""
    accepted: frozenset[str] = frozenset()
    """Places that a handler has looked at and accepts: `system.table.column`."""
    held: Alone | None = None
    """The persons at whom nobody else is at work meanwhile."""
    doubtful: dict[str, dict[str, int]] = field(default_factory=dict)
    """Request -> system -> how many persons answer to what was shown."""

    contracts: dict[str, set[str]] = field(default_factory=dict)
    """Request -> systems that tell that a contract of the person runs."""
    unheard: set[str] = field(default_factory=set)
    """Systems that could tell it, and did not answer."""

    claimed: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    """Steps that were taken in the transaction before they are begun, by kind."""

    _shown: dict[str, tuple[Identity, ...]] = field(default_factory=dict)

    def shown(self, request: Request) -> tuple[Identity, ...]:
        """What was shown with a request, read once for all of them. Asked for when nobody else is at
        work with the persons."""
        if request.ref not in self._shown:
            self._shown.update(identities_of_each(self.house, {*self.requests, request}))
        return self._shown[request.ref]

    def claim(self, kind: str) -> None:
        """Take the steps of this kind that come next, in the caller's transaction: where no other system
        has a say in between, and they are few enough not to hold others up."""
        refs = [request.ref for request in self.requests]
        if len(self.house.datamap.systems) == 1 and len(refs) <= TOGETHER and not self.doubtful:
            self.claimed[kind] = journal.claimed_each(self.owner, self.house.now, refs, (kind,))

    def sought(self, requests: Sequence[Request]) -> dict[int, set[Identity]]:
        """What tells each of these persons, and nobody else: what was shown, and what any system has told
        before its rows were touched, by whoever was at work then. By number of the request."""
        discovered = known.again(self.house, requests)
        shared = {i for told in discovered.values() for each in told.values() for i in each.shared}
        found: dict[int, set[Identity]] = {}
        for number, request in enumerate(requests):
            own = {i for each in discovered[request.ref].values() for i in each.identities}
            found[number] = {*self.shown(request), *own} - shared
        return found

    def meet(self, system: str, requests: Sequence[Request], people: People) -> None:
        """Who the persons are in a system: nobody else works with them from now on, what is told of
        them is written down, and who cannot be told apart is remembered. Raises Conflict."""
        rows = known.news(self.house, system, [(requests[p.subject], p) for p in people.persons])
        written = False
        if self.held is not None:
            tell: dict[str, set[Identity]] = {}
            for person in people.persons:
                tell.setdefault(requests[person.subject].ref, set()).update(telling(person))
            written = self.held.widen_each(tell, lambda: known.remember(rows))
        if rows and not written:
            with writing():
                known.remember(rows)
        for doubt in people.ambiguous:
            persons = self.doubtful.setdefault(requests[doubt.subject].ref, {})
            persons[system] = max(persons.get(system, 0), doubt.persons)


def insist_grounds(grounds: Iterable[str]) -> None:
    """Raises Refused for what is no ground of art. 17.1."""
    if unknown := set(grounds) - set(GROUNDS):
        raise Refused(
            f"{', '.join(sorted(unknown))} is no ground for erasure; use one of {', '.join(GROUNDS)}"
        )


def opened(connect: Callable[[System], Connector | Erasing], system: System) -> Erasing:
    """The system, open for erasing. Raises Refused when its kind cannot be erased from."""
    connector = connect(system)
    if isinstance(connector, Erasing):
        return connector
    connector.close()
    raise Refused(f"rows of `{system.id}` cannot be erased by a connector of this kind; do it there by hand")


def once_each(connect: Connect) -> Connect:
    """Open each system once for the whole erasure: what the database looks like is read once."""
    opened_: dict[str, Connector] = {}

    def again(system: System) -> Connector:
        if system.id not in opened_:
            opened_[system.id] = connect(system)
        return opened_[system.id]

    return again


@dataclass(frozen=True, slots=True)
class Keeper:
    """Takes whole rows into the restore log, and writes their tombstones, each under the request it
    is of. Both are on the disk when `settle` has returned, before anything is made lasting."""

    house: House
    step: str
    requests: Sequence[Request]
    touched: Touched
    grounds: Sequence[str]
    identities: Mapping[int, Collection[Identity]]
    _rows: dict[str, list[Taken]] = field(default_factory=dict)
    _stones: dict[str, list[Erased]] = field(default_factory=dict)

    def keep(
        self, at: DatasetRef, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], changes: Changes
    ) -> None:
        """As `Keep` of the connectors' protocol."""
        verb = Verb.CHANGE if changes else Verb.DELETE
        key = self.house.datamap.system(at.system).datasets[at.dataset].key
        taken = list(self.touched.take(at.dataset, key, columns, with_what_follows(rows, changes)))
        refs = {number: self.requests[number].ref for number, _, _ in taken}
        whole = {refs[number]: some for number, some, _ in taken}
        erased = {refs[number]: (keys, sorted(self.identities.get(number, ()))) for number, _, keys in taken}
        self._rows.setdefault(at.system, []).append(
            Taken(dataset=at.dataset, columns=columns, changes=tuple(changes), rows=whole)
        )
        self._stones.setdefault(at.system, []).append(
            Erased(dataset=at.dataset, verb=verb.value, by_request=erased)
        )

    def settle(self) -> None:
        """Let all that was taken be on the disk."""
        for system, taken in self._rows.items():
            restore_log.keep_many(self.house, self.step, system, taken)
        for system, erased in self._stones.items():
            if stones.none_of(self.house, system):
                insist_there(self.house.folder, self.house.keys.lookup, only=system)
            tombstones.note_many(self.house, system, erased, grounds=self.grounds)
        self._rows.clear()
        self._stones.clear()


class One:
    """One system's part of an erasure: planned, carried out, told."""

    step: ClassVar[str] = ERASE
    together: ClassVar[bool] = True
    """Rows that are alike are judged as one (`Judging.facts`)."""

    def __init__(
        self,
        work: Work,
        system: str,
        requests: Sequence[Request],
        subjects: Sequence[Subject],
        storage: Storage,
    ) -> None:
        self._work, self._system = work, system
        self._requests, self._subjects = requests, subjects
        self.plan: ErasePlan | None = None
        self._facts: Facts | None = None
        self._people = People(persons=())
        self._touched = Touched()
        self._statements = 0
        self._as_approved: Sequence[int | None] = ()
        self._storage = storage
        self._standing: Mapping[int, Mapping[tuple[str, str], int]] = {}
        self._tales: tuple[Tale, ...] = ()
        self._running: frozenset[int] | None = None

    def carry_out(self, connector: Erasing) -> None:
        """Plan and do it, in a transaction of its own; lasting when this returns. Raises as `act`, and
        Unreachable."""
        work, known_ = self._work, {i for subject in self._subjects for i in subject.identities}
        place = work.house.datamap.system(self._system)
        with (
            reopening(work.owner),
            watch.ours(work.house, known_, place, work.connect),
            connector.acting() as session,
        ):
            self.act(session)

    def act(self, session: Acting) -> None:
        """Plan and do it, in the transaction that the session is. Raises Conflict when a hold came in
        between, NotApproved and OverCap when it would take more than somebody has let through."""
        house = self._work.house
        self._facts = session.facts(self._subjects, house.today, together=self.together)
        self._people = session.known
        self._work.meet(self._system, self._requests, self._people)
        held = self._holds()
        self.plan = self._planned(session, self._facts, held)
        self._touched = Touched.of(self.plan)
        acted = self._carried_out(session, self.plan)
        self._statements = self._facts.statements + acted.statements
        self._standing = self._counted(session, self.plan)
        self._tested(session)
        stamps = whose.stamps(house, session, self.plan, {})
        # Told nobody yet, and written down: when this is lasting, it can be told, whoever does it.
        closing = self._work.held.close if self._work.held is not None else lambda: None
        self._tales = foretell(
            house, self._requests, self.step, self.plan, self._touched, self._staying, stamps, closing
        )
        # The last looks of all: what comes after them comes after the erasure.
        if self._work.held is not None:
            self._work.held.insist()
        if self._holds() != held:
            raise Conflict("a hold was placed while the rows were on their way; nothing was erased")

    def _planned(self, session: Acting, facts: Facts, held: Holds) -> ErasePlan:
        """The plan, when it takes no more than somebody has let through."""
        house = self._work.house
        grounds = self._work.grounds
        plan = erasing.plan(
            house.policy,
            house.datamap,
            facts,
            self._subjects,
            house.today,
            grounds=grounds,
            holds=held,
            elsewhere=self._elsewhere(),
            scope=self._scope(),
        )
        self._as_approved = as_approved.insist(house, self._requests, plan, session.sizes)
        return plan

    def _scope(self) -> Scope:
        """How far these requests go: who asks of some categories only is alone (`erase.by_turns`)."""
        return scope_of(request.scope for request in self._requests)

    def _elsewhere(self) -> Elsewhere:
        """What the rows of this system do not say of the persons."""
        with_contract = (n for n, r in enumerate(self._requests) if self._work.contracts.get(r.ref))
        going_on = prevailed(self._work.house, {p.subject: p.identities for p in self._people.persons})
        return Elsewhere(contracts=frozenset(with_contract), going_on=going_on)

    def _carried_out(self, session: Acting, plan: ErasePlan) -> Acted:
        """What the plan says is done; every row is kept before."""
        own = {p.subject: set(p.identities - p.shared) for p in self._people.persons}
        house, why = self._work.house, (*self._work.grounds, *stone_marks(self._scope()))
        keeper = Keeper(house, self.step, self._requests, self._touched, why, own)
        return session.act(plan, keeper.keep, keeper.settle)

    def _tested(self, session: Acting) -> None:
        """What else is asked of the rows before it is made lasting; of an erasure nothing."""

    def _leaving(self, plan: ErasePlan) -> Sequence[Verdict]:
        """The rows in which their person may still stand afterwards."""
        return [verdict for verdict in plan.verdicts if verdict.verb is not Verb.DELETE]

    def _counted(self, session: Acting, plan: ErasePlan) -> Mapping[int, Mapping[tuple[str, str], int]]:
        """In how many of those rows the person really stands, in columns that were left as they are."""
        datasets = self._work.house.datamap.system(plan.system).datasets
        rows = [(v.fact, datasets[v.fact.at.dataset].fields.keys() - v.changes) for v in self._leaving(plan)]
        if not rows:
            return {}
        sought = self._work.sought(self._requests)
        telling_ = {
            n: [identity for identity in each if STRENGTH[identity.kind] is not Strength.WEAK]
            for n, each in sought.items()
        }
        return session.remains(rows, telling_)

    def _holds(self) -> dict[int, tuple[Hold, ...]]:
        known = {p.subject: p.identities for p in self._people.persons}
        return holds.standing(self._work.house, known)

    def _staying(self, number: int) -> list[tuple[str, str, int]]:
        """Where one person is still found afterwards: dataset, column, rows. A row of two of the
        persons counts for the first."""
        found = self._standing.get(number, {})
        return [(dataset, column, rows) for (dataset, column), rows in sorted(found.items())]

    def record(self, claims: Sequence[Claim]) -> None:
        """The evidence of these requests, inside the caller's `recorded` transaction."""
        assert self.plan is not None and self._facts is not None
        numbers = {request.ref: number for number, request in enumerate(self._requests)}
        told = [self._tales[numbers[claim.request]] for claim in claims]
        requests = [self._requests[numbers[claim.request]] for claim in claims]
        house, system = self._work.house, self._system
        lines = [evidence.lines(tale.fates.values()) for tale in told]
        evidence.save_each(self.step, system, list(zip(requests, lines, strict=True)))
        fates = [tale.fates.values() for tale in told]
        deferred = evidence.defer_each(house, system, list(zip(requests, fates, strict=True)))
        known.keep_for_later(house, requests)
        forget_each(requests, self.step, system)
        taken = [any(line.verb is not Verb.KEEP for line in said) for said in lines]
        losing = [request for request, some in zip(requests, taken, strict=True) if some]
        remaining = layers.keep(house, losing, system, self._storage) if losing else ()
        counts = [evidence.counts(said) for said in lines]
        if self._running is None:
            self._running = contracted(house.policy, self._facts, house.today)
        done = [
            Done(
                claim=claim,
                result={"rows": sum(counted.values()), "statements": self._statements},
                aside={
                    STAYING: tale.staying,
                    **({CONTRACT: True} if numbers[claim.request] in self._running else {}),
                },
            )
            for claim, counted, tale in zip(claims, counts, told, strict=True)
        ]
        journal.completed_each(done)
        heads.keep(house, system)
        reopen(self._work.owner)
        for n, step in enumerate(done):
            journal.note_done(house, step.claim, step.result)
            more = {**counts[n], "deferred": deferred[n], **layers.told(remaining if taken[n] else ())}
            self._note(requests[n], self._as_approved[numbers[requests[n].ref]], more)
        recipients.queue_erased_each(house, requests)

    def _note(self, request: Request, same: int | None, counts: Mapping[str, int]) -> None:
        assert self.plan is not None and self._facts is not None
        note(
            Kind.ERASURE_DONE,
            request.ref,
            {
                "step": self.step,
                "target": self._system,
                "plan_digest": self.plan.digest,
                **({} if same is None else {"as_approved": same}),
                **counts,
                "shared": sum(self._facts.shared.values()),
                "statements": self._statements,
            },
            at=self._work.house.now,
            policy_version=self._work.house.policy_version,
        )
