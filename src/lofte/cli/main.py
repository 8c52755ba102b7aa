"""`lofte`: the commands, put together. Each is imported light and does its heavy lifting late."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from lofte.cli import (
    check,
    demo_command,
    erase,
    gate,
    handler,
    init,
    ledger,
    plan,
    portability,
    publish,
    rectify,
    request,
    restored,
    restrict,
    schema,
    serve,
    undo,
)
from lofte.cli import object as objection
from lofte.cli.exits import MEANING
from lofte.cli.group import Lofte
from lofte.cli.told import tell
from lofte.cli.words import chosen, speak
from lofte.cli.words import gettext as _
from lofte.cli.words import language as spoken


def run(arguments: Sequence[str] | None = None) -> None:
    """Run `lofte` with these arguments, or with those of the process."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if not sys.warnoptions and os.environ.get("LOFTE_DEBUG") != "1":
        # What a library warns its programmer of says nothing to the person at the terminal.
        warnings.simplefilter("ignore")
    make_app(chosen(given))(args=given, prog_name="lofte")


def make_app(language: str) -> typer.Typer:
    """All commands, explained in this language."""
    speak(language)
    app = typer.Typer(
        name="lofte",
        cls=Lofte,
        help=_("Keeps the promises of a privacy policy, and proves it."),
        epilog=_exit_codes(),
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(options)
    app.command("init", help=_("Make a workspace: a policy and a data map to fill in."))(init.init)
    app.command("check", help=_("Judge policy, data map and live systems together."))(check.check)
    plans = typer.Typer(help=_("Show what would be done; nothing is done."), no_args_is_help=True)
    plans.command("access", help=_("What a person would be given: counts, no data."))(plan.access)
    plans.command("erase", help=_("What would be erased, and what must stay (art. 17)."))(erase.plan)
    app.add_typer(plans, name="plan")
    requests = typer.Typer(help=_("Take a person's request from receipt to answer."), no_args_is_help=True)
    requests.command("access", help=_("Give a person a copy of their data (art. 15)."))(request.access)
    requests.command("erase", help=_("Erase what persons have asked to have erased (art. 17)."))(
        erase.request
    )
    requests.command("portability", help=_("Give a person the data that they may take along (art. 20)."))(
        portability.portability
    )
    requests.command("object", help=_("Record an objection; marketing ends at once (art. 21)."))(
        objection.object_to
    )
    requests.command(
        "withdraw", help=_("Record that consent is taken back; what rests on it ends at once (art. 7.3).")
    )(objection.withdraw)
    requests.command(
        "rectify",
        help=_("Rectify or complete a person's data in every system, or keep a statement (art. 16)."),
    )(rectify.rectify)
    requests.command("restrict", help=_("Restrict the processing of a person's data (art. 18)."))(
        restrict.restrict
    )
    requests.command("list", help=_("The requests that wait for an answer, the most urgent first."))(
        request.list_
    )
    app.add_typer(requests, name="request")
    app.command("objection", help=_("Decide an objection that is weighed (art. 21.1)."))(objection.decide)
    app.add_typer(_restrictions(), name="restriction")
    app.add_typer(_gate(), name="gate")
    app.command("undo", help=_("Give back what was erased for a request, within fourteen days."))(undo.undo)
    app.command("restored", help=_("Erase again what a restored backup has brought back."))(restored.restored)
    app.command("publish", help=_("Put the policy in force."))(publish.publish)
    app.add_typer(_handlers(), name="handler")
    app.add_typer(_ledger(), name="ledger")
    app.command("serve", help=_("Serve the pages until Ctrl-C."))(serve.serve)
    app.command("demo", help=_("Show it all on an invented company."))(demo_command.demo)
    app.command("schema", help=_("Print the JSON Schema of a document, for editors."))(schema.schema)
    return app


def _handlers() -> typer.Typer:
    people = typer.Typer(help=_("Add and list those who work here."), no_args_is_help=True)
    people.command("add", help=_("Add somebody who works here (art. 29)."))(handler.add)
    people.command("list", help=_("Who works here, and as what."))(handler.list_)
    return people


def _ledger() -> typer.Typer:
    book = typer.Typer(help=_("The ledger of what was done."), no_args_is_help=True)
    book.command("verify", help=_("Follow the whole chain; 0 is unbroken, 1 is broken."))(ledger.verify)
    return book


def _restrictions() -> typer.Typer:
    told = typer.Typer(help=_("Take a restriction to its end (art. 18.3)."), no_args_is_help=True)
    told.command("told", help=_("Record that the person has been told (art. 18.3)."))(restrict.has_been_told)
    told.command("announce", help=_("Queue the notice that a restriction will be lifted (art. 18.3)."))(
        restrict.announce
    )
    told.command("lift", help=_("Lift a restriction, when the person has been told (art. 18.3)."))(
        restrict.lift
    )
    return told


def _gate() -> typer.Typer:
    asked = typer.Typer(help=_("Ask before sending or using; 0 is yes, 1 is no."), no_args_is_help=True)
    asked.command("send", help=_("May this be sent to this address? Exit code 0 is yes, 1 is no."))(gate.send)
    asked.command("sieve", help=_("Read addresses, one on each line, and write those that may be sent to."))(
        gate.sieve
    )
    asked.command(
        "process", help=_("May this person's data be used for this purpose? Exit code 0 is yes, 1 is no.")
    )(gate.process)
    return asked


def _exit_codes() -> str:
    listed = "; ".join(f"{int(code)} {_(meaning)}" for code, meaning in MEANING.items())
    return _("Exit codes: {listed}.").format(listed=listed)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lofte {version('lofte')}")
        raise typer.Exit()


def options(
    ctx: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            envvar="LOFTE_WORKSPACE",
            metavar="DIR",
            help=_("The folder with policy.yaml and systems/ (default: here)."),
        ),
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(
            envvar="LOFTE_HOME",
            metavar="DIR",
            help=_("The folder of store, keys and packages (default: .lofte in the workspace)."),
        ),
    ] = None,
    language: Annotated[
        str, typer.Option(metavar="sv|en", help=_("Speak Swedish or English (default: by locale)."))
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            envvar="LOFTE_BY",
            metavar="ADDRESS",
            help=_("Who does it: a handler's e-mail address. Needed for requests once one is added."),
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help=_("Answer in JSON."))] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=_("Show the version.")),
    ] = False,
) -> None:
    """Options that every command has; they may stand anywhere on the line."""
    if language not in ("", "sv", "en"):
        raise typer.BadParameter(_("choose sv or en"), param_hint="--language")
    ctx.obj = tell(workspace, home, language or spoken(), json=json, by=by)
