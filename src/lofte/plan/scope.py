"""How far a right is asked: everything, or only some of the policy's categories.

Hard rules:
- No category named is everything; so are all of them together.
- What falls outside is neither read into a package nor touched. A row that holds something of another
  category too is changed, never removed.
- What stays because it was not asked about is told as that, never as kept by a law, and nobody comes
  back for it on a day: it is asked for when the person asks.
- What was not asked about still finds its way to the person: a row that it points at stays, bare.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lofte.datamap.document import DataMap, Dataset, FieldMap, Give, System
from lofte.errors import Refused
from lofte.law.rights import Right
from lofte.plan import words
from lofte.plan.facts import Ground, Tie
from lofte.plan.minimise import change
from lofte.plan.records import DatasetRef, Kept, Plan, Step, Verb
from lofte.plan.verdict import Change, Changes, Verdict
from lofte.policy.document import Policy, Text

Scope = frozenset[str]
"""Ids of the policy's categories."""
EVERYTHING: Scope = frozenset()
NOT_ASKED = "not asked"
"""The ground of what stays because nobody asked about it; written so that no purpose can be called it."""
ARTICLE = "17.1"
LIMITED = frozenset({Right.ACCESS, Right.PORTABILITY, Right.ERASURE, Right.RESTRICTION})
"""The rights that may be asked of some categories only. An objection and a withdrawal name purposes, a
rectification names its fields, and a review its decision."""
ALL = Text(sv="allt", en="everything")
WHY = Text(
    sv="Det har du inte bett om. Säg till om du vill ha det också.",
    en="You did not ask for this. Tell us if you want it too.",
)
"""Why a field is not given."""
_MARK, _ALL = "category:", "*"


@dataclass(frozen=True, slots=True)
class Item:
    """A right, and how far it is asked."""

    right: Right
    scope: Scope = EVERYTHING


def items(rights: Iterable[Right | Item]) -> tuple[Item, ...]:
    """What is asked in one breath, each once: what is within another wish for the same right is that wish."""
    every = tuple(dict.fromkeys(each if isinstance(each, Item) else Item(each) for each in rights))
    return tuple(
        one
        for one in every
        if not any(
            one != other and one.right is other.right and within(one.scope, other.scope) for other in every
        )
    )


def choices(policy: Policy, datamap: DataMap) -> dict[str, Text]:
    """The categories that a person may name, in the policy's order: those that our own data hold."""
    held = {
        category
        for system in datamap.systems
        for dataset in system.datasets.values()
        if dataset.role == "controller"
        for category in categories(dataset)
    }
    return {id_: each.name for id_, each in policy.categories.items() if id_ in held}


def asked(policy: Policy, datamap: DataMap, right: Right, named: Iterable[str]) -> Scope:
    """The scope that these ids come to. Raises Refused for an id that the policy has not, and for a right
    that is asked in another way."""
    scope = frozenset(named)
    known = choices(policy, datamap)
    if unknown := sorted(scope - set(known)):
        raise Refused(
            f"`{unknown[0]}` is no category of data that we hold; name one of {', '.join(known) or 'none'}"
        )
    if scope and right not in LIMITED:
        raise Refused(f"{right} is not asked of categories; say what is meant in words")
    return EVERYTHING if scope >= set(known) else scope


def within(inner: Collection[str], outer: Collection[str]) -> bool:
    """Whether a wish is no wider than another."""
    return not outer or (bool(inner) and set(inner) <= set(outer))


def together(scopes: Iterable[Collection[str]]) -> Scope:
    """What several wishes come to; of none, everything."""
    every = [frozenset(scope) for scope in scopes]
    return frozenset().union(*every) if all(every) else EVERYTHING


def named(policy: Policy, scope: Collection[str]) -> tuple[Text, ...]:
    """What people call the categories, in the policy's order; one that is not there any more by its id."""
    there = [each.name for id_, each in policy.categories.items() if id_ in scope]
    return (*there, *(Text(sv=id_, en=id_) for id_ in sorted(set(scope) - set(policy.categories))))


def said(policy: Policy, scope: Collection[str]) -> Text:
    """The same in one phrase: `everything`, or the names."""
    return words.enumerated(named(policy, scope)) if scope else ALL


def purposes(policy: Policy, scope: Collection[str]) -> tuple[str, ...]:
    """The purposes that use nothing but these categories: as far as a restriction can be limited
    (art. 18). Raises Refused when there is none; nothing more may be stopped than what was asked."""
    found = tuple(
        id_ for id_, p in policy.purposes.items() if p.categories and set(p.categories) <= set(scope)
    )
    if scope and not found:
        raise Refused(
            "every purpose that uses these categories uses others too; name the purposes that are to be "
            "restricted"
        )
    return found if scope else ()


def marks(scope: Scope) -> tuple[str, ...]:
    """A scope beside the grounds that something was approved on."""
    return tuple(f"{_MARK}{id_}" for id_ in sorted(scope))


def stone_marks(scope: Scope) -> tuple[str, ...]:
    """A scope beside the grounds of a tombstone, so that it is known after a restore: everything, too, for
    it must win over the part that another request asked about."""
    return marks(scope) or (f"{_MARK}{_ALL}",)


def unmarked(grounds: Iterable[str]) -> tuple[tuple[str, ...], Scope]:
    """The grounds of a tombstone, and the scope that stands beside them."""
    every = tuple(grounds)
    marked = frozenset(g.removeprefix(_MARK) for g in every if g.startswith(_MARK))
    return tuple(g for g in every if not g.startswith(_MARK)), EVERYTHING if _ALL in marked else marked


# -- datasets and fields ---------------------------------------------------------------------------


def categories(dataset: Dataset) -> Scope:
    """The categories that a dataset has fields of."""
    return frozenset(field.category for field in dataset.fields.values() if field.category)


def is_asked(field: FieldMap, scope: Scope) -> bool:
    """Whether a field is asked about; a technical one is so only with everything."""
    return not scope or field.category in scope


def wholly(dataset: Dataset, scope: Scope) -> bool:
    """Whether everything in the dataset that is of a category is asked about."""
    if not scope:
        return True
    held = categories(dataset)
    return bool(held) and held <= scope


def partly(dataset: Dataset, scope: Scope) -> bool:
    """Whether anything in the dataset is asked about."""
    return not scope or bool(categories(dataset) & scope)


# -- what is read ----------------------------------------------------------------------------------


def narrowed(datamap: DataMap, scope: Scope) -> DataMap:
    """The map in which nothing else is given: who reads by it does not even fetch it. Keys and the ways
    to a person are those of the whole map."""
    if not scope:
        return datamap
    return datamap.model_copy(update={"systems": tuple(_narrowed(s, scope) for s in datamap.systems)})


def _narrowed(system: System, scope: Scope) -> System:
    hidden = {"give": Give.WITHHOLD, "why": WHY}
    datasets = {}
    for id_, dataset in system.datasets.items():
        fields = {
            name: field if _given(dataset, field, scope) else field.model_copy(update=hidden)
            for name, field in dataset.fields.items()
        }
        datasets[id_] = dataset.model_copy(update={"fields": fields})
    return system.model_copy(update={"datasets": datasets})


def limited_reading(plan: Plan, datamap: DataMap, scope: Scope) -> Plan:
    """The plan of a package, of what was asked about only. A dataset without any of it is not looked in."""
    if not scope:
        return plan
    datasets = {step.at: datamap.system(step.at.system).datasets[step.at.dataset] for step in plan.steps}
    steps = {step.at: step for step in plan.steps if partly(datasets[step.at], scope)}
    mine = (_asked_part(each, datasets[each.at], scope) for each in plan.kept if each.at in steps)
    others = (kept for at, dataset in datasets.items() for kept in _unread(at, dataset, at in steps, scope))
    return replace(
        plan,
        steps=tuple(_step(step, datasets[at], scope) for at, step in steps.items()),
        kept=(*(each for each in mine if each.fields), *others),
    )


def _given(dataset: Dataset, field: FieldMap, scope: Scope) -> bool:
    """Whether a field is read: what is technical goes along with what was asked about."""
    return field.category in scope or (field.category is None and partly(dataset, scope))


def _step(step: Step, dataset: Dataset, scope: Scope) -> Step:
    def mine(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in names if _given(dataset, dataset.fields[name], scope))

    given, masked = mine(step.given), mine(step.masked)
    hidden = (name for name in (*step.given, *step.masked) if name not in (*given, *masked))
    return replace(step, given=given, masked=masked, withheld=(*step.withheld, *hidden))


def _asked_part(kept: Kept, dataset: Dataset, scope: Scope) -> Kept:
    return replace(kept, fields=tuple(n for n in kept.fields if _given(dataset, dataset.fields[n], scope)))


def _unread(at: DatasetRef, dataset: Dataset, read: bool, scope: Scope) -> Iterator[Kept]:
    if not read:
        yield Kept(at=at, ground=NOT_ASKED)
        return
    fields = tuple(name for name, field in dataset.fields.items() if not _given(dataset, field, scope))
    if fields:
        yield Kept(at=at, fields=fields, ground=NOT_ASKED)


# -- what is erased --------------------------------------------------------------------------------


def holds_back(tie: Tie, system: System, scope: Scope) -> bool:
    """Whether a row stays for those that point at it by this tie: always where the database watches, and
    where what was not asked about would be lost to the person."""
    if tie.declared or not scope:
        return tie.declared
    return not any(
        (field := system.datasets[parent].fields.get(name)) is not None and field.category in scope
        for parent in tie.parents
        for name in tie.keys
    )


def limited(
    verdict: Verdict, dataset: Dataset, ground: Ground, scope: Scope, spare: Collection[str] = ()
) -> Verdict:
    """The verdict on one row, of what was asked about only; columns to `spare` stay as they are."""
    if wholly(dataset, scope):
        return verdict
    stays = replace(
        verdict, verb=Verb.KEEP, article=ARTICLE, ground=NOT_ASKED, until=None, law_until=None, changes={}
    )
    if not partly(dataset, scope):
        return stays
    if verdict.verb is Verb.DELETE:
        changes = emptied(dataset, ground, scope, spare)
        return (
            replace(stays, verb=Verb.CHANGE, article=verdict.article, changes=changes) if changes else stays
        )
    if verdict.verb is Verb.UNLINK:
        return replace(verdict, verb=Verb.KEEP, changes={})  # a link cut takes all of the row with it
    if verdict.verb is Verb.CHANGE:
        return _changed(verdict, stays, dataset, scope, spare)
    return verdict


def _changed(
    verdict: Verdict, stays: Verdict, dataset: Dataset, scope: Scope, spare: Collection[str]
) -> Verdict:
    mine = {n for n, field in dataset.fields.items() if field.category in scope and n not in dataset.key}
    changes = {n: c for n, c in verdict.changes.items() if n in mine and n not in spare}
    if not verdict.fact.certain:
        if changes:
            return replace(verdict, changes=changes)
        return stays
    if mine - changes.keys() - set(spare):
        return replace(verdict, verb=Verb.CHANGE if changes else Verb.KEEP, changes=changes)
    # All that was asked about goes; what a law keeps of the rest was not asked about.
    return replace(stays, verb=Verb.CHANGE, changes=changes) if changes else stays


def emptied(dataset: Dataset, ground: Ground, scope: Scope, spare: Collection[str] = ()) -> dict[str, Change]:
    """What was asked about, emptied, also where the map would keep it for a law: no law wants this row."""
    return {
        name: change(field, ground.columns[name], unique=name in ground.unique)
        for name, field in dataset.fields.items()
        if field.category and is_asked(field, scope) and name not in dataset.key and name not in spare
    }


def reasons(grounds: Iterable[str]) -> tuple[str, ...]:
    """Why rows stay that others point at: that nobody asked is said only where nothing else is."""
    every = tuple(dict.fromkeys(ground for ground in grounds if ground))
    return tuple(ground for ground in every if ground != NOT_ASKED) or every


def kept(system: System, verdicts: Sequence[Verdict], scope: Scope = EVERYTHING) -> Iterator[Kept]:
    """What stays, by dataset and ground: the fields of minimised rows, or whole rows. What was not asked
    about stands by itself."""
    said_: dict[tuple[DatasetRef, tuple[str, ...], str, date | None], None] = {}
    left: dict[tuple[str, int], tuple[str, ...]] = {}  # many rows share the same changes
    for verdict in verdicts:
        if verdict.verb is Verb.DELETE:
            continue
        dataset = system.datasets[verdict.fact.at.dataset]
        fields: tuple[str, ...] = ()
        if verdict.verb is Verb.CHANGE and verdict.fact.certain:
            at_ = (verdict.fact.at.dataset, id(verdict.changes))
            if at_ not in left:
                left[at_] = _left(dataset, verdict.changes)
            fields = left[at_]
        ground = verdict.ground or verdict.article
        own = verdict.fact.certain and not verdict.fact.others
        if own and ground != NOT_ASKED and not wholly(dataset, scope):
            every = fields or _left(dataset, {})
            fields = tuple(name for name in every if dataset.fields[name].category in scope)
            others = tuple(name for name in every if name not in fields)
            said_[verdict.fact.at, others, NOT_ASKED, None] = None
        said_[verdict.fact.at, fields, ground, verdict.until] = None
    for at, fields, ground, until in said_:
        yield Kept(at=at, fields=fields, ground=ground, until=until)


def _left(dataset: Dataset, changes: Changes | Mapping[str, Change]) -> tuple[str, ...]:
    return tuple(n for n, f in dataset.fields.items() if f.category and n not in changes)
