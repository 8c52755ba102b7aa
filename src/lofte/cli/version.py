"""`lofte version`: a version's road into force, who is told of it, and which one held on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.told import Told, told
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.notices.models import Draft, PublishedPolicy
    from lofte.site.workspace import Workspace


def commands() -> typer.Typer:
    """The commands about versions."""
    version = typer.Typer(
        help=_("Take a version of the policy to its force, and tell people of it (art. 13.3)."),
        no_args_is_help=True,
    )
    version.command("list", help=_("The versions: those on their way, the one in force, the earlier ones."))(
        list_
    )
    version.command("submit", help=_("Hand a version in for review."))(submit)
    version.command("approve", help=_("Say that a version may be published."))(approve)
    version.command("return", help=_("Send a version back, and say why."))(send_back)
    version.command("announce", help=_("Tell people of a version that is coming (art. 13.3)."))(announce)
    version.command("on", help=_("Which version held on a day, and when a person was told of it."))(on)
    return version


def file_option() -> Any:
    """`--file`: a policy that is coming, beside the one that holds."""
    return typer.Option(
        metavar="FILE", help=_("Another file than policy.yaml: what is coming, while policy.yaml holds.")
    )


def coming(workspace: Workspace, file: Path | None) -> Workspace:
    """The workspace with this file as its policy. Raises Refused when there is none."""
    from lofte.errors import Refused
    from lofte.execution.written import text_of
    from lofte.policy.document import Policy
    from lofte.policy.reading import read

    if file is None:
        return workspace
    if not file.is_file():
        raise Refused(f"there is no file {file}; write its path from where you are")
    text = text_of(file)
    return replace(workspace, text=text, reading=read(text, file.name, Policy))


def list_(ctx: typer.Context) -> None:
    """The versions: those on their way, the one in force, and the earlier ones."""
    from lofte.cli.screen import out, say_json, sentence
    from lofte.cli.working import working

    given = told(ctx)
    house = working(given).house
    found = [*_under_way(), *_published(house.today)]
    if given.json:
        say_json({"versions": found})
        return
    if not found:
        out().print(sentence(_("no version is published yet")))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (_("Version"), _("State"), _("From"), _("Change"), _("Told")):
        table.add_column(heading)
    for each in found:
        change = _change_words(each["major"])
        table.add_row(each["version"], _state_words(each["state"]), each["from"], change, _told_words(each))
    out().print(table)


def submit(
    ctx: typer.Context,
    file: Annotated[Path | None, file_option()] = None,
    why: Annotated[str, typer.Option(help=_("What is changed and why, for whoever reviews it."))] = "",
    offline: Annotated[bool, typer.Option("--offline", help=_("Do not look into the live systems."))] = False,
) -> None:
    """Hand a version in for review. What is wrong in it, and how many people would be told of it, is found
    now, and shown to whoever reviews it."""
    from lofte.accounts.roles import Permission
    from lofte.cli.screen import busy, say, say_json, sentence
    from lofte.cli.working import may, working
    from lofte.errors import FaultsFound

    given = told(ctx)
    with busy(_("Judging the version"), quiet=given.json):
        at_work = working(given)
        from lofte.notices import announce as announcing
        from lofte.notices import versions
        from lofte.notices.publish import in_force
        from lofte.site.judge import judge
        from lofte.site.workspace import load

        by = may(given.by, Permission.PUBLISH_POLICY)
        workspace = coming(load(given.workspace), file)
        faults = judge(workspace, offline=offline)
        policy = workspace.policy
        if policy is None:
            raise FaultsFound(faults)
        held = in_force(at_work.house.today)
        people = None
        if not offline:
            people = announcing.count(at_work.house, at_work.connect, held, workspace.text)
        draft = versions.submit(at_work.house, policy, workspace.text, faults, by=by, why=why, people=people)
        major = versions.major_of(at_work.house, draft)
    reasons = [{"rule": each.rule, "field": each.path} for each in major.reasons] if major else []
    if given.json:
        open_ = [str(fault) for fault in versions.open_faults(draft)]
        say_json({"version": draft.version, "major": reasons, "people": people, "open_faults": open_})
        return
    say(sentence(_("version {version} waits for review").format(version=draft.version)))
    _show_major(given, draft, reasons)


def approve(
    ctx: typer.Context,
    version: Annotated[str, typer.Argument(metavar="VERSION", help=_("The version."))],
    why: Annotated[str, typer.Option(help=_("What you looked at."))] = "",
) -> None:
    """Say that a version may be published. Where the policy asks for two people it is not whoever handed it
    in."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import working

    given = told(ctx)
    house = working(given).house
    from lofte.notices import versions

    draft = _draft(version)
    versions.approve(house, draft, by=_approver(given), why=why)
    if given.json:
        say_json({"version": version, "state": "approved"})
        return
    say(sentence(_("version {version} is approved; publish it with `lofte publish`").format(version=version)))


def send_back(
    ctx: typer.Context,
    version: Annotated[str, typer.Argument(metavar="VERSION", help=_("The version."))],
    why: Annotated[str, typer.Option(help=_("What is to be mended."))],
) -> None:
    """Send a version back, and say why; what is mended is handed in anew."""
    from lofte.cli.screen import say, say_json, sentence
    from lofte.cli.working import working

    given = told(ctx)
    house = working(given).house
    from lofte.notices import versions

    versions.send_back(house, _draft(version), by=_approver(given), why=why)
    if given.json:
        say_json({"version": version, "state": "draft"})
        return
    say(sentence(_("version {version} is sent back").format(version=version)))


def announce(ctx: typer.Context) -> None:
    """Write the letters to everybody whom a coming version touches. A server sends them; begun again, nobody
    is written to twice."""
    from lofte.cli.screen import busy, out, say_json, sentence
    from lofte.cli.working import working

    given = told(ctx)
    at_work = working(given)
    from lofte.notices import announce as announcing
    from lofte.notices.models import Announcement

    waiting = list(Announcement.objects.filter(done_at=None).select_related("published"))
    with busy(_("Writing letters"), quiet=given.json) as progress:

        def look(system: str, n: int) -> None:
            words = _("{system}: {n} letters written").format(system=system, n=n)
            progress.update(progress.task_ids[0], description=words)

        for each in waiting:
            announcing.announce(at_work.house, at_work.connect, each, look)
        announcing.settle(at_work.house)
    found = [{"version": each.published.version, **_tallied(each)} for each in waiting]
    if given.json:
        say_json({"announcements": found})
        return
    if not found:
        out().print(sentence(_("nobody is to be told of anything now")))
    for said in found:
        words = _("version {version}: {written} letters, {waiting} wait for a server, {failed} not arrived")
        out().print(sentence(words.format(**said)))
        if said["protected"]:
            hidden = _("{protected} people have a protected identity: write to them by the Tax Agency")
            out().print(sentence(hidden.format(**said)), style="yellow")


def on(
    ctx: typer.Context,
    date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_("The day; today when none is given."))
    ] = None,
    identity: Annotated[
        str, typer.Option(metavar="email=ADDRESS", help=_("When this person was told of each version."))
    ] = "",
) -> None:
    """Which version held on a day, and when a person was told of it."""
    from lofte.cli.asked import identities
    from lofte.cli.screen import out, say_json, sentence
    from lofte.cli.working import working
    from lofte.errors import Refused

    given = told(ctx)
    house = working(given).house
    from lofte.notices import versions
    from lofte.notices.publish import in_force

    day = date.date() if date else house.today
    found = in_force(day)
    asked = identities([identity], house.today) if identity else ()
    if asked and asked[0].kind != "email":
        raise Refused("people are told by e-mail; give email=ADDRESS")
    told_of = versions.when_told(house, asked[0].value) if asked else ()
    if given.json:
        listed = [
            {"version": each.version, "told": each.at, "came_back": each.came_back, "read": each.acknowledged}
            for each in told_of
        ]
        say_json({"day": day, "version": found.version if found else None, "told": listed})
        return
    if found is None:
        out().print(sentence(_("no version held on {day}").format(day=day)))
    else:
        out().print(sentence(_("on {day} version {version} held").format(day=day, version=found.version)))
    if asked and not told_of:
        out().print(sentence(_("no letter about a version was written to this address")))
    for each in told_of:
        moment = each.at.date().isoformat() if each.at else "-"
        words = _("told of version {version} on {day}").format(version=each.version, day=moment)
        out().print(sentence(words + (f" ({_('it came back')})" if each.came_back else "")))


def _approver(given: Told) -> str:
    """The random id of whoever approves: one who approves, or another who publishes. Raises Refused."""
    from lofte.accounts.models import Handler
    from lofte.accounts.roles import Permission
    from lofte.cli.working import may

    handler = Handler.objects.filter(email__iexact=given.by.strip()).first() if given.by else None
    publishes = handler is not None and handler.may(Permission.PUBLISH_POLICY)
    return may(given.by, Permission.PUBLISH_POLICY if publishes else Permission.APPROVE)


def _draft(version: str) -> Draft:
    from lofte.errors import Refused
    from lofte.notices.models import Draft

    found = Draft.objects.filter(version=version).last()
    if found is None:
        raise Refused("no such version is handed in; see `lofte version list`")
    return found


def _under_way() -> list[dict[str, Any]]:
    from lofte.notices.models import Draft, PublishedPolicy
    from lofte.notices.publish import state_of

    done = PublishedPolicy.objects.values("version")
    return [
        {
            "version": each.version,
            "state": state_of(each).value,
            "from": each.effective_from.isoformat(),
            "major": None,
            "told": None,
        }
        for each in Draft.objects.exclude(version__in=done).order_by("-id")
    ]


def _published(today: Any) -> list[dict[str, Any]]:
    from lofte.notices.classified import takes_force
    from lofte.notices.models import PublishedPolicy
    from lofte.notices.publish import in_force

    holds = in_force(today)
    rows = []
    for each in PublishedPolicy.objects.select_related("announcement").order_by("-effective_from", "-id"):
        day = takes_force(each)
        rows.append(
            {
                "version": each.version,
                "state": _published_state(each, holds, day is None or day > today),
                "from": day.isoformat() if day else each.effective_from.isoformat(),
                "major": len(each.reasons) if each.replaces else None,
                "told": _tallied(each.announcement) if hasattr(each, "announcement") else None,
            }
        )
    return rows


def _published_state(each: PublishedPolicy, holds: PublishedPolicy | None, ahead: bool) -> str:
    if holds is not None and each.pk == holds.pk:
        return "in_force"
    return "published" if ahead else "replaced"


def _tallied(announcement: Any) -> dict[str, int]:
    from dataclasses import asdict

    from lofte.notices.announce import tally

    return asdict(tally(announcement))


def _state_words(state: str) -> str:
    return {
        "draft": _("sent back"),
        "review": _("in review"),
        "approved": _("approved"),
        "published": _("published"),
        "in_force": _("in force"),
        "replaced": _("replaced"),
    }[state]


def _change_words(major: int | None) -> str:
    if major is None:
        return ""
    return _("major") if major else _("minor")


def _told_words(each: dict[str, Any]) -> str:
    return str(each["told"]["left"]) if each["told"] else ""


def _show_major(given: Told, draft: Draft, reasons: list[dict[str, str]]) -> None:
    from lofte.cli.screen import out, sentence, show_faults
    from lofte.notices import versions

    for each in reasons:
        out().print(f"  {each['rule']}  {each['field']}", markup=False)
    if reasons:
        words = _("a major change: it is told before it takes force, to {people} addresses")
        out().print(sentence(words.format(people="?" if draft.people is None else draft.people)))
    open_ = versions.open_faults(draft)
    if open_:
        show_faults(open_)
        out().print(sentence(_("it cannot be approved before this is mended")), style="yellow")
