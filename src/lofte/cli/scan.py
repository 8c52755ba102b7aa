"""`lofte scan`: a website as its visitors meet it, beside what the policy says of it (LEK 9 kap. 28 §)."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from lofte.cli.exits import Code
from lofte.cli.told import told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.fault import Fault
    from lofte.policy.cookies.against import Compared
    from lofte.policy.cookies.seen import Hosts, State
    from lofte.scan.looking import Look
    from lofte.site.workspace import Workspace


class Format(StrEnum):
    """How what was found is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def scan(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help=_("The first page of the site."))],
    format_: Annotated[
        Format, typer.Option("--format", help=_("How the faults are written; sarif is for CI."))
    ] = Format.TEXT,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Write a report with screenshots."))
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=_("Begin the cookie table: what was seen, to fill in.")),
    ] = None,
    pages: Annotated[int, typer.Option(min=1, max=500, help=_("Look at so many pages at most."))] = 20,
    wait: Annotated[int, typer.Option(min=0, max=30_000, help=_("Milliseconds to stay on each page."))] = 500,
    i_may: Annotated[
        bool, typer.Option("--i-may", help=_("The site is yours: look also where robots.txt forbids it."))
    ] = False,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help=_("Run Chromium without its sandbox, as root must."))
    ] = False,
    keep: Annotated[
        bool, typer.Option("--note/--no-note", help=_("Note in the ledger what was found, as evidence."))
    ] = True,
) -> None:
    """Look at a website before a choice, after a no and after a yes, beside the policy. 1 = errors."""
    from lofte.errors import FaultsFound, Refused
    from lofte.fault import errors
    from lofte.policy.cookies.against import compared
    from lofte.site.workspace import load

    given = told(ctx)
    chosen = Format.JSON if given.json and format_ is Format.TEXT else format_
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise Refused(f"{url} is no address of a website; write it with https://")
    if draft and draft.exists():
        raise Refused(f"{draft} is there already; choose another name for the draft")
    workspace = load(given.workspace)
    policy = workspace.policy
    if policy is None:
        raise FaultsFound(errors(workspace.faults))
    register = workspace.register.document if workspace.register else None
    hosts = _hosts(workspace)
    look = _look(url, pages, wait, i_may=i_may, sandbox=not no_sandbox, quiet=chosen is not Format.TEXT)
    found = compared(look.seen, policy, register, hosts)
    faults = tuple(f.at(workspace.reading.place(f.place.path)) for f in found.faults)
    _write(html, draft, look, found, faults, workspace, given.language)
    if keep:
        _note(workspace, look, found)
    _show(look, found, faults, chosen)
    raise typer.Exit(Code.FAULTS if errors(faults) else Code.OK)


def _hosts(workspace: Workspace) -> Hosts | None:
    """`scan.yaml`, where there is one. Raises FaultsFound."""
    from lofte.execution.written import document_of
    from lofte.policy.cookies.seen import FILE, Hosts

    if not (workspace.folder / FILE).is_file():
        return None
    return document_of(workspace.folder, FILE, Hosts)[1]


def _look(url: str, pages: int, wait: int, *, i_may: bool, sandbox: bool, quiet: bool) -> Look:
    from lofte.cli.screen import busy
    from lofte.scan.chromium import chromium
    from lofte.scan.looking import Wanted, look
    from lofte.scan.robots import may_open

    with busy(_("Looking at the site"), quiet=quiet) as progress, chromium(sandbox=sandbox) as browser:

        def tell(state: State, path: str) -> None:
            if not quiet:
                words = f"{states()[state]}: {path}"
                progress.update(progress.task_ids[0], description=words)

        may = (lambda _: True) if i_may else may_open(url)
        return look(browser, Wanted(url=url, pages=pages, wait=wait, may=may, now=time.time, told=tell))


def states() -> dict[str, str]:
    """What each state of a look is called."""
    return {
        "before": _("Before a choice"),
        "rejected": _("After a no"),
        "accepted": _("After a yes"),
        "withdrawn": _("When the yes was taken back"),
    }


def report(look: Look, found: Compared, faults: tuple[Fault, ...]) -> dict[str, Any]:
    """What was seen and what is wrong, as a document for machines. Names, hosts and paths; no values."""
    from lofte.cli.screen import plain

    seen = json.loads(json.dumps(asdict(look.seen)))
    return {"scan": 1, "seen": seen, "counts": dict(found.counts), "faults": [plain(f) for f in faults]}


def _write(
    html: Path | None,
    draft: Path | None,
    look: Look,
    found: Compared,
    faults: tuple[Fault, ...],
    workspace: Workspace,
    language: str,
) -> None:
    from lofte.cli.asked import today
    from lofte.errors import Refused
    from lofte.policy.cookies.table import table

    made: dict[Path, str] = {}
    if html:
        from lofte.cli.scan_page import page

        made[html] = page(look, found, faults, today(), language)
    if draft and workspace.policy is not None:
        made[draft] = table(look.seen, workspace.policy)
    for file, words in made.items():
        try:
            file.write_text(words, encoding="utf-8")
        except OSError as error:
            raise Refused(f"{file} cannot be written; see that the folder is there") from error


def _note(workspace: Workspace, look: Look, found: Compared) -> None:
    """Note it as evidence, if this is the version in force. Raises LedgerClosed."""
    from lofte.cli.asked import today
    from lofte.policy.digest import digest
    from lofte.site.scans import noted
    from lofte.site.store import prepare
    from lofte.site.workspace import open_house

    prepare()
    from lofte.notices.publish import in_force

    published = in_force(today())
    if published and workspace.policy and published.digest == digest(workspace.policy):
        noted(open_house(workspace), found.counts, json.dumps(asdict(look.seen), sort_keys=True))


def _show(look: Look, found: Compared, faults: tuple[Fault, ...], chosen: Format) -> None:
    from lofte.cli.sarif import sarif
    from lofte.cli.screen import out, say_json, sentence, show_faults, totals

    if chosen is Format.SARIF:
        say_json(sarif(faults))
        return
    if chosen is Format.JSON:
        say_json(report(look, found, faults))
        return
    show_faults(faults)
    out().print(sentence(totals(faults)), style="bold")
    line = _("{pages} pages, {stored} stored names, {others} other hosts, {forms} forms.")
    out().print(line.format(**found.counts), style="dim")
    if look.seen.banner == "known":
        out().print(_("The banner is not Löfte's; it was known by its buttons."), style="dim")
    if not look.seen.banner:
        out().print(
            _("Nothing that asks for a yes was found, so only the first state was seen."), style="dim"
        )
