"""The erasure plan: row by row, what goes, what is minimised, what stays, and why (art. 17).

Hard rules:
- Each row is judged by itself: the exceptions of art. 17.3 keep rows and fields, never persons.
- A hold that somebody has placed keeps the whole row.
- A row that is somebody else's too never takes anything from them (art. 15.4): it goes only when
  the map says so, else only what ties it to this person goes.
- A row that kept rows point at cannot go; it is minimised and goes with the last of them.
- A mention makes no owner: such a row waits for a handler, or has the mention masked.
- What the database would do by itself to rows outside the plan stops the plan (X101), and so does
  a trigger that nobody has looked at (X102).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from lofte.datamap.chains import is_person
from lofte.datamap.digest import digest as map_digest_of
from lofte.datamap.document import ByReference, DataMap, Dataset, Erase, System
from lofte.datamap.terms import rules_of
from lofte.errors import FaultsFound
from lofte.fault import Fault, Place
from lofte.plan.facts import Facts, RowFact, Tie
from lofte.plan.holds import Hold, Holds, holding
from lofte.plan.living import NOTHING, USUAL, Elsewhere, Faces, Judge, Living, Row, faces_of, pointing
from lofte.plan.minimise import cut_loose, emptied, let_go, masked, together
from lofte.plan.order import order
from lofte.plan.records import Subject, Verb
from lofte.plan.scope import EVERYTHING, NOT_ASKED, Scope, holds_back, limited, reasons
from lofte.plan.scope import emptied as asked_emptied
from lofte.plan.scope import kept as kept_of
from lofte.plan.triggers import unnamed_triggers
from lofte.plan.verdict import Changes, ErasePlan, Verdict, digest_of
from lofte.policy.digest import digest as policy_digest_of
from lofte.policy.document import Policy
from lofte.policy.retention import latest

OTHERS = "15.4"
LAW = "17.3.b"


def plan(
    policy: Policy,
    datamap: DataMap,
    facts: Facts,
    subjects: Sequence[Subject],
    on: date,
    *,
    grounds: Sequence[str] = USUAL,
    holds: Holds | None = None,
    elsewhere: Elsewhere = NOTHING,
    scope: Scope = EVERYTHING,
) -> ErasePlan:
    """What shall be done in one system to erase these subjects, as far as was asked. Raises FaultsFound
    when the database would do more than is planned, or cannot do it."""
    system = datamap.system(facts.system)
    judge = Judge(policy, system, facts, on, grounds, elsewhere)
    judged = _Judged(policy, system, facts, judge, grounds, holds or {}, scope)
    verdicts, faces, faults = tuple(judged.settled()), judged.faces, judged.faults
    return made(
        policy,
        datamap,
        facts,
        subjects,
        on,
        verdicts,
        grounds=grounds,
        scope=scope,
        faults=faults,
        faces=faces,
    )


def made(
    policy: Policy,
    datamap: DataMap,
    facts: Facts,
    subjects: Sequence[Subject],
    on: date,
    verdicts: tuple[Verdict, ...],
    *,
    grounds: Sequence[str],
    scope: Scope = EVERYTHING,
    faults: Sequence[Fault] = (),
    faces: Faces | None = None,
) -> ErasePlan:
    """The plan that carries out these verdicts. Raises FaultsFound when there are faults, or the
    database would do more, or cannot do it."""
    system = datamap.system(facts.system)
    acts = order(facts, verdicts, faces)
    found = [*faults, *unnamed_triggers(system, facts, acts)]
    found += [acts] if isinstance(acts, Fault) else []
    if found or isinstance(acts, Fault):
        raise FaultsFound(found)
    policy_digest, map_digest = policy_digest_of(policy), map_digest_of(datamap)
    return ErasePlan(
        system=system.id,
        subjects=tuple(subjects),
        verdicts=verdicts,
        acts=acts,
        kept=tuple(kept_of(system, verdicts, scope)),
        grounds=tuple(grounds),
        policy_digest=policy_digest,
        map_digest=map_digest,
        digest=digest_of(policy_digest, map_digest, acts),
        made_on=on,
    )


class _Judged:
    """The verdicts of one system, first each row alone, then what hangs together."""

    def __init__(
        self,
        policy: Policy,
        system: System,
        facts: Facts,
        judge: Judge,
        grounds: Sequence[str],
        holds: Holds,
        scope: Scope,
    ) -> None:
        self._system = system
        self._facts = facts
        self._holds = holds
        self._judge = judge
        self._policy = policy
        self._scope = scope
        self._article = _article(grounds)
        self.faces = faces_of(facts)
        self._persons = frozenset(id_ for id_, dataset in system.datasets.items() if is_person(dataset))
        self._pointing = pointing(facts, self.faces)
        self._to: dict[str, list[Tie]] = {}
        self._from: dict[str, set[str]] = {}
        for tie in (tie for tie in facts.ties if holds_back(tie, system, scope)):
            for parent in tie.parents:
                self._to.setdefault(parent, []).append(tie)
            for child in tie.children if tie.declared else ():
                self._from.setdefault(child, set()).update(tie.columns)
        self.faults: list[Fault] = []
        self._away: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Changes] = {}
        self._stays: dict[tuple[str, int], tuple[Living, Verdict]] = {}
        self._bare: dict[tuple[str, bool, frozenset[str]], Changes] = {}
        self._verdicts = {(row.at.dataset, row.key): self._alone(row) for row in facts.rows}

    def settled(self) -> Iterator[Verdict]:
        """The verdicts when no row that goes is pointed at by one that stays."""
        verdicts = self._verdicts
        held: set[Row] = set()
        cut = [at for at, v in verdicts.items() if v.fact.others and v.verb is Verb.UNLINK]
        gone = {at for at, v in verdicts.items() if v.verb is Verb.DELETE}
        changed = True
        while changed:
            for at in cut:
                verdicts[at] = self._with_cuts(verdicts[at], gone)
            changed = False
            for at in [at for at in gone if at[0] in self._to]:
                if self._is_held(at):
                    verdicts[at], changed = replace(verdicts[at], verb=Verb.CHANGE), True
                    held.add(at)
            gone -= held
        for _ in range(len(self._system.datasets) + 1):
            before = {at: verdicts[at] for at in held}
            for at in held:
                verdicts[at] = self._held(verdicts[at])
            if all(verdicts[at] == verdict for at, verdict in before.items()):
                break
        for at in held:
            verdicts[at] = replace(verdicts[at], ground=verdicts[at].ground or "referenced")
        self._look_around()
        for verdict in verdicts.values():
            if verdict.verb is Verb.DELETE:
                yield verdict
                continue
            idle = verdict.verb is Verb.UNLINK and not verdict.changes
            # What stays is told row by row: each has a day of its own, and may change until then.
            yield from (replace(verdict, verb=Verb.KEEP) if idle else verdict).apart()

    # -- one row by itself --------------------------------------------------------------------

    def _alone(self, row: RowFact) -> Verdict:
        dataset = self._system.datasets[row.at.dataset]
        verdict = self._by_itself(row, dataset)
        return self._as_asked(verdict, dataset) if self._scope else verdict

    def _as_asked(self, verdict: Verdict, dataset: Dataset) -> Verdict:
        """No more than was asked; the columns by which the database ties rows together stay."""
        id_ = verdict.fact.at.dataset
        bound = {name for tie in self._to.get(id_, ()) if tie.declared for name in tie.keys}
        bound |= self._from.get(id_, set())
        return limited(verdict, dataset, self._facts.grounds[id_], self._scope, bound)

    def _by_itself(self, row: RowFact, dataset: Dataset) -> Verdict:
        hold = self._hold(row, dataset)
        if hold is not None:
            return Verdict(
                fact=row,
                verb=Verb.KEEP,
                article=hold.kind.article,
                ground=hold.kind.value,
                until=hold.review_on,
            )
        if not row.certain:
            changes = masked(dataset)
            verb = Verb.CHANGE if changes else Verb.KEEP
            ground = "" if changes else "mention"
            return Verdict(
                fact=row,
                verb=verb,
                article=self._article if changes else OTHERS,
                ground=ground,
                changes=changes,
            )
        living = self._judge.living(row)
        if row.others:
            return self._shared(row, dataset, living)
        if not living:
            return Verdict(fact=row, verb=Verb.DELETE, article=self._article)
        return self._minimised(row, dataset, living)

    def _hold(self, row: RowFact, dataset: Dataset) -> Hold | None:
        if not self._holds:
            return None
        placed = (h for subject in sorted(row.subjects) for h in self._holds.get(subject, ()))
        return holding(placed, dataset)

    def _shared(self, row: RowFact, dataset: Dataset, living: Living) -> Verdict:
        if living:
            return self._kept_for(row, living)
        if dataset.shared == "delete":
            return Verdict(fact=row, verb=Verb.DELETE, article=self._article)
        keep = Verdict(fact=row, verb=Verb.KEEP, article=OTHERS, ground="shared")
        if dataset.shared == "keep":
            return keep
        return replace(keep, verb=Verb.UNLINK)

    def _with_cuts(self, verdict: Verdict, gone: Collection[Row]) -> Verdict:
        """An unlinked row: what ties it to the person, and to rows that go."""
        row = verdict.fact
        dataset, ground = self._system.datasets[row.at.dataset], self._facts.grounds[row.at.dataset]
        changes = cut_loose(dataset, ground, row.paths, row.others_paths, self._persons)
        changes |= {n: c for n, c in masked(dataset).items() if n not in changes}
        leaving = [
            tie for tie, above in self._above(row) if above in gone and _is_path(dataset, tie, above[0])
        ]
        changes = together(changes, let_go(dataset, ground, leaving))
        return replace(verdict, changes=changes)

    def _above(self, row: RowFact) -> Iterator[tuple[Tie, Row]]:
        for number, key in row.links.items():
            parent = self.faces.get((number, key)) if key is not None else None
            if parent is not None:
                yield self._facts.ties[number], (parent.at.dataset, parent.key)

    def _kept_for(self, row: RowFact, living: Living) -> Verdict:
        """The whole row stays: for a law, or for a purpose that goes on."""
        laws = self._laws(self._system.datasets[row.at.dataset], living)
        article = LAW if laws and not living.others else self._bases(living)
        ground, until, by_law = ", ".join((*laws, *living.others)), living.until, living.law_until
        return Verdict(
            fact=row, verb=Verb.KEEP, article=article, ground=ground, until=until, law_until=by_law
        )

    def _laws(self, dataset: Dataset, living: Living) -> tuple[str, ...]:
        """The statutes that want the row kept: those of the retention rules that the dataset follows,
        else of the purposes."""
        purposes = [self._policy.purposes[id_] for id_ in living.law]
        rules = [self._policy.retention[r] for r in rules_of(self._policy, dataset, living.law)]
        found = [rule.law for rule in rules if rule.law] or [law for p in purposes for law in p.law]
        return tuple(dict.fromkeys(found)) or tuple(living.law)

    def _bases(self, living: Living) -> str:
        return next((self._policy.purposes[id_].legal_basis for id_ in living.others), LAW)

    def _minimised(self, row: RowFact, dataset: Dataset, living: Living) -> Verdict:
        """What no living purpose needs goes from the row; the rest stays until its day."""
        known = self._stays.get((row.at.dataset, id(living)))
        if known is None:
            kept = self._kept_for(row, living)
            at = (row.at.dataset, tuple(living.law), tuple(living.others))
            if at not in self._away:
                self._away[at] = self._superfluous(row, dataset, living)
            if self._away[at]:
                kept = replace(kept, verb=Verb.CHANGE, changes=self._away[at])
            known = self._stays[row.at.dataset, id(living)] = living, kept
        return known[1].on(row)

    def _superfluous(self, row: RowFact, dataset: Dataset, living: Living) -> Changes:
        """What is emptied in rows of a dataset that these purposes still need; nothing = they stay whole."""
        keeps = {n for n, f in dataset.fields.items() if f.erase is Erase.KEEP}
        if living.law and not keeps:
            return {}  # a law wants it, whoever else does, and the map does not say how little would do
        needed: set[str] = set()
        for id_ in living.others:
            needed |= set(self._policy.purposes[id_].categories)
        used = {c for id_ in dataset.purposes if id_ in self._policy.purposes
                for c in self._policy.purposes[id_].categories}  # fmt: skip
        away = [
            name
            for name, field in dataset.fields.items()
            if not (living.law and name in keeps)
            and not (living.others and (field.category in needed or field.category not in used))
        ]
        return emptied(dataset, self._facts.grounds[row.at.dataset], away)

    # -- what hangs together ------------------------------------------------------------------

    def _staying(self, row: RowFact, tie: Tie) -> tuple[list[Verdict], int]:
        """Who will still point at the row by this tie: rows of the plan, and how many others."""
        face = row.faces.get(tie.keys)
        if row.at.dataset not in tie.parents or face is None:
            return [], 0
        ours = self._pointing.get((tie.number, (row.at.dataset, row.key)), [])
        stay = [v for v in (self._verdicts[c.at.dataset, c.key] for c in ours) if not v.lets_go(tie)]
        return stay, self._facts.pointed.get(tie.number, {}).get(face, 0) - sum(c.rows for c in ours)

    def _is_held(self, at: Row) -> bool:
        """Whether rows that stay point at this one, and the database would not change them itself."""
        faces = self._verdicts[at].fact.faces
        for tie in self._to.get(at[0], ()):
            if tie.keys not in faces:
                continue
            ours = self._pointing.get((tie.number, at), ())
            if any(not self._verdicts[c.at.dataset, c.key].lets_go(tie) for c in ours):
                return True
            pointing = self._facts.pointed.get(tie.number, {}).get(faces[tie.keys], 0)
            if not tie.acts_by_itself and pointing > sum(c.rows for c in ours):
                return True
        return False

    def _look_around(self) -> None:
        """What the database would do by itself to rows that nobody planned for, when all is settled."""
        acting = {id_: [tie for tie in ties if tie.acts_by_itself] for id_, ties in self._to.items()}
        for verdict in self._verdicts.values():
            if verdict.verb is Verb.DELETE:
                for tie in acting.get(verdict.fact.at.dataset, ()):
                    if self._staying(verdict.fact, tie)[1] > 0:
                        self._stop(tie, verdict.fact)

    def _held(self, verdict: Verdict) -> Verdict:
        """A row that stays for those that point at it, as long as they: all but what the map keeps goes."""
        row = verdict.fact
        dataset, ground = self._system.datasets[row.at.dataset], self._facts.grounds[row.at.dataset]
        spare = set(self._from.get(row.at.dataset, ()))
        ends: list[date | None] = []
        by: list[Verdict] = []
        for tie in self._to.get(row.at.dataset, ()):
            stay, unknown = self._staying(row, tie)
            if stay or unknown > 0:
                spare.update(tie.keys)
            by += stay
            ends += [v.until for v in stay] + ([None] if unknown > 0 else [])
        # By rows that nobody planned for, no end is known.
        why = reasons(v.ground for v in by) or (("referenced",) if None in ends else ())
        bare = (row.at.dataset, why == (NOT_ASKED,), frozenset(spare))
        if bare not in self._bare:
            also = asked_emptied(dataset, ground, self._scope, spare) if bare[1] else {}
            self._bare[bare] = {**emptied(dataset, ground, dataset.fields, spare=spare), **also}
        changes = self._bare[bare]
        return Verdict(
            fact=row,
            verb=Verb.CHANGE if changes else Verb.KEEP,
            article=by[0].article if by else LAW,
            ground=", ".join(why),
            until=latest(ends),
            law_until=max((v.law_until for v in by if v.law_until), default=None),
            changes=changes,
        )

    def _stop(self, tie: Tie, row: RowFact) -> None:
        fault = Fault(
            number="X101",
            place=Place(path=f"{self._facts.system}.{row.at.dataset}"),
            what=f"when its rows go, the database changes rows of `{tie.table}` that are not in the plan",
            mend=f"map `{tie.table}` with a path to `{row.at.dataset}`, "
            f"or take ON DELETE {tie.on_delete} away",
        )
        if fault not in self.faults:
            self.faults.append(fault)


def _is_path(dataset: Dataset, tie: Tie, to: str) -> bool:
    """Whether the map says that the row belongs together with what it points at."""
    return not tie.declared or any(
        isinstance(path, ByReference)
        and not path.when
        and path.to == to
        and set(path.columns) == set(tie.columns)
        for path in dataset.subject
    )


def _article(grounds: Sequence[str]) -> str:
    return grounds[0] if len(grounds) == 1 else "17.1"
