"""`lofte plan erase` and `lofte request erase`: what would go and what must stay, and doing it (art. 17)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import identities, kinds, today
from lofte.cli.request import Channel, Sure
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.datamap.document import DataMap
    from lofte.datamap.identity import Identity
    from lofte.plan.verdict import ErasePlan


class Ground(StrEnum):
    """Why the data shall go."""

    A = "17.1.a"
    B = "17.1.b"
    C = "17.1.c"
    D = "17.1.d"
    E = "17.1.e"
    F = "17.1.f"


def plan(
    ctx: typer.Context,
    identity: Annotated[
        list[str],
        typer.Option(
            metavar="KIND=VALUE",
            autocompletion=kinds,
            help=_("email=…, personnummer=…, customer_no=… or user_name=…; as many as are known."),
        ),
    ],
    ground: Annotated[
        list[Ground] | None,
        typer.Option(
            metavar="17.1.x",
            help=_("Why: a not needed, b no consent, c objection, d unlawful, e law, f child (usual: abc)."),
        ),
    ] = None,
) -> None:
    """What would be erased, what is kept, by which law and until when: counts, no data."""
    from lofte.cli.working import working
    from lofte.datamap import asking

    given = told(ctx)
    shown = identities(identity, today())
    at_work = working(given)
    asking.insist(at_work.house.datamap, shown)
    plans, shared = _plans(at_work, shown, _asked(ground))
    if given.json:
        from lofte.cli.screen import say_json

        say_json({"systems": [_plain(each) for each in plans], "shared": shared})
        return
    for each in plans:
        _table(each, at_work.house.datamap, given.language)
    if shared:
        from lofte.cli.screen import err, sentence

        words = _("an identity that another person has too was left out; it finds nobody's rows")
        err().print(sentence(words), style="yellow")


def _plans(at_work: Any, shown: tuple[Identity, ...], grounds: Sequence[str]) -> tuple[list[ErasePlan], int]:
    from lofte.plan import erase as erasing
    from lofte.plan.records import Subject
    from lofte.requests import holds

    house, made, shared = at_work.house, [], 0
    subjects = [Subject(ref="plan", identities=shown)]
    for system in house.datamap.systems:
        connector = at_work.connect(system)
        try:
            with connector.session() as session:
                facts = session.facts(subjects, house.today)
                known = {p.subject: p.identities for p in session.known.persons}
        finally:
            connector.close()
        shared += sum(facts.shared.values())
        made.append(
            erasing.plan(
                house.policy,
                house.datamap,
                facts,
                subjects,
                house.today,
                grounds=grounds,
                holds=holds.standing(house, known),
            )
        )
    return made, shared


def _lines(made: ErasePlan) -> list[tuple[str, str, str, str, int]]:
    """Dataset, verb, ground, last day, rows."""
    counts: dict[tuple[str, str, str, str], int] = {}
    for verdict in made.verdicts:
        until = verdict.until.isoformat() if verdict.until else ""
        ground = verdict.ground or verdict.article
        at = (verdict.fact.at.dataset, verdict.verb.value, ground, until)
        counts[at] = counts.get(at, 0) + 1
    return [(*at, rows) for at, rows in counts.items()]


def _plain(made: ErasePlan) -> dict[str, Any]:
    return {
        "system": made.system,
        "digest": made.digest,
        "grounds": list(made.grounds),
        "lines": [
            {"dataset": dataset, "verb": verb, "ground": ground, "until": until or None, "rows": rows}
            for dataset, verb, ground, until, rows in _lines(made)
        ],
    }


def _table(made: ErasePlan, datamap: DataMap, language: str) -> None:
    from rich.table import Table

    from lofte.cli.screen import out, sentence

    verbs = {"delete": _("erase"), "change": _("minimise"), "unlink": _("cut loose"), "keep": _("keep")}
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_("Dataset"), no_wrap=True)
    table.add_column(_("What"))
    table.add_column(_("Step"), no_wrap=True)
    table.add_column(_("Rows"), justify="right", no_wrap=True)
    table.add_column(_("Ground"))
    table.add_column(_("Until"), no_wrap=True)
    datasets = datamap.system(made.system).datasets
    for dataset, verb, ground, until, rows in _lines(made):
        name = datasets[dataset].name.say(language)
        table.add_row(dataset, name, verbs.get(verb, verb), str(rows), ground, until)
    out().print(table)
    goes = sum(rows for _d, verb, _g, _u, rows in _lines(made) if verb == "delete")
    words = _("{system}: {rows} rows would be erased. Nothing was done and nothing noted")
    out().print(sentence(words.format(system=made.system, rows=goes)), style="bold")


def request(
    ctx: typer.Context,
    approved_by: Annotated[
        str, typer.Option(metavar="ADDRESS", help=_("Who has approved it: a handler's e-mail address."))
    ],
    identified_by: Annotated[
        str, typer.Option(metavar="HOW", help=_("What was shown, and where; kept sealed with the request."))
    ] = "",
    number: Annotated[
        str, typer.Option(metavar="NUMBER", help=_("Go on with a request that was stopped: 2026-000123."))
    ] = "",
    identity: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND=VALUE",
            autocompletion=kinds,
            help=_("email=…, personnummer=…, customer_no=… or user_name=…; as many as are known."),
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--identities",
            metavar="FILE.csv",
            exists=True,
            dir_okay=False,
            help=_("Many persons: a column for each kind of identity, a row for each person."),
        ),
    ] = None,
    ground: Annotated[
        list[Ground] | None,
        typer.Option(
            metavar="17.1.x",
            help=_("Why: a not needed, b no consent, c objection, d unlawful, e law, f child (usual: abc)."),
        ),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SYSTEM.TABLE.COLUMN",
            help=_("Where the second scanner may find something: somebody has looked at it."),
        ),
    ] = None,
    sure: Annotated[
        Sure, typer.Option(help=_("How surely that identifies the person; erasure needs two_ways."))
    ] = Sure.TWO_WAYS,
    channel: Annotated[Channel, typer.Option(help=_("How the request came."))] = Channel.VISIT,
) -> None:
    """Erase what a person, or many, have asked to have erased (art. 17)."""
    if sum(map(bool, (identity, file, number))) != 1:
        wrong = _("give --identity, --identities or --number, one of the three")
        raise typer.BadParameter(wrong, param_hint="--identity")
    if not number and not identified_by.strip():
        raise typer.BadParameter(_("say how the person was identified"), param_hint="--identified-by")
    given = told(ctx)
    persons = _persons(file) if file else [identities(identity, today())] if identity else []
    how = (identified_by, sure.name, channel.value)
    done = _carry_out(given, persons, number, how, approved_by, _asked(ground), accept or ())
    _show(done, as_json=given.json)


def _carry_out(
    given: Told,
    persons: Sequence[tuple[Identity, ...]],
    number: str,
    how: tuple[str, str, str],
    approved_by: str,
    grounds: Sequence[str],
    accepted: Sequence[str],
) -> list[tuple[str, str, Any]]:
    """Receive and identify, or find the request that was stopped; then erase."""
    from lofte.cli.working import asked_as, working
    from lofte.law.rights import Right

    at_work = working(given)
    approver = _approver(approved_by)
    from lofte.requests.erase import erase

    asked = [asked_as(number)] if number else [at_work.identified(Right.ERASURE, p, *how) for p in persons]
    done = erase(
        at_work.house, asked, at_work.connect, grounds=grounds, approved_by=approver, accepted=accepted
    )
    return [(d.number, d.state, d.rows) for d in done]


def _asked(ground: Sequence[Ground] | None) -> tuple[str, ...]:
    from lofte.plan.living import USUAL

    return tuple(g.value for g in ground) if ground else USUAL


def _approver(address: str) -> str:
    """The random id of the handler who has approved it. Raises Refused."""
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Permission
    from lofte.errors import Refused

    handler = Handler.objects.filter(email__iexact=address.strip()).first()
    if handler is None or not handler.may(Permission.APPROVE):
        raise Refused("no handler with this address may approve an erasure; see `lofte handler list`")
    return handler.ref


def _persons(file: Path) -> list[tuple[Identity, ...]]:
    """The persons of a CSV file: the head names kinds of identity."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    persons = []
    for row in rows:
        written = [f"{kind}={value}" for kind, value in row.items() if kind and value and value.strip()]
        if written:
            persons.append(identities(written, today()))
    if not persons:
        raise typer.BadParameter(_("there is nobody in the file"), param_hint="--identities")
    return persons


def _show(done: Sequence[tuple[str, str, Any]], *, as_json: bool) -> None:
    from lofte.cli.screen import say, say_json, sentence

    if as_json:
        plain = [
            {"number": number, "state": state, "rows": [[*at, n] for at, n in sorted(rows.items())]}
            for number, state, rows in done
        ]
        say_json({"requests": plain})
        return
    for number, _state, rows in done:
        by_verb: dict[str, int] = {}
        for (_system, _dataset, verb), count in rows.items():
            by_verb[verb] = by_verb.get(verb, 0) + count
        words = _("request {number}: {erased} rows erased, {changed} minimised, {kept} kept")
        changed = by_verb.get("change", 0) + by_verb.get("unlink", 0)
        values = {"erased": by_verb.get("delete", 0), "changed": changed, "kept": by_verb.get("keep", 0)}
        say(sentence(words.format(number=number, **values)))
