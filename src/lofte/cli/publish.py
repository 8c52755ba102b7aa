"""`lofte publish`: put the policy in force."""

from __future__ import annotations

from typing import Annotated

import typer

from lofte.cli.told import told
from lofte.cli.words import gettext as _


def publish(
    ctx: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help=_("Do not look into the live systems."))] = False,
) -> None:
    """Put the policy in force from its date; publishing the same again changes nothing.

    Policy, data map and live systems are judged together first: what is promised of data that
    nobody has mapped is not published.
    """
    from lofte.cli.screen import busy, say, say_json, sentence
    from lofte.site.judge import insist
    from lofte.site.store import prepare
    from lofte.site.workspace import load, open_house

    given = told(ctx)
    workspace = load(given.workspace)
    with busy(_("Publishing"), quiet=given.json) as progress:

        def look(system: str) -> None:
            said = _("Looking into {system}").format(system=system)
            progress.update(progress.task_ids[0], description=said)

        faults = insist(workspace, offline=offline, look=look)
        prepare()
        from lofte.notices.publish import publish as put_in_force

        published = put_in_force(open_house(workspace), workspace.text, faults)
    if given.json:
        say_json(
            {
                "version": published.version,
                "digest": published.digest,
                "effective_from": published.effective_from.isoformat(),
                "published_at": published.published_at.isoformat(),
            }
        )
        return
    words = _("version {version} is in force from {day}, digest {digest}")
    values = {
        "version": published.version,
        "day": published.effective_from.isoformat(),
        "digest": published.digest,
    }
    say(sentence(words.format(**values)))
