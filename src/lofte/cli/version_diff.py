"""`lofte diff`: what differs between two versions, field by field and sentence by sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lofte.cli.told import told
from lofte.cli.version import coming, file_option
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.cli.told import Told
    from lofte.policy.comparing import Changed, Major, Read
    from lofte.policy.document import Policy


def diff(
    ctx: typer.Context,
    before: Annotated[
        str, typer.Argument(metavar="VERSION", help=_("The version before; without it, the one in force."))
    ] = "",
    after: Annotated[
        str, typer.Argument(metavar="VERSION", help=_("The version after; without it, policy.yaml."))
    ] = "",
    file: Annotated[Path | None, file_option()] = None,
) -> None:
    """What differs between two versions, and whether the change is major."""
    from lofte.cli.screen import say_json
    from lofte.policy.comparing import compare, majors

    given = told(ctx)
    old, new = _both(given, before, after, file)
    found, major = compare(old, new), majors(old, new)
    if given.json:
        say_json(
            {
                "before": old.meta.version,
                "after": new.meta.version,
                "major": [
                    {"rule": each.rule, "field": each.path, "what": each.what.say(given.language)}
                    for each in major.reasons
                ],
                "changes": [_plain(each) for each in found.changed],
                "also": [_said(each) for each in found.also],
            }
        )
    else:
        _show(given, old, new, found.changed, found.also, major)


def _both(given: Told, before: str, after: str, file: Path | None) -> tuple[Policy, Policy]:
    """The two documents. Raises Refused, FaultsFound."""
    from lofte.errors import FaultsFound, Refused
    from lofte.execution.house import utc_now
    from lofte.law.calendar import civil_date
    from lofte.site.store import prepare
    from lofte.site.workspace import load

    prepare()
    from lofte.notices.publish import in_force

    if before:
        old = _published(before)
    else:
        held = in_force(civil_date(utc_now()))
        if held is None:
            raise Refused("no version is in force yet; publish one with `lofte publish`")
        old = _published(held.version)
    if after:
        return old, _published(after)
    workspace = coming(load(given.workspace), file)
    if workspace.policy is None:
        raise FaultsFound(workspace.reading.faults)
    return old, workspace.policy


def _published(version: str) -> Policy:
    from lofte.errors import Refused
    from lofte.notices.classified import read_version
    from lofte.notices.models import Draft, PublishedPolicy

    found = PublishedPolicy.objects.filter(version=version).first()
    text = found.text if found else ""
    if not text and (draft := Draft.objects.filter(version=version).last()) is not None:
        text = draft.text
    if not text:
        raise Refused("there is no such version; see `lofte version list`")
    return read_version(text)


def _plain(changed: Changed) -> dict[str, Any]:
    change = changed.change
    return {
        "field": change.path,
        "what": change.what.value,
        "before": change.before,
        "after": change.after,
        "sentences": [_said(each) for each in changed.read],
    }


def _said(read: Read) -> dict[str, Any]:
    return {
        "language": read.language,
        "field": read.path,
        "before": list(read.before),
        "after": list(read.after),
    }


def _show(
    given: Told,
    old: Policy,
    new: Policy,
    changed: tuple[Changed, ...],
    also: tuple[Read, ...],
    major: Major,
) -> None:
    from lofte.cli.screen import out, sentence

    console = out()
    if not changed:
        console.print(sentence(_("nothing differs")))
        return
    names = {
        "added": _("added"),
        "removed": _("taken away"),
        "changed": _("changed"),
        "moved": _("in another order"),
    }
    console.print(f"{old.meta.version} → {new.meta.version}", style="bold", markup=False)
    for each in changed:
        console.print()
        console.print(f"{each.change.path}  ({names[each.change.what.value]})", style="bold", markup=False)
        spoken = each.spoken(given.language)
        for read in spoken:
            _sentences(read)
        if not spoken:
            _values(each)
    if also:
        console.print()
        words = _("{n} more sentences read otherwise because of this; see them with --json")
        here = [each for each in also if each.language == given.language]
        console.print(sentence(words.format(n=len(here))), style="dim")
    console.print()
    if not major:
        console.print(sentence(_("the change is minor")))
        return
    console.print(sentence(_("the change is major")), style="bold yellow")
    for reason in major.reasons:
        console.print(f"  {reason.path}: {reason.what.say(given.language)}", markup=False)


def _values(changed: Changed) -> None:
    """What stands in a field that nobody reads."""
    from rich.text import Text

    from lofte.cli.screen import out

    for sign, value, style in (("-", changed.change.before, "red"), ("+", changed.change.after, "green")):
        if value is not None:
            said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            out().print(Text(f"  {sign} {said}", style=style))


def _sentences(read: Read) -> None:
    from rich.text import Text

    from lofte.cli.screen import out
    from lofte.policy.comparing import marked

    if len(read.before) == len(read.after):
        for one, other in zip(read.before, read.after, strict=True):
            line = Text("  ")
            for piece in marked(one, other):
                style = {"same": "", "gone": "red strike", "new": "green"}[piece.what]
                text = f"[-{piece.text}-]" if piece.what == "gone" else piece.text
                line.append(f"{{+{text}+}}" if piece.what == "new" else text, style=style)
            out().print(line)
        return
    for text in read.before:
        out().print(Text(f"  - {text}", style="red"))
    for text in read.after:
        out().print(Text(f"  + {text}", style="green"))
