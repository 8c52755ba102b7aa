"""The demo: an invented company, from an empty folder to a served site with a fulfilled request.

Everything it makes lies in one folder; run again, it does only what is missing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lofte.cli import demo_cases, demo_inbox
from lofte.cli.demo_company import PEOPLE, Example, Place, another_address, company
from lofte.cli.demo_site import company_site
from lofte.cli.demo_versions import Versions
from lofte.cli.screen import err, out, say
from lofte.cli.words import gettext as _
from lofte.cli.words import language
from lofte.errors import Broken, FaultsFound
from lofte.fault import errors

if TYPE_CHECKING:
    from rich.progress import Progress

    from lofte.execution.house import House
    from lofte.requests.answer.deliver import Answer
    from lofte.site.workspace import Workspace


def demo(example: Example, *, once: bool, port: int, folder: Path | None, people: int = PEOPLE) -> None:
    """Make what is missing, show where everything is, and serve until Ctrl-C.

    With `once` it asks its own pages and ends, and the last line is the path of the package. Raises Refused
    outside a clone (the example companies are not installed with the package).
    """
    usual = Path("demo") if example is Example.WEBHOST else Path("demo") / example
    place = Place(folder=(folder or usual).absolute())
    os.environ["LOFTE_HOME"], os.environ["LOFTE_WORKSPACE"] = str(place.home), str(place.workspace)
    os.environ.setdefault("LOFTE_URL", f"http://localhost:{port}")
    place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _steps() as steps:
        notes = company(place, example, people, steps.next, steps.at)
        house, workspace = _house(place, steps)
        _published(house, workspace, steps)
        _handlers(house, notes["sign_in"], steps)
        _coming(house, workspace, notes, steps)
        answer = _request(house, workspace, place, notes, steps)
        _cases(house, workspace, place, notes, steps)
        _inbox(house, notes, steps)
    from lofte.site.serve import serve

    if once:
        serve(port=0, visit=_visit)
        _show(place, notes, answer, "")
        say(str(answer.path))
        return
    with ExitStack() as open_:

        def ready(address: str) -> None:
            website = open_.enter_context(company_site(place, address))
            _show(place, notes, answer, address, website)

        serve(port=port, on_ready=ready)
    err().print(_("Stopped."))


def _visit(address: str) -> None:
    """Ask for the notice and the health, as somebody who comes by would. Raises Broken."""
    from urllib.request import ProxyHandler, build_opener

    ask = build_opener(ProxyHandler({})).open
    try:
        with ask(address, timeout=30) as notice, ask(f"{address}/health", timeout=30) as health:
            well = notice.status == 200 and json.load(health)["status"] == "ok"
    except (OSError, ValueError) as error:
        raise Broken("the pages do not answer; run the demo without --once and look at its log") from error
    if not well:
        raise Broken("the pages do not answer; run the demo without --once and look at its log")


def _house(place: Place, steps: Steps) -> tuple[House, Workspace]:
    """The store, and the workspace judged together with the live database."""
    steps.next(_("Store, keys and ledger"), total=None)
    from lofte.site.store import prepare

    prepare()
    from lofte.site.workspace import load, open_house

    workspace = load(place.workspace)
    return open_house(workspace), workspace


def _published(house: House, workspace: Workspace, steps: Steps) -> None:
    from lofte.notices.publish import in_force

    if in_force(house.today) is not None:
        return
    steps.next(_("Policy, data map and live database are judged together"), total=None)
    from lofte.site.judge import judge

    faults = judge(workspace)
    if errors(faults):
        raise FaultsFound(errors(faults))
    steps.next(_("The policy is published"), total=None)
    Versions(house=house, text=workspace.text, faults=faults).publish()


def _handlers(house: House, sign_in: dict[str, list[str]], steps: Steps) -> None:
    from lofte.accounts.handler import create_handler
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Role

    names = {
        Role.OFFICER: "Cecilia Ombud",
        Role.HANDLER: "Bertil Handläggare",
        Role.APPROVER: "Astrid Beslut",
        Role.FINANCE: "Folke Ekonomi",
        Role.AUDITOR: "Gudrun Granskare",
        Role.SYSTEM_OWNER: "Sixten Systemägare",
        Role.ADMINISTRATOR: "Agneta Administratör",
    }
    known = set(Handler.objects.values_list("email", flat=True))
    # A demo of an earlier version knows fewer roles.
    missing = [role for role in Role if role.value in sign_in and sign_in[role.value][0] not in known]
    if missing:
        steps.next(_("The people who work here"), total=len(missing))
    for done, role in enumerate(missing):
        email, password = sign_in[role.value]
        create_handler(house, email=email, password=password, role=role, name=names[role])
        steps.at(done + 1, len(missing))


def _coming(house: House, workspace: Workspace, notes: dict[str, Any], steps: Steps) -> None:
    """A version that is to apply later; the server tells those whom it touches."""
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Role

    steps.next(_("A coming version of the policy"), total=None)
    officer, approver = (
        Handler.objects.get(email=notes["sign_in"][role.value][0]).ref
        for role in (Role.OFFICER, Role.APPROVER)
    )
    Versions(house=house, text=workspace.text, faults=()).announce(officer, approver)


def _request(house: House, workspace: Workspace, place: Place, notes: dict[str, Any], steps: Steps) -> Answer:
    """One access request, from receipt to delivered package."""
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Role
    from lofte.connectors.registry import open_system
    from lofte.law.rights import Right
    from lofte.requests import models
    from lofte.requests.answer.deliver import answer
    from lofte.requests.answer.fulfil import fulfil_access
    from lofte.requests.course.receive import receive
    from lofte.requests.course.roads import State
    from lofte.requests.course.search import Progress as Found
    from lofte.requests.door.identify import Level, identify

    delivered = models.Request.objects.filter(state=State.DELIVERED).order_by("id").first()
    if delivered is not None and (place.answers / f"{delivered.number}.zip").is_file():
        waiting = answer(house, delivered)
        return type(waiting)(**{**_fields(waiting), "path": place.answers / f"{delivered.number}.zip"})
    steps.next(_("A customer asks what we hold about them"), total=None)
    request = receive(
        house,
        right=Right.ACCESS,
        identities=_identities(house, notes["asks"]),
        channel="portal",
        language="sv" if language() == "sv" else "en",
    )
    handler = Handler.objects.get(email=notes["sign_in"][Role.HANDLER.value][0])
    method = _("signed in to the customer portal with a second factor")
    request = identify(house, request, method=method, level=Level.TWO_WAYS, by=handler.ref)

    def tell(found: Found) -> None:
        steps.at(found.done, found.of + 1)

    return fulfil_access(
        house,
        request,
        lambda system: open_system(system, workspace.folder),
        place.answers,
        tell,
        by=handler.ref,
    )


def _cases(house: House, workspace: Workspace, place: Place, notes: dict[str, Any], steps: Steps) -> None:
    """Erasures, a restriction, a hold, rows in doubt and the first sweep."""
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Role
    from lofte.connectors.registry import open_system

    needed = (Role.HANDLER, Role.APPROVER)
    refs = {role: Handler.objects.get(email=notes["sign_in"][role.value][0]).ref for role in needed}
    demo_cases.Cases(
        house=house,
        connect=lambda system: open_system(system, workspace.folder),
        shown={kind: _identities(house, asks) for kind, asks in notes.get("cases", {}).items()},
        handler=refs[Role.HANDLER],
        approver=refs[Role.APPROVER],
        change=lambda shown: another_address(place.database, notes["letters"], shown),
    ).make(steps.next)


def _inbox(house: House, notes: dict[str, Any], steps: Steps) -> None:
    """What has come in and waits for somebody."""
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Role

    cases = notes.get("cases", {})
    writing = [dict(cases[kind]).get("email", "") for kind in ("asks", "chats") if kind in cases]
    demo_inbox.Inbox(
        house=house,
        address=house.policy.controller.contact.email or f"dataskydd@{notes['domain']}",
        officer=Handler.objects.get(email=notes["sign_in"][Role.OFFICER.value][0]).ref,
    ).fill([sender for sender in writing if sender], steps.next)


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _identities(house: House, asks: list[list[str]]) -> list[Any]:
    from lofte.datamap.document import Kind
    from lofte.datamap.identity import Identity, read
    from lofte.fault import Place as Where

    found = [read(Kind(kind), raw, house.today, Where()) for kind, raw in asks]
    return [one for one in found if isinstance(one, Identity)]


# -- what is shown -----------------------------------------------------------------------------


class Steps:
    """The progress display: one line a step, each kept when it is done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: Any = None

    def next(self, what: str, total: int | None) -> None:
        """Begin a step; the one before is done."""
        self.done()
        self._task = self._progress.add_task(what, total=total)

    def at(self, done: int, of: int) -> None:
        """How far the step has come."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=of)

    def done(self) -> None:
        """The step is done."""
        if self._task is not None:
            self._progress.update(self._task, completed=1, total=1)
            self._progress.stop_task(self._task)


@contextmanager
def _steps() -> Iterator[Steps]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err()) as progress:
        steps = Steps(progress)
        yield steps
        steps.done()


def _show(place: Place, notes: dict[str, Any], answer: Answer, address: str, website: str = "") -> None:
    """The addresses, the sign-in of each role, and the package."""
    from rich.table import Table

    console = out()
    if address:
        addresses = Table(show_header=False, box=None, pad_edge=False)
        addresses.add_row(_("Notice"), address)
        if website:
            addresses.add_row(_("The company's website"), website)
        addresses.add_row(_("Console"), f"{address.rstrip('/')}/console/")
        addresses.add_row(_("Health"), f"{address.rstrip('/')}/health")
        console.print()
        console.print(addresses)
    people = Table(title=_("Sign in to the console"), title_justify="left", box=None, pad_edge=False)
    for heading in (_("role"), _("e-mail"), _("password")):
        people.add_column(heading, style="bold" if heading == _("password") else "")
    for role, (email, password) in notes["sign_in"].items():
        people.add_row(role, email, password)
    console.print()
    console.print(people)
    console.print()
    console.print(
        _("Request {number}: {rows} rows, {size} kB, delivered to").format(
            number=answer.number, rows=answer.rows, size=answer.size // 1024
        )
    )
    console.print(str(answer.path), style="bold")
    if address:
        console.print()
        console.print(_("Press Ctrl-C to stop."), style="dim")
