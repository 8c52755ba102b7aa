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
    banner,
    case,
    check,
    code,
    consents,
    course,
    deidentify,
    demo_command,
    doubt,
    erase,
    export,
    figures,
    gate,
    handler,
    heard,
    hold,
    importing,
    init,
    intake,
    law,
    ledger,
    plan,
    prove,
    publish,
    recipients,
    rectify,
    request,
    restored,
    restrict,
    review,
    review_text,
    scan,
    schema,
    serve,
    snippet,
    sweep,
    sweep_own,
    sweep_pause,
    token,
    undo,
    version,
    version_diff,
    watch,
)
from lofte.cli import object as objection
from lofte.cli.exits import MEANING
from lofte.cli.group import Lofte
from lofte.cli.review_text import Reviews
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
    app.add_typer(_plans(), name="plan")
    app.add_typer(_requests(), name="request")
    app.command("objection", help=_("Decide an objection that is weighed (art. 21.1)."))(objection.decide)
    app.add_typer(_restrictions(), name="restriction")
    app.add_typer(_holds(), name="hold")
    app.add_typer(_recipients(), name="recipients")
    app.add_typer(_reviews(), name="review")
    app.add_typer(_gate(), name="gate")
    app.add_typer(consents.commands(), name="consent")
    app.add_typer(_sweeps(), name="sweep")
    app.add_typer(_statistics(), name="statistics")
    app.add_typer(intake.commands(), name="intake")
    app.add_typer(doubt.commands(), name="doubt")
    app.command("undo", help=_("Give back what was erased for a request, within fourteen days."))(undo.undo)
    app.command("restored", help=_("Erase again what a restored backup has brought back."))(restored.restored)
    app.command("snippet", help=_("Write the notice that stands at a form (art. 13)."))(snippet.snippet)
    app.command("publish", help=_("Put the policy in force."))(publish.publish)
    app.add_typer(version.commands(), name="version")
    app.command("diff", help=_("What differs between two versions of the policy."))(version_diff.diff)
    app.command("prove", help=_("Judge every promise by ledger and live systems (art. 5.2)."))(prove.prove)
    app.add_typer(_handlers(), name="handler")
    app.add_typer(token.commands(), name="token")
    app.add_typer(banner.commands(), name="banner")
    app.command("scan", help=_("Look at a website as its visitors meet it, beside the policy."))(scan.scan)
    app.add_typer(_ledger(), name="ledger")
    app.command(
        "export", help=_("Write policy and data map in other formats: art. 30, TILT, DPV, Fideslang.")
    )(export.export)
    app.add_typer(importing.commands(), name="import")
    app.command("law", help=_("The rules of the law that all is judged by, and how old they are."))(law.law)
    app.command("serve", help=_("Serve the pages until Ctrl-C."))(serve.serve)
    app.command("demo", help=_("Show it all on an invented company."))(demo_command.demo)
    app.command("schema", help=_("Print the JSON Schema of a document, for editors."))(schema.schema)
    return app


def _plans() -> typer.Typer:
    plans = typer.Typer(help=_("Show what would be done; nothing is done."), no_args_is_help=True)
    plans.command("access", help=_("What a person would be given: counts, no data."))(plan.access)
    plans.command("erase", help=_("What would be erased, and what must stay (art. 17)."))(erase.plan)
    plans.command(
        "deidentify", help=_("Which rows would stay and tell nobody whose they were, among how many persons.")
    )(deidentify.plan)
    return plans


def _requests() -> typer.Typer:
    requests = typer.Typer(help=_("Take a person's request from receipt to answer."), no_args_is_help=True)
    requests.command("access", help=_("Give a person a copy of their data (art. 15)."))(
        request.handing_out("access")
    )
    requests.command("erase", help=_("Erase what persons have asked to have erased (art. 17)."))(
        erase.request
    )
    requests.command(
        "deidentify",
        help=_("De-identify what a person has asked to be rid of: the rows stay for statistics (art. 17)."),
    )(deidentify.request)
    requests.command("review", help=_("Have a machine's decision reviewed by a human being (art. 22.3)."))(
        review.ask
    )
    requests.command("portability", help=_("Give a person the data that they may take along (art. 20)."))(
        request.handing_out("portability")
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
    requests.command("letter", help=_("The letter to the person: what went, what is kept and why."))(
        course.letter
    )
    requests.command("outcome", help=_("How far a request has come in each system."))(course.outcome)
    requests.command("later", help=_("Erase what was kept for a time and whose day has come."))(course.later)
    case.add_to(requests)
    code.add_to(requests)
    return requests


def _handlers() -> typer.Typer:
    people = typer.Typer(help=_("Add and list those who work here."), no_args_is_help=True)
    people.command("add", help=_("Add somebody who works here (art. 29)."))(handler.add)
    people.command("list", help=_("Who works here, and as what."))(handler.list_)
    return people


def _sweeps() -> typer.Typer:
    sweeps = typer.Typer(
        help=_("Let everything go whose time is out (art. 5.1 e)."), invoke_without_command=True
    )
    sweeps.callback()(sweep.sweep)
    sweeps.command("calendar", help=_("What will leave, and on which day."))(sweep.calendar)
    sweeps.command("pause", help=_("Stop the sweeps for a while, and say why."))(sweep_pause.pause)
    sweeps.command("resume", help=_("Let the sweeps go on where they were."))(sweep_pause.resume)
    sweeps.command("own", help=_("What Löfte's own tables hold, and how long."))(sweep_own.own)
    return sweeps


def _statistics() -> typer.Typer:
    group = typer.Typer(
        help=_("Figures that leave, if nobody can be told from them (recital 26)."), no_args_is_help=True
    )
    group.command("list", help=_("Which figures there are, and who may get them."))(figures.list_)
    group.command("release", help=_("Hand out figures that pass the test of anonymity."))(figures.release)
    return group


def _ledger() -> typer.Typer:
    book = typer.Typer(help=_("The ledger of what was done."), no_args_is_help=True)
    book.command("verify", help=_("Follow the whole chain; 0 is unbroken, 1 is broken."))(ledger.verify)
    book.command("checkpoint", help=_("Sign the ledger as it is now, and print what is signed."))(
        ledger.checkpoint
    )
    book.command("export", help=_("Write the ledger as files that anybody can check."))(ledger.export)
    book.command("accept-cut", help=_("Go on with a ledger whose end is lost for good."))(ledger.accept_cut)
    return book


def _restrictions() -> typer.Typer:
    told = typer.Typer(help=_("Take a restriction to its end (art. 18.3)."), no_args_is_help=True)
    told.command("told", help=_("Record that the person has been told (art. 18.3)."))(restrict.has_been_told)
    told.command("announce", help=_("Queue the notice that a restriction will be lifted (art. 18.3)."))(
        restrict.announce
    )
    told.command("list", help=_("The restrictions in force, who is to be told, and breaches."))(watch.list_)
    told.command(
        "watch", help=_("See whether somebody else has written to restricted rows; 0 is no, 1 is yes.")
    )(watch.watch)
    told.command(
        "settle", help=_("Let rows that were written to stand as they do now, with a reason (art. 18).")
    )(watch.settle)
    told.command("lift", help=_("Lift a restriction, when the person has been told (art. 18.3)."))(
        restrict.lift
    )
    return told


def _holds() -> typer.Typer:
    kept = typer.Typer(
        help=_("Keep what would go, while a case is open (art. 17.3 e)."), no_args_is_help=True
    )
    kept.command("place", help=_("Stop the erasure of a person's data, from now (art. 17.3 e)."))(hold.place)
    kept.command("lift", help=_("End a hold, and say why."))(hold.lift)
    kept.command("list", help=_("The holds in force; those to be looked at again first."))(hold.list_)
    return kept


def _recipients() -> typer.Typer:
    got = typer.Typer(
        help=_("Tell those who got the data what became of them (art. 19)."), no_args_is_help=True
    )
    got.command("list", help=_("The recipients that are still to be told, the oldest first."))(
        recipients.list_
    )
    got.command("text", help=_("Write the letter to a recipient; it is kept nowhere."))(recipients.text)
    got.command("of", help=_("The recipients that were told for a request, or are to be (art. 19)."))(
        heard.heard
    )
    got.command("told", help=_("Record that a recipient has been told (art. 19)."))(recipients.has_been_told)
    got.command("impossible", help=_("Record why a recipient cannot be told (art. 19)."))(
        recipients.impossible
    )
    return got


def _reviews() -> typer.Typer:
    looked = typer.Typer(
        cls=Reviews,
        help=_("Read a policy in prose (`lofte review FILE`), or what a machine decided (art. 22.3)."),
        no_args_is_help=True,
    )
    looked.command("text", help=_("Read a policy in prose against the law; `lofte review FILE` for short."))(
        review_text.text
    )
    looked.command("list", help=_("The reviews that wait for a human being, the oldest first."))(review.list_)
    looked.command("show", help=_("What the person says of the decision; for whoever reviews it."))(
        review.show
    )
    looked.command("assign", help=_("Give a review to a handler; nobody else decides it then."))(
        review.assign
    )
    looked.command("decide", help=_("Decide a review, as the human being that --by names (art. 22.3)."))(
        review.decide
    )
    looked.command("letter", help=_("Write the letter that tells the person what was decided and why."))(
        review.letter
    )
    return looked


def _gate() -> typer.Typer:
    asked = typer.Typer(help=_("Ask before sending or using; 0 is yes, 1 is no."), no_args_is_help=True)
    asked.command("send", help=_("May this be sent to this address? Exit code 0 is yes, 1 is no."))(gate.send)
    asked.command("sieve", help=_("Read addresses, one on each line, and write those that may be sent to."))(
        gate.sieve
    )
    asked.command(
        "process", help=_("May this person's data be used for this purpose? Exit code 0 is yes, 1 is no.")
    )(gate.process)
    asked.command(
        "headers",
        help=_("The headers with which a letter of advertising is stopped with one click (RFC 8058)."),
    )(gate.headers)
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
