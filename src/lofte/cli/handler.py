"""`lofte handler`: the people who work here. A password is never an argument: others see those."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from lofte.accounts.roles import Role
from lofte.cli.told import told
from lofte.cli.words import gettext as _


def add(
    ctx: typer.Context,
    email: Annotated[str, typer.Option(metavar="ADDRESS", help=_("What the person signs in with."))],
    role: Annotated[Role, typer.Option(help=_("What the person may do here."))],
    name: Annotated[str, typer.Option(help=_("The person's name, as colleagues see it."))] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=_("Read the password from the first line of stdin."))
    ] = False,
) -> None:
    """Add somebody who works here (art. 29). The password is asked for twice, and not shown."""
    from lofte.cli.screen import busy, say, say_json, sentence
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    given = told(ctx)
    workspace = load(given.workspace)
    password = _from_stdin() if password_stdin else _typed_twice()
    with busy(_("Opening the store"), quiet=given.json):
        prepare()
        from django.utils.translation import override

        from lofte.accounts.handler import create_handler

        with override(given.language):
            made = create_handler(open_house(workspace), email=email, password=password, role=role, name=name)
    if given.json:
        say_json(_plain(made))
        return
    say(sentence(_("{email} is added as {role}").format(email=made.email, role=made.role)))


def list_(ctx: typer.Context) -> None:
    """Who works here, and as what."""
    from lofte.cli.screen import out, say_json, sentence
    from lofte.site.store import prepare
    from lofte.site.workspace import load

    given = told(ctx)
    load(given.workspace)
    prepare()
    from lofte.accounts.models import Handler

    handlers = list(Handler.objects.order_by("email"))
    if given.json:
        say_json({"handlers": [_plain(handler) for handler in handlers]})
        return
    if not handlers:
        out().print(sentence(_("nobody is added yet")))
        return
    from lofte.cli.table import Column, show

    columns = (
        Column(heading=_("e-mail")),
        Column(heading=_("role")),
        Column(heading=_("name"), folds=True, least=1),
        Column(heading=_("account")),
    )
    rows = [
        (h.email, str(h.role), h.get_full_name(), _("open") if h.is_active else _("closed")) for h in handlers
    ]
    show(columns, rows)


def _plain(handler: Any) -> dict[str, Any]:
    return {
        "email": handler.email,
        "name": handler.get_full_name(),
        "role": str(handler.role),
        "open": handler.is_active,
        "ref": handler.ref,
    }


def _typed_twice() -> str:
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            _("there is no terminal to type it at; use --password-stdin"), param_hint="--password-stdin"
        )
    from getpass import getpass

    first = getpass(_("Password") + ": ")
    if getpass(_("The same password again") + ": ") != first:
        raise typer.BadParameter(_("the two are not the same; try again"), param_hint=_("password"))
    return first


def _from_stdin() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise typer.BadParameter(_("stdin held no password"), param_hint="--password-stdin")
    return password
