"""`lofte plan deidentify` and `lofte request deidentify`: rows stay for statistics and tell nobody whose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import (
    Channel,
    Sure,
    going_on_with,
    how_identified,
    how_it_came,
    how_surely,
    identities,
    known_by,
    today,
    who_approved,
    why_erased,
)
from lofte.cli.erase import Ground, grounds_of
from lofte.cli.request import going_on
from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.cli.words import language, ngettext
from lofte.errors import LofteError

if TYPE_CHECKING:
    from lofte.cli.working import Working
    from lofte.datamap.identity import Identity
    from lofte.execution.house import House
    from lofte.requests.erasure.deidentify import Deidentified, Foreseen
    from lofte.requests.erasure.deidentify_system import Test
    from lofte.requests.models import Request


def plan(
    ctx: typer.Context,
    identity: Annotated[list[str], known_by()],
    ground: Annotated[list[Ground] | None, why_erased()] = None,
) -> None:
    """Which rows would stay and tell nobody whose they were, and among how many persons: counts, no data."""
    from lofte.cli.working import working
    from lofte.datamap import asking

    given = told(ctx)
    shown = identities(identity, today())
    at_work = working(given)
    asking.insist(at_work.house.datamap, shown)
    from lofte.plan.anonymity import judge
    from lofte.requests.erasure.deidentify import foreseen

    found = foreseen(at_work.house, shown, at_work.connect, grounds=grounds_of(ground))
    refused: LofteError | None = None
    try:
        for each in found:
            judge(each.plan.system, each.crowds, each.k)
    except LofteError as error:
        refused = error
    if given.json:
        from lofte.cli.screen import say_json

        say_json({"systems": [_plain(each) for each in found]}, refused)
        return
    for each in found:
        _table(each, at_work.house)
    if refused is not None:
        raise refused


def request(
    ctx: typer.Context,
    approved_by: Annotated[str, who_approved()],
    identified_by: Annotated[str, how_identified()] = "",
    number: Annotated[str, going_on_with()] = "",
    identity: Annotated[list[str] | None, known_by()] = None,
    ground: Annotated[list[Ground] | None, why_erased()] = None,
    sure: Annotated[Sure, how_surely("two_ways")] = Sure.TWO_WAYS,
    channel: Annotated[Channel, how_it_came()] = Channel.VISIT,
) -> None:
    """De-identify what a person has asked to be rid of: the rows stay for statistics (art. 17)."""
    if bool(identity) == bool(number):
        raise typer.BadParameter(_("give --identity or --number, one of the two"), param_hint="--identity")
    if identity and not identified_by.strip():
        raise typer.BadParameter(_("say how the person was identified"), param_hint="--identified-by")
    from lofte.cli.working import working

    given = told(ctx)
    shown = identities(identity, today()) if identity else ()
    how = (identified_by, sure.name, channel.value)
    done = _carried_out(working(given), shown, number, how, approved_by, grounds_of(ground))
    _show(done.number, done.state, done.rows, done.tests, as_json=given.json)


def _carried_out(
    at_work: Working,
    shown: tuple[Identity, ...],
    number: str,
    how: tuple[str, str, str],
    approved_by: str,
    grounds: tuple[str, ...],
) -> Deidentified:
    """Receive and identify, or find the request that was stopped; then do it."""
    from lofte.accounts.roles import Permission
    from lofte.cli.working import asked_as, may, signed
    from lofte.law.rights import Right
    from lofte.requests.erasure.deidentify import deidentify

    by, approved = signed(at_work.by), may(approved_by, Permission.APPROVE)
    asked = asked_as(number) if number else at_work.identified(Right.ERASURE, shown, *how)
    with going_on([asked]):
        _approve(at_work, asked, grounds, approved)
        return deidentify(at_work.house, asked, at_work.connect, grounds=grounds, by=by, approved_by=approved)


def _approve(at_work: Working, asked: Request, grounds: Sequence[str], by: str) -> None:
    """What is approved is the erasure as it was seen just now; this takes less."""
    from lofte.requests.course.roads import State
    from lofte.requests.erasure.approve import approve
    from lofte.requests.erasure.preview import preview

    if asked.state not in (State.IDENTIFIED, State.SEARCHING):
        return
    seen = preview(at_work.house, asked, at_work.connect, grounds=grounds)
    if seen.digests and not seen.ambiguous:
        approve(at_work.house, asked, seen, by=by)


def _lines(each: Foreseen) -> list[tuple[str, str, str, int]]:
    """Dataset, what is done, ground, rows."""
    from lofte.plan.deidentify import STATISTICS

    counts: dict[tuple[str, str, str], int] = {}
    for verdict in each.plan.verdicts:
        stays = verdict.ground == STATISTICS
        verb = "deidentify" if stays else verdict.verb.value
        ground = "" if stays else verdict.ground or verdict.article
        at = (verdict.fact.at.dataset, verb, ground)
        counts[at] = counts.get(at, 0) + 1
    return [(*at, rows) for at, rows in counts.items()]


def _plain(each: Foreseen) -> dict[str, Any]:
    return {
        "system": each.plan.system,
        "k": each.k,
        "lines": [
            {"dataset": dataset, "verb": verb, "ground": ground, "rows": rows}
            for dataset, verb, ground, rows in _lines(each)
        ],
        "crowds": [
            {
                "dataset": crowd.dataset,
                "rows": crowd.rows,
                "persons": crowd.smallest,
                "columns": list(crowd.together),
                "alone": list(crowd.alone),
            }
            for crowd in each.crowds
        ],
    }


def _table(each: Foreseen, house: House) -> None:
    from lofte.cli.screen import say, sentence
    from lofte.cli.table import Column, show
    from lofte.plan.letter_why import named

    verbs = {
        "deidentify": _("de-identify"),
        "delete": _("erase"),
        "change": _("minimise"),
        "unlink": _("cut loose"),
        "keep": _("keep"),
    }
    datasets = house.datamap.system(each.plan.system).datasets
    columns = (
        Column(heading=_("Dataset")),
        Column(heading=_("What"), folds=True, least=1),
        Column(heading=_("Step")),
        Column(heading=_("Rows"), number=True),
        Column(heading=_("Ground"), folds=True, unless_empty=True),
    )
    rows = [
        (dataset, datasets[dataset].name.say(language()), verbs[verb], str(n),
         named(house.policy, ground).say(language()))
        for dataset, verb, ground, n in _lines(each)
    ]  # fmt: skip
    show(columns, rows)
    for crowd in each.crowds:
        words = ngettext(
            "{dataset}: {rows} row stays, among at least {persons} persons (needed: {k})",
            "{dataset}: {rows} rows stay, each among at least {persons} persons (needed: {k})",
            crowd.rows,
        )
        values = {"dataset": crowd.dataset, "rows": crowd.rows, "persons": crowd.smallest, "k": each.k}
        say(sentence(words.format(**values)))


def _show(number: str, state: str, rows: Any, tests: Sequence[Test], *, as_json: bool) -> None:
    from lofte.cli.screen import say, say_json, sentence

    if as_json:
        tested = [
            {"system": t.system, "k": t.k, "persons": t.smallest, "residual": t.residual} for t in tests
        ]
        counts = [[*at, n] for at, n in sorted(rows.items())]
        say_json({"number": number, "state": state, "rows": counts, "tests": tested})
        return
    by_verb: dict[str, int] = {}
    for (_system, _dataset, verb), count in rows.items():
        by_verb[verb] = by_verb.get(verb, 0) + count
    stays = by_verb.get("deidentified", 0)
    words = ngettext(
        "request {number}: {stays} row de-identified, {erased} erased, {kept} kept",
        "request {number}: {stays} rows de-identified, {erased} erased, {kept} kept",
        stays,
    )
    values = {"stays": stays, "erased": by_verb.get("delete", 0)}
    say(sentence(words.format(number=number, kept=by_verb.get("keep", 0), **values)))
