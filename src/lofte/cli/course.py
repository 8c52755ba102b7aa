"""`lofte request letter`, `outcome` and `later`: what became of a request, and what goes on its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import request_number
from lofte.cli.told import told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext
from lofte.errors import Unreachable

if TYPE_CHECKING:
    from lofte.requests.erasure.outcome import SystemOutcome


def letter(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    answer_in: Annotated[
        str, typer.Option(metavar="sv|en", help=_("The language of the letter (default: the person's)."))
    ] = "",
) -> None:
    """The letter that says what was erased, what is kept and why, as it was made when all was done."""
    from lofte.cli.screen import say, say_json
    from lofte.cli.working import asked_as, working

    given = told(ctx)
    if answer_in not in ("", "sv", "en"):
        raise typer.BadParameter(_("choose sv or en"), param_hint="--answer-in")
    at_work = working(given)
    from lofte.requests.erasure.letter import letter as written

    text = written(at_work.house, asked_as(number), answer_in)
    if given.json:
        say_json({"number": number, "letter": text})
        return
    say(text.rstrip())


def outcome(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
) -> None:
    """How far a request has come in each system, and what it waits for."""
    from lofte.cli.screen import out, say_json, sentence
    from lofte.cli.working import asked_as, working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.erasure.outcome import outcome as course

    request = asked_as(number)
    found = course(at_work.house, request)
    if given.json:
        say_json({"number": number, "state": request.state, "steps": [_plain(each) for each in found]})
        return
    if not found:
        out().print(sentence(_("nothing is under way for this request")))
    for each in found:
        out().print(sentence(_said(each)), markup=False)
        for layer in each.layers:
            out().print(f"  {layer.say().say(given.language)}", markup=False, style="dim")


def _plain(each: SystemOutcome) -> dict[str, Any]:
    return {
        "system": each.system,
        "step": each.step,
        "state": each.state.value,
        "since": each.since.isoformat(),
        "why": each.why or None,
        "attempt": each.attempt,
        "left": dict(each.left),
        "next_try": each.next_try.isoformat() if each.next_try else None,
        "layers": [
            {"layer": layer.below.value, "until": layer.until.isoformat() if layer.until else None}
            for layer in each.layers
        ],
    }


def _said(each: SystemOutcome) -> str:
    words = {
        "done": _("{system} ({step}): done {since}"),
        "running": _("{system} ({step}): somebody is at it since {since}"),
        "waiting": _("{system} ({step}): waits since {since} ({why}); next try {next}"),
        "failed": _("{system} ({step}): waits for a person since {since} ({why})"),
    }[each.state.value]
    return words.format(
        system=each.system,
        step=each.step,
        since=_moment(each.since),
        why=_why(each),
        next=_moment(each.next_try) if each.next_try else "",
    )


def _why(each: SystemOutcome) -> str:
    if not each.why:
        return _("not begun")
    said = {
        "unreachable": _("it does not answer"),
        "conflict": _("somebody else was at the same rows"),
        "broken": _("what was done did not agree with what was planned"),
        "residual": _("the second scanner still finds something"),
        "not_approved": _("the plan has grown since it was approved"),
        "too_wide": _("the plan passes the cap"),
    }.get(each.why, each.why)
    if not each.left:
        return said
    return f"{said}: {', '.join(f'{place} ({rows})' for place, rows in sorted(each.left.items()))}"


def _moment(at: Any) -> str:
    from lofte.law.calendar import STOCKHOLM

    return f"{at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"


def later(ctx: typer.Context) -> None:
    """Erase now what was kept for a time and whose day has come; the server does it by itself."""
    from lofte.cli.screen import busy, say, say_json, sentence
    from lofte.cli.working import working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.erasure.later import erase_later

    steps: list[str] = []
    with busy(_("Erasing what is due"), quiet=given.json) as progress:

        def tell(_step: str, system: str) -> None:
            steps.append(system)
            said = _("Erasing what is due in {system}").format(system=system)
            progress.update(progress.task_ids[0], description=said)

        failures = erase_later(at_work.house, at_work.connect, tell=tell)
    done = len(steps) - len(failures)
    errors = [failure.error for failure in failures]
    error = next((e for e in errors if isinstance(e, Unreachable)), next(iter(errors), None))
    if given.json:
        say_json({"done": done, "waiting": len(failures)}, error)
    else:
        words = ngettext(
            "{done} part whose day has come is done; {waiting} wait and are tried again",
            "{done} parts whose day has come are done; {waiting} wait and are tried again",
            done,
        )
        say(sentence(words.format(done=done, waiting=len(failures))))
    if error is not None:
        raise error
