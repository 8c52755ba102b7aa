"""The portability plan: what a person may take along (art. 20.1).

A field goes along when all of this holds; else it stays, and the plan says why:
- the company is controller of it, and the processing is automated;
- a purpose of its dataset uses its category, and rests on consent or contract;
- the person gave it, or our systems observed it. What somebody else told, and what the company
  itself wrote or concluded about the person, stays (recital 68; WP 242).

Keys and references between rows that go along go along too: without them nobody could see which
row belongs to which. Everything else that is technical stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lofte.datamap.digest import digest as map_digest
from lofte.datamap.document import ByReference, DataMap, Dataset, FieldMap, Give, System
from lofte.law.bases import BASES
from lofte.plan import access
from lofte.plan.records import DatasetRef, Kept, Plan, Step, Subject, Verb
from lofte.plan.scope import EVERYTHING, NOT_ASKED, Scope, is_asked
from lofte.policy.digest import digest
from lofte.policy.document import Policy, Source

BY_HAND = "person"
"""The connector whose systems are paper and people: not automated means (art. 20.1 b)."""


class Origin(StrEnum):
    """How a field came to us."""

    PROVIDED = "provided"
    """The person gave it."""
    OBSERVED = "observed"
    """Our systems saw it while the person used the service."""
    OTHERS = "others"
    """Somebody else told it."""
    HOUSE = "house"
    """The company wrote or concluded it."""
    UNSAID = "unsaid"
    """The policy does not say; it counts as given by the person, whom a doubt must not harm."""


class Stays(StrEnum):
    """Why a field stays."""

    PROCESSOR = "28.3.e"
    """The company is only processor; the right is against the controller."""
    BY_HAND = "20.1.b"
    """It is not processed by automated means."""
    BASIS = "20.1.a"
    """No purpose that uses it rests on consent or contract."""
    ORIGIN = "20.1"
    """The person neither gave it nor was observed."""
    TECHNICAL = "technical"
    """It says nothing of the person, and ties no rows together."""
    WITHHELD = "20.4"
    """It is not given under access either: the rights of others, or safety."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """Why a field may be taken along: the ground of the right, field by field."""

    purposes: tuple[str, ...]
    """Those of the dataset's purposes that use it and rest on consent or contract."""
    bases: tuple[str, ...]
    origin: Origin


Terms = Mapping[DatasetRef, Mapping[str, Term]]
"""The fields that may be taken along; keys and references stand there with no purpose."""


def plan(
    policy: Policy, datamap: DataMap, subjects: Sequence[Subject], on: date, *, scope: Scope = EVERYTHING
) -> Plan:
    """What shall be done to hand these subjects the data that they may take along, as far as they ask."""
    looked = access.plan(policy, datamap, subjects, on)
    going = terms(policy, datamap, scope=scope)
    refs = [step.at for step in looked.steps]
    return Plan(
        right="portability",
        subjects=tuple(subjects),
        steps=tuple(_step(datamap, at, going[at]) for at in refs if at in going),
        kept=tuple(k for at in refs for k in _kept(policy, datamap, at, going.get(at, {}), scope)),
        policy_digest=digest(policy),
        map_digest=map_digest(datamap),
        made_on=on,
    )


def terms(policy: Policy, datamap: DataMap, *, scope: Scope = EVERYTHING) -> Terms:
    """Every dataset that has something to take along, and for each such field why."""
    found = {
        DatasetRef(system=system.id, dataset=id_): fields
        for system in datamap.systems
        for id_, dataset in system.datasets.items()
        if (fields := _terms(policy, system, dataset, scope))
    }
    return {at: {**_ties(datamap, at, found), **fields} for at, fields in found.items()}


def narrowed(datamap: DataMap, going: Terms) -> DataMap:
    """The map in which every other field is withheld: who reads by it does not even fetch them.
    Digests, keys and the ways to a person are those of the whole map."""
    return datamap.model_copy(
        update={"systems": tuple(_narrowed(system, going) for system in datamap.systems)}
    )


def bases(policy: Policy) -> frozenset[str]:
    """The grounds on which data may be taken along: those of the law, and what more is promised.
    A policy that names fewer takes nobody's right away."""
    promised = policy.rights.portability.bases if policy.rights.portability else ()
    return frozenset(b.id for b in BASES.values() if b.portable) | frozenset(promised)


def origin(policy: Policy, dataset: Dataset, field: FieldMap) -> Origin:
    """How a field came to us: as it says itself, else as its dataset says, else as the policy says
    of the category. Where several sources give a category, all must allow it to go along."""
    named = field.source or dataset.source
    if named is not None:
        return _origin_of(policy.sources.get(named))
    giving = [s for s in policy.sources.values() if field.category in s.categories]
    origins = {_origin_of(source) for source in giving} or {Origin.UNSAID}
    least: tuple[Origin, ...] = (Origin.OTHERS, Origin.HOUSE, Origin.UNSAID, Origin.OBSERVED)
    return next((o for o in least if o in origins), Origin.PROVIDED)


def _origin_of(source: Source | None) -> Origin:
    if source is None:
        return Origin.UNSAID
    said = (source.dpv or "").rpartition(":")[2]
    if source.third_party or said in {"ThirdPartyDataSource", "PublicDataSource", "NonPublicDataSource"}:
        return Origin.OTHERS
    if said == "DataControllerDataSource":
        return Origin.HOUSE
    if source.automatic:
        return Origin.OBSERVED
    return Origin.PROVIDED if said == "DataSubjectDataSource" else Origin.UNSAID


def _terms(policy: Policy, system: System, dataset: Dataset, scope: Scope) -> dict[str, Term]:
    if _whole_stays(system, dataset):
        return {}
    mine = {name: field for name, field in dataset.fields.items() if is_asked(field, scope)}
    judged = {name: _term(policy, dataset, field) for name, field in mine.items()}
    return {name: term for name, term in judged.items() if isinstance(term, Term)}


def _whole_stays(system: System, dataset: Dataset) -> Stays | None:
    if dataset.role == "processor":
        return Stays.PROCESSOR
    return Stays.BY_HAND if system.connector == BY_HAND else None


def _term(policy: Policy, dataset: Dataset, field: FieldMap) -> Term | Stays:
    if field.category is None:
        return Stays.TECHNICAL
    if field.give is Give.WITHHOLD:
        return Stays.WITHHELD
    grounds = bases(policy)
    used = [
        (id_, purpose.legal_basis)
        for id_ in dataset.purposes
        if (purpose := policy.purposes.get(id_))
        and field.category in purpose.categories
        and purpose.legal_basis in grounds
    ]
    if not used:
        return Stays.BASIS
    came = origin(policy, dataset, field)
    if came in (Origin.OTHERS, Origin.HOUSE):
        return Stays.ORIGIN
    return Term(
        purposes=tuple(id_ for id_, _ in used),
        bases=tuple(dict.fromkeys(basis for _, basis in used)),
        origin=came,
    )


def _ties(datamap: DataMap, at: DatasetRef, found: Mapping[DatasetRef, object]) -> dict[str, Term]:
    """Keys, and references to what goes along too."""
    dataset = datamap.system(at.system).datasets[at.dataset]
    columns = [*dataset.key]
    for path in dataset.subject:
        if isinstance(path, ByReference) and DatasetRef(system=at.system, dataset=path.to) in found:
            columns += path.columns
    mapped = {name: dataset.fields[name] for name in columns if name in dataset.fields}
    tie = Term(purposes=(), bases=(), origin=Origin.UNSAID)
    return {name: tie for name, f in mapped.items() if f.technical and f.give is not Give.WITHHOLD}


def _narrowed(system: System, going: Terms) -> System:
    datasets = {}
    for id_, dataset in system.datasets.items():
        stay = going.get(DatasetRef(system=system.id, dataset=id_), {})
        fields = {
            name: field if name in stay else field.model_copy(update={"give": Give.WITHHOLD})
            for name, field in dataset.fields.items()
        }
        datasets[id_] = dataset.model_copy(update={"fields": fields})
    return system.model_copy(update={"datasets": datasets})


def _step(datamap: DataMap, at: DatasetRef, going: Mapping[str, Term]) -> Step:
    fields = datamap.system(at.system).datasets[at.dataset].fields
    masked = [name for name in going if fields[name].give in (Give.MASK, Give.MASK_OTHERS)]
    return Step(
        verb=Verb.GIVE,
        at=at,
        article="20.1",
        given=tuple(name for name in fields if name in going and name not in masked),
        masked=tuple(masked),
        withheld=tuple(name for name in fields if name not in going),
    )


def _kept(
    policy: Policy, datamap: DataMap, at: DatasetRef, going: Mapping[str, Term], scope: Scope
) -> Iterator[Kept]:
    """What stays, one entry for each reason."""
    system = datamap.system(at.system)
    dataset = system.datasets[at.dataset]
    if whole := _whole_stays(system, dataset):
        yield Kept(at=at, ground=whole.value)
        return
    by_reason: dict[Stays, list[str]] = {}
    others = tuple(n for n, f in dataset.fields.items() if f.category and not is_asked(f, scope))
    if others:
        yield Kept(at=at, fields=others, ground=NOT_ASKED)
    left = (n for n in dataset.fields if n not in going and n not in others)
    for name, reason in _reasons(policy, dataset, left):
        by_reason.setdefault(reason, []).append(name)
    for reason, names in by_reason.items():
        yield Kept(at=at, fields=tuple(names), ground=reason.value)


def _reasons(policy: Policy, dataset: Dataset, names: Iterable[str]) -> Iterator[tuple[str, Stays]]:
    for name in names:
        judged = _term(policy, dataset, dataset.fields[name])
        if isinstance(judged, Stays):
            yield name, judged
