"""`lofte request review` and `lofte review`: a human being looks at a machine's decision (art. 22.3)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.asked import (
    Channel,
    Sure,
    how_identified,
    how_it_came,
    how_surely,
    identities,
    reached_by,
    request_number,
    today,
)
from lofte.cli.recipients import In
from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.requests.answer.review import Waiting


class Came(StrEnum):
    """What the human being came to."""

    UPHELD = "upheld"
    CHANGED = "changed"
    ANNULLED = "annulled"


def ask(
    ctx: typer.Context,
    identity: Annotated[list[str], reached_by()],
    decision: Annotated[
        str,
        typer.Option(metavar="ID", help=_("The decision, as `automated_decisions` of the policy names it.")),
    ],
    identified_by: Annotated[str, how_identified()],
    view: Annotated[str, typer.Option(help=_("What the person says of it; kept sealed."))] = "",
    case: Annotated[
        str, typer.Option(metavar="NUMBER", help=_("Which of its decisions, as you number them."))
    ] = "",
    made_by: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help=_("Who stood behind it, if a handler did; another reviews.")),
    ] = "",
    sure: Annotated[Sure, how_surely("contact")] = Sure.CONTACT,
    channel: Annotated[Channel, how_it_came()] = Channel.EMAIL,
) -> None:
    """Have a machine's decision reviewed by a human being (art. 22.3)."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import signed, working
    from lofte.law.rights import Right

    given = told(ctx)
    shown = identities(identity, today())
    at_work = working(given)
    from lofte.plan.review import reviewable
    from lofte.requests.answer import review as reviews

    reviewable(at_work.house.policy, decision)
    behind = _ref(made_by) if made_by else ""
    request = at_work.identified(Right.HUMAN_REVIEW, shown, identified_by, sure.name, channel.value)
    reviews.ask(
        at_work.house,
        request,
        decision,
        view=view,
        case=case,
        made_by=behind,
        by=signed(given.by),
    )
    if given.json:
        say_json({"number": request.number, "state": request.state, "decision": decision})
        return
    words = _("request {number}: a human being reviews it with `lofte review decide {number}`")
    say(sentence(words.format(number=request.number)))


def list_(ctx: typer.Context) -> None:
    """The reviews that wait for a human being, the oldest first."""
    from lofte.cli import table
    from lofte.cli.screen import out, say_json, sentence
    from lofte.cli.table import Column
    from lofte.cli.working import working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.answer.review import waiting

    found = waiting(at_work.house)
    if given.json:
        say_json({"reviews": [_plain(each) for each in found]})
        return
    if not found:
        out().print(sentence(_("no review waits")))
        return
    columns = (
        Column(heading=_("Request")),
        Column(heading=_("Decision")),
        Column(heading=_("Name"), folds=True, least=2),
        Column(heading=_("Assigned"), least=1),
        Column(heading=_("Consent"), unless_empty=True),
        Column(heading=_("Since")),
    )
    rows = [
        (
            each.number,
            each.decision,
            each.name.say(given.language),
            _("yes") if each.assigned_to else _("no"),
            _("taken back") if each.withdrawn else "",
            each.since.date().isoformat(),
        )
        for each in found
    ]
    table.show(columns, rows)


def show(ctx: typer.Context, number: Annotated[str, request_number()]) -> None:
    """What the person says of the decision; for whoever reviews it."""
    from lofte.accounts.roles import Permission
    from lofte.cli.screen import say_json
    from lofte.cli.working import may, working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.answer import review as reviews

    may(given.by, Permission.REVIEW_DECISION)
    found = reviews.find(number)
    view = reviews.view_of(at_work.house, found)
    if given.json:
        say_json({"number": number, "decision": found.decision, "case": found.case, "view": view})
        return
    typer.echo(view)


def assign(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    to: Annotated[
        str, typer.Option(metavar="ADDRESS", help=_("Who reviews it: a handler's e-mail address."))
    ],
) -> None:
    """Give a review to a handler; nobody else decides it then."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import signed, working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.answer import review as reviews

    reviews.assign(at_work.house, reviews.find(number), to=_ref(to), by=signed(given.by))
    if given.json:
        say_json({"number": number, "assigned": True})
        return
    say(sentence(_("request {number}: the review is assigned").format(number=number)))


def decide(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    outcome: Annotated[
        Came, typer.Option(help=_("Whether the decision stands, is changed, or is annulled."))
    ],
    why: Annotated[str, typer.Option(metavar="WHY", help=_("The reasons; the person is told them."))],
) -> None:
    """Decide a review, as the human being that --by names (art. 22.3)."""
    from lofte.accounts.roles import Permission
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import may, working

    given = told(ctx)
    at_work = working(given)
    from lofte.plan.review import Outcome
    from lofte.requests.answer import review as reviews

    found = reviews.find(number)
    by = may(given.by, Permission.REVIEW_DECISION)
    reviews.decide(at_work.house, found, Outcome(outcome.value), why=why, by=by)
    if given.json:
        say_json({"number": number, "outcome": outcome.value})
        return
    say(sentence(_("request {number} is decided: {outcome}").format(number=number, outcome=outcome.value)))
    say(sentence(_("the letter: `lofte review letter {number}`").format(number=number)))


def letter(
    ctx: typer.Context,
    number: Annotated[str, request_number()],
    in_: Annotated[In, typer.Option("--in", help=_("The language of the letter."))] = In.SV,
) -> None:
    """Write the letter that tells the person what was decided and why."""
    from lofte.cli.screen import say_json
    from lofte.cli.working import working

    given = told(ctx)
    at_work = working(given)
    from lofte.requests.answer import review as reviews

    written = reviews.letter(at_work.house, reviews.find(number)).say(in_.value)
    if given.json:
        say_json({"number": number, "text": written})
        return
    typer.echo(written)


def _ref(address: str) -> str:
    """The random id of a handler. Raises Refused."""
    from lofte.accounts.models import Handler
    from lofte.errors import Refused

    handler = Handler.objects.filter(email__iexact=address.strip()).first()
    if handler is None:
        raise Refused("no handler has this address; see `lofte handler list`")
    return handler.ref


def _plain(each: Waiting) -> dict[str, Any]:
    return {
        "number": each.number,
        "decision": each.decision,
        "assigned": bool(each.assigned_to),
        "withdrawn": each.withdrawn,
        "since": each.since,
    }
