"""`lofte token`: other programs that may work here. The secret of a token is seen once, when it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.accounts.scopes import Scope
from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.accounts.models import Token
    from lofte.execution.house import House


def commands() -> typer.Typer:
    """The commands, as one group."""
    tokens = typer.Typer(help=_("Let other programs work here (the API)."), no_args_is_help=True)
    tokens.command("add", help=_("Make a token for another program; it is shown once."))(add)
    tokens.command("list", help=_("The tokens, what each may do, and when it was last used."))(list_)
    tokens.command("end", help=_("End a token now."))(end)
    return tokens


def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("What the program is called."))],
    scope: Annotated[list[Scope], typer.Option(help=_("What it may do; may be given several times."))],
    days: Annotated[int, typer.Option(min=1, max=366, help=_("How long it lives, in days."))] = 90,
) -> None:
    """Make a token that may do no more than the handler who makes it."""
    from lofte.cli.screen import out, say, say_json, sentence

    given = told(ctx)
    house = _house(given)
    from lofte.accounts.token import make

    token, secret = make(house, _maker(given), name=name, scopes=scope, days=days)
    if given.json:
        say_json({**_plain(house, token), "token": secret})
        return
    say(sentence(_("this is shown once; keep it where the program reads its secrets")))
    out().print(secret, soft_wrap=True, markup=False, highlight=False)


def list_(ctx: typer.Context) -> None:
    """The tokens, those that hold first."""
    from lofte.cli.screen import out, say_json, sentence

    given = told(ctx)
    house = _house(given)
    from lofte.accounts.models import Token

    tokens = [_plain(house, each) for each in Token.objects.select_related("maker", "ended")]
    tokens.sort(key=lambda each: not each["holds"])
    if given.json:
        say_json({"tokens": tokens})
        return
    if not tokens:
        out().print(sentence(_("there is no token yet")))
        return
    from lofte.cli.table import Column, show

    columns = (
        Column(heading=_("reference")),
        Column(heading=_("program"), folds=True, least=1),
        Column(heading=_("may"), folds=True, least=16),
        Column(heading=_("until")),
        Column(heading=_("last used")),
    )
    show(columns, [_row(each) for each in tokens])


def end(
    ctx: typer.Context,
    token: Annotated[str, typer.Argument(metavar="REFERENCE", help=_("The reference, as the list has it."))],
) -> None:
    """End a token now; the program is let in no more."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import may

    given = told(ctx)
    house = _house(given)
    from lofte.accounts.roles import Permission
    from lofte.accounts.token import end as ends
    from lofte.accounts.token import named

    found = named(token)
    ends(house, found, by=may(given.by, Permission.MAKE_TOKENS))
    if given.json:
        say_json({"ref": found.ref})
        return
    say(sentence(_("the token is ended")))


def _house(given: Told) -> House:
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    workspace = load(given.workspace)
    prepare()
    return open_house(workspace)


def _maker(given: Told) -> Any:
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Permission
    from lofte.cli.working import may
    from lofte.errors import Refused

    maker = Handler.objects.filter(ref=may(given.by, Permission.MAKE_TOKENS)).first()
    if maker is None:
        raise Refused("a token has a maker; add a handler first, see `lofte handler add`")
    return maker


def _plain(house: House, token: Token) -> dict[str, Any]:
    from lofte.accounts.token import holds, scopes_of

    return {
        "ref": token.ref,
        "name": token.name,
        "scopes": [str(each) for each in scopes_of(token)],
        "holds": holds(house, token),
        "until": token.until.date().isoformat(),
        "used_on": token.used_on.isoformat() if token.used_on else "",
    }


def _row(token: dict[str, Any]) -> tuple[str, ...]:
    until = token["until"] if token["holds"] else _("ended")
    return token["ref"][:8], token["name"], ", ".join(token["scopes"]), until, token["used_on"]
