"""What an erasure would come to, before anybody approves it: nothing is noted, nothing changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lofte.consent.object import prevailed
from lofte.datamap.digest import digest as map_digest
from lofte.datamap.document import System
from lofte.datamap.tracing import People
from lofte.errors import Refused, Unreachable
from lofte.execution.house import House
from lofte.law.rights import Right
from lofte.plan import erase as erasing
from lofte.plan import letter as letters
from lofte.plan import preview as told
from lofte.plan.layers import Layer, Storage
from lofte.plan.layers import layers as beneath
from lofte.plan.living import USUAL, Elsewhere
from lofte.plan.preview import Line as Line
from lofte.plan.preview import Near as Near
from lofte.plan.preview import TooWide as TooWide
from lofte.plan.records import Subject, Verb
from lofte.plan.scope import EVERYTHING, Scope
from lofte.plan.verdict import ErasePlan, Verdict
from lofte.policy.digest import digest as policy_digest
from lofte.requests import sealing
from lofte.requests.course import before
from lofte.requests.course.receive import identities_of
from lofte.requests.erasure import elsewhere, holds
from lofte.requests.erasure.erase_system import Connect, opened
from lofte.requests.erasure.turns import by_turns
from lofte.requests.models import Request


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What would become of one person's rows in all systems, in counts."""

    number: str
    """Of the request; empty when there is none."""
    lines: tuple[Line, ...]
    near: tuple[Near, ...]
    """Rows that are other people's too (art. 15.4)."""
    digests: Mapping[str, str]
    """System -> digest of what would be done there to this person's rows."""
    silent: tuple[str, ...] = ()
    """Systems that did not answer; nothing is known of what is in them."""
    ambiguous: int = 0
    """The most persons that answer to one of the identities; 0 = each answers for one."""
    too_wide: tuple[TooWide, ...] = ()
    """Where the plan passes the cap; an approver must let it through by name."""
    layers: tuple[Layer, ...] = ()
    """What may remain beneath the rows, and for how long."""
    letter: Mapping[str, str] = field(default_factory=dict)
    """Language -> the letter that would go out; none while a system is silent."""
    grounds: tuple[str, ...] = ()
    """The grounds on which it was looked at."""
    scope: Scope = EVERYTHING
    """The categories that are asked about."""
    policy_digest: str = ""
    map_digest: str = ""
    identities: str = ""
    """Digest of the keyed identities that were looked for."""

    @property
    def rows_gone(self) -> int:
        """Rows that would go."""
        return self._rows(Verb.DELETE)

    @property
    def rows_changed(self) -> int:
        """Rows that would stay with less in them, or be cut loose."""
        return self._rows(Verb.CHANGE, Verb.UNLINK)

    @property
    def rows_kept(self) -> int:
        """Rows that would stay as they are."""
        return self._rows(Verb.KEEP)

    @property
    def wide(self) -> bool:
        """Whether the plan passes a cap."""
        return bool(self.too_wide)

    def _rows(self, *verbs: Verb) -> int:
        return sum(line.rows for line in self.lines if line.verb in verbs)


def preview(house: House, request: Request, connect: Connect, *, grounds: Sequence[str] = USUAL) -> Preview:
    """What this request would come to now. Raises FaultsFound when no plan can be made, Refused when
    it is no request for erasure."""
    return previews(house, [request], connect, grounds=grounds)[0]


def previews(
    house: House, requests: Sequence[Request], connect: Connect, *, grounds: Sequence[str] = USUAL
) -> tuple[Preview, ...]:
    """The same of many requests, in one pass over the systems; who asks of some categories only is looked
    at alone."""
    for request in requests:
        if request.right != Right.ERASURE:
            raise Refused(f"this is a request for {request.right}, not for erasure")
    seen: dict[str, Preview] = {}
    for turn in by_turns(requests):
        subjects = [Subject(ref=r.ref, identities=identities_of(house, r)) for r in turn]
        numbers, scope = [r.number for r in turn], frozenset(turn[0].scope)
        found = look(house, subjects, connect, grounds=grounds, numbers=numbers, scope=scope)
        seen |= dict(zip(numbers, found, strict=True))
    return tuple(seen[request.number] for request in requests)


def look(
    house: House,
    subjects: Sequence[Subject],
    connect: Connect,
    *,
    grounds: Sequence[str] = USUAL,
    numbers: Sequence[str] = (),
    scope: Scope = EVERYTHING,
) -> tuple[Preview, ...]:
    """The same of persons who may have asked for nothing yet; then there is no number either."""
    seen: list[_Seen] = []
    silent: list[str] = []
    for system in house.datamap.systems:
        try:
            seen.append(_see(house, system, subjects, connect, grounds, scope))
        except Unreachable:
            silent.append(system.id)
    named = numbers or [""] * len(subjects)
    policy, map_ = policy_digest(house.policy), map_digest(house.datamap)
    return tuple(
        replace(
            _told(house, number, subjects[n], n, seen, tuple(silent), scope),
            grounds=tuple(grounds),
            scope=scope,
            policy_digest=policy,
            map_digest=map_,
            identities=sealing.lookups_digest(
                sealing.lookup(house.keys.lookup, identity) for identity in subjects[n].identities
            ),
        )
        for n, number in enumerate(named)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seen:
    """One system, seen once for all persons."""

    plan: ErasePlan
    persons: Mapping[int, Sequence[Verdict]]
    people: People
    shared: Mapping[str, int]
    """Rows found only by an identity that others have too, by dataset; told when one person was asked
    for, for then they are near that one."""
    storage: Storage
    sizes: Mapping[str, int]


def _see(
    house: House,
    system: System,
    subjects: Sequence[Subject],
    connect: Connect,
    grounds: Sequence[str],
    scope: Scope,
) -> _Seen:
    with_contract = elsewhere.contracts(house, system, subjects, connect)
    connector = opened(connect, system)
    try:
        with connector.session() as session:
            facts = session.facts(subjects, house.today)
            people = session.known
            known = {p.subject: p.identities for p in people.persons}
            plan = erasing.plan(
                house.policy,
                house.datamap,
                facts,
                subjects,
                house.today,
                grounds=grounds,
                holds=holds.standing(house, known),
                elsewhere=Elsewhere(contracts=with_contract, going_on=prevailed(house, known)),
                scope=scope,
            )
            persons = told.by_person(plan)
            wanted = told.to_measure(persons.values(), told.cap_of(house.policy))
            sizes = session.sizes(wanted) if wanted else {}
        storage = connector.storage()
    finally:
        connector.close()
    return _Seen(
        plan=plan,
        persons=persons,
        people=people,
        shared=facts.shared if len(subjects) == 1 else {},
        storage=storage,
        sizes=sizes,
    )


def _told(
    house: House,
    number: str,
    subject: Subject,
    n: int,
    seen: Sequence[_Seen],
    silent: tuple[str, ...],
    scope: Scope,
) -> Preview:
    cap = told.cap_of(house.policy)
    mine = [(each, each.plan.system, each.persons.get(n, ())) for each in seen]
    lines = tuple(line for _, system, verdicts in mine for line in told.lines(system, verdicts))
    storages = {system: each.storage for each, system, _ in mine}
    touched = {line.system for line in lines if line.verb in told.TAKES}
    layers = beneath(house.datamap.systems, touched, house.today, storages)
    return Preview(
        number=number,
        lines=lines,
        near=tuple(near for each, system, vs in mine for near in told.near(system, vs, each.shared)),
        digests={system: told.digest(each.plan, verdicts) for each, system, verdicts in mine},
        silent=silent,
        ambiguous=max((_ambiguous(each, n) for each in seen), default=0),
        too_wide=tuple(w for each, system, vs in mine for w in told.too_wide(system, vs, cap, each.sizes)),
        layers=layers,
        # What is in a silent system is not known, so the letter is not either.
        letter={} if silent else _letter(house, number, subject, lines, layers, scope),
    )


def _letter(
    house: House,
    number: str,
    subject: Subject,
    lines: Sequence[Line],
    layers: Sequence[Layer],
    scope: Scope,
) -> Mapping[str, str]:
    this = Request.objects.filter(number=number).values_list("pk", flat=True).first() if number else None
    earlier = () if lines else before.kept(house, subject.identities, but=this)
    return letters.erasure(
        house.policy,
        house.datamap,
        lines,
        house.today,
        layers=layers,
        number=number,
        earlier=earlier,
        scope=scope,
    )


def _ambiguous(seen: _Seen, n: int) -> int:
    return max((a.persons for a in seen.people.ambiguous if a.subject == n), default=0)
