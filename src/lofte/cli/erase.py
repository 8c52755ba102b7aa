"""`lofte plan erase` and `lofte request erase`: what would go and what must stay, and doing it (art. 17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import (
    Channel,
    Sure,
    going_on_with,
    how_far,
    how_identified,
    how_it_came,
    how_surely,
    identities,
    known_by,
    today,
    who_approved,
    why_erased,
)
from lofte.cli.erase_shown import plain, show
from lofte.cli.request import going_on
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext
from lofte.errors import Refused, Unreachable

if TYPE_CHECKING:
    from lofte.cli.working import Working
    from lofte.datamap.identity import Identity
    from lofte.requests.erasure.preview import Preview
    from lofte.requests.models import Request


class Ground(StrEnum):
    """Why the data shall go."""

    A = "17.1.a"
    B = "17.1.b"
    C = "17.1.c"
    D = "17.1.d"
    E = "17.1.e"
    F = "17.1.f"


def _list() -> Any:
    return typer.Option(
        "--identities",
        metavar="FILE.csv",
        exists=True,
        dir_okay=False,
        help=_("Many persons: a column for each kind of identity, a row for each person."),
    )


def plan(
    ctx: typer.Context,
    identity: Annotated[list[str], known_by()],
    ground: Annotated[list[Ground] | None, why_erased()] = None,
    scope: Annotated[list[str] | None, how_far()] = None,
) -> None:
    """What would be erased, what is kept, by which law and until when, and the letter: counts, no data."""
    from lofte.cli.working import working
    from lofte.datamap import asking

    given = told(ctx)
    shown = identities(identity, today())
    at_work = working(given)
    asking.insist(at_work.house.datamap, shown)
    from lofte.law.rights import Right
    from lofte.plan.scope import asked

    far = asked(at_work.house.policy, at_work.house.datamap, Right.ERASURE, scope or ())
    (seen,) = _look(given, at_work, [shown], grounds_of(ground), far)
    silent = Unreachable("a system does not answer; look again when it does") if seen.silent else None
    if given.json:
        from lofte.cli.screen import say_json

        say_json(plain(seen), silent)
    else:
        show(seen, at_work.house, given.language)
    if silent is not None:
        raise silent


def _look(
    given: Told,
    at_work: Working,
    persons: Sequence[tuple[Identity, ...]],
    grounds: Sequence[str],
    scope: frozenset[str],
) -> tuple[Preview, ...]:
    """What it would come to for these persons, who need not have asked for anything yet."""
    from lofte.cli.screen import busy
    from lofte.plan.records import Subject
    from lofte.requests.erasure.preview import look

    subjects = [Subject(ref=str(n), identities=shown) for n, shown in enumerate(persons)]
    with busy(_("Looking at what would go"), quiet=given.json):
        return look(at_work.house, subjects, at_work.connect, grounds=grounds, scope=scope)


def request(
    ctx: typer.Context,
    approved_by: Annotated[str, who_approved()],
    identified_by: Annotated[str, how_identified()] = "",
    number: Annotated[str, going_on_with()] = "",
    identity: Annotated[list[str] | None, known_by()] = None,
    file: Annotated[Path | None, _list()] = None,
    ground: Annotated[list[Ground] | None, why_erased()] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SYSTEM.TABLE.COLUMN",
            help=_("Where the second scanner may find something: somebody has looked at it."),
        ),
    ] = None,
    planned: Annotated[
        str,
        typer.Option(
            "--plan",
            metavar="DIGEST[,DIGEST]",
            help=_("Only the plan that was shown: its digests, one for each system."),
        ),
    ] = "",
    wide: Annotated[
        str, typer.Option(metavar="WHY", help=_("Let a plan over the cap through, and say why; kept sealed."))
    ] = "",
    sure: Annotated[Sure, how_surely("two_ways")] = Sure.TWO_WAYS,
    channel: Annotated[Channel, how_it_came()] = Channel.VISIT,
) -> None:
    """Erase what a person, or many, have asked to have erased (art. 17)."""
    if (file and (identity or number)) or not (identity or file or number):
        wrong = _("give --identity, --identities or --number, one of the three")
        raise typer.BadParameter(wrong, param_hint="--identity")
    if not number and not identified_by.strip():
        raise typer.BadParameter(_("say how the person was identified"), param_hint="--identified-by")
    given = told(ctx)
    done = _carry_out(
        given,
        _Wanted(
            shown=identities(identity, today()) if identity else (),
            file=file,
            number=number,
            how=(identified_by, sure.name, channel.value),
            approved_by=approved_by,
            grounds=grounds_of(ground),
            accepted=tuple(accept or ()),
            planned=frozenset(part.strip() for part in planned.split(",") if part.strip()),
            wide=wide,
        ),
    )
    _show(done, as_json=given.json)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    """What was written on the line."""

    shown: tuple[Identity, ...]
    file: Path | None
    number: str
    how: tuple[str, str, str]
    approved_by: str
    grounds: Sequence[str]
    accepted: Sequence[str]
    planned: frozenset[str]
    wide: str


def _carry_out(given: Told, wanted: _Wanted) -> list[tuple[str, str, Any]]:
    """Look, receive and identify (or find the request that was stopped), approve what was seen, erase."""
    from lofte.cli.working import asked_as, signed, working
    from lofte.law.rights import Right

    at_work = working(given)
    from lofte.requests.erasure.erase import erase

    approver, by = _approver(wanted.approved_by), signed(given.by)
    if wanted.number:
        found = asked_as(wanted.number)
        if found.right != Right.ERASURE:
            raise Refused(_wrong(found))
        _identified(at_work, found, wanted, by)
        persons = [_shown(at_work, found)]
    else:
        persons = _persons(at_work, wanted.file) if wanted.file else [wanted.shown]
        if not wanted.file:
            _insist_on_none_open(at_work, wanted.shown)
    scope = frozenset(found.scope) if wanted.number else frozenset()
    seen = _look(given, at_work, persons, wanted.grounds, scope)
    _insist_on(wanted.planned, seen)
    asked = [found] if wanted.number else _received(at_work, persons, wanted)
    with going_on(asked):
        for request, each in zip(asked, seen, strict=True):
            _approve(at_work, request, each, approver, wanted.wide)
        done = erase(
            at_work.house,
            asked,
            at_work.connect,
            grounds=wanted.grounds,
            by=by,
            approved_by=approver,
            accepted=wanted.accepted,
        )
    return [(d.number, d.state, d.rows) for d in done]


def _received(at_work: Working, persons: Sequence[tuple[Identity, ...]], wanted: _Wanted) -> list[Request]:
    """Those of a list are received together, or not at all."""
    from lofte.cli.working import signed
    from lofte.law.rights import Right
    from lofte.requests.door.identify import Level
    from lofte.requests.erasure.together import receive_round

    method, level, channel = wanted.how
    if not wanted.file:
        return [at_work.identified(Right.ERASURE, persons[0], *wanted.how)]
    made = receive_round(
        at_work.house,
        persons,
        method=method,
        level=Level[level],
        channel=channel,
        language=at_work.house.policy.meta.record_language,
        by=signed(at_work.by),
    )
    return list(made.requests.order_by("id"))


def _wrong(found: Request) -> str:
    words = _("request {number} is about {right}; use the command for that")
    return words.format(number=found.number, right=found.right)


def _identified(at_work: Working, found: Request, wanted: _Wanted, by: str) -> None:
    """One that was sent back, because more than one person answered, needs more shown."""
    from lofte.requests.course.roads import State
    from lofte.requests.door.identify import Level, identify

    method, level, _channel = wanted.how
    if found.state == State.RECEIVED:
        identify(at_work.house, found, method=method, level=Level[level], by=by, proven=wanted.shown)
    elif wanted.shown:
        raise Refused(
            _("the person is identified already; leave out --identity and --identified-by, and it goes on")
        )


def _insist_on_none_open(at_work: Working, shown: tuple[Identity, ...]) -> None:
    """Raises Refused when the person waits for an answer already: one case is gone on with, not doubled."""
    from lofte.requests.course.before import waiting

    if number := waiting(at_work.house, shown):
        words = _("this person has asked already, in request {number}; go on with it by --number {number}")
        raise Refused(words.format(number=number))


def _shown(at_work: Working, found: Request) -> tuple[Identity, ...]:
    from lofte.requests.course.receive import identities_of

    return identities_of(at_work.house, found)


def _insist_on(planned: frozenset[str], seen: Sequence[Preview]) -> None:
    """Raises Refused when it is not the plan that was shown."""
    if planned and planned != {digest for each in seen for digest in each.digests.values()}:
        raise Refused("this is not the plan that was shown; look at it again with `lofte plan erase`")


def _approve(at_work: Working, request: Request, seen: Preview, approver: str, wide: str) -> None:
    """What nobody can be told apart in, or nobody saw, is not approved: the erasure itself says so. An
    answered request needs nothing more."""
    from lofte.requests.course.roads import State
    from lofte.requests.erasure.approve import approve

    if seen.ambiguous or not seen.digests or request.state not in (State.IDENTIFIED, State.SEARCHING):
        return
    approve(at_work.house, request, replace(seen, number=request.number), by=approver, wide=wide)


def grounds_of(ground: Sequence[Ground] | None) -> tuple[str, ...]:
    """The grounds that were written, else the usual ones."""
    from lofte.plan.living import USUAL

    return tuple(g.value for g in ground) if ground else USUAL


def _approver(address: str) -> str:
    """The random id of the handler who has approved it. Raises Refused."""
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Permission

    handler = Handler.objects.filter(email__iexact=address.strip()).first()
    if handler is None or not handler.may(Permission.APPROVE):
        raise Refused("no handler with this address may approve an erasure; see `lofte handler list`")
    return handler.ref


def _persons(at_work: Working, file: Path) -> list[tuple[Identity, ...]]:
    """The persons of a CSV file: the head names kinds of identity."""
    from lofte.cli.screen import err, show_faults
    from lofte.datamap.listed import read_list
    from lofte.requests.erasure.together import asked_already

    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(_("save the file as UTF-8"), param_hint="--identities") from error
    reading = read_list(text, at_work.house.datamap, today())
    faults = reading.faults or asked_already(at_work.house, reading.persons)
    if faults:
        show_faults((fault.at(replace(fault.place, file=file.name)) for fault in faults), to=err())
        raise typer.BadParameter(_("mend the file, then try again"), param_hint="--identities")
    return [each.identities for each in reading.persons]


def _show(done: Sequence[tuple[str, str, Any]], *, as_json: bool) -> None:
    from lofte.cli.screen import say, say_json, sentence

    if as_json:
        plain = [
            {"number": number, "state": state, "rows": [[*at, n] for at, n in sorted(rows.items())]}
            for number, state, rows in done
        ]
        say_json({"requests": plain})
        return
    for number, state, rows in done:
        if state == "received":
            back = _("request {number}: more than one person answers to what was shown; ask for more")
            say(sentence(back.format(number=number)))
            continue
        by_verb: dict[str, int] = {}
        for (_system, _dataset, verb), count in rows.items():
            by_verb[verb] = by_verb.get(verb, 0) + count
        erased = by_verb.get("delete", 0)
        words = ngettext(
            "request {number}: {erased} row erased, {changed} minimised, {kept} kept",
            "request {number}: {erased} rows erased, {changed} minimised, {kept} kept",
            erased,
        )
        changed = by_verb.get("change", 0) + by_verb.get("unlink", 0)
        values = {"erased": erased, "changed": changed, "kept": by_verb.get("keep", 0)}
        say(sentence(words.format(number=number, **values)))
