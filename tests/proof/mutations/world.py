"""A small world in which what can be kept is kept: the web host, with everything done once.

What the demo does is done here by the same operations: published, answered, erased, restricted, held, swept.
What no operation of the demo does is noted in the ledger in the form in which its operation notes it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from lofte.policy.document import Policy
from lofte.policy.promises import ARTICLE, Promise, promises
from lofte.proof.evaluate import EVALUATORS, judge
from lofte.proof.records import Case, Evidence, Finding
from lofte.proof.report import Judging

PEOPLE = 80
OTHERS = frozenset({"P013", "P027", "P033", "P048", "P112", "P121", "P153"})
"""Promises that this company does not make, and that can be judged in its world all the same."""


@dataclass(frozen=True, kw_only=True)
class World:
    """Where it lies, and what a proof of it is made from."""

    folder: Path
    judging: Judging

    @property
    def before(self) -> dict[str, Finding]:
        """What is found before anything is broken."""
        return findings(self.judging)


def findings(judging: Judging, before: Judging | None = None) -> dict[str, Finding]:
    """What the evaluator of every promise that the company makes finds, and of `OTHERS`; also of what it made
    `before` and would no longer say."""
    made = {promise.id: promise for policy in _policies(judging, before) for promise in promises(policy)}
    ordered = sorted(judging.evidence, key=lambda e: (e.entry is None, e.entry or 0, e.at))
    case = Case(
        promise=next(iter(made.values())),
        policy=judging.policy,
        evidence=tuple(ordered),
        now=judging.moment,
        texts=_texts(judging),
    )
    asked = [made.get(id_) or _promise(id_) for id_ in sorted(EVALUATORS) if id_ in made or id_ in OTHERS]
    return {promise.id: judge(replace(case, promise=promise)).finding for promise in asked}


def alone(judging: Judging, id_: str, path: str) -> Finding:
    """What is found of one promise that the company does not make, as if it stood at this path."""
    promise = replace(_promise(id_), path=path, paths=(path,))
    ordered = sorted(judging.evidence, key=lambda e: (e.entry is None, e.entry or 0, e.at))
    case = Case(
        promise=promise,
        policy=judging.policy,
        evidence=tuple(ordered),
        now=judging.moment,
        texts=_texts(judging),
    )
    return judge(case).finding


def _policies(judging: Judging, before: Judging | None) -> tuple[Policy, ...]:
    return (*((before.policy,) if before else ()), judging.policy)


_TEXTS: dict[int, Any] = {}


def _texts(judging: Judging) -> Any:
    from lofte.policy.notice import notice

    known = _TEXTS.get(id(judging.policy))
    if known is None or known[0] is not judging.policy:
        texts = {language: notice(judging.policy, language) for language in judging.policy.meta.languages}
        known = _TEXTS[id(judging.policy)] = (judging.policy, texts)
    return known[1]


def _promise(id_: str) -> Promise:
    return Promise(id=id_, article=ARTICLE.get(id_, ""), path="purposes", sentence="", paths=("purposes",))


def broken(judging: Judging, before: Judging | None = None) -> set[str]:
    """The promises that are broken."""
    return {id_ for id_, finding in findings(judging, before).items() if finding is Finding.BROKEN}


class _Quiet:
    """Steps that nobody watches."""

    def next(self, what: str, total: int | None) -> None:
        """Nothing."""

    def at(self, done: int, of: int) -> None:
        """Nothing."""


@contextmanager
def at_home(folder: Path, settings: Any) -> Iterator[Any]:
    """The house in this folder, and its workspace."""
    from lofte.site.database import sqlite
    from lofte.site.home import prepare_folders
    from tests.conftest import _store

    before = settings.LOFTE_HOME, settings.LOFTE_WORKSPACE
    settings.LOFTE_HOME, settings.LOFTE_WORKSPACE = folder / "home", folder / "workspace"
    prepare_folders(settings.LOFTE_HOME)
    try:
        with _store(sqlite(folder / "home" / "store.sqlite3")):
            yield folder
    finally:
        settings.LOFTE_HOME, settings.LOFTE_WORKSPACE = before


def look(folder: Path) -> Judging:
    """What a proof of the world in this folder is made from, by looking at it."""
    from lofte.site.proving import judged
    from lofte.site.workspace import load, open_house

    workspace = load(folder / "workspace")
    return judged(open_house(workspace), workspace, look=lambda _: None)


def build(folder: Path, template: Path, settings: Any) -> World:
    """Make the world (some ten seconds)."""
    from lofte.cli import demo, demo_company

    (folder / "home").mkdir(parents=True)
    shutil.copy(template, folder / "home" / "store.sqlite3")
    place, steps = demo_company.Place(folder=folder), _Quiet()
    with at_home(folder, settings):
        notes = demo_company.company(place, demo_company.Example.WEBHOST, PEOPLE, steps.next, steps.at)
        house, workspace = demo._house(place, steps)  # type: ignore[arg-type]
        demo._published(house, workspace, steps)  # type: ignore[arg-type]
        demo._handlers(house, notes["sign_in"], steps)  # type: ignore[arg-type]
        demo._request(house, workspace, place, notes, steps)  # type: ignore[arg-type]
        demo._cases(house, workspace, place, notes, steps)  # type: ignore[arg-type]
        also_done(house)
        judging = look(folder)
    return World(folder=folder, judging=judging)


def also_done(house: Any) -> None:
    """What the demo does not do, in the form in which its operations note it."""
    from lofte.execution import book

    by, digest = "b" * 32, "d" * 64
    due = (house.today + timedelta(days=30)).isoformat()

    def received(right: str, article: str) -> tuple[str, dict[str, Any]]:
        return ("request.received", {"right": right, "article": article, "due_on": due})

    courses: Sequence[tuple[str, Sequence[tuple[str, dict[str, Any]]]]] = (
        ("1" * 32, (
            received("portability", "20"),
            ("request.identified", {"level": 2}),
            ("portability.intended", {"article": "20", "systems": 1, "datasets": 5}),
            ("step.done", {"step": "read", "target": "hosting", "rows": 7}),
            ("package.sealed", {"digest": digest, "rows": 7}),
            ("request.delivered", {"digest": digest}),
        )),
        ("2" * 32, (
            received("rectification", "16"),
            ("request.identified", {"level": 2}),
            ("rectification.intended", {"article": "16", "systems": 1, "fields": 1}),
            ("rectification.recorded", {"system": "hosting", "rows": 1}),
            ("rectification.done", {"system": "hosting", "rows": 1}),
            ("statement.kept", {}),
            ("request.granted", {}),
        )),
        ("3" * 32, (
            received("objection", "21"),
            ("request.identified", {"level": 2}),
            ("objection.recorded", {"article": "21.3"}),
            ("suppression.placed", {"why": "objection"}),
            ("request.granted", {}),
        )),
        ("4" * 32, (
            received("human_review", "22.3"),
            ("request.identified", {"level": 2}),
            ("review.asked", {}),
            ("review.decided", {"by": by}),
            ("request.granted", {}),
        )),
        ("5" * 32, (
            received("erasure", "17"),
            ("request.identified", {"level": 2}),
            ("deidentification.intended", {"systems": 1}),
            ("erasure.done", {"target": "hosting", "deleted": 2}),
            ("deidentification.tested", {"target": "hosting", "passed": 1, "residual": 0, "rows": 4,
                                         "smallest": 12, "k": 10}),
            ("erasure.verified", {"residual": 0}),
            ("request.granted", {}),
        )),
        ("6" * 32, (
            received("erasure", "17"),
            ("request.identified", {"level": 2}),
            ("erasure.intended", {"article": "17.1.c", "systems": 1}),
            ("erasure.done", {"target": "hosting", "deleted": 2}),
            ("erasure.verified", {"residual": 0}),
            ("request.granted", {}),
        )),
        ("7" * 32, (
            ("restriction.placed", {}),
            ("notice.queued", {"notice": "stop"}),
            ("notice.told", {"notice": "stop"}),
            ("restriction.watched", {}),
            ("restriction.looked", {}),
            ("notice.told", {"notice": "release"}),
            ("restriction.lifted", {"outcome": "corrected"}),
        )),
        ("8" * 32, (
            received("access", "15"),
            ("request.identified", {"level": 2}),
            ("request.refused", {"ground": "unfounded", "article": "12.5", "by": by}),
        )),
    )  # fmt: skip
    with book.recorded(house):
        for object_, told in courses:
            for kind, payload in told:
                note(house, kind, object_, payload)


def note(house: Any, kind: str, object_: str, payload: dict[str, Any]) -> None:
    """Note an entry as an operation would."""
    from lofte.execution import book
    from lofte.ledger.kinds import Kind

    book.note(Kind(kind), object_, payload, at=house.now, policy_version=house.policy_version)


# -- evidence that is broken by hand ----------------------------------------------------------------------


def without(judging: Judging, kind: str, object_: str | None = None) -> Judging:
    """As if this kind had never been noted (about this object)."""
    left = (e for e in judging.evidence if e.kind != kind or (object_ and e.object != object_))
    return replace(judging, evidence=tuple(left))


def said(judging: Judging, kind_: str, object_: str | None = None, /, **facts: Any) -> Judging:
    """As if every entry or check of this kind (about this object) had said this."""
    changed = (
        replace(e, facts={**e.facts, **facts})
        if e.kind == kind_ and (object_ is None or e.object == object_)
        else e
        for e in judging.evidence
    )
    return replace(judging, evidence=tuple(changed))


def counted(judging: Judging, kind_: str, where: Mapping[str, Any], /, **facts: Any) -> Judging:
    """As if every check of this kind that tells of `where` had counted this."""
    return replace(
        judging,
        evidence=tuple(
            replace(e, facts={**e.facts, **facts})
            if e.kind == kind_ and all(e.facts.get(name) == value for name, value in where.items())
            else e
            for e in judging.evidence
        ),
    )


def also(judging: Judging, kind: str, object_: str = "e" * 32, **facts: Any) -> Judging:
    """As if this had been noted last."""
    number = max(e.entry or 0 for e in judging.evidence) + 1
    entry = Evidence(kind=kind, at=judging.moment, entry=number, object=object_, facts=facts)
    return replace(judging, evidence=(*judging.evidence, entry))


def seen(judging: Judging, kind: str, **facts: Any) -> Judging:
    """As if this live check had been made last."""
    check = Evidence(kind=kind, at=judging.moment, facts=facts)
    return replace(judging, evidence=(*judging.evidence, check))


def later(judging: Judging, **delta: float) -> Judging:
    """As if nobody had done anything for so long, but what is seen is seen then."""
    moment = judging.moment + timedelta(**delta)
    evidence = (replace(e, at=moment) if e.entry is None else e for e in judging.evidence)
    return replace(judging, moment=moment, evidence=tuple(evidence))


def with_policy(judging: Judging, **sections: Any) -> Judging:
    """As if the policy had these sections, and that had been published."""
    from lofte.policy.digest import digest
    from lofte.policy.document import Policy

    plain = judging.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for name, section in sections.items():
        plain[name] = section(plain.get(name, {})) if callable(section) else section
    policy = Policy.model_validate(plain)
    return said(replace(judging, policy=policy), "policy.published", digest=digest(policy))
