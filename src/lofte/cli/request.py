"""`lofte request`: a handler at the terminal takes a request from receipt to answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    package_folder,
    package_language,
    today,
)
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _
from lofte.cli.words import ngettext
from lofte.errors import LofteError, Refused

if TYPE_CHECKING:
    from lofte.datamap.identity import Identity
    from lofte.execution.house import House
    from lofte.law.rights import Right
    from lofte.requests.answer.deliver import Answer
    from lofte.requests.course.search import Progress
    from lofte.requests.models import Request
    from lofte.site.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What was written on the line, for a right that is answered with a package."""

    right: Right
    shown: tuple[Identity, ...]
    identified_by: str
    out: Path
    sure: Sure
    channel: Channel
    answer_in: str = ""
    number: str = ""
    """A request that is there already; none = a new one."""


def handing_out(right: str) -> Callable[..., None]:
    """The command for a right that is answered with a package: access or portability (art. 15, 20)."""

    def hand_out(
        ctx: typer.Context,
        out: Annotated[Path, package_folder()],
        identity: Annotated[list[str] | None, known_by()] = None,
        identified_by: Annotated[str, how_identified()] = "",
        number: Annotated[str, going_on_with()] = "",
        sure: Annotated[Sure, how_surely("two_ways")] = Sure.TWO_WAYS,
        channel: Annotated[Channel, how_it_came()] = Channel.VISIT,
        answer_in: Annotated[str, package_language()] = "",
    ) -> None:
        from lofte.law.rights import Right

        given = told(ctx)
        asked = Asked(
            right=Right(right),
            shown=identities(identity or (), today()),
            identified_by=identified_by.strip(),
            out=out,
            sure=sure,
            channel=channel,
            answer_in=answer_in,
            number=number,
        )
        _show(answered(given, asked), as_json=given.json)

    return hand_out


def answered(given: Told, asked: Asked) -> Answer:
    """Receive, identify, fulfil, deliver. All that can be judged before is judged before anything
    is received; a request that was stopped goes on where it stands."""
    from lofte.cli.screen import busy
    from lofte.site.judge import insist
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    _complete(asked)
    workspace = load(given.workspace)
    insist(workspace)
    _can_be_opened(workspace)
    closed_folder(asked.out)
    with busy(_("Opening the store"), quiet=given.json) as progress:
        prepare()
        from lofte.cli.working import signed
        from lofte.connectors.registry import open_system
        from lofte.law.rights import Right
        from lofte.requests.answer.fulfil import fulfil_access
        from lofte.requests.answer.portable import fulfil_portability

        house, by = open_house(workspace), signed(given.by)
        request = _found(asked) if asked.number else _received(house, asked, by)

        def tell(step: Progress) -> None:
            said = _("Searching {system}: {dataset}").format(system=step.system, dataset=step.dataset)
            progress.update(progress.task_ids[0], description=said, completed=step.done, total=step.of)

        fulfil = fulfil_portability if asked.right is Right.PORTABILITY else fulfil_access
        with going_on([request]):
            known = _identified(house, request, asked, by)
            return fulfil(house, known, lambda s: open_system(s, workspace.folder), asked.out, tell, by=by)


def _complete(asked: Asked) -> None:
    """A new request needs somebody and how they were identified."""
    if asked.answer_in not in ("", "sv", "en"):
        raise typer.BadParameter(_("choose sv or en"), param_hint="--answer-in")
    if asked.number:
        return
    if not asked.shown:
        raise typer.BadParameter(_("give at least one, or --number"), param_hint="--identity")
    if not asked.identified_by:
        raise typer.BadParameter(_("say how the person was identified"), param_hint="--identified-by")


def _can_be_opened(workspace: Workspace) -> None:
    """Raises FaultsFound or Unreachable for a system that nobody could search as it is set up."""
    from lofte.connectors.registry import open_system

    for system in workspace.datamap.systems:
        open_system(system, workspace.folder).close()


def closed_folder(folder: Path) -> None:
    """Make the folder if it is not there, closed to others. Raises Refused if nothing can be put in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        words = _("nothing can be written in {folder}; choose another folder with --out")
        raise Refused(words.format(folder=folder))


def _found(asked: Asked) -> Request:
    from lofte.cli.working import asked_as

    request = asked_as(asked.number)
    if request.right != asked.right:
        words = _("request {number} is about {right}; use the command for that")
        raise Refused(words.format(number=request.number, right=request.right))
    return request


def _received(house: House, asked: Asked, by: str) -> Request:
    from lofte.requests.course.receive import receive

    return receive(
        house,
        right=asked.right,
        identities=asked.shown,
        channel=asked.channel.value,
        language=asked.answer_in or house.policy.meta.record_language,
        by=by,
    )


def _identified(house: House, request: Request, asked: Asked, by: str) -> Request:
    """The request with what more was shown; one that is under way already takes nothing more."""
    from lofte.requests.course.roads import State
    from lofte.requests.door.identify import Level, identify

    if request.state == State.RECEIVED:
        level = Level[asked.sure.name]
        return identify(house, request, method=asked.identified_by, level=level, by=by, proven=asked.shown)
    if request.state == State.REFUSED:
        raise Refused(_("the request was refused, so it does not go on; open a new one"))
    if request.state == State.WITHDRAWN:
        raise Refused(_("the person has taken the request back, so it does not go on; open a new one"))
    if asked.shown or asked.identified_by:
        raise Refused(
            _("the person is identified already; leave out --identity and --identified-by, and it goes on")
        )
    return request


@contextmanager
def going_on(requests: Sequence[Request]) -> Iterator[None]:
    """When it stops half-way, say how to go on: the time runs, and a second request helps nobody."""
    try:
        yield
    except (LofteError, KeyboardInterrupt):
        from lofte.cli.screen import err
        from lofte.requests.course.roads import State

        words = _("Request {number} stays open; go on with it by --number {number}.")
        for request in requests:
            request.refresh_from_db()
            if State(request.state).open:
                err().print(words.format(number=request.number), style="yellow", markup=False)
        raise


def list_(
    ctx: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help=_("Show those that are answered too."))] = False,
) -> None:
    """The requests that wait for an answer, the most urgent first."""
    from lofte.cli import table
    from lofte.cli.screen import out, say_json, sentence
    from lofte.cli.table import Column
    from lofte.site.store import prepare
    from lofte.site.workspace import load

    given = told(ctx)
    load(given.workspace)
    prepare()
    from lofte.law.rights import Right
    from lofte.requests.course.roads import State
    from lofte.requests.course.ticking import clock_of
    from lofte.requests.models import Request

    waiting = [state.value for state in State if state.open]
    chosen = Request.objects.all() if all_ else Request.objects.filter(state__in=waiting)
    day = today()
    found = [
        (r.number, r.right, r.state, clock_of(r).due(day).isoformat())
        for r in chosen.prefetch_related("clock_events")
    ]
    if given.json:
        keys = ("number", "right", "state", "due_on")
        say_json({"requests": [dict(zip(keys, each, strict=True)) for each in found]})
        return
    if not found:
        out().print(sentence(_("no request waits for an answer")))
        return
    headings = (_("number"), _("right"), _("state"), _("answer due"))
    called = _states()
    told_ = [(n, Right(right).name_in(given.language), called[state], due) for n, right, state, due in found]
    table.show([Column(heading=heading) for heading in headings], told_)


def _states() -> dict[str, str]:
    """The states as people read them."""
    return {
        "received": _("received"),
        "identified": _("identified"),
        "searching": _("being carried out"),
        "ready": _("ready to be handed over"),
        "delivered": _("answered"),
        "refused": _("refused"),
        "withdrawn": _("taken back by the person"),
    }


def _show(answer: Answer, *, as_json: bool) -> None:
    """What was answered, and where the package lies."""
    from lofte.cli.screen import say, say_json, sentence

    if as_json:
        say_json(
            {
                "number": answer.number,
                "state": answer.state,
                "rows": answer.rows,
                "bytes": answer.size,
                "sha256": answer.sha256,
                "path": str(answer.path),
            }
        )
        return
    words = ngettext(
        "request {number} is answered: {rows} row, {bytes} bytes, SHA-256 {sha256}",
        "request {number} is answered: {rows} rows, {bytes} bytes, SHA-256 {sha256}",
        answer.rows,
    )
    values = {"number": answer.number, "rows": answer.rows, "bytes": answer.size, "sha256": answer.sha256}
    say(sentence(words.format(**values)))
    say(str(answer.path))
