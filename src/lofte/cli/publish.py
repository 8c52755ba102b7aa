"""`lofte publish`: put the policy in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lofte.cli.told import Told, told
from lofte.cli.version import coming, file_option
from lofte.cli.words import gettext as _

if TYPE_CHECKING:
    from lofte.notices.models import PublishedPolicy


def publish(
    ctx: typer.Context,
    file: Annotated[Path | None, file_option()] = None,
    why: Annotated[str, typer.Option(help=_("What is changed and why; it is kept with the version."))] = "",
    offline: Annotated[bool, typer.Option("--offline", help=_("Do not look into the live systems."))] = False,
) -> None:
    """Put the policy in force from its date; publishing the same again changes nothing.

    Policy, data map and live systems are judged together first: what is promised of data that
    nobody has mapped is not published. A major change is told before it takes force; one that
    would take force sooner than was promised is not published.
    """
    from lofte.cli.screen import busy, say, say_json, sentence
    from lofte.site.judge import insist
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    given = told(ctx)
    here = load(given.workspace)
    workspace = coming(here, file)
    with busy(_("Publishing"), quiet=given.json) as progress:

        def look(system: str) -> None:
            said = _("Looking into {system}").format(system=system)
            progress.update(progress.task_ids[0], description=said)

        faults = insist(workspace, offline=offline, look=look)
        prepare()
        from lofte.notices.publish import publish as put_in_force

        published = put_in_force(
            open_house(here), workspace.text, faults, policy=workspace.policy, by=_by(given), why=why
        )
    if given.json:
        say_json(
            {
                "version": published.version,
                "digest": published.digest,
                "effective_from": published.effective_from.isoformat(),
                "published_at": published.published_at.isoformat(),
                "major": len(published.reasons),
            }
        )
        return
    words = _("version {version} is in force from {day}, digest {digest}")
    if published.reasons:
        words = _("version {version} is published and is to apply from {day}, digest {digest}")
    values = {
        "version": published.version,
        "day": published.effective_from.isoformat(),
        "digest": published.digest,
    }
    say(sentence(words.format(**values)))
    _tell(published, given.language)


def _by(given: Told) -> str:
    """Who publishes, when it is said."""
    from lofte.accounts.roles import Permission
    from lofte.cli.working import may

    return may(given.by, Permission.PUBLISH_POLICY) if given.by else ""


def _tell(published: PublishedPolicy, language: str) -> None:
    """That people are to be told, where the change is major and they are not yet."""
    from lofte.cli.screen import out, sentence
    from lofte.notices.classified import takes_force
    from lofte.policy.notice.periods import span

    if published.reasons and takes_force(published) is None:
        words = _(
            "the change is major: a running server, or `lofte version announce`, tells everybody it touches; "
            "it takes force when they have been told for {lead}"
        )
        out().print(
            sentence(words.format(lead=span(published.lead_time, "en" if language == "en" else "sv"))),
            style="yellow",
        )
